//! What can be read for reports, as typed requests: totals, a series, a table of values. Called by `stats`, which
//! decides what is asked and what may leave; the SQL is in [`super::report_sql`].

use clickhouse::Row;
use clickhouse::query::Query;
use serde::Deserialize;

use super::failure::StoreError;
use super::report_sql as sql;
use super::store::Store;
use crate::model::{Day, Dimension, Hour, Measure, SiteId};

/// The cells a request reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The site.
    pub site: SiteId,
    /// The dimension.
    pub dimension: Dimension,
    /// Only values that start with this; it is cut off. `key=` for a property, else empty.
    pub prefix: String,
    /// First day.
    pub from: Day,
    /// Last day, included.
    pub to: Day,
}

/// A number asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Unique visitors of each day, summed over days.
    Visitors,
    /// A sum.
    Sum(Measure),
}

/// How finely a series is cut. Coarser buckets are sums of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// One row per day and hour that has a cell.
    Hour,
    /// One row per day that has a cell.
    Day,
}

/// What rows are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderBy {
    /// The value.
    Value,
    /// The quantity at this position.
    Quantity(usize),
}

/// One column of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// The column.
    pub by: OrderBy,
    /// Largest first.
    pub descending: bool,
}

/// A page of the values of a dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRequest {
    /// The cells.
    pub scope: Scope,
    /// The numbers, in the order they are answered.
    pub quantities: Vec<Quantity>,
    /// The order; ties are broken by value.
    pub order: Vec<Order>,
    /// Most rows to answer.
    pub limit: u64,
    /// Rows to skip.
    pub offset: u64,
}

/// A value and its numbers.
#[derive(Clone, Debug, PartialEq, Eq, Row, Deserialize)]
pub struct ValueRow {
    /// The value, its prefix cut off.
    #[serde(rename = "label")]
    pub value: String,
    /// The numbers asked for.
    pub numbers: Vec<i64>,
}

/// A day or hour and its numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayRow {
    /// The day.
    pub day: Day,
    /// The hour; [`Hour::WHOLE_DAY`] in a series of days.
    pub hour: Hour,
    /// The numbers asked for.
    pub numbers: Vec<i64>,
}

#[derive(Row, Deserialize)]
struct RawDayRow {
    day: u16,
    at: u8,
    numbers: Vec<i64>,
}

impl Store {
    /// The numbers of all cells of a scope; zeros when there are none.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn totals(&self, scope: &Scope, quantities: &[Quantity]) -> Result<Vec<i64>, StoreError> {
        let query = bind(self.client().query(&sql::totals(quantities)), scope);
        self.within(query.fetch_one()).await
    }

    /// The numbers of each day or hour that has a cell, oldest first.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn series(
        &self,
        scope: &Scope,
        quantities: &[Quantity],
        grain: Grain,
    ) -> Result<Vec<DayRow>, StoreError> {
        let query = bind(self.client().query(&sql::series(quantities, grain)), scope);
        let rows = self.within(query.fetch_all::<RawDayRow>()).await?;
        let typed = rows.into_iter().map(|row| DayRow { day: Day(row.day), hour: Hour(row.at), numbers: row.numbers });
        Ok(typed.collect())
    }

    /// One page of a table of values.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn table(&self, request: &TableRequest) -> Result<Vec<ValueRow>, StoreError> {
        let text = sql::table(&request.quantities, &request.order);
        let query = bind(self.client().query(&text), &request.scope)
            .param("limit", request.limit)
            .param("offset", request.offset);
        self.within(query.fetch_all()).await
    }

    /// How many values a table has on all its pages.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn table_size(&self, scope: &Scope) -> Result<u64, StoreError> {
        self.within(bind(self.client().query(&sql::table_size()), scope).fetch_one()).await
    }

    /// The first day a site has cells on.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn first_day(&self, site: &SiteId) -> Result<Option<Day>, StoreError> {
        let query = self.client().query(sql::FIRST_DAY).param("site", site.as_str());
        let days = self.within(query.fetch_all::<u16>()).await?;
        Ok(days.first().copied().map(Day))
    }
}

/// Fills in what every report's `WHERE` asks for.
fn bind(query: Query, scope: &Scope) -> Query {
    query
        .param("site", scope.site.as_str())
        .param("dim", scope.dimension.code())
        .param("prefix", &scope.prefix)
        .param("from", scope.from.to_string())
        .param("to", scope.to.to_string())
}
