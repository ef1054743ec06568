//! Why demo traffic ended early, and what to do. The text goes to the terminal.

use std::net::SocketAddr;

use crate::registry::RegistryError;

/// Why demo traffic ended early.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The site does not exist.
    #[error("there is no site `{0}`: add it with `headcount site add {0}`")]
    NoSite(String),
    /// Nobody listens.
    #[error("no server answers at {0}: start it with `headcount serve`, with the same configuration")]
    NoServer(SocketAddr),
    /// Somebody else listens.
    #[error("what answers at {0} is not a Headcount of this state directory: check listen.public and state_dir")]
    Foreign(SocketAddr),
    /// The registry cannot be read or changed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The calendar does not know today.
    #[error("the clock of this machine is outside of what calendars know")]
    Clock(#[from] jiff::Error),
    /// The server refused a request that it should take.
    #[error("the server refused a request with status {status} ({code})")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Code of the problem document.
        code: String,
    },
    /// The server was away for too long.
    #[error("the server took nothing for {0} seconds; what it had accepted is counted")]
    Silent(u64),
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
