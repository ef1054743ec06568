//! What an event can carry besides page and properties: payments, engagement, vitals, cohorts; and what is made of it: goals,
//! numbers, places.

use serde_json::{Value, json};

use crate::cells::cells;
use crate::ordinary;
use crate::site::Site;
use crate::support::http::Answer;
use crate::support::server::{BROWSER, noon_zone};
use crate::support::until_equal;

const AGENT: (&str, &str) = ("User-Agent", BROWSER);

/// Waits until the cells of these dimensions are these.
#[track_caller]
fn counted(site: &Site, dimensions: &[&str], wanted: &[&str]) {
    let wanted: Vec<String> = wanted.iter().map(|&row| row.to_owned()).collect();
    until_equal("cells", &wanted, || cells(site, dimensions));
}

fn revenue(amount: Value, currency: &str) -> Value {
    json!({ "name": "buy", "revenue": { "amount": amount, "currency": currency } })
}

#[test]
fn payments_add_up_by_currency() {
    let site = Site::new(ordinary(), "payments");
    for event in [
        revenue(json!(19.99), "EUR"),
        revenue(json!("-5"), "eur"),
        revenue(json!("0.105"), "EUR"),
        revenue(json!(1200), "JPY"),
        revenue(json!("1.2345"), "KWD"),
    ] {
        assert_eq!(site.beacon(event).status, 202);
    }
    counted(
        &site,
        &["currency", "event"],
        &["currency EUR: 0 3 1510", "currency JPY: 0 1 1200", "currency KWD: 0 1 1235", "event buy: 0 5 0"],
    );
}

#[test]
fn a_wrong_type_is_refused_by_name_and_in_a_batch_listed() {
    let wrong = [
        r#""revenue":7"#,
        r#""revenue":[]"#,
        r#""revenue":{"amount":1}"#,
        r#""revenue":{"amount":"1,5","currency":"EUR"}"#,
        r#""revenue":{"amount":1e13,"currency":"EUR"}"#,
        r#""revenue":{"amount":1,"currency":"zq-no-currency"}"#,
        r#""engaged_secs":"9""#,
        r#""scroll_pct":{}"#,
        r#""vitals":{"LCP":"fast"}"#,
        r#""vitals":[]"#,
        r#""cohort":{"first_week":7}"#,
        r#""cohort":{"first_week":"2026-W99"}"#,
        r#""cohort":{"first_this_week":"yes"}"#,
        r#""cohort":[]"#,
    ];
    let site = Site::new(ordinary(), "wrong-fields");
    let told = wrong.map(|field| {
        let body = format!("{{\"site\":\"wrong-fields\",{field}}}");
        let answer = ordinary().send("POST", "/e", &[AGENT], body.as_bytes());
        format!("{field} -> {} {} {}", answer.status, answer.code(), answer.json()["detail"])
    });
    insta::assert_snapshot!("problems_of_fields", told.join("\n"));
    let events: Vec<String> = wrong.iter().map(|field| format!("{{{field}}}")).collect();
    let body = format!("{{\"site\":\"wrong-fields\",\"events\":[{},{{}}]}}", events.join(","));
    let answer = ordinary().send("POST", "/v1/events", &[], body.as_bytes()).json();
    let listed: Vec<Value> = (0..wrong.len()).map(|index| json!({ "index": index, "reason": "bad_event" })).collect();
    assert_eq!(answer, json!({ "accepted": 1, "duplicates": 0, "dropped": listed }));
    site.settled(1);
}

#[test]
fn nothing_said_is_nothing_wrong() {
    let site = Site::new(ordinary(), "null-fields");
    let empty = json!({ "revenue": null, "engaged_secs": null, "scroll_pct": null, "vitals": null, "cohort": null });
    assert_eq!(site.beacon(empty).status, 202);
    let partial = json!({ "vitals": { "LCP": null, "other": "x" }, "cohort": { "first_week": null } });
    assert_eq!(site.beacon(partial).status, 202);
    site.settled(2);
    assert_eq!(cells(&site, &["vital", "cohort", "currency"]), [] as [&str; 0]);
}

#[test]
fn reports_are_no_events() {
    let site = Site::new(ordinary(), "reports");
    let page = "https://a.test/x";
    site.beacon(json!({ "url": page }));
    assert_eq!(
        site.beacon(json!({ "name": "engagement", "url": page, "engaged_secs": 9, "scroll_pct": 250 })).status,
        202
    );
    let vitals = json!({ "LCP": 2500, "FCP": 1, "INP": -4, "TTFB": 0, "CLS": 0.1 });
    assert_eq!(site.beacon(json!({ "name": "vitals", "url": page, "vitals": vitals })).status, 202);
    counted(
        &site,
        &["vital", "event", "page"],
        &[
            "event pageview: 1 1 0",
            "page /x: 1 1 0",
            "vital CLS=106: 0 1 0",
            "vital FCP=80: 0 1 0",
            "vital LCP=125: 0 1 0",
            "vital TTFB=0: 0 1 0",
        ],
    );
    assert_eq!(site.totals(), [1, 1, 1]);
}

#[test]
fn listed_numbers_are_kept_by_bucket_only() {
    let site = Site::with(ordinary(), "numbers", &["--timezone", &noon_zone(), "--number", "took_ms"]);
    for took in [json!(1500), json!("1500.0"), json!("long")] {
        site.beacon(json!({ "name": "search", "props": { "took_ms": took, "kind": 7 } }));
    }
    counted(
        &site,
        &["number", "prop"],
        &["number took_ms=122: 0 2 0", "prop kind=7: 0 3 0", "prop took_ms=long: 0 1 0"],
    );
}

#[test]
fn goals_are_reached_by_pages_features_and_properties() {
    let site = Site::new(ordinary(), "goals");
    let add = |name: &str, options: &[&str]| {
        ordinary().succeed(&[&["goal", "add", name, "--site", "goals"], options].concat());
    };
    add("Thanks", &["--page", "/thanks/*"]);
    add("Signup", &["--event", "signup"]);
    add("Pro", &["--event", "signup", "--property", "plan=pro"]);
    // Keys and goals are in one file: who knows this key knows the goals.
    let key = ordinary().create_key("goals", "read");
    until_equal("the goals are known", &200, || site.try_ask_with(&key, &json!({})).status);
    let events = json!([
        { "url": "https://a.test/thanks/now?x=1" },
        { "url": "https://a.test/thanks" },
        { "name": "open", "url": "https://a.test/thanks/now" },
        { "name": "signup", "props": { "plan": "free" } },
        { "name": "signup", "props": { "plan": "pro" } },
    ]);
    assert_eq!(site.batch(json!({ "events": events })).json()["accepted"], 5);
    counted(&site, &["goal"], &["goal Pro: 0 1 0", "goal Signup: 0 2 0", "goal Thanks: 1 1 0"]);
}

#[test]
fn cohorts_are_coarse_and_nothing_of_those_who_opted_out() {
    let site = Site::new(ordinary(), "cohorts");
    let cohort = |week: &str, first: bool| json!({ "cohort": { "first_week": week, "first_this_week": first, "first_this_month": first } });
    site.beacon(cohort("2001-W01", true));
    site.beacon(cohort("9999-12-31", false));
    site.beacon_with(&[AGENT, ("DNT", "1")], cohort("2001-W02", true));
    let gpc: Answer = site.beacon_with(&[AGENT, ("Sec-GPC", "1")], cohort("9999-12-31", true));
    assert_eq!(gpc.status, 202);
    counted(
        &site,
        &["cohort"],
        &[
            "cohort active=month: 1 1 0",
            "cohort active=week: 1 1 0",
            "cohort age=new: 1 1 0",
            "cohort age=returning: 1 1 0",
        ],
    );
}

#[test]
fn cities_are_counted_below_their_region_only() {
    let site = Site::new(ordinary(), "cities");
    for from in ["192.0.2.77", "198.51.100.77", "203.0.113.77"] {
        site.beacon_with(&[AGENT, ("X-Forwarded-For", from)], json!({}));
    }
    counted(
        &site,
        &["country", "region", "city"],
        &[
            "city DE-Bavaria/Munich: 1 1 0",
            "country DE: 1 1 0",
            "country FR: 1 1 0",
            "country JP: 1 1 0",
            "region DE-Bavaria: 1 1 0",
            "region JP-Tokyo: 1 1 0",
        ],
    );
}

/// The batch that docs/mobile.md shows to authors of apps, sent as an app does it: again, for want of an answer.
#[test]
fn the_batch_that_is_shown_for_telephones_counts_once() {
    let page = include_str!("../../docs/mobile.md");
    let shown = page.split_once("```json\n").and_then(|(_, rest)| rest.split_once("```")).expect("a block of JSON").0;
    let mut batch: Value = serde_json::from_str(shown).expect("JSON");
    // The day it shows is over.
    let events = batch["events"].as_array_mut().expect("events");
    events.iter_mut().for_each(|event| drop(event.as_object_mut().expect("an object").remove("occurred_at")));
    let site = Site::new(ordinary(), "telephone");
    let first = site.batch(batch.clone());
    assert_eq!((first.status, &first.json()["accepted"], &first.json()["dropped"]), (200, &json!(2), &json!([])));
    assert_eq!(site.batch(batch).json()["duplicates"], 2);
    counted(
        &site,
        &["page", "event", "device", "os", "app_version", "prop", "install_source"],
        &[
            "app_version 2.4.0: 1 2 0",
            "device Mobile: 1 2 0",
            "event export: 0 1 0",
            "event pageview: 1 1 0",
            "install_source App Store: 1 2 0",
            "os iOS: 1 2 0",
            "page home: 1 1 0",
            "page report: 0 1 0",
            "prop format=csv: 0 1 0",
        ],
    );
}
