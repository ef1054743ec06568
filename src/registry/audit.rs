//! The audit list: one line per change, written with it (`mod`), read here from its end. It is in two files, `audit.jsonl`
//! and the one before it, and no larger than it may be but for one change: the oldest lines go.

use std::sync::atomic::Ordering;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::files::List;
use super::{Registry, RegistryError};

/// Bytes of both files together, unless the configuration says otherwise.
pub(super) const MOST: u64 = 16 * 1024 * 1024;

/// Bytes at the end of the list that are read.
const READ: u64 = 1024 * 1024;

/// One line of `audit.jsonl`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// When.
    pub at: Timestamp,
    /// `cli`, `server`, `key` and its id, or the name of a user.
    pub who: String,
    /// Stable word for what was done.
    pub what: String,
    /// The site, user or key.
    pub about: String,
    /// The site it belongs to, if to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// What it is now; never a secret.
    pub detail: String,
}

impl Registry {
    /// Bounds the audit list to `bytes`, its two files together.
    pub fn bound_audit(&self, bytes: u64) {
        self.audit_most.store(bytes, Ordering::Relaxed);
    }

    /// Where the audit list is.
    pub(super) fn audit_list(&self) -> List<'static> {
        List { name: "audit.jsonl", old: "audit.old.jsonl", most: self.audit_most.load(Ordering::Relaxed) / 2 }
    }

    /// The newest changes first, `most` of them; with `site`, those of that site. Blocks on the disk.
    ///
    /// # Errors
    /// [`RegistryError`] when the file cannot be read.
    pub fn audit(&self, site: Option<&str>, most: usize) -> Result<Vec<AuditLine>, RegistryError> {
        let bytes = self.folder.end_of_list(&self.folder.lock()?, self.audit_list(), READ)?;
        // A line cut at the beginning, or torn by a power cut, is none.
        let lines =
            bytes.rsplit(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice::<AuditLine>(line).ok());
        let wanted = lines.filter(|line| site.is_none_or(|site| line.site.as_deref() == Some(site)));
        Ok(wanted.take(most).collect())
    }
}
