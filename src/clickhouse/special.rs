//! Pairs of values of sealed days, both of them labels: what journeys read. Called by `stats::special`; what may leave is
//! decided by the seal (P7).

use clickhouse::Row;
use serde::Deserialize;

use super::failure::StoreError;
use super::report::{Days, Numbers, within};
use super::report_sql::in_force;
use super::store::Store;
use crate::model::{Day, Dimension, Measure, Rules, SiteId};

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
    /// Only days whose seals meet these.
    pub rules: Rules,
}

/// Two values and their numbers, of all sealed days together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrossingSum {
    /// The values, in the order of the dimensions.
    pub values: [String; 2],
    /// Events and visits; other sums are zero.
    pub numbers: Numbers,
}

#[derive(Row, Deserialize)]
struct RawCrossing {
    value: String,
    value2: String,
    sum_events: i64,
    sum_visits: i64,
    sum_visitors: i64,
}

const CROSSINGS: &str = "\
SELECT value, value2, sum(events) AS sum_events, sum(visits) AS sum_visits, sum(visitors) AS sum_visitors \
FROM crossings WHERE site = {site:String} AND dim = {dim:String} AND dim2 = {dim2:String} \
AND day BETWEEN {from:Date} AND {to:Date} AND ";

impl Store {
    /// The crossings of sealed days that were kept, summed over days.
    ///
    /// # Errors
    /// ClickHouse is away, or there are more rows than may be in memory.
    pub async fn sealed_crossings(&self, scope: &SealedScope) -> Result<Vec<CrossingSum>, StoreError> {
        let pick = match &scope.pick {
            Some((0, _)) => " AND value = {pick:String}",
            Some(_) => " AND value2 = {pick:String}",
            None => "",
        };
        let in_force = in_force(Days::Met(scope.rules));
        let most = self.most_rows();
        let limit = most + 1;
        let text = format!("{CROSSINGS}{in_force}{pick} GROUP BY value, value2 ORDER BY value, value2 LIMIT {limit}");
        let mut query = self.client().query(&text).param("site", scope.site.as_str());
        query = query.param("dim", scope.dimensions[0].code()).param("dim2", scope.dimensions[1].code());
        query = query.param("from", scope.from.to_string()).param("to", scope.to.to_string());
        if let Some((_, value)) = &scope.pick {
            query = query.param("pick", value.as_str());
        }
        let rows = within(self.read(query.fetch_all::<RawCrossing>()).await?, most)?;
        Ok(rows.into_iter().map(CrossingSum::from).collect())
    }
}

impl From<RawCrossing> for CrossingSum {
    fn from(row: RawCrossing) -> Self {
        let mut numbers = Numbers { visitors: row.sum_visitors, ..Numbers::default() };
        numbers.measures[Measure::Events] = row.sum_events;
        numbers.measures[Measure::Visits] = row.sum_visits;
        Self { values: [row.value, row.value2], numbers }
    }
}

#[cfg(test)]
#[path = "special_tests.rs"]
mod tests;
