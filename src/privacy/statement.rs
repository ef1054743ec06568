//! P11: what is done with visitors, said for people and for machines out of what runs: the tables of the database, the
//! salts that exist, the dimensions of the program. Pure: `http` shows it, `app` brings the facts. It names a site only
//! when it is given one. The words, in each language, are in `words/`.

mod language;
mod page;
mod words;

use serde::Serialize;

use super::salt::SaltsTold;
use crate::model::Dimension;

pub use self::language::Language;
pub use self::page::render;
use self::words::Words;

/// What only the running program knows.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Version of the program.
    pub version: &'static str,
    /// When this is said, RFC 3339.
    pub said_at: String,
    /// k of a site whose owner chose none.
    pub min_visitors: u32,
    /// Months of a site whose owner chose none.
    pub retention_months: u16,
    /// The salts that exist.
    pub salts: SaltsTold,
    /// The tables of the database; `None` when it cannot be reached.
    pub tables: Option<Vec<Table>>,
    /// The site that was asked about, when it shows its numbers to everybody.
    pub site: Option<SiteFacts>,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub meaning: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type, in ClickHouse's words.
    pub r#type: String,
    /// What it holds.
    pub meaning: String,
    /// Whether it is written to disk; else it exists while rows are inserted.
    pub stored: bool,
}

/// How one site is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SiteFacts {
    /// Its id.
    pub id: String,
    /// k.
    pub min_visitors: u32,
    /// Whether k holds for every dimension.
    pub strict: bool,
    /// Months that finished days are kept.
    pub retention_months: u16,
    /// The zone in which its days begin.
    pub timezone: String,
    /// Whether browsers told when they were first here; `None` when that cannot be looked up now.
    pub cohorts: Option<bool>,
}

/// The statement, for machines in English.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Statement {
    program: &'static str,
    version: &'static str,
    said_at: String,
    /// W3C Tracking Preference Expression: not tracking.
    tracking: &'static str,
    site: Option<SiteFacts>,
    min_visitors: Choice<u32>,
    retention_months: Choice<u16>,
    granularity: Granularity,
    salts: Salts,
    never_kept: &'static [String],
    kept_for_a_while: Vec<Exception>,
    opting_out: &'static [String],
    limits: &'static [String],
    tables: Option<Vec<Table>>,
}

/// A number that owners of sites may choose.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
struct Choice<T> {
    default: T,
    chosen_by: &'static str,
    least: T,
    most: T,
}

/// How fine counts are.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Granularity {
    finest_time: &'static str,
    by_hour: Vec<&'static str>,
    by_day: Vec<&'static str>,
    pairs: &'static str,
}

/// The keys that make visitors of one day countable, and nobody recognisable on the next.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Salts {
    number: usize,
    oldest_hours: Option<i64>,
    /// SHA-256 of each, in hexadecimal.
    commitments: Vec<String>,
}

/// Something finer than counts, and its end.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
struct Exception {
    what: &'static str,
    until: &'static str,
}

impl Statement {
    /// Says what is done.
    pub fn new(facts: Facts) -> Self {
        let words = Words::of(Language::English);
        let exceptions = words.for_a_while.items.iter().map(|(what, until)| Exception { what, until });
        let owner = "the owner of a site";
        Self {
            program: "Headcount",
            version: facts.version,
            said_at: facts.said_at,
            tracking: "N",
            site: facts.site,
            min_visitors: Choice { default: facts.min_visitors, chosen_by: owner, least: 1, most: 1_000_000 },
            retention_months: Choice { default: facts.retention_months, chosen_by: owner, least: 1, most: 120 },
            granularity: Granularity::of_the_program(),
            salts: Salts::from(facts.salts),
            never_kept: &words.never_kept.items,
            kept_for_a_while: exceptions.collect(),
            opting_out: &words.opting_out.items,
            limits: &words.limits.items,
            tables: facts.tables,
        }
    }
}

impl Granularity {
    fn of_the_program() -> Self {
        let codes = |hourly| {
            let chosen = Dimension::ALL.into_iter().filter(move |dimension| dimension.hourly() == hourly);
            chosen.map(Dimension::code).collect()
        };
        Self { finest_time: "hour", by_hour: codes(true), by_day: codes(false), pairs: "day" }
    }
}

impl From<SaltsTold> for Salts {
    fn from(told: SaltsTold) -> Self {
        let hex = |bytes: &[u8; 32]| bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let commitments: Vec<String> = told.commitments.iter().map(hex).collect();
        Self { number: commitments.len(), oldest_hours: told.oldest_hours, commitments }
    }
}

#[cfg(test)]
mod tests;
