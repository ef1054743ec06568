//! The answer as the API gives it. Types only.

use serde::Serialize;

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The rows.
    pub results: Vec<ResultRow>,
    /// What to know about them.
    pub meta: Meta,
    /// The question as it was understood.
    pub query: Echo,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ResultRow {
    /// The value of each dimension.
    pub dimensions: Vec<String>,
    /// The numbers, in the order of the metrics.
    pub metrics: Vec<i64>,
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
    /// Number of rows on all pages, when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_rows: Option<u64>,
    /// The labels of the whole range, when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_labels: Option<Vec<String>>,
}

/// What was folded because too few visitors stand behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Suppressed {
    /// Rows.
    pub rows: u64,
    /// Visitors in them.
    pub visitors: u64,
}

/// How `visitors` is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitorsKind {
    /// The sum of the unique visitors of each day, exact for one day: who came on two days counts twice.
    DailySum,
}

/// The question as it was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Echo {
    /// The site.
    pub site_id: String,
    /// The metrics.
    pub metrics: Vec<&'static str>,
    /// First and last day, in the site's zone.
    pub date_range: [String; 2],
    /// The dimensions.
    pub dimensions: Vec<String>,
    /// Always empty.
    pub filters: Vec<String>,
    /// The order of the rows.
    pub order_by: Vec<(String, &'static str)>,
    /// What else was asked for.
    pub include: EchoInclude,
    /// The page.
    pub pagination: EchoPagination,
}

/// What else was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct EchoInclude {
    /// The number of rows.
    pub total_rows: bool,
    /// The labels.
    pub time_labels: bool,
}

/// The page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct EchoPagination {
    /// Most rows.
    pub limit: u64,
    /// Rows skipped.
    pub offset: u64,
}
