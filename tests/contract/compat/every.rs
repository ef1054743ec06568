//! What holds for every dialect alike: one bad event of two thousand costs itself only, events of long ago are told apart, and
//! a token that is not known is answered so that the client gives up.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{PAGE, accepting, post, rows};
use crate::ordinary;

/// Events in a request: as many as are taken.
const MOST: usize = 2_000;
/// Places of the event that is none, and of the one from 1970.
const BAD: usize = 7;
const OLD: usize = 11;

/// What a dialect's client posts when it has many events.
struct Many {
    name: &'static str,
    path: &'static str,
    headers: &'static [(&'static str, &'static str)],
    /// The body around events, as they are written.
    body: fn(&str, &[String]) -> String,
    /// A good event; `true`: of 1970, as far as events have times, else of 2100.
    event: fn(&str, usize, bool) -> String,
    bad: &'static str,
    /// Whether its events say when they happened.
    has_times: bool,
}

fn time(is_old: bool) -> &'static str {
    if is_old { "1970-01-01T00:00:00Z" } else { "2100-01-01T00:00:00Z" }
}

fn list(name: &str, more: &Value, events: &[String]) -> String {
    let more = more.to_string();
    let comma = if more == "{}" { "" } else { "," };
    format!("{{\"{name}\":[{}]{comma}{}", events.join(","), &more[1..])
}

const SERVER: &[(&str, &str)] = &[("Content-Type", "application/json")];

const ALL: [Many; 10] = [
    Many {
        name: "segment",
        path: "/v1/batch",
        headers: SERVER,
        body: |token, events| list("batch", &json!({ "writeKey": token }), events),
        event: |_, n, is_old| {
            json!({ "type": "track", "event": "x", "anonymousId": "a", "messageId": format!("m{n}"), "timestamp": time(is_old) })
                .to_string()
        },
        bad: "{\"type\":\"track\",\"event\":[]}",
        has_times: true,
    },
    Many {
        name: "posthog",
        path: "/batch/",
        headers: SERVER,
        body: |token, events| list("batch", &json!({ "api_key": token }), events),
        event: |_, n, is_old| {
            json!({ "event": "x", "distinct_id": "a", "uuid": format!("m{n}"), "properties": {}, "timestamp": time(is_old) })
                .to_string()
        },
        bad: "{\"event\":{},\"properties\":7}",
        has_times: true,
    },
    Many {
        name: "amplitude",
        path: "/2/httpapi",
        headers: SERVER,
        body: |token, events| list("events", &json!({ "api_key": token }), events),
        event: |_, n, is_old| {
            let time: i64 = if is_old { 1 } else { 4_102_444_800_000 };
            json!({ "event_type": "x", "device_id": "a", "insert_id": format!("m{n}"), "time": time }).to_string()
        },
        bad: "null",
        has_times: true,
    },
    Many {
        name: "mixpanel",
        path: "/track",
        headers: SERVER,
        body: |_, events| format!("[{}]", events.join(",")),
        event: |token, n, is_old| {
            let time: i64 = if is_old { 1 } else { 4_102_444_800 };
            let properties = json!({ "token": token, "distinct_id": "a", "$insert_id": format!("m{n}"), "time": time });
            json!({ "event": "x", "properties": properties }).to_string()
        },
        bad: "\"x\"",
        has_times: true,
    },
    Many {
        name: "matomo",
        path: "/matomo.php",
        headers: SERVER,
        body: |_, events| list("requests", &json!({}), events),
        event: |token, n, is_old| {
            let query = format!("?idsite={token}&rec=1&e_c=c&e_a=x&_id=a&pv_id=p&r={n}&cdt={}", time(is_old));
            json!(query.replace(':', "%3A")).to_string()
        },
        bad: "{}",
        has_times: true,
    },
    Many {
        name: "ga4",
        path: "/mp/collect?measurement_id=many-ga4&api_secret=x",
        headers: SERVER,
        body: |_, events| list("events", &json!({ "client_id": "a" }), events),
        event: |_, _, is_old| {
            let micros: i64 = if is_old { 1_000_000 } else { 4_102_444_800_000_000 };
            json!({ "name": "x", "params": {}, "timestamp_micros": micros }).to_string()
        },
        bad: "{\"params\":{}}",
        has_times: true,
    },
    Many {
        name: "gtag",
        path: "/g/collect?v=2&tid=many-gtag&cid=a",
        headers: &PAGE,
        body: |_, events| events.join("\r\n"),
        event: |_, _, _| "en=x&_et=5".to_owned(),
        bad: "en=&ep.x=%zz",
        has_times: false,
    },
    Many {
        name: "universal",
        path: "/batch",
        headers: &[],
        body: |_, events| events.join("\n"),
        event: |token, _, is_old| {
            let age = if is_old { "&qt=1700000000000" } else { "" };
            format!("v=1&tid={token}&cid=a&t=event&ec=c&ea=x{age}")
        },
        bad: "v=1&t=nothing",
        has_times: true,
    },
    Many {
        name: "umami",
        path: "/api/batch",
        headers: &PAGE,
        body: |_, events| format!("[{}]", events.join(",")),
        event: |token, _, is_old| {
            let time: i64 = if is_old { 1 } else { 4_102_444_800 };
            json!({ "type": "event", "payload": { "website": token, "name": "x", "id": "a", "url": "/", "timestamp": time } })
                .to_string()
        },
        bad: "{\"type\":7}",
        has_times: true,
    },
    Many {
        name: "aptabase",
        path: "/api/v0/events",
        headers: &[("App-Key", "many-aptabase")],
        body: |_, events| format!("[{}]", events.join(",")),
        event: |_, _, is_old| json!({ "eventName": "x", "sessionId": "1", "timestamp": time(is_old) }).to_string(),
        bad: "[{}]",
        has_times: true,
    },
];

#[test]
fn one_bad_event_of_two_thousand_costs_itself_only_in_every_dialect() {
    for Many { name, path, headers, body, event, bad, has_times } in ALL {
        let id = format!("many-{name}");
        let dialect = if name == "gtag" || name == "universal" { "ga4" } else { name };
        let site = accepting(&id, &format!("{dialect}:T-{name}"));
        let before = ordinary().metrics();
        let events = |most: usize| -> Vec<String> {
            let one = |n: usize| if n == BAD { bad.to_owned() } else { event(&id, n, n == OLD) };
            (0..most).map(one).collect()
        };
        let answer = post(path, headers, body(&id, &events(MOST)));
        assert!(matches!(answer.0, 200 | 202 | 204), "{name}: {answer:?}");
        let good = MOST as u64 - 1 - u64::from(has_times);
        site.settled(good);
        assert_eq!(rows(&site, "event:name"), [format!("x 1/0/{good}")], "{name}");
        let after = ordinary().metrics();
        let dropped = |reason: &str| {
            let of =
                |samples: &crate::support::metrics::Samples| samples.reason("headcount_hits_dropped_total", reason);
            of(&after) - of(&before)
        };
        assert!(dropped("bad_event") >= 1 && dropped("too_old") >= u64::from(has_times), "{name}");
        assert_eq!(after.identity().0, after.identity().1, "{name}");
        // One more is more than is taken: nothing of it counts.
        let refused = post(path, headers, body(&id, &events(MOST + 1)));
        let is_told = matches!(refused.0, 413) || matches!(name, "ga4" | "gtag" | "universal" | "mixpanel");
        assert!(is_told, "{name}: {refused:?}");
        assert_eq!(site.totals(), [1, 0, good], "{name}");
    }
}

#[test]
fn a_token_that_no_site_accepts_is_answered_so_that_the_client_gives_up() {
    let app = [("App-Key", "A-SH-nobody")];
    let basic = format!("Basic {}", super::base64("nobody:"));
    let key = [("Authorization", basic.as_str())];
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);
    let cases: [Case<'_>; 15] = [
        ("/api/event", &PAGE, r#"{"n":"pageview","u":"https://nobody.test/","d":"nobody.test"}"#),
        ("/api/send", &PAGE, r#"{"type":"event","payload":{"website":"nobody","url":"/"}}"#),
        ("/api/batch", &PAGE, r#"[{"type":"event","payload":{"website":"nobody","url":"/"}}]"#),
        ("/in/goatcounter/nobody/count?p=%2F", &PAGE, ""),
        ("/api/v0/count", &[("Authorization", "Bearer hc_w_nobody")], r#"{"hits":[{"path":"/"}]}"#),
        ("/matomo.php?idsite=nobody&rec=1&url=https%3A%2F%2Fa.test%2F", &PAGE, ""),
        ("/g/collect?v=2&tid=G-NOBODY&en=page_view", &PAGE, ""),
        ("/mp/collect?measurement_id=G-NOBODY", &[], r#"{"client_id":"a","events":[{"name":"x"}]}"#),
        ("/collect", &[], "v=1&tid=UA-0-0&cid=a&t=pageview&dp=%2F"),
        ("/track?verbose=1", &[], r#"{"event":"x","properties":{"token":"nobody"}}"#),
        ("/import", &key, r#"[{"event":"x","properties":{}}]"#),
        ("/v1/batch", &key, r#"{"batch":[{"type":"track","event":"x"}]}"#),
        ("/batch/", &[], r#"{"api_key":"nobody","batch":[{"event":"x","distinct_id":"a"}]}"#),
        ("/2/httpapi", &[], r#"{"api_key":"nobody","events":[{"event_type":"x","device_id":"a"}]}"#),
        ("/api/v0/event", &app, r#"{"eventName":"x","sessionId":"1"}"#),
    ];
    let mut told = String::new();
    for (path, headers, body) in cases {
        let (status, text) = post(path, headers, body);
        let text = if text.starts_with("GIF") { "a picture" } else { text.as_str() };
        let _ = writeln!(told, "{path} -> {status} {text}");
    }
    insta::assert_snapshot!("unknown_tokens", told);
}
