//! Totals of days that another product counted: read whole, added up by day, handed in a few days at a time. A day that has
//! counts of its own is left alone. Called by [`super::run`].

mod book;
mod ga4;
mod plausible;

use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use self::book::{Book, Counts, Groups, Reader};
use super::error::ImportError;
use super::input::Input;
use super::records::Records;
use super::skip::Skip;
use super::tally::Tally;
use crate::cli::import::ImportFormat;
use crate::courier::{Answer, Connection, CourierError, Patience, Request, WHO};
use crate::registry::{ImportDone, ImportKind, Registry};

/// Days of a request, and cells after which one is sent all the same.
const DAYS: (usize, usize) = (5, 50_000);

/// How often a server is asked that does not know of the import yet, and the time between.
const QUESTIONS: u32 = 50;
const BETWEEN: Duration = Duration::from_millis(200);

/// What an import of totals speaks to.
pub struct Laying<'a> {
    /// The list of imports.
    pub registry: &'a Registry,
    /// The site.
    pub site: &'a str,
    /// What the files are.
    pub format: ImportFormat,
    /// The server.
    pub server: SocketAddr,
    /// Value of `Authorization`.
    pub bearer: &'a str,
    /// Waits, and ends it early.
    pub patience: &'a Patience,
    /// Shows how far it is.
    pub progress: ProgressBar,
}

impl Laying<'_> {
    /// Reads the files and hands in what they say.
    ///
    /// # Errors
    /// A file cannot be read, or the server refuses.
    pub fn work(&self, inputs: &[Input], tally: &mut Tally) -> Result<(), ImportError> {
        let mut book = Book::default();
        let mut reader: Box<dyn Reader> = match self.format {
            ImportFormat::Ga4Csv => Box::new(ga4::Reports::default()),
            _ => Box::new(plausible::Export::default()),
        };
        self.progress.set_length(inputs.iter().map(Input::size).sum());
        let mut is_any = false;
        for input in inputs {
            is_any |= self.read(input, &mut *reader, (&mut book, tally))?;
        }
        if let (false, Some(input)) = (is_any, inputs.first()) {
            let why = "it has no name of a file of this format; give the export as it came";
            return Err(ImportError::Foreign { path: input.path.clone(), why });
        }
        reader.close(&mut book);
        book.complete();
        let id = self.import_id(&book)?;
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} days, {eta} left") {
            self.progress.set_style(style);
        }
        self.progress.reset();
        self.progress.set_length(book.0.len() as u64);
        let mut connection = Connection::new(self.server);
        let mut waiting = Vec::new();
        let mut days = book.0.into_iter().peekable();
        while let Some(day) = days.next() {
            waiting.push(day);
            let cells: usize = waiting.iter().map(|(_, groups)| groups.len()).sum();
            if days.peek().is_none() || waiting.len() >= DAYS.0 || cells >= DAYS.1 {
                let days = std::mem::take(&mut waiting);
                self.hand_in(&id, &days, &mut connection, tally)?;
                self.progress.inc(days.len() as u64);
            }
        }
        self.note(&id, &ImportDone { is_over: true, ..ImportDone::default() })
    }

    /// Reads a file; false when it is none of the format.
    fn read(
        &self,
        input: &Input,
        reader: &mut dyn Reader,
        (book, tally): (&mut Book, &mut Tally),
    ) -> Result<bool, ImportError> {
        let name = input.name();
        if !reader.begin(&name) {
            return Ok(false);
        }
        let mut records = Records::new(input.open(&self.progress)?, sha2::Digest::new(), true, false);
        let here = |cause| ImportError::File { path: input.path.clone(), cause };
        while let Some(record) = records.read().map_err(here)? {
            let outcome = if record.is_too_long { Err(Skip::TooLong) } else { reader.take(&record.text, book) };
            match outcome {
                Err(Skip::Heading) => continue,
                Err(why) => tally.skip(why, &name, record.line),
                Ok(()) => {}
            }
            tally.read += 1;
        }
        tally.unplaced += reader.unplaced();
        let ended = reader.end().map_err(|why| ImportError::Foreign { path: input.path.clone(), why });
        ended.map(|()| true)
    }

    /// An earlier import of the same format goes on when it was cut short or reaches into these days; else a new one begins.
    fn import_id(&self, book: &Book) -> Result<String, ImportError> {
        let snapshot = self.registry.snapshot();
        let known = snapshot.record(self.site).map(|record| record.imports.as_slice()).unwrap_or_default();
        let touches =
            |days: Option<(Date, Date)>| days.is_none_or(|(first, last)| book.0.range(first..=last).next().is_some());
        let mut same =
            known.iter().rev().filter(|one| one.kind == ImportKind::Totals && one.format == self.format.code());
        if let Some(import) = same.find(|import| touches(import.days)) {
            return Ok(import.id.clone());
        }
        let begin =
            |draft: &mut crate::registry::Draft| draft.begin_import(self.site, self.format.code(), ImportKind::Totals);
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
