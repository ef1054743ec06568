//! The loader: spool to ClickHouse, one load after the other.
//!
//! A load is written down with its random token before it is tried. It is then tried, unchanged and under that
//! token, until ClickHouse took it or refused it for good; ClickHouse recognises a token it has seen. Only then is the
//! next load begun and are the batches let go.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::journal::{Journal, Load};
use super::merge::merge;
use super::retry::RetrySet;
use super::spool::{Spool, SpoolError};
use crate::clickhouse::{InsertError, Store};
use crate::files;
use crate::model::{Batch, Cell};

/// Shortest and longest pause between two tries of a load.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// What metrics tell of the loader.
#[derive(Default)]
pub struct LoaderCounts {
    /// Loads that ClickHouse confirmed.
    pub loads: AtomicU64,
    /// Cells in them.
    pub cells: AtomicU64,
    /// Tries that failed and were made again.
    pub retries: AtomicU64,
    /// Cells ClickHouse will never take; they lie in the directory `refused`.
    pub refused_cells: AtomicU64,
    /// Whether the last try failed.
    pub failing: AtomicBool,
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

/// A load that is written down, its cells, and whether more batches waited when it was made up.
struct Prepared {
    load: Load,
    cells: Vec<Cell>,
    more: bool,
}

/// The loader of the table `cells_open`.
pub struct Loader {
    spool: Arc<Spool>,
    store: Store,
    retries: Arc<RetrySet>,
    counts: Arc<LoaderCounts>,
    journal: Journal,
    refused: PathBuf,
    interval: Duration,
    max_cells: usize,
}

/// The highest sequence the loader's journal in `directory` names: new batches get higher ones.
///
/// # Errors
/// When the journal cannot be read.
pub fn highest_sequence(directory: &Path) -> io::Result<u64> {
    let journal = Journal::open(&journal_path(directory))?;
    let position = journal.position();
    Ok(position.begun.as_ref().map_or(position.confirmed, |load| load.last))
}

fn journal_path(directory: &Path) -> PathBuf {
    directory.join("cells_open.load.json")
}

/// What a loader is made of.
pub struct LoaderParts {
    /// Where batches come from.
    pub spool: Arc<Spool>,
    /// Where cells go.
    pub store: Store,
    /// Batch ids, made durable before batches are let go.
    pub retries: Arc<RetrySet>,
    /// For metrics.
    pub counts: Arc<LoaderCounts>,
    /// Directory of the spool; journal and refused cells lie there.
    pub directory: PathBuf,
    /// Time between two loads.
    pub interval: Duration,
    /// Cells of a load at the most.
    pub max_cells: usize,
}

impl Loader {
    /// Opens the journal.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(parts: LoaderParts) -> io::Result<Self> {
        let LoaderParts { spool, store, retries, counts, directory, interval, max_cells } = parts;
        let journal = Journal::open(&journal_path(&directory))?;
        let refused = directory.join("refused");
        Ok(Self { spool, store, retries, counts, journal, refused, interval, max_cells })
    }

    /// Loads until `stop`; then, without pauses, until the spool is empty or a load fails.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut pause = PAUSES.0;
        loop {
            match self.load_next(&stop).await {
                Ok(true) => continue,
                Ok(false) if stop.is_cancelled() => break,
                Ok(false) => {
                    pause = PAUSES.0;
                    sleep_or_stop(self.interval, &stop).await;
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

    /// Takes one load as far as it gets. Returns whether there may be more to do at once.
    async fn load_next(&mut self, stop: &CancellationToken) -> Result<bool, LoadError> {
        let Some(Prepared { load, cells, more }) = tokio::task::block_in_place(|| self.prepare())? else {
            // The last batch may have been loaded before its ids were noted.
            tokio::task::block_in_place(|| self.let_go())?;
            return Ok(false);
        };
        if !self.deliver(&load, &cells, stop).await {
            return Ok(false);
        }
        self.journal.confirm();
        tokio::task::block_in_place(|| self.let_go())?;
        // On a stop the rest follows at once: what was committed meanwhile, too.
        Ok(more || stop.is_cancelled())
    }

    /// The begun load, or the next one, written down. `None`: nothing to load.
    fn prepare(&mut self) -> Result<Option<Prepared>, LoadError> {
        if let Some(begun) = self.journal.position().begun.clone() {
            if !self.spool.is_past(begun.first) {
                let cells = merge(self.batches_of(&begun)?.into_iter().map(|batch| batch.cells.clone()));
                return Ok(Some(Prepared { load: begun, cells, more: true }));
            }
            // Its batches were let go, so it was confirmed just before the program ended.
            self.journal.confirm();
        }
        let batches = self.spool.read(self.journal.position().confirmed, self.max_cells)?;
        let (Some(first), Some(last)) = (batches.first(), batches.last()) else { return Ok(None) };
        let load = Load::new(random_token()?, first.sequence, last.sequence);
        self.journal.begin(load.clone()).map_err(LoadError::Journal)?;
        let more = load.last < self.spool.newest();
        Ok(Some(Prepared { load, cells: merge(batches.iter().map(|batch| batch.cells.clone())), more }))
    }

    fn batches_of(&self, load: &Load) -> Result<Vec<Arc<Batch>>, SpoolError> {
        let mut batches: Vec<Arc<Batch>> = Vec::new();
        let mut after = load.first - 1;
        while after < load.last {
            let read = self.spool.read(after, usize::MAX)?;
            let Some(last) = read.last() else { break };
            after = last.sequence;
            batches.extend(read.into_iter().filter(|batch| batch.sequence <= load.last));
        }
        Ok(batches)
    }

    /// Tries a load until it is taken or refused; false when the program stops first.
    async fn deliver(&self, load: &Load, cells: &[Cell], stop: &CancellationToken) -> bool {
        let mut pause = PAUSES.0;
        loop {
            match self.store.insert_cells(cells, load.token()).await {
                Ok(()) => {
                    self.counts.loads.fetch_add(1, Ordering::Relaxed);
                    self.counts.cells.fetch_add(cells.len() as u64, Ordering::Relaxed);
                    if self.counts.failing.swap(false, Ordering::Relaxed) {
                        tracing::info!("ClickHouse takes loads again");
                    }
                    return true;
                }
                Err(InsertError::Refused(reason)) => {
                    tracing::error!(reason = %reason, cells = cells.len(), "ClickHouse refuses a load; it is put aside");
                    return tokio::task::block_in_place(|| self.put_aside(load));
                }
                Err(InsertError::Retry(reason)) => {
                    self.counts.retries.fetch_add(1, Ordering::Relaxed);
                    if !self.counts.failing.swap(true, Ordering::Relaxed) {
                        tracing::warn!(reason = %reason, "ClickHouse does not take a load; it waits in the spool");
                    }
                }
            }
            if stop.is_cancelled() {
                return false;
            }
            sleep_or_stop(pause, stop).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    /// Keeps the batches of a refused load as spool records, for a later version or a person to look at.
    fn put_aside(&self, load: &Load) -> bool {
        let written = self.batches_of(load).map_err(|error| io::Error::other(error.to_string())).and_then(|batches| {
            files::make_private_directory(&self.refused)?;
            let cells: usize = batches.iter().map(|batch| batch.cells.len()).sum();
            let records: Vec<u8> = batches.iter().flat_map(|batch| super::spool::record(batch)).collect();
            files::replace(&self.refused.join(format!("{:032x}.cells", load.token())), &records)?;
            self.counts.refused_cells.fetch_add(cells as u64, Ordering::Relaxed);
            Ok(())
        });
        if let Err(error) = &written {
            tracing::error!(error = %error, "a refused load cannot be put aside; it stays in the spool");
        }
        written.is_ok()
    }

    /// Lets go of batches that are in ClickHouse and whose ids are safe elsewhere.
    fn let_go(&self) -> Result<(), LoadError> {
        if self.spool.bytes() == 0 {
            return Ok(());
        }
        let noted = self.retries.sync().map_err(LoadError::Retries)?;
        Ok(self.spool.release(noted.min(self.journal.position().confirmed))?)
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
