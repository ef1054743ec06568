//! A load's rows, and how they get into their tables: once, also where ClickHouse lost what it said it has, or has what it
//! does not know. Called by the loader, which decides when it is tried again.

use crate::clickhouse::{
    InsertError, LateCell, LateCrossing, LoadTable, Receipt, Shipment, SiteDays, Store, took_and_lost,
};
use crate::model::{Cell, Crossings};

/// Tokens that are tried for one load and table. Each that is spent is one ClickHouse wrote down without writing the rows,
/// which takes a kill within microseconds.
const TOKENS: u128 = 16;

/// What a load puts into ClickHouse: rows of open days, and those of sealed ones.
pub(super) enum Rows {
    Cells(Vec<Cell>, Vec<LateCell>),
    Crossings(Crossings, Vec<LateCrossing>),
}

/// The rows of a load for one table.
#[derive(Clone, Copy)]
enum Piece<'r> {
    OpenCells(&'r [Cell]),
    LateCells(&'r [LateCell]),
    OpenCrossings(&'r Crossings),
    LateCrossings(&'r [LateCrossing]),
}

/// A load as far as it concerns a try.
#[derive(Clone, Copy)]
pub(super) struct Try {
    /// Random, and the load's own.
    pub token: u128,
    /// What the load leaves in its tables.
    pub receipt: Option<Receipt>,
    /// Whether it was tried before, so that it may be there, or in part, or be taken for being there.
    pub again: bool,
}

impl Rows {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Cells(open, late) => open.len() + late.len(),
            Self::Crossings(open, late) => open.len() + late.len(),
        }
    }

    /// Puts them into their tables.
    pub(super) async fn put(&self, store: &Store, attempt: Try) -> Result<(), InsertError> {
        let pieces = match self {
            Self::Cells(open, late) => [Piece::OpenCells(open), Piece::LateCells(late)],
            Self::Crossings(open, late) => [Piece::OpenCrossings(open), Piece::LateCrossings(late)],
        };
        for piece in pieces {
            match attempt.receipt.filter(|_| attempt.again) {
                Some(receipt) => piece.put_what_is_missing(store, attempt.token, receipt).await?,
                None => {
                    let shipment = Shipment { receipt: attempt.receipt, ..Shipment::under(attempt.token) };
                    piece.insert(store, &shipment).await?;
                }
            }
        }
        Ok(())
    }
}

impl Piece<'_> {
    /// Asks what is there and sends the rest, until all is there. Asked before, as ClickHouse may have forgotten a token
    /// whose rows it has; asked after, as it may know one whose rows it has not: then the rest gets another token. An earlier
    /// try that is still under way has the first token, and what was taken under that one is seen by the question after it.
    async fn put_what_is_missing(self, store: &Store, token: u128, receipt: Receipt) -> Result<(), InsertError> {
        let wanted = self.site_days();
        if wanted.is_empty() {
            return Ok(());
        }
        let mut without = store.arrived(self.table(), receipt, &wanted).await?.here;
        for turn in 0..TOKENS {
            if without.is_superset(&wanted) {
                return Ok(());
            }
            let shipment = Shipment { token: token.wrapping_add(turn), receipt: Some(receipt), without };
            self.insert(store, &shipment).await?;
            let arrived = store.arrived(self.table(), receipt, &wanted).await?;
            // Where a later load of the journal is, which was put back then, nothing tells: it was sent under the first token
            // and goes under no other.
            without = arrived.here.into_iter().chain(arrived.passed).collect();
        }
        if without.is_superset(&wanted) {
            return Ok(());
        }
        if matches!(self, Self::LateCells(_) | Self::LateCrossings(_)) {
            // Rows past their retention go at the next merge. They must not hold up what comes after them.
            tracing::error!(table = ?self.table(), "late counts were taken and are not there; their days may not be kept any more");
            return Ok(());
        }
        Err(took_and_lost())
    }

    async fn insert(self, store: &Store, shipment: &Shipment) -> Result<(), InsertError> {
        match self {
            Self::OpenCells(cells) => store.insert_cells(cells, shipment).await,
            Self::LateCells(cells) => store.insert_late_cells(cells, shipment).await,
            Self::OpenCrossings(crossings) => store.insert_crossings(crossings, shipment).await,
            Self::LateCrossings(crossings) => store.insert_late_crossings(crossings, shipment).await,
        }
    }

    const fn table(self) -> LoadTable {
        match self {
            Self::OpenCells(_) => LoadTable::OpenCells,
            Self::LateCells(_) => LoadTable::LateCells,
            Self::OpenCrossings(_) => LoadTable::OpenCrossings,
            Self::LateCrossings(_) => LoadTable::LateCrossings,
        }
    }

    /// Sites and days it has rows of.
    fn site_days(self) -> SiteDays {
        match self {
            Self::OpenCells(cells) => cells.iter().map(|cell| (cell.key.site.clone(), cell.key.day)).collect(),
            Self::LateCells(cells) => cells.iter().map(|cell| cell.generation.site_day()).collect(),
            Self::LateCrossings(crossings) => crossings.iter().map(|of| of.generation.site_day()).collect(),
            Self::OpenCrossings(crossings) => {
                let named = |number: u32| crossings.site_days[number as usize].clone();
                let numbers: std::collections::BTreeSet<u32> = crossings.iter().map(|row| row.group.site_day).collect();
                numbers.into_iter().map(named).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests;
