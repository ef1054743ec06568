//! What is stored of many days of one site, a statement for each kind of row and not for each day: of open days with
//! sketches resolved to numbers, of sealed ones what their seals left. Called by the snapshots of suppression and by
//! readers. Raw numbers: what may be shown is decided by the caller (P7).

use std::collections::BTreeMap;

use clickhouse::Row;
use clickhouse::query::Query;
use serde::Deserialize;

use super::failure::StoreError;
use super::open_day::{
    BETWEEN, CELL_VISITORS, CROSSING_VISITORS, CellRow, CountedCell, CountedCrossing, CrossingRow, NUMBERS, codes,
};
use super::sealed_day::SealedDay;
use super::store::Store;
use crate::model::{Day, Dimension, SiteId};

/// Days of one site that are read together: all open, or all sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManyDays {
    /// Days that have no seal.
    Open(Vec<Day>),
    /// Sealed days.
    Sealed(Vec<SealedDay>),
}

/// Rows of each day that has any.
pub type OfDays<T> = BTreeMap<Day, Vec<T>>;

#[derive(Row, Deserialize)]
struct DayCell {
    on_day: u16,
    dim: String,
    value: String,
    numbers: Vec<i64>,
    visitors: u64,
}

#[derive(Row, Deserialize)]
struct DayCrossing {
    on_day: u16,
    dim: String,
    value: String,
    dim2: String,
    value2: String,
    numbers: Vec<i64>,
    visitors: u64,
}

/// Unique visitors of a row that a seal left.
const SEALED_VISITORS: &str = "toUInt64(greatest(sum(visitors), 0))";

impl ManyDays {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Open(days) => days.is_empty(),
            Self::Sealed(days) => days.is_empty(),
        }
    }

    /// Their rows in a table, as a condition. Dates and numbers hold nothing that needs escaping.
    fn condition(&self) -> String {
        let dates =
            |days: &mut dyn Iterator<Item = Day>| days.map(|day| format!("'{day}'")).collect::<Vec<_>>().join(",");
        let of_site = "site = {site:String} AND day IN";
        match self {
            Self::Open(days) => format!("{of_site} ({})", dates(&mut days.iter().copied())),
            Self::Sealed(days) => {
                let held: Vec<String> = days.iter().map(|of| format!("('{}',{})", of.day, of.generation)).collect();
                let dates = dates(&mut days.iter().map(|of| of.day));
                format!("{of_site} ({dates}) AND (day, generation) IN ({})", held.join(","))
            }
        }
    }

    /// The table of crossings, and how it tells unique visitors.
    const fn crossings(&self) -> (&'static str, &'static str) {
        match self {
            Self::Open(_) => ("crossings_open", CROSSING_VISITORS),
            Self::Sealed(_) => ("crossings", SEALED_VISITORS),
        }
    }
}

impl Store {
    /// The cells of some dimensions, hours merged, sorted by dimension and value.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn cells_of_days(
        &self,
        site: &SiteId,
        days: &ManyDays,
        dimensions: &[Dimension],
    ) -> Result<OfDays<CountedCell>, StoreError> {
        let mut cells = OfDays::new();
        if days.is_empty() {
            return Ok(cells);
        }
        let (table, visitors, hours) = match days {
            ManyDays::Open(_) => ("cells_open", CELL_VISITORS, ""),
            ManyDays::Sealed(_) => ("cells", SEALED_VISITORS, " AND hour = 255"),
        };
        let text = format!(
            "SELECT day AS on_day, dim::String AS dim, value, {NUMBERS} AS numbers, {visitors} AS visitors FROM {table} \
             WHERE {}{hours} AND dim IN {{dims:Array(String)}} GROUP BY day, dim, value ORDER BY day, dim, value",
            days.condition()
        );
        let query = self.client().query(&text).param("dims", codes(dimensions)).param("site", site.as_str());
        let _reading = self.reading().await;
        let mut rows = query.fetch::<DayCell>()?;
        while let Some(DayCell { on_day, dim, value, numbers, visitors }) = self.within(rows.next()).await? {
            cells.entry(Day(on_day)).or_default().extend(CellRow { dim, value, numbers, visitors }.typed());
        }
        Ok(cells)
    }

    /// The crossings between dimensions of `one` and dimensions of `other`, sorted by dimensions and values.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn crossings_of_days(
        &self,
        site: &SiteId,
        days: &ManyDays,
        (one, other): (&[Dimension], &[Dimension]),
    ) -> Result<OfDays<CountedCrossing>, StoreError> {
        let mut crossings = OfDays::new();
        if days.is_empty() {
            return Ok(crossings);
        }
        let (table, visitors) = days.crossings();
        let text = format!(
            "SELECT day AS on_day, dim::String AS dim, value, dim2::String AS dim2, value2, {NUMBERS} AS numbers, \
             {visitors} AS visitors FROM {table} WHERE {} AND {BETWEEN} \
             GROUP BY day, dim, dim2, value, value2 ORDER BY day, dim, dim2, value, value2",
            days.condition()
        );
        let query = between(self.client().query(&text), one, other).param("site", site.as_str());
        let _reading = self.reading().await;
        let mut rows = query.fetch::<DayCrossing>()?;
        while let Some(row) = self.within(rows.next()).await? {
            let DayCrossing { on_day, dim, value, dim2, value2, numbers, visitors } = row;
            let row = CrossingRow { dim, value, dim2, value2, numbers, visitors };
            crossings.entry(Day(on_day)).or_default().extend(row.typed());
        }
        Ok(crossings)
    }

    /// How many rows are stored of the crossings between dimensions of `one` and dimensions of `other`, day by day: at
    /// least as many as there are crossings.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn crossing_rows_of_days(
        &self,
        site: &SiteId,
        days: &ManyDays,
        (one, other): (&[Dimension], &[Dimension]),
    ) -> Result<BTreeMap<Day, u64>, StoreError> {
        if days.is_empty() {
            return Ok(BTreeMap::new());
        }
        let (table, _) = days.crossings();
        let text = format!(
            "SELECT day AS on_day, count() AS stored FROM {table} WHERE {} AND {BETWEEN} GROUP BY day",
            days.condition()
        );
        let query = between(self.client().query(&text), one, other).param("site", site.as_str());
        let rows = self.read(query.fetch_all::<(u16, u64)>()).await?;
        Ok(rows.into_iter().map(|(day, rows)| (Day(day), rows)).collect())
    }
}

fn between(query: Query, one: &[Dimension], other: &[Dimension]) -> Query {
    query.param("one", codes(one)).param("other", codes(other))
}
