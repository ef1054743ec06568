//! The engine dies or stands still; the collector goes on answering.

use crate::account::{assert_counted, server_with};
use crate::load::Load;
use crate::support::{process, until};

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

#[test]
fn an_engine_that_stands_still_for_a_while_loses_and_doubles_nothing() {
    let (server, key) = server_with(&BUSY);
    let load = Load::start(server.public(), 4, "pause");
    load.wait_for(50);
    let engine = server.engine_pid().expect("an engine");
    for _ in 0..3 {
        process::signal(engine, libc::SIGSTOP);
        load.wait_for(200);
        assert_eq!(server.ops_get("/readyz").status, 200);
        assert!(server.metrics().sum("headcount_spool_bytes") > 0, "batches wait");
        process::signal(engine, libc::SIGCONT);
        load.wait_for(50);
    }
    assert_eq!(load.failures(), 0, "every batch was answered 200 at the first try");
    let account = load.finish();
    assert_counted(&server, &key, &account);
    assert_eq!(server.engine_pid(), Some(engine), "it was not replaced");
}
