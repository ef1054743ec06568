//! What a loader is about to do, written down before it does it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::clickhouse::Receipt;
use crate::files;

/// A load: consecutive batches of the spool, inserted together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    /// The first token it is tried under: 32 hexadecimal digits, random. It holds no count and no time.
    token: String,
    /// Sequence of the first batch.
    pub first: u64,
    /// Sequence of the last batch.
    pub last: u64,
    /// How many loads of its journal were begun up to it. 0: begun by a version that did not number them.
    #[serde(default)]
    number: u64,
}

impl Load {
    /// A load of the batches from `first` to `last`; it is numbered when it is begun.
    pub fn new(token: u128, first: u64, last: u64) -> Self {
        Self { token: format!("{token:032x}"), first, last, number: 0 }
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
    /// Names the journal, by a random number; 0 until the first load.
    #[serde(default)]
    journal: u64,
    /// The journal's secret, random as well.
    #[serde(default)]
    key: [u64; 2],
    /// Number of the last load that was begun.
    #[serde(default)]
    loads: u64,
}

impl Position {
    /// What the begun load leaves in its table. None: it was begun by a version that left nothing.
    pub fn receipt(&self) -> Option<Receipt> {
        let load = self.begun.as_ref().filter(|load| load.number > 0)?;
        // A journal that was put back to an earlier state counts again: what is random tells its loads from those before.
        let number = load.number << 24 | (load.token() & 0xff_ffff) as u64;
        Some(Receipt { journal: self.journal, number, key: self.key })
    }
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

    /// Numbers a load that is about to be tried and writes it down; on disk when this returns.
    ///
    /// # Errors
    /// When the file cannot be written; the load must not be tried then.
    pub fn begin(&mut self, load: Load) -> io::Result<()> {
        let Position { confirmed, mut journal, mut key, loads, .. } = self.position;
        if journal == 0 {
            journal = random()?;
            key = [random()?, random()?];
        }
        let number = loads + 1;
        let next = Position { confirmed, begun: Some(Load { number, ..load }), journal, key, loads: number };
        files::replace(&self.path, &serde_json::to_vec(&next)?)?;
        self.position = next;
        Ok(())
    }

    /// Notes that the begun load is in ClickHouse. Not synced: the next `begin` carries it, and a load whose
    /// confirmation was lost is found there.
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

fn random() -> io::Result<u64> {
    getrandom::u64().map_err(io::Error::from)
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
        journal.begin(load).expect("written");
        let mut again = Journal::open(&path).expect("opens");
        assert_eq!(again.position(), journal.position());
        assert_eq!(
            again.position().begun.as_ref().map(|load| (load.token(), load.first, load.last)),
            Some((0xab, 1, 4))
        );
        again.confirm();
        again.save().expect("written");
        let last = Journal::open(&path).expect("opens");
        assert_eq!((last.position().confirmed, &last.position().begun), (4, &None));
    }

    #[test]
    fn loads_are_numbered_across_restarts_and_journals_differ() {
        let directory = test_directory();
        let begun = |(name, token): (&str, u128)| {
            let mut journal = Journal::open(&directory.path().join(name)).expect("opens");
            journal.begin(Load::new(token, 1, 4)).expect("written");
            journal.position().receipt().expect("numbered")
        };
        let [first, second, other] = [("a.json", 0xff_ffff), ("a.json", 0), ("b.json", 7)].map(begun);
        assert_eq!([first.number, second.number, other.number], [0x1ff_ffff, 0x200_0000, 0x100_0007]);
        assert_eq!((first.journal, first.key), (second.journal, second.key));
        assert!(first.journal != other.journal && first.key != other.key);
        // Put back to before the second load, it counts that number again: the two are told apart.
        fs::copy(directory.path().join("b.json"), directory.path().join("c.json")).expect("copied");
        let [one, again] = [("b.json", 8), ("c.json", 9)].map(begun);
        assert_eq!((one.journal, one.number >> 24), (again.journal, again.number >> 24));
        assert_ne!(one.number, again.number);
    }

    #[test]
    fn a_load_that_an_earlier_version_began_has_left_nothing() {
        let directory = test_directory();
        let path = directory.path().join("x.json");
        fs::write(&path, br#"{"confirmed":6,"begun":{"token":"ab","first":7,"last":9}}"#).expect("written");
        let mut journal = Journal::open(&path).expect("opens");
        assert_eq!((journal.position().receipt(), journal.position().confirmed), (None, 6));
        journal.confirm();
        journal.begin(Load::new(1, 10, 11)).expect("written");
        assert_eq!(journal.position().receipt().map(|receipt| receipt.number), Some(0x100_0001));
    }

    #[test]
    fn a_file_of_nonsense_is_refused() {
        let directory = test_directory();
        let path = directory.path().join("x.json");
        fs::write(&path, b"nonsense").expect("written");
        assert!(Journal::open(&path).is_err());
    }
}
