//! Totals of days that another product counted: read whole, added up by day, handed in a few days at a time. A day that has
//! counts of its own is left alone. Called by [`super::run`].

mod plausible;

use std::collections::BTreeMap;
use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::error::ImportError;
use super::input::Input;
use super::records::Records;
use super::skip::Skip;
use super::tally::Tally;
use crate::courier::{Answer, Connection, CourierError, Patience, Request, WHO};
use crate::registry::{ImportDone, ImportKind, Registry};

/// Days of a request, and cells after which one is sent all the same.
const DAYS: (usize, usize) = (5, 50_000);

/// How often a server is asked that does not know of the import yet, and the time between.
const QUESTIONS: u32 = 50;
const BETWEEN: Duration = Duration::from_millis(200);

/// What is counted of a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Unique visitors; of rows that are added up, their sum.
    pub visitors: u64,
    /// Page views.
    pub pageviews: u64,
    /// Events, page views among them.
    pub events: u64,
    /// Visits.
    pub visits: u64,
    /// Visits of one page view.
    pub bounces: u64,
    /// Seconds of all visits together.
    pub visit_secs: u64,
    /// Seconds pages were looked at.
    pub engaged_secs: u64,
    /// Page views of which that is known.
    pub engaged_n: u64,
    /// Furthest scroll positions added up.
    pub scroll_pct_sum: u64,
    /// Page views of which that is known.
    pub scroll_n: u64,
}

impl Counts {
    fn add(&mut self, other: &Self) {
        let Self { visitors, pageviews, events, visits, bounces, visit_secs, engaged_secs, engaged_n, .. } = other;
        self.visitors += visitors;
        self.pageviews += pageviews;
        self.events += events;
        self.visits += visits;
        self.bounces += bounces;
        self.visit_secs += visit_secs;
        self.engaged_secs += engaged_secs;
        self.engaged_n += engaged_n;
        self.scroll_pct_sum += other.scroll_pct_sum;
        self.scroll_n += other.scroll_n;
    }
}

/// The groups of a day, by code of the dimension and value.
#[derive(Debug, Default)]
pub struct Book(BTreeMap<Date, Groups>);

/// Counts by code of the dimension and value.
type Groups = BTreeMap<(&'static str, String), Counts>;

impl Book {
    /// Adds a row to a group.
    pub fn add(&mut self, day: Date, dimension: &'static str, value: impl Into<String>, counts: &Counts) {
        self.0.entry(day).or_default().entry((dimension, value.into())).or_default().add(counts);
    }

    /// Events of a day that are in its totals only once every file is read: those that are no page views.
    fn complete(&mut self) {
        for groups in self.0.values_mut() {
            let named: u64 = groups
                .iter()
                .filter(|((dimension, name), _)| *dimension == "event" && name != "pageview")
                .map(|(_, counts)| counts.events)
                .sum();
            if let Some(total) = groups.get_mut(&("total", String::new())) {
                total.events = total.pageviews + named;
                let seen = Counts { events: total.pageviews, ..*total };
                groups.insert(("event", "pageview".to_owned()), seen);
            }
        }
        // A day of which only parts are known is none.
        self.0.retain(|_, groups| groups.contains_key(&("total", String::new())));
    }
}

/// What an import of totals speaks to.
pub struct Laying<'a> {
    /// The list of imports.
    pub registry: &'a Registry,
    /// The site.
    pub site: &'a str,
    /// What the files are.
    pub format: &'static str,
    /// The server.
    pub server: SocketAddr,
    /// Value of `Authorization`.
    pub bearer: &'a str,
    /// Waits, and ends it early.
    pub patience: &'a Patience,
}

impl Laying<'_> {
    /// Reads the files and hands in what they say.
    ///
    /// # Errors
    /// A file cannot be read, or the server refuses.
    pub fn work(&self, inputs: &[Input], tally: &mut Tally) -> Result<(), ImportError> {
        let mut book = Book::default();
        for input in inputs {
            self.read(input, &mut book, tally)?;
        }
        book.complete();
        let id = self.import_id(&book)?;
        let mut connection = Connection::new(self.server);
        let mut waiting = Vec::new();
        let mut days = book.0.into_iter().peekable();
        while let Some(day) = days.next() {
            waiting.push(day);
            let cells: usize = waiting.iter().map(|(_, groups)| groups.len()).sum();
            if days.peek().is_none() || waiting.len() >= DAYS.0 || cells >= DAYS.1 {
                self.hand_in(&id, &std::mem::take(&mut waiting), &mut connection, tally)?;
            }
        }
        self.note(&id, &ImportDone { is_over: true, ..ImportDone::default() })
    }

    fn read(&self, input: &Input, book: &mut Book, tally: &mut Tally) -> Result<(), ImportError> {
        let silent = indicatif::ProgressBar::hidden();
        let name = input.name();
        let Some(mut table) = plausible::table(&name) else { return Ok(()) };
        let mut records = Records::new(input.open(&silent)?, sha2::Digest::new(), true, false);
        let here = |cause| ImportError::File { path: input.path.clone(), cause };
        while let Some(record) = records.read().map_err(here)? {
            let outcome = if record.is_too_long { Err(Skip::TooLong) } else { table.take(&record.text, book) };
            match outcome {
                Err(Skip::Heading) => continue,
                Err(why) => tally.skip(why, &name, record.line),
                Ok(()) => {}
            }
            tally.read += 1;
        }
        Ok(())
    }

    /// An earlier import of the same format goes on when it was cut short or reaches into these days; else a new one begins.
    fn import_id(&self, book: &Book) -> Result<String, ImportError> {
        let snapshot = self.registry.snapshot();
        let known = snapshot.record(self.site).map(|record| record.imports.as_slice()).unwrap_or_default();
        let touches =
            |days: Option<(Date, Date)>| days.is_none_or(|(first, last)| book.0.range(first..=last).next().is_some());
        let mut same = known.iter().rev().filter(|one| one.kind == ImportKind::Totals && one.format == self.format);
        if let Some(import) = same.find(|import| touches(import.days)) {
            return Ok(import.id.clone());
        }
        let begin = |draft: &mut crate::registry::Draft| draft.begin_import(self.site, self.format, ImportKind::Totals);
        Ok(self.registry.update(WHO, begin)?)
    }

    fn hand_in(
        &self,
        id: &str,
        days: &[(Date, Groups)],
        connection: &mut Connection,
        tally: &mut Tally,
    ) -> Result<(), ImportError> {
        let body = serde_json::to_vec(&Sent { days: days.iter().map(sent).collect() }).map_err(std::io::Error::from)?;
        let target = format!("/api/v1/sites/{}/imports/{id}/days", self.site);
        let headers = [("authorization", self.bearer), ("content-type", "application/json")];
        let request = Request { method: "POST", target: &target, headers: &headers, body: &body };
        let answer = self.asked(connection, &request)?;
        let refused = |code: String| CourierError::Refused { status: answer.status, code };
        if answer.status != 200 {
            let problem: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            return Err(refused(problem["code"].as_str().unwrap_or("no reason given").to_owned()).into());
        }
        let said: Said =
            serde_json::from_slice(&answer.body).map_err(|_| refused("an answer that is not understood".to_owned()))?;
        let noted = self.noted_days(id);
        let is_noted = |day: Date| noted.is_some_and(|(first, last)| first <= day && day <= last);
        let mut done = ImportDone::default();
        for mut outcome in said.days {
            // Done by a request whose answer was lost: nobody has told of it yet.
            if outcome.outcome == "imported_before" && !is_noted(outcome.day) {
                outcome.outcome = "imported".to_owned();
            }
            let total = days.iter().find(|(day, _)| *day == outcome.day);
            let events = total.and_then(|(_, groups)| groups.get(&("total", String::new()))).map_or(0, |of| of.events);
            *tally.days.entry(outcome.outcome.clone()).or_default() += 1;
            match outcome.outcome.as_str() {
                "imported" => {
                    tally.counted += events;
                    done.events += events;
                    let days = done.days.get_or_insert((outcome.day, outcome.day));
                    *days = (days.0.min(outcome.day), days.1.max(outcome.day));
                }
                "imported_before" => tally.duplicates += events,
                reason => tally.drop(reason, events),
            }
        }
        if done.events > 0 || done.days.is_some() { self.note(id, &done) } else { Ok(()) }
    }

    /// The days that this import is known to have brought.
    fn noted_days(&self, id: &str) -> Option<(Date, Date)> {
        let snapshot = self.registry.snapshot();
        snapshot.record(self.site)?.imports.iter().find(|import| import.id == id)?.days
    }

    /// The server learns of a new import as it does of a new key: half a second later.
    fn asked(&self, connection: &mut Connection, request: &Request<'_>) -> Result<Answer, ImportError> {
        for _ in 0..QUESTIONS {
            let (answer, _) = self.patience.send(connection, request).ok_or(ImportError::Interrupted)??;
            if answer.status != 404 {
                return Ok(answer);
            }
            self.patience.sleep(BETWEEN).ok_or(ImportError::Interrupted)?;
        }
        Err(CourierError::Foreign(self.server).into())
    }

    fn note(&self, id: &str, done: &ImportDone) -> Result<(), ImportError> {
        Ok(self.registry.update(WHO, |draft| Ok(draft.note_import(self.site, id, done)?))?)
    }
}

#[derive(Serialize)]
struct Sent<'a> {
    days: Vec<SentDay<'a>>,
}

#[derive(Serialize)]
struct SentDay<'a> {
    day: Date,
    cells: Vec<SentCell<'a>>,
}

#[derive(Serialize)]
struct SentCell<'a> {
    dimension: &'a str,
    value: &'a str,
    #[serde(flatten)]
    counts: &'a Counts,
}

fn sent<'a>((day, groups): &'a (Date, Groups)) -> SentDay<'a> {
    let cells = groups.iter().map(|((dimension, value), counts)| SentCell { dimension, value, counts }).collect();
    SentDay { day: *day, cells }
}

#[derive(Deserialize)]
struct Said {
    days: Vec<SaidDay>,
}

#[derive(Deserialize)]
struct SaidDay {
    day: Date,
    outcome: String,
}

/// Tells how many days became what.
///
/// # Errors
/// The terminal is gone.
pub fn tell_days(tally: &Tally, out: &mut dyn Write) -> std::io::Result<()> {
    tally.days.iter().try_for_each(|(outcome, days)| writeln!(out, "days {outcome}: {days}"))
}
