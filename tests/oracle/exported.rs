//! The export against the oracle: every row of both tables is that of the counter, and of cells none is missing.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use super::compare::{Asker, Difference};
use super::differences;
use super::fact::{CITY, Dim, EVENT, EXIT, FUNNEL, NEXT, REGION, SECOND, THIRD};
use super::group::{Group, Id, Sums};
use super::numbers::{Numbers, same};
use super::questions::{Asking, K};

/// Numbers of a row, in the order of [`sums`].
const COLUMNS: [&str; 10] = [
    "pageviews",
    "events",
    "visits",
    "bounces",
    "visit_secs",
    "engaged_secs",
    "engaged_n",
    "scroll_pct_sum",
    "scroll_n",
    "revenue_minor",
];

/// Dimensions of which no answer tells how long visits took: their rows have none.
const WITHOUT_DURATION: [&str; 15] = [
    "page",
    "section",
    "event",
    "goal",
    "prop",
    "exit_page",
    "currency",
    "vital",
    "number",
    "funnel",
    "cohort",
    "opted_out",
    "next_page",
    "second_page",
    "third_page",
];

/// Crossings below which a table has few rows: those of a day that has just begun.
const FEW_ROWS: usize = 500;

/// Compares the export of a day; returns what differs.
pub fn all(asker: &Asker<'_>, asking: &Asking<'_>, day: i64) -> Vec<Difference> {
    let mut ids: HashMap<String, HashMap<&str, Id>> = HashMap::new();
    for (id, (dimension, value)) in (0..).zip(asking.counter.names()) {
        ids.entry(code_of(dimension)).or_default().insert(value, id);
    }
    let mut exported = Exported { asker, asking, day, ids, found: Vec::new() };
    exported.cells();
    exported.crossings();
    exported.found
}

struct Exported<'a> {
    asker: &'a Asker<'a>,
    asking: &'a Asking<'a>,
    day: i64,
    /// Stored name of a dimension and value → attribute.
    ids: HashMap<String, HashMap<&'a str, Id>>,
    found: Vec<Difference>,
}

/// One line of the file.
type Row = HashMap<String, String>;

impl Exported<'_> {
    fn rows(&mut self, table: &str) -> Vec<Row> {
        let date = self.asking.date(self.day);
        let site = self.asker.site;
        let path = format!("/api/v1/export.csv?site={site}&from={date}&to={date}&table={table}");
        let bearer = format!("Bearer {}", self.asker.key);
        let mut client = self.asker.server.client();
        let answer = client.send("GET", &path, &[("Authorization", bearer.as_str())], b"").expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.text());
        let text = answer.text();
        let mut lines = text.lines().map(fields);
        let names = lines.next().unwrap_or_default();
        lines.map(|line| names.iter().cloned().zip(line).collect()).collect()
    }

    fn cells(&mut self) {
        let Some(book) = self.asking.counter.books.get(&self.day) else { return };
        let mut left: HashMap<(i64, Id), &Group> = book.cells.iter().map(|(id, group)| ((255, *id), group)).collect();
        left.extend(book.hours.iter().map(|(key, group)| (*key, group)));
        for row in self.rows("cells") {
            if matches!(row["dimension"].as_str(), "funnel" | "opted_out") {
                continue;
            }
            let hour = row["hour"].parse().unwrap_or(255);
            let id = self.known(&row["dimension"], &row["value"]);
            let label = format!("{} {} {}", row["dimension"], row["value"], row["hour"]);
            match id.and_then(|id| Some((id, left.remove(&(hour, id))?))) {
                Some((id, group)) => {
                    let truth = self.asking.as_said(book, id, Numbers::from(group));
                    self.compare(&label, truth, &row);
                }
                None => self.differs("export of cells", &label, "row", ("none", format!("{row:?}"))),
            }
        }
        for ((hour, id), group) in left {
            let (dimension, value) = self.asking.counter.name(id);
            let is_folded = matches!(*dimension, REGION | CITY) || *dimension == FUNNEL;
            // Hours and days correct each other: what sums up to nothing may be left out.
            if !is_folded && group.sums != Sums::default() {
                let label = format!("{dimension} {value} {hour}");
                self.differs("export of cells", &label, "row", (format!("{:?}", group.sums), "none"));
            }
        }
    }

    fn crossings(&mut self) {
        let Some(book) = self.asking.counter.books.get(&self.day) else { return };
        let mut left: BTreeMap<(Id, Id), &Group> = book.crossings.iter().map(|(key, group)| (*key, group)).collect();
        let mut shown = HashSet::new();
        for row in self.rows("crossings") {
            let ids = [("dimension", "value"), ("dimension2", "value2")]
                .map(|(dimension, value)| self.known(&row[dimension], &row[value]));
            let label = format!("{} {} {} {}", row["dimension"], row["value"], row["dimension2"], row["value2"]);
            let pair = ids[0].zip(ids[1]).map(|(a, b)| (a.min(b), a.max(b)));
            match pair.and_then(|pair| left.remove(&pair)) {
                Some(group) => {
                    shown.extend(pair);
                    self.compare(&label, Numbers::from(group), &row);
                    let visitors = group.visitors.len() as i64;
                    if visitors < K {
                        self.differs("export of crossings", &label, "shown", ("folded", visitors));
                    }
                }
                None => self.differs("export of crossings", &label, "row", ("none", format!("{row:?}"))),
            }
        }
        self.found.extend(differences::all(self.asking.counter, book, &shown));
        let shown = shown.len();
        let large = left.values().filter(|group| group.visitors.len() as i64 >= 4 * K).count();
        // In a table of few rows more of the large ones have to hide small ones.
        let hidden = if shown < FEW_ROWS { self.asking.hidden / 2 } else { self.asking.hidden };
        if large * hidden > shown {
            let few = format!("few of {shown}");
            self.differs("export of crossings", "", "large ones that are folded", (few, large));
        }
    }

    fn compare(&mut self, label: &str, truth: Numbers, row: &Row) {
        let lacks = |key: &str| row.get(key).is_some_and(|of| WITHOUT_DURATION.contains(&of.as_str()));
        let has_none = lacks("dimension") || lacks("dimension2");
        for (column, wanted) in COLUMNS.into_iter().zip(sums(&truth.sums)) {
            let wanted = if has_none && column == "visit_secs" { 0 } else { wanted };
            let said: i64 = row[column].parse().unwrap_or(i64::MIN);
            if said != wanted {
                self.differs("export", label, column, (wanted, said));
            }
        }
        let said: f64 = row["visitors"].parse().unwrap_or(f64::NAN);
        let is_said = same("visitors", truth.visitors as f64, said, (truth.visitors, truth.slack));
        if !is_said {
            self.differs("export", label, "visitors", (truth.visitors, said));
        }
    }

    /// An attribute in the words of the export.
    fn known(&self, code: &str, value: &str) -> Option<Id> {
        self.ids.get(code)?.get(value).copied()
    }

    fn differs(&mut self, what: &str, label: &str, field: &str, (expected, got): (impl ToString, impl ToString)) {
        self.found.push(Difference {
            question: Value::String(format!("{what} of {}", self.asking.date(self.day))).to_string(),
            label: label.to_owned(),
            what: format!("{what}: {field}"),
            expected: expected.to_string(),
            got: got.to_string(),
        });
    }
}

fn sums(sums: &Sums) -> [i64; 10] {
    let Sums { pageviews, events, visits, bounces, visit_secs, engaged_secs, engaged_n, scroll_sum, .. } = *sums;
    let rest = [sums.scroll_n, sums.revenue];
    [pageviews, events, visits, bounces, visit_secs, engaged_secs, engaged_n, scroll_sum, rest[0], rest[1]]
}

/// The stored name of a dimension.
fn code_of(dimension: Dim) -> String {
    match dimension {
        EVENT => "event".to_owned(),
        EXIT => "exit_page".to_owned(),
        NEXT => "next_page".to_owned(),
        SECOND => "second_page".to_owned(),
        THIRD => "third_page".to_owned(),
        super::fact::PROP => "prop".to_owned(),
        super::fact::APP_VERSION => "app_version".to_owned(),
        super::fact::INSTALL_SOURCE => "install_source".to_owned(),
        other => other.rsplit(':').next().unwrap_or(other).to_owned(),
    }
}

/// One line of CSV.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut rest = line.chars().peekable();
    while let Some(letter) = rest.next() {
        let last = fields.len() - 1;
        match letter {
            '"' if quoted && rest.peek() == Some(&'"') => {
                rest.next();
                fields[last].push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            other => fields[last].push(other),
        }
    }
    fields
}

#[test]
fn a_line_of_csv_is_taken_apart() {
    assert_eq!(fields(r#""a,b",1,"say ""x""",,false"#), ["a,b", "1", r#"say "x""#, "", "false"]);
}
