//! The answer as the API gives it. Types only.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::metric::Figure;
use super::period::Period;
use crate::clickhouse::Numbers;
use crate::model::{ImportedDays, Measure, Site};

/// An answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// The rows.
    pub results: Vec<ResultRow>,
    /// What to know about them.
    pub meta: Meta,
    /// The question as it was understood.
    pub query: Echo,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ResultRow {
    /// The value of each dimension.
    pub dimensions: Vec<String>,
    /// The numbers, in the order of the metrics.
    pub metrics: Vec<Figure>,
    /// The same group in the days compared with, when asked for. Missing where these have fewer buckets of time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Compared>,
}

/// The same group in the days compared with.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// The value of each dimension then; differs from now in time only.
    pub dimensions: Vec<String>,
    /// The numbers then.
    pub metrics: Vec<Figure>,
    /// The change since then in percent; null where the number was zero.
    pub change: Vec<Option<Figure>>,
}

/// What to know about the rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Meta {
    /// What was folded.
    pub suppressed: Suppressed,
    /// How `visitors` is to be read.
    pub visitors: VisitorsKind,
    /// The zone days and hours are in.
    pub timezone: String,
    /// What `(other)` is, where rows come from pairs of values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<Remainder>,
    /// The currency of revenue, when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revenue: Option<Revenue>,
    /// Number of rows on all pages, when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_rows: Option<u64>,
    /// The labels of the whole range, when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_labels: Option<Vec<String>>,
    /// Days of the range that were filled in from files, by import.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub imported: Vec<Imported>,
}

/// Days of a range that were filled in from files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ImportedDays)]
pub struct Imported {
    /// What the files were.
    #[schema(example = "plausible")]
    pub format: String,
    /// `events` were counted as any other; `totals` are another product's numbers of days that were not counted here, of
    /// which there are no hours, crossings and places finer than a country.
    #[schema(example = "totals")]
    pub kind: &'static str,
    /// First and last day, as far as they lie in the range.
    pub date_range: [String; 2],
}

impl Imported {
    /// Those of a site that reach into the period.
    pub(super) fn within(site: &Site, Period { from, to }: Period) -> Vec<Self> {
        let reaches = |days: &&ImportedDays| days.from.date() <= to && days.to.date() >= from;
        let told = |days: &ImportedDays| Self {
            format: days.format.to_string(),
            kind: if days.are_totals { "totals" } else { "events" },
            date_range: [days.from.date().max(from).to_string(), days.to.date().min(to).to_string()],
        };
        site.imported.iter().filter(reaches).map(told).collect()
    }
}

/// What was folded because too few visitors stand behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Suppressed {
    /// Groups, as far as they are known: the remainder of a filtered table counts as one. Where there is no `(other)`,
    /// those of all values of the filter's dimension.
    pub rows: u64,
    /// Visitors in them, at most.
    pub visitors: u64,
    /// Events of them; where there is no `(other)`, at most.
    pub events: u64,
}

impl Suppressed {
    /// Adds the numbers of a group.
    pub(super) fn add(&mut self, numbers: &Numbers) {
        self.visitors += u64::try_from(numbers.visitors).unwrap_or(0);
        self.events += u64::try_from(numbers.measures[Measure::Events]).unwrap_or(0);
    }
}

/// How `visitors` is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitorsKind {
    /// The sum of the unique visitors of each day, exact for one day: who came on two days counts twice.
    DailySum,
    /// The same, and some row adds up groups of which one visitor may be in several: there are at most as many.
    UpperBound,
}

/// What `(other)` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Remainder {
    /// What the rows shown leave of the filter's total, exactly: folded groups, and events without a value.
    Exact,
    /// Not given: values overlap, so that rows are no parts of a total.
    NotGiven,
}

/// The currency of revenue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Revenue {
    /// ISO 4217 code.
    pub currency: String,
    /// Other currencies that payments were made in, most payments first.
    pub others: Vec<String>,
}

/// The question as it was understood.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Echo {
    /// The site.
    pub site_id: String,
    /// The metrics.
    pub metrics: Vec<&'static str>,
    /// First and last day, in the site's zone.
    pub date_range: [String; 2],
    /// First and last day compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison_date_range: Option<[String; 2]>,
    /// The dimensions.
    pub dimensions: Vec<String>,
    /// The filter: operator, dimension, values.
    pub filters: Vec<(String, String, Vec<String>)>,
    /// The order of the rows.
    pub order_by: Vec<(String, &'static str)>,
    /// What else was asked for.
    pub include: EchoInclude,
    /// The page.
    pub pagination: EchoPagination,
}

/// What else was asked for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EchoInclude {
    /// The number of rows.
    pub total_rows: bool,
    /// The labels.
    pub time_labels: bool,
    /// The comparison.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Value>,
    /// The currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<&'static str>,
}

/// The page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct EchoPagination {
    /// Most rows.
    pub limit: u64,
    /// Rows skipped.
    pub offset: u64,
}
