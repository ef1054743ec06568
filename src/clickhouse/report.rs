//! What can be read for reports, as typed requests: cells of one dimension, or sealed crossings of two, summed by time
//! and value. Called by `stats`, which decides what is asked and what may leave (P7); the SQL is in
//! [`super::report_sql`].

use std::ops::AddAssign;

use clickhouse::Row;
use clickhouse::query::Query;
use regex::Regex;
use serde::Deserialize;

use super::failure::StoreError;
use super::report_sql as sql;
use super::store::Store;
use crate::model::{Day, Dimension, Hour, Measure, Measures, Rules, SiteId};

/// The value under which groups are folded that too few visitors stand behind.
pub const OTHER: &str = "(other)";

/// Which values of a dimension are meant, by their label.
#[derive(Clone, Debug)]
pub enum Pick {
    /// All of them.
    All,
    /// These.
    Is(Vec<String>),
    /// All but these.
    IsNot(Vec<String>),
    /// Those that hold one of these texts.
    Contains(Vec<String>),
    /// Those that match. ClickHouse reads the same pattern.
    Matches(Regex),
}

impl Pick {
    /// Whether a label is meant. What was folded is no value that could be picked.
    pub fn holds(&self, label: &str) -> bool {
        match self {
            Self::All => true,
            _ if label == OTHER => false,
            Self::Is(labels) => labels.iter().any(|known| known == label),
            Self::IsNot(labels) => labels.iter().all(|known| known != label),
            Self::Contains(texts) => texts.iter().any(|text| label.contains(text.as_str())),
            Self::Matches(pattern) => pattern.is_match(label),
        }
    }
}

/// Values of a dimension.
#[derive(Clone, Debug)]
pub struct Side {
    /// The dimension.
    pub dimension: Dimension,
    /// Only values that start with this; a label is what follows. `key=` for a property, else empty.
    pub prefix: String,
    /// Which of them.
    pub pick: Pick,
}

impl Side {
    /// Every value of a dimension.
    pub fn all(dimension: Dimension) -> Self {
        Self { dimension, prefix: String::new(), pick: Pick::All }
    }

    /// The label of a stored value that is meant; `None` when it is not.
    pub fn label<'v>(&self, value: &'v str) -> Option<&'v str> {
        value.strip_prefix(self.prefix.as_str()).filter(|label| self.pick.holds(label))
    }
}

/// What is summed.
#[derive(Clone, Debug)]
pub enum Counted {
    /// Cells.
    Cells(Side),
    /// Crossings of sealed days; rows are labelled by `rows`.
    Crossings {
        /// The side that gives the labels.
        rows: Side,
        /// The side that is filtered by.
        filter: Side,
    },
}

/// Which days are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Days {
    /// Sealed and open ones.
    Both,
    /// Those sealed under rules that meet these: nothing is left in them that had to be folded.
    Met(Rules),
    /// Those sealed under weaker ones, and those that have no seal.
    Unmet(Rules),
}

/// What a request reads.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The site.
    pub site: SiteId,
    /// Cells or crossings.
    pub counted: Counted,
    /// First day.
    pub from: Day,
    /// Last day, included.
    pub to: Day,
    /// Which of them. Crossings are read of sealed days only.
    pub days: Days,
}

/// A number asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Unique visitors of each day and value, summed.
    Visitors,
    /// A sum.
    Sum(Measure),
}

/// How finely time is cut. Coarser buckets are sums of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// Not at all.
    Whole,
    /// One row per day and hour; only cells of hourly dimensions have them.
    Hour,
    /// One row per day.
    Day,
}

/// What rows stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    /// Time.
    pub grain: Grain,
    /// Whether each label has rows of its own.
    pub label: bool,
}

/// The numbers of a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Sums; those not asked for are zero.
    pub measures: Measures,
    /// Unique visitors of each day, summed over days and values.
    pub visitors: i64,
}

impl Numbers {
    /// Whether nothing was counted.
    pub fn is_zero(&self) -> bool {
        self.measures.is_zero() && self.visitors == 0
    }
}

impl AddAssign for Numbers {
    fn add_assign(&mut self, other: Self) {
        self.measures += other.measures;
        self.visitors = self.visitors.saturating_add(other.visitors);
    }
}

/// A group and its numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRow {
    /// The day; the first that can be stored when time is not cut.
    pub day: Day,
    /// The hour; [`Hour::WHOLE_DAY`] unless hours are asked for.
    pub hour: Hour,
    /// The label; empty unless labels are asked for.
    pub label: String,
    /// The numbers asked for.
    pub numbers: Numbers,
}

/// Rows are read in blocks as long as they may be, not cut where they hold a megabyte: of a dozen columns that would be a
/// fifth of the length, and a question over a year that reads all rows of a pair takes a quarter less.
const BLOCKS: (&str, &str) = ("preferred_block_size_bytes", "0");

#[derive(Row, Deserialize)]
struct RawRow {
    on_day: u16,
    at: u8,
    label: String,
    numbers: Vec<i64>,
}

impl Store {
    /// The sums of a scope, one row per group that has any, in no order.
    ///
    /// # Errors
    /// ClickHouse is away, or does not accept the pattern of a [`Pick::Matches`]. There are more than `most` rows, or
    /// than may be in memory: nothing is cut off in silence.
    pub async fn report(
        &self,
        scope: &Scope,
        by: By,
        quantities: &[Quantity],
        most: Option<u64>,
    ) -> Result<Vec<ReportRow>, StoreError> {
        let most = most.unwrap_or(u64::MAX).min(self.most_rows());
        let query = bind(self.client().query(&sql::report(scope, by, quantities, most + 1)), scope);
        let query = query.with_setting(BLOCKS.0, BLOCKS.1);
        let rows = within(self.read(query.fetch_all::<RawRow>()).await?, most)?;
        let typed = rows.into_iter().map(|row| ReportRow {
            day: Day(row.on_day),
            hour: Hour(row.at),
            label: row.label,
            numbers: numbers(quantities, &row.numbers),
        });
        Ok(typed.collect())
    }

    /// The first day a site has cells on.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn first_day(&self, site: &SiteId) -> Result<Option<Day>, StoreError> {
        let query = self.client().query(sql::FIRST_DAY).param("site", site.as_str());
        let days = self.read(query.fetch_all::<u16>()).await?;
        Ok(days.first().copied().map(Day))
    }

    /// The days from `from` to `to` of which the open tables hold anything, oldest first.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn open_days(&self, site: &SiteId, from: Day, to: Day) -> Result<Vec<Day>, StoreError> {
        let query = self.client().query(sql::OPEN_DAYS).param("site", site.as_str());
        let query = query.param("from", from.to_string()).param("to", to.to_string());
        Ok(self.read(query.fetch_all::<u16>()).await?.into_iter().map(Day).collect())
    }
}

/// Rows of which one more was asked for than there may be.
pub(super) fn within<T>(rows: Vec<T>, most: u64) -> Result<Vec<T>, StoreError> {
    if rows.len() as u64 > most { Err(StoreError::TooManyRows { most }) } else { Ok(rows) }
}

fn numbers(quantities: &[Quantity], sums: &[i64]) -> Numbers {
    let mut numbers = Numbers::default();
    for (quantity, sum) in quantities.iter().zip(sums) {
        match quantity {
            Quantity::Visitors => numbers.visitors = *sum,
            Quantity::Sum(measure) => numbers.measures[*measure] = *sum,
        }
    }
    numbers
}

/// Fills in what a report's `WHERE` asks for.
fn bind(query: Query, scope: &Scope) -> Query {
    let query = query
        .param("site", scope.site.as_str())
        .param("from", scope.from.to_string())
        .param("to", scope.to.to_string());
    match &scope.counted {
        Counted::Cells(rows) => bind_side(query, "row", rows),
        Counted::Crossings { rows, filter } => bind_side(bind_side(query, "row", rows), "filter", filter),
    }
}

fn bind_side(query: Query, name: &str, side: &Side) -> Query {
    let query = query
        .param(&format!("{name}_dim"), side.dimension.code())
        .param(&format!("{name}_prefix"), side.prefix.as_str());
    let picked = format!("{name}_pick");
    match &side.pick {
        Pick::All => query,
        Pick::Is(labels) => query.param(&picked, values(side, labels.iter().filter(|label| *label != OTHER))),
        Pick::IsNot(labels) => query.param(&picked, values(side, labels.iter())),
        Pick::Contains(texts) => query.param(&picked, texts),
        Pick::Matches(pattern) => query.param(&picked, pattern.as_str()),
    }
}

/// The stored values of labels.
fn values<'l>(side: &Side, labels: impl Iterator<Item = &'l String>) -> Vec<String> {
    labels.map(|label| format!("{}{label}", side.prefix)).collect()
}
