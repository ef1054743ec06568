//! `[log]`: what is said, and how.

use serde::{Deserialize, Serialize};

/// Logging.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// Lines for people or for machines.
    pub format: LogFormat,
    /// `error`, `warn`, `info`, `debug` or `trace`, or directives as `headcount=debug,hyper=warn`.
    pub level: String,
    /// Room of the list of changes (`registry/audit.jsonl` and the file before it), in MiB; the oldest lines go.
    pub audit_max_mib: u64,
}

/// Form of a log line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: "info".into(), audit_max_mib: 16 }
    }
}
