//! The audit list: one line per change, written with it (`mod`), read here from its end. Lines older than what is read here
//! are in the file.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AUDIT, Registry, RegistryError};

/// Bytes at the end of the file that are read.
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
    /// The newest changes first, `most` of them; with `site`, those of that site. Blocks on the disk.
    ///
    /// # Errors
    /// [`RegistryError`] when the file cannot be read.
    pub fn audit(&self, site: Option<&str>, most: usize) -> Result<Vec<AuditLine>, RegistryError> {
        let bytes = self.folder.end_of(AUDIT, READ)?;
        // A line cut at the beginning, or torn by a power cut, is none.
        let lines =
            bytes.rsplit(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice::<AuditLine>(line).ok());
        let wanted = lines.filter(|line| site.is_none_or(|site| line.site.as_deref() == Some(site)));
        Ok(wanted.take(most).collect())
    }
}
