//! Funnels, journeys, web vitals, numbers and retention: answers that have routes of their own.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde_json::Value;

use super::compare::{Asker, Difference};
use super::fact::{Attribute, COHORT, Dim, ENTRY, FUNNEL, NEXT, NUMBER, PAGE, SECOND, THIRD, TOTAL, VITAL};
use super::group::{Group, Sums};
use super::questions::{Asking, K};

/// What is asked about one day.
pub struct Special<'a> {
    /// Whom to ask.
    pub asker: &'a Asker<'a>,
    /// What is true.
    pub asking: &'a Asking<'a>,
    /// The day.
    pub day: i64,
    found: Vec<Difference>,
}

impl<'a> Special<'a> {
    /// Asks all of them about a day; returns what differs.
    pub fn all(asker: &'a Asker<'a>, asking: &'a Asking<'a>, day: i64) -> Vec<Difference> {
        let mut special = Self { asker, asking, day, found: Vec::new() };
        special.funnels();
        for (list, from, to) in [("next", PAGE, NEXT), ("second", ENTRY, SECOND), ("third", SECOND, THIRD)] {
            special.journeys(list, from, to);
        }
        special.ways_to_pages();
        special.distributions("vitals", "name", VITAL);
        special.vitals_of_parts();
        special.distributions("numbers", "key", NUMBER);
        special.retention();
        special.found
    }

    fn get(&mut self, path: &str) -> Value {
        let date = self.asking.date(self.day);
        let mark = if path.contains('?') { '&' } else { '?' };
        let path = format!("{path}{mark}site={}&from={date}&to={date}", self.asker.site);
        let (status, answer) = self.asker.ask(&mut self.asker.server.client(), "GET", &path, &Value::Null);
        self.differs(&path, "status", 200, status);
        answer
    }

    fn differs<T: PartialEq + std::fmt::Display>(&mut self, label: &str, what: &str, expected: T, got: T) {
        if expected != got {
            let (label, what) = (label.to_owned(), what.to_owned());
            let question = format!("{{\"date_range\":\"{}\"}}", self.asking.date(self.day));
            self.found.push(Difference { question, label, what, expected: expected.to_string(), got: got.to_string() });
        }
    }

    /// Groups of one attribute of a dimension.
    fn cells(&self, dimension: Dim) -> BTreeMap<String, &'a Group> {
        let counter = self.asking.counter;
        let cells = counter.books.get(&self.day).into_iter().flat_map(|book| &book.cells);
        let named = cells.map(|(id, group)| (counter.name(*id), group));
        named.filter(|((of, _), _)| *of == dimension).map(|((_, value), group)| (value.clone(), group)).collect()
    }

    fn funnels(&mut self) {
        let path = format!("/api/v1/funnels?site={}", self.asker.site);
        let (_, list) = self.asker.ask(&mut self.asker.server.client(), "GET", &path, &Value::Null);
        let cells = self.cells(FUNNEL);
        for (name, steps) in self.asking.counter.rules.funnels.clone() {
            let found = list["funnels"].as_array().into_iter().flatten().find(|funnel| funnel["name"] == name);
            let id = found.and_then(|funnel| funnel["id"].as_str()).unwrap_or("none");
            let answer = self.get(&format!("/api/v1/funnels?funnel={id}"));
            self.differs(name, "steps", steps.len(), answer["steps"].as_array().map_or(0, Vec::len));
            for (at, step) in answer["steps"].as_array().into_iter().flatten().enumerate() {
                let group = cells.get(&format!("{name}={}", at + 1));
                let came = group.map_or(0, |group| group.visitors.len() as u64);
                let label = format!("{name} step {}", at + 1);
                self.close(&label, came, step["visitors"].as_u64().unwrap_or(u64::MAX));
                let events = group.map_or(0, |group| group.sums.events as u64);
                self.differs(&label, "events", events, step["events"].as_u64().unwrap_or(u64::MAX));
            }
        }
    }

    /// Visitors: exact to 500, then within two of a hundred.
    fn close(&mut self, label: &str, expected: u64, got: u64) {
        if expected <= 500 || expected.abs_diff(got) * 50 > expected {
            self.differs(label, "visitors", expected, got);
        }
    }

    fn journeys(&mut self, list: &str, from: Dim, to: Dim) {
        let answer = self.get("/api/v1/journeys?limit=1000");
        let counter = self.asking.counter;
        let mut rows: BTreeMap<(String, String), &Group> = BTreeMap::new();
        for ((a, b), group) in counter.books.get(&self.day).into_iter().flat_map(|book| &book.crossings) {
            let mut pair: [&Attribute; 2] = [counter.name(*a), counter.name(*b)];
            pair.sort_by_key(|(dimension, _)| *dimension != from);
            if (pair[0].0, pair[1].0) == (from, to) {
                rows.insert((pair[0].1.clone(), pair[1].1.clone()), group);
            }
        }
        let mut said_sum = 0;
        for row in answer[list].as_array().into_iter().flatten() {
            let text = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
            let pair = (text("from"), text("to"));
            let label = format!("{list} {} {}", pair.0, pair.1);
            said_sum += row["events"].as_i64().unwrap_or(i64::MIN);
            if pair.0 == "(other)" || pair.1 == "(other)" {
                continue;
            }
            let group = rows.get(&pair).copied().cloned().unwrap_or_default();
            self.differs(&label, "events", group.sums.events, row["events"].as_i64().unwrap_or(i64::MIN));
            self.close(&label, group.visitors.len() as u64, row["visitors"].as_u64().unwrap_or(u64::MAX));
            self.differs(&label, "shown", true, group.visitors.len() as i64 >= K);
        }
        // What is not listed, and looks at the same page again, is in `(other)`.
        let total = self.cells(TOTAL).get("").map_or(Sums::default(), |group| group.sums);
        match list {
            "next" => self.differs(list, "sum of events", total.pageviews - total.visits, said_sum),
            "second" => self.differs(list, "sum of events", total.visits - total.bounces, said_sum),
            _ => {}
        }
    }

    /// Samples exactly; percentiles in the bucket where they are, or beside it.
    fn distributions(&mut self, route: &str, key: &str, dimension: Dim) {
        let answer = self.get(&format!("/api/v1/{route}"));
        let mut buckets: BTreeMap<String, BTreeMap<i32, i64>> = BTreeMap::new();
        for (value, group) in self.cells(dimension) {
            if let Some((name, bucket)) = value.split_once('=') {
                let bucket = bucket.parse().expect("a number");
                *buckets.entry(name.to_owned()).or_default().entry(bucket).or_default() += group.sums.events;
            }
        }
        let rows: Vec<Value> = answer[route].as_array().cloned().unwrap_or_default();
        let sampled = |row: &&Value| row["samples"].as_u64() != Some(0);
        let named: BTreeSet<&str> = rows.iter().filter(sampled).filter_map(|row| row[key].as_str()).collect();
        let wanted: BTreeSet<&str> = buckets.keys().map(String::as_str).collect();
        self.differs(route, "names", format!("{wanted:?}"), format!("{named:?}"));
        for row in rows.iter().filter(sampled) {
            let name = row[key].as_str().unwrap_or_default();
            let Some(counts) = buckets.get(name) else { continue };
            let samples: i64 = counts.values().sum();
            self.differs(name, "samples", samples, row["samples"].as_i64().unwrap_or(i64::MIN));
            let unit = if name == "CLS" { 1_000.0 } else { 1.0 };
            for (field, share) in [("p50", 0.5), ("p75", 0.75), ("p95", 0.95)] {
                let [low, high] = around(counts, samples, share).map(|bound| bound / unit);
                let said = row[field].as_f64().unwrap_or(f64::NAN);
                if !(low * 0.99..=high * 1.01).contains(&said) {
                    self.differs(name, field, format!("{low:.3} to {high:.3}"), said.to_string());
                }
            }
        }
    }

    fn retention(&mut self) {
        let answer = self.get("/api/v1/retention");
        let cells = self.cells(COHORT);
        let of = |value: &str| cells.get(value).map_or(0, |group| group.visitors.len() as u64);
        let day = answer["daily"][0].clone();
        let number = |of: &Value| of.as_u64().unwrap_or(u64::MAX);
        self.close("daily active", of("age=new") + of("age=returning"), number(&day["active"]));
        self.close("daily new", of("age=new"), number(&day["new"]));
        self.close("daily returning", of("age=returning"), number(&day["returning"]));
        let date = self.asking.date(self.day);
        let week = self.until_now("active=week", |of| of.iso_week_date().week() == date.iso_week_date().week());
        let month = self.until_now("active=month", |of| of.month() == date.month());
        self.close("weekly active", week, number(&answer["weekly"][0]["active"]));
        self.close("monthly active", month, number(&answer["monthly"][0]["active"]));
    }
}

impl Special<'_> {
    /// What leads to a page: the rows of the whole list, and in `(other)` the page views that did not begin a visit.
    fn ways_to_pages(&mut self) {
        let whole = self.get("/api/v1/journeys?limit=1000");
        let (pages, entries) = (self.cells(PAGE), self.cells(ENTRY));
        for (page, group) in pages.iter().take(20).filter(|(page, _)| !page.contains(['&', '%', '+', '#', '('])) {
            let answer = self.get(&format!("/api/v1/journeys?limit=1000&to_page={page}"));
            for list in ["next", "second", "third"] {
                let of = |answer: &Value| -> Vec<String> {
                    let rows = answer[list].as_array().into_iter().flatten();
                    let named = rows.filter(|row| row["to"] == page.as_str() && row["from"] != "(other)");
                    named.map(Value::to_string).collect()
                };
                self.differs(page, &format!("{list} to it"), format!("{:?}", of(&whole)), format!("{:?}", of(&answer)));
            }
            let began = entries.get(page).map_or(0, |group| group.sums.visits);
            let said: i64 =
                answer["next"].as_array().into_iter().flatten().filter_map(|row| row["events"].as_i64()).sum();
            self.differs(page, "views that led to it", (group.sums.pageviews - began).max(0), said);
        }
    }

    /// The series of one day is that day; of pages nothing is told that fewer than k visitors stand behind.
    fn vitals_of_parts(&mut self) {
        let mut answer = self.get("/api/v1/vitals?interval=day&pages=1000");
        for row in answer["vitals"].as_array_mut().into_iter().flatten() {
            row.as_object_mut().map(|row| row.remove("buckets"));
        }
        let day = answer["series"][0]["vitals"].to_string();
        self.differs("vitals", "series", answer["vitals"].to_string(), day);
        let counter = self.asking.counter;
        let mut most: BTreeMap<(String, String), i64> = BTreeMap::new();
        for ((a, b), group) in counter.books.get(&self.day).into_iter().flat_map(|book| &book.crossings) {
            let mut pair: [&Attribute; 2] = [counter.name(*a), counter.name(*b)];
            pair.sort_by_key(|(dimension, _)| *dimension != PAGE);
            let name = pair[1].1.split_once('=').map_or("", |(name, _)| name);
            if (pair[0].0, pair[1].0) == (PAGE, VITAL) && group.visitors.len() as i64 >= K {
                *most.entry((pair[0].1.clone(), name.to_owned())).or_default() += group.sums.events;
            }
        }
        for page in answer["pages"].as_array().into_iter().flatten() {
            for row in page["vitals"].as_array().into_iter().flatten() {
                let pair = [&page["page"], &row["name"]].map(|text| text.as_str().unwrap_or_default().to_owned());
                let label = pair.join(" ");
                let [page, name] = pair;
                let most = most.get(&(page, name)).copied().unwrap_or(0);
                let said = row["samples"].as_i64().unwrap_or(i64::MAX);
                self.differs(&label, "samples of pairs that are kept", true, said <= most);
            }
        }
    }

    /// Visitors of a cohort on this day and on those before it that `belongs` takes: each says so once.
    fn until_now(&self, value: &str, belongs: impl Fn(Date) -> bool) -> u64 {
        let counter = self.asking.counter;
        let Some(id) = counter.known(&(COHORT, value.to_owned())) else { return 0 };
        let days = counter.books.range(..=self.day).filter(|(day, _)| belongs(self.asking.date(**day)));
        days.filter_map(|(_, book)| book.cells.get(&id)).map(|group| group.visitors.len() as u64).sum()
    }
}

/// Where a percentile lies: from the bottom of the bucket before its own to the top of the one behind it.
fn around(counts: &BTreeMap<i32, i64>, samples: i64, share: f64) -> [f64; 2] {
    let rank = (samples as f64 * share).ceil() as i64;
    let mut seen = 0;
    let mut bucket = 0;
    for (of, count) in counts {
        (seen, bucket) = (seen + count, *of);
        if seen >= rank {
            break;
        }
    }
    let floor = |bucket: i32| if bucket <= 0 { 0.0 } else { ((f64::from(bucket) - 80.0) / 4.0).exp2() };
    [floor(bucket - 1), floor(bucket + 2)]
}
