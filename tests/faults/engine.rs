//! The engine dies, stands still or cannot be started; the collector goes on answering.
//!
//! `ABSENCE_SECONDS=60 cargo test --release --test faults engine` makes each absence last so long at least.

use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use crate::account::{SITE, assert_counted, server_with};
use crate::load::Load;
use crate::start::library;
use crate::support::server::Server;
use crate::support::{process, until};

/// An engine that does not answer for so long may be replaced: six checks, five seconds apart.
const REPLACED_AFTER: Duration = Duration::from_secs(25);

const BUSY: [(&str, &str); 1] = [("HEADCOUNT_DELIVER__LOAD_INTERVAL_MS", "20")];

#[test]
fn an_engine_killed_again_and_again_loses_and_doubles_nothing() {
    let (server, key) = server_with(&BUSY);
    let load = Load::start(server.public(), 4, "engine");
    for round in 1..=5 {
        load.wait_for(20 + round * 13 % 40);
        let engine = server.engine_pid().expect("an engine");
        assert!(process::signal(engine, libc::SIGKILL));
        load.wait_for(20);
        assert_eq!(server.ops_get("/readyz").status, 200);
        let restarted = || server.metrics().sum("headcount_engine_restarts_total") == round;
        until("the engine is back", || restarted().then_some(()));
        assert_ne!(server.engine_pid(), Some(engine));
    }
    load.wait_for(20);
    assert_eq!(load.failures(), 0, "every batch was answered 200 at the first try");
    let account = load.finish();
    assert_counted(&server, &key, &account);
}

/// How long the engine is away at least. By default as long as a few batches take.
fn absence() -> Duration {
    let chosen = std::env::var("ABSENCE_SECONDS").ok().and_then(|text| text.parse().ok());
    Duration::from_secs(chosen.unwrap_or(0))
}

/// Batches are acknowledged for as long as the engine is away, and wait.
#[track_caller]
fn sent_meanwhile(server: &Server, load: &Load) {
    let begun = Instant::now();
    load.wait_for(200);
    while begun.elapsed() < absence() {
        load.wait_for(20);
    }
    assert_eq!(server.ops_get("/readyz").status, 200);
    assert!(server.metrics().sum("headcount_spool_bytes") > 0, "batches wait");
}

#[test]
fn an_engine_that_stands_still_for_a_while_loses_and_doubles_nothing() {
    let (server, key) = server_with(&BUSY);
    let load = Load::start(server.public(), 4, "pause");
    load.wait_for(50);
    let first = server.engine_pid();
    for _ in 0..3 {
        let engine = server.engine_pid().expect("an engine");
        process::signal(engine, libc::SIGSTOP);
        sent_meanwhile(&server, &load);
        process::signal(engine, libc::SIGCONT);
        load.wait_for(50);
    }
    assert_eq!(load.failures(), 0, "every batch was answered 200 at the first try");
    let account = load.finish();
    assert_counted(&server, &key, &account);
    if absence() < REPLACED_AFTER {
        assert_eq!(server.engine_pid(), first, "it was not replaced");
    }
}

#[test]
fn an_engine_that_is_gone_and_cannot_be_started_loses_and_doubles_nothing() {
    let mut server = Server::prepare(&BUSY);
    let place = server.state_dir().with_file_name("libchdb.so");
    let put_back = || symlink(library(), &place).expect("a link");
    put_back();
    server.set("HEADCOUNT_ENGINE__LIBRARY", place.to_str().expect("text"));
    server.add_site(SITE);
    let key = server.create_key(SITE, "read");
    server.start_again();
    let load = Load::start(server.public(), 4, "gone");
    load.wait_for(50);
    let engine = server.engine_pid().expect("an engine");
    std::fs::remove_file(&place).expect("a link");
    assert!(process::signal(engine, libc::SIGKILL));
    until("a start was tried", || server.log().contains("engine_missing").then_some(()));
    sent_meanwhile(&server, &load);
    assert_eq!((server.engine_pid(), server.metrics().sum("headcount_engine_restarts_total")), (None, 0));
    put_back();
    until("the engine is back", || (server.metrics().sum("headcount_engine_restarts_total") == 1).then_some(()));
    load.wait_for(50);
    assert_eq!(load.failures(), 0, "every batch was answered 200 at the first try");
    let account = load.finish();
    assert_counted(&server, &key, &account);
}
