//! `[ingest]`: limits on what is taken in.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Limits on what is taken in.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ingest {
    /// Hits a second from one cut address on `/e` and the pixels. 0: no limit.
    pub rate_per_second: u32,
    /// Hits one cut address may send at once.
    pub rate_burst: u32,
    /// Requests a second from one cut address on `/v1/*`. 0: no limit.
    pub batch_rate_per_second: u32,
    /// Distinct values a dimension of a site may have on one day; the rest is `(more)`.
    pub max_values_per_dimension: u32,
    /// Memory that visits going on may take, in MiB; beyond, those idle longest are forgotten sooner.
    pub visits_max_mib: u32,
    /// Batch ids remembered of clients with a key of the site.
    pub batch_ids_with_key: u32,
    /// Batch ids remembered of clients without one.
    pub batch_ids_without_key: u32,
    /// Further referrer hosts to drop as spam, one a line.
    pub spam_hosts_file: Option<PathBuf>,
    /// Further sources, lines of `host-suffix,name,medium`, read before the built-in table.
    pub sources_file: Option<PathBuf>,
}

impl Default for Ingest {
    fn default() -> Self {
        Self {
            rate_per_second: 1_000,
            rate_burst: 10_000,
            batch_rate_per_second: 0,
            max_values_per_dimension: 10_000,
            visits_max_mib: 512,
            batch_ids_with_key: 5_000_000,
            batch_ids_without_key: 5_000_000,
            spam_hosts_file: None,
            sources_file: None,
        }
    }
}
