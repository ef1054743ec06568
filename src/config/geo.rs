//! `[geo]`: where countries come from.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Country data.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Geo {
    /// A `.mmdb` file with countries, and regions if it has them. Read again when it changes.
    /// Absent: the file of the checkout's npm package, if it is installed.
    pub file: Option<PathBuf>,
    /// Credit line the file's licence asks for; shown on dashboards.
    pub credit: String,
    /// Link of the credit line.
    pub credit_url: String,
    /// How often the file is looked at for changes.
    pub reload_seconds: u64,
}

impl Default for Geo {
    fn default() -> Self {
        Self {
            file: None,
            credit: "Country data: NRO delegated statistics (CC BY 4.0)".into(),
            credit_url: "https://www.nro.net/".into(),
            reload_seconds: 60,
        }
    }
}
