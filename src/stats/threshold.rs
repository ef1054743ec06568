//! Stands in for `privacy::threshold` until that is there: rule 1 only.

use crate::model::{Dimension, Family};

pub(super) struct CellEntry {
    pub dimension: Dimension,
    pub value: u32,
    pub visitors: u64,
    pub events: i64,
    pub visits: i64,
}

pub(super) struct CrossingEntry {
    pub dimensions: [Dimension; 2],
    pub values: [u32; 2],
    pub visitors: u64,
    pub events: i64,
    pub visits: i64,
}

pub(super) struct PairTable<'t> {
    pub texts: &'t [Box<str>],
    pub cells: &'t [CellEntry],
    pub crossings: &'t [CrossingEntry],
    pub channels: &'t [(u32, u32)],
    pub strict: bool,
}

pub(super) fn folded_crossings(table: &PairTable<'_>, k: u32) -> Vec<bool> {
    let _ = (table.texts, table.channels);
    table.crossings.iter().map(|crossing| crossing.visitors < u64::from(k)).collect()
}

pub(super) fn folded_cells(table: &PairTable<'_>, k: u32) -> Vec<bool> {
    let fine = |dimension| matches!(dimension, Dimension::Region | Dimension::City);
    let bound = |cell: &&CellEntry| (table.strict && cell.dimension != Dimension::Total) || fine(cell.dimension);
    table.cells.iter().map(|cell| bound(&cell) && cell.visitors < u64::from(k)).collect()
}

pub(super) fn dimensions_of(family: Family) -> &'static [Dimension] {
    match family {
        Family::Pages => &[Dimension::Section, Dimension::Page],
        Family::Sources => &[Dimension::Channel, Dimension::Source],
        Family::Places => &[Dimension::Country, Dimension::Region, Dimension::City],
        Family::Browsers => &[Dimension::Browser, Dimension::BrowserVersion],
        Family::Systems => &[Dimension::Os, Dimension::OsVersion],
        Family::Alone(dimension) => &(&Dimension::ALL)[dimension as usize..=dimension as usize],
    }
}
