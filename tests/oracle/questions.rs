//! Every question of the stats API about the recorded days, each with the true answer.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::asked::fold;
use super::compare::Question;
use super::count::Counter;
use super::fact::{
    APP_VERSION, BROWSER, BROWSER_VERSION, CHANNEL, CITY, COUNTRY, CURRENCY, DEVICE, Dim, ENTRY, EVENT, EXIT, GOAL,
    HOST, INSTALL_SOURCE, LANGUAGE, OS, OS_VERSION, PAGE, PROP, REFERRER, REGION, SCREEN, SECTION, SOURCE, TOTAL, UTM,
};
use super::group::{Book, Id, Sums};
use super::numbers::Numbers;
use super::rules::SEEN_IN_VISIT;

/// Metrics that are asked of every group.
const METRICS: [&str; 10] = [
    "visitors",
    "visits",
    "pageviews",
    "events",
    "views_per_visit",
    "bounce_rate",
    "visit_duration",
    "time_on_page",
    "scroll_depth",
    "percentage",
];
/// Metrics of a visit as a whole: kept where a visit has one value, not for pages, sections, names, goals, properties.
const OF_VISITS: [&str; 2] = ["views_per_visit", "visit_duration"];
/// Of exit pages nothing else is kept.
const EXIT_METRICS: [&str; 2] = ["visitors", "visits"];
/// Dimensions a report can be grouped by, properties by key.
pub(super) const GROUPED: [(Dim, &str); 30] = [
    (PAGE, ""),
    (SECTION, ""),
    (EVENT, ""),
    (GOAL, ""),
    (HOST, ""),
    (PROP, "plan"),
    (PROP, "file"),
    (PROP, "beta"),
    (ENTRY, ""),
    (EXIT, ""),
    (SOURCE, ""),
    (CHANNEL, ""),
    (REFERRER, ""),
    (UTM[0], ""),
    (UTM[1], ""),
    (UTM[2], ""),
    (UTM[3], ""),
    (UTM[4], ""),
    (COUNTRY, ""),
    (REGION, ""),
    (CITY, ""),
    (DEVICE, ""),
    (BROWSER, ""),
    (BROWSER_VERSION, ""),
    (OS, ""),
    (OS_VERSION, ""),
    (LANGUAGE, ""),
    (SCREEN, ""),
    (APP_VERSION, ""),
    (INSTALL_SOURCE, ""),
];
/// k of the site.
pub const K: i64 = 5;

/// Asks about the days of a recording.
pub struct Asking<'c> {
    /// What is true.
    pub counter: &'c Counter,
    /// The date of day 0.
    pub first: Date,
    /// Who asked not to be counted today, where that is day 1.
    pub opted_out: Option<u64>,
    /// Beside so many crossings that are exported, at most one of many visitors may hide another one.
    pub hidden: usize,
}

/// One side of a filter or grouping, in the words of the API.
#[derive(Clone, Copy)]
pub(super) struct Side(pub(super) Dim, pub(super) &'static str);

impl Side {
    /// Its name in requests.
    pub(super) fn name(self) -> String {
        if self.1.is_empty() { self.0.to_owned() } else { format!("{}:{}", self.0, self.1) }
    }

    /// The value of an attribute as this side shows it, if it is one of this side's.
    pub(super) fn shown(self, (dimension, value): &(Dim, String)) -> Option<&str> {
        if *dimension != self.0 {
            return None;
        }
        if self.1.is_empty() { Some(value) } else { value.strip_prefix(self.1)?.strip_prefix('=') }
    }
}

impl Asking<'_> {
    /// The date of a day.
    pub fn date(&self, day: i64) -> Date {
        self.first.checked_add(jiff::Span::new().days(day)).expect("a date")
    }

    /// Every question without a filter, and in this phase one of so many with one.
    pub fn all(&self, ranges: &[Vec<i64>], (phase, thinned): (usize, usize)) -> Vec<Question> {
        let filtered = [0, 1].into_iter().flat_map(|day| [self.filtered(day), self.of_several(day)].concat());
        let filtered = filtered.skip(phase % thinned).step_by(thinned);
        [self.without_filter(ranges), filtered.collect()].concat()
    }

    /// Whether a day is not over.
    pub fn is_today(&self, day: i64) -> bool {
        day == 1 && self.opted_out.is_some()
    }

    fn without_filter(&self, ranges: &[Vec<i64>]) -> Vec<Question> {
        let mut questions = Vec::new();
        for range in ranges {
            questions.push(self.totals(range));
            questions.extend(GROUPED.map(|(dimension, key)| self.grouped(range, Side(dimension, key))));
            questions.push(self.by_day(range, None));
        }
        questions.extend(self.opted_out.map(|number| self.opted_out(number)));
        for currency in ["EUR", "USD", "JPY"] {
            questions.extend([0, 1].map(|day| self.revenue(day, currency)));
        }
        questions
    }

    /// Who asked not to be counted: today, whenever it happened.
    fn opted_out(&self, number: u64) -> Question {
        let sums = Sums { events: number as i64, ..Sums::default() };
        let rows = BTreeMap::from([(String::new(), Numbers { sums, ..Numbers::default() })]);
        let mut question = self.question(&[1], json!({}), rows, 0);
        question.metrics = vec!["opted_out"];
        question
    }

    /// Payments of a day, in one currency.
    fn revenue(&self, day: i64, currency: &str) -> Question {
        let paid = self.sum_of(&[day], &(CURRENCY, currency.to_owned()));
        let body = json!({ "include": { "currency": currency } });
        let mut question = self.question(&[day], body, BTreeMap::from([(String::new(), paid)]), 0);
        question.metrics = vec!["total_revenue", "average_revenue"];
        question.minor_digits = if currency == "JPY" { 0 } else { 2 };
        question
    }

    pub(super) fn totals(&self, days: &[i64]) -> Question {
        let total = self.sum_of(days, &(TOTAL, String::new()));
        let rows = BTreeMap::from([(String::new(), total)]);
        self.question(days, json!({}), rows, total.visitors)
    }

    pub(super) fn grouped(&self, days: &[i64], side: Side) -> Question {
        let mut rows = BTreeMap::new();
        for book in self.books(days) {
            for (id, group) in &book.cells {
                if let Some(value) = side.shown(self.counter.name(*id)) {
                    let numbers = self.as_said(book, *id, Numbers::from(group));
                    *rows.entry(value.to_owned()).or_default() += numbers;
                }
            }
        }
        let whole = self.sum_of(days, &(TOTAL, String::new())).visitors;
        let mut question = self.question(days, json!({ "dimensions": [side.name()] }), rows, whole);
        // A place finer than a country follows k as a cell; a day none of whose events know a visitor shows none. What is
        // missing lies in some country.
        if matches!(side.0, REGION | CITY) && !question.rows.is_empty() {
            let mut somewhere = Numbers::default();
            let cells = self.books(days).flat_map(|book| &book.cells);
            let countries = cells.filter(|(id, _)| self.counter.name(**id).0 == COUNTRY);
            countries.for_each(|(_, group)| somewhere += Numbers::from(group));
            question.fold = Some(fold(side, somewhere, days.len() > 1));
        }
        if side.0 == EXIT {
            question.metrics = EXIT_METRICS.into();
        }
        if side.0 == GOAL {
            question.metrics.push("conversion_rate");
            question.bases = question.rows.keys().map(|goal| (goal.clone(), whole)).collect();
        }
        question
    }

    /// Of exit pages, visitors are bounded by visits and by who was ever there last for a moment; they are no fewer than
    /// those who left there in the end.
    pub(super) fn as_said(&self, book: &Book, id: Id, mut numbers: Numbers) -> Numbers {
        if self.counter.name(id).0 == EXIT {
            let left = book.left.get(&id).map_or(0, |left| left.values().filter(|visits| **visits > 0).count());
            numbers.visitors = numbers.visitors.min(numbers.sums.visits);
            numbers.slack = numbers.visitors - left as i64;
        }
        numbers
    }

    pub(super) fn by_day(&self, days: &[i64], filter: Option<(Id, Value)>) -> Question {
        let (first, last) = (days[0], days[days.len() - 1]);
        let mut body = json!({ "dimensions": ["time:day"] });
        let mut attribute = (TOTAL, String::new());
        if let Some((id, filters)) = filter {
            body["filters"] = filters;
            attribute = self.counter.name(id).clone();
        }
        let rows = (first..=last).map(|day| (self.date(day).to_string(), self.sum_of(&[day], &attribute))).collect();
        let whole = self.sum_of(days, &attribute).visitors;
        let mut question = self.question(days, body, rows, whole);
        question.complete = true;
        question
    }

    pub(super) fn question(
        &self,
        days: &[i64],
        mut body: Value,
        rows: BTreeMap<String, Numbers>,
        whole: i64,
    ) -> Question {
        let range = [self.date(days[0]), self.date(days[days.len() - 1])].map(|date| date.to_string());
        body["date_range"] = json!(range);
        body["pagination"] = json!({ "limit": 10_000 });
        let several = |field: &str| SEEN_IN_VISIT.iter().any(|of| field.starts_with(of));
        let named = [&body["dimensions"][0], &body["filters"][0][1]];
        let of_events = named.into_iter().filter_map(Value::as_str).any(several);
        let kept = METRICS.into_iter().filter(|metric| !of_events || !OF_VISITS.contains(metric));
        let (metrics, bases) = (kept.collect(), BTreeMap::new());
        Question { body, metrics, rows, whole, bases, fold: None, complete: false, minor_digits: 2 }
    }

    pub(super) fn books<'a>(&'a self, days: &'a [i64]) -> impl Iterator<Item = &'a Book> {
        days.iter().filter_map(|day| self.counter.books.get(day))
    }

    /// A group of one attribute, over days.
    pub(super) fn sum_of(&self, days: &[i64], attribute: &(Dim, String)) -> Numbers {
        let mut sum = Numbers::default();
        let Some(id) = self.counter.known(attribute) else { return sum };
        for book in self.books(days) {
            if let Some(group) = book.cells.get(&id) {
                sum += Numbers::from(group);
            }
        }
        sum
    }
}
