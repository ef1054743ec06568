//! SIGKILL: the collector, the collector and its engine, again and again, under load.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::MetadataExt as _;

use crate::account::{SITE, assert_counted, server_with};
use crate::load::Load;
use crate::support::process::{self, is_running};
use crate::support::server::{BROWSER, Server};
use crate::support::until;

/// Kills of the collector in a row.
const ROUNDS: u64 = 12;
/// Loads follow each other closely, so that kills meet them.
const BUSY: [(&str, &str); 1] = [("HEADCOUNT_DELIVER__LOAD_INTERVAL_MS", "20")];

#[test]
fn a_collector_killed_again_and_again_counts_every_acknowledged_batch_once() {
    let (mut server, key) = server_with(&BUSY);
    let load = Load::start(server.public(), 4, "kill");
    for round in 0..ROUNDS {
        // Another moment in each round; the clients' retries begin while nothing listens.
        load.wait_for(5 + round * 29 % 60);
        server.end(libc::SIGKILL);
        server.start_again();
    }
    load.wait_for(20);
    let account = load.finish();
    assert_counted(&server, &key, &account);
    // Once more, from disk alone.
    server.end(libc::SIGKILL);
    server.start_again();
    assert_counted(&server, &key, &account);
}

#[test]
fn collector_and_engine_killed_together_count_every_acknowledged_batch_once() {
    let (mut server, key) = server_with(&BUSY);
    let load = Load::start(server.public(), 4, "both");
    for round in 0..6 {
        load.wait_for(10 + round * 31 % 60);
        let engine = server.engine_pid().expect("an engine");
        // Engine first in one round, collector first in the next.
        if round % 2 == 0 {
            process::signal(engine, libc::SIGKILL);
            server.end(libc::SIGKILL);
        } else {
            server.signal(libc::SIGKILL);
            process::signal(engine, libc::SIGKILL);
            server.wait();
        }
        server.start_again();
    }
    load.wait_for(20);
    let account = load.finish();
    assert_counted(&server, &key, &account);
}

/// Takes what an engine holds for as long as it lives. It removes the file when it ends in peace.
pub fn lock_of_engine(server: &Server) -> Option<File> {
    let path = server.state_dir().join("engine/data/status");
    let file = OpenOptions::new().create(true).append(true).open(&path).ok()?;
    file.try_lock().ok()?;
    let is_there = fs::metadata(&path).ok()?.ino() == file.metadata().ok()?.ino();
    is_there.then_some(file)
}

#[test]
fn a_start_waits_for_the_engine_of_a_killed_collector_to_end() {
    let (mut server, key) = server_with(&BUSY);
    let load = Load::start(server.public(), 2, "old-engine");
    load.wait_for(20);
    server.end(libc::SIGKILL);
    let lock = until("the old engine lets go", || lock_of_engine(&server));
    server.begin_start();
    let first = until("the new collector tries to start an engine", || server.engine_pid());
    until("that engine is refused and ends", || (!is_running(first)).then_some(()));
    until("the collector tries again", || server.engine_pid());
    assert_eq!(server.line("Dashboard: "), None);
    drop(lock);
    server.finish_start().expect("it starts when the old engine is gone");
    load.wait_for(20);
    let account = load.finish();
    assert_counted(&server, &key, &account);
}

#[test]
fn one_browser_is_one_visitor_through_stops_and_kills() {
    let (mut server, key) = server_with(&BUSY);
    let body = format!("{{\"site\":\"{SITE}\",\"url\":\"https://demo.test/\"}}");
    let mut views = 0;
    for ending in [libc::SIGTERM, libc::SIGKILL, libc::SIGKILL] {
        let answer = server.send("POST", "/e", &[("User-Agent", BROWSER)], body.as_bytes());
        assert_eq!(answer.status, 202);
        views += 1;
        until("the view is counted", || (server.totals(&key, SITE)[1] == views).then_some(()));
        server.end(ending);
        server.start_again();
    }
    assert_eq!(server.totals(&key, SITE), [1, views, views]);
}
