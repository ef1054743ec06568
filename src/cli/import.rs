//! What can be typed after `headcount import`. It is done by `import`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Arguments of `import`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct ImportArgs {
    /// The site
    #[arg(long, value_name = "ID")]
    pub site: String,
    /// What the files are
    #[arg(long, value_enum)]
    pub format: ImportFormat,
    /// Go on with what is written to the last file, through its rotations, until stopped
    #[arg(long)]
    pub follow: bool,
    /// Host of the pages, for logs that do not name one [default: the site's first domain]
    #[arg(long, value_name = "HOST")]
    pub host: Option<String>,
    /// Where a field of jsonl is: address, time, method, uri, status, referrer, agent, host, language; may be repeated
    #[arg(long = "field", value_name = "FIELD=KEY", value_parser = field)]
    pub fields: Vec<(String, String)>,
    /// Files, in the order of their time; those that end in .gz are unpacked
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
}

/// What files are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ValueEnum)]
pub enum ImportFormat {
    /// Access log of Apache or nginx in the combined form, with or without a virtual host before it
    Combined,
    /// Access log with one JSON object per line: nginx, Traefik and others
    Jsonl,
    /// Amazon CloudFront's standard log
    Cloudfront,
    /// Access log of Caddy
    Caddy,
    /// Plausible's export: the zip, or its CSV files
    Plausible,
    /// Umami's data export: the zip, or website_event.csv and event_data.csv
    Umami,
    /// Visits of Matomo's Live API, one JSON object per line
    Matomo,
    /// Events of GA4's BigQuery export, one JSON object per line
    Ga4,
    /// Tables of GA4's reports or explorations with the column Date, as CSV
    Ga4Csv,
    /// Events of Mixpanel's raw export, one JSON object per line
    Mixpanel,
}

impl ImportFormat {
    /// The word that is typed.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Combined => "combined",
            Self::Jsonl => "jsonl",
            Self::Cloudfront => "cloudfront",
            Self::Caddy => "caddy",
            Self::Plausible => "plausible",
            Self::Umami => "umami",
            Self::Matomo => "matomo",
            Self::Ga4 => "ga4",
            Self::Ga4Csv => "ga4-csv",
            Self::Mixpanel => "mixpanel",
        }
    }

    /// Whether the files hold totals of days, and not what happened one by one.
    pub const fn holds_totals(self) -> bool {
        matches!(self, Self::Plausible | Self::Ga4Csv)
    }

    /// Whether records are rows of CSV, of which one may have several lines.
    pub const fn is_csv(self) -> bool {
        self.holds_totals() || matches!(self, Self::Umami)
    }
}

/// The fields an access log has for us.
pub const LOG_FIELDS: [&str; 9] =
    ["address", "time", "method", "uri", "status", "referrer", "agent", "host", "language"];

fn field(text: &str) -> Result<(String, String), String> {
    let (ours, theirs) = text.split_once('=').ok_or("write it as agent=http.user_agent")?;
    if !LOG_FIELDS.contains(&ours) || theirs.is_empty() {
        return Err(format!("the fields are {}", LOG_FIELDS.join(", ")));
    }
    Ok((ours.to_owned(), theirs.to_owned()))
}
