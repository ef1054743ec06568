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

/// Where the checkout's npm package puts its file.
const IN_CHECKOUT: &str =
    "dashboards/node_modules/@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb";
/// Where packages of this program put it.
const INSTALLED: &str = "/usr/share/headcount/country.mmdb";

impl Geo {
    /// The configured file, else the first of the usual places that has one.
    pub fn found(&self) -> Option<PathBuf> {
        if self.file.is_some() {
            return self.file.clone();
        }
        let (program, directory) = (std::env::current_exe().ok(), std::env::current_dir().ok());
        let starts = program.iter().chain(&directory).flat_map(|start| start.ancestors());
        let places = starts.map(|checkout| checkout.join(IN_CHECKOUT)).chain([PathBuf::from(INSTALLED)]);
        places.into_iter().find(|path| path.is_file())
    }
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
