//! Clients that send several events at once and send them again: each event counts once.

use serde_json::{Value, json};

use super::{PAGE, accepting, base64, gzip, is_open, percent, post, rows, send, told};
use crate::ordinary;
use crate::support::server::Server;
use crate::support::{until, until_equal};

#[test]
fn mixpanel() {
    let site = accepting("mixpanel-site", "mixpanel:TOK");
    let node = r#"{"event":"play","properties":{"distinct_id":"u1","token":"TOK","mp_lib":"node"}}"#;
    let path = format!("/track?ip=0&verbose=0&data={}", percent(&base64(node)));
    assert_eq!(told(200, "1"), {
        let answer = send("GET", &path, &[], "");
        (answer.status, answer.text())
    });
    let python = r#"{"event":"play","properties":{"token":"TOK","distinct_id":"u1","time":TIME,"$insert_id":"0123456789abcdef0123456789abcdef","mp_lib":"python"}}"#
        .replace("TIME", &super::apps::now().to_string());
    let form = format!("data={}&verbose=1&ip=0", percent(&python));
    let requests = [("User-Agent", "python-requests/2.32"), ("Content-Type", "application/x-www-form-urlencoded")];
    for _ in 0..2 {
        assert_eq!(post("/track", &requests, &form), told(200, r#"{"error":null,"status":1}"#));
    }
    // A browser's batch, and its beacon on leaving with the same events.
    let page = |n: u8| json!({ "event": "$mp_web_page_view", "properties": { "token": "TOK", "$insert_id": format!("q1w2e3r4t5y6u7i{n}"), "$device_id": "d1", "distinct_id": "$device:d1", "$current_url": "https://a.test/x", "mp_lib": "web" } });
    let identify = json!({ "event": "$identify", "properties": { "token": "TOK", "distinct_id": "u1", "$anon_distinct_id": "$device:d1" } });
    let batch = format!("data={}", percent(&base64(&json!([page(1), page(2), identify]).to_string())));
    let answer = send("POST", "/track/?verbose=1&ip=1&_=1", &PAGE, &batch);
    assert_eq!((answer.status, answer.json(), is_open(&answer)), (200, json!({ "status": 1, "error": null }), true));
    let beacon = [&PAGE[..], &[("Content-Type", "text/plain;charset=UTF-8")]].concat();
    assert_eq!(post("/in/mixpanel/track/?ip=1&_=2", &beacon, &batch), told(200, "1"));
    let engage = format!("data={}", base64(r#"{"$token":"TOK","$distinct_id":"u1","$set":{"$email":"j@a.test"}}"#));
    assert_eq!(post("/engage", &[], engage), told(200, "1"));
    let import = format!("[{}]", python.replace("0123", "4567"));
    let basic = format!("Basic {}", base64("TOK:"));
    let imported = send(
        "POST",
        "/import?strict=1",
        &[("Authorization", &basic), ("Content-Encoding", "gzip")],
        gzip(import.as_bytes()),
    );
    assert_eq!(imported.json(), json!({ "code": 200, "num_records_imported": 1, "status": "OK" }));
    site.settled(5);
    assert_eq!(rows(&site, "event:name"), ["pageview 1/2/2", "play 1/0/3"]);
}

fn segment_batch(key: &str) -> Value {
    let event = |n: u8, mut more: Value| {
        more["messageId"] = json!(format!("node-next-{n}"));
        more["anonymousId"] = json!("a1");
        more
    };
    json!({ "writeKey": key, "sentAt": "2026-11-21T11:00:00.000Z", "batch": [
        event(1, json!({ "type": "track", "event": "Signed Up", "properties": { "plan": "pro" }, "timestamp": "2026-11-21T11:00:00.000Z" })),
        event(2, json!({ "type": "page", "properties": { "url": "https://a.test/x" } })),
        event(3, json!({ "type": "screen", "name": "Home" })),
        event(4, json!({ "type": "identify", "traits": { "email": "j@a.test" } })),
        event(5, json!({ "type": "track" })),
    ] })
}

#[test]
fn segment() {
    let site = accepting("segment-site", "segment:WK");
    let ok = told(200, r#"{"success":true}"#);
    let node = [
        ("User-Agent", "analytics-node-next/latest"),
        ("Authorization", "Basic V0s6"),
        ("Content-Type", "application/json"),
    ];
    for retry in ["0", "1"] {
        let headers = [&node[..], &[("X-Retry-Count", retry)]].concat();
        assert_eq!(post("/v1/batch", &headers, segment_batch("WK").to_string()), ok);
    }
    let single = json!({ "type": "track", "event": "Play", "messageId": "ajs-1", "writeKey": "WK", "anonymousId": "a1", "context": { "page": { "url": "https://a.test/y" } } });
    let settings = send("GET", "/v1/projects/WK/settings", &PAGE, "");
    assert_eq!(
        (settings.json()["integrations"]["Segment.io"]["apiKey"].as_str(), is_open(&settings)),
        (Some("WK"), true)
    );
    for path in ["/v1/t", "/in/segment/v1/t", "/v1/track"] {
        assert_eq!(
            post(path, &[&PAGE[..], &[("Content-Type", "text/plain")]].concat(), single.to_string()),
            ok,
            "{path}"
        );
    }
    assert_eq!(post("/v1/batch", &node, segment_batch("NOBODY").to_string()).0, 401);
    site.settled(4);
    assert_eq!(rows(&site, "event:name"), ["Play 1/0/1", "Signed Up 1/0/1", "pageview 1/2/2"]);
    assert_eq!(rows(&site, "event:page"), ["/x 1/1/1", "/y 1/0/1", "Home 1/1/1"]);
}

/// P1: of who wants nothing kept not even the id of an event is kept, so that a second try is one more.
#[test]
fn an_event_of_who_opted_out_is_counted_as_that_each_time_it_is_sent() {
    let site = accepting("segment-no", "segment:NK");
    let consent = json!({ "categoryPreferences": { "Analytics": false } });
    let event = json!({ "type": "track", "event": "Play", "messageId": "no-1", "writeKey": "NK", "context": { "consent": consent } });
    let headers = [&PAGE[..], &[("Content-Type", "application/json")]].concat();
    for _ in 0..2 {
        assert_eq!(post("/v1/batch", &headers, json!({ "writeKey": "NK", "batch": [event] }).to_string()).0, 200);
    }
    let asked = json!({ "metrics": ["opted_out", "events"] });
    until_equal("both are counted", &json!([2, 0]), || site.ask(asked.clone())["results"][0]["metrics"].clone());
}

#[test]
fn rudder() {
    let site = accepting("rudder-site", "rudder:RK");
    let mut body = segment_batch("");
    body.as_object_mut().expect("an object").remove("writeKey");
    let headers =
        [("User-Agent", "analytics-python/2.1.9"), ("Authorization", "Basic Uks6"), ("Content-Encoding", "gzip")];
    for _ in 0..2 {
        assert_eq!(post("/v1/batch", &headers, gzip(body.to_string().as_bytes())), told(200, r#"{"success":true}"#));
    }
    let config = send("GET", "/sourceConfig/?p=npm&v=3&build=modern&writeKey=RK", &PAGE, "").json();
    assert_eq!((&config["source"]["writeKey"], &config["source"]["enabled"]), (&json!("RK"), &json!(true)));
    site.settled(3);
    assert_eq!(rows(&site, "event:name"), ["Signed Up 1/0/1", "pageview 1/2/2"]);
}

fn posthog_batch() -> Value {
    json!({ "api_key": "phc_1", "sent_at": "2026-11-21T10:00:05.000Z", "batch": [
        { "uuid": "0199-1", "event": "$pageview", "timestamp": "2026-11-21T10:00:05.000Z", "properties": { "distinct_id": "d1", "$device_id": "dev1", "$current_url": "https://a.test/x", "$lib": "web", "$raw_user_agent": "secret" } },
        { "uuid": "0199-2", "event": "play", "properties": { "distinct_id": "d1", "$device_id": "dev1", "plan": "pro", "$lib": "web" } },
        { "uuid": "0199-3", "event": "$identify", "properties": { "distinct_id": "u1" } },
        { "uuid": "0199-4", "event": "$exception", "properties": { "$exception_list": [{ "pre_context": "secret" }] } },
    ] })
}

#[test]
fn posthog() {
    let site = accepting("posthog-site", "posthog:phc_1");
    let packed = gzip(posthog_batch().to_string().as_bytes());
    let beacon = [&PAGE[..], &[("Content-Type", "text/plain")]].concat();
    // Packed without saying so; then the same as another program says it.
    let answer = send("POST", "/e/?ip=0&_=1&ver=1.4", &beacon, &packed);
    assert_eq!((answer.status, answer.text().as_str(), is_open(&answer)), (200, r#"{"status":1}"#, true));
    let node =
        [("User-Agent", "posthog-node/5.70.0"), ("Content-Encoding", "gzip"), ("Content-Type", "application/json")];
    for path in ["/batch/", "/in/posthog/batch/", "/i/v0/e/", "/capture/"] {
        assert_eq!(post(path, &node, &packed), told(200, r#"{"status":1}"#), "{path}");
    }
    assert_eq!(post("/s/", &beacon, &packed), told(200, r#"{"status":1}"#));
    let flags = send("POST", "/flags/?v=2", &beacon, &packed);
    assert_eq!((flags.status, flags.json()["featureFlags"].clone()), (200, json!({})));
    let config = send("GET", "/array/phc_1/config", &PAGE, "").json();
    assert_eq!(config["supportedCompression"], json!(["gzip", "gzip-js"]));
    assert_eq!(
        send("GET", "/array/phc_1/config.js", &PAGE, "").header("content-type"),
        Some("text/javascript; charset=utf-8")
    );
    let unknown = posthog_batch().to_string().replace("phc_1", "phc_2");
    assert_eq!(post("/batch/", &[], unknown).0, 401);
    site.settled(2);
    assert_eq!(rows(&site, "event:name"), ["pageview 1/1/1", "play 1/0/1"]);
}

#[test]
fn amplitude() {
    let site = accepting("amplitude-site", "amplitude:AK");
    let now = super::apps::now() * 1_000;
    let body = json!({ "api_key": "AK", "client_upload_time": "2026-11-21T10:00:00.000Z", "options": {}, "events": [
        { "event_type": "[Amplitude] Page Viewed", "device_id": "d1", "insert_id": "i1", "platform": "Web", "event_properties": { "[Amplitude] Page Location": "https://a.test/x" } },
        { "event_type": "Play", "device_id": "d1", "insert_id": "i2", "time": now, "event_properties": { "plan": "pro" } },
        { "event_type": "$identify", "device_id": "d1", "insert_id": "i3", "user_properties": { "$set": { "email": "j@a.test" } } },
        { "device_id": "d1" },
    ] })
    .to_string()
    .replace("\"client_upload_time\":\"2026-11-21T10:00:00.000Z\",", "");
    for path in ["/2/httpapi", "/batch", "/in/amplitude/batch"] {
        let answer = send("POST", path, &PAGE, &body).json();
        assert_eq!((&answer["code"], &answer["events_ingested"]), (&json!(200), &json!(3)), "{path}");
    }
    let unknown = send("POST", "/2/httpapi", &PAGE, body.replace("\"AK\"", "\"NO\""));
    assert_eq!((unknown.status, unknown.json()["error"].as_str()), (400, Some("Invalid API key")));
    site.settled(2);
    assert_eq!(rows(&site, "event:name"), ["Play 1/0/1", "pageview 1/1/1"]);
}

#[test]
fn event_ids_outlive_a_kill() {
    let mut server = Server::start();
    server.succeed(&[
        "site",
        "add",
        "kept",
        "--timezone",
        &crate::support::server::noon_zone(),
        "--accept",
        "posthog:phc_1",
    ]);
    let key = server.create_key("kept", "read");
    let query = json!({ "site_id": "kept", "metrics": ["events"], "date_range": "day" });
    until("the site is known", || server.try_query(&key, &query));
    let body = posthog_batch().to_string();
    let send = |server: &Server| server.send("POST", "/batch/", &[], body.as_bytes()).status;
    assert_eq!(send(&server), 200);
    server.end(libc::SIGKILL);
    server.start_again();
    assert_eq!(send(&server), 200);
    let samples = server.metrics();
    let counted =
        ["recorded", "duplicate", "dropped"].map(|outcome| samples.sum(&format!("headcount_hits_{outcome}_total")));
    assert_eq!((counted, samples.identity()), ([0, 2, 2], (4, 4)));
    until_equal("counted once", &[1, 1, 2], || server.totals(&key, "kept"));
}

#[test]
fn a_retry_that_overtakes_the_first_counts_nothing_twice() {
    let site = accepting("overtaken", "segment:OV");
    let body = segment_batch("OV").to_string();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                assert_eq!(
                    ordinary().client().send("POST", "/v1/batch", &[], body.as_bytes()).expect("an answer").status,
                    200
                )
            });
        }
    });
    site.settled(3);
}
