//! Why demo traffic ended early, and what to do. The text goes to the terminal.

use crate::courier::CourierError;
use crate::registry::RegistryError;

/// Why demo traffic ended early.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The site does not exist.
    #[error("there is no site `{0}`: add it with `headcount site add {0}`")]
    NoSite(String),
    /// The server cannot be spoken to.
    #[error(transparent)]
    Courier(#[from] CourierError),
    /// The registry cannot be read or changed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The calendar does not know today.
    #[error("the clock of this machine is outside of what calendars know")]
    Clock(#[from] jiff::Error),
    /// Ctrl-C.
    #[error("interrupted after {0} hits; those are counted")]
    Interrupted(u64),
    /// The books do not balance.
    #[error("{sent} hits were sent, but {counted} were counted")]
    Uncounted {
        /// Hits sent.
        sent: u64,
        /// Accepted ones, and those of batches that had been accepted before.
        counted: u64,
    },
    /// Terminal, signals.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}
