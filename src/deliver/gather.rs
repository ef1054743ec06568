//! Batches of the spool to the rows of one load, one batch after the other, so that few of them are in memory at a time.
//! Called by the loader. The same batches give the same rows: a load that is tried again is the same load.

use super::spool::{Spool, SpoolError};
use super::table::Table;
use crate::count::Merging;
use crate::model::{Batch, Cell};

/// Hashes of crossings a load gathers at the most, each four bytes.
const MAX_HASHES: usize = 8 * 1024 * 1024;

/// How far to gather.
#[derive(Clone, Copy)]
pub(super) enum Until {
    /// Up to this batch: what a load that was begun holds.
    Exactly(u64),
    /// Until there are enough rows, and no batch after this one.
    Full(u64),
}

/// Rows of one table while they are gathered.
pub(super) enum Rows {
    /// Cells of all batches, in their order.
    Cells(Vec<Cell>),
    /// Crossings, merged so far.
    Crossings(Box<Merging>),
}

impl Rows {
    fn add(&mut self, batch: &Batch) {
        match self {
            Self::Cells(cells) => cells.extend_from_slice(&batch.cells),
            Self::Crossings(merging) => merging.add(&batch.crossings),
        }
    }

    fn are_enough(&self, max: usize) -> bool {
        match self {
            Self::Cells(cells) => cells.len() >= max,
            Self::Crossings(merging) => merging.rows() >= max || merging.hashes() >= MAX_HASHES,
        }
    }
}

/// What was gathered for one load.
pub(super) struct Gathered {
    /// First and last batch; none when there is nothing to load.
    pub(super) range: Option<(u64, u64)>,
    /// Their rows.
    pub(super) rows: Rows,
    /// Whether the next batch is held back.
    pub(super) held: bool,
}

/// Gathers batches above a sequence, until there are `max` rows or `holds` says that a batch is held back.
pub(super) fn gather(
    spool: &Spool,
    table: Table,
    (after, until): (u64, Until),
    (max, holds): (usize, &dyn Fn(&Batch) -> bool),
) -> Result<Gathered, SpoolError> {
    let rows = match table {
        Table::Cells => Rows::Cells(Vec::new()),
        Table::Crossings => Rows::Crossings(Box::default()),
    };
    let mut gathered = Gathered { range: None, rows, held: false };
    let (last, is_begun) = match until {
        Until::Exactly(last) => (last, true),
        Until::Full(newest) => (newest, false),
    };
    let mut take = |batch: &Batch| {
        if batch.sequence > last {
            return false;
        }
        gathered.held = !is_begun && holds(batch);
        if gathered.held {
            return false;
        }
        let first = gathered.range.map_or(batch.sequence, |(first, _)| first);
        gathered.range = Some((first, batch.sequence));
        gathered.rows.add(batch);
        is_begun || !gathered.rows.are_enough(max)
    };
    spool.read(after, Some(table), &mut take)?;
    Ok(gathered)
}
