//! The days of each site that were closed, in the file `salts.closed.json` beside the salts. Belongs to the salt store.
//!
//! The file holds, for each site, the newest closed day (days since 1970) and words of 64 bits, the lowest of the first for
//! that day, the next for the day before and so on: 1 means closed. Days beyond [`REACH`] count as closed. So a site
//! never takes more than a line: `{"demo":[20778,[3]]}`.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{BACKFILL_DAYS, SaltError};
use crate::files;
use crate::model::{Day, SiteId};

/// What is known of closed days.
pub(super) struct Closed {
    path: PathBuf,
    sites: BTreeMap<String, Days>,
    is_written: bool,
    /// Files that could not be destroyed yet.
    left: Vec<PathBuf>,
}

/// Days before the newest of which it is known whether they were closed: those that can be filled in, and then some.
const REACH: u16 = (BACKFILL_DAYS / 64 + 2) * 64;

/// The closed days of one site: the newest, and which of those before it, by age. Words that are absent are zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored")]
struct Days(u16, Vec<u64>);

/// As it is in the file. Earlier versions wrote the newest day alone, or one word with it, and held everything before
/// that closed.
#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    Newest(u16),
    Word(u16, u64),
    Words(u16, Vec<u64>),
}

impl From<Stored> for Days {
    fn from(stored: Stored) -> Self {
        let closed = |newest, first| {
            let mut words = vec![u64::MAX; usize::from(REACH / 64)];
            words[0] = first;
            Self(newest, words)
        };
        match stored {
            Stored::Newest(newest) => closed(newest, u64::MAX),
            Stored::Word(newest, word) => closed(newest, word),
            Stored::Words(newest, words) => Self(newest, words),
        }
    }
}

impl Days {
    fn has(&self, day: Day) -> bool {
        let Some(age) = self.0.checked_sub(day.0) else { return false };
        age >= REACH || self.bit(age)
    }

    fn bit(&self, age: u16) -> bool {
        self.1.get(usize::from(age / 64)).is_some_and(|word| word >> (age % 64) & 1 == 1)
    }

    fn set(&mut self, age: u16) {
        let word = usize::from(age / 64);
        if self.1.len() <= word {
            self.1.resize(word + 1, 0);
        }
        self.1[word] |= 1 << (age % 64);
    }

    fn add(&mut self, day: Day) {
        let Some(later) = day.0.checked_sub(self.0) else {
            let age = self.0 - day.0;
            if age < REACH {
                self.set(age);
            }
            return;
        };
        let mut next = Self(day.0, Vec::new());
        next.set(0);
        (0..REACH.saturating_sub(later)).filter(|age| self.bit(*age)).for_each(|age| next.set(age + later));
        *self = next;
    }
}

impl Closed {
    pub(super) fn read(path: &Path) -> io::Result<Self> {
        let sites = match fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(error),
        };
        Ok(Self { path: path.to_owned(), sites, is_written: true, left: Vec::new() })
    }

    pub(super) fn is_closed(&self, site: &SiteId, day: Day) -> bool {
        self.sites.get(site.as_str()).is_some_and(|days| days.has(day))
    }

    /// A day ends because it is over, or else with its site, or because no clock should have made its salt.
    pub(super) fn close(&mut self, (site, day): (&SiteId, Day), is_over: bool, file: Option<PathBuf>) {
        if is_over && !self.is_closed(site, day) {
            self.sites.entry(site.as_str().to_owned()).or_insert(Days(day.0, Vec::new())).add(day);
            self.is_written = false;
        }
        self.left.extend(file);
    }

    /// Nothing of the site is closed any more.
    pub(super) fn forget_site(&mut self, site: &SiteId) {
        self.is_written &= self.sites.remove(site.as_str()).is_none();
    }

    /// A file that only has to go.
    pub(super) fn leave(&mut self, file: PathBuf) {
        self.left.push(file);
    }

    /// Writes down which days are closed, then destroys their files. One that resists keeps no other alive.
    pub(super) fn settle(&mut self) -> Result<(), SaltError> {
        let here = |error: io::Error| SaltError::File(self.path.clone(), error);
        let mut outcome = Ok(());
        if !self.is_written {
            let text = serde_json::to_vec(&self.sites).map_err(|error| here(error.into()))?;
            outcome = files::replace(&self.path, &text).map_err(here);
            self.is_written = outcome.is_ok();
        }
        self.left.retain(|path| match files::destroy(path) {
            Ok(()) => false,
            Err(error) => {
                outcome = Err(SaltError::File(path.clone(), error));
                true
            }
        });
        outcome
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::files::test_directory;

    #[test]
    fn earlier_files_close_everything_up_to_their_day() {
        let directory = test_directory();
        let path = directory.path().join("closed.json");
        fs::write(&path, r#"{"a":20778,"b":[20778,5],"c":[20778,[5]]}"#).expect("written");
        let closed = Closed::read(&path).expect("reads");
        let days = |site: &str| {
            let site: SiteId = site.parse().expect("an id");
            [20_779, 20_778, 20_777, 20_776, 20_714, 20_778 - REACH].map(|day| closed.is_closed(&site, Day(day)))
        };
        assert_eq!(days("a"), [false, true, true, true, true, true]);
        assert_eq!(days("b"), [false, true, false, true, true, true]);
        assert_eq!(days("c"), [false, true, false, true, false, true]);
        assert_eq!(days("d"), [false; 6]);
    }

    proptest! {
        #[test]
        fn what_was_closed_stays_closed_and_recent_days_stay_open(
            closed in proptest::collection::vec(20_000..21_800_u16, 1..40),
            asked in 20_000..21_900_u16,
        ) {
            let mut days = Days(closed[0], Vec::new());
            closed.iter().for_each(|day| days.add(Day(*day)));
            let newest = closed.iter().copied().max().unwrap_or_default();
            let is_old = i32::from(newest) - i32::from(asked) >= i32::from(REACH);
            // A day further back than the bits reach when it was closed counts as closed for its age.
            prop_assert_eq!(days.has(Day(asked)), closed.contains(&asked) || is_old);
        }
    }
}
