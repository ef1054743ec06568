//! What a loader is about to do, written down before it does it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::files;

/// A load: consecutive batches of the spool, inserted under one random token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    /// 32 hexadecimal digits, random: it holds no count and no time.
    token: String,
    /// Sequence of the first batch.
    pub first: u64,
    /// Sequence of the last batch.
    pub last: u64,
}

impl Load {
    /// A load of the batches from `first` to `last`.
    pub fn new(token: u128, first: u64, last: u64) -> Self {
        Self { token: format!("{token:032x}"), first, last }
    }

    /// The token. A journal that was tampered with gives a token of its own, which only costs the recognition.
    pub fn token(&self) -> u128 {
        u128::from_str_radix(&self.token, 16).unwrap_or_default()
    }
}

/// Where a table's loader stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Every batch up to this sequence is in ClickHouse.
    pub confirmed: u64,
    /// A load that was begun and not yet confirmed: it may or may not be in ClickHouse.
    pub begun: Option<Load>,
}

/// The file that holds the position.
pub struct Journal {
    path: PathBuf,
    position: Position,
}

impl Journal {
    /// Reads the position at `path`; the beginning when there is no file.
    ///
    /// # Errors
    /// When the file cannot be read or does not hold a position.
    pub fn open(path: &Path) -> io::Result<Self> {
        let position = match fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Position::default(),
            Err(error) => return Err(error),
        };
        Ok(Self { path: path.to_owned(), position })
    }

    /// Where the loader stands.
    pub fn position(&self) -> &Position {
        &self.position
    }

    /// Writes down a load that is about to be tried; on disk when this returns.
    ///
    /// # Errors
    /// When the file cannot be written; the load must not be tried then.
    pub fn begin(&mut self, load: Load) -> io::Result<()> {
        let next = Position { confirmed: self.position.confirmed, begun: Some(load) };
        files::replace(&self.path, &serde_json::to_vec(&next)?)?;
        self.position = next;
        Ok(())
    }

    /// Notes that the begun load is in ClickHouse. Not synced: the next `begin` carries it, and a load whose
    /// confirmation was lost is tried again under its token, which adds nothing.
    pub fn confirm(&mut self) {
        if let Some(load) = self.position.begun.take() {
            self.position.confirmed = load.last;
        }
    }

    /// Notes that nothing up to `sequence` waits any more, whoever loaded it. Not synced.
    pub fn skip_to(&mut self, sequence: u64) {
        self.position.confirmed = self.position.confirmed.max(sequence);
    }

    /// Writes the position as it is.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self) -> io::Result<()> {
        files::replace(&self.path, &serde_json::to_vec(&self.position)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::test_directory;

    #[test]
    fn a_begun_load_survives_and_its_confirmation_moves_on() {
        let directory = test_directory();
        let path = directory.path().join("cells_open.json");
        let load = Load::new(0xab, 1, 4);
        let mut journal = Journal::open(&path).expect("opens");
        journal.begin(load.clone()).expect("written");
        let mut again = Journal::open(&path).expect("opens");
        assert_eq!(again.position(), &Position { confirmed: 0, begun: Some(load) });
        again.confirm();
        again.save().expect("written");
        let last = Journal::open(&path).expect("opens");
        assert_eq!(last.position(), &Position { confirmed: 4, begun: None });
    }

    #[test]
    fn a_file_of_nonsense_is_refused() {
        let directory = test_directory();
        let path = directory.path().join("x.json");
        fs::write(&path, b"nonsense").expect("written");
        assert!(Journal::open(&path).is_err());
    }
}
