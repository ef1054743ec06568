//! `[clickhouse]` and `[engine]`: the database outside, or the one embedded.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The ClickHouse server to use instead of the embedded engine.
#[derive(Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClickHouse {
    /// `http://host:8123`. Empty: the embedded engine.
    pub url: String,
    /// User name.
    pub user: String,
    /// Password. Prefer the environment (`HEADCOUNT_CLICKHOUSE__PASSWORD`) or `password_file`.
    #[serde(skip_serializing)]
    pub password: String,
    /// File whose first line is the password.
    pub password_file: Option<PathBuf>,
    /// Database; created when absent.
    pub database: String,
    /// Time one statement may take.
    pub timeout_seconds: u64,
    /// Rows one answer may have in memory; what has more is refused.
    pub answer_max_rows: u64,
}

impl Default for ClickHouse {
    fn default() -> Self {
        Self {
            url: String::new(),
            user: "default".into(),
            password: String::new(),
            password_file: None,
            database: "headcount".into(),
            timeout_seconds: 30,
            answer_max_rows: 2_000_000,
        }
    }
}

impl std::fmt::Debug for ClickHouse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClickHouse")
            .field("url", &self.url)
            .field("user", &self.user)
            .field("password", &"(secret)")
            .field("database", &self.database)
            .finish_non_exhaustive()
    }
}

/// The embedded engine.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Engine {
    /// `libchdb.so`. Empty: looked for beside the program, in the checkout and in `/usr/lib/headcount`.
    pub library: Option<PathBuf>,
    /// Memory the engine may use, in MiB.
    pub memory_mib: u64,
    /// Threads the engine may use. 0: one per processor.
    pub threads: usize,
}

impl Default for Engine {
    fn default() -> Self {
        Self { library: None, memory_mib: 2048, threads: 0 }
    }
}
