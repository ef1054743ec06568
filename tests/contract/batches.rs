//! `POST /v1/events`: what an app or a server sends and gets.

use std::io::Write as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use serde_json::{Value, json};

use crate::cells::cells;
use crate::site::Site;
use crate::support::http::Answer;
use crate::support::server::noon_zone;
use crate::support::until_equal;
use crate::{ordinary, refusal, shown};

/// `{"site":"packed","events":[{"name":"by-brotli","path":"/packed"}]}`, packed by another program: none of ours packs.
const BROTLI: &str = "G0EAYIzTFfMjhHUPwW2prx9jsB0NgiCIRd46LF19wSEn4Md70gKiYGPsPCWiKCCObg7xpZfuh/yR97y9ZETQ8n4H";
/// 60 MiB of zeros, packed by the same program.
const BROTLI_BOMB: &str = "y///P/gnAOKxQCD3/o///3/wTwDEYRGA7v0f////4J8AiMMCAN37P/7//8E/ARCHBQC693/8//+DfwIgDgsAdO//+P//B/8EQBwWAOje//H//w/+CYA4LADQvf/L//8f/BMAcVgAoHv/Aw==";

fn unbase64(text: &str) -> Vec<u8> {
    base64::engine::general_purpose::STANDARD.decode(text).expect("base64")
}

type Headers<'a> = &'a [(&'a str, &'a str)];

fn post(headers: Headers, body: &[u8]) -> Answer {
    ordinary().send("POST", "/v1/events", headers, body)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

fn answer(accepted: usize, duplicates: usize, dropped: Value) -> Value {
    json!({ "accepted": accepted, "duplicates": duplicates, "dropped": dropped })
}

fn seconds_ago(seconds: u64) -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs() - seconds
}

#[test]
fn good_events_count_and_each_bad_one_is_listed_with_its_reason() {
    let options = ["--domain", "own.test", "--timezone", &noon_zone(), "--exclude-path", "/hidden/**"];
    let site = Site::with(ordinary(), "mixed", &options);
    let sent = site.batch(json!({ "events": [
        { "name": "open", "screen": "Home" },
        { "name": 7 },
        { "url": "https://foreign.test/" },
        { "url": "https://sub.own.test/x" },
        { "name": "old", "occurred_at": seconds_ago(31 * 86_400) },
        { "name": "spam", "referrer": "https://semalt.com/" },
        ["mixed", "no event"],
        { "url": "ftp://own.test/" },
        { "name": "open" },
        { "url": "https://own.test/hidden/page", "name": "open" },
    ] }));
    let dropped = json!([
        { "index": 1, "reason": "bad_event" },
        { "index": 2, "reason": "wrong_host" },
        { "index": 4, "reason": "too_old" },
        { "index": 5, "reason": "spam_referrer" },
        { "index": 6, "reason": "bad_event" },
        { "index": 7, "reason": "bad_url" },
        { "index": 9, "reason": "excluded_path" },
    ]);
    assert_eq!((sent.status, sent.json()), (200, answer(3, 0, dropped)));
    insta::assert_snapshot!("batch", shown(&sent));
    site.settled(3);
    assert_eq!(site.rows("event:name"), [("open".to_owned(), [1, 0, 2]), ("pageview".to_owned(), [1, 1, 1])]);
}

#[test]
fn refusals_say_what_to_mend() {
    let many = |events: usize| json!({ "site": "batch-refusals", "events": vec![json!({}); events] }).to_string();
    let long = json!({ "site": "batch-refusals", "events": [], "batch_id": "x".repeat(129) }).to_string();
    let json_type: Headers = &[("Content-Type", "application/json")];
    let cases: [(&str, Headers, Vec<u8>); 14] = [
        ("empty", json_type, Vec::new()),
        ("no JSON", json_type, b"{\"site\":".to_vec()),
        ("a list", json_type, b"[]".to_vec()),
        ("no site", json_type, b"{\"events\":[]}".to_vec()),
        ("no events", json_type, b"{\"site\":\"x\"}".to_vec()),
        ("events no list", json_type, b"{\"site\":\"x\",\"events\":{}}".to_vec()),
        ("context no object", json_type, b"{\"site\":\"x\",\"events\":[],\"context\":7}".to_vec()),
        ("bad context", json_type, b"{\"site\":\"x\",\"events\":[],\"context\":{\"os\":7}}".to_vec()),
        ("unknown site", json_type, b"{\"site\":\"nobody\",\"events\":[{}]}".to_vec()),
        ("2,001 events", json_type, many(2_001).into_bytes()),
        ("batch_id of 129 bytes", json_type, long.into_bytes()),
        ("not gzip", &[("Content-Encoding", "gzip")], b"{}".to_vec()),
        ("deflate", &[("Content-Encoding", "deflate")], b"{}".to_vec()),
        ("XML", &[("Content-Type", "text/xml")], b"<x/>".to_vec()),
    ];
    let told: Vec<String> = cases
        .iter()
        .map(|(what, headers, body)| {
            let answer = post(headers, body);
            assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{what}");
            format!("{what} -> {}", answer.text())
        })
        .collect();
    insta::assert_snapshot!("problems_of_batches", told.join("\n"));
}

#[test]
fn a_batch_of_more_than_five_megabytes_gets_its_answer_and_the_door() {
    let head = "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 5000001\r\n\r\n";
    let answer = ordinary().client().raw(&[head.as_bytes(), &vec![b' '; 1 << 20]].concat()).expect("an answer");
    assert_eq!((refusal(&answer), answer.header("connection")), ((413, "too_large".to_owned()), Some("close")));
}

#[test]
fn limits_are_reached_before_they_are_passed() {
    let site = Site::new(ordinary(), "batch-limits");
    let full = site.batch(json!({ "events": vec![json!({ "name": "x" }); 2_000], "batch_id": "x".repeat(128) }));
    assert_eq!((full.status, full.json()), (200, answer(2_000, 0, json!([]))));
    let mut large = json!({ "site": site.id, "events": [{ "name": "x" }] }).to_string().into_bytes();
    large.resize(5_000_000, b' ');
    assert_eq!(post(&[], &large).json(), answer(1, 0, json!([])));
    assert_eq!(site.batch(json!({ "events": [] })).json(), answer(0, 0, json!([])));
    site.settled(2_001);
}

#[test]
fn packed_batches_count_like_plain_ones() {
    let site = Site::new(ordinary(), "packed");
    let body = |name: &str| json!({ "site": "packed", "events": [{ "name": name, "path": "/packed" }] }).to_string();
    let brotli = unbase64(BROTLI);
    let zstd = zstd::encode_all(body("by-zstd").as_bytes(), 3).expect("in memory");
    let packed = [
        ("gzip", gzip(body("by-gzip").as_bytes())),
        ("br", brotli),
        ("zstd", zstd),
        ("identity", body("plain").into_bytes()),
    ];
    for (encoding, bytes) in packed {
        let sent = post(&[("Content-Encoding", encoding)], &bytes);
        assert_eq!((sent.status, sent.json()), (200, answer(1, 0, json!([]))), "{encoding}");
    }
    site.settled(4);
    let names: Vec<String> = site.rows("event:name").into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["by-brotli", "by-gzip", "by-zstd", "plain"]);
}

#[test]
fn bombs_are_refused_whatever_they_are_packed_in() {
    let zeros = vec![b' '; 60 << 20];
    let zstd = zstd::encode_all(zeros.as_slice(), 3).expect("in memory");
    let bombs = [("gzip", gzip(&zeros)), ("br", unbase64(BROTLI_BOMB)), ("zstd", zstd)];
    for (encoding, bomb) in bombs {
        assert!(bomb.len() < 100_000);
        assert_eq!(
            refusal(&post(&[("Content-Encoding", encoding)], &bomb)),
            (413, "too_large".to_owned()),
            "{encoding}"
        );
    }
    let cut = gzip(b"{\"site\":\"x\",\"events\":[]}");
    for (encoding, bytes) in [("gzip", &cut[..cut.len() - 9]), ("br", b"\xff\xff\xff\xff"), ("zstd", b"nothing")] {
        let refused = refusal(&post(&[("Content-Encoding", encoding)], bytes));
        assert_eq!(refused, (400, "bad_encoding".to_owned()), "{encoding}");
    }
}

#[test]
fn a_batch_id_counts_once_per_site() {
    let [first, second] = ["retries-a", "retries-b"].map(|id| Site::new(ordinary(), id));
    let body = |name: &str| json!({ "batch_id": "b-1", "events": [{ "name": name }, { "name": name }] });
    assert_eq!(first.batch(body("x")).json(), answer(2, 0, json!([])));
    assert_eq!(first.batch(body("x")).json(), answer(0, 2, json!([])));
    // The content is not compared.
    assert_eq!(first.batch(body("other")).json(), answer(0, 2, json!([])));
    assert_eq!(second.batch(body("x")).json(), answer(2, 0, json!([])));
    // Nothing was counted, so nothing is remembered.
    let bad = json!({ "batch_id": "b-2", "events": [{ "name": 7 }] });
    assert_eq!(first.batch(bad).json(), answer(0, 0, json!([{ "index": 0, "reason": "bad_event" }])));
    assert_eq!(first.batch(json!({ "batch_id": "b-2", "events": [{ "name": "x" }] })).json(), answer(1, 0, json!([])));
    first.settled(3);
    second.settled(2);
}

#[test]
fn who_opted_out_is_told_so_and_not_counted() {
    let site = Site::new(ordinary(), "batch-opt-out");
    let body = json!({ "events": [{ "name": "x" }, { "name": "y" }] });
    let dropped = json!([{ "index": 0, "reason": "opted_out" }, { "index": 1, "reason": "opted_out" }]);
    assert_eq!(site.batch_with(&[("DNT", "1")], body).json(), answer(0, 0, dropped));
    site.batch(json!({ "events": [{ "name": "z" }] }));
    site.settled(1);
    assert_eq!(site.totals(), [1, 0, 1]);
}

#[test]
fn of_who_opted_out_no_batch_id_is_kept() {
    let site = Site::new(ordinary(), "opt-out-retries");
    let dropped = || json!([{ "index": 0, "reason": "opted_out" }]);
    let own = json!({ "batch_id": "o-1", "events": [{ "name": "x" }] });
    let retried = [(); 2].map(|()| site.batch_with(&[("DNT", "1")], own.clone()).json());
    assert_eq!(retried, [(); 2].map(|()| answer(0, 0, dropped())));
    // Said of a client, by somebody without a key.
    let of_client = json!({ "name": "secret", "client": { "opted_out": true } });
    let said = json!({ "batch_id": "o-2", "events": [of_client] });
    let retried = [(); 2].map(|()| site.batch(said.clone()).json());
    assert_eq!(retried, [(); 2].map(|()| answer(0, 0, dropped())));
    // Somebody else's event in it is counted, and counted once.
    let mixed = json!({ "batch_id": "o-3", "events": [of_client, { "name": "z" }] });
    let retried = [(); 2].map(|()| site.batch(mixed.clone()).json());
    assert_eq!(retried, [answer(1, 0, dropped()), answer(0, 2, json!([]))]);
    site.settled(1);
    until_equal("five hits opted out", &vec!["opted_out : 0 5 0".to_owned()], || cells(&site, &["opted_out"]));
}

#[test]
fn null_is_the_same_as_nothing() {
    let site = Site::new(ordinary(), "nulls");
    let texts = ["site", "name", "url", "screen", "referrer", "visitor"];
    let others = ["w", "props", "revenue", "occurred_at", "cohort", "vitals", "engaged_secs", "scroll_pct", "client"];
    let mut event: serde_json::Map<String, Value> =
        texts.iter().chain(&others).map(|field| ((*field).to_owned(), Value::Null)).collect();
    event.insert("path".to_owned(), "/x".into());
    let names = ["address", "user_agent", "language", "opted_out", "known"];
    let client: serde_json::Map<String, Value> = names.map(|name| (name.to_owned(), Value::Null)).into_iter().collect();
    let told = json!({ "path": "/y", "client": client });
    let context = json!({ "os": null, "app_version": null });
    let sent = site.batch(json!({ "batch_id": null, "context": context, "events": [event, told] }));
    assert_eq!(sent.json(), answer(2, 0, json!([])));
    let sent = site.batch(json!({ "context": null, "events": [{ "path": null, "url": "https://a.test/z" }] }));
    assert_eq!(sent.json(), answer(1, 0, json!([])));
    site.settled(3);
    let pages: Vec<String> = site.rows("event:page").into_iter().map(|(page, _)| page).collect();
    assert_eq!(pages, ["/x", "/y", "/z"]);
    let nobody = post(&[], br#"{"site":null,"events":[]}"#).json();
    assert_eq!(nobody["code"], "missing_field");
    let list = post(&[], br#"{"site":"nulls","context":[],"events":[]}"#).json();
    assert_eq!(
        (&list["code"], &list["detail"]),
        (&json!("wrong_type"), &json!("`context` must be an object of texts"))
    );
}

#[test]
fn the_past_lands_on_its_day_and_the_future_on_now() {
    let site = Site::new(ordinary(), "times");
    let events = json!([
        { "name": "now" },
        { "name": "future", "occurred_at": seconds_ago(0) + 10 * 86_400 },
        { "name": "far", "occurred_at": "9999-01-01T00:00:00Z" },
        { "name": "yesterday", "occurred_at": seconds_ago(86_400) },
        { "name": "in-milliseconds", "occurred_at": seconds_ago(86_400) * 1000 },
        { "name": "just-in-time", "occurred_at": seconds_ago(30 * 86_400 - 600) },
        { "name": "too-old", "occurred_at": seconds_ago(30 * 86_400 + 600) },
    ]);
    let sent = site.batch(json!({ "events": events }));
    assert_eq!(sent.json(), answer(6, 0, json!([{ "index": 6, "reason": "too_old" }])));
    site.settled(6);
    let days = site.ask(json!({ "date_range": "91d", "metrics": ["events"], "dimensions": ["time:day"] }));
    let counts: Vec<u64> = days["results"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["metrics"][0].as_u64().expect("a number"))
        .collect();
    let counted: Vec<(usize, u64)> = counts.iter().rev().copied().enumerate().filter(|(_, count)| *count > 0).collect();
    assert_eq!((counts.len(), counted), (91, vec![(0, 3), (1, 2), (30, 1)]));
}

#[test]
fn what_happened_within_an_hour_is_in_that_hour_of_the_sites_zone() {
    // 5:45 ahead of UTC: hours of the site begin at a quarter past those of the world.
    let site = Site::with(ordinary(), "kathmandu", &["--timezone", "Asia/Kathmandu"]);
    let zone = jiff::tz::TimeZone::get("Asia/Kathmandu").expect("a zone");
    let now = jiff::Timestamp::from_second(seconds_ago(0) as i64).expect("a time");
    let day = now.to_zoned(zone).date().yesterday().expect("a day before");
    let moments = ["00:00:00", "00:59:59", "01:00:00", "12:14:59", "12:15:00", "23:59:59"];
    let events: Vec<Value> =
        moments.iter().map(|at| json!({ "name": "x", "occurred_at": format!("{day}T{at}+05:45") })).collect();
    assert_eq!(site.batch(json!({ "events": events })).json(), answer(6, 0, json!([])));
    site.settled(6);
    let range = json!([day.to_string(), day.to_string()]);
    let query = json!({ "date_range": range, "metrics": ["events"], "dimensions": ["time:hour"] });
    let hours = site.ask(query);
    let rows = hours["results"].as_array().expect("rows");
    let counted: Vec<(String, u64)> = rows
        .iter()
        .map(|row| {
            (row["dimensions"][0].as_str().expect("text").to_owned(), row["metrics"][0].as_u64().expect("number"))
        })
        .filter(|(_, count)| *count > 0)
        .collect();
    let wanted = [("00", 2), ("01", 1), ("12", 2), ("23", 1)];
    assert_eq!(
        (rows.len(), counted),
        (24, wanted.map(|(hour, count)| (format!("{day} {hour}:00:00"), count)).to_vec())
    );
}

#[test]
fn an_accepted_hit_is_visible_within_five_seconds() {
    let site = Site::new(ordinary(), "visible");
    assert_eq!(site.beacon(json!({ "url": "https://a.test/" })).status, 202);
    let seen = || (site.totals() == [1, 1, 1]).then_some(());
    crate::support::until_within(Duration::from_secs(5), "the hit is visible", seen);
}
