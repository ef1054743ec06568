//! What an operator may set. Every key is documented in `config/headcount.toml`, which a test parses.
//! Units are part of the names. Unknown keys are refused.

mod clickhouse;
mod deliver;
mod geo;
mod ingest;
mod keys;
mod listen;
mod load;
mod log;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use clickhouse::{ClickHouse, Engine};
pub use deliver::Deliver;
pub use geo::Geo;
pub use ingest::Ingest;
pub use listen::Listen;
pub use load::{ConfigError, load};
pub use log::{Log, LogFormat};

/// The whole configuration, defaults filled in and checked.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Engine data, spool, salts, registry. Created with mode 0700.
    pub state_dir: PathBuf,
    /// Addresses the program listens on and whom it believes.
    pub listen: Listen,
    /// The ClickHouse server to use instead of the embedded engine.
    pub clickhouse: ClickHouse,
    /// The embedded engine.
    pub engine: Engine,
    /// Country data.
    pub geo: Geo,
    /// Limits on what is taken in.
    pub ingest: Ingest,
    /// Commit, spool and load.
    pub deliver: Deliver,
    /// Logging.
    pub log: Log,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            state_dir: "state".into(),
            listen: Listen::default(),
            clickhouse: ClickHouse::default(),
            engine: Engine::default(),
            geo: Geo::default(),
            ingest: Ingest::default(),
            deliver: Deliver::default(),
            log: Log::default(),
        }
    }
}
