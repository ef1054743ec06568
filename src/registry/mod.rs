//! Sites, users, keys, shared links, one-time links and dashboard sessions. The truth is a few JSON files in `state_dir/registry`,
//! so that commands work whether the server runs or not; readers share an immutable [`Snapshot`].
//! Called by `cli`, `api`, `ingest` (a site by its id) and `app` (polls [`Registry::refresh`]). Knows no HTTP and no
//! ClickHouse.
//!
//! A site's `timezone` says where its days begin. A change touches nothing that has been counted: buckets are fixed
//! when an event is counted, so only events counted afterwards fall into days of the new zone.

mod audit;
mod draft;
mod error;
mod files;
mod first_start;
mod goals;
mod imports;
mod keys;
mod password;
mod people;
mod record;
mod sessions;
mod settings;
mod shares;
mod snapshot;
mod token;

use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use jiff::Timestamp;

use crate::clock::Clock;

pub use audit::AuditLine;
pub use draft::{Draft, MIN_VISITORS, SiteChange};
pub use error::{Refusal, RegistryError};
pub use first_start::{FirstLink, first_start};
pub use goals::{ANNOTATIONS, FUNNEL_STEPS, FUNNELS, GOALS};
pub use imports::{ImportDone, ImportKind, ImportRecord};
pub use keys::LENT;
pub use password::{check as check_password, hash as hash_password, verify as verify_password};
pub use people::{FIRST_OWNER, LINK_DAYS, Rights};
pub use record::{
    AnnotationRecord, Book, ErasureRecord, FunnelRecord, GoalRecord, Key, Link, Role, Scope, ShareRecord, SiteRecord,
    User,
};
pub use sessions::SESSION_DAYS;
pub use shares::{PASS_HOURS, Pass, SHARES, ShareGrant};
pub use snapshot::{Grant, Snapshot};

use files::{Folder, Lock, Stamp};
use record::VERSION;
use sessions::OpenSessions;
use shares::Passes;

const BOOK: &str = "registry.json";
const SESSIONS: &str = "sessions.json";

/// The registry of one state directory. Cheap to share; reading takes no lock.
#[derive(Debug)]
pub struct Registry {
    folder: Folder,
    clock: Clock,
    snapshot: ArcSwap<Snapshot>,
    sessions: ArcSwap<OpenSessions>,
    passes: Passes,
    /// Bytes the audit list may have.
    audit_most: AtomicU64,
    /// Stamps of what is published. Held while files are read and published, so that an older content never replaces
    /// a newer one; never across an await.
    seen: Mutex<Seen>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    book: Option<Stamp>,
    sessions: Option<Stamp>,
}

impl Registry {
    /// Opens the registry below `state_dir`, which is made (mode 0700) where absent.
    ///
    /// # Errors
    /// [`RegistryError`] when the folder cannot be made or a file is damaged.
    pub fn open(state_dir: &Path) -> Result<Arc<Self>, RegistryError> {
        Self::open_at(state_dir, Clock::System)
    }

    /// [`Registry::open`] with a clock of one's own.
    ///
    /// # Errors
    /// As [`Registry::open`].
    pub fn open_at(state_dir: &Path, clock: Clock) -> Result<Arc<Self>, RegistryError> {
        let folder = Folder::open(state_dir)?;
        let (book, book_stamp) = read_book(&folder)?;
        let (sessions, sessions_stamp) = folder.read(SESSIONS)?;
        let snapshot = Snapshot::build(book, moment(&clock)).map_err(|why| damaged(state_dir, why))?;
        Ok(Arc::new(Self {
            folder,
            clock,
            snapshot: ArcSwap::from_pointee(snapshot),
            sessions: ArcSwap::from_pointee(OpenSessions::build(sessions)),
            passes: Passes::new()?,
            audit_most: AtomicU64::new(audit::MOST),
            seen: Mutex::new(Seen { book: book_stamp, sessions: sessions_stamp }),
        }))
    }

    /// The registry as it was last read or changed here.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }

    /// Reads what others have changed, and lets keys end; cheap when nothing has changed. True when something had.
    ///
    /// # Errors
    /// [`RegistryError`] when a file cannot be read; the last good content stays.
    pub fn refresh(&self) -> Result<bool, RegistryError> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let mut changed = false;
        let published = self.snapshot();
        if published.is_over(self.now()) {
            self.publish(published.book().clone())?;
            changed = true;
        }
        let stamp = self.folder.stamp(BOOK)?;
        if stamp.is_none() && seen.book.is_some() {
            // Without a book all sites would be gone, and with them what waits for them and the salts of the day.
            return Err(self.folder.missing(BOOK));
        }
        if stamp != seen.book {
            let (book, stamp) = read_book(&self.folder)?;
            self.publish(book)?;
            (seen.book, changed) = (stamp, true);
        }
        if self.folder.stamp(SESSIONS)? != seen.sessions {
            let (sessions, stamp) = self.folder.read(SESSIONS)?;
            self.sessions.store(Arc::new(OpenSessions::build(sessions)));
            (seen.sessions, changed) = (stamp, true);
        }
        Ok(changed)
    }

    /// Changes the registry: `change` works on a fresh copy while nobody else changes it, and all of it is written or
    /// nothing. `who` stands in the audit list: `cli`, `server`, or the name of a user. Blocks on the disk.
    ///
    /// # Errors
    /// What `change` refuses, or [`RegistryError`] of the files.
    pub fn update<T>(
        &self,
        who: &str,
        change: impl FnOnce(&mut Draft) -> Result<T, RegistryError>,
    ) -> Result<T, RegistryError> {
        let lock = self.folder.lock()?;
        let (book, _) = read_book(&self.folder)?;
        let mut draft = Draft::new(book, self.now(), who);
        let outcome = change(&mut draft)?;
        if !draft.notes.is_empty() {
            self.write_book(&lock, draft)?;
        }
        Ok(outcome)
    }

    /// The audit line is written first: a crash between the two leaves a line too many, never a change without one.
    fn write_book(&self, lock: &Lock, draft: Draft) -> Result<(), RegistryError> {
        let book = Book { version: VERSION, ..draft.book };
        let snapshot = Snapshot::build(book.clone(), self.now()).map_err(|why| damaged(Path::new(BOOK), why))?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        self.folder.append(lock, self.audit_list(), &draft.notes)?;
        seen.book = Some(self.folder.write(lock, BOOK, &book)?);
        self.snapshot.store(Arc::new(snapshot));
        Ok(())
    }

    fn publish(&self, book: Book) -> Result<(), RegistryError> {
        let snapshot = Snapshot::build(book, self.now()).map_err(|why| damaged(Path::new(BOOK), why))?;
        self.snapshot.store(Arc::new(snapshot));
        Ok(())
    }

    /// The registry's clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The time by the registry's clock.
    pub fn now(&self) -> Timestamp {
        moment(&self.clock)
    }
}

/// The registry below `state_dir` as it is on disk, for who only looks: nothing is made, mended or locked. `None` when
/// there is none.
///
/// # Errors
/// [`RegistryError`] when a file cannot be read or is damaged.
pub fn look(state_dir: &Path, clock: &Clock) -> Result<Option<Snapshot>, RegistryError> {
    let (book, stamp) = read_book(&Folder::at(state_dir))?;
    if stamp.is_none() {
        return Ok(None);
    }
    let snapshot = Snapshot::build(book, moment(clock)).map_err(|why| damaged(Path::new(BOOK), why))?;
    Ok(Some(snapshot))
}

fn moment(clock: &Clock) -> Timestamp {
    Timestamp::from_second(clock.unix_seconds()).unwrap_or(Timestamp::MAX)
}

fn read_book(folder: &Folder) -> Result<(Book, Option<Stamp>), RegistryError> {
    let (book, stamp): (Book, _) = folder.read(BOOK)?;
    if stamp.is_some() && book.version != VERSION {
        let why = format!("version {}, while this program knows version {VERSION}", book.version);
        return Err(damaged(Path::new(BOOK), why));
    }
    Ok((book, stamp))
}

fn damaged(path: &Path, why: String) -> RegistryError {
    RegistryError::Damaged { path: path.to_owned(), why }
}

#[cfg(test)]
mod tests;
