//! `headcount import`: every format counts what its file says, once, whatever happens on the way.

#[path = "imports/exports.rs"]
mod exports;
#[path = "imports/logs.rs"]
mod logs;
#[path = "imports/totals.rs"]
mod totals;

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::ordinary;
use crate::site::{Numbers, Site};
use crate::support::scratch::Scratch;

/// A user agent of a telephone.
pub const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";

/// A site and a place for files that are imported into it.
pub struct Importing {
    /// The site.
    pub site: Site,
    folder: Scratch,
}

impl Importing {
    /// A site in UTC that accepts every host.
    #[track_caller]
    pub fn new(id: &str) -> Self {
        Self { site: Site::with(ordinary(), id, &["--timezone", "UTC"]), folder: Scratch::new() }
    }

    /// Writes a file.
    #[track_caller]
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).expect("written");
        path
    }

    /// The arguments of an import of files of this folder.
    pub fn arguments(&self, format: &str, names: &[&str]) -> Vec<String> {
        let mut arguments: Vec<String> =
            ["import", "--site", &self.site.id, "--format", format].map(str::to_owned).to_vec();
        arguments.extend(names.iter().map(|name| match name.strip_prefix("--") {
            Some(_) => (*name).to_owned(),
            None => self.folder.path().join(name).display().to_string(),
        }));
        arguments
    }

    /// Imports; returns what it said.
    #[track_caller]
    pub fn import(&self, format: &str, names: &[&str]) -> Said {
        let arguments = self.arguments(format, names);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        Said(ordinary().succeed(&arguments))
    }

    /// `[visitors, pageviews, events]` of a range of days, once `events` are to be seen.
    #[track_caller]
    pub fn numbers(&self, range: &Value, events: u64) -> Numbers {
        crate::support::until("events are to be seen", || {
            let answer = self.site.ask(json!({ "date_range": range }));
            let numbers = [0, 1, 2].map(|at| answer["results"][0]["metrics"][at].as_u64().expect("a number"));
            (numbers[2] >= events).then_some(numbers)
        })
    }

    /// `label: visitors pageviews events` by a dimension.
    #[track_caller]
    pub fn rows(&self, range: &Value, dimension: &str) -> Vec<String> {
        let answer = self.site.ask(json!({ "date_range": range, "dimensions": [dimension] }));
        let row = |row: &Value| {
            let numbers: Vec<String> =
                row["metrics"].as_array().expect("numbers").iter().map(ToString::to_string).collect();
            format!("{}: {}", row["dimensions"][0].as_str().expect("a text"), numbers.join(" "))
        };
        let mut rows: Vec<String> = answer["results"].as_array().expect("rows").iter().map(row).collect();
        rows.sort();
        rows
    }
}

/// What an import said at its end.
pub struct Said(pub String);

impl Said {
    /// `[read, imported before, counted, duplicates, dropped]`.
    #[track_caller]
    pub fn numbers(&self) -> [u64; 5] {
        ["read", "imported before", "counted", "duplicates", "dropped "].map(|name| {
            let row = self.0.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{}", self.0));
            row.trim().parse().expect("a number")
        })
    }

    /// The lines behind the numbers.
    pub fn rest(&self) -> Vec<&str> {
        self.0.lines().skip(5).collect()
    }
}

/// A day so long ago, in UTC.
pub fn day(ago: i64) -> jiff::civil::Date {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    let now = jiff::Timestamp::from_second(now.as_secs() as i64).expect("a time");
    now.to_zoned(jiff::tz::TimeZone::UTC).date().saturating_sub(jiff::Span::new().days(ago))
}

/// A range of one day.
pub fn only(day: jiff::civil::Date) -> Value {
    json!([day.to_string(), day.to_string()])
}
