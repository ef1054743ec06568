//! SIGTERM: everything acknowledged is counted, and nobody can hold up the stop.

use std::time::Duration;

use crate::account::{Account, SITE, assert_counted, server_with};
use crate::load::{Beacons, Load, body, events, post};
use crate::support::http::Client;
use crate::support::process;
use crate::support::server::{Server, files_below};

/// Longest stop: time for connections, last commit, time for the spool, time for the engine.
const DEADLINE: Duration = Duration::from_secs(35);

/// Segments that were left in the spool.
fn left(server: &Server) -> usize {
    let spool = server.state_dir().join("spool");
    files_below(&spool).iter().filter(|path| path.extension().is_some_and(|of| of == "spool")).count()
}

#[test]
fn a_stop_under_load_loses_nothing_and_leaves_nothing() {
    let (mut server, key) = server_with(&[]);
    let load = Load::start(server.public(), 2, "term");
    let beacons = Beacons::start(server.public(), 2);
    for _ in 0..3 {
        load.wait_for(60);
        assert_eq!(server.end(libc::SIGTERM).code(), Some(0));
        assert_eq!(left(&server), 0, "there was time to drain the spool");
        server.start_again();
    }
    load.wait_for(20);
    let mut account = load.finish();
    account.merge(beacons.finish());
    assert_counted(&server, &key, &account);
}

#[test]
fn clients_that_stand_still_do_not_hold_up_a_stop() {
    let (mut server, key) = server_with(&[("HEADCOUNT_DELIVER__STOP_TIMEOUT_SECONDS", "1")]);
    let mut account = Account::default();
    let events = events(0, 0);
    assert!(post(&mut server.client(), &body("before", &events), events.len()));
    events.iter().for_each(|sent| account.add(sent));
    let mut idle: Vec<Client> = Vec::new();
    let half = ["", "GET /me", "POST /e HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"];
    for (address, bytes) in [server.public(), server.ops()].iter().flat_map(|at| half.map(|bytes| (*at, bytes))) {
        let mut client = Client::new(address);
        client.write(bytes.as_bytes()).expect("sent");
        idle.push(client);
    }
    // One that was answered and keeps its connection, and one that listens to live numbers.
    let mut kept = server.client();
    kept.send("GET", "/hc.js", &[], b"").expect("an answer");
    let bearer = format!("Bearer {key}");
    let mut live = server.client();
    live.begin("GET", &format!("/api/v1/live?site={SITE}"), &[("Authorization", &bearer)], b"").expect("sent");
    server.signal(libc::SIGTERM);
    assert_eq!(server.wait_within(DEADLINE).code(), Some(0));
    drop((idle, kept, live));
    server.start_again();
    assert_counted(&server, &key, &account);
}

#[test]
fn a_stop_while_the_engine_stands_still_keeps_the_spool() {
    let environment = [("HEADCOUNT_DELIVER__STOP_TIMEOUT_SECONDS", "1"), ("HEADCOUNT_DELIVER__LOAD_INTERVAL_MS", "20")];
    let (mut server, key) = server_with(&environment);
    let load = Load::start(server.public(), 2, "stopped");
    load.wait_for(20);
    process::signal(server.engine_pid().expect("an engine"), libc::SIGSTOP);
    load.wait_for(100);
    server.signal(libc::SIGTERM);
    assert_eq!(server.wait_within(DEADLINE).code(), Some(0));
    assert!(left(&server) > 0);
    server.start_again();
    let account = load.finish();
    assert_counted(&server, &key, &account);
}
