//! The words of the API for dimensions, and what they stand for. Called by `query` and `filter`.

use super::error::QueryError;
use crate::clickhouse::{Pick, Side};
use crate::model::Dimension;

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

/// An attribute of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in requests.
    pub name: String,
    /// The dimension.
    pub dimension: Dimension,
    /// `key=` of a property, else empty.
    pub prefix: String,
}

impl Field {
    /// Some of its values.
    pub(super) fn side(&self, pick: Pick) -> Side {
        Side { dimension: self.dimension, prefix: self.prefix.clone(), pick }
    }

    /// The key, of a property.
    pub(super) fn key(&self) -> Option<&str> {
        self.prefix.strip_suffix('=')
    }

    /// Whether it is the same attribute as `other`.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.dimension == other.dimension && self.prefix == other.prefix
    }
}

/// What rows stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// Pieces of time.
    Time(TimeGrain),
    /// Values of an attribute.
    Field(Field),
}

const TIMES: [(&str, TimeGrain); 5] = [
    ("time", TimeGrain::Auto),
    ("time:hour", TimeGrain::Hour),
    ("time:day", TimeGrain::Day),
    ("time:week", TimeGrain::Week),
    ("time:month", TimeGrain::Month),
];

const FIELDS: [(&str, Dimension); 27] = [
    ("event:page", Dimension::Page),
    ("event:section", Dimension::Section),
    ("event:name", Dimension::Event),
    ("event:goal", Dimension::Goal),
    ("event:hostname", Dimension::Hostname),
    ("visit:entry_page", Dimension::EntryPage),
    ("visit:exit_page", Dimension::ExitPage),
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
    ("visit:city", Dimension::City),
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

/// What rows stand for when they are asked for by this name.
pub(super) fn grouping(name: &str) -> Result<Grouping, QueryError> {
    if let Some((_, grain)) = TIMES.into_iter().find(|(known, _)| *known == name) {
        return Ok(Grouping::Time(grain));
    }
    field(name).map(Grouping::Field).ok_or_else(unknown_dimension)
}

/// The attribute of this name.
pub(super) fn field(name: &str) -> Option<Field> {
    let known = FIELDS.into_iter().find(|(known, _)| *known == name);
    let (dimension, prefix) = match known {
        Some((_, dimension)) => (dimension, String::new()),
        None => (Dimension::Prop, format!("{}=", property_key(name)?)),
    };
    Some(Field { name: name.to_owned(), dimension, prefix })
}

/// Keys are stored without `=`: one that has it would reach into the values of another.
fn property_key(name: &str) -> Option<&str> {
    name.strip_prefix(PROPERTY).filter(|key| !key.is_empty() && !key.contains('='))
}

/// The name of a dimension in requests; of properties the common part.
pub(super) fn name_of(dimension: Dimension) -> &'static str {
    FIELDS.into_iter().find(|(_, known)| *known == dimension).map_or("event:props:KEY", |(name, _)| name)
}

/// Every dimension of events that reports can be filtered by.
pub(super) fn filterable() -> impl Iterator<Item = Dimension> {
    Dimension::ALL.into_iter().filter(|dimension| dimension.filterable())
}

fn unknown_dimension() -> QueryError {
    let times = TIMES.iter().map(|(known, _)| *known);
    let fields = FIELDS.iter().map(|(known, _)| *known);
    let known: Vec<&str> = times.chain(fields).chain(["event:props:KEY"]).collect();
    QueryError::Dimension(format!("one of them is not known; known are {}", known.join(", ")))
}
