//! The folder `state_dir/registry`: locked while it changes, replaced whole, readable by its owner only.
//! Knows files and nothing of what is in them.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::RegistryError;
use crate::files::give_to_owner;

/// What tells one content of a file from another without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    inode: u64,
    length: u64,
    modified: (i64, i64),
}

impl Stamp {
    fn of(file: &fs::Metadata) -> Self {
        Self { inode: file.ino(), length: file.len(), modified: (file.mtime(), file.mtime_nsec()) }
    }
}

/// A list of lines in two files: one that grows and the one before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct List<'n> {
    /// The one that grows.
    pub(super) name: &'n str,
    /// The one before it.
    pub(super) old: &'n str,
    /// Bytes with which a file is full.
    pub(super) most: u64,
}

/// Held while the folder changes; the lock ends with it, also when the process dies.
pub(super) struct Lock {
    _file: File,
}

/// The folder.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// The folder, whether it exists or not.
    pub(super) fn at(state_dir: &Path) -> Self {
        Self(state_dir.join("registry"))
    }

    /// Makes the folder (and the state directory above it) with mode 0700 where absent.
    pub(super) fn open(state_dir: &Path) -> Result<Self, RegistryError> {
        let folder = Self::at(state_dir);
        let made = DirBuilder::new().mode(0o700).recursive(true).create(&folder.0);
        made.and_then(|()| fs::set_permissions(&folder.0, Permissions::from_mode(0o700)))
            .map_err(|source| io_error(&folder.0, source))?;
        Ok(folder)
    }

    /// Waits until nobody else changes the folder.
    pub(super) fn lock(&self) -> Result<Lock, RegistryError> {
        let path = self.0.join("lock");
        let file = private().write(true).create(true).truncate(false).open(&path);
        let file = file.and_then(|file| give_to_owner(&file, &self.0).map(|()| file));
        let file = file.and_then(|file| file.lock().map(|()| file));
        file.map(|file| Lock { _file: file }).map_err(|source| io_error(&path, source))
    }

    /// Where `name` stands now; `None` when it does not exist.
    pub(super) fn stamp(&self, name: &str) -> Result<Option<Stamp>, RegistryError> {
        let path = self.0.join(name);
        match fs::metadata(&path) {
            Ok(found) => Ok(Some(Stamp::of(&found))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(io_error(&path, source)),
        }
    }

    /// The error of a file that was there.
    pub(super) fn missing(&self, name: &str) -> RegistryError {
        io_error(&self.0.join(name), io::Error::new(io::ErrorKind::NotFound, "it was there; put it back"))
    }

    /// The content of `name` with its stamp; the default when it does not exist.
    pub(super) fn read<T: DeserializeOwned + Default>(&self, name: &str) -> Result<(T, Option<Stamp>), RegistryError> {
        let path = self.0.join(name);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((T::default(), None)),
            Err(source) => return Err(io_error(&path, source)),
        };
        let mut bytes = Vec::new();
        let stamp = file.metadata().and_then(|found| file.read_to_end(&mut bytes).map(|_| Stamp::of(&found)));
        let stamp = stamp.map_err(|source| io_error(&path, source))?;
        // Position only: the words of serde would repeat the content.
        let parsed = serde_json::from_slice(&bytes).map_err(|error| RegistryError::Damaged {
            path,
            why: format!("line {}, column {}", error.line(), error.column()),
        })?;
        Ok((parsed, Some(stamp)))
    }

    /// The last `most` bytes of `name`; none when it does not exist.
    fn end_of(&self, name: &str, most: u64) -> Result<Vec<u8>, RegistryError> {
        let path = self.0.join(name);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(io_error(&path, source)),
        };
        let mut bytes = Vec::new();
        let from = file.metadata().map(|found| found.len().saturating_sub(most));
        let read = from.and_then(|from| file.seek(SeekFrom::Start(from))).and_then(|_| file.read_to_end(&mut bytes));
        read.map(|_| bytes).map_err(|source| io_error(&path, source))
    }

    /// Replaces `name` whole: a reader sees the old content or the new one, also after a power cut.
    pub(super) fn write<T: Serialize>(&self, _lock: &Lock, name: &str, content: &T) -> Result<Stamp, RegistryError> {
        let path = self.0.join(name);
        self.replace(&path, name, content).map_err(|source| io_error(&path, source))
    }

    fn replace<T: Serialize>(&self, path: &Path, name: &str, content: &T) -> io::Result<Stamp> {
        let draft = self.0.join(format!("{name}.new"));
        let mut file = private().write(true).create(true).truncate(true).open(&draft)?;
        give_to_owner(&file, &self.0)?;
        let mut bytes = serde_json::to_vec_pretty(content)?;
        bytes.push(b'\n');
        file.write_all(&bytes)?;
        file.sync_all()?;
        fs::rename(&draft, path)?;
        File::open(&self.0)?.sync_all()?;
        Ok(Stamp::of(&file.metadata()?))
    }

    /// Adds one line of JSON per item to `list.name`. A line torn by a power cut is ended first. A file that is full
    /// becomes the old one, and what was old goes.
    pub(super) fn append<T: Serialize>(&self, _lock: &Lock, list: List<'_>, items: &[T]) -> Result<(), RegistryError> {
        let path = self.0.join(list.name);
        let is_full = fs::metadata(&path).is_ok_and(|found| found.len() >= list.most);
        let made_room = if is_full { fs::rename(&path, self.0.join(list.old)) } else { Ok(()) };
        let appended = made_room.and_then(|()| append_lines(&path, &self.0, items));
        // The new name is to survive a power cut as the line does.
        let synced = appended.and_then(|()| if is_full { File::open(&self.0)?.sync_all() } else { Ok(()) });
        synced.map_err(|source| io_error(&path, source))
    }

    /// The last `most` bytes of a list, of both its files.
    pub(super) fn end_of_list(&self, _lock: &Lock, list: List<'_>, most: u64) -> Result<Vec<u8>, RegistryError> {
        let new = self.end_of(list.name, most)?;
        let mut bytes = self.end_of(list.old, most.saturating_sub(new.len() as u64))?;
        if bytes.last().is_some_and(|last| *last != b'\n') {
            bytes.push(b'\n');
        }
        bytes.extend(new);
        Ok(bytes)
    }
}

fn append_lines<T: Serialize>(path: &Path, folder: &Path, items: &[T]) -> io::Result<()> {
    let mut file = private().read(true).append(true).create(true).open(path)?;
    give_to_owner(&file, folder)?;
    let mut bytes = Vec::new();
    if file.metadata()?.len() > 0 {
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            bytes.push(b'\n');
        }
    }
    for item in items {
        serde_json::to_writer(&mut bytes, item)?;
        bytes.push(b'\n');
    }
    file.write_all(&bytes)?;
    file.sync_all()
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

fn io_error(path: &Path, source: io::Error) -> RegistryError {
    RegistryError::Io { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::test_directory;

    #[test]
    fn files_are_private_and_a_torn_line_is_ended() {
        let scratch = test_directory();
        let folder = Folder::open(scratch.path()).expect("a folder");
        let lock = folder.lock().expect("free");
        folder.write(&lock, "a.json", &vec![1, 2]).expect("written");
        let path = scratch.path().join("registry/list.jsonl");
        fs::write(&path, "{\"torn").expect("written");
        let list = List { name: "list.jsonl", old: "list.old.jsonl", most: 100 };
        folder.append(&lock, list, &[1, 2]).expect("appended");
        let mode = |name: &str| fs::metadata(scratch.path().join(name)).expect("exists").mode() & 0o777;
        assert_eq!(
            [mode(""), mode("registry"), mode("registry/a.json"), mode("registry/lock")],
            [0o700, 0o700, 0o600, 0o600]
        );
        assert_eq!(fs::read_to_string(&path).expect("readable"), "{\"torn\n1\n2\n");
        let (read, stamp) = folder.read::<Vec<i32>>("a.json").expect("readable");
        assert_eq!((read, stamp), (vec![1, 2], folder.stamp("a.json").expect("readable")));
    }

    #[test]
    fn a_full_list_becomes_the_old_one_and_both_are_read() {
        let scratch = test_directory();
        let folder = Folder::open(scratch.path()).expect("a folder");
        let lock = folder.lock().expect("free");
        let list = List { name: "list.jsonl", old: "list.old.jsonl", most: 6 };
        for number in 1..=8 {
            folder.append(&lock, list, &[number]).expect("appended");
        }
        let text = |most| String::from_utf8(folder.end_of_list(&lock, list, most).expect("readable")).expect("text");
        assert_eq!(text(1_000), "4\n5\n6\n7\n8\n");
        assert_eq!([text(6), text(4), text(1)], ["6\n7\n8\n", "7\n8\n", "\n"]);
        let length = |name: &str| fs::metadata(scratch.path().join("registry").join(name)).map(|found| found.len());
        assert_eq!([length("list.jsonl").ok(), length("list.old.jsonl").ok()], [Some(4), Some(6)]);
    }

    #[test]
    fn damage_is_named_without_repeating_the_content() {
        let scratch = test_directory();
        let folder = Folder::open(scratch.path()).expect("a folder");
        fs::write(scratch.path().join("registry/a.json"), "[\"swordfish\"]").expect("written");
        let error = folder.read::<Vec<i32>>("a.json").expect_err("damaged").to_string();
        assert!(error.contains("registry/a.json is damaged (line 1") && !error.contains("swordfish"), "{error}");
    }
}
