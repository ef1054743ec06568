//! The words of the API for metrics and dimensions, and what they stand for.

use super::error::QueryError;
use crate::clickhouse::Quantity;
use crate::model::{Dimension, Measure};

/// A metric that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Its name in requests.
    pub name: &'static str,
    /// What is read for it.
    pub quantity: Quantity,
}

const METRICS: [Metric; 3] = [
    Metric { name: "visitors", quantity: Quantity::Visitors },
    Metric { name: "pageviews", quantity: Quantity::Sum(Measure::Pageviews) },
    Metric { name: "events", quantity: Quantity::Sum(Measure::Events) },
];

/// How a series is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeGrain {
    /// By the length of the range.
    Auto,
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Weeks, labelled by their Monday.
    Week,
    /// Calendar months, labelled by their first day.
    Month,
}

/// What rows stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// Pieces of time.
    Time(TimeGrain),
    /// Values of a dimension.
    Attribute(Dimension),
    /// Values of one property.
    Property(String),
}

const TIMES: [(&str, TimeGrain); 5] = [
    ("time", TimeGrain::Auto),
    ("time:hour", TimeGrain::Hour),
    ("time:day", TimeGrain::Day),
    ("time:week", TimeGrain::Week),
    ("time:month", TimeGrain::Month),
];

const ATTRIBUTES: [(&str, Dimension); 23] = [
    ("event:page", Dimension::Page),
    ("event:section", Dimension::Section),
    ("event:name", Dimension::Event),
    ("event:hostname", Dimension::Hostname),
    ("visit:source", Dimension::Source),
    ("visit:channel", Dimension::Channel),
    ("visit:referrer", Dimension::Referrer),
    ("visit:utm_source", Dimension::UtmSource),
    ("visit:utm_medium", Dimension::UtmMedium),
    ("visit:utm_campaign", Dimension::UtmCampaign),
    ("visit:utm_term", Dimension::UtmTerm),
    ("visit:utm_content", Dimension::UtmContent),
    ("visit:country", Dimension::Country),
    ("visit:region", Dimension::Region),
    ("visit:device", Dimension::Device),
    ("visit:browser", Dimension::Browser),
    ("visit:browser_version", Dimension::BrowserVersion),
    ("visit:os", Dimension::Os),
    ("visit:os_version", Dimension::OsVersion),
    ("visit:language", Dimension::Language),
    ("visit:screen", Dimension::Screen),
    ("app:version", Dimension::AppVersion),
    ("app:install_source", Dimension::InstallSource),
];

const PROPERTY: &str = "event:props:";

/// The metric of this name.
pub(super) fn metric(name: &str) -> Result<Metric, QueryError> {
    let found = METRICS.into_iter().find(|metric| metric.name == name);
    found.ok_or_else(|| {
        let known = METRICS.map(|metric| metric.name).join(", ");
        QueryError::Metric(format!("one of them is not known; known are {known}"))
    })
}

/// The dimension of this name.
pub(super) fn grouping(name: &str) -> Result<Grouping, QueryError> {
    if let Some((_, grain)) = TIMES.into_iter().find(|(known, _)| *known == name) {
        return Ok(Grouping::Time(grain));
    }
    if let Some((_, dimension)) = ATTRIBUTES.into_iter().find(|(known, _)| *known == name) {
        return Ok(Grouping::Attribute(dimension));
    }
    match name.strip_prefix(PROPERTY) {
        // Keys are stored without `=`: one that has it would reach into the values of another.
        Some(key) if !key.is_empty() && !key.contains('=') => Ok(Grouping::Property(key.to_owned())),
        _ => Err(unknown_dimension()),
    }
}

fn unknown_dimension() -> QueryError {
    let times = TIMES.iter().map(|(known, _)| *known);
    let attributes = ATTRIBUTES.iter().map(|(known, _)| *known);
    let known: Vec<&str> = times.chain(attributes).chain(["event:props:KEY"]).collect();
    QueryError::Dimension(format!("one of them is not known; known are {}", known.join(", ")))
}
