//! P11: what is done with visitors, said for people and for machines out of what runs: the tables of the database, the
//! salts that exist, the dimensions of the program. Pure: `http` shows it, `app` brings the facts. It names a site only
//! when it is given one.

mod page;

use serde::Serialize;

use super::salt::SaltsTold;
use crate::model::Dimension;

pub use self::page::render;

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

/// The statement.
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
    never_kept: &'static [&'static str],
    kept_for_a_while: Vec<Exception>,
    opting_out: &'static [&'static str],
    limits: &'static [&'static str],
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

const NEVER_KEPT: &[&str] = &[
    "Addresses (IP). One is cut to its network (/24, or /48 of IPv6) before anything else sees it; the network is used in memory and dropped.",
    "User agents. Browser, system and kind of device are read from one; the text is dropped.",
    "Cookies or ids of visitors. The tracker sets none, and ids that apps send are turned into a number of the day and dropped.",
    "Rows of single events. What is stored are counts.",
    "Times of single events. Counts are of hours and days.",
    "Query strings and fragments of page addresses, campaign tags apart.",
    "Addresses of the pages visitors came from. Of them the host is kept.",
    "Texts that look like personal data: ids, e-mail addresses, tokens, telephone and other long numbers become placeholders. \
     This goes by shape; it cannot know that a word is a name.",
    "More than one number a day about visitors who opted out.",
];

const KEPT_FOR_A_WHILE: [(&str, &str); 8] = [
    (
        "Batches of counts on their way to the database. On a quiet site one batch is one event taken apart into counts.",
        "The database has confirmed them: a second or so, longer while it is away.",
    ),
    ("The same in the database, as long as they are not merged with others.", "The next merge, within an hour or so."),
    (
        "Sketches of the days that are not finished: hashes, under keys of the day, that tell how many visitors there were.",
        "The day is finished: two hours after its midnight. Then they become a number.",
    ),
    (
        "The visits going on when the program is stopped: a number of the day for each visitor, with times.",
        "The next start, which destroys them before it accepts anything.",
    ),
    ("Ids of batches that apps sent, hashed, so that a repeated batch is not counted twice.", "35 days."),
    ("Ids of single events that other products' clients sent, hashed, for the same reason.", "3 days."),
    (
        "How far each imported file was read: a length, and a keyed hash of all of it up to there.",
        "The site is removed.",
    ),
    ("Batches of counts that the database refused.", "The operator removes them, or 30 days."),
];

const OPTING_OUT: &[&str] = &[
    "Switch on Global Privacy Control or Do Not Track in the browser. It is honoured by the server, before address and browser are looked at.",
    "Or set `headcount_ignore` to any text in a site's local storage, in the browser's developer tools: then nothing is sent from it.",
];

const LIMITS: &[&str] = &[
    "This page describes what the program does. It is no statement about law; who runs this server answers for its use.",
    "It speaks of this program. A proxy in front of it, the site itself and other programs on either keep what they keep.",
    "Until a day is finished, who controls this machine could test whether a guessed network and browser were among its visitors.",
    "Numbers of single pages, sources and the like are shown also when they are small, unless the site is strict or the reader has a public link.",
    "Where a site's owner asks browsers to tell coarsely when they were first there, these keep a date. Then new and returning visitors are told apart.",
];

impl Statement {
    /// Says what is done.
    pub fn new(facts: Facts) -> Self {
        let exceptions = KEPT_FOR_A_WHILE.into_iter().map(|(what, until)| Exception { what, until });
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
            never_kept: NEVER_KEPT,
            kept_for_a_while: exceptions.collect(),
            opting_out: OPTING_OUT,
            limits: LIMITS,
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
