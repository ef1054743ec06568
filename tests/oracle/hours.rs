//! The hours of a day against the oracle: as many as the clock of the site shows, in their order, twice the same where it
//! is put back.

use serde_json::{Value, json};

use super::compare::{Asker, Difference};
use super::fact::TOTAL;
use super::numbers::{Numbers, same};
use super::questions::Asking;

/// Metrics that are asked of every hour.
const METRICS: [&str; 8] =
    ["visitors", "visits", "pageviews", "events", "views_per_visit", "bounce_rate", "visit_duration", "time_on_page"];

/// Asks for the hours of a day; returns what differs.
pub fn all(asker: &Asker<'_>, asking: &Asking<'_>, day: i64) -> Vec<Difference> {
    let date = asking.date(day).to_string();
    let body = json!({ "site_id": asker.site, "metrics": METRICS, "date_range": [date, date],
        "dimensions": ["time:hour"], "include": { "time_labels": true }, "pagination": { "limit": 10_000 } });
    let (status, answer) = asker.ask(&mut asker.server.client(), "POST", "/api/v2/query", &body);
    let mut found = Vec::new();
    let mut differs = |label: &str, what: &str, expected: String, got: String| {
        if expected != got {
            let (question, label, what) = (body.to_string(), label.to_owned(), what.to_owned());
            found.push(Difference { question, label, what, expected, got });
        }
    };
    differs("", "status", "200".to_owned(), status.to_string());
    let (wanted, rows) = (labels(asking, day), answer["results"].as_array().cloned().unwrap_or_default());
    let text = |label: &Value| label.as_str().unwrap_or_default().to_owned();
    let said: Vec<String> = rows.iter().map(|row| text(&row["dimensions"][0])).collect();
    let told: Vec<String> = answer["meta"]["time_labels"].as_array().into_iter().flatten().map(text).collect();
    // Today has the hours until now.
    let over = if asking.is_today(day) { said.len().max(1) } else { wanted.len() };
    differs(&date, "hours", format!("{:?}", wanted.iter().take(over).collect::<Vec<_>>()), format!("{said:?}"));
    differs(&date, "labels", format!("{said:?}"), format!("{told:?}"));
    let total = asking.counter.known(&(TOTAL, String::new())).expect("something was counted");
    let book = asking.counter.books.get(&day);
    let last =
        book.into_iter().flat_map(|book| book.hours.keys()).filter(|(_, id)| *id == total).map(|(hour, _)| *hour);
    differs(&date, "hours with events", true.to_string(), (last.max().unwrap_or(0) < said.len() as i64).to_string());
    for ((hour, label), row) in (0..).zip(&said).zip(&rows) {
        let group = book.and_then(|book| book.hours.get(&(hour, total)));
        let numbers = group.map(Numbers::from).unwrap_or_default();
        for (column, metric) in METRICS.into_iter().enumerate() {
            let (expected, got) = (numbers.metric(metric, 1), row["metrics"][column].as_f64().unwrap_or(f64::NAN));
            if !same(metric, expected, got, (numbers.visitors, 0)) {
                differs(&format!("{label}, hour {hour}"), metric, expected.to_string(), got.to_string());
            }
        }
    }
    found
}

/// What the clock shows when each hour of a day begins.
fn labels(asking: &Asking<'_>, day: i64) -> Vec<String> {
    let days = asking.counter.days;
    let begin = days.begin(day);
    let begins = (begin..days.begin(day + 1)).step_by(3600);
    let wall = begins.map(|at| days.wall(day, at));
    wall.map(|at| format!("{} {:02}:{:02}:00", asking.date(day), at / 3600, at / 60 % 60)).collect()
}
