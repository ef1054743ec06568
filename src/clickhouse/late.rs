//! Counts that come after the seal, into the sealed day they belong to. Called by the loader; what a late count may add
//! to is the seal's rule (P7).

use std::collections::BTreeSet;

use bytes::BufMut;

use super::failure::InsertError;
use super::receipt::{LoadTable, Shipment, among};
use super::sealed::{Generation, Group, cell_columns, column_types, crossing_columns, put_row};
use super::store::Store;
use crate::model::{Day, Dimension, Hour, Measure, Measures, SiteId};

/// Counts that came after the seal, for one group of one attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateCell {
    /// Where they belong.
    pub generation: Generation,
    /// The dimension.
    pub dimension: Dimension,
    /// Its value.
    pub value: Box<str>,
    /// The hour, or the whole day.
    pub hour: Hour,
    /// The counts.
    pub measures: Measures,
    /// Whether they are kept also where the sealed day has no such cell.
    pub always: bool,
}

impl LateCell {
    /// Whether both are of one group and one hour.
    pub fn is_group_of(&self, other: &Self) -> bool {
        let group = |cell: &Self| (cell.dimension, cell.hour);
        group(self) == group(other) && self.value == other.value && self.generation == other.generation
    }
}

/// Counts that came after the seal, for one group of two attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateCrossing {
    /// Where they belong.
    pub generation: Generation,
    /// The two dimensions, in wire order.
    pub dimensions: [Dimension; 2],
    /// Their values, in the same order.
    pub values: [Box<str>; 2],
    /// The counts.
    pub measures: Measures,
}

impl Store {
    /// Inserts counts that came too late into the sealed days they belong to, as one load. Those that are not kept
    /// [`LateCell::always`] count only where the sealed day has such a cell.
    ///
    /// # Errors
    /// As [`Self::insert_cells`].
    pub async fn insert_late_cells(&self, cells: &[LateCell], shipment: &Shipment) -> Result<(), InsertError> {
        let wanted = || cells.iter().filter(|cell| !shipment.leaves_out(&cell.generation.site_day()));
        let generations = || wanted().map(|cell| &cell.generation);
        if wanted().next().is_none() {
            return Ok(());
        }
        let columns = cell_columns();
        let types = column_types("dim String, value String, hour UInt8");
        let whole = format!(
            "INSERT INTO cells ({columns}) SELECT {columns} FROM input('{types}, always Bool') WHERE always OR (site, day, generation, dim, value) IN \
             (SELECT site, day, generation, dim, value FROM cells WHERE hour = 255 AND {}) FORMAT RowBinary",
            among(generations().map(Generation::place)),
        );
        let mut rows = Vec::new();
        self.put_receipts(&mut rows, LoadTable::LateCells, generations(), shipment).await?;
        for cell in wanted() {
            let group = Group::Cell(cell.dimension, &cell.value, cell.hour);
            put_row(&mut rows, &cell.generation, &group, (&cell.measures, 0));
            rows.put_u8(u8::from(cell.always));
        }
        self.insert_rows(&whole, rows.into(), shipment.token).await
    }

    /// Inserts counts that came too late into the crossings that are shown of their sealed days; the others are the
    /// difference between a cell and what is shown of it, and need no row.
    ///
    /// # Errors
    /// As [`Self::insert_cells`].
    pub async fn insert_late_crossings(
        &self,
        crossings: &[LateCrossing],
        shipment: &Shipment,
    ) -> Result<(), InsertError> {
        let wanted = || crossings.iter().filter(|crossing| !shipment.leaves_out(&crossing.generation.site_day()));
        let generations = || wanted().map(|crossing| &crossing.generation);
        if wanted().next().is_none() {
            return Ok(());
        }
        let columns = crossing_columns();
        let types = column_types("dim String, value String, dim2 String, value2 String");
        let whole = format!(
            "INSERT INTO crossings ({columns}) SELECT {columns} FROM input('{types}, always Bool') WHERE always OR (site, day, generation, dim, dim2, value, value2) IN \
             (SELECT site, day, generation, dim, dim2, value, value2 FROM crossings WHERE {}) FORMAT RowBinary",
            among(generations().map(Generation::place)),
        );
        let mut rows = Vec::new();
        self.put_receipts(&mut rows, LoadTable::LateCrossings, generations(), shipment).await?;
        for crossing in wanted() {
            let [one, other] = &crossing.values;
            let group = Group::Crossing(crossing.dimensions, [one, other]);
            put_row(&mut rows, &crossing.generation, &group, (&crossing.measures, 0));
            rows.put_u8(0);
        }
        self.insert_rows(&whole, rows.into(), shipment.token).await
    }

    /// One row for each site-day that makes the sum what the load leaves.
    async fn put_receipts<'g>(
        &self,
        rows: &mut Vec<u8>,
        table: LoadTable,
        generations: impl Iterator<Item = &'g Generation> + Clone,
        shipment: &Shipment,
    ) -> Result<(), InsertError> {
        let Some(receipt) = shipment.receipt else { return Ok(()) };
        let last = self.last_loads(table, receipt, generations.clone().map(Generation::place)).await?;
        let mut told: BTreeSet<(&SiteId, Day)> = BTreeSet::new();
        for of in generations.filter(|of| told.insert(of.place())) {
            let last = last.get(&of.site_day()).copied().unwrap_or(0);
            let mut measures = Measures::default();
            measures[Measure::RevenueMinor] = receipt.left_in(table, of.place()).wrapping_sub(last).cast_signed();
            put_row(rows, of, &table.row(&receipt.value()), (&measures, 0));
            rows.put_u8(1);
        }
        Ok(())
    }
}

impl LoadTable {
    /// The row of a sealed table that tells of a load.
    fn row(self, journal: &str) -> Group<'_> {
        match self {
            Self::OpenCells | Self::LateCells => Group::CellReceipt(journal),
            Self::OpenCrossings | Self::LateCrossings => Group::CrossingReceipt(journal),
        }
    }
}

#[cfg(test)]
mod tests;
