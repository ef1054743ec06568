//! `POST /api/v2/query`: the answers, whole, and what is refused.

use serde_json::{Value, json};

use crate::ordinary;
use crate::site::Site;
use crate::support::server::BROWSER;

const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                     Version/17.5 Mobile/15E148 Safari/604.1";
const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0";

/// Three visitors: one from a search, one from a newsletter, one who came straight; and an app.
fn visited(id: &str) -> Site {
    let site = Site::new(ordinary(), id);
    let desk: &[(&str, &str)] =
        &[("User-Agent", BROWSER), ("Accept-Language", "de-AT,de;q=0.9"), ("X-Forwarded-For", "192.0.2.7")];
    let phone: &[(&str, &str)] =
        &[("User-Agent", PHONE), ("Accept-Language", "fr-CH"), ("X-Forwarded-For", "198.51.100.9")];
    let fox: &[(&str, &str)] = &[("User-Agent", FIREFOX), ("X-Forwarded-For", "203.0.113.1, 127.0.0.1")];
    let sent = [
        (desk, json!({ "url": "https://shop.test/", "referrer": "https://www.google.de/search?q=secret", "w": 1920 })),
        (desk, json!({ "url": "https://shop.test/blog/2026/hello", "referrer": "https://shop.test/", "w": 1920 })),
        (
            desk,
            json!({ "url": "https://shop.test/blog/2026/hello", "name": "signup", "w": 1920, "props": { "plan": "pro", "seats": 5, "trial": true } }),
        ),
        (
            phone,
            json!({ "url": "https://shop.test/?utm_source=letter&utm_medium=email&utm_campaign=spring&utm_term=shoes&utm_content=top", "w": 390 }),
        ),
        (fox, json!({ "url": "https://www.shop.test/", "referrer": "https://blog.example/post/7", "w": 1300 })),
        (fox, json!({ "url": "https://www.shop.test/", "name": "signup", "w": 1300, "props": { "plan": "free" } })),
    ];
    for (headers, event) in sent {
        assert_eq!(site.beacon_with(headers, event).status, 202);
    }
    let app = json!({
        "context": { "app_version": "4.2.0", "os": "ios", "os_version": "17.4.1", "device": "phone", "locale": "nl-BE", "install_source": "App Store" },
        "events": [{ "screen": "Home", "visitor": "install-1" }, { "name": "save", "screen": "Editor", "visitor": "install-1" }, { "name": "save", "visitor": "install-2" }],
    });
    assert_eq!(site.batch(app).status, 200);
    site.settled(9);
    site
}

/// An answer with today's date made `TODAY` and the zone of the hour of testing made `ZONE`.
fn steady(answer: &Value) -> String {
    let text = serde_json::to_string_pretty(answer).expect("JSON");
    let [today, zone] = ["/query/date_range/1", "/meta/timezone"]
        .map(|path| answer.pointer(path).and_then(Value::as_str).expect("text"));
    text.replace(today, "TODAY").replace(zone, "ZONE")
}

#[test]
fn every_dimension_has_its_rows() {
    let site = visited("dimensions");
    insta::assert_snapshot!("totals", steady(&site.ask(json!({}))));
    let paged = json!({ "dimensions": ["event:page"], "order_by": [["event:page", "desc"]], "include": { "total_rows": true }, "pagination": { "limit": 2, "offset": 1 } });
    insta::assert_snapshot!("pages_ordered_and_paged", steady(&site.ask(paged)));
    let dimensions = [
        "event:page",
        "event:section",
        "event:name",
        "event:hostname",
        "event:props:plan",
        "event:props:seats",
        "event:props:trial",
        "event:props:unknown",
        "visit:source",
        "visit:channel",
        "visit:referrer",
        "visit:utm_source",
        "visit:utm_medium",
        "visit:utm_campaign",
        "visit:utm_term",
        "visit:utm_content",
        "visit:country",
        "visit:region",
        "visit:device",
        "visit:browser",
        "visit:browser_version",
        "visit:os",
        "visit:os_version",
        "visit:language",
        "visit:screen",
        "app:version",
        "app:install_source",
    ];
    let mut told = String::from("dimension: value = visitors, page views, events\n");
    for dimension in dimensions {
        told.push_str(&format!("\n{dimension}\n"));
        for (value, [visitors, views, events]) in site.rows(dimension) {
            told.push_str(&format!("  {value} = {visitors}, {views}, {events}\n"));
        }
    }
    insta::assert_snapshot!("rows_of_every_dimension", told);
}

#[test]
fn series_hold_every_bucket_up_to_now() {
    let site = visited("series");
    let days = site.ask(json!({ "date_range": "7d", "dimensions": ["time:day"], "include": { "time_labels": true } }));
    let labels: Vec<&str> =
        days["meta"]["time_labels"].as_array().expect("labels").iter().filter_map(Value::as_str).collect();
    let rows = days["results"].as_array().expect("rows");
    let last = rows.last().expect("today");
    assert_eq!(
        (rows.len(), labels.len(), &last["metrics"], last["dimensions"][0].as_str()),
        (7, 7, &json!([5, 5, 9]), labels.last().copied())
    );
    assert!(rows[..6].iter().all(|row| row["metrics"] == json!([0, 0, 0])));
    let hours = site.ask(json!({ "dimensions": ["time:hour"] }));
    let rows = hours["results"].as_array().expect("rows");
    // The site's clock says twelve or, if the test is slow, one.
    assert!(matches!(rows.len(), 13 | 14), "{}", rows.len());
    let events: u64 = rows[12..].iter().filter_map(|row| row["metrics"][2].as_u64()).sum();
    assert_eq!((events, rows[..12].iter().all(|row| row["metrics"] == json!([0, 0, 0]))), (9, true));
    assert!(rows[12]["dimensions"][0].as_str().is_some_and(|label| label.ends_with(" 12:00:00")));
    for grain in ["time", "time:week", "time:month"] {
        let series = site.ask(json!({ "date_range": "month", "dimensions": [grain], "metrics": ["events"] }));
        let sum: u64 =
            series["results"].as_array().expect("rows").iter().filter_map(|row| row["metrics"][0].as_u64()).sum();
        assert_eq!(sum, 9, "{grain}");
    }
}

#[test]
fn an_empty_site_answers_with_zeros() {
    let site = Site::new(ordinary(), "empty");
    insta::assert_snapshot!("totals_of_an_empty_site", steady(&site.ask(json!({}))));
    assert_eq!(site.rows("event:page"), []);
    let all = site.ask(json!({ "date_range": "all", "dimensions": ["time:day"] }));
    assert_eq!(all["results"].as_array().expect("rows").len(), 1);
}

#[test]
fn what_cannot_be_answered_is_refused_with_a_reason() {
    let site = Site::new(ordinary(), "refusals");
    let queries = [
        json!({ "metrics": [] }),
        json!({ "metrics": ["money"] }),
        json!({ "metrics": ["events", "events"] }),
        json!({ "metrics": "events" }),
        json!({ "dimensions": ["event:colour"] }),
        json!({ "dimensions": ["event:props:"] }),
        json!({ "dimensions": ["event:props:a=b"] }),
        json!({ "dimensions": ["event:page", "visit:source"] }),
        json!({ "filters": [["is", "event:page", ["/"]], ["is", "visit:country", ["DE"]]] }),
        json!({ "filters": [["is", "visit:region", ["DE-Bavaria"]]] }),
        json!({ "filters": [["is", "event:page", ["/"]]], "dimensions": ["time:hour"] }),
        json!({ "filters": [["matches", "event:page", ["(a{99}){99}"]]] }),
        json!({ "metrics": ["visit_duration"], "dimensions": ["event:page"] }),
        json!({ "date_range": "yesterday" }),
        json!({ "date_range": ["2026-03-02", "2026-03-01"] }),
        json!({ "date_range": ["9998-01-01", "9999-01-01"] }),
        json!({ "order_by": [["visitors", "up"]] }),
        json!({ "order_by": [["bounce_rate", "asc"]] }),
        json!({ "pagination": { "limit": 0 } }),
        json!({ "pagination": { "limit": 10_001 } }),
        json!({ "include": { "time_labels": true } }),
        json!({ "colour": "red" }),
        json!({ "site_id": 7 }),
    ];
    let today = site.ask(json!({}))["query"]["date_range"][1].as_str().expect("a date").to_owned();
    let told: Vec<String> = queries.iter().map(|query| format!("{query}\n  {}", site.try_ask(query).text())).collect();
    insta::assert_snapshot!("problems_of_queries", told.join("\n").replace(&today, "TODAY"));
}

#[test]
fn several_queries_are_answered_as_each_alone() {
    let site = visited("together");
    let dimensions = ["event:page", "visit:source", "visit:browser", "time:hour", "event:colour"];
    let query = |dimension: &str| json!({ "site_id": "together", "metrics": ["visitors", "events"], "date_range": "day", "dimensions": [dimension] });
    let alone = dimensions.map(|dimension| {
        let answer = site.try_ask(&query(dimension));
        json!({ "status": answer.status, "body": answer.json() })
    });
    let queries = dimensions.map(query);
    let bearer = format!("Bearer {}", site.key);
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    let body = json!({ "queries": queries }).to_string();
    let together = ordinary().send("POST", "/api/v2/query/batch", &headers, body.as_bytes());
    assert_eq!((together.status, together.json()), (200, json!({ "answers": alone })));
    assert_eq!(alone.each_ref().map(|answer| answer["status"].as_u64()), [200, 200, 200, 200, 400].map(Some));
}

#[test]
fn bodies_that_are_no_query_are_refused() {
    let site = Site::new(ordinary(), "no-query");
    let bearer = format!("Bearer {}", site.key);
    let send = |headers: &[(&str, &str)], body: &[u8]| {
        let answer = ordinary().send("POST", "/api/v2/query", headers, body);
        (answer.status, answer.code())
    };
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let large = format!("{{\"site_id\":\"{}\"}}", "x".repeat(64 * 1024));
    let bodies: [&[u8]; 5] = [b"", b"{", b"\xff", deep.as_bytes(), b"{}"];
    for body in bodies {
        assert_eq!(
            send(&headers, body),
            (400, "bad_json".to_owned()),
            "{}",
            String::from_utf8_lossy(&body[..body.len().min(9)])
        );
    }
    assert_eq!(send(&headers, large.as_bytes()), (413, "too_large".to_owned()));
}
