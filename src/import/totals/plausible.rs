//! The tables of Plausible's export, `imported_KIND_FROM_TO.csv`: one row per day and group. Regions and cities are not carried
//! over: of single days too few people stand behind them.

use jiff::civil::Date;

use super::{Book, Counts, Reader};
use crate::import::decode::fields;
use crate::import::skip::Skip;

/// What a column becomes: a dimension's code, and how its value is made of the row.
type Group = (&'static str, fn(&Row<'_>) -> String);

/// The tables of an export.
#[derive(Default)]
pub struct Export {
    table: Option<Table>,
}

impl Reader for Export {
    fn begin(&mut self, file: &str) -> bool {
        self.table = table(file);
        self.table.is_some()
    }

    fn take(&mut self, record: &str, book: &mut Book) -> Result<(), Skip> {
        self.table.as_mut().map_or(Err(Skip::NotKept), |table| table.take(record, book))
    }
}

/// A table on its way in.
struct Table {
    kind: &'static str,
    columns: Vec<String>,
}

/// A row, by the names of its columns.
struct Row<'a> {
    columns: &'a [String],
    values: Vec<String>,
}

impl Row<'_> {
    fn text(&self, column: &str) -> String {
        let at = self.columns.iter().position(|known| known == column);
        at.and_then(|at| self.values.get(at)).cloned().unwrap_or_default()
    }

    /// Absent is 0.
    fn number(&self, column: &str) -> Result<u64, Skip> {
        match self.text(column).as_str() {
            "" => Ok(0),
            text => text.parse().map_err(|_| Skip::Malformed),
        }
    }
}

/// The tables there are.
const KINDS: [&str; 11] = [
    "visitors",
    "pages",
    "sources",
    "entry_pages",
    "exit_pages",
    "locations",
    "devices",
    "browsers",
    "operating_systems",
    "custom_events",
    "custom_props",
];

/// The table of a file; `None` when it is none of Plausible's.
fn table(file: &str) -> Option<Table> {
    let name = file.strip_prefix("imported_")?.strip_suffix(".csv")?;
    let name = name.trim_end_matches(|sign: char| sign.is_ascii_digit() || sign == '_');
    let kind = KINDS.into_iter().find(|kind| *kind == name)?;
    Some(Table { kind, columns: Vec::new() })
}

impl Table {
    /// Adds a row to the book.
    ///
    /// # Errors
    /// Why it is none.
    fn take(&mut self, record: &str, book: &mut Book) -> Result<(), Skip> {
        if record.trim().is_empty() {
            return Err(Skip::Heading);
        }
        let values = fields::row(record);
        if self.columns.is_empty() {
            if !values.iter().any(|value| value == "date") {
                return Err(Skip::Malformed);
            }
            self.columns = values;
            return Err(Skip::Heading);
        }
        if values.len() != self.columns.len() {
            return Err(Skip::Malformed);
        }
        let row = Row { columns: &self.columns, values };
        let day: Date = row.text("date").parse().map_err(|_| Skip::BadTime)?;
        let counts = counts(self.kind, &row)?;
        for (dimension, value) in groups(self.kind) {
            let value = value(&row);
            if *dimension == "total" || !value.is_empty() {
                book.add(day, dimension, value, &counts);
            }
        }
        Ok(())
    }
}

fn counts(kind: &str, row: &Row<'_>) -> Result<Counts, Skip> {
    let pageviews = row.number("pageviews")?;
    let visits = match kind {
        "entry_pages" => row.number("entrances")?,
        "exit_pages" => row.number("exits")?,
        _ => row.number("visits")?,
    };
    let is_event = matches!(kind, "custom_events" | "custom_props");
    Ok(Counts {
        visitors: row.number("visitors")?,
        pageviews,
        events: if is_event { row.number("events")? } else { pageviews },
        visits,
        bounces: row.number("bounces")?,
        visit_secs: row.number("visit_duration")?,
        engaged_secs: row.number("total_time_on_page")?,
        engaged_n: row.number("total_time_on_page_visits")?,
        scroll_pct_sum: row.number("total_scroll_depth")?,
        scroll_n: row.number("total_scroll_depth_visits")?,
    })
}

/// The groups a row of a table belongs to.
fn groups(kind: &str) -> &'static [Group] {
    match kind {
        "visitors" => &[("total", |_| String::new())],
        "pages" => &[("page", |row| row.text("page")), ("hostname", |row| row.text("hostname"))],
        "sources" => &[
            ("source", source),
            ("channel", |row| row.text("channel")),
            ("referrer", |row| host(&row.text("referrer"))),
            ("utm_source", |row| row.text("utm_source")),
            ("utm_medium", |row| row.text("utm_medium")),
            ("utm_campaign", |row| row.text("utm_campaign")),
            ("utm_content", |row| row.text("utm_content")),
            ("utm_term", |row| row.text("utm_term")),
        ],
        "entry_pages" => &[("entry_page", |row| row.text("entry_page"))],
        "exit_pages" => &[("exit_page", |row| row.text("exit_page"))],
        "locations" => &[("country", |row| row.text("country"))],
        "devices" => &[("device", device)],
        "browsers" => {
            &[("browser", browser), ("browser_version", |row| version(browser(row), &row.text("browser_version")))]
        }
        "operating_systems" => {
            &[("os", system), ("os_version", |row| version(system(row), &row.text("operating_system_version")))]
        }
        "custom_events" => &[("event", |row| row.text("name"))],
        "custom_props" => &[("prop", property)],
        _ => &[],
    }
}

fn source(row: &Row<'_>) -> String {
    match row.text("source").as_str() {
        "" | "Direct / None" => "(direct)".to_owned(),
        named => named.to_owned(),
    }
}

/// Of a referrer only the host is kept.
fn host(referrer: &str) -> String {
    let rest = referrer.split_once("://").map_or(referrer, |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or_default().trim_start_matches("www.").to_owned()
}

fn device(row: &Row<'_>) -> String {
    match row.text("device").as_str() {
        "Laptop" | "Ultra-wide" => "Desktop".to_owned(),
        device => device.to_owned(),
    }
}

fn browser(row: &Row<'_>) -> String {
    let name = row.text("browser");
    match fields::browser(&name) {
        "" => name,
        known => known.to_owned(),
    }
}

fn system(row: &Row<'_>) -> String {
    match row.text("operating_system").as_str() {
        "Mac" => "macOS".to_owned(),
        "Ubuntu" | "Linux" => "GNU/Linux".to_owned(),
        name => name.to_owned(),
    }
}

/// `Chrome 140`: the major version only.
fn version(name: String, version: &str) -> String {
    let end = version.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(version.len());
    if end == 0 || name.is_empty() { name } else { format!("{name} {}", &version[..end]) }
}

fn property(row: &Row<'_>) -> String {
    let (key, value) = (row.text("property"), row.text("value"));
    if key.is_empty() || value.is_empty() { String::new() } else { format!("{key}={value}") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn files_are_known_by_their_names() {
        let names = [
            "imported_visitors_20250101_20251231.csv",
            "imported_entry_pages.csv",
            "imported_regions.csv",
            "visitors.csv",
        ];
        let kinds = names.map(|name| table(name).map(|table| table.kind));
        assert_eq!(kinds, [Some("visitors"), Some("entry_pages"), None, None]);
    }

    #[test]
    fn rows_become_groups_of_their_day() {
        let mut book = Book::default();
        let mut browsers = table("imported_browsers.csv").expect("known");
        let heading = "\"date\",\"browser\",\"browser_version\",\"visitors\",\"visits\",\"visit_duration\",\"bounces\",\"pageviews\"";
        let said: Vec<Result<(), Skip>> = [
            heading,
            "\"2025-03-01\",\"Chrome\",\"133.0\",5,6,70,1,9",
            "\"2025-03-01\",\"Chrome\",\"132.0\",2,2,10,1,3",
            "\"2025-03-01\",\"Chrome\",\"132.0\",x,2,10,1,3",
            "\"2025-33-01\",\"Chrome\",\"132.0\",2,2,10,1,3",
            "half",
        ]
        .map(|row| browsers.take(row, &mut book))
        .into();
        let wanted =
            [Err(Skip::Heading), Ok(()), Ok(()), Err(Skip::Malformed), Err(Skip::BadTime), Err(Skip::Malformed)];
        assert_eq!(said, wanted);
        let told: Vec<String> = book.0[&jiff::civil::date(2025, 3, 1)]
            .iter()
            .map(|((dimension, value), counts)| {
                format!("{dimension} {value} {} {} {}", counts.visitors, counts.pageviews, counts.visit_secs)
            })
            .collect();
        let wanted =
            ["browser Chrome 7 12 80", "browser_version Chrome 132 2 3 10", "browser_version Chrome 133 5 9 70"];
        assert_eq!(told, wanted);
        // Of a day without totals nothing is known that could stand by itself.
        book.complete();
        assert!(book.0.is_empty());
    }

    proptest! {
        #[test]
        fn any_row_is_taken_or_refused(row in "(\\PC{0,6},){0,14}", kind in 0..KINDS.len()) {
            let mut table = table(&format!("imported_{}.csv", KINDS[kind])).expect("known");
            let mut book = Book::default();
            let _ = table.take(&row, &mut book);
            let _ = table.take("date,page,visitors,pageviews,source,browser,name,events,property,value", &mut book);
            let _ = table.take(&row, &mut book);
            let _ = table.take(&format!("2025-01-01,{row}"), &mut book);
        }
    }
}
