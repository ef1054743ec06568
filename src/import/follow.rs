//! A file that grows and is rotated: by renaming it, or by copying and cutting it. Called by [`super::reading`].

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::error::ImportError;

/// A file that is open under a name that may become another file's.
pub struct Follow {
    path: PathBuf,
    opened: BufReader<File>,
    read: u64,
}

impl Follow {
    /// Opens it at its beginning.
    ///
    /// # Errors
    /// It is not there.
    pub fn open(path: &Path) -> Result<Self, ImportError> {
        let opened = File::open(path).map_err(|error| ImportError::File { path: path.to_owned(), cause: error })?;
        Ok(Self { path: path.to_owned(), opened: BufReader::new(opened), read: 0 })
    }

    /// Whether another file has its name by now, or it is shorter than what was read of it. While nothing has its name, it
    /// has not moved: the new file is awaited.
    pub fn has_moved(&self) -> bool {
        let Ok(there) = std::fs::metadata(&self.path) else { return false };
        let Ok(here) = self.opened.get_ref().metadata() else { return true };
        (there.dev(), there.ino()) != (here.dev(), here.ino()) || here.len() < self.read
    }
}

impl Read for Follow {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.opened.read(buffer)?;
        self.read += read as u64;
        Ok(read)
    }
}

impl BufRead for Follow {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.opened.fill_buf()
    }

    fn consume(&mut self, bytes: usize) {
        self.read += bytes as u64;
        self.opened.consume(bytes);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::files::test_directory;

    #[test]
    fn a_file_that_was_renamed_or_cut_has_moved() {
        let directory = test_directory();
        let path = directory.path().join("access.log");
        std::fs::write(&path, "one\n").expect("written");
        let mut follow = Follow::open(&path).expect("opens");
        let mut line = String::new();
        follow.read_line(&mut line).expect("reads");
        File::options().append(true).open(&path).and_then(|mut file| file.write_all(b"two\n")).expect("appended");
        follow.read_line(&mut line).expect("reads");
        assert_eq!((line.as_str(), follow.has_moved()), ("one\ntwo\n", false));
        std::fs::write(&path, "x").expect("cut");
        assert!(follow.has_moved());
        let follow = Follow::open(&path).expect("opens");
        std::fs::rename(&path, directory.path().join("access.log.1")).expect("renamed");
        assert!(!follow.has_moved());
        std::fs::write(&path, "x").expect("made");
        assert!(follow.has_moved());
    }
}
