//! The ids on disk: one append-only file a day for those of batches and one for those of events, entries of ten bytes.

use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::files;

/// A batch's or event's id as a keyed hash, and the day (since 1970, UTC) it came.
pub type Entry = (u64, u16);

/// Bytes of an entry: hash and day.
const ENTRY: usize = 10;

/// Whose ids a log holds: they are remembered for different times.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Batches,
    Events,
}

impl Kind {
    /// The extension of its files.
    const fn extension(self) -> &'static str {
        match self {
            Self::Batches => "ids",
            Self::Events => "events",
        }
    }
}

/// The log that is written to, and what it still lacks.
pub(super) struct Log {
    directory: PathBuf,
    kind: Kind,
    file: Option<(u16, File)>,
    /// Entries that are in no file yet.
    unwritten: Vec<Entry>,
    /// Entries written since the last sync that succeeded: after one that failed they may be anywhere.
    unsynced: Vec<Entry>,
}

impl Log {
    /// A log in `directory` that still lacks `unwritten`.
    pub fn new(directory: &Path, kind: Kind, unwritten: Vec<Entry>) -> Self {
        Self { directory: directory.to_owned(), kind, file: None, unwritten, unsynced: Vec::new() }
    }

    /// Adds entries and writes what is not written yet.
    ///
    /// # Errors
    /// When writing fails; the entries are kept for the next try.
    pub fn append(&mut self, entries: &[Entry]) -> io::Result<()> {
        self.unwritten.extend_from_slice(entries);
        self.write()
    }

    /// Makes every entry durable.
    ///
    /// # Errors
    /// When writing or syncing fails; the entries are kept for the next try.
    pub fn sync(&mut self) -> io::Result<()> {
        self.write()?;
        let Some((_, file)) = &self.file else { return Ok(()) };
        if let Err(error) = file.sync_data() {
            // The system may have dropped what it could not write: a second sync would succeed and mean nothing.
            self.file = None;
            self.unwritten.append(&mut self.unsynced);
            return Err(error);
        }
        self.unsynced.clear();
        Ok(())
    }

    /// Writes what is not written yet. After a failure the file is opened anew, which cuts half an entry off.
    fn write(&mut self) -> io::Result<()> {
        let Some(day) = self.unwritten.iter().map(|(_, day)| *day).max() else { return Ok(()) };
        if self.file.as_ref().is_some_and(|(of, _)| *of != day) {
            let unwritten = std::mem::take(&mut self.unwritten);
            let synced = self.sync();
            self.unwritten.extend(unwritten);
            synced?;
            self.file = None;
        }
        let (_, file) = match self.file.take() {
            Some(open) => open,
            None => (day, open(&self.directory, self.kind, day)?),
        };
        let entry = |(hash, day): &Entry| hash.to_le_bytes().into_iter().chain(day.to_le_bytes());
        let bytes: Vec<u8> = self.unwritten.iter().flat_map(entry).collect();
        (&file).write_all(&bytes)?;
        self.file = Some((day, file));
        self.unsynced.append(&mut self.unwritten);
        Ok(())
    }
}

/// Opens the log of a day, its length made a whole number of entries: a kill may have cut the last one.
fn open(directory: &Path, kind: Kind, day: u16) -> io::Result<File> {
    let path = directory.join(format!("{day:05}.{}", kind.extension()));
    let file = files::open_private_append(&path)?;
    let length = file.metadata()?.len();
    file.set_len(length - length % ENTRY as u64)?;
    files::sync_directory_of(&path)?;
    Ok(file)
}

/// The newest entries of every log of a kind, oldest log first: at most `most` of each, since more are not remembered.
pub(super) fn read(directory: &Path, kind: Kind, most: usize, mut take: impl FnMut(Entry)) -> io::Result<()> {
    for (_, path) in logs(directory, kind)? {
        let mut file = File::open(path)?;
        let entries = file.metadata()?.len() / ENTRY as u64;
        file.seek(SeekFrom::Start(entries.saturating_sub(most as u64) * ENTRY as u64))?;
        let mut file = BufReader::new(file);
        let mut entry = [0; ENTRY];
        while read_entry(&mut file, &mut entry)? {
            let (hash, day) = entry.split_at(8);
            let hash = u64::from_le_bytes(hash.try_into().unwrap_or_default());
            take((hash, u16::from_le_bytes(day.try_into().unwrap_or_default())));
        }
    }
    Ok(())
}

/// Whether there was a whole entry.
fn read_entry(file: &mut impl Read, entry: &mut [u8; ENTRY]) -> io::Result<bool> {
    match file.read_exact(entry) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        read => read.map(|()| true),
    }
}

/// Removes the logs of days before `first`.
pub(super) fn remove_before(directory: &Path, kind: Kind, first: u16) -> io::Result<()> {
    for (_, path) in logs(directory, kind)?.into_iter().filter(|(day, _)| *day < first) {
        fs::remove_file(path)?;
    }
    Ok(())
}

/// The logs of a directory with their days, oldest first.
fn logs(directory: &Path, kind: Kind) -> io::Result<Vec<(u16, PathBuf)>> {
    let mut logs = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let is_log = path.extension().is_some_and(|extension| extension == kind.extension());
        let day = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse().ok());
        logs.extend(day.filter(|_| is_log).map(|day| (day, path)));
    }
    logs.sort_unstable();
    Ok(logs)
}
