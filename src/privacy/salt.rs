//! P5: the random key of one site and one site-local day, and its end.
//!
//! A salt is made when the first hit of its day needs it and written before it is used, so that a restart keeps
//! visitors unique. Two hours after the site's midnight it is destroyed: overwritten, removed, zeroised.
//! From then on the day is late, and nobody can tell who was counted on it.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::files;
use crate::model::{Day, Site, SiteId};

/// Seconds after a site's midnight during which the day before is still open.
pub const GRACE_SECONDS: i64 = 2 * 60 * 60;

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
    closes_at: i64,
}

type OpenDays = HashMap<SiteId, HashMap<Day, OpenDay>>;

/// The salts of all open days. Reading takes no lock.
pub struct SaltStore {
    directory: PathBuf,
    open: ArcSwap<OpenDays>,
    /// Held while a salt is made or destroyed: rare, and both write files.
    changing: Mutex<()>,
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
        let sites: HashMap<&str, &Site> = sites.map(|site| (site.id.as_str(), site)).collect();
        let mut open = OpenDays::new();
        for (site, day, path) in salt_files(directory).map_err(here)? {
            let known = sites.get(site.as_str()).map(|site| closes_at(site, day));
            match (known, read_salt(&path)) {
                (Some(closes_at), Some(salt)) if closes_at > now => {
                    let salt = Arc::new(salt);
                    open.entry(site).or_default().insert(day, OpenDay { salt, closes_at });
                }
                _ => files::destroy(&path).map_err(here)?,
            }
        }
        Ok(Self { directory: directory.to_owned(), open: ArcSwap::from_pointee(open), changing: Mutex::new(()) })
    }

    /// The salt of an open day, made when it is the first time; `None` when the day is late.
    ///
    /// # Errors
    /// When a new salt cannot be made or written.
    pub fn of(&self, site: &Site, day: Day, now: i64) -> Result<Option<Arc<Salt>>, SaltError> {
        if let Some(open) = self.open.load().get(&site.id).and_then(|days| days.get(&day)) {
            return Ok((open.closes_at > now).then(|| open.salt.clone()));
        }
        let closes_at = closes_at(site, day);
        if closes_at <= now {
            return Ok(None);
        }
        self.make(site, day, closes_at).map(Some)
    }

    fn make(&self, site: &Site, day: Day, closes_at: i64) -> Result<Arc<Salt>, SaltError> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let current = self.open.load_full();
        if let Some(open) = current.get(&site.id).and_then(|days| days.get(&day)) {
            return Ok(open.salt.clone());
        }
        let mut bytes = Zeroizing::new([0; 16]);
        getrandom::fill(bytes.as_mut_slice()).map_err(|_| SaltError::Random)?;
        let directory = self.directory.join(site.id.as_str());
        let path = directory.join(day.to_string());
        files::make_private_directory(&directory)
            .and_then(|()| files::replace(&path, bytes.as_slice()))
            .map_err(|error| SaltError::File(path, error))?;
        let salt = Arc::new(Salt(bytes));
        let mut next = OpenDays::clone(&current);
        next.entry(site.id.clone()).or_default().insert(day, OpenDay { salt: salt.clone(), closes_at });
        self.open.store(Arc::new(next));
        Ok(salt)
    }

    /// Destroys the salts of days that are past their grace, and of sites that `exists` does not know.
    /// Returns how many.
    ///
    /// # Errors
    /// When a file cannot be overwritten or removed. The salts in memory are gone all the same.
    pub fn destroy_closed(&self, now: i64, exists: impl Fn(&SiteId) -> bool) -> Result<usize, SaltError> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = OpenDays::clone(&self.open.load_full());
        let mut closed = Vec::new();
        next.retain(|site, days| {
            let keep = exists(site);
            days.retain(|day, open| {
                let stays = keep && open.closes_at > now;
                if !stays {
                    closed.push(self.directory.join(site.as_str()).join(day.to_string()));
                }
                stays
            });
            !days.is_empty()
        });
        self.open.store(Arc::new(next));
        // One file that resists keeps no other alive. It is tried again at the next start.
        let mut outcome = Ok(closed.len());
        for path in &closed {
            if let Err(error) = files::destroy(path) {
                outcome = Err(SaltError::File(path.clone(), error));
            }
        }
        outcome
    }

    /// Site, day and public commitment of every salt that exists.
    pub fn commitments(&self) -> Vec<(SiteId, Day, [u8; 32])> {
        let open = self.open.load();
        let days = open.iter().flat_map(|(site, days)| days.iter().map(move |(day, open)| (site, day, open)));
        days.map(|(site, day, open)| (site.clone(), *day, open.salt.commitment())).collect()
    }
}

/// The second at which a day of a site turns late.
fn closes_at(site: &Site, day: Day) -> i64 {
    let next = day.plus(1).date();
    let midnight = site.timezone.to_ambiguous_zoned(next.at(0, 0, 0, 0)).compatible();
    midnight.map_or(0, |midnight| midnight.timestamp().as_second()) + GRACE_SECONDS
}

fn read_salt(path: &Path) -> Option<Salt> {
    let bytes = Zeroizing::new(fs::read(path).ok()?);
    bytes.as_slice().try_into().ok().map(Salt::from_bytes)
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
