//! Why a running collector could not be spoken to, and what to do. The text goes to the terminal.

use std::net::SocketAddr;

use crate::registry::RegistryError;

/// Why a running collector could not be spoken to.
#[derive(Debug, thiserror::Error)]
pub enum CourierError {
    /// Nobody listens.
    #[error("no server answers at {0}: start it with `headcount serve`, with the same configuration")]
    NoServer(SocketAddr),
    /// Somebody else listens.
    #[error("what answers at {0} is not a Headcount of this state directory: check listen.public and state_dir")]
    Foreign(SocketAddr),
    /// The registry cannot be read or changed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
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
    /// Signals.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}
