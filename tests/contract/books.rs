//! The books: what came in is what became of it, to the hit; and what a restart keeps.

use serde_json::{Value, json};

use crate::support::server::{BROWSER, Server};
use crate::support::{until, until_equal};

const AGENT: (&str, &str) = ("User-Agent", BROWSER);

fn post(server: &Server, path: &str, headers: &[(&str, &str)], body: &Value) -> Value {
    server.send("POST", path, headers, body.to_string().as_bytes()).json()
}

#[test]
fn every_hit_is_in_the_books_once_and_a_restart_counts_none_again() {
    let mut server = Server::start();
    server.add_site("books");
    let key = server.create_key("books", "read");
    let query = json!({ "site_id": "books", "metrics": ["events"], "date_range": "day" });
    until("the site is known", || server.try_query(&key, &query));

    let page = json!({ "site": "books", "url": "https://a.test/" });
    let batch = |id: &str| json!({ "site": "books", "batch_id": id, "events": [{ "name": "x" }, { "name": 7 }, { "name": "y" }] });
    // Hits: 1 + 1 + 1 + 1 recorded or dropped, 2 rejected.
    post(&server, "/e", &[AGENT], &page);
    post(&server, "/e", &[AGENT, ("DNT", "1")], &page);
    post(&server, "/e", &[("User-Agent", "curl/8")], &page);
    post(&server, "/e", &[AGENT], &json!({ "site": "nobody" }));
    post(&server, "/e", &[AGENT], &json!({ "site": 7 }));
    server.send("POST", "/e", &[AGENT], &[b' '; 70_000]);
    // 2 from pixels, of which one names no site.
    server.send("GET", "/p.gif?site=books&url=https://a.test/p", &[AGENT], b"");
    server.send("GET", "/p.gif", &[AGENT], b"");
    // 3 + 3 + 1 from batches.
    assert_eq!(post(&server, "/v1/events", &[], &batch("one"))["accepted"], 2);
    assert_eq!(post(&server, "/v1/events", &[], &batch("one"))["duplicates"], 3);
    post(&server, "/v1/events", &[], &json!({ "site": "nobody", "events": [{}, {}] }));
    // Not hits at all.
    server.send("OPTIONS", "/e", &[], b"");
    server.send("GET", "/e", &[], b"");
    server.send("GET", "/hc.js", &[], b"");

    let samples = server.metrics();
    assert_eq!(samples.identity(), (15, 15));
    let outcomes = ["recorded", "duplicate", "dropped", "rejected", "shed"];
    let counted = outcomes.map(|outcome| samples.sum(&format!("headcount_hits_{outcome}_total")));
    assert_eq!(counted, [4, 3, 5, 3, 0]);
    let dropped = ["opted_out", "bot", "unknown_site", "bad_event", "wrong_host"];
    assert_eq!(dropped.map(|reason| samples.reason("headcount_hits_dropped_total", reason)), [1, 1, 2, 1, 0]);
    let rejected = ["wrong_type", "too_large", "unknown_site", "bad_json"];
    assert_eq!(rejected.map(|reason| samples.reason("headcount_hits_rejected_total", reason)), [1, 1, 1, 0]);
    insta::assert_snapshot!("names_of_metrics", names(&server));

    until_equal("everything is stored", &[2, 2, 4], || server.totals(&key, "books"));
    server.end(libc::SIGKILL);
    server.start_again();
    assert_eq!(server.metrics().identity(), (0, 0));
    assert_eq!(
        post(&server, "/v1/events", &[], &batch("one")),
        json!({ "accepted": 0, "duplicates": 3, "dropped": [] })
    );
    assert_eq!(post(&server, "/v1/events", &[], &batch("two"))["accepted"], 2);
    // The same visitor, after the restart.
    post(&server, "/e", &[AGENT], &page);
    until_equal("the restart counted none again", &[2, 3, 7], || server.totals(&key, "books"));
}

/// The names and labels of every sample, with the sample's type.
fn names(server: &Server) -> String {
    let answer = server.ops_get("/metrics");
    assert_eq!(answer.header("content-type"), Some("application/openmetrics-text; version=1.0.0; charset=utf-8"));
    let page = answer.text();
    let lines = page.lines().filter(|line| !line.starts_with("# HELP"));
    lines
        .map(|line| if line.starts_with('#') { line } else { line.rsplit_once(' ').map_or(line, |(name, _)| name) })
        .collect::<Vec<_>>()
        .join("\n")
}
