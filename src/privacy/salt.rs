//! P5: the random key of one site and one site-local day, and its end.
//!
//! A salt is made when the first hit of its day needs it and written before it is used, so that a restart keeps
//! visitors unique. Two hours after the site's midnight, or earlier when the day is sealed on request, it is destroyed:
//! overwritten, removed, zeroised. That waits for nothing, least of all for ClickHouse: the day is closed first and
//! sealed when that is possible. From then on the day is late, and nobody can tell who was counted on it. A day that
//! was closed never gets a second salt, whatever happens to the clock or to the site's zone ([`closed`]).
//! Past days that nobody closed can be opened by their owner, to fill in history.

mod closed;
mod stage;
mod told;
mod wipe;

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use foldhash::fast::RandomState;
use sha2::{Digest, Sha256};
use tokio::sync::watch;
use zeroize::Zeroizing;

use self::closed::Closed;
pub use self::stage::{Stage, closes_at, today};
pub use self::told::SaltsTold;
pub use self::wipe::wipe_stack;
use crate::files;
use crate::model::{Day, Site, SiteId};

/// Longest time from now until the day of a salt may close. A longer one was made under a clock that ran ahead.
const LONGEST_LIFE_SECONDS: i64 = 4 * 24 * 60 * 60;
/// Bytes of a salt's file: the salt, the second at which its day closes, the hour in which it was made.
const FILE: usize = 32;

/// Seconds after a site's midnight during which the day before is still open.
pub const GRACE_SECONDS: i64 = 2 * 60 * 60;
/// Seconds a past day stays open after its owner last filled something in.
pub const BACKFILL_SECONDS: i64 = 15 * 60;
/// The end of such a day is written anew when it moved by so much, not for every event.
const BACKFILL_STEP: i64 = 60;
/// Days back that can be filled in: beyond what a site keeps unless told otherwise. The days that were closed are remembered
/// as long, so that none of them is ever opened again.
pub const BACKFILL_DAYS: u16 = 800;

/// A 128-bit random key. It has no `Debug` and is zeroised when the last holder lets go.
pub struct Salt(Zeroizing<[u8; 16]>);

impl Salt {
    /// A salt of the given bytes, for tests and for reading one back.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(super) fn bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// A public commitment: tells an auditor that a salt changed without telling the salt.
    pub fn commitment(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_slice()).into()
    }
}

/// A salt could not be made or kept.
#[derive(Debug, thiserror::Error)]
pub enum SaltError {
    /// The operating system gives no random bytes.
    #[error("no random bytes from the operating system")]
    Random,
    /// The salt directory cannot be read or written.
    #[error("salt directory {0}: {1}")]
    File(PathBuf, io::Error),
}

/// A day that is still counted, and until when.
#[derive(Clone)]
struct OpenDay {
    salt: Arc<Salt>,
    made_at: i64,
    closes_at: i64,
}

type OpenDays = HashMap<SiteId, HashMap<Day, OpenDay, RandomState>, RandomState>;

/// The salts of all open days. Reading takes no lock.
pub struct SaltStore {
    directory: PathBuf,
    open: ArcSwap<OpenDays>,
    /// Held while a salt is made, and while days are closed.
    changing: Mutex<Closed>,
    /// How often salts were let go of.
    ended: watch::Sender<u64>,
}

impl SaltStore {
    /// Opens the salts kept in `directory`, which is made when absent. Salts of sites that are not in `sites`
    /// and of days that closed while the program was off are destroyed.
    ///
    /// # Errors
    /// When the directory cannot be read or written.
    pub fn open<'a>(directory: &Path, sites: impl Iterator<Item = &'a Site>, now: i64) -> Result<Self, SaltError> {
        let here = |error| SaltError::File(directory.to_owned(), error);
        files::make_private_directory(directory).map_err(here)?;
        let sites: HashSet<&str> = sites.map(|site| site.id.as_str()).collect();
        let mut closed = Closed::read(&directory.with_extension("closed.json")).map_err(here)?;
        let mut open = OpenDays::default();
        for (site, day, path) in salt_files(directory).map_err(here)? {
            match read_salt(&path).map_err(here)? {
                Some(found) if found.is_open(now) && sites.contains(site.as_str()) => {
                    open.entry(site).or_default().insert(day, found);
                }
                Some(found) => closed.close((&site, day), found.is_over(now), Some(path)),
                // Half destroyed: the day was written down as closed before that began.
                None => closed.leave(path),
            }
        }
        closed.settle()?;
        wipe_stack();
        let (open, changing) = (ArcSwap::from_pointee(open), Mutex::new(closed));
        Ok(Self { directory: directory.to_owned(), open, changing, ended: watch::Sender::default() })
    }

    /// The salt of an open day, made when it is the first time; `None` when the day is late.
    ///
    /// # Errors
    /// When a new salt cannot be made or written.
    pub fn of(&self, site: &Site, day: Day, now: i64) -> Result<Option<Arc<Salt>>, SaltError> {
        if let Some(open) = self.open.load().get(&site.id).and_then(|days| days.get(&day)) {
            return Ok(open.is_open(now).then(|| open.salt.clone()));
        }
        let closes_at = closes_at(site, day);
        if closes_at <= now {
            return Ok(None);
        }
        self.make(site, day, (now, closes_at))
    }

    /// The salt of a day that is open already, or `None`: none is made.
    pub fn existing(&self, site: &SiteId, day: Day, now: i64) -> Option<Arc<Salt>> {
        let open = self.open.load();
        open.get(site).and_then(|days| days.get(&day)).filter(|open| open.is_open(now)).map(|open| open.salt.clone())
    }

    /// The salt of a day that an owner fills in: as [`Self::of`], but a past day that was never closed is opened, and
    /// stays open for [`BACKFILL_SECONDS`] after the last call.
    ///
    /// # Errors
    /// When a salt cannot be made or written.
    pub fn of_backfill(&self, site: &Site, day: Day, now: i64) -> Result<Option<Arc<Salt>>, SaltError> {
        if closes_at(site, day) > now {
            return self.of(site, day, now);
        }
        let closes_at = now + BACKFILL_SECONDS;
        if let Some(open) = self.open.load().get(&site.id).and_then(|days| days.get(&day))
            && open.is_open(now)
            && closes_at - open.closes_at < BACKFILL_STEP
        {
            return Ok(Some(open.salt.clone()));
        }
        if day < today(site, now).plus(-i32::from(BACKFILL_DAYS)) {
            return Ok(None);
        }
        self.make(site, day, (now, closes_at))
    }

    /// Makes the salt of a day, or lets the one it has live until `closes_at`.
    fn make(&self, site: &Site, day: Day, (now, closes_at): (i64, i64)) -> Result<Option<Arc<Salt>>, SaltError> {
        let closed = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        if closed.is_closed(&site.id, day) {
            return Ok(None);
        }
        let current = self.open.load_full();
        let known = current.get(&site.id).and_then(|days| days.get(&day));
        let (salt, made_at) = match known {
            Some(open) if open.closes_at >= closes_at => return Ok(Some(open.salt.clone())),
            Some(open) => (open.salt.clone(), open.made_at),
            None => {
                let mut bytes = Zeroizing::new([0; 16]);
                getrandom::fill(bytes.as_mut_slice()).map_err(|_| SaltError::Random)?;
                // Whole hours: no time finer is kept of the hit that was the first one (P6).
                (Arc::new(Salt(bytes)), now - now.rem_euclid(3600))
            }
        };
        let directory = self.directory.join(site.id.as_str());
        let path = directory.join(day.to_string());
        let file = [salt.bytes().as_slice(), &closes_at.to_le_bytes(), &made_at.to_le_bytes()].concat();
        let file = Zeroizing::new(file);
        files::make_private_directory(&directory)
            .and_then(|()| files::replace(&path, &file))
            .map_err(|error| SaltError::File(path, error))?;
        let mut next = OpenDays::clone(&current);
        next.entry(site.id.clone()).or_default().insert(day, OpenDay { salt: salt.clone(), made_at, closes_at });
        self.open.store(Arc::new(next));
        Ok(Some(salt))
    }

    /// Closes a day for good: its salt is destroyed, and it never gets another. Days that had none can be closed, too.
    ///
    /// # Errors
    /// When that cannot be written down, or the file not be destroyed; it is tried again by the next call.
    pub fn close(&self, site: &SiteId, day: Day) -> Result<(), SaltError> {
        let mut closed = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = OpenDays::clone(&self.open.load_full());
        let had_one = next.get_mut(site).and_then(|days| days.remove(&day)).is_some();
        if had_one {
            self.go_on_with(next);
        }
        let path = self.directory.join(site.as_str()).join(day.to_string());
        closed.close((site, day), true, had_one.then_some(path));
        closed.settle()
    }

    /// Destroys everything that is kept for a site, as if it had never been: a new site of the same id begins with open
    /// days.
    ///
    /// # Errors
    /// As [`Self::destroy_closed`].
    pub fn forget_site(&self, site: &SiteId) -> Result<(), SaltError> {
        let mut closed = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = OpenDays::clone(&self.open.load_full());
        for day in next.remove(site).unwrap_or_default().into_keys() {
            closed.leave(self.directory.join(site.as_str()).join(day.to_string()));
        }
        self.go_on_with(next);
        closed.forget_site(site);
        closed.settle()
    }

    /// Destroys the salts of days that are past their grace, and of sites that `exists` does not know.
    /// Returns how many days were closed.
    ///
    /// # Errors
    /// When a file cannot be overwritten or removed. The salts in memory are gone all the same, and the file is tried
    /// again by the next call.
    pub fn destroy_closed(&self, now: i64, exists: impl Fn(&SiteId) -> bool) -> Result<usize, SaltError> {
        let mut closed = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = OpenDays::clone(&self.open.load_full());
        let mut days_closed = 0;
        next.retain(|site, days| {
            let keep = exists(site);
            days.retain(|day, open| {
                let stays = keep && open.is_open(now);
                if !stays {
                    days_closed += 1;
                    let path = self.directory.join(site.as_str()).join(day.to_string());
                    closed.close((site, *day), open.is_over(now), Some(path));
                }
                stays
            });
            !days.is_empty()
        });
        if days_closed > 0 {
            self.go_on_with(next);
        }
        closed.settle()?;
        Ok(days_closed)
    }

    /// Lets go of all other salts.
    fn go_on_with(&self, kept: OpenDays) {
        self.open.store(Arc::new(kept));
        self.ended.send_modify(|times| *times = times.wrapping_add(1));
    }

    /// How many salts there are.
    pub fn len(&self) -> usize {
        self.open.load().values().map(HashMap::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl OpenDay {
    fn is_over(&self, now: i64) -> bool {
        now >= self.closes_at
    }

    fn is_open(&self, now: i64) -> bool {
        now < self.closes_at && self.closes_at - now < LONGEST_LIFE_SECONDS
    }
}

/// The salt in a file; `None` when the file is not a whole one, or was half destroyed.
fn read_salt(path: &Path) -> io::Result<Option<OpenDay>> {
    let bytes = Zeroizing::new(fs::read(path)?);
    let Some((salt, times)) = bytes.as_slice().split_first_chunk::<16>().filter(|_| bytes.len() == FILE) else {
        return Ok(None);
    };
    let [closes_at, made_at] = [0, 8].map(|at| {
        let bytes = times.get(at..at + 8).and_then(|bytes| bytes.try_into().ok());
        i64::from_le_bytes(bytes.unwrap_or_default())
    });
    let whole = salt.iter().any(|byte| *byte != 0);
    Ok(whole.then(|| OpenDay { salt: Arc::new(Salt::from_bytes(*salt)), made_at, closes_at }))
}

fn salt_files(directory: &Path) -> io::Result<Vec<(SiteId, Day, PathBuf)>> {
    let mut found = Vec::new();
    for site in fs::read_dir(directory)? {
        let site = site?;
        let Ok(id) = site.file_name().to_string_lossy().parse::<SiteId>() else { continue };
        for file in fs::read_dir(site.path())? {
            let path = file?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            match name.parse().ok().and_then(Day::from_date) {
                Some(day) => found.push((id.clone(), day, path)),
                // A write that was cut short leaves a temporary file that may hold key material.
                None => files::destroy(&path)?,
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
