//! The files of an import: plain, packed with gzip, or members of a zip; opened as often as needed. Knows nothing of what is in
//! them.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use indicatif::ProgressBar;

use super::error::ImportError;
use super::zip;
use crate::cli::import::ImportFormat;

/// What a file is called in which Umami has the properties of events.
const PROPERTIES: &str = "event_data";
/// Bytes read at once.
const BLOCK: usize = 256 * 1024;

/// A file to be read from its beginning to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Where it is.
    pub path: PathBuf,
    /// How it is packed.
    pub packed: Packed,
}

/// How a file is packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Packed {
    /// Not at all.
    Plain,
    /// With gzip.
    Gzip,
    /// As a member of a zip.
    Member(zip::Member),
}

impl Input {
    /// What the terminal shows of it: its name, without the way to it.
    pub fn name(&self) -> String {
        let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match &self.packed {
            Packed::Member(member) => name(Path::new(&member.name)),
            _ => name(&self.path),
        }
    }

    /// Whether it says more about the records of other files, and has none of its own.
    pub fn is_beside(&self, format: ImportFormat) -> bool {
        format == ImportFormat::Umami && self.name().starts_with(PROPERTIES)
    }

    /// Bytes on disk.
    pub fn size(&self) -> u64 {
        match &self.packed {
            Packed::Member(member) => member.packed_size,
            _ => std::fs::metadata(&self.path).map_or(0, |found| found.len()),
        }
    }

    /// Opens it; `progress` moves by what is read from the disk.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open(&self, progress: &ProgressBar) -> Result<Box<dyn BufRead>, ImportError> {
        let here = |error| ImportError::File { path: self.path.clone(), cause: error };
        let file = File::open(&self.path).map_err(here)?;
        if file.metadata().map_err(here)?.is_dir() {
            return Err(here(io::ErrorKind::IsADirectory.into()));
        }
        let read: Box<dyn Read> = match &self.packed {
            Packed::Plain => Box::new(progress.wrap_read(file)),
            Packed::Gzip => Box::new(MultiGzDecoder::new(BufReader::new(progress.wrap_read(file)))),
            Packed::Member(member) => member.open(file, progress).map_err(here)?,
        };
        Ok(Box::new(BufReader::with_capacity(BLOCK, read)))
    }
}

/// Everything to be read, in order.
///
/// # Errors
/// A file is not there, or nothing in it belongs to the format.
pub fn inputs(files: &[PathBuf], format: ImportFormat) -> Result<Vec<Input>, ImportError> {
    let mut all = Vec::new();
    for path in files {
        let here = |error| ImportError::File { path: path.clone(), cause: error };
        if path.is_dir() {
            let mut inside: Vec<PathBuf> = std::fs::read_dir(path)
                .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
                .map_err(here)?;
            inside.sort();
            all.extend(inside.into_iter().filter(|path| is_wanted(path, format)).map(input));
            continue;
        }
        std::fs::metadata(path).map_err(here)?;
        if !has_ending(path, "zip") {
            all.push(input(path.clone()));
            continue;
        }
        let members = zip::members(&mut File::open(path).map_err(here)?).map_err(here)?;
        let wanted = members.into_iter().filter(|member| is_wanted(Path::new(&member.name), format));
        all.extend(wanted.map(|member| Input { path: path.clone(), packed: Packed::Member(member) }));
    }
    match (all.is_empty(), files.first()) {
        (true, Some(path)) => {
            Err(ImportError::Foreign { path: path.clone(), why: "nothing in it is a file of this format" })
        }
        _ => Ok(all),
    }
}

fn input(path: PathBuf) -> Input {
    let packed = if has_ending(&path, "gz") { Packed::Gzip } else { Packed::Plain };
    Input { path, packed }
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|found| found.eq_ignore_ascii_case(ending))
}

/// Whether a file found in a folder or zip belongs to the format.
fn is_wanted(path: &Path, format: ImportFormat) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match format {
        ImportFormat::Umami => name.starts_with("website_event.csv") || name.starts_with(PROPERTIES),
        ImportFormat::Plausible => name.starts_with("imported_") && name.ends_with(".csv"),
        ImportFormat::Ga4Csv => name.ends_with(".csv"),
        _ => !name.starts_with('.'),
    }
}
