//! Cells and batches: nothing else about traffic is ever written to disk.

use super::{Crossings, Day, Dimension, Hour, Measures, SiteId};

/// What a cell counts. Ordered as the table is, so that sorted cells merge and insert in order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellKey {
    /// The site.
    pub site: SiteId,
    /// The site-local day.
    pub day: Day,
    /// What is grouped by.
    pub dimension: Dimension,
    /// The value of the dimension; empty for [`Dimension::Total`].
    pub value: Box<str>,
    /// The hour, or [`Hour::WHOLE_DAY`].
    pub hour: Hour,
}

/// Counts of one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The group.
    pub key: CellKey,
    /// The counts; they may be negative, since later cells correct earlier ones.
    pub measures: Measures,
    /// PRF(cell key, visitor) of each visitor, sorted, without repeats. Empty for late days.
    pub hashes: Vec<u64>,
}

/// The cells and crossings of one window, written to the spool as one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Position in the spool: grows by one per batch, never reused within a state directory.
    pub sequence: u64,
    /// The cells, sorted by key, each key once.
    pub cells: Vec<Cell>,
    /// The crossings of the same events.
    pub crossings: Crossings,
    /// Keyed hashes of the client batch and event ids whose events are in this batch, with the day (since 1970, UTC) they arrived.
    pub remembered: Vec<(u64, u16)>,
}
