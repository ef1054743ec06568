//! `[deliver]`: commit, spool and load.

use serde::{Deserialize, Serialize};

/// Commit, spool and load.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Deliver {
    /// Longest time a pixel's or beacon's hit stays in memory only; what a crash can lose.
    pub commit_interval_ms: u64,
    /// Time between two loads into ClickHouse.
    pub load_interval_ms: u64,
    /// Time between two loads of crossings, which have many more rows; sooner when many wait.
    pub crossings_interval_ms: u64,
    /// Bytes the spool may take; beyond, hits are shed with 503.
    pub spool_max_mib: u64,
    /// Bytes after which a new spool segment is begun.
    pub segment_mib: u64,
    /// Cells, or crossings, a load may hold at the most.
    pub load_max_cells: usize,
    /// Time a stop may take to drain connections, and again to drain the spool.
    pub stop_timeout_seconds: u64,
}

impl Default for Deliver {
    fn default() -> Self {
        Self {
            commit_interval_ms: 50,
            load_interval_ms: 1_000,
            crossings_interval_ms: 15_000,
            spool_max_mib: 1_024,
            segment_mib: 16,
            load_max_cells: 400_000,
            stop_timeout_seconds: 10,
        }
    }
}
