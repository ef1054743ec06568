//! Files that must survive a power cut, stay private, or vanish for good.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Makes a directory, and those above it, readable by the owner only.
///
/// # Errors
/// When it cannot be made.
pub fn make_private_directory(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Takes a directory away from everyone but its owner. Returns whether others could get at it until now.
///
/// # Errors
/// When it is another user's, lies on a file system without rights, or is meant to be shared, like `/tmp`.
#[cfg(unix)]
pub fn tighten_directory(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;

    const STICKY: u32 = 0o1000;
    const OTHERS: u32 = 0o077;
    let mode = || fs::metadata(path).map(|directory| directory.permissions().mode());
    let found = mode()?;
    if found & OTHERS == 0 {
        return Ok(false);
    }
    if found & STICKY != 0 {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is a directory that users share"));
    }
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
    // Some file systems take the order and do nothing.
    if mode()? & OTHERS != 0 {
        return Err(io::Error::new(io::ErrorKind::Unsupported, "its file system keeps no rights"));
    }
    Ok(true)
}

/// Gives a file that root made to whom the directory belongs: a command that root runs beside a server of another user
/// must not take files away from it.
///
/// # Errors
/// When the owner cannot be told or changed.
#[cfg(unix)]
pub fn give_to_owner(file: &File, directory: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};

    let owner = fs::metadata(directory)?;
    if owner.uid() == file.metadata()?.uid() {
        return Ok(());
    }
    match fchown(file, Some(owner.uid()), Some(owner.gid())) {
        // Only root may. Whoever else may write here does so as before.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        given => given,
    }
}

/// Opens a private file for writing at its end, made when absent.
///
/// # Errors
/// When it cannot be opened.
pub fn open_private_append(path: &Path) -> io::Result<File> {
    private_options().append(true).open(path)
}

/// Puts `content` at `path` as a whole or not at all, readable by the owner only, on disk when this returns.
///
/// # Errors
/// When writing fails; the old file is untouched then.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let temporary = path.with_extension("tmp");
    let mut file = private_options().write(true).truncate(true).open(&temporary)?;
    #[cfg(unix)]
    give_to_owner(&file, directory_of(path))?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&temporary, path)?;
    sync_directory_of(path)
}

/// Overwrites a file with zeros and removes it. A file that is not there is fine.
///
/// # Errors
/// When it cannot be overwritten or removed.
pub fn destroy(path: &Path) -> io::Result<()> {
    let mut file = match OpenOptions::new().write(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        opened => opened?,
    };
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(0);
    file.write_all(&vec![0; length])?;
    file.sync_all()?;
    fs::remove_file(path)?;
    sync_directory_of(path)
}

/// Makes the entry of `path` in its directory durable.
///
/// # Errors
/// When the directory cannot be synced.
pub fn sync_directory_of(path: &Path) -> io::Result<()> {
    File::open(directory_of(path))?.sync_all()
}

fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn private_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// A directory of a test's own, removed with all it holds when dropped.
#[cfg(test)]
pub(crate) struct TestDirectory(std::path::PathBuf);

#[cfg(test)]
impl TestDirectory {
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

#[cfg(test)]
impl Drop for TestDirectory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Makes a directory for one test.
#[cfg(test)]
pub(crate) fn test_directory() -> TestDirectory {
    let name = format!("headcount-test-{:032x}", u128::from(getrandom::u64().expect("random")));
    let path = std::env::temp_dir().join(name);
    make_private_directory(&path).expect("a directory");
    TestDirectory(path)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    use super::*;

    #[test]
    fn what_is_made_belongs_to_whom_the_directory_belongs() {
        let directory = test_directory();
        // Anybody may give to oneself; only root to others.
        let own = fs::metadata(directory.path()).expect("is there").uid();
        let owner = if own == 0 { 12_345 } else { own };
        std::os::unix::fs::chown(directory.path(), Some(owner), None).expect("may be given");
        let path = directory.path().join("a.json");
        replace(&path, b"{}").expect("written");
        assert_eq!(fs::metadata(&path).expect("is there").uid(), owner);
    }

    #[test]
    fn a_directory_open_to_others_is_tightened_unless_it_is_meant_to_be_shared() {
        let directory = test_directory();
        let tighten = |mode| {
            fs::set_permissions(directory.path(), fs::Permissions::from_mode(mode)).expect("own directory");
            let tightened = tighten_directory(directory.path()).map_err(|error| error.kind());
            (tightened, fs::metadata(directory.path()).expect("is there").permissions().mode() & 0o7777)
        };
        assert_eq!(tighten(0o755), (Ok(true), 0o700));
        assert_eq!(tighten(0o2770), (Ok(true), 0o700));
        assert_eq!(tighten(0o500), (Ok(false), 0o500));
        assert_eq!(tighten(0o1777), (Err(io::ErrorKind::PermissionDenied), 0o1777));
    }
}
