//! `/e`, `/p.gif`, `/n.gif`: what a browser sends and gets.

use std::io::Write as _;

use serde_json::json;

use crate::site::Site;
use crate::support::http::Answer;
use crate::support::server::BROWSER;
use crate::{ordinary, refusal, shown};

const AGENT: (&str, &str) = ("User-Agent", BROWSER);

fn post(headers: &[(&str, &str)], body: &[u8]) -> Answer {
    ordinary().send("POST", "/e", headers, body)
}

#[test]
fn a_beacon_is_accepted_under_any_content_type() {
    let site = Site::new(ordinary(), "beacon-types");
    let body = json!({ "site": site.id, "url": "https://a.test/x" }).to_string();
    let kinds = [None, Some("text/plain"), Some("text/plain;charset=UTF-8"), Some("application/json"), Some("image/x")];
    for kind in kinds {
        let mut headers = vec![AGENT];
        headers.extend(kind.map(|kind| ("Content-Type", kind)));
        let answer = post(&headers, body.as_bytes());
        assert_eq!((answer.status, answer.body.as_slice()), (202, b"".as_slice()), "{kind:?}");
    }
    site.settled(5);
    assert_eq!(site.totals(), [1, 5, 5]);
}

#[test]
fn a_beacon_may_be_packed() {
    let site = Site::new(ordinary(), "beacon-packed");
    let body = json!({ "site": site.id, "url": "https://a.test/x" }).to_string();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(body.as_bytes()).expect("in memory");
    let packed = encoder.finish().expect("in memory");
    let named = |encoding, body: &[u8]| post(&[AGENT, ("Content-Encoding", encoding)], body).status;
    assert_eq!([named("gzip", &packed), named("identity", body.as_bytes())], [202, 202]);
    assert_eq!([named("gzip", body.as_bytes()), named("deflate", body.as_bytes())], [400, 415]);
    site.settled(2);
    assert_eq!(site.totals(), [1, 2, 2]);
}

#[test]
fn who_goes_on_after_a_pause_came_from_nowhere() {
    let site = Site::new(ordinary(), "pause");
    let path = "/p.gif?site=pause&url=https://a.test/next&ref=https://a.test/before";
    assert_eq!(ordinary().send("GET", path, &[AGENT], b"").status, 200);
    site.settled(1);
    let rows = |dimension: &str| site.rows(dimension);
    assert_eq!(rows("visit:source"), [("(direct)".to_owned(), [1, 1, 1])]);
    assert_eq!(rows("visit:channel"), [("Direct".to_owned(), [1, 1, 1])]);
    assert_eq!(rows("visit:referrer"), []);
}

#[test]
fn the_head_of_a_pixel_shows_it_to_nobody() {
    let site = Site::new(ordinary(), "pixel-head");
    let path = format!("/p.gif?site={}&url=https://a.test/x", site.id);
    let head = ordinary().send("HEAD", &path, &[AGENT], b"");
    assert_eq!(
        (head.status, head.header("content-type"), head.header("content-length")),
        (200, Some("image/gif"), Some("43"))
    );
    assert_eq!(ordinary().send("GET", &path, &[AGENT], b"").body.len(), 43);
    site.settled(1);
    assert_eq!(site.totals(), [1, 1, 1]);
}

#[test]
fn answers_of_collecting_routes_are_as_agreed() {
    let site = Site::new(ordinary(), "answers");
    let body = json!({ "site": site.id, "url": "https://a.test/x" }).to_string();
    insta::assert_snapshot!("beacon", shown(&post(&[AGENT], body.as_bytes())));
    let server = ordinary();
    let preflight = [
        ("Origin", "https://a.test"),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "content-type"),
    ];
    insta::assert_snapshot!("preflight", shown(&server.send("OPTIONS", "/e", &preflight, b"")));
    insta::assert_snapshot!("get_of_a_beacon", shown(&server.send("GET", "/e", &[], b"")));
    insta::assert_snapshot!("post_of_a_pixel", shown(&server.send("POST", "/p.gif", &[], b"")));
    insta::assert_snapshot!("delete_of_a_batch", shown(&server.send("DELETE", "/v1/events", &[], b"")));
}

#[test]
fn policy_is_answered_like_success() {
    let site = Site::with(ordinary(), "policy", &["--domain", "own.test"]);
    let body = |site: &str, url: &str, referrer: &str| {
        json!({ "site": site, "url": url, "referrer": referrer }).to_string().into_bytes()
    };
    let good = post(&[AGENT], &body("policy", "https://own.test/", ""));
    let dropped = [
        ("unknown site", post(&[AGENT], &body("no-such-site", "https://own.test/", ""))),
        ("DNT", post(&[AGENT, ("DNT", "1")], &body("policy", "https://own.test/", ""))),
        ("GPC", post(&[AGENT, ("Sec-GPC", "1")], &body("policy", "https://own.test/", ""))),
        ("host", post(&[AGENT], &body("policy", "https://foreign.test/", ""))),
        ("bot", post(&[("User-Agent", "Googlebot/2.1")], &body("policy", "https://own.test/", ""))),
        ("no agent", post(&[], &body("policy", "https://own.test/", ""))),
        ("spam", post(&[AGENT], &body("policy", "https://own.test/", "https://semalt.com/x"))),
        ("scheme", post(&[AGENT], &body("policy", "file:///etc/passwd", ""))),
    ];
    for (what, answer) in dropped {
        assert_eq!(without_date(answer), without_date(good.clone()), "{what}");
    }
    site.settled(1);
    assert_eq!(site.rows("event:hostname"), [("own.test".to_owned(), [1, 1, 1])]);
}

fn without_date(mut answer: Answer) -> Answer {
    answer.headers.retain(|(name, _)| name != "date");
    answer
}

#[test]
fn who_asks_with_an_owners_key_learns_the_reason() {
    let site = Site::with(ordinary(), "reasons", &["--domain", "own.test"]);
    let keys = ["admin", "write"].map(|scope| format!("Bearer {}", ordinary().create_key("reasons", scope)));
    let wrong = json!({ "site": site.id, "url": "https://foreign.test/" }).to_string();
    let reason = |key: &str| {
        let headers = [AGENT, ("Headcount-Debug", "1"), ("Authorization", key)];
        post(&headers, wrong.as_bytes()).header("headcount-reason").map(str::to_owned)
    };
    crate::support::until_equal("the owner's key is known", &Some("wrong_host".to_owned()), || reason(&keys[0]));
    assert_eq!([reason(&keys[1]), reason("Bearer nobody"), reason("")], [None, None, None]);
}

#[test]
fn what_the_client_can_mend_is_named() {
    let bodies: [&[u8]; 14] = [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\"text\"",
        b"\xff\xfe{}",
        b"{}",
        b"{\"site\":7}",
        b"{\"site\":\"s\",\"url\":[]}",
        b"{\"site\":\"s\",\"name\":{}}",
        b"{\"site\":\"s\",\"w\":\"wide\"}",
        b"{\"site\":\"s\",\"props\":{\"a\":{}}}",
        b"{\"site\":\"s\",\"occurred_at\":\"soon\"}",
        b"{\"site\":\"s\"} {\"site\":\"s\"}",
    ];
    let told: Vec<String> = bodies
        .iter()
        .map(|body| {
            let answer = post(&[AGENT], body);
            assert_eq!(answer.header("content-type"), Some("application/problem+json"));
            format!("{} -> {}", String::from_utf8_lossy(body), answer.text())
        })
        .collect();
    insta::assert_snapshot!("problems_of_beacons", told.join("\n"));
}

#[test]
fn a_beacon_has_64_kib_and_one_byte_more_is_drained_and_refused() {
    let site = Site::new(ordinary(), "beacon-size");
    let event = |bytes: usize| {
        let rest = json!({ "site": site.id, "url": "https://a.test/", "title": "" }).to_string().len();
        let body = json!({ "site": site.id, "url": "https://a.test/", "title": "x".repeat(bytes - rest) });
        body.to_string().into_bytes()
    };
    let mut client = ordinary().client();
    let mut send = |body: &[u8]| client.send("POST", "/e", &[AGENT], body).expect("an answer");
    assert_eq!(send(&event(64 * 1024)).status, 202);
    let refused = send(&event(64 * 1024 + 1));
    insta::assert_snapshot!("beacon_too_large", shown(&refused));
    // Drained: the same connection serves the next one.
    assert_eq!(send(&event(1_000_000)).status, 413);
    assert_eq!(send(&event(200)).status, 202);
    site.settled(2);
}

#[test]
fn a_body_beyond_what_is_drained_gets_its_answer_and_the_door() {
    let mut client = ordinary().client();
    let head = format!("POST /e HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", 10 << 20);
    let answer = client.raw(&[head.as_bytes(), &vec![b' '; 1 << 20]].concat()).expect("an answer");
    assert_eq!((refusal(&answer), answer.header("connection")), ((413, "too_large".to_owned()), Some("close")));
}

#[test]
fn pixels_are_one_image_and_never_kept() {
    let site = Site::new(ordinary(), "pixels");
    let server = ordinary();
    let pixel = |path: &str, headers: &[(&str, &str)]| {
        let headers = [&[AGENT], headers].concat();
        server.send("GET", path, &headers, b"")
    };
    let answer =
        pixel("/p.gif?site=pixels&url=https%3A%2F%2Fa.test%2Fby-url&ref=https%3A%2F%2Fb.test%2Fx&name=look&w=390", &[]);
    assert_eq!(answer.body.len(), 43);
    assert_eq!(&answer.body[..6], b"GIF89a");
    insta::assert_snapshot!("pixel", shown(&Answer { body: Vec::new(), ..answer.clone() }));
    let noscript = pixel("/n.gif?site=pixels", &[("Referer", "https://a.test/by-referer?secret=1")]);
    assert_eq!(noscript.body, answer.body);
    // Without anything, an image all the same.
    assert_eq!(pixel("/p.gif", &[]).body, answer.body);
    site.settled(2);
    let mut pages: Vec<String> = site.rows("event:page").into_iter().map(|(page, _)| page).collect();
    pages.sort();
    assert_eq!(pages, ["/by-referer", "/by-url"]);
    assert_eq!(site.rows("event:name"), [("look".to_owned(), [1, 0, 1]), ("pageview".to_owned(), [1, 1, 1])]);
    assert_eq!(site.rows("visit:screen"), [("Mobile".to_owned(), [1, 0, 1])]);
}

#[test]
fn every_collecting_answer_is_open_to_all_origins_and_says_it_does_not_track() {
    let server = ordinary();
    let asked = [
        ("POST", "/e"),
        ("GET", "/e"),
        ("OPTIONS", "/e"),
        ("GET", "/p.gif"),
        ("HEAD", "/n.gif"),
        ("PUT", "/n.gif"),
        ("POST", "/v1/events"),
        ("OPTIONS", "/v1/events"),
    ];
    for (method, path) in asked {
        let answer = server.send(method, path, &[("Origin", "https://a.test"), AGENT], b"");
        let told = ["tk", "access-control-allow-origin", "cache-control", "set-cookie", "etag"]
            .map(|name| answer.header(name));
        assert_eq!(told, [Some("N"), Some("*"), Some("no-store"), None, None], "{method} {path}");
        assert_eq!(answer.header("access-control-allow-credentials"), None);
    }
}
