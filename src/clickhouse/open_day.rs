//! What the open tables hold of one site-day, with sketches resolved to numbers. Called by the snapshots of suppression and
//! by readers. Raw numbers: what may be shown is decided by the caller (P7).

use clickhouse::Row;
use serde::Deserialize;

use super::failure::StoreError;
use super::many_days::ManyDays;
use super::store::Store;
use crate::model::{Day, Dimension, Hour, Measure, Measures, SiteId};

/// A cell of an open day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedCell {
    /// The dimension.
    pub dimension: Dimension,
    /// Its value.
    pub value: Box<str>,
    /// [`Hour::WHOLE_DAY`]: hours are merged.
    pub hour: Hour,
    /// The counts.
    pub measures: Measures,
    /// Unique visitors.
    pub visitors: u64,
}

/// A crossing of an open day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedCrossing {
    /// The two dimensions, in wire order.
    pub dimensions: [Dimension; 2],
    /// Their values, in the same order.
    pub values: [Box<str>; 2],
    /// The counts.
    pub measures: Measures,
    /// Unique visitors.
    pub visitors: u64,
}

/// A cell as it is stored.
pub(super) struct CellRow {
    pub(super) dim: String,
    pub(super) value: String,
    pub(super) numbers: Vec<i64>,
    pub(super) visitors: u64,
}

#[derive(Row, Deserialize)]
pub(super) struct CrossingRow {
    pub(super) dim: String,
    pub(super) value: String,
    pub(super) dim2: String,
    pub(super) value2: String,
    pub(super) numbers: Vec<i64>,
    pub(super) visitors: u64,
}

/// Every measure of a group, in the order of [`Measure::ALL`].
pub(super) const NUMBERS: &str = "[sum(pageviews), sum(events), sum(visits), sum(bounces), sum(visit_secs), \
                                  sum(engaged_secs), sum(engaged_n), sum(scroll_pct_sum), sum(scroll_n), \
                                  sum(revenue_minor)]";
/// Unique visitors of a cell. Nobody can be taken out of a sketch again, so of exit pages, which move, there are at
/// most as many as visits.
pub(super) const CELL_VISITORS: &str = "if(dim = 'exit_page', \
                                        least(uniqCombined64Merge(16)(visitors), greatest(sum(visits), 0)::UInt64), \
                                        uniqCombined64Merge(16)(visitors))";
/// Unique visitors of a crossing.
pub(super) const CROSSING_VISITORS: &str = "uniqCombined64Merge(16)(visitors)";
/// The crossings between two sets of dimensions, whichever stands first.
pub(super) const BETWEEN: &str = "((dim IN {one:Array(String)} AND dim2 IN {other:Array(String)}) OR \
                                  (dim IN {other:Array(String)} AND dim2 IN {one:Array(String)}))";

impl Store {
    /// The cells of some dimensions of an open day, hours merged, sorted by dimension and value. Empty when the day is
    /// sealed or nothing was counted.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn open_cells(
        &self,
        site: &SiteId,
        day: Day,
        dimensions: &[Dimension],
    ) -> Result<Vec<CountedCell>, StoreError> {
        let mut cells = self.cells_of_days(site, &ManyDays::Open(vec![day]), dimensions).await?;
        Ok(cells.remove(&day).unwrap_or_default())
    }

    /// The crossings between dimensions of `one` and dimensions of `other` on an open day, sorted. Empty when the day is
    /// sealed or nothing was counted.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn open_crossings(
        &self,
        site: &SiteId,
        day: Day,
        one: &[Dimension],
        other: &[Dimension],
    ) -> Result<Vec<CountedCrossing>, StoreError> {
        let mut crossings = self.crossings_of_days(site, &ManyDays::Open(vec![day]), (one, other)).await?;
        Ok(crossings.remove(&day).unwrap_or_default())
    }
}

/// The stored names of dimensions.
pub(super) fn codes(dimensions: &[Dimension]) -> Vec<&'static str> {
    dimensions.iter().map(|dimension| dimension.code()).collect()
}

/// The dimension of a stored name. None: written by a newer version.
pub(super) fn dimension(code: &str) -> Option<Dimension> {
    Dimension::ALL.into_iter().find(|known| known.code() == code)
}

pub(super) fn measures(numbers: &[i64]) -> Measures {
    let mut measures = Measures::default();
    for (measure, number) in Measure::ALL.into_iter().zip(numbers) {
        measures[measure] = *number;
    }
    measures
}

impl CellRow {
    /// None: written by a newer version.
    pub(super) fn typed(self) -> Option<CountedCell> {
        let Self { dim, value, numbers, visitors } = self;
        let dimension = dimension(&dim)?;
        Some(CountedCell {
            dimension,
            value: value.into(),
            hour: Hour::WHOLE_DAY,
            measures: measures(&numbers),
            visitors,
        })
    }
}

impl CrossingRow {
    /// None: written by a newer version.
    pub(super) fn typed(self) -> Option<CountedCrossing> {
        let dimensions = [dimension(&self.dim)?, dimension(&self.dim2)?];
        let values = [self.value.into(), self.value2.into()];
        Some(CountedCrossing { dimensions, values, measures: measures(&self.numbers), visitors: self.visitors })
    }
}

#[cfg(test)]
mod tests;
