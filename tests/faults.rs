//! Faults: kills, stops, full and torn spools, engines that die. Each test keeps an account of every acknowledged
//! event and compares it with what the dashboards' API says in the end.

mod support;

use support::server::Server;

#[test]
fn a_collector_starts_counts_and_stops() {
    let mut server = Server::start();
    server.add_site("demo");
    let key = server.create_key("demo", "read");
    let body =
        br#"{"site":"demo","batch_id":"b1","events":[{"name":"x","visitor":"v1"},{"path":"/a","visitor":"v2"}]}"#;
    let answer = support::until("the site is known", || {
        let answer = server.send("POST", "/v1/events", &[], body);
        (answer.status == 200).then(|| answer.json())
    });
    assert_eq!(answer, serde_json::json!({ "accepted": 2, "duplicates": 0, "dropped": [] }));
    support::until_equal("totals", &[2, 1, 2], || server.totals(&key, "demo"));
    assert!(server.sign_in_link().contains("/sign-in?token="));
    assert!(server.engine_pid().is_some());
    let (received, sum) = server.metrics().identity();
    assert_eq!(received, sum);
    assert_eq!(server.end(libc::SIGTERM).code(), Some(0));
}
