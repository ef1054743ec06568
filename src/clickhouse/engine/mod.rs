//! The embedded engine: a private ClickHouse run as a supervised child on loopback, its data in the state directory.
//! The application starts it when no `clickhouse.url` is set and spawns [`Engine::run`]. It knows nothing of tables.
//!
//! The child is this program with the hidden subcommand `engine` ([`run_child`]), which loads `libchdb.so`, the real
//! ClickHouse as a shared library. It runs apart because the library installs its own signal handlers and allocator.
//! It ends when its standard input closes, so it cannot outlive the collector.

mod child;
mod discover;
mod files;
mod ping;
mod start;
mod supervise;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::path::PathBuf;

pub use child::run_child;
pub use discover::{Program, discover};
pub use files::attach;
#[cfg(test)]
pub(crate) use start::start as start_once;
pub use supervise::{Engine, Status};

use crate::config::Config;

/// Name of the hidden subcommand.
pub const SUBCOMMAND: &str = "engine";

/// The account the collector uses. It owns one database and may read `system`; it cannot reach files or networks.
const USER: &str = "headcount";

/// How the child is run when the library is used.
#[derive(Clone, Debug)]
pub struct Launcher {
    /// The program to run.
    pub program: PathBuf,
    /// What comes before the library's path and the engine's arguments.
    pub arguments: Vec<OsString>,
    /// Hand the rest over in this environment variable, separated by U+001F, instead of as arguments.
    pub variable: Option<&'static str>,
}

impl Launcher {
    /// `program engine …`.
    pub fn program(program: PathBuf) -> Self {
        Self { program, arguments: vec![SUBCOMMAND.into()], variable: None }
    }
}

/// What an engine needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The engine lives in `engine/` below it.
    pub state_dir: PathBuf,
    /// `libchdb.so`, when the operator named it.
    pub library: Option<PathBuf>,
    /// Memory the engine may use, in MiB.
    pub memory_mib: u64,
    /// Threads the engine may use.
    pub threads: usize,
    /// The database the collector's tables are in.
    pub database: String,
    /// How the child is run.
    pub launcher: Launcher,
}

impl Settings {
    /// The settings of `config`, the child being this very program.
    ///
    /// # Errors
    /// The path of the running program cannot be found out.
    pub fn of(config: &Config) -> Result<Self, EngineError> {
        let program = std::env::current_exe().map_err(|source| EngineError::Spawn { source })?;
        let processors = std::thread::available_parallelism().map_or(2, usize::from);
        Ok(Self {
            state_dir: config.state_dir.clone(),
            library: config.engine.library.clone(),
            memory_mib: config.engine.memory_mib,
            threads: if config.engine.threads == 0 { processors } else { config.engine.threads },
            database: config.clickhouse.database.clone(),
            launcher: Launcher::program(program),
        })
    }

    /// The engine's own directory.
    fn directory(&self) -> PathBuf {
        self.state_dir.join("engine")
    }
}

/// Why there is no engine.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// Neither the library nor a `clickhouse` program was found.
    #[error(
        "the embedded ClickHouse is missing: no libchdb.so and no clickhouse on PATH. Get it with `make build` or \
         `npm ci --prefix dashboards`, name it in engine.library, or use a server by setting clickhouse.url"
    )]
    Missing,
    /// The configured library is not there.
    #[error("engine.library: no file at {path}; get it with `make build` or leave the key out to have it looked for")]
    NoSuchLibrary {
        /// The configured path.
        path: PathBuf,
    },
    /// A file of the engine's directory cannot be written or read.
    #[error("cannot prepare {path}: {source}")]
    Directory {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The child cannot be started.
    #[error("cannot start the embedded ClickHouse: {source}")]
    Spawn {
        /// The cause.
        source: std::io::Error,
    },
    /// Another engine still holds the directory.
    #[error("{path} is in use: another collector, or an engine left by a killed one, still runs on it")]
    Locked {
        /// The directory.
        path: PathBuf,
    },
    /// The child ended before it was ready.
    #[error("the embedded ClickHouse ended before it was ready: {last_words}")]
    Ended {
        /// The end of what it said.
        last_words: String,
    },
    /// The child did not answer in time.
    #[error("the embedded ClickHouse was not ready within {seconds} s")]
    Slow {
        /// How long was waited.
        seconds: u64,
    },
}

impl EngineError {
    /// A stable name.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing | Self::NoSuchLibrary { .. } => "engine_missing",
            Self::Directory { .. } => "engine_directory",
            Self::Spawn { .. } => "engine_spawn",
            Self::Locked { .. } => "engine_locked",
            Self::Ended { .. } => "engine_ended",
            Self::Slow { .. } => "engine_slow",
        }
    }
}
