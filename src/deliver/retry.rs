//! Client retries: a batch id that was counted is not counted again for 35 days.
//!
//! Ids are kept only as hashes under a key of this installation. A hash is part of the batch that holds its events,
//! so both reach the disk in one write; the log here is made durable before the loader lets go of the batch.

mod log;
mod remembered;

use std::collections::HashMap;
use std::fs;
use std::hash::Hasher;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use siphasher::sip::SipHasher24;
use tokio::sync::watch;

pub use self::log::Entry;
use self::log::Log;
use self::remembered::Remembered;
use crate::files;

/// Days for which a batch id is remembered.
pub const REMEMBERED_DAYS: u16 = 35;
/// Ids remembered at the most, about 100 MB. Beyond, the oldest are forgotten early: a client that makes up ids
/// without end cannot fill the memory.
const MAX_IDS: usize = 5_000_000;

/// What is known of a batch id.
pub enum Retry {
    /// Never seen: the caller counts the batch and then calls [`RetrySet::counted`] or [`RetrySet::abandon`].
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
    // A std mutex for look-ups and inserts without await.
    inner: Mutex<Inner>,
    // Held through writes and syncs by the commit thread, after it has answered, and by the loader.
    noted: Mutex<Noted>,
}

struct Inner {
    remembered: Remembered,
    in_flight: HashMap<u64, watch::Sender<()>>,
}

struct Noted {
    log: Log,
    /// The newest batch whose ids were handed to the log.
    sequence: u64,
}

impl RetrySet {
    /// Reads the ids kept in `directory` (made when absent) and takes over those of batches that wait in the spool,
    /// the newest of which is `newest`. Logs older than 35 days before `today` are removed.
    ///
    /// # Errors
    /// When the directory cannot be read or written.
    pub fn open(directory: &Path, waiting: Vec<Entry>, newest: u64, today: u16) -> io::Result<Self> {
        files::make_private_directory(directory)?;
        let key = read_key(&directory.join("key"))?;
        log::remove_before(directory, today.saturating_sub(REMEMBERED_DAYS))?;
        let mut remembered = Remembered::new(MAX_IDS);
        log::read(directory, |(id, day)| remembered.insert(id, day))?;
        waiting.iter().for_each(|(id, day)| remembered.insert(*id, *day));
        let inner = Mutex::new(Inner { remembered, in_flight: HashMap::new() });
        // Whether the log has the waiting ones, too, is unknown; twice does no harm.
        let noted = Mutex::new(Noted { log: Log::new(directory, waiting), sequence: newest });
        Ok(Self { directory: directory.to_owned(), key, inner, noted })
    }

    /// The hash under which a site's batch id is kept. Who has a key of the site has ids apart from everybody else's:
    /// a stranger who guesses the next one cannot use it up.
    pub fn hash(&self, site: &str, batch_id: &str, with_key: bool) -> u64 {
        let mut hasher = SipHasher24::new_with_key(&self.key);
        hasher.write_u8(u8::from(with_key));
        for field in [site, batch_id] {
            hasher.write(&(field.len() as u64).to_le_bytes());
            hasher.write(field.as_bytes());
        }
        hasher.finish()
    }

    /// Asks for a batch id and, when it is new, takes it into flight.
    pub fn begin(&self, id: u64) -> Retry {
        let mut inner = self.lock();
        if inner.remembered.contains(id) {
            return Retry::Counted;
        }
        if let Some(sender) = inner.in_flight.get(&id) {
            return Retry::InFlight(sender.subscribe());
        }
        inner.in_flight.insert(id, watch::Sender::new(()));
        Retry::First
    }

    /// The batches with these ids are durable in the spool.
    pub fn counted(&self, entries: &[Entry]) {
        let mut inner = self.lock();
        for (id, day) in entries {
            inner.remembered.insert(*id, *day);
            inner.in_flight.remove(id);
        }
    }

    /// Notes the ids of the batch `sequence` for after its release.
    ///
    /// # Errors
    /// When the log cannot be written; they are kept for the next try, and the batch stays in the spool until then.
    pub fn note(&self, sequence: u64, entries: &[Entry]) -> io::Result<()> {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.sequence = sequence;
        noted.log.append(entries)
    }

    /// The batch with this id was not counted after all.
    pub fn abandon(&self, id: u64) {
        self.lock().in_flight.remove(&id);
    }

    /// Makes everything noted so far durable; returns the newest batch of which that holds. Batches up to it may go.
    ///
    /// # Errors
    /// When writing or syncing fails; every batch must be kept then.
    pub fn sync(&self) -> io::Result<u64> {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.log.sync()?;
        Ok(noted.sequence)
    }

    /// Forgets ids older than 35 days, and the logs of days of which no id is remembered.
    ///
    /// # Errors
    /// When an old log cannot be removed.
    pub fn expire(&self, today: u16) -> io::Result<()> {
        let first = today.saturating_sub(REMEMBERED_DAYS);
        let oldest = {
            let mut inner = self.lock();
            inner.remembered.retain(|day| day >= first);
            inner.remembered.oldest_day()
        };
        log::remove_before(&self.directory, oldest.unwrap_or(today).clamp(first, today))
    }

    /// How many ids are remembered.
    pub fn len(&self) -> usize {
        self.lock().remembered.len()
    }

    /// Whether no id is remembered.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads the key, or makes it the first time. One that cannot be read is not replaced: every id would be forgotten.
fn read_key(path: &Path) -> io::Result<[u8; 16]> {
    match fs::read(path) {
        Ok(bytes) => bytes.try_into().map_err(|_| io::Error::other("the key of batch ids has not 16 bytes")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let mut key = [0; 16];
            getrandom::fill(&mut key).map_err(|_| io::Error::other("no random bytes from the operating system"))?;
            files::replace(path, &key)?;
            Ok(key)
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
