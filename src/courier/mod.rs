//! What a command needs that speaks to a running collector from outside: a connection, a key for as long as it runs,
//! patience with a server that is away, and an end when somebody presses Ctrl-C. Called by `demo` and `import`. Shares a
//! state directory with the server, for the key, and nothing else.

mod client;
mod error;
mod pass;
mod patience;
mod stops;

use std::net::SocketAddr;

pub use self::client::{Answer, Connection, Request};
pub use self::error::CourierError;
pub use self::pass::{Pass, WHO};
pub use self::patience::Patience;
pub use self::stops::Stops;

/// Where a server that listens on `address` is reached: one that listens everywhere, on this machine.
pub fn reachable(address: SocketAddr) -> SocketAddr {
    match address {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => ([127, 0, 0, 1], v4.port()).into(),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => ([0, 0, 0, 0, 0, 0, 0, 1], v6.port()).into(),
        address => address,
    }
}

/// A name for one run, so that a second one with the same arguments is told from it.
///
/// # Errors
/// No random bytes.
pub fn run_name(command: &str) -> Result<String, CourierError> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|_| crate::registry::RegistryError::Random)?;
    Ok(format!("{command}-{:016x}", u64::from_le_bytes(bytes)))
}
