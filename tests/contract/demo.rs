//! `headcount demo`: as many hits as asked for are counted, reports come on top, and there is something to see everywhere.

use serde_json::{Value, json};

use crate::cells::cells;
use crate::ordinary;
use crate::site::Site;

#[test]
fn demo_traffic_is_counted_to_the_hit_and_has_something_in_every_report() {
    let site = Site::new(ordinary(), "demo-contract");
    let hits = 12_000_u64;
    let said = ordinary().succeed(&["demo", "--site", &site.id, "--hits", "12000", "--seed", "7"]);
    let number = |name: &str| -> u64 {
        let row = said.lines().find_map(|line| line.strip_prefix(name)).expect("a row");
        row.trim().parse().expect("a number")
    };
    assert_eq!([number("sent"), number("accepted"), number("duplicates"), number("dropped")], [hits, hits, 0, 0]);
    assert!(number("reports") > hits / 2, "{said}");
    site.settled(hits);
    let told = cells(&site, &["goal", "currency", "vital", "number", "cohort", "funnel", "prop"]);
    let beginnings = [
        "goal Saw pricing",
        "goal Signed up:",
        "currency EUR",
        "currency USD",
        "vital LCP=",
        "vital CLS=",
        "number took_ms=",
        "cohort week=",
        "cohort active=month",
        "cohort age=returning",
        "prop plan=",
        "funnel ",
    ];
    for beginning in beginnings {
        assert!(told.iter().any(|row| row.starts_with(beginning)), "{beginning}: {told:#?}");
    }
    // A second run with the same seed is counted, too, and defines nothing twice.
    ordinary().succeed(&["demo", "--site", &site.id, "--hits", "100", "--seed", "7"]);
    site.settled(hits + 100);
    let metrics = ["visits", "bounce_rate", "views_per_visit", "visit_duration", "time_on_page", "scroll_depth"];
    let answer = site.ask(json!({ "metrics": metrics }));
    let numbers = answer["results"][0]["metrics"].as_array().expect("metrics");
    assert!(numbers.iter().all(|number| number.as_f64().is_some_and(|number| number > 0.0)), "{answer}");
    let listed: Value =
        serde_json::from_str(&ordinary().succeed(&["goal", "list", "--site", &site.id, "--json"])).expect("JSON");
    assert_eq!(listed.as_array().map(Vec::len), Some(8));
}

#[test]
fn demo_traffic_of_past_days_has_visitors_and_visits() {
    let site = Site::new(ordinary(), "demo-past");
    let said = ordinary().succeed(&["demo", "--site", &site.id, "--hits", "3000", "--days", "3"]);
    // Nothing more comes for the past days: their salts are gone when it ends, that of today is not.
    let closed = said.lines().find_map(|line| line.strip_prefix("days closed"));
    assert_eq!(closed.map(str::trim), Some("2"), "{said}");
    let salts = ordinary().state_dir().join("salts").join(&site.id);
    assert_eq!(std::fs::read_dir(&salts).expect("the salt of today").count(), 1);
    site.settled(3_000);
    let query = json!({ "date_range": "7d", "metrics": ["visitors", "visits", "events"], "dimensions": ["time:day"] });
    let answer = site.ask(query);
    let rows = answer["results"].as_array().expect("rows");
    let days: Vec<bool> = rows
        .iter()
        .map(|row| (0..3).all(|column| row["metrics"][column].as_u64().is_some_and(|number| number > 0)))
        .collect();
    assert_eq!(days, [false, false, false, false, true, true, true], "{answer}");
}
