//! Why an import ended early, and what to do. The text goes to the terminal.

use std::io;
use std::path::PathBuf;

use crate::courier::CourierError;
use crate::registry::RegistryError;

/// Why an import ended early.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The site does not exist.
    #[error("there is no site `{0}`: add it with `headcount site add {0}`")]
    NoSite(String),
    /// The server cannot be spoken to.
    #[error(transparent)]
    Courier(#[from] CourierError),
    /// The registry cannot be read or changed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// A file cannot be read.
    #[error("{} cannot be read: {cause}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// Nothing in it is of this format.
    #[error("{}: {why}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// Why.
        why: &'static str,
    },
    /// What was imported before cannot be looked up or written down.
    #[error("what was imported before cannot be kept in {}: {cause}", path.display())]
    Ledger {
        /// The ledger.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// Somebody else imports into the same site.
    #[error("another import into `{0}` runs: wait until it has ended")]
    Busy(String),
    /// Something that only one file can be.
    #[error("--follow goes on with plain files, not with those that are packed")]
    FollowPacked,
    /// Ctrl-C.
    #[error("interrupted: run the same command again to go on")]
    Interrupted,
    /// Terminal.
    #[error("{0}")]
    Io(#[from] io::Error),
}
