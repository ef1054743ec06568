//! One file after the other, piece by piece: read, decode, send, write down how far it is. Called by [`super::run`], on a
//! thread of its own.

use std::io::BufRead;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use sha2::{Digest, Sha256};

use super::decode::umami_data::Properties;
use super::decode::{self, Decoder};
use super::error::ImportError;
use super::event::Event;
use super::follow::Follow;
use super::input::Input;
use super::ledger::{Begin, Ledger, hex};
use super::records::{Record, Records};
use super::sending::Sending;
use super::site_note::SiteNote;
use super::skip::Skip;
use super::tally::Tally;
use crate::cli::import::ImportArgs;
use crate::courier::Patience;

/// Records of a piece, and bytes after which one ends all the same.
const PIECE: (u64, u64) = (1_000, 1024 * 1024);
/// Said of properties without their events.
const NO_EVENTS: &str = "it holds properties of events: name website_event.csv, or the zip, beside it";
/// How often a followed file is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// How often a line says how far it is, where no bar does.
const SAY: Duration = Duration::from_secs(10);

/// Everything that reading needs.
pub struct Reading<'a> {
    /// What was asked for.
    pub arguments: &'a ImportArgs,
    /// Host of the pages where a file names none.
    pub host: &'a str,
    /// Properties of events that were in another file.
    pub properties: Arc<Properties>,
    /// What every batch id of this site begins with: another one when the site was removed and added again.
    pub origin: String,
    /// The server.
    pub sending: Sending<'a>,
    /// How far each file is.
    pub ledger: Ledger,
    /// The import as it is noted in the registry.
    pub note: SiteNote<'a>,
    /// The books.
    pub tally: Tally,
    /// Shows how far it is.
    pub progress: ProgressBar,
    /// Waits, and ends it early.
    pub patience: &'a Patience,
    /// Shows a line.
    pub words: fn(&str),
    /// When the last one was shown.
    pub said: Instant,
}

/// A file on its way.
struct File {
    path: PathBuf,
    name: String,
    decoder: Box<dyn Decoder>,
    begin: Begin,
    piece: Piece,
}

/// What was read and not sent yet.
#[derive(Default)]
struct Piece {
    from: u64,
    records: u64,
    events: Vec<Event>,
}

impl Reading<'_> {
    /// Reads all files; with `--follow` goes on with the last one until stopped.
    ///
    /// # Errors
    /// A file cannot be read, the server refuses, or it was interrupted.
    pub fn work(&mut self, inputs: &[Input]) -> Result<(), ImportError> {
        let (beside, inputs): (Vec<&Input>, Vec<&Input>) =
            inputs.iter().partition(|input| input.is_beside(self.arguments.format));
        self.read_beside(&beside, inputs.is_empty())?;
        let (followed, whole) = match inputs.split_last() {
            Some((last, before)) if self.arguments.follow => (Some(*last), before),
            _ => (None, inputs.as_slice()),
        };
        for input in whole {
            let mut file = self.begin(input)?;
            let opened = input.open(&self.progress)?;
            let mut records = self.records(opened, false);
            self.read_on(&mut file, &mut records)?;
            self.say(&file.name, true);
        }
        followed.map_or(Ok(()), |input| self.follow(input))
    }

    /// Reads what is said in files of their own about the events of others.
    fn read_beside(&mut self, inputs: &[&Input], is_all: bool) -> Result<(), ImportError> {
        let mut properties = Properties::default();
        for input in inputs {
            let here = |cause| ImportError::File { path: input.path.clone(), cause };
            if is_all {
                return Err(ImportError::Foreign { path: input.path.clone(), why: NO_EVENTS });
            }
            properties.begin();
            let mut records = self.records(input.open(&self.progress)?, false);
            while let Some(record) = records.read().map_err(here)? {
                if self.patience.stop.is_cancelled() {
                    return Err(ImportError::Interrupted);
                }
                let taken = if record.is_too_long { Err(Skip::TooLong) } else { properties.take(&record.text) };
                if let Some(why) = taken.err().filter(|why| *why != Skip::Heading) {
                    self.tally.skip(why, &input.name(), record.line);
                }
            }
        }
        self.properties = Arc::new(properties);
        Ok(())
    }

    fn follow(&mut self, input: &Input) -> Result<(), ImportError> {
        loop {
            let mut file = self.begin(input)?;
            let mut records = self.records(Follow::open(&input.path)?, true);
            loop {
                self.read_on(&mut file, &mut records)?;
                // What was written between the last look and the rotation is read before the new file is.
                if records.input().has_moved() {
                    self.read_on(&mut file, &mut records)?;
                    break;
                }
                self.patience.rest();
                self.note.beat(&self.ledger)?;
                self.patience.sleep(LOOK).ok_or(ImportError::Interrupted)?;
            }
        }
    }

    fn begin(&self, input: &Input) -> Result<File, ImportError> {
        let silent = ProgressBar::hidden();
        let here = |error| ImportError::File { path: input.path.clone(), cause: error };
        let begin = self.ledger.begin(input.open(&silent)?).map_err(here)?;
        let piece = Piece { from: begin.from, ..Piece::default() };
        let decoder = decode::decoder(self.arguments, self.host, &self.properties);
        Ok(File { path: input.path.clone(), name: input.name(), decoder, begin, piece })
    }

    fn records<R: BufRead>(&self, opened: R, grows: bool) -> Records<R> {
        Records::new(opened, self.ledger.digest(), self.arguments.format.is_csv(), grows)
    }

    /// Reads what there is.
    fn read_on<R: BufRead>(&mut self, file: &mut File, records: &mut Records<R>) -> Result<(), ImportError> {
        while let Some(record) = records.read().map_err(|cause| ImportError::File { path: file.path.clone(), cause })? {
            if self.patience.stop.is_cancelled() {
                return Err(ImportError::Interrupted);
            }
            if record.ends <= file.begin.from {
                self.pass(file, &record);
                continue;
            }
            self.take(file, &record);
            let is_cut = file.begin.cut == Some(record.ends);
            let is_full = file.piece.records >= PIECE.0 || record.ends - file.piece.from >= PIECE.1;
            // A piece that was being sent when the last run ended is sent again as it was, whatever follows it by now.
            if is_cut || is_full && file.begin.cut.is_none_or(|cut| record.ends > cut) {
                self.flush(file, (record.ends, records.digest()), false)?;
            }
        }
        if records.offset() > file.piece.from && file.piece.records > 0 {
            self.flush(file, (records.offset(), records.digest()), true)?;
        }
        Ok(())
    }

    /// A record that was imported before.
    fn pass(&mut self, file: &mut File, record: &Record) {
        file.decoder.pass(&record.text);
        self.tally.before += 1;
    }

    fn take(&mut self, file: &mut File, record: &Record) {
        file.piece.records += 1;
        let decoded = if record.is_too_long { Err(Skip::TooLong) } else { file.decoder.decode(&record.text) };
        self.tally.unplaced += file.decoder.unplaced();
        match decoded {
            Err(Skip::Heading) => return,
            Err(why) => self.tally.skip(why, &file.name, record.line),
            Ok(events) => file.piece.events.extend(events),
        }
        self.tally.read += 1;
    }

    /// Sends the piece that ends at `to`. A short one is written down before.
    fn flush(&mut self, file: &mut File, (to, digest): (u64, &Sha256), is_short: bool) -> Result<(), ImportError> {
        let piece = std::mem::replace(&mut file.piece, Piece { from: to, ..Piece::default() });
        let mut import = file.begin.import.clone();
        if !piece.events.is_empty() {
            let id = self.note.id(import.as_deref())?;
            if is_short {
                self.ledger.note(&mut file.begin, &id, (piece.from, to), digest)?;
            }
            let before = self.tally.counted;
            let days = self.sending.send(&self.batch_id(piece.from, digest), &piece.events, &mut self.tally)?;
            self.ledger.add(&id, self.tally.counted - before, days);
            import = Some(id);
        }
        // Before the first event there is no import to which a mark could belong: headings are read again.
        let Some(import) = import else { return Ok(()) };
        self.ledger.note(&mut file.begin, &import, (to, to), digest)?;
        file.begin.import = Some(import);
        self.progress.set_message(format!("{} counted", self.tally.counted));
        self.say(&file.name, false);
        Ok(())
    }

    /// Follows from the site, the place in the file, and all bytes up to the end of the piece.
    fn batch_id(&self, from: u64, digest: &Sha256) -> String {
        let whole = Sha256::new()
            .chain_update(self.origin.as_bytes())
            .chain_update(from.to_le_bytes())
            .chain_update(digest.clone().finalize());
        format!("import-{}", hex(&whole.finalize()[..16]))
    }

    /// Where no bar is shown, a line says the same now and then, and at the end of each file.
    fn say(&mut self, name: &str, is_end: bool) {
        if self.progress.is_hidden() && (is_end || self.said.elapsed() >= SAY) {
            (self.words)(&format!("{name}: {} read, {} counted so far", self.tally.read, self.tally.counted));
            self.said = Instant::now();
        }
    }
}
