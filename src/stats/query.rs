//! The question as the API takes it, checked. Pure: JSON in, [`Query`] or the reason why not out.

use serde::Deserialize;
use serde_json::Value;

use super::error::QueryError;
use super::fields::{Field, Grouping, TimeGrain, grouping};
use super::filter::{self, Filter};
use super::metric::Metric;
use super::period::{Comparison, DateRange};
use crate::model::{Currency, SiteId};

/// Most rows of one page, and the default.
const PAGE: u64 = 10_000;

/// A checked question.
#[derive(Clone, Debug)]
pub struct Query {
    /// The site. Whether the asker may read it is decided by the caller.
    pub site: SiteId,
    /// What is counted, at least one, each once.
    pub metrics: Vec<Metric>,
    /// The range.
    pub range: DateRange,
    /// What rows stand for, and its name: nothing (one row of totals), time, an attribute, or both, in the order asked.
    pub dimensions: Vec<(String, Grouping)>,
    /// The filter.
    pub filter: Option<Filter>,
    /// The order asked for; empty: the default.
    pub order: Vec<Sort>,
    /// Whether the number of rows on all pages is wanted.
    pub total_rows: bool,
    /// Whether the labels of the whole range are wanted.
    pub time_labels: bool,
    /// What the range is compared with, and how that was written.
    pub comparison: Option<(Comparison, Value)>,
    /// The currency of revenue; `None`: the one of most payments.
    pub currency: Option<Currency>,
    /// Most rows to answer.
    pub limit: u64,
    /// Rows to skip.
    pub offset: u64,
}

/// A column of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The metric at this position.
    Metric(usize),
    /// The dimension at this position.
    Dimension(usize),
}

/// One column of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The column.
    pub column: Column,
    /// Largest first.
    pub descending: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    site_id: String,
    metrics: Vec<String>,
    date_range: Value,
    #[serde(default)]
    dimensions: Vec<String>,
    #[serde(default)]
    filters: Vec<Value>,
    #[serde(default)]
    order_by: Vec<(String, String)>,
    #[serde(default)]
    include: Include,
    #[serde(default)]
    pagination: Pagination,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Include {
    total_rows: bool,
    time_labels: bool,
    comparison: Option<Value>,
    currency: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Pagination {
    limit: Option<u64>,
    offset: u64,
}

impl Query {
    /// Reads a request body.
    ///
    /// # Errors
    /// The first thing that is wrong, naming the key.
    pub fn parse(body: &[u8]) -> Result<Self, QueryError> {
        let mut reader = serde_json::Deserializer::from_slice(body);
        let raw: Raw = serde_path_to_error::deserialize(&mut reader).map_err(|error| malformed(&error))?;
        reader.end().map_err(|error| QueryError::Malformed(without_place(&error)))?;
        raw.check()
    }

    /// How time is cut, if it is.
    pub(super) fn time(&self) -> Option<TimeGrain> {
        self.dimensions.iter().find_map(|(_, grouping)| match grouping {
            Grouping::Time(grain) => Some(*grain),
            Grouping::Field(_) => None,
        })
    }

    /// The attribute rows stand for.
    pub(super) fn field(&self) -> Option<&Field> {
        self.dimensions.iter().find_map(|(_, grouping)| match grouping {
            Grouping::Field(field) => Some(field),
            Grouping::Time(_) => None,
        })
    }

    /// Whether payments are asked for.
    pub(super) fn wants_revenue(&self) -> bool {
        self.metrics.iter().any(|metric| metric.is_revenue())
    }

    /// Whether a metric is asked for.
    pub(super) fn wants(&self, metric: Metric) -> bool {
        self.metrics.contains(&metric)
    }
}

impl Raw {
    fn check(self) -> Result<Query, QueryError> {
        let site = self.site_id.parse()?;
        let metrics = metrics(&self.metrics)?;
        let range = DateRange::parse(&self.date_range)?;
        let dimensions = dimensions(&self.dimensions)?;
        let filter = filter::parse(&Value::Array(self.filters))?;
        let order = self.order_by.iter().map(|(column, direction)| sort(column, direction, &metrics, &dimensions));
        let order = order.collect::<Result<_, _>>()?;
        let limit = self.pagination.limit.unwrap_or(PAGE);
        if !(1..=PAGE).contains(&limit) {
            return Err(QueryError::Pagination(format!("limit is {limit}; allowed are 1 to {PAGE}")));
        }
        let Include { total_rows, time_labels, comparison, currency } = self.include;
        let comparison = comparison.map(|value| Comparison::parse(&value).map(|read| (read, value))).transpose()?;
        let currency = currency.as_deref().map(known_currency).transpose()?;
        let offset = self.pagination.offset;
        let query = Query {
            site,
            metrics,
            range,
            dimensions,
            filter,
            order,
            total_rows,
            time_labels,
            comparison,
            currency,
            limit,
            offset,
        };
        if time_labels && query.time().is_none() {
            let message = "include.time_labels needs a time dimension".to_owned();
            return Err(QueryError::Malformed(message));
        }
        Ok(query)
    }
}

fn known_currency(code: &str) -> Result<Currency, QueryError> {
    let known = Currency::of(code);
    known.ok_or_else(|| QueryError::Malformed("include.currency is a code of ISO 4217 like EUR".to_owned()))
}

fn dimensions(names: &[String]) -> Result<Vec<(String, Grouping)>, QueryError> {
    let mut known = Vec::new();
    for name in names {
        known.push((name.clone(), grouping(name)?));
    }
    let times = known.iter().filter(|(_, grouping)| matches!(grouping, Grouping::Time(_))).count();
    if times > 1 {
        return Err(QueryError::Dimension("time is cut in one way at a time".to_owned()));
    }
    if known.len() - times > 1 {
        let message = "rows of two attributes are not kept as a table, so that no row describes a person; ask for one \
                       dimension and filter by a value of the other";
        return Err(QueryError::CrossingNotKept(message.to_owned()));
    }
    Ok(known)
}

fn metrics(names: &[String]) -> Result<Vec<Metric>, QueryError> {
    let mut metrics: Vec<Metric> = Vec::new();
    for name in names {
        let metric = Metric::of_name(name)?;
        if metrics.contains(&metric) {
            return Err(QueryError::Metric(format!("`{}` is asked for twice", metric.name())));
        }
        metrics.push(metric);
    }
    if metrics.is_empty() {
        return Err(QueryError::Metric("at least one is needed".to_owned()));
    }
    Ok(metrics)
}

fn sort(
    column: &str,
    direction: &str,
    metrics: &[Metric],
    dimensions: &[(String, Grouping)],
) -> Result<Sort, QueryError> {
    let descending = match direction {
        "asc" => false,
        "desc" => true,
        _ => return Err(QueryError::Order("a direction is `asc` or `desc`".to_owned())),
    };
    if let Some(position) = dimensions.iter().position(|(name, _)| name == column) {
        return Ok(Sort { column: Column::Dimension(position), descending });
    }
    let position = metrics.iter().position(|metric| metric.name() == column);
    let position = position.ok_or_else(|| {
        QueryError::Order("order by a metric or a dimension of this query; one is neither".to_owned())
    })?;
    Ok(Sort { column: Column::Metric(position), descending })
}

/// What serde says, with the key it is about and without what was sent (P9).
fn malformed(error: &serde_path_to_error::Error<serde_json::Error>) -> QueryError {
    let text = without_place(error.inner());
    if text.starts_with("unknown field") {
        return QueryError::Malformed(unknown_key(&text));
    }
    let cause = match text.split_once(", expected ") {
        Some((_, expected)) => format!("expected {}", in_words(expected)),
        None => text,
    };
    let path = error.path().to_string();
    QueryError::Malformed(if path == "." || path == "?" { cause } else { format!("{path}: {cause}") })
}

/// A type of the program in words of JSON.
fn in_words(expected: &str) -> &str {
    match expected {
        "u64" | "u32" | "usize" => "a whole number that is not negative",
        "a sequence" => "a list",
        other => other,
    }
}

fn unknown_key(text: &str) -> String {
    let expected = text.split_once(", expected ").map_or("none", |(_, expected)| expected);
    format!("one of its keys is not known; known are {}", expected.trim_start_matches("one of "))
}

/// Line and column say nothing to who sent one line.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let cut = text.rfind(" at line ").unwrap_or(text.len());
    text[..cut].to_owned()
}
