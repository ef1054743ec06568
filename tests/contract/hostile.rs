//! Bad input: a clear answer, and nothing else is affected. A collector of their own, with short patience and small caps.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use crate::refusal;
use crate::site::Site;
use crate::standing::Standing;
use crate::support::http::{Answer, Client};
use crate::support::server::{BROWSER, Server};

static GUARDED: Standing = Standing::new();

fn guarded() -> &'static Server {
    GUARDED.get(&[
        ("HEADCOUNT_LISTEN__HEAD_TIMEOUT_SECONDS", "1"),
        ("HEADCOUNT_LISTEN__BODY_TIMEOUT_SECONDS", "1"),
        ("HEADCOUNT_LISTEN__TRUSTED_PROXIES", "127.0.0.1/32"),
        ("HEADCOUNT_INGEST__MAX_VALUES_PER_DIMENSION", "1000"),
        ("HEADCOUNT_INGEST__RATE_PER_SECOND", "1"),
        ("HEADCOUNT_INGEST__RATE_BURST", "3"),
        ("HEADCOUNT_INGEST__BATCH_RATE_PER_SECOND", "1"),
    ])
}

fn raw(bytes: &[u8]) -> Answer {
    guarded().client().raw(bytes).expect("an answer")
}

fn is_alive() {
    assert_eq!(guarded().ops_get("/readyz").status, 200);
    assert_eq!(guarded().send("GET", "/hc.js", &[], b"").status, 200);
}

#[test]
fn heads_that_are_too_large_are_refused() {
    let many: String = (0..10_000).map(|n| format!("X-{n}: y\r\n")).collect();
    let large = format!("X: {}\r\n", "y".repeat(1 << 20));
    let long_path = format!("/{}", "x".repeat(100_000));
    let requests = [
        format!("GET /p.gif HTTP/1.1\r\nHost: x\r\n{many}\r\n"),
        format!("GET /p.gif HTTP/1.1\r\nHost: x\r\n{large}\r\n"),
        format!("GET {long_path} HTTP/1.1\r\nHost: x\r\n\r\n"),
    ];
    for request in requests {
        // What is refused unread may meet a closed connection; it is never counted and never a success.
        let status = guarded().client().raw(request.as_bytes()).map_or(431, |answer| answer.status);
        assert!(matches!(status, 400 | 414 | 431), "{status}");
    }
    is_alive();
}

#[test]
fn what_is_not_http_is_refused() {
    for request in
        [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".as_slice(), b"HELO x\r\n\r\n", b"GET\r\n\r\n"]
    {
        let status = guarded().client().raw(request).map_or(400, |answer| answer.status);
        assert_eq!(status, 400);
    }
    let smuggled = "POST /e HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /hc.js HTTP/1.1\r\n\r\n";
    assert_eq!(raw(smuggled.as_bytes()).status, 400);
    is_alive();
}

#[test]
fn a_head_that_never_ends_loses_its_connection() {
    let stream = TcpStream::connect(guarded().public()).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("set");
    (&stream).write_all(b"GET /p.gif HTTP/1.1\r\nHost: x\r\nX-Slow: ").expect("written");
    let mut said = Vec::new();
    // Ends, with or without words: the server closed.
    let ended = (&stream).read_to_end(&mut said);
    assert!(ended.is_ok() || ended.is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionReset));
    assert!(said.is_empty() || said.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&said));
    is_alive();
}

#[test]
fn a_body_that_never_ends_is_told_so() {
    for (path, code) in [("/e", "incomplete"), ("/v1/events", "incomplete")] {
        let answer = raw(format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{{").as_bytes());
        assert_eq!(refusal(&answer), (408, code.to_owned()), "{path}");
        assert_eq!(answer.header("connection"), Some("close"));
    }
    let chunked = raw(b"POST /e HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n");
    assert_eq!(refusal(&chunked), (408, "incomplete".to_owned()));
    is_alive();
}

#[test]
fn chunks_pipelines_and_expectations_are_understood() {
    let site = Site::new(guarded(), "wire");
    let body = json!({ "site": site.id, "url": "https://a.test/x" }).to_string();
    let (first, second) = body.split_at(9);
    let head = format!("Host: x\r\nUser-Agent: {BROWSER}\r\n");
    let mut client = guarded().client();
    let chunked = format!(
        "POST /e HTTP/1.1\r\n{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{first}\r\n{:x};note=x\r\n{second}\r\n0\r\n\r\n",
        first.len(),
        second.len()
    );
    assert_eq!(client.raw(chunked.as_bytes()).expect("an answer").status, 202);
    let one = format!("POST /e HTTP/1.1\r\n{head}Content-Length: {}\r\n\r\n{body}", body.len());
    client.write(one.repeat(3).as_bytes()).expect("written");
    let answers = [(); 3].map(|()| client.read(false).expect("an answer").status);
    assert_eq!(answers, [202; 3]);
    // The body is sent only when the server has said to go on.
    let stream = TcpStream::connect(guarded().public()).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("set");
    let asks = format!("POST /e HTTP/1.1\r\n{head}Content-Length: {}\r\nExpect: 100-continue\r\n\r\n", body.len());
    (&stream).write_all(asks.as_bytes()).expect("written");
    let mut go_on = [0; 25];
    (&stream).read_exact(&mut go_on).expect("an interim answer");
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    (&stream).write_all(body.as_bytes()).expect("written");
    let mut status = [0; 12];
    (&stream).read_exact(&mut status).expect("an answer");
    assert_eq!(&status, b"HTTP/1.1 202");
    site.settled(5);
}

#[test]
fn hostile_texts_count_under_harmless_values() {
    let site = Site::new(guarded(), "texts");
    let huge = "v".repeat(1_000_000);
    let events = json!({ "events": [
        { "name": "a\u{0}b\u{1b}[31m", "path": "/x\u{0}y" },
        { "name": "n".repeat(10_000), "path": format!("/{}", "p".repeat(100_000)) },
        { "name": "\u{202e}reversed", "props": { "k\u{7}=v": huge, "ok": "fine" } },
        { "name": "'; DROP TABLE cells_open; --", "path": "/{site:String}/\u{2019}\\'" },
        { "name": "   ", "path": "no-slash" },
        { "path": "/%ff%fe/%00/%E2%80%AE", "props": { "": "x", "y": "" } },
    ] });
    let sent = site.batch(events);
    assert_eq!(sent.json(), json!({ "accepted": 6, "duplicates": 0, "dropped": [] }));
    site.settled(6);
    let mut told = String::new();
    for dimension in ["event:name", "event:page", "event:section", "event:props:k_v", "event:props:ok", "event:props:y"]
    {
        told.push_str(&format!("{dimension}\n"));
        site.rows(dimension)
            .iter()
            .for_each(|(value, [_, _, events])| told.push_str(&format!("  {value:?} = {events}\n")));
    }
    insta::assert_snapshot!("hostile_texts", told);
    is_alive();
}

#[test]
fn deep_bodies_cost_no_stack() {
    let site = Site::new(guarded(), "deep");
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(10_000), close.repeat(10_000));
    let send = |field: &str, value: &str| {
        let body = format!("{{\"site\":\"deep\",\"{field}\":{value}}}");
        guarded().send("POST", "/e", &[("User-Agent", BROWSER)], body.as_bytes())
    };
    // Where nobody looks, depth is skipped; where a text or a flat object belongs, it is refused.
    assert_eq!(send("x", &deep("[", "]")).status, 202);
    for field in ["url", "props", "client"] {
        assert_eq!(refusal(&send(field, &deep("[", "]"))), (400, "wrong_type".to_owned()), "{field}");
        assert_eq!(send(field, &deep("{\"a\":", "}")).status, 400, "{field}");
    }
    let batch = |event: &str| {
        let body = format!("{{\"site\":\"deep\",\"events\":[{event}]}}");
        guarded().send("POST", "/v1/events", &[], body.as_bytes()).json()
    };
    let dropped = json!({ "accepted": 0, "duplicates": 0, "dropped": [{ "index": 0, "reason": "bad_event" }] });
    assert_eq!(batch(&deep("[", "]")), dropped);
    assert_eq!(batch(&format!("{{\"name\":{}}}", deep("[", "]"))), dropped);
    site.settled(1);
}

#[test]
fn made_up_paths_fill_more_and_nothing_else() {
    let site = Site::new(guarded(), "flood");
    for batch in 0..15 {
        let events: Vec<_> =
            (0..2_000).map(|n| json!({ "path": format!("/p{}", word(batch * 2_000 + n)), "name": "look" })).collect();
        assert_eq!(site.batch(json!({ "events": events })).json()["accepted"], 2_000);
    }
    site.settled(30_000);
    let rows =
        site.ask(json!({ "dimensions": ["event:page"], "metrics": ["events"], "include": { "total_rows": true } }));
    let pages = rows["results"].as_array().expect("rows");
    let sum: u64 = pages.iter().filter_map(|row| row["metrics"][0].as_u64()).sum();
    let more: Vec<u64> = pages
        .iter()
        .filter(|row| row["dimensions"][0] == "(more)")
        .filter_map(|row| row["metrics"][0].as_u64())
        .collect();
    assert_eq!((pages.len(), sum, more), (1_001, 30_000, vec![29_000]));
    assert_eq!(rows["meta"]["total_rows"], 1_001);
    assert_eq!(site.rows("event:name"), [("look".to_owned(), [1, 0, 30_000])]);
}

/// A number in letters: numbers themselves are cleaned away.
fn word(mut number: usize) -> String {
    let mut word = String::new();
    loop {
        word.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
        if number == 0 {
            return word;
        }
    }
}

#[test]
fn one_network_is_limited_and_its_neighbour_is_not() {
    let site = Site::new(guarded(), "limits");
    let body = json!({ "url": "https://a.test/" });
    let from = |address: &str| site.beacon_with(&[("User-Agent", BROWSER), ("X-Forwarded-For", address)], body.clone());
    // The limit is of the network, not of the address in it.
    let answers: Vec<Answer> = (1..=20).map(|host| from(&format!("198.51.100.{host}"))).collect();
    let accepted = answers.iter().filter(|answer| answer.status == 202).count();
    assert!((3..10).contains(&accepted), "{accepted}");
    let limited = answers.iter().find(|answer| answer.status != 202).expect("a limit");
    assert_eq!((refusal(limited), limited.header("retry-after")), ((429, "rate_limited".to_owned()), Some("1")));
    assert_eq!(from("198.51.101.1").status, 202);
    let batch = || site.batch_with(&[("X-Forwarded-For", "203.0.113.1")], json!({ "events": [] }));
    let refused = (0..20).map(|_| batch()).find(|answer| answer.status != 200).expect("a limit");
    assert_eq!(refusal(&refused), (429, "rate_limited".to_owned()));
    // This machine itself is never limited.
    assert!((0..20).all(|_| site.beacon(body.clone()).status == 202));
}

#[test]
fn a_client_that_leaves_in_the_middle_leaves_nothing_behind() {
    for part in ["P", "POST /e HTTP/1.1\r\nHost", "POST /e HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{\"site\""]
    {
        let mut client = Client::new(guarded().public());
        client.write(part.as_bytes()).expect("written");
        client.close();
    }
    is_alive();
}
