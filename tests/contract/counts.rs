//! `POST /v1/counts`: what an app added up itself while it was offline.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::cells::cells;
use crate::site::Site;
use crate::support::http::Answer;
use crate::support::server::noon_zone;
use crate::support::until_equal;
use crate::{ordinary, shown};

fn send_with(site: &str, headers: &[(&str, &str)], mut body: Value) -> Answer {
    body["site"] = json!(site);
    let headers = [&[("Content-Type", "application/json")], headers].concat();
    ordinary().send("POST", "/v1/counts", &headers, body.to_string().as_bytes())
}

fn send(site: &Site, body: Value) -> Answer {
    send_with(&site.id, &[], body)
}

fn answer(accepted: usize, duplicates: usize, dropped: Value) -> Value {
    json!({ "accepted": accepted, "duplicates": duplicates, "dropped": dropped })
}

/// Today in the zone of [`Site::new`], and `days` before.
fn day(days: i64) -> String {
    let zone = jiff::tz::TimeZone::get(&noon_zone()).expect("a zone");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    let today = jiff::Timestamp::from_second(now as i64).expect("a time").to_zoned(zone).date();
    today.saturating_sub(jiff::Span::new().days(days)).to_string()
}

/// `day hour events` of every hour of a day that has any, as the API tells it.
fn hours(site: &Site, day: &str) -> Vec<(String, u64)> {
    let query = json!({ "date_range": [day, day], "metrics": ["events"], "dimensions": ["time:hour"] });
    let answer = site.ask(query);
    let rows = answer["results"].as_array().expect("rows").iter();
    let told = |row: &Value| {
        (row["dimensions"][0].as_str().expect("a text").to_owned(), row["metrics"][0].as_u64().expect("a number"))
    };
    rows.map(told).filter(|(_, events)| *events > 0).collect()
}

#[test]
fn counters_add_to_page_views_events_and_payments_and_to_no_visitor() {
    let site = Site::new(ordinary(), "counts");
    let counts = json!([
        { "screen": "Home", "n": 40 },
        { "name": "export", "n": 1_000_000, "page": "/reports", "props": { "format": "csv" }, "visitor": "somebody" },
        { "name": "buy", "n": 3, "revenue": { "amount": "59.70", "currency": "EUR" } },
    ]);
    let context = json!({ "app_version": "4.2.0", "os": "Android", "device": "phone" });
    let sent = send(&site, json!({ "context": context, "days": [{ "day": day(0), "counts": counts }] }));
    assert_eq!((sent.status, sent.json()), (200, answer(3, 0, json!([]))));
    insta::assert_snapshot!("counts", shown(&sent));
    site.settled(1_000_043);
    assert_eq!(site.totals(), [0, 40, 1_000_043]);
    let wanted = [
        "app_version 4.2.0: 40 1000043 0",
        "currency EUR: 0 3 5970",
        "event buy: 0 3 0",
        "event export: 0 1000000 0",
        "event pageview: 40 40 0",
        "page /reports: 0 1000000 0",
        "page Home: 40 40 0",
        "prop format=csv: 0 1000000 0",
    ];
    assert_eq!(cells(&site, &["app_version", "currency", "event", "page", "prop"]), wanted);
    let visits = site.ask(json!({ "metrics": ["visits", "visitors", "bounce_rate"] }));
    assert_eq!(visits["results"][0]["metrics"], json!([0, 0, 0]));
}

#[test]
fn counters_of_past_days_stand_at_noon() {
    let site = Site::new(ordinary(), "counts-past");
    let on = |day: String, n: u32| json!({ "day": day, "counts": [{ "name": "export", "n": n }] });
    let sent = send(&site, json!({ "days": [on(day(2), 7), on(day(30), 8), on(day(0), 9), on(day(2), 10)] }));
    assert_eq!((sent.status, sent.json()), (200, answer(4, 0, json!([]))));
    site.settled(34);
    for (ago, events) in [(0, 9), (2, 17), (30, 8)] {
        assert_eq!(hours(&site, &day(ago)), [(format!("{} 12:00:00", day(ago)), events)]);
    }
}

#[test]
fn bad_counters_are_listed_by_their_place_among_all() {
    let site = Site::with(ordinary(), "counts-mixed", &["--domain", "own.test", "--timezone", &noon_zone()]);
    let sent = send(
        &site,
        json!({ "days": [
        { "day": day(0), "counts": [
            { "name": "x", "n": 1 },
            { "name": "x" },
            { "name": "x", "n": 0 },
            { "name": "x", "n": -1 },
            { "name": "x", "n": 1.5 },
            { "name": "x", "n": 1_000_001 },
            { "name": 7, "n": 1 },
            "no counter",
            { "name": "engagement", "n": 5, "engaged_secs": 60 },
            { "url": "https://foreign.test/", "n": 1 },
        ] },
        { "day": day(31), "counts": [{ "name": "old", "n": 1 }, { "name": "old", "n": 1 }] },
        { "day": day(30), "counts": [{ "name": "just-in-time", "n": 2 }] },
        { "day": "9999-12-31", "counts": [{ "name": "future", "n": 3 }] },
    ] }),
    );
    let mut dropped: Vec<Value> = (1..=8).map(|index| json!({ "index": index, "reason": "bad_event" })).collect();
    dropped.push(json!({ "index": 9, "reason": "wrong_host" }));
    dropped.extend([10, 11].map(|index| json!({ "index": index, "reason": "too_old" })));
    assert_eq!((sent.status, sent.json()), (200, answer(3, 0, json!(dropped))));
    site.settled(6);
    assert_eq!([hours(&site, &day(30))[0].1, hours(&site, &day(0))[0].1], [2, 4]);
}

#[test]
fn refusals_say_what_to_mend() {
    let many = json!([{ "day": "2026-11-21", "counts": vec![json!({ "n": 1 }); 2_001] }]);
    let long = json!({ "site": "x", "days": [], "batch_id": "x".repeat(129) });
    let cases = [
        ("no JSON", "{\"days\":".to_owned()),
        ("a list", "[]".to_owned()),
        ("no site", json!({ "days": [] }).to_string()),
        ("no days", json!({ "site": "x" }).to_string()),
        ("days no list", json!({ "site": "x", "days": {} }).to_string()),
        ("a day that is none", json!({ "site": "x", "days": [{ "day": "2026-02-30", "counts": [] }] }).to_string()),
        ("a day without counts", json!({ "site": "x", "days": [{ "day": "2026-02-28" }] }).to_string()),
        ("bad context", json!({ "site": "x", "days": [], "context": { "os": 7 } }).to_string()),
        ("unknown site", json!({ "site": "nobody", "days": [] }).to_string()),
        ("2,001 counts", json!({ "site": "x", "days": many }).to_string()),
        ("batch_id of 129 bytes", long.to_string()),
    ];
    let told = cases.map(|(what, body)| {
        let answer = ordinary().send("POST", "/v1/counts", &[], body.as_bytes());
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{what}");
        format!("{what} -> {}", answer.text())
    });
    insta::assert_snapshot!("problems_of_counts", told.join("\n"));
    insta::assert_snapshot!("get_of_counts", shown(&ordinary().send("GET", "/v1/counts", &[], b"")));
}

#[test]
fn a_batch_id_counts_once_and_opting_out_leaves_one_number_and_no_id() {
    let site = Site::new(ordinary(), "counts-retries");
    let body = |id: &str| json!({ "batch_id": id, "days": [{ "day": day(0), "counts": [{ "n": 5 }, { "name": "x", "n": 6 }] }] });
    let opted_out = json!([{ "index": 0, "reason": "opted_out" }, { "index": 1, "reason": "opted_out" }]);
    assert_eq!(send_with(&site.id, &[("Sec-GPC", "1")], body("c-1")).json(), answer(0, 0, opted_out));
    assert_eq!(send(&site, body("c-1")).json(), answer(2, 0, json!([])));
    assert_eq!(send(&site, body("c-1")).json(), answer(0, 2, json!([])));
    site.settled(11);
    until_equal("two hits opted out", &vec!["opted_out : 0 2 0".to_owned()], || cells(&site, &["opted_out"]));
    let (received, counted) = ordinary().metrics().identity();
    assert_eq!(received, counted);
}
