//! A ClickHouse elsewhere (here: another collector's engine) that is away, or whose answers get lost.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;

use crate::account::{Account, SITE, assert_counted, server_with};
use crate::load::{Load, body, events, post};
use crate::proxy::Proxy;
use crate::support::process::free_port;
use crate::support::server::Server;
use crate::support::until;

/// A server whose engine is lent, and a collector that is told to find it at a port where nobody listens yet.
fn lender_and_borrower() -> (Server, (Server, String), SocketAddr, PathBuf) {
    let lender = Server::start();
    let engine = lender.state_dir().join("engine");
    let read = |name: &str| fs::read_to_string(engine.join(name)).expect("the engine's file").trim().to_owned();
    let at = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let (url, password) = (format!("http://{at}"), read("password"));
    let borrower = server_with(&[
        ("HEADCOUNT_CLICKHOUSE__URL", &url),
        ("HEADCOUNT_CLICKHOUSE__USER", "headcount"),
        ("HEADCOUNT_CLICKHOUSE__PASSWORD", &password),
        ("HEADCOUNT_DELIVER__LOAD_INTERVAL_MS", "20"),
    ]);
    (lender, borrower, at, engine.join("port"))
}

#[test]
fn a_clickhouse_that_comes_later_gets_everything() {
    let (_lender, (server, key), at, to) = lender_and_borrower();
    assert_eq!(server.ops_get("/readyz").status, 200);
    let load = Load::start(server.public(), 2, "later");
    load.wait_for(50);
    assert!(server.try_query(&key, &json!({ "site_id": SITE, "metrics": ["events"], "date_range": "day" })).is_none());
    let _proxy = Proxy::start(at, to);
    until("the first loads", || (server.metrics().sum("headcount_loads_total") > 0).then_some(()));
    load.wait_for(20);
    assert_eq!(load.failures(), 0);
    let account = load.finish();
    assert_counted(&server, &key, &account);
}

#[test]
fn lost_answers_of_clickhouse_double_nothing() {
    let (_lender, (server, key), at, to) = lender_and_borrower();
    let proxy = Proxy::start(at, to);
    let load = Load::start(server.public(), 2, "lost");
    until("the tables are made", || (server.metrics().sum("headcount_loads_total") > 0).then_some(()));
    let loads = || server.metrics().sum("headcount_loads_total");
    let retries = || server.metrics().sum("headcount_load_retries_total");
    for _ in 0..5 {
        let lost = proxy.lost();
        proxy.lose_answers(true);
        until("answers get lost", || (proxy.lost() >= lost + 2).then_some(()));
        proxy.lose_answers(false);
        let before = loads();
        until("loads get through again", || (loads() > before + 2).then_some(()));
    }
    let account = load.finish();
    assert_counted(&server, &key, &account);
    assert!(retries() >= 5);
}

/// A reset now and then ends the embedded ClickHouse, too; it comes back on another port, and the proxy follows it.
#[test]
fn resets_in_the_middle_of_inserts_and_delays_lose_and_double_nothing() {
    let (_lender, (server, key), at, to) = lender_and_borrower();
    let proxy = Proxy::start(at, to);
    let load = Load::start(server.public(), 2, "cut");
    let loads = || server.metrics().sum("headcount_loads_total");
    until("the tables are made", || (loads() > 0).then_some(()));
    for bytes in [40, 400, 1_200] {
        let cuts = proxy.cuts();
        proxy.cut_after(bytes);
        until("connections are cut", || (proxy.cuts() >= cuts + 2).then_some(()));
        proxy.cut_after(0);
        let before = loads();
        until("loads get through again", || (loads() > before + 2).then_some(()));
    }
    proxy.delay(Duration::from_millis(150));
    let before = loads();
    until("loads get through slowly", || (loads() > before + 3).then_some(()));
    load.wait_for(20);
    proxy.delay(Duration::ZERO);
    let account = load.finish();
    assert_counted(&server, &key, &account);
}

#[test]
fn a_collector_without_clickhouse_keeps_everything_for_the_next_start() {
    let nowhere = format!("http://127.0.0.1:{}", free_port());
    let (mut server, key) = server_with(&[("HEADCOUNT_CLICKHOUSE__URL", &nowhere)]);
    assert_eq!(server.ops_get("/readyz").status, 200);
    let mut account = Account::default();
    let mut client = server.client();
    for number in 0..10 {
        let events = events(0, number);
        assert!(post(&mut client, &body(&format!("none-{number}"), &events), events.len()));
        events.iter().for_each(|sent| account.add(sent));
    }
    assert_eq!(server.end(libc::SIGTERM).code(), Some(0));
    server.unset("HEADCOUNT_CLICKHOUSE__URL");
    server.start_again();
    assert_counted(&server, &key, &account);
}
