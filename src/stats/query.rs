//! The question as the API takes it, checked. Pure: JSON in, [`Query`] or the reason why not out.

use serde::Deserialize;
use serde_json::Value;

use super::error::QueryError;
use super::fields::{Grouping, Metric, grouping, metric};
use super::period::DateRange;
use crate::model::SiteId;

/// Most rows of one page, and the default.
const PAGE: u64 = 10_000;

/// A checked question.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// The site. Whether the asker may read it is decided by the caller.
    pub site: SiteId,
    /// What is counted, at least one, each once.
    pub metrics: Vec<Metric>,
    /// The range.
    pub range: DateRange,
    /// What rows stand for, and its name; `None`: one row of totals.
    pub grouping: Option<(String, Grouping)>,
    /// The order asked for; empty: the default.
    pub order: Vec<Sort>,
    /// Whether the number of rows on all pages is wanted.
    pub total_rows: bool,
    /// Whether the labels of the whole range are wanted.
    pub time_labels: bool,
    /// Most rows to answer.
    pub limit: u64,
    /// Rows to skip.
    pub offset: u64,
}

/// One column of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The metric at this position; `None`: the dimension.
    pub metric: Option<usize>,
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
}

impl Raw {
    fn check(self) -> Result<Query, QueryError> {
        let site = self.site_id.parse()?;
        let metrics = metrics(&self.metrics)?;
        let range = DateRange::parse(&self.date_range)?;
        let grouping = self.grouping()?;
        if !self.filters.is_empty() {
            return Err(QueryError::FilterNotKept);
        }
        let dimension = grouping.as_ref().map(|(name, _)| name.as_str());
        let order = self.order_by.iter().map(|(column, direction)| sort(column, direction, &metrics, dimension));
        let order = order.collect::<Result<_, _>>()?;
        let limit = self.pagination.limit.unwrap_or(PAGE);
        if !(1..=PAGE).contains(&limit) {
            return Err(QueryError::Pagination(format!("limit is {limit}; allowed are 1 to {PAGE}")));
        }
        let time_labels = self.include.time_labels;
        if time_labels && !matches!(grouping, Some((_, Grouping::Time(_)))) {
            let message = "include.time_labels needs a time dimension".to_owned();
            return Err(QueryError::Malformed(message));
        }
        Ok(Query {
            site,
            metrics,
            range,
            grouping,
            order,
            total_rows: self.include.total_rows,
            time_labels,
            limit,
            offset: self.pagination.offset,
        })
    }

    fn grouping(&self) -> Result<Option<(String, Grouping)>, QueryError> {
        let mut known = Vec::new();
        for name in &self.dimensions {
            known.push((name.clone(), grouping(name)?));
        }
        if known.len() > 1 {
            return Err(QueryError::CrossingNotKept);
        }
        Ok(known.pop())
    }
}

fn metrics(names: &[String]) -> Result<Vec<Metric>, QueryError> {
    let mut metrics: Vec<Metric> = Vec::new();
    for name in names {
        let metric = metric(name)?;
        if metrics.contains(&metric) {
            return Err(QueryError::Metric(format!("`{}` is asked for twice", metric.name)));
        }
        metrics.push(metric);
    }
    if metrics.is_empty() {
        return Err(QueryError::Metric("at least one is needed".to_owned()));
    }
    Ok(metrics)
}

fn sort(column: &str, direction: &str, metrics: &[Metric], dimension: Option<&str>) -> Result<Sort, QueryError> {
    let descending = match direction {
        "asc" => false,
        "desc" => true,
        _ => return Err(QueryError::Order("a direction is `asc` or `desc`".to_owned())),
    };
    if dimension == Some(column) {
        return Ok(Sort { metric: None, descending });
    }
    let position = metrics.iter().position(|metric| metric.name == column);
    let metric = position.ok_or_else(|| {
        QueryError::Order("order by a metric or the dimension of this query; one is neither".to_owned())
    })?;
    Ok(Sort { metric: Some(metric), descending })
}

/// What serde says, with the key it is about and without what was sent (P9).
fn malformed(error: &serde_path_to_error::Error<serde_json::Error>) -> QueryError {
    let text = without_place(error.inner());
    if text.starts_with("unknown field") {
        return QueryError::Malformed(unknown_key(&text));
    }
    let cause = match text.split_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None => text,
    };
    let path = error.path().to_string();
    QueryError::Malformed(if path == "." || path == "?" { cause } else { format!("{path}: {cause}") })
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
