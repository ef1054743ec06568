//! The country, and where the file has them the region and city, of a network. The file is read whole at load and flattened, because a
//! walk of its tree costs several times a search in sorted ranges. Called by `ingest`; reloading by `app`. Sees cut addresses only.

#[cfg(test)]
pub(crate) mod fixture;
mod ranges;
mod read;
#[cfg(test)]
mod tests;

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::{ArcSwap, Guard};

use super::address::CutAddress;
use ranges::Ranges;

/// Where a network is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// ISO 3166-1 alpha-2 code, upper case.
    pub country: &'a str,
    /// Country code, a dash and the region as the file names it: `DE-Bavaria`. `None` when the file has no regions.
    pub region: Option<&'a str>,
    /// The region, a slash and the city as the file names it: `DE-Bavaria/Munich`. `None` when the file has no cities,
    /// and where it has no region: a city alone is not told from its namesakes.
    pub city: Option<&'a str>,
}

/// Why a file cannot be used. Holds the operator's path, nothing of a client.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// The file cannot be opened or read.
    #[error("cannot read {}: {cause}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The file is not a whole MaxMind DB.
    #[error("{} is not a usable .mmdb file: {cause}", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// What the reader said.
        cause: maxminddb::MaxMindDbError,
    },
    /// The file is well formed and no record holds a country.
    #[error(
        "{} holds no countries (looked for `country_code`, `country.iso_code`, `registered_country.iso_code`); \
         use a country or city file",
        path.display()
    )]
    NoCountries {
        /// The file.
        path: PathBuf,
    },
}

/// What became of a look at the file.
#[derive(Debug)]
pub enum Reload {
    /// The file is the one that was read, or one that is known to be broken and has been reported.
    Unchanged,
    /// A new file was read; it has so many ranges.
    Loaded(usize),
    /// The file changed and cannot be used: the places read before stay. Reported once per change.
    Failed(PlaceError),
}

/// The places of one file, flattened. Immutable.
#[derive(Debug, PartialEq)]
pub struct PlaceTable {
    /// By the 24 bits of an IPv4 network.
    v4: Ranges<u32>,
    /// By the 48 bits of an IPv6 network.
    v6: Ranges<u64>,
    names: Vec<Name>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Name {
    country: Box<str>,
    region: Option<Box<str>>,
    city: Option<Box<str>>,
}

impl PlaceTable {
    /// The place of a network, by its first address.
    pub fn lookup(&self, address: CutAddress) -> Option<Place<'_>> {
        let position = match (address.v4(), address.v6()) {
            (Some(v4), _) => self.v4.find(v4 >> 8)?,
            (_, Some(v6)) => self.v6.find(v6 >> 16)?,
            _ => return None,
        };
        let name = self.names.get(position as usize)?;
        Some(Place { country: &name.country, region: name.region.as_deref(), city: name.city.as_deref() })
    }

    /// How many ranges there are.
    pub fn ranges(&self) -> usize {
        self.v4.len() + self.v6.len()
    }
}

/// What tells one state of a file from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fingerprint {
    modified: (i64, i64),
    length: u64,
    inode: u64,
}

impl Fingerprint {
    fn of(path: &Path) -> Option<Self> {
        let meta = std::fs::metadata(path).ok()?;
        Some(Self { modified: (meta.mtime(), meta.mtime_nsec()), length: meta.len(), inode: meta.ino() })
    }
}

/// The places of a file that may be replaced while we run.
#[derive(Debug)]
pub struct Places {
    path: PathBuf,
    table: ArcSwap<PlaceTable>,
    /// Taken by the reloading task alone, never on the path of a hit.
    seen: Mutex<Option<Fingerprint>>,
}

impl Places {
    /// Reads a `.mmdb` file. Takes tens of milliseconds for countries, seconds for cities.
    ///
    /// # Errors
    /// When the file cannot be read, is broken, or holds no countries.
    pub fn open(path: &Path) -> Result<Self, PlaceError> {
        let seen = Fingerprint::of(path);
        let table = read::table(path)?;
        Ok(Self { path: path.to_owned(), table: ArcSwap::from_pointee(table), seen: Mutex::new(seen) })
    }

    /// The places as they are now. Hold the guard for one hit only.
    pub fn current(&self) -> Guard<Arc<PlaceTable>> {
        self.table.load()
    }

    /// Reads the file again if it changed since the last look. Blocks as long as [`Places::open`].
    pub fn reload_if_changed(&self) -> Reload {
        let now = Fingerprint::of(&self.path);
        {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if *seen == now {
                return Reload::Unchanged;
            }
            *seen = now;
        }
        match read::table(&self.path) {
            Ok(table) => {
                let ranges = table.ranges();
                self.table.store(Arc::new(table));
                Reload::Loaded(ranges)
            }
            Err(error) => Reload::Failed(error),
        }
    }
}
