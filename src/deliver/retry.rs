//! Client retries: a batch id that was counted is not counted again for 35 days, an event id of another product's client
//! for two.
//!
//! Ids are kept only as hashes under a key of this installation. A hash is part of the batch that holds its events,
//! so both reach the disk in one write; the log here is made durable before the loader lets go of the batch. The lowest
//! bit of a hash says which of the two it is, so that both travel the same way.

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
use self::log::{Kind, Log};
use self::remembered::Remembered;
use crate::files;

/// Days for which a batch id is remembered.
pub const REMEMBERED_DAYS: u16 = 35;
/// Days for which an event id is remembered, and the rest of the day it came: never less than 48 hours.
pub const EVENT_DAYS: u16 = 2;
/// Event ids remembered at the most, about 20 bytes each. Beyond, the oldest are forgotten early: a client that makes up
/// ids without end cannot fill the memory, nor push out those of another kind.
const MAX_EVENT_IDS: usize = 5_000_000;
/// The bit of a hash that tells event ids from batch ids.
const OF_EVENT: u64 = 1;
/// The bit of a batch id's hash that tells who has a key of the site from all others.
const WITH_KEY: u64 = 2;

/// Batch ids remembered at the most, about 20 bytes each; beyond, the oldest are forgotten early. Those without a key have a
/// room of their own, so that no stranger makes the ids of who has one forgotten.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Of clients with a key of the site.
    pub with_key: usize,
    /// Of all others.
    pub without_key: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { with_key: 5_000_000, without_key: 5_000_000 }
    }
}

/// What is known of an id.
pub enum Retry {
    /// Never seen: the caller counts what bears it and then calls [`RetrySet::counted`] or [`RetrySet::abandon`].
    First,
    /// Counted already.
    Counted,
    /// Being counted right now; the receiver ends when that is decided, and the id should be asked for again.
    InFlight(watch::Receiver<()>),
}

/// The batch ids of the last 35 days and the event ids of the last two.
pub struct RetrySet {
    directory: PathBuf,
    key: [u8; 16],
    // A std mutex for look-ups and inserts without await.
    inner: Mutex<Inner>,
    // Held through writes and syncs by the commit thread, after it has answered, and by the loader.
    noted: Mutex<Noted>,
}

struct Inner {
    /// Of who has no key, and of who has one.
    batches: [Remembered; 2],
    events: Remembered,
    in_flight: HashMap<u64, watch::Sender<()>>,
}

impl Inner {
    fn of(&mut self, id: u64) -> &mut Remembered {
        if is_event(id) { &mut self.events } else { &mut self.batches[usize::from(id & WITH_KEY != 0)] }
    }
}

struct Noted {
    batches: Log,
    events: Log,
    /// The newest batch whose ids were handed to the log.
    sequence: u64,
}

impl RetrySet {
    /// Reads the ids kept in `directory` (made when absent) and takes over those of batches that wait in the spool,
    /// the newest of which is `newest`. Logs older than 35 days before `today` are removed.
    ///
    /// # Errors
    /// When the directory cannot be read or written.
    pub fn open(directory: &Path, waiting: Vec<Entry>, newest: u64, today: u16, room: Room) -> io::Result<Self> {
        files::make_private_directory(directory)?;
        let key = read_key(&directory.join("key"))?;
        log::remove_before(directory, Kind::Batches, today.saturating_sub(REMEMBERED_DAYS))?;
        log::remove_before(directory, Kind::Events, today.saturating_sub(EVENT_DAYS))?;
        let batches = [room.without_key, room.with_key].map(Remembered::new);
        let events = Remembered::new(MAX_EVENT_IDS);
        let mut inner = Inner { batches, events, in_flight: HashMap::new() };
        // The newest batch ids may all be strangers': those of key holders lie before them.
        for (kind, newest) in [(Kind::Batches, usize::MAX), (Kind::Events, MAX_EVENT_IDS)] {
            log::read(directory, kind, newest, |(id, day)| inner.of(id).insert(id, day))?;
        }
        waiting.iter().for_each(|(id, day)| inner.of(*id).insert(*id, *day));
        // Whether the logs have the waiting ones, too, is unknown; twice does no harm.
        let (events, batches) = waiting.into_iter().partition(|(id, _)| is_event(*id));
        let batches = Log::new(directory, Kind::Batches, batches);
        let events = Log::new(directory, Kind::Events, events);
        let noted = Mutex::new(Noted { batches, events, sequence: newest });
        Ok(Self { directory: directory.to_owned(), key, inner: Mutex::new(inner), noted })
    }

    /// The hash under which a site's batch id is kept. Who has a key of the site has ids apart from everybody else's:
    /// a stranger who guesses the next one cannot use it up.
    pub fn hash(&self, site: &str, batch_id: &str, with_key: bool) -> u64 {
        let whose = if with_key { WITH_KEY } else { 0 };
        self.keyed(u8::from(with_key), [site, batch_id]) & !(OF_EVENT | WITH_KEY) | whose
    }

    /// The hash under which the id that a client gave a single event is kept; each kind of client has ids of its own.
    pub fn event_hash(&self, site: &str, kind: &str, event_id: &str) -> u64 {
        self.keyed(2, [site, kind, event_id]) | OF_EVENT
    }

    fn keyed<const N: usize>(&self, purpose: u8, fields: [&str; N]) -> u64 {
        let mut hasher = SipHasher24::new_with_key(&self.key);
        hasher.write_u8(purpose);
        for field in fields {
            hasher.write(&(field.len() as u64).to_le_bytes());
            hasher.write(field.as_bytes());
        }
        hasher.finish()
    }

    /// Whether what bears this id was counted.
    pub fn is_counted(&self, id: u64) -> bool {
        self.lock().of(id).contains(id)
    }

    /// Asks for an id and, when it is new, takes it into flight.
    pub fn begin(&self, id: u64) -> Retry {
        let mut inner = self.lock();
        if inner.of(id).contains(id) {
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
            inner.of(*id).insert(*id, *day);
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
        let (events, batches): (Vec<Entry>, Vec<Entry>) = entries.iter().partition(|(id, _)| is_event(*id));
        // Both take their entries, whatever becomes of the other.
        let (batches, events) = (noted.batches.append(&batches), noted.events.append(&events));
        batches.and(events)
    }

    /// What bears this id was not counted after all.
    pub fn abandon(&self, id: u64) {
        self.lock().in_flight.remove(&id);
    }

    /// Makes everything noted so far durable; returns the newest batch of which that holds. Batches up to it may go.
    ///
    /// # Errors
    /// When writing or syncing fails; every batch must be kept then.
    pub fn sync(&self) -> io::Result<u64> {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.batches.sync()?;
        noted.events.sync()?;
        Ok(noted.sequence)
    }

    /// Forgets ids older than 35 days, event ids older than two, and the logs of days of which no id is remembered.
    ///
    /// # Errors
    /// When an old log cannot be removed.
    pub fn expire(&self, today: u16) -> io::Result<()> {
        let forget = |remembered: &mut Remembered, days: u16| {
            let first = today.saturating_sub(days);
            remembered.retain(|day| day >= first);
            remembered.oldest_day().unwrap_or(today).clamp(first, today)
        };
        let (batches, events) = {
            let mut inner = self.lock();
            let batches = inner.batches.iter_mut().map(|of| forget(of, REMEMBERED_DAYS)).min();
            (batches.unwrap_or(today), forget(&mut inner.events, EVENT_DAYS))
        };
        log::remove_before(&self.directory, Kind::Batches, batches)?;
        log::remove_before(&self.directory, Kind::Events, events)
    }

    /// How many batch ids are remembered.
    pub fn len(&self) -> usize {
        self.lock().batches.iter().map(Remembered::len).sum()
    }

    /// How many batch ids were forgotten before their time, because there was no room.
    pub fn forgotten(&self) -> u64 {
        self.lock().batches.iter().map(Remembered::forgotten).sum()
    }

    /// How many event ids are remembered.
    pub fn events(&self) -> usize {
        self.lock().events.len()
    }

    /// Whether no id is remembered.
    pub fn is_empty(&self) -> bool {
        self.len() + self.events() == 0
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_event(id: u64) -> bool {
    id & OF_EVENT == OF_EVENT
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
