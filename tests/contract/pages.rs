//! What is not counting and not counted: files, documents, the live stream, and paths that do not exist.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use crate::site::Site;
use crate::support::http::{Answer, Client};
use crate::{ordinary, refusal, shown};

fn get(path: &str, headers: &[(&str, &str)]) -> Answer {
    ordinary().send("GET", path, headers, b"")
}

#[test]
fn the_tracker_is_packed_tagged_and_kept() {
    let plain = get("/hc.js", &[]);
    let told = ["content-type", "cache-control", "access-control-allow-origin", "tk", "set-cookie"]
        .map(|name| plain.header(name));
    assert_eq!(
        told,
        [Some("text/javascript; charset=utf-8"), Some("public, max-age=86400"), Some("*"), Some("N"), None]
    );
    for (encoding, limit) in [("gzip", 1_500), ("br", 1_500)] {
        let packed = get("/hc.js", &[("Accept-Encoding", encoding)]);
        assert_eq!((packed.status, packed.header("content-encoding")), (200, Some(encoding)));
        assert!(packed.body.len() <= limit, "{encoding}: {}", packed.body.len());
        let tag = packed.header("etag").expect("a tag").to_owned();
        let again = get("/hc.js", &[("Accept-Encoding", encoding), ("If-None-Match", &tag)]);
        assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, Some(tag.as_str())));
    }
    assert_eq!(get("/hc.js", &[("If-None-Match", "\"old\"")]).body, plain.body);
    let frozen = get("/hc.v1.js", &[]);
    assert_eq!((frozen.status, frozen.header("cache-control")), (200, Some("public, max-age=31536000, immutable")));
    let head = ordinary().send("HEAD", "/hc.js", &[], b"");
    assert_eq!((head.status, head.header("etag"), head.body.len()), (200, plain.header("etag"), 0));
}

#[test]
fn pages_are_strict_and_set_nothing() {
    for path in ["/", "/s/demo", "/sign-in", "/demo/", "/demo/pricing.html", "/demo/features/listen"] {
        let page = get(path, &[]);
        assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")), "{path}");
        let policy = page.header("content-security-policy").expect("a policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        let none = ["set-cookie", "access-control-allow-origin"].map(|name| page.header(name));
        assert_eq!((none, page.header("tk")), ([None, None], Some("N")), "{path}");
    }
    let demo = get("/demo", &[]);
    assert_eq!((demo.status, demo.header("location")), (308, Some("/demo/")));
}

#[test]
fn the_demo_carries_the_tracker_and_a_pixel() {
    let page = get("/demo/", &[]).text();
    assert!(page.contains("/hc.js") && page.contains("data-site=\"demo\"") && page.contains("/n.gif?"), "{page}");
}

#[test]
fn well_known_documents_say_what_is_done() {
    insta::assert_snapshot!("well_known_dnt", shown(&get("/.well-known/dnt/", &[])));
    insta::assert_snapshot!("well_known_gpc", shown(&get("/.well-known/gpc.json", &[])));
}

#[test]
fn what_is_not_there_is_404_and_what_is_not_done_405() {
    let server = ordinary();
    insta::assert_snapshot!("no_route", shown(&get("/no/such/page", &[])));
    insta::assert_snapshot!("wrong_method_of_a_page", shown(&server.send("POST", "/hc.js", &[], b"{}")));
    insta::assert_snapshot!("wrong_method_of_the_api", shown(&server.send("PUT", "/api/v2/query", &[], b"{}")));
    let cases = [
        ("GET", "/e/x", 404),
        ("POST", "/e/x", 404),
        ("POST", "/no/such/page", 404),
        ("GET", "/v1/event", 404),
        ("GET", "/api/v3/query", 404),
        ("GET", "/api/", 404),
        ("GET", "/assets/../hc.js", 404),
        ("GET", "/%2e%2e/Cargo.toml", 404),
        ("GET", "/hc.js.br", 404),
        ("GET", "//", 404),
        ("POST", "/", 405),
        ("POST", "/.well-known/dnt/", 405),
        ("DELETE", "/api/v1/live", 405),
        ("GET", "/api/v2/query", 405),
        ("PATCH", "/api/v1/session", 405),
    ];
    for (method, path, status) in cases {
        let answer = server.send(method, path, &[], b"");
        let told = (
            answer.status,
            answer.header("content-type"),
            answer.header("tk"),
            answer.header("access-control-allow-origin"),
        );
        assert_eq!(told, (status, Some("application/problem+json"), Some("N"), None), "{method} {path}");
        assert_eq!(answer.header("allow").is_some(), status == 405, "{method} {path}");
    }
}

#[test]
fn ops_routes_answer_on_their_own_listener_only() {
    let server = ordinary();
    let told = ["/healthz", "/readyz"].map(|path| {
        let answer = server.ops_get(path);
        (answer.status, answer.text(), answer.header("tk").map(str::to_owned))
    });
    let fine = |text: &str| (200, text.to_owned(), Some("N".to_owned()));
    assert_eq!(told, [fine("ok\n"), fine("ready\n")]);
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(refusal(&get(path, &[])), (404, "no_route".to_owned()), "{path}");
    }
    let mut ops = Client::new(server.ops());
    let wrong = ops.send("POST", "/metrics", &[], b"").expect("an answer");
    assert_eq!((refusal(&wrong), wrong.header("tk")), ((405, "wrong_method".to_owned()), Some("N")));
    assert_eq!(refusal(&server.ops_get("/e")), (404, "no_route".to_owned()));
}

#[test]
fn the_live_stream_begins_at_once() {
    let site = Site::new(ordinary(), "live");
    let stream = TcpStream::connect(ordinary().public()).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("set");
    let head = format!("GET /api/v1/live?site=live HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n", site.key);
    (&stream).write_all(head.as_bytes()).expect("written");
    let mut lines = BufReader::new(&stream).lines().map(|line| line.expect("a line"));
    let head: Vec<String> =
        lines.by_ref().take_while(|line| !line.is_empty()).map(|line| line.to_ascii_lowercase()).collect();
    assert_eq!(head[0], "http/1.1 200 ok");
    for header in ["content-type: text/event-stream", "tk: n"] {
        assert!(head.iter().any(|line| line == header), "{header}: {head:?}");
    }
    let mut next = || {
        let data = lines.find_map(|line| line.strip_prefix("data: ").map(str::to_owned)).expect("an event");
        serde_json::from_str::<Value>(&data).expect("JSON")
    };
    let nothing =
        json!({ "visitors": 0, "pageviews": 0, "minutes": vec![0; 30], "pages": [], "sources": [], "countries": [] });
    assert_eq!(next(), nothing);
    assert_eq!(site.beacon(json!({ "url": "https://a.test/" })).status, 202);
    // The next beats come every two seconds; the hit is counted within a commit.
    let seen = std::iter::repeat_with(next).take(5).find(|seen| seen["visitors"] != 0).expect("a visitor");
    assert_eq!((&seen["visitors"], &seen["pageviews"]), (&json!(1), &json!(1)));
    let refused = get("/api/v1/live?site=live", &[]);
    assert_eq!(refusal(&refused), (401, "not_signed_in".to_owned()));
}

#[test]
fn live_lists_hold_k_for_everybody() {
    let site = Site::new(ordinary(), "live-lists");
    let view = |page: &str, number: usize| json!({ "url": format!("https://a.test{page}"), "visitor": format!("v{number}"), "referrer": "https://www.google.com/" });
    // Six look at `/`, five of them at `/both`, two at `/few`.
    let views = (0..6).map(|number| view("/", number)).chain((0..5).map(|number| view("/both", number)));
    let events: Vec<Value> = views.chain((0..2).map(|number| view("/few", number))).collect();
    assert_eq!(site.batch(json!({ "events": events })).json()["accepted"], 13);
    let read = || {
        let stream = TcpStream::connect(ordinary().public()).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("set");
        let head = format!(
            "GET /api/v1/live?site=live-lists HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n",
            site.key
        );
        (&stream).write_all(head.as_bytes()).expect("written");
        let lines = BufReader::new(&stream).lines().map(|line| line.expect("a line"));
        let data = lines.filter_map(|line| line.strip_prefix("data: ").map(str::to_owned)).next().expect("an event");
        serde_json::from_str::<Value>(&data).expect("JSON")
    };
    // The first look is after the commit: lists hold for the rest of their minute.
    let seen = read();
    assert_eq!(seen["visitors"], 6);
    let row = |value: &str, visitors: u64| json!([{ "value": value, "visitors": visitors }]);
    // Two at `/few` are folded, and the smallest shown page with them.
    let seen = ["pages", "sources", "countries"].map(|list| seen[list].clone());
    assert_eq!(seen, [row("/", 6), row("Google", 6), row("AQ", 6)]);
}
