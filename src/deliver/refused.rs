//! Loads that ClickHouse will never take, put aside in a directory of the spool for a person to look at, and destroyed
//! after a month: they hold counts finer than those that are kept (P6). Called by `loader` and, once an hour, by `app`.
//! Knows nothing of what is in them.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use crate::files;

/// Days a refused load is kept.
pub const KEPT_DAYS: i64 = 30;

/// The directory below that of the spool.
const DIRECTORY: &str = "refused";

/// Keeps the records of a refused load as `name`.
///
/// # Errors
/// When they cannot be written.
pub(super) fn put_aside(spool: &Path, name: &str, records: &[u8]) -> io::Result<()> {
    let directory = spool.join(DIRECTORY);
    files::make_private_directory(&directory)?;
    files::replace(&directory.join(name), records)
}

/// Destroys what was put aside more than [`KEPT_DAYS`] before `now` (seconds since 1970). Returns how many loads that were.
///
/// # Errors
/// When the directory cannot be read or a file not be destroyed; the next call tries again.
pub fn forget(spool: &Path, now: i64) -> io::Result<usize> {
    let listed = match fs::read_dir(spool.join(DIRECTORY)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        listed => listed?,
    };
    let mut destroyed = 0;
    for entry in listed {
        let entry = entry?;
        if entry.metadata()?.mtime() < now - KEPT_DAYS * 86_400 {
            files::destroy(&entry.path())?;
            destroyed += 1;
        }
    }
    Ok(destroyed)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;
    use crate::files::test_directory;

    #[test]
    fn refused_loads_are_destroyed_after_a_month() {
        let spool = test_directory();
        assert_eq!(forget(spool.path(), 0).expect("nothing is there"), 0);
        let now = 1_795_262_400;
        for (name, age) in [("old", KEPT_DAYS * 86_400 + 1), ("young", KEPT_DAYS * 86_400)] {
            put_aside(spool.path(), name, b"records").expect("written");
            let file = fs::File::options().write(true).open(spool.path().join("refused").join(name)).expect("there");
            let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(now - age).expect("after 1970"));
            file.set_modified(moment).expect("set");
        }
        assert_eq!(forget(spool.path(), now).expect("destroyed"), 1);
        let left = fs::read_dir(spool.path().join("refused")).expect("readable");
        let left: Vec<_> = left.map(|entry| entry.expect("readable").file_name()).collect();
        assert_eq!(left, ["young"]);
    }
}
