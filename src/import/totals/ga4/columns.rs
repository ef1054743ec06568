//! The columns of GA4's tables, by the names it gives them in English.

use crate::import::decode::{country, fields};
use crate::import::skip::Skip;

/// A column whose values are kept, and how.
#[derive(Clone, Copy)]
pub struct Group {
    /// Code of the dimension.
    pub dimension: &'static str,
    /// Its value as it is kept; empty for one that is not.
    pub clean: fn(&str) -> String,
}

/// A number that is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// Page and screen views.
    Views,
    /// Events of all kinds.
    Events,
    /// Everybody who was there.
    Users,
    /// Those of them who stayed.
    ActiveUsers,
    /// Visits.
    Sessions,
    /// Those that were more than a glance.
    EngagedSessions,
    /// Seconds of each, on average.
    SessionDuration,
}

#[derive(Clone, Copy)]
enum Column {
    Date,
    Group(Group),
    Number(Number),
    /// A dimension that is not kept: rows of it are added up.
    Other,
    /// A number that is not kept.
    Ignored,
}

/// The columns of a table.
pub struct Columns {
    columns: Vec<Column>,
    is_kept: bool,
}

impl Columns {
    /// The columns of a heading. What stands before the first number is a dimension, whatever it is called.
    pub fn of(heading: &[String]) -> Self {
        let mut columns: Vec<Column> = heading.iter().map(|name| column(&name.trim().to_lowercase())).collect();
        let first = columns.iter().position(|column| matches!(column, Column::Number(_) | Column::Ignored));
        let first = first.unwrap_or(columns.len());
        for column in columns.iter_mut().skip(first).filter(|column| matches!(column, Column::Other)) {
            *column = Column::Ignored;
        }
        // Days of a chart are numbered from its first one, and its lines are only the longest ones.
        let is_chart = heading.iter().any(|name| name.trim().to_lowercase().starts_with("nth "));
        let is_kept = !is_chart && columns.iter().any(|column| matches!(column, Column::Number(_)));
        Self { columns, is_kept }
    }

    /// Its rows are not read.
    pub fn pass_over(&mut self) {
        self.is_kept = false;
    }

    /// Whether its rows are read.
    pub fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether rows tell their day.
    pub fn has_date(&self) -> bool {
        self.columns.iter().any(|column| matches!(column, Column::Date))
    }

    /// The day of a row.
    pub fn date<'a>(&self, values: &'a [String]) -> Option<&'a str> {
        self.columns
            .iter()
            .zip(values)
            .find(|(column, _)| matches!(column, Column::Date))
            .map(|(_, value)| value.as_str())
    }

    /// Whether a row has no dimension: the sum above or below the others.
    pub fn is_sum(&self, values: &[String]) -> bool {
        let mut dimensions = self
            .columns
            .iter()
            .zip(values)
            .filter(|(column, _)| matches!(column, Column::Date | Column::Group(_) | Column::Other));
        let has_any = self.columns.iter().any(|column| !matches!(column, Column::Number(_) | Column::Ignored));
        has_any && dimensions.all(|(_, value)| value.is_empty())
    }

    /// Whether rows tell of whole days.
    pub fn is_of_days(&self) -> bool {
        self.dimensions() == 0
    }

    /// Whether each row tells all there is of its value.
    pub fn is_of_one_dimension(&self) -> bool {
        self.dimensions() <= 1
    }

    fn dimensions(&self) -> usize {
        self.columns.iter().filter(|column| matches!(column, Column::Group(_) | Column::Other)).count()
    }

    /// The values of a row that are kept.
    pub fn groups<'a>(&'a self, values: &'a [String]) -> impl Iterator<Item = (&'a Group, &'a str)> {
        self.columns.iter().zip(values).filter_map(|(column, value)| match column {
            Column::Group(group) => Some((group, value.as_str())),
            _ => None,
        })
    }

    /// The event a row is about.
    pub fn event<'a>(&'a self, values: &'a [String]) -> Option<&'a str> {
        self.groups(values).find(|(group, _)| group.dimension == "event").map(|(_, value)| value)
    }

    /// A number of a row; `None` when there is no such column.
    ///
    /// # Errors
    /// [`Skip::Malformed`]: it is none.
    pub fn number(&self, wanted: Number, values: &[String]) -> Result<Option<u64>, Skip> {
        self.text(wanted, values).map(|text| text.parse().map_err(|_| Skip::Malformed)).transpose()
    }

    /// A number with a fraction; 0 when it is none.
    pub fn seconds(&self, wanted: Number, values: &[String]) -> f64 {
        let number = self.text(wanted, values).and_then(|text| text.parse::<f64>().ok());
        number.filter(|seconds| (0.0..1e9).contains(seconds)).unwrap_or(0.0)
    }

    fn text<'a>(&self, wanted: Number, values: &'a [String]) -> Option<&'a str> {
        let is_it = |column: &Column| matches!(column, Column::Number(number) if *number == wanted);
        self.columns.iter().zip(values).find(|(column, _)| is_it(column)).map(|(_, value)| value.trim())
    }
}

fn column(name: &str) -> Column {
    let group = |dimension, clean| Column::Group(Group { dimension, clean });
    match name {
        "date" => Column::Date,
        "page path"
        | "page path and screen class"
        | "page path + query string"
        | "page path + query string and screen class"
        | "page location" => group("page", path),
        "landing page" | "landing page + query string" => group("entry_page", path),
        "hostname" => group("hostname", told),
        "event name" => group("event", told),
        "country" => group("country", |name| country::code(name).unwrap_or_default().to_owned()),
        "session default channel group"
        | "session primary channel group (default channel group)"
        | "session default channel grouping" => group("channel", told),
        "device category" => group("device", device),
        "browser" => group("browser", |name| fields::browser(name).to_owned()),
        "operating system" => group("os", system),
        "views" => Column::Number(Number::Views),
        "event count" => Column::Number(Number::Events),
        "total users" => Column::Number(Number::Users),
        "active users" => Column::Number(Number::ActiveUsers),
        "sessions" => Column::Number(Number::Sessions),
        "engaged sessions" => Column::Number(Number::EngagedSessions),
        "average session duration" => Column::Number(Number::SessionDuration),
        "new users" | "returning users" | "engagement rate" | "bounce rate" | "key events" | "total revenue" => {
            Column::Ignored
        }
        _ => Column::Other,
    }
}

/// What is not a word for nothing, or for the rest.
pub fn told(value: &str) -> String {
    if matches!(value, "(not set)" | "(other)" | "(data not available)") { String::new() } else { value.to_owned() }
}

/// Without host and query.
fn path(value: &str) -> String {
    let value = told(value);
    let local =
        value.split_once("://").map_or(value.as_str(), |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
    local.split(['?', '#']).next().unwrap_or_default().to_owned()
}

fn device(value: &str) -> String {
    match value {
        "desktop" => "Desktop",
        "mobile" => "Mobile",
        "tablet" => "Tablet",
        "smart tv" => "TV",
        _ => "",
    }
    .to_owned()
}

fn system(value: &str) -> String {
    match fields::system(&told(value), "").0.as_str() {
        "Linux" => "GNU/Linux".to_owned(),
        name => name.to_owned(),
    }
}
