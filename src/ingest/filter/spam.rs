//! Referrers that exist to be seen in reports. Called by `ingest` with a cleaned host.

use std::path::{Path, PathBuf};

use foldhash::fast::RandomState;
use hashbrown::HashSet;

const BUILT_IN: &str = include_str!("../data/spam.txt");

/// The operator's list cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {}: {cause}", path.display())]
pub struct SpamHostsError {
    path: PathBuf,
    cause: std::io::Error,
}

/// Hosts whose referrals are dropped, each with its subdomains.
#[derive(Debug)]
pub struct SpamHosts {
    hosts: HashSet<Box<str>, RandomState>,
}

impl SpamHosts {
    /// The built-in list and the lines of `extra`: a host a line, `#` begins a comment.
    ///
    /// # Errors
    /// When `extra` cannot be read.
    pub fn load(extra: Option<&Path>) -> Result<Self, SpamHostsError> {
        let mut hosts = HashSet::default();
        let mut add = |text: &str| {
            let lines =
                text.lines().map(|line| line.split('#').next().unwrap_or("").trim()).filter(|line| !line.is_empty());
            hosts.extend(lines.map(|line| line.trim_start_matches("www.").to_ascii_lowercase().into_boxed_str()));
        };
        add(BUILT_IN);
        if let Some(path) = extra {
            add(&std::fs::read_to_string(path).map_err(|cause| SpamHostsError { path: path.to_owned(), cause })?);
        }
        Ok(Self { hosts })
    }

    /// Whether a referring host (lower case, no port) is on the list or below a host on it.
    pub fn contains(&self, host: &str) -> bool {
        let mut suffix = host;
        loop {
            if self.hosts.contains(suffix) {
                return true;
            }
            match suffix.split_once('.') {
                Some((_, rest)) => suffix = rest,
                None => return false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_what_lies_below() {
        let path = std::env::temp_dir().join(format!("headcount-spam-{}.txt", std::process::id()));
        std::fs::write(&path, "# ours\nwww.Bad.example # very bad\n\n").expect("a writable directory");
        let spam = SpamHosts::load(Some(&path));
        std::fs::remove_file(&path).expect("our own file");
        let spam = spam.expect("a readable list");
        let hosts = ["bad.example", "x.bad.example", "notbad.example", "example", "semalt.com", "google.com", ""];
        assert_eq!(hosts.map(|host| spam.contains(host)), [true, true, false, false, true, false, false]);
        assert!(SpamHosts::load(Some(&path)).is_err());
    }
}
