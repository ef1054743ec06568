//! What `headcount audit` reads of the state directory: names, sizes, modes, the days of salts and when they close.
//! Of a salt's file it reads the last eight bytes, which are no secret, and opens no other.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The folder of the engine's own files. They are ClickHouse's business and lie behind mode 0700.
const ENGINE: &str = "engine";

/// What lies directly below the state directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) files: u64,
    pub(super) bytes: u64,
}

/// A salt: its site and the name of its file, a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SaltFile {
    pub(super) site: String,
    pub(super) day: String,
    /// When its day closes, in seconds since 1970, as the collector wrote it down: a day that is being filled in later
    /// closes later. `None`: the file says nothing.
    pub(super) closes_at: Option<i64>,
}

/// The state directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Disk {
    pub(super) entries: Vec<Entry>,
    /// Paths that others could read, with their modes.
    pub(super) open_to_others: Vec<(PathBuf, u32)>,
    pub(super) salts: Vec<SaltFile>,
}

/// Reads the state directory; empty when there is none.
pub(super) fn read(state_dir: &Path) -> io::Result<Disk> {
    let mut disk = Disk::default();
    let root = match fs::symlink_metadata(state_dir) {
        Ok(root) => root,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(disk),
        Err(error) => return Err(error),
    };
    check_mode(&mut disk, state_dir, &root);
    for name in names(state_dir)? {
        let mut entry = Entry { name: name.clone(), files: 0, bytes: 0 };
        let path = state_dir.join(&name);
        if name == ENGINE {
            check_mode(&mut disk, &path, &fs::symlink_metadata(&path)?);
        }
        walk(&mut disk, &mut entry, &path, name != ENGINE)?;
        disk.entries.push(entry);
    }
    disk.salts = salts(&state_dir.join("salts"))?;
    Ok(disk)
}

/// Adds up `path`. Links are not followed; what vanishes meanwhile is left out, since a server may run.
fn walk(disk: &mut Disk, entry: &mut Entry, path: &Path, strict: bool) -> io::Result<()> {
    let found = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        found => found?,
    };
    if strict {
        check_mode(disk, path, &found);
    }
    if !found.is_dir() {
        entry.files += 1;
        entry.bytes += found.len();
        return Ok(());
    }
    for name in names(path)? {
        walk(disk, entry, &path.join(name), strict)?;
    }
    Ok(())
}

fn check_mode(disk: &mut Disk, path: &Path, found: &fs::Metadata) {
    let mode = found.mode() & 0o777;
    if !found.is_symlink() && found.permissions().mode() & 0o077 != 0 {
        disk.open_to_others.push((path.to_owned(), mode));
    }
}

fn salts(folder: &Path) -> io::Result<Vec<SaltFile>> {
    let mut salts = Vec::new();
    for site in names(folder)? {
        let days = folder.join(&site);
        if !days.is_dir() {
            continue;
        }
        for day in names(&days)? {
            let closes_at = closes_at(&days.join(&day));
            salts.push(SaltFile { site: site.clone(), day, closes_at });
        }
    }
    Ok(salts)
}

/// Behind the 16 bytes of the salt, which are not read.
fn closes_at(path: &Path) -> Option<i64> {
    let mut bytes = [0; 8];
    File::open(path).ok()?.read_exact_at(&mut bytes, 16).ok()?;
    Some(i64::from_le_bytes(bytes))
}

/// Names in a folder, sorted; none when it does not exist.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let list = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        list => list?,
    };
    let mut names = Vec::new();
    for entry in list {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
