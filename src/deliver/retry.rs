//! Client retries: a batch id that was counted is not counted again for 35 days.
//!
//! Ids are kept only as hashes under a key of this installation. A hash is part of the batch that holds its events,
//! so both reach the disk in one write; the loader makes this file durable before it lets go of the batch.

use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::hash::Hasher;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use siphasher::sip::SipHasher24;
use tokio::sync::watch;

use crate::files;

/// Days for which a batch id is remembered.
pub const REMEMBERED_DAYS: u16 = 35;
/// Ids remembered at the most, about 150 MB. Beyond, those of the oldest day are forgotten early.
const MAX_IDS: usize = 5_000_000;
/// Bytes of an entry: hash and day.
const ENTRY: usize = 10;

/// What is known of a batch id.
pub enum Retry {
    /// Never seen: the caller counts the batch and then calls [`RetrySet::committed`] or [`RetrySet::abandon`].
    First,
    /// Counted already.
    Counted,
    /// Being counted right now; the receiver ends when that is decided, and the id should be asked for again.
    InFlight(watch::Receiver<()>),
}

/// The batch ids of the last 35 days.
pub struct RetrySet {
    directory: PathBuf,
    key: [u8; 16],
    // A std mutex for look-ups and inserts without await; files are written by the commit thread and the loader only.
    inner: Mutex<Inner>,
    log: Mutex<Log>,
}

/// The log that is written to, by day, and what it still lacks.
#[derive(Default)]
struct Log {
    file: Option<(u16, File)>,
    /// Entries that could not be written; their batches stay in the spool until they are.
    unwritten: Vec<(u64, u16)>,
}

#[derive(Default)]
struct Inner {
    counted: HashMap<u64, u16, foldhash::fast::RandomState>,
    in_flight: HashMap<u64, watch::Sender<()>>,
}

impl Inner {
    /// Keeps memory bounded when a client makes up batch ids without end.
    fn forget_oldest(&mut self, max: usize) {
        while self.counted.len() > max {
            let Some(oldest) = self.counted.values().min().copied() else { return };
            self.counted.retain(|_, day| *day != oldest);
            tracing::warn!(kept = self.counted.len(), "too many batch ids: those of the oldest day are forgotten");
        }
    }
}

impl RetrySet {
    /// Reads the ids kept in `directory` (made when absent), together with those of waiting batches. Logs older
    /// than 35 days before `today` (days since 1970, UTC) are removed.
    ///
    /// # Errors
    /// When the directory cannot be read or written.
    pub fn open(directory: &Path, waiting: &[(u64, u16)], today: u16) -> io::Result<Self> {
        files::make_private_directory(directory)?;
        let key = read_key(&directory.join("key"))?;
        let mut counted = HashMap::default();
        for path in expire(directory, today)? {
            for entry in fs::read(path)?.chunks_exact(ENTRY) {
                let (hash, day) = entry.split_at(8);
                let hash = u64::from_le_bytes(hash.try_into().unwrap_or_default());
                counted.insert(hash, u16::from_le_bytes(day.try_into().unwrap_or_default()));
            }
        }
        counted.extend(waiting.iter().copied());
        let inner = Mutex::new(Inner { counted, in_flight: HashMap::new() });
        Ok(Self { directory: directory.to_owned(), key, inner, log: Mutex::default() })
    }

    /// The hash under which a site's batch id is kept.
    pub fn hash(&self, site: &str, batch_id: &str) -> u64 {
        let mut hasher = SipHasher24::new_with_key(&self.key);
        for field in [site, batch_id] {
            hasher.write(&(field.len() as u64).to_le_bytes());
            hasher.write(field.as_bytes());
        }
        hasher.finish()
    }

    /// Asks for a batch id and, when it is new, takes it into flight.
    pub fn begin(&self, hash: u64) -> Retry {
        let mut inner = self.lock();
        if inner.counted.contains_key(&hash) {
            return Retry::Counted;
        }
        if let Some(sender) = inner.in_flight.get(&hash) {
            return Retry::InFlight(sender.subscribe());
        }
        inner.in_flight.insert(hash, watch::Sender::new(()));
        Retry::First
    }

    /// The batches with these ids are durable. Notes them for after a restart, too.
    ///
    /// # Errors
    /// When the log cannot be written. The ids count as seen all the same; they are still in the spool.
    pub fn committed(&self, entries: &[(u64, u16)]) -> io::Result<()> {
        if entries.is_empty() {
            return Ok(());
        }
        {
            let mut inner = self.lock();
            for (hash, day) in entries {
                inner.counted.insert(*hash, *day);
                inner.in_flight.remove(hash);
            }
            inner.forget_oldest(MAX_IDS);
        }
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.unwritten.extend_from_slice(entries);
        log.write(&self.directory)
    }

    /// The batch with this id was not counted after all.
    pub fn abandon(&self, hash: u64) {
        self.lock().in_flight.remove(&hash);
    }

    /// Makes everything noted so far durable. Called before the batches that hold the same ids are let go.
    ///
    /// # Errors
    /// When writing or syncing fails; the batches must be kept then.
    pub fn sync(&self) -> io::Result<()> {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.write(&self.directory)?;
        match &log.file {
            Some((_, file)) => file.sync_data(),
            None => Ok(()),
        }
    }

    /// Forgets ids older than 35 days.
    ///
    /// # Errors
    /// When an old log cannot be removed.
    pub fn expire(&self, today: u16) -> io::Result<()> {
        self.lock().counted.retain(|_, day| is_remembered(*day, today));
        expire(&self.directory, today).map(drop)
    }

    /// How many ids are remembered.
    pub fn len(&self) -> usize {
        self.lock().counted.len()
    }

    /// Whether no id is remembered.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log {
    /// Writes what is not written yet. After a failure the file is opened anew, which cuts half an entry off.
    fn write(&mut self, directory: &Path) -> io::Result<()> {
        let Some(day) = self.unwritten.iter().map(|(_, day)| *day).max() else { return Ok(()) };
        let file = match self.file.take() {
            Some((of, file)) if of == day => file,
            Some((of, file)) => {
                if let Err(error) = file.sync_data() {
                    self.file = Some((of, file));
                    return Err(error);
                }
                open_log(directory, day)?
            }
            None => open_log(directory, day)?,
        };
        let entry = |(hash, day): &(u64, u16)| hash.to_le_bytes().into_iter().chain(day.to_le_bytes());
        let bytes: Vec<u8> = self.unwritten.iter().flat_map(entry).collect();
        (&file).write_all(&bytes)?;
        self.file = Some((day, file));
        self.unwritten.clear();
        Ok(())
    }
}

fn is_remembered(day: u16, today: u16) -> bool {
    day.saturating_add(REMEMBERED_DAYS) >= today
}

/// Opens the log of a day, its length made a whole number of entries: a kill may have cut the last one.
fn open_log(directory: &Path, day: u16) -> io::Result<File> {
    let path = directory.join(format!("{day:05}.ids"));
    let file = files::open_private_append(&path)?;
    let length = file.metadata()?.len();
    file.set_len(length - length % ENTRY as u64)?;
    files::sync_directory_of(&path)?;
    Ok(file)
}

/// Removes logs that are too old; returns the others.
fn expire(directory: &Path, today: u16) -> io::Result<BTreeSet<PathBuf>> {
    let mut kept = BTreeSet::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let is_log = path.extension().is_some_and(|extension| extension == "ids");
        let day = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse().ok());
        match day.filter(|_| is_log) {
            Some(day) if is_remembered(day, today) => drop(kept.insert(path)),
            Some(_) => fs::remove_file(path)?,
            None => {}
        }
    }
    Ok(kept)
}

fn read_key(path: &Path) -> io::Result<[u8; 16]> {
    if let Ok(bytes) = fs::read(path)
        && let Ok(key) = bytes.try_into()
    {
        return Ok(key);
    }
    let mut key = [0; 16];
    getrandom::fill(&mut key).map_err(|_| io::Error::other("no random bytes from the operating system"))?;
    files::replace(path, &key)?;
    Ok(key)
}

#[cfg(test)]
mod tests;
