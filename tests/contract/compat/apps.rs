//! Clients of apps, and what they store: versions, systems, clocks that are wrong.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

use super::{accepting, post, rows, send, told};

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

#[test]
fn aptabase() {
    let site = accepting("aptabase-site", "aptabase:A-SH-1");
    let event = json!({ "timestamp": "2100-01-01T00:00:00Z", "sessionId": "179526239912345678", "eventName": "play", "systemProps": { "locale": "de-AT", "osName": "iOS", "osVersion": "17.4", "appVersion": "2.0" }, "props": { "n": 1 } });
    let headers = [("App-Key", "A-SH-1"), ("User-Agent", "iOS/17.4 de_AT")];
    assert_eq!(post("/api/v0/event", &headers, event.to_string()), told(200, "{}"));
    let list = json!([event, { "eventName": "old", "timestamp": "1970-01-01T00:00:00Z" }, event]);
    assert_eq!(post("/in/aptabase/api/v0/events", &headers, list.to_string()), told(200, "{}"));
    assert_eq!(post("/api/v0/event", &[("App-Key", "A-SH-2")], event.to_string()).0, 404);
    assert_eq!(post("/api/v0/event", &[], event.to_string()).0, 400);
    site.settled(3);
    assert_eq!(rows(&site, "event:name"), ["play 1/0/3"]);
    assert_eq!(rows(&site, "app:version"), ["2.0 1/0/3"]);
    assert_eq!(rows(&site, "visit:os"), ["iOS 1/0/3"]);
}

#[test]
fn a_clock_that_is_years_behind_is_put_right() {
    let site = accepting("clocks", "segment:CK");
    let body = json!({ "writeKey": "CK", "sentAt": "2001-01-01T00:00:10Z", "batch": [{ "type": "track", "event": "x", "anonymousId": "a", "timestamp": "2001-01-01T00:00:00Z" }] });
    assert_eq!(post("/v1/batch", &[], body.to_string()).0, 200);
    site.settled(1);
    assert_eq!(rows(&site, "event:name"), ["x 1/0/1"]);
}

#[test]
fn a_preflight_is_answered_on_every_route() {
    let asked = [
        ("Origin", "https://a.test"),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "anonymousid,authorization,content-type,sentat,x-retry-count"),
    ];
    for path in ["/v1/t", "/2/httpapi", "/api/send", "/api/v0/event", "/e/", "/in/segment/v1/track", "/sourceConfig/"] {
        let answer = send("OPTIONS", path, &asked, "");
        let told = [
            "access-control-allow-origin",
            "access-control-allow-credentials",
            "access-control-allow-headers",
            "access-control-max-age",
        ]
        .map(|name| answer.header(name));
        assert_eq!(
            (answer.status, told),
            (204, [Some("https://a.test"), Some("true"), Some(asked[2].1), Some("86400")]),
            "{path}"
        );
    }
}
