//! A loader: spool to one table of ClickHouse, one load after the other.
//!
//! A load is written down with its random token and its number before it is tried. It is then tried, unchanged, until
//! ClickHouse took it or refused it for good; ClickHouse recognises a token it has seen, and is asked for the number
//! whenever a try was not the first ([`super::put`]). Only then is the next load begun. Batches are let go when both
//! loaders have them.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::erase::{drop_gone_cells, drop_gone_crossings};
use super::fault::Fault;
use super::gather::{Gathered, Rows as Gathering, Until, gather};
use super::journal::{Journal, Load};
use super::merge::merge;
use super::progress::Progress;
use super::put::{Rows, Try};
use super::refused;
use super::retry::RetrySet;
use super::route::{Sites, late_cells, late_crossings};
use super::seals::Seals;
use super::spool::{Spool, SpoolError};
use super::table::Table;
use crate::clickhouse::{InsertError, Store};
use crate::model::Batch;

/// Shortest and longest pause between two tries of a load.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));
/// How often a loader that rests looks whether many rows wait.
const LOOK: Duration = Duration::from_secs(1);
/// So many times more crossings than a load may hold make it urgent: waiting saves rows, as those of one group become one.
const URGENT: u64 = 10;

/// What metrics tell of the loaders.
#[derive(Default)]
pub struct LoaderCounts {
    /// Loads that ClickHouse confirmed.
    pub loads: AtomicU64,
    /// Cells in them.
    pub cells: AtomicU64,
    /// Crossings in them.
    pub crossings: AtomicU64,
    /// Tries that failed and were made again.
    pub retries: AtomicU64,
    /// Rows ClickHouse will never take; they lie in the directory `refused`.
    pub refused_cells: AtomicU64,
    /// Rows that were not loaded because their site was removed meanwhile.
    pub erased_rows: AtomicU64,
    /// Whether the last try failed, table by table.
    failing: [AtomicBool; 2],
}

impl LoaderCounts {
    /// Whether the last try of a table failed.
    pub fn is_failing(&self) -> bool {
        self.failing.iter().any(|failing| failing.load(Ordering::Relaxed))
    }
}

/// A load cannot be prepared; nothing was sent.
#[derive(Debug, thiserror::Error)]
enum LoadError {
    #[error(transparent)]
    Spool(#[from] SpoolError),
    #[error("load journal: {0}")]
    Journal(io::Error),
    #[error("log of batch ids: {0}")]
    Retries(io::Error),
    #[error("no random bytes from the operating system")]
    Random,
}

/// A load that is written down, its rows, whether it may have been tried before, and whether more batches waited when it
/// was made up.
struct Prepared {
    load: Load,
    rows: Rows,
    again: bool,
    more: bool,
}

/// The loader of one table.
pub struct Loader {
    parts: LoaderParts,
    table: Table,
    journal: Journal,
    interval: Duration,
    /// Crossings that had been appended when the last load was made up.
    crossings_seen: u64,
}

/// The highest sequence a journal in `directory` names: new batches get higher ones.
///
/// # Errors
/// When a journal cannot be read.
pub fn highest_sequence(directory: &Path) -> io::Result<u64> {
    let mut highest = 0;
    for table in Table::ALL {
        let journal = Journal::open(&table.journal(directory))?;
        let position = journal.position();
        highest = highest.max(position.begun.as_ref().map_or(position.confirmed, |load| load.last));
    }
    Ok(highest)
}

/// What loaders are made of.
#[derive(Clone)]
pub struct LoaderParts {
    /// Where batches come from.
    pub spool: Arc<Spool>,
    /// Where rows go.
    pub store: Store,
    /// Batch ids, made durable before batches are let go.
    pub retries: Arc<RetrySet>,
    /// For metrics.
    pub counts: Arc<LoaderCounts>,
    /// How far both loaders are.
    pub progress: Arc<Progress>,
    /// Which days are sealed.
    pub seals: Arc<Seals>,
    /// The sites.
    pub sites: Arc<dyn Sites>,
    /// Directory of the spool; journals and refused rows lie there.
    pub directory: PathBuf,
    /// Rows of a load at the most.
    pub max_rows: usize,
    /// Where to die, in tests.
    pub fault: Option<Fault>,
}

impl Loader {
    /// Opens the journal of a table. `interval`: time between two loads.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(table: Table, interval: Duration, parts: LoaderParts) -> io::Result<Self> {
        let journal = Journal::open(&table.journal(&parts.directory))?;
        let confirmed = journal.position().confirmed;
        parts.progress.confirm(table, confirmed);
        parts.progress.make_durable(table, confirmed);
        Ok(Self { parts, table, journal, interval, crossings_seen: 0 })
    }

    /// Loads until `stop`; then, without pauses, until the spool is empty or a load fails.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut pause = PAUSES.0;
        loop {
            let outcome = self.load_next(&stop).await;
            self.make_durable();
            match outcome {
                Ok(true) => continue,
                Ok(false) if stop.is_cancelled() => break,
                Ok(false) => {
                    pause = PAUSES.0;
                    self.rest(&stop).await;
                }
                Err(error) => {
                    tracing::error!(error = %error, "a load cannot be prepared; it will be tried again");
                    if stop.is_cancelled() {
                        break;
                    }
                    sleep_or_stop(pause, &stop).await;
                    pause = (pause * 2).min(PAUSES.1);
                }
            }
        }
        if let Err(error) = tokio::task::block_in_place(|| self.journal.save()) {
            tracing::warn!(error = %error, "the load journal cannot be written; the last load will be tried again");
        }
    }

    /// Waits for the next load: for the interval, or until many rows wait, somebody waits for it, or `stop`.
    async fn rest(&self, stop: &CancellationToken) {
        let until = Instant::now() + self.interval;
        let mut wanted = self.parts.progress.wanted();
        if *wanted.borrow_and_update() > self.parts.progress.durable(self.table) {
            return sleep_or_stop(PAUSES.0, stop).await;
        }
        loop {
            let left = until.saturating_duration_since(Instant::now());
            tokio::select! {
                () = tokio::time::sleep(left.min(LOOK)) => {}
                () = stop.cancelled() => return,
                _ = wanted.changed() => return,
            }
            let waiting = self.parts.spool.crossings() - self.crossings_seen;
            let is_urgent = self.table == Table::Crossings && waiting >= self.parts.max_rows as u64 * URGENT;
            if left <= LOOK || is_urgent {
                return;
            }
        }
    }

    /// Writes down how far this loader is when somebody waits for that.
    fn make_durable(&self) {
        let (progress, confirmed) = (&self.parts.progress, self.journal.position().confirmed);
        let durable = progress.durable(self.table);
        if confirmed <= durable || *progress.wanted().borrow() <= durable {
            return;
        }
        match tokio::task::block_in_place(|| self.journal.save()) {
            Ok(()) => progress.make_durable(self.table, confirmed),
            Err(error) => tracing::error!(error = %error, "the load journal cannot be written; it is tried again"),
        }
    }

    /// Takes one load as far as it gets. Returns whether there may be more to do at once.
    async fn load_next(&mut self, stop: &CancellationToken) -> Result<bool, LoadError> {
        let Some(Prepared { load, rows, again, more }) = tokio::task::block_in_place(|| self.prepare())? else {
            // The last batch may have been loaded before its ids were noted.
            tokio::task::block_in_place(|| self.let_go())?;
            return Ok(false);
        };
        let first = Try { token: load.token(), receipt: self.journal.position().receipt(), again };
        if !self.deliver(&load, &rows, first, stop).await {
            return Ok(false);
        }
        self.journal.confirm();
        tokio::task::block_in_place(|| self.let_go())?;
        // On a stop the rest follows at once: what was committed meanwhile, too.
        Ok(more || stop.is_cancelled())
    }

    /// The begun load, or the next one, written down. `None`: nothing to load.
    fn prepare(&mut self) -> Result<Option<Prepared>, LoadError> {
        let (spool, confirmed) = (self.parts.spool.clone(), self.journal.position().confirmed);
        if let Some(begun) = self.journal.position().begun.clone() {
            if !spool.is_past(begun.first) {
                let gathered = self.gather(begun.first - 1, Until::Exactly(begun.last))?;
                return Ok(Some(Prepared { load: begun, rows: self.rows(gathered.rows), again: true, more: true }));
            }
            // Its batches were let go, so it was confirmed just before the program ended.
            self.journal.confirm();
            return self.prepare();
        }
        // A day that is held back from now on is held back after `newest`: no later hold concerns this load.
        let newest = spool.newest();
        self.crossings_seen = spool.crossings();
        let Gathered { range, rows, held } = self.gather(confirmed, Until::Full(newest))?;
        if range.is_none() && !held {
            self.journal.skip_to(newest);
        }
        let Some((first, last)) = range else { return Ok(None) };
        let load = Load::new(random_token()?, first, last);
        self.journal.begin(load.clone()).map_err(LoadError::Journal)?;
        let more = load.last < spool.newest() && !held;
        Ok(Some(Prepared { load, rows: self.rows(rows), again: false, more }))
    }

    /// The rows of a load. No day of it changes sides until the load is confirmed, so they are the same at each try.
    fn rows(&self, gathered: Gathering) -> Rows {
        let (sites, seals) = (&*self.parts.sites, &self.parts.seals);
        match gathered {
            Gathering::Cells(cells) => {
                let mut open = merge(cells);
                self.note_gone(drop_gone_cells(&mut open, sites));
                let late = late_cells(&mut open, &seals.lock(), sites);
                Rows::Cells(open, late)
            }
            Gathering::Crossings(merging) => {
                let mut open = merging.finish();
                self.note_gone(drop_gone_crossings(&mut open, sites));
                let late = late_crossings(&mut open, &seals.lock(), sites);
                Rows::Crossings(open, late)
            }
        }
    }

    fn gather(&self, after: u64, until: Until) -> Result<Gathered, SpoolError> {
        let LoaderParts { spool, seals, max_rows, .. } = &self.parts;
        let held = |batch: &Batch| seals.lock().holds(batch, self.table);
        gather(spool, self.table, (after, until), (*max_rows, &held))
    }

    fn note_gone(&self, rows: usize) {
        self.parts.counts.erased_rows.fetch_add(rows as u64, Ordering::Relaxed);
    }

    /// Tries a load until it is taken or refused; false when the program stops first.
    async fn deliver(&self, load: &Load, rows: &Rows, mut attempt: Try, stop: &CancellationToken) -> bool {
        let mut pause = PAUSES.0;
        let (counts, failing) = (&self.parts.counts, &self.parts.counts.failing[self.table as usize]);
        loop {
            Fault::BeforeInsert.reached(self.parts.fault);
            match rows.put(&self.parts.store, attempt).await {
                Ok(()) => {
                    Fault::AfterInsert.reached(self.parts.fault);
                    self.count(rows);
                    if failing.swap(false, Ordering::Relaxed) {
                        tracing::info!(table = self.table.noun(), "ClickHouse takes loads again");
                    }
                    return true;
                }
                Err(InsertError::Refused(reason)) => {
                    tracing::error!(reason = %reason, rows = rows.len(), "ClickHouse refuses a load; it is put aside");
                    return tokio::task::block_in_place(|| self.put_aside(load));
                }
                Err(InsertError::Retry(reason)) => {
                    counts.retries.fetch_add(1, Ordering::Relaxed);
                    if !failing.swap(true, Ordering::Relaxed) {
                        let table = self.table.noun();
                        tracing::warn!(reason = %reason, table, "ClickHouse does not take a load; it waits in the spool");
                    }
                }
            }
            if stop.is_cancelled() {
                return false;
            }
            attempt.again = true;
            sleep_or_stop(pause, stop).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    fn count(&self, rows: &Rows) {
        let (counts, number) = (&self.parts.counts, rows.len() as u64);
        // A load without rows asked nothing of ClickHouse.
        counts.loads.fetch_add(u64::from(number > 0), Ordering::Relaxed);
        let total = match self.table {
            Table::Cells => &counts.cells,
            Table::Crossings => &counts.crossings,
        };
        total.fetch_add(number, Ordering::Relaxed);
    }

    /// Keeps the batches of a refused load as spool records, for a later version or a person to look at.
    fn put_aside(&self, load: &Load) -> bool {
        let name = format!("{:032x}.{}", load.token(), self.table.noun());
        let (mut rows, mut records) = (0, Vec::new());
        let mut take = |batch: &Batch| {
            let is_of_load = batch.sequence <= load.last;
            if is_of_load {
                rows += self.table.rows_of(batch);
                records.extend(super::spool::record(batch));
            }
            is_of_load
        };
        let read = self.parts.spool.read(load.first - 1, None, &mut take);
        let written = read.map_err(|error| io::Error::other(error.to_string())).and_then(|()| {
            refused::put_aside(&self.parts.directory, &name, &records)?;
            self.parts.counts.refused_cells.fetch_add(rows as u64, Ordering::Relaxed);
            Ok(())
        });
        if let Err(error) = &written {
            tracing::error!(error = %error, "a refused load cannot be put aside; it stays in the spool");
        }
        written.is_ok()
    }

    /// Lets go of batches that are in both tables and whose ids are safe elsewhere.
    fn let_go(&self) -> Result<(), LoadError> {
        let parts = &self.parts;
        parts.progress.confirm(self.table, self.journal.position().confirmed);
        if parts.spool.bytes() == 0 {
            return Ok(());
        }
        let noted = parts.retries.sync().map_err(LoadError::Retries)?;
        Ok(parts.spool.release(noted.min(parts.progress.loaded()))?)
    }
}

async fn sleep_or_stop(pause: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(pause) => {}
        () = stop.cancelled() => {}
    }
}

fn random_token() -> Result<u128, LoadError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| LoadError::Random)?;
    Ok(u128::from_le_bytes(bytes))
}
