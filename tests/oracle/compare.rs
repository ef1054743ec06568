//! Asks the collector and compares, row by row; collects what differs and shows the first of it.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde_json::{Value, json};

use super::numbers::{Numbers, same};
use super::support::http::Client;
use super::support::server::Server;
use super::support::until;

/// Differences that are shown.
const SHOWN: usize = 20;
/// Questions asked at the same time.
const ASKING: usize = 3;

/// A question and the true answer.
#[derive(Clone)]
pub struct Question {
    /// The body of the request, without the site.
    pub body: Value,
    /// The metrics that are asked for.
    pub metrics: Vec<&'static str>,
    /// True rows by label.
    pub rows: BTreeMap<String, Numbers>,
    /// Visitors of the whole answer: what `percentage` is a share of.
    pub whole: i64,
    /// Visitors of each group without the goal: what `conversion_rate` is a share of.
    pub bases: BTreeMap<String, i64>,
    /// Where groups may be folded: how.
    pub fold: Option<Fold>,
    /// Digits of the smallest unit of the currency.
    pub minor_digits: i32,
    /// Whether every label must come back, zeros included.
    pub complete: bool,
}

/// How groups of an answer are folded.
#[derive(Clone)]
pub struct Fold {
    /// Groups of fewer visitors are not shown.
    pub k: i64,
    /// What all rows come to, that of folded ones and of what has no value included.
    pub whole: Numbers,
    /// Metrics of which rows add up to the whole.
    pub additive: Vec<&'static str>,
    /// Whether rows are of several days, of which some may be folded.
    pub partly: bool,
}

/// One difference.
#[derive(Clone)]
pub struct Difference {
    /// The question.
    pub question: String,
    /// The row.
    pub label: String,
    /// The metric.
    pub what: String,
    /// What is true.
    pub expected: String,
    /// What was said.
    pub got: String,
}

/// Whom to ask.
pub struct Asker<'s> {
    /// The collector.
    pub server: &'s Server,
    /// The site.
    pub site: &'s str,
    /// A key of scope `read`.
    pub key: &'s str,
}

impl Asker<'_> {
    /// Waits until the collector knows the site and the key.
    #[track_caller]
    pub fn is_known(&self) {
        let known = json!({ "site_id": self.site, "metrics": ["events"], "date_range": "day" });
        until("the site is known", || self.server.try_query(self.key, &known));
    }

    /// Asks all questions; panics with a table when an answer is wrong.
    #[track_caller]
    pub fn judge(&self, phase: &str, questions: &[Question], special: Vec<Difference>) {
        let begun = std::time::Instant::now();
        let next = Mutex::new(questions.iter());
        let found = Mutex::new((Vec::new(), Tally::default()));
        std::thread::scope(|scope| {
            for _ in 0..ASKING {
                scope.spawn(|| {
                    let mut client = self.server.client();
                    while let Some(question) = { next.lock().expect("no panic").next() } {
                        let (differences, tally) = self.put(&mut client, question);
                        let mut found = found.lock().expect("no panic");
                        found.0.extend(differences);
                        found.1.add(&tally);
                    }
                });
            }
        });
        let (mut differences, tally) = found.into_inner().expect("no panic");
        differences.extend(special);
        eprintln!("{phase}: {} questions, {tally}, {:.0?}", questions.len(), begun.elapsed());
        // What must not be shown takes a little of the rest along, and no more than that.
        assert!(tally.folded_large * 10 <= tally.rows, "{phase}: too much is folded: {tally}");
        assert!(differences.is_empty(), "{phase}: {} differences\n{}", differences.len(), table(&differences));
    }

    fn put(&self, client: &mut Client, question: &Question) -> (Vec<Difference>, Tally) {
        let mut body = question.body.clone();
        body["site_id"] = json!(self.site);
        body["metrics"] = json!(question.metrics);
        let asked = question.body.to_string();
        let (status, answer) = self.ask(client, "POST", "/api/v2/query", &body);
        if status != 200 {
            let difference = Difference {
                question: asked,
                label: String::new(),
                what: "status".to_owned(),
                expected: "200".to_owned(),
                got: format!("{status} {}", answer["detail"]),
            };
            return (vec![difference], Tally::default());
        }
        compare(&asked, question, &answer)
    }

    /// One request; status and JSON.
    pub fn ask(&self, client: &mut Client, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let bearer = format!("Bearer {}", self.key);
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        let bytes = if body.is_null() { String::new() } else { body.to_string() };
        let answer = client.send(method, path, &headers, bytes.as_bytes()).expect("an answer");
        (answer.status, answer.json())
    }
}

/// What was compared.
#[derive(Default)]
pub struct Tally {
    rows: usize,
    folded: usize,
    folded_above_k: usize,
    folded_large: usize,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.folded += other.folded;
        self.folded_above_k += other.folded_above_k;
        self.folded_large += other.folded_large;
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { rows, folded, folded_above_k, folded_large } = self;
        write!(
            f,
            "{rows} rows looked at, {folded} folded, {folded_above_k} of them to hide others, {folded_large} large"
        )
    }
}

fn compare(asked: &str, question: &Question, answer: &Value) -> (Vec<Difference>, Tally) {
    let mut sheet = Sheet { asked, question, differences: Vec::new(), tally: Tally::default(), sum: BTreeMap::new() };
    let mut left = question.rows.clone();
    let mut other = None;
    for row in answer["results"].as_array().into_iter().flatten() {
        let label = row["dimensions"][0].as_str().unwrap_or_default();
        if label == "(other)" && question.fold.is_some() {
            other = Some(&row["metrics"]);
            continue;
        }
        match left.remove(label) {
            Some(_) if question.fold.as_ref().is_some_and(|fold| fold.partly) => sheet.shown(&row["metrics"]),
            Some(expected) => {
                sheet.shown(&row["metrics"]);
                sheet.row(label, &expected, &row["metrics"]);
            }
            None => sheet.differs(label, "row", "none", &row["metrics"]),
        }
    }
    if let Some(fold) = &question.fold {
        let (told, suppressed) = (&answer["meta"]["other"], &answer["meta"]["suppressed"]);
        match told.as_str() {
            // Of attributes of which an event has several, rows overlap: what is missing cannot be given as one row.
            Some("not_given") if fold.additive.is_empty() => sheet.bound(&left, suppressed),
            Some("exact") | None if !fold.additive.is_empty() => sheet.other(fold, &left, other, suppressed),
            _ => sheet.differs(
                "(other)",
                "meta.other",
                if fold.additive.is_empty() { "not_given" } else { "exact" },
                told,
            ),
        }
        sheet.fold(fold, &left);
    } else {
        for (label, expected) in left.iter().filter(|(_, numbers)| question.complete || numbers.shows()) {
            sheet.differs(label, "row", format!("{expected:?}"), "none");
        }
    }
    (sheet.differences, sheet.tally)
}

/// One answer being looked at.
struct Sheet<'q> {
    asked: &'q str,
    question: &'q Question,
    differences: Vec<Difference>,
    tally: Tally,
    /// Sums of what is shown, by metric.
    sum: BTreeMap<&'static str, f64>,
}

impl Sheet<'_> {
    fn shown(&mut self, got: &Value) {
        for (column, metric) in self.question.metrics.iter().enumerate() {
            *self.sum.entry(metric).or_default() += got[column].as_f64().unwrap_or_default();
        }
    }

    fn row(&mut self, label: &str, expected: &Numbers, got: &Value) {
        self.tally.rows += 1;
        let base = self.question.bases.get(label).copied().unwrap_or_default();
        // Page views are crossed with nothing: their row is the cell of what is filtered by.
        let crossed = label != "pageview";
        if crossed && self.question.fold.as_ref().is_some_and(|fold| expected.visitors < fold.k) {
            self.differs(label, "shown", format!("folded, {} visitors", expected.visitors), got);
        }
        for (column, metric) in self.question.metrics.iter().enumerate() {
            let whole = if *metric == "conversion_rate" { base } else { self.question.whole };
            let unit = if metric.ends_with("revenue") { 10_f64.powi(self.question.minor_digits) } else { 1.0 };
            let (wanted, said) = (expected.metric(metric, whole) / unit, got[column].as_f64().unwrap_or(f64::NAN));
            if !same(metric, wanted, said, (expected.visitors.max(whole), expected.slack)) {
                self.differs(label, metric, format!("{wanted:.3}"), said);
            }
        }
    }

    /// Rows that were not shown.
    fn fold(&mut self, fold: &Fold, folded: &BTreeMap<String, Numbers>) {
        let folded: Vec<&Numbers> = folded.values().filter(|numbers| numbers.shows()).collect();
        self.tally.folded += folded.len();
        self.tally.folded_above_k += folded.iter().filter(|numbers| numbers.visitors >= fold.k).count();
        self.tally.folded_large += folded.iter().filter(|numbers| numbers.visitors >= 4 * fold.k).count();
    }

    /// The row that stands for what is not shown and for what has no value.
    fn other(&mut self, fold: &Fold, folded: &BTreeMap<String, Numbers>, other: Option<&Value>, suppressed: &Value) {
        let folded: Vec<&Numbers> = folded.values().filter(|numbers| numbers.shows()).collect();
        if suppressed["rows"].as_u64() == Some(0) && !folded.is_empty() {
            self.differs("(other)", "meta.suppressed.rows", folded.len(), 0);
        }
        for metric in &fold.additive {
            let column = self.question.metrics.iter().position(|of| of == metric).expect("it is asked for");
            let wanted = fold.whole.metric(metric, 1) - self.sum.get(metric).copied().unwrap_or_default();
            let said = other.map_or(0.0, |other| other[column].as_f64().unwrap_or(f64::NAN));
            if wanted != said {
                self.differs("(other)", metric, wanted, said);
            }
        }
        let most = folded.iter().map(|numbers| numbers.visitors - numbers.slack).max().unwrap_or(0);
        let column = self.question.metrics.iter().position(|of| *of == "visitors");
        if let (Some(column), Some(other)) = (column, other)
            && other[column].as_f64().unwrap_or(f64::NAN) < 0.98 * most as f64
        {
            self.differs("(other)", "visitors", format!("at least {most}"), &other[column]);
        }
    }

    /// Where no row stands for what is not shown, it is said at least how much it is.
    fn bound(&mut self, folded: &BTreeMap<String, Numbers>, suppressed: &Value) {
        // What came late only was never there to be folded.
        let folded: Vec<&Numbers> = folded.values().filter(|numbers| numbers.visitors > 0).collect();
        let largest = |of: fn(&Numbers) -> i64| folded.iter().map(|numbers| of(numbers)).max().unwrap_or(0);
        let least = [
            ("rows", folded.len() as i64),
            ("events", largest(|numbers| numbers.sums.events)),
            ("visitors", largest(|numbers| numbers.visitors - numbers.slack)),
        ];
        for (what, least) in least {
            let said = suppressed[what].as_i64().unwrap_or(i64::MIN);
            if said < least {
                self.differs("not shown", what, format!("at least {least}"), said);
            }
        }
    }

    fn differs(&mut self, label: &str, what: &str, expected: impl ToString, got: impl ToString) {
        self.differences.push(Difference {
            question: self.asked.to_owned(),
            label: label.to_owned(),
            what: what.to_owned(),
            expected: expected.to_string(),
            got: got.to_string(),
        });
    }
}

/// The first difference of each kind, and how many there are of it.
fn table(differences: &[Difference]) -> String {
    let mut kinds: BTreeMap<String, (usize, &Difference)> = BTreeMap::new();
    for difference in differences {
        let asked: Value = serde_json::from_str(&difference.question).unwrap_or_default();
        let kind = format!("{} of {} by {}", difference.what, asked["filters"][0][1], asked["dimensions"][0]);
        kinds.entry(kind).or_insert((0, difference)).0 += 1;
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    let mut text = String::new();
    for (kind, (count, first)) in kinds.into_iter().take(SHOWN) {
        let Difference { question, label, expected, got, .. } = first;
        text.push_str(&format!("{count} times {kind}\n  {label}: expected {expected}, got {got}\n  {question}\n"));
    }
    text
}
