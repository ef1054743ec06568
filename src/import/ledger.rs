//! How far each file was imported, so that nothing is counted twice: `state/imports/SITE.json`. A file is known by what it
//! holds, never by its name: a mark is a length and a keyed digest of so many bytes from its beginning. So a log that was
//! renamed by its rotation is the same one, and one that has grown goes on where it ended.
//!
//! A short piece (the end of a file, or what `--follow` saw) is written down before it is sent, too: killed in between, the
//! next run sends exactly that piece again, and the server knows it by its batch id.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::ImportError;
use super::sending::Days;
use crate::files;

/// Marks kept for a site: older ones go first.
const MARKS: usize = 5_000;

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The import it belongs to.
    pub import: String,
    /// What the file was read as.
    format: String,
    /// Where the piece begins that is being sent; equal to `to` when nothing is.
    from: u64,
    /// Where it ends.
    to: u64,
    /// Digest of the bytes up to `to`.
    digest: String,
}

/// Where to begin in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Begin {
    /// Bytes that were imported before.
    pub from: u64,
    /// Where the first piece ends, when a piece was being sent.
    pub cut: Option<u64>,
    /// The import that did it.
    pub import: Option<String>,
    /// Place of the mark.
    mark: Option<usize>,
}

#[derive(Default, Serialize, Deserialize)]
struct Stored {
    /// What digests begin with.
    key: String,
    marks: Vec<Mark>,
    /// What each import did so far.
    #[serde(default)]
    done: HashMap<String, Done>,
}

/// What an import did so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// Events counted.
    pub events: u64,
    /// Their first and last day.
    pub days: Days,
}

/// The marks of one site. No other import into it runs while this lives.
pub struct Ledger {
    path: PathBuf,
    stored: Stored,
    format: &'static str,
    _lock: File,
}

impl Ledger {
    /// Opens the ledger of a site. Marks of imports that `exists` does not know are void: the site was removed meanwhile,
    /// or the import was.
    ///
    /// # Errors
    /// Another import runs, or the file cannot be read.
    pub fn open(
        state_dir: &Path,
        site: &str,
        format: &'static str,
        exists: impl Fn(&str) -> bool,
    ) -> Result<Self, ImportError> {
        let directory = state_dir.join("imports");
        let here = |error| ImportError::Ledger { path: directory.clone(), cause: error };
        files::make_private_directory(&directory).map_err(here)?;
        let lock = lock(&directory.join(format!("{site}.lock"))).map_err(here)?;
        let lock = lock.ok_or_else(|| ImportError::Busy(site.to_owned()))?;
        let path = directory.join(format!("{site}.json"));
        let mut stored: Stored = match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| here(error.into()))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Stored::default(),
            Err(error) => return Err(here(error)),
        };
        if stored.key.is_empty() {
            let mut key = [0; 32];
            getrandom::fill(&mut key).map_err(|_| crate::registry::RegistryError::Random)?;
            stored.key = hex(&key);
        }
        stored.marks.retain(|mark| exists(&mark.import));
        stored.done.retain(|import, _| exists(import));
        Ok(Self { path, stored, format, _lock: lock })
    }

    /// What the digest of every file begins with.
    pub fn digest(&self) -> Sha256 {
        Sha256::new_with_prefix(self.stored.key.as_bytes())
    }

    /// Where to begin in a file: behind the longest part of it that was imported before.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn begin(&self, mut file: impl Read) -> io::Result<Begin> {
        let mut known: HashMap<u64, Vec<usize>> = HashMap::new();
        for (at, mark) in self.stored.marks.iter().enumerate().filter(|(_, mark)| mark.format == self.format) {
            known.entry(mark.to).or_default().push(at);
        }
        let mut lengths: Vec<u64> = known.keys().copied().collect();
        lengths.sort_unstable();
        let (mut digest, mut read, mut found) = (self.digest(), 0, None);
        for length in lengths {
            let wanted = length - read;
            let got = copy(&mut file.by_ref().take(wanted), &mut digest)?;
            read += got;
            if got < wanted {
                break;
            }
            let told = hex(&digest.clone().finalize());
            found = known[&length].iter().copied().rfind(|at| self.stored.marks[*at].digest == told).or(found);
        }
        let begin = |at: usize| {
            let mark = &self.stored.marks[at];
            let cut = (mark.to > mark.from).then_some(mark.to);
            Begin { from: mark.from, cut, import: Some(mark.import.clone()), mark: Some(at) }
        };
        Ok(found.map_or_else(Begin::default, begin))
    }

    /// Adds to what an import did; it is written down with the next mark.
    pub fn add(&mut self, import: &str, events: u64, days: Days) {
        let done = self.stored.done.entry(import.to_owned()).or_default();
        done.events += events;
        done.days = match (done.days, days) {
            (Some((first, last)), Some((begin, end))) => Some((first.min(begin), last.max(end))),
            (one, other) => one.or(other),
        };
    }

    /// What an import did so far.
    pub fn done(&self, import: &str) -> Done {
        self.stored.done.get(import).copied().unwrap_or_default()
    }

    /// Writes down that a file was imported up to `from`, and that what follows up to `to` is being sent. `digest` is that of
    /// the bytes up to `to`.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn note(
        &mut self,
        begin: &mut Begin,
        import: &str,
        (from, to): (u64, u64),
        digest: &Sha256,
    ) -> Result<(), ImportError> {
        let digest = hex(&digest.clone().finalize());
        let (import, format) = (import.to_owned(), self.format.to_owned());
        let mark = Mark { import, format, from, to, digest };
        match begin.mark {
            Some(at) => self.stored.marks[at] = mark,
            None => {
                // The oldest goes; places of the others change, but this is the newest from here on.
                if self.stored.marks.len() >= MARKS {
                    self.stored.marks.remove(0);
                }
                begin.mark = Some(self.stored.marks.len());
                self.stored.marks.push(mark);
            }
        }
        let here = |error| ImportError::Ledger { path: self.path.clone(), cause: error };
        let text = serde_json::to_vec(&self.stored).map_err(|error| here(error.into()))?;
        files::replace(&self.path, &text).map_err(here)
    }
}

fn lock(path: &Path) -> io::Result<Option<File>> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn copy(from: &mut impl Read, digest: &mut Sha256) -> io::Result<u64> {
    let mut block = vec![0; 64 * 1024];
    let mut all = 0;
    loop {
        match from.read(&mut block) {
            Ok(0) => return Ok(all),
            Ok(read) => {
                digest.update(&block[..read]);
                all += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Bytes as text.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::test_directory;

    fn open(state: &Path, format: &'static str, exists: bool) -> Result<Ledger, ImportError> {
        Ledger::open(state, "a", format, |_| exists)
    }

    fn upto(ledger: &Ledger, text: &str) -> Sha256 {
        ledger.digest().chain_update(text.as_bytes())
    }

    #[test]
    fn a_file_is_known_by_what_it_holds() {
        let state = test_directory();
        let mut ledger = open(state.path(), "combined", true).expect("opens");
        assert!(matches!(open(state.path(), "combined", true), Err(ImportError::Busy(_))));
        let mut begin = ledger.begin("one two".as_bytes()).expect("memory");
        assert_eq!((begin.from, begin.cut), (0, None));
        let digest = upto(&ledger, "one ");
        ledger.note(&mut begin, "i1", (4, 4), &digest).expect("written");
        let mut other = Begin::default();
        let digest = upto(&ledger, "other");
        ledger.note(&mut other, "i1", (2, 5), &digest).expect("written");
        drop(ledger);
        let ledger = open(state.path(), "combined", true).expect("opens");
        let places = |text: &str| {
            let begin = ledger.begin(text.as_bytes()).expect("memory");
            (begin.from, begin.cut)
        };
        let texts = ["one two three", "one ", "one", "two", "other things", "othe"];
        let wanted = [(4, None), (4, None), (0, None), (0, None), (2, Some(5)), (0, None)];
        assert_eq!(texts.map(places), wanted);
        drop(ledger);
        let foreign = open(state.path(), "caddy", true).expect("opens");
        assert_eq!(foreign.begin("one two".as_bytes()).expect("memory"), Begin::default());
        drop(foreign);
        let void = open(state.path(), "combined", false).expect("opens");
        assert_eq!(void.begin("one two".as_bytes()).expect("memory"), Begin::default());
    }
}
