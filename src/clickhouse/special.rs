//! What funnels, journeys, retention and distributions read: cells of one dimension, and sealed crossings of two, as
//! typed rows. Called by `stats::special`, which decides what is asked and what may leave (P7).

use clickhouse::Row;
use serde::Deserialize;

use super::failure::StoreError;
use super::store::Store;
use crate::model::{Day, Dimension, SiteId};

/// The cells a question reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellScope {
    /// The site.
    pub site: SiteId,
    /// The dimension.
    pub dimension: Dimension,
    /// Only values that start with this.
    pub prefix: String,
    /// First day.
    pub from: Day,
    /// Last day, included.
    pub to: Day,
    /// Whether sealed days come one by one; else they are summed.
    pub by_day: bool,
}

/// The sealed crossings a question reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedScope {
    /// The site.
    pub site: SiteId,
    /// The dimensions, in wire order.
    pub dimensions: [Dimension; 2],
    /// Only rows with this value, on this side (0 or 1).
    pub pick: Option<(usize, String)>,
    /// First day.
    pub from: Day,
    /// Last day, included.
    pub to: Day,
}

/// A value and its numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellSum {
    /// The day; `None`: all sealed days together.
    pub day: Option<Day>,
    /// Whether the day is open.
    pub is_open: bool,
    /// The value.
    pub value: String,
    /// Numbers.
    pub counts: Counts,
}

/// Two values and their numbers, of all sealed days together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrossingSum {
    /// The values, in the order of the dimensions.
    pub values: [String; 2],
    /// Numbers.
    pub counts: Counts,
}

/// Numbers of a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Page views.
    pub pageviews: i64,
    /// Events; samples of vitals and numbers.
    pub events: i64,
    /// Visits.
    pub visits: i64,
    /// Visits without a second page view.
    pub bounces: i64,
    /// Unique visitors of each day, summed.
    pub visitors: i64,
}

#[derive(Row, Deserialize)]
struct RawCell {
    on_day: u16,
    is_open: u8,
    value: String,
    numbers: (i64, i64, i64, i64, i64),
}

#[derive(Row, Deserialize)]
struct RawCrossing {
    value: String,
    value2: String,
    numbers: (i64, i64, i64, i64, i64),
}

/// Sealed days are read from the generation that their seal names, others from the open tables. Both halves ask for the
/// seals in one statement, and open rows stay for as long as it runs.
const CELLS: &str = "\
SELECT on_day, is_open, value, (sum(a), sum(b), sum(c), sum(d), sum(e)) AS numbers FROM (\
SELECT day AS on_day, 1::UInt8 AS is_open, value, sum(pageviews) AS a, sum(events) AS b, sum(visits) AS c, \
sum(bounces) AS d, toInt64(uniqCombined64Merge(16)(visitors)) AS e FROM cells_open \
WHERE site = {site:String} AND dim = {dim:String} AND day BETWEEN {from:Date} AND {to:Date} \
AND startsWith(value, {prefix:String}) \
AND day NOT IN (SELECT day FROM seals FINAL WHERE site = {site:String} AND day BETWEEN {from:Date} AND {to:Date}) \
GROUP BY on_day, value \
UNION ALL \
SELECT if({by_day:Bool}, day, toDate(0)) AS on_day, 0::UInt8 AS is_open, value, pageviews AS a, events AS b, \
visits AS c, bounces AS d, visitors AS e FROM cells \
WHERE site = {site:String} AND dim = {dim:String} AND day BETWEEN {from:Date} AND {to:Date} AND hour = 255 \
AND startsWith(value, {prefix:String}) \
AND (day, generation) IN (SELECT day, generation FROM seals FINAL \
WHERE site = {site:String} AND day BETWEEN {from:Date} AND {to:Date})\
) GROUP BY on_day, is_open, value ORDER BY on_day, is_open, value LIMIT 1000000";

const CROSSINGS: &str = "\
SELECT value, value2, (sum(pageviews), sum(events), sum(visits), sum(bounces), sum(visitors)) AS numbers \
FROM crossings WHERE site = {site:String} AND dim = {dim:String} AND dim2 = {dim2:String} \
AND day BETWEEN {from:Date} AND {to:Date} AND (day, generation) IN (SELECT day, generation FROM seals FINAL \
WHERE site = {site:String} AND day BETWEEN {from:Date} AND {to:Date})";

impl Store {
    /// The cells of a scope, one row per value of each open day and of all sealed days (or each of them).
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn cell_sums(&self, scope: &CellScope) -> Result<Vec<CellSum>, StoreError> {
        let query = self.client().query(CELLS).param("site", scope.site.as_str());
        let query = query.param("dim", scope.dimension.code()).param("prefix", scope.prefix.as_str());
        let query = query.param("from", scope.from.to_string()).param("to", scope.to.to_string());
        let rows = self.read(query.param("by_day", scope.by_day).fetch_all::<RawCell>()).await?;
        let typed = rows.into_iter().map(|row| CellSum {
            day: (row.is_open == 1 || scope.by_day).then_some(Day(row.on_day)),
            is_open: row.is_open == 1,
            value: row.value,
            counts: row.numbers.into(),
        });
        Ok(typed.collect())
    }

    /// The crossings of sealed days that were kept, summed over days.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn sealed_crossings(&self, scope: &SealedScope) -> Result<Vec<CrossingSum>, StoreError> {
        let pick = match &scope.pick {
            Some((0, _)) => " AND value = {pick:String}",
            Some(_) => " AND value2 = {pick:String}",
            None => "",
        };
        let text = format!("{CROSSINGS}{pick} GROUP BY value, value2 ORDER BY value, value2 LIMIT 1000000");
        let mut query = self.client().query(&text).param("site", scope.site.as_str());
        query = query.param("dim", scope.dimensions[0].code()).param("dim2", scope.dimensions[1].code());
        query = query.param("from", scope.from.to_string()).param("to", scope.to.to_string());
        if let Some((_, value)) = &scope.pick {
            query = query.param("pick", value.as_str());
        }
        let rows = self.read(query.fetch_all::<RawCrossing>()).await?;
        let typed =
            rows.into_iter().map(|row| CrossingSum { values: [row.value, row.value2], counts: row.numbers.into() });
        Ok(typed.collect())
    }

    /// The days without a seal that have crossings, oldest first.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn days_of_open_crossings(&self, site: &SiteId, from: Day, to: Day) -> Result<Vec<Day>, StoreError> {
        let text = "SELECT DISTINCT day FROM crossings_open WHERE site = {site:String} \
                    AND day BETWEEN {from:Date} AND {to:Date} AND day NOT IN (SELECT day FROM seals FINAL \
                    WHERE site = {site:String} AND day BETWEEN {from:Date} AND {to:Date}) ORDER BY day";
        let query = self.client().query(text).param("site", site.as_str());
        let query = query.param("from", from.to_string()).param("to", to.to_string());
        let days = self.read(query.fetch_all::<u16>()).await?;
        Ok(days.into_iter().map(Day).collect())
    }
}

impl From<(i64, i64, i64, i64, i64)> for Counts {
    fn from((pageviews, events, visits, bounces, visitors): (i64, i64, i64, i64, i64)) -> Self {
        Self { pageviews, events, visits, bounces, visitors }
    }
}

#[cfg(test)]
#[path = "special_tests.rs"]
mod tests;
