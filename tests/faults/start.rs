//! Starts that must be refused, and one that finds its engine elsewhere.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::account::{SITE, server_with};
use crate::support::server::{PROGRAM, Server};
use crate::support::until_equal;

/// The second collector's fate: exit code 1 and one line that names what is wrong.
#[track_caller]
fn refused(variables: &[(&str, &str)], line: &str) {
    let mut second = Server::prepare(variables);
    let failed = second.try_start().expect_err("it must not start");
    assert_eq!(failed.status.code(), Some(1), "{}", failed.said);
    let said: Vec<&str> = failed.said.lines().filter(|said| said.starts_with("headcount: ")).collect();
    assert_eq!(said.len(), 1, "{}", failed.said);
    assert!(said[0].contains(line), "{}", failed.said);
}

#[test]
fn a_second_collector_is_refused_and_the_first_goes_on() {
    let (first, _) = server_with(&[]);
    let state = first.state_dir();
    let (state, public, ops) = (state.to_str().expect("text"), first.public().to_string(), first.ops().to_string());
    refused(&[("HEADCOUNT_STATE_DIR", state)], "another collector runs on");
    refused(&[("HEADCOUNT_LISTEN__PUBLIC", &public)], "listen.public: cannot listen on");
    refused(&[("HEADCOUNT_LISTEN__OPS", &ops)], "listen.ops: cannot listen on");
    let body = format!("{{\"site\":\"{SITE}\",\"batch_id\":\"1\",\"events\":[{{}}]}}");
    assert_eq!(first.send("POST", "/v1/events", &[], body.as_bytes()).status, 200);
}

#[test]
fn without_an_engine_the_start_is_refused_and_says_how_to_get_one() {
    let mut server = Server::prepare(&[]);
    server.move_out_of_the_checkout();
    let failed = server.try_start().expect_err("there is no engine");
    assert_eq!(failed.status.code(), Some(1), "{}", failed.said);
    let line = failed.said.lines().find(|said| said.starts_with("headcount: ")).expect("a line");
    assert!(
        ["libchdb.so", "clickhouse", "make build", "clickhouse.url"].iter().all(|way| line.contains(way)),
        "{line}"
    );
}

#[test]
fn a_clickhouse_on_the_path_serves_as_the_engine() {
    let mut server = Server::prepare(&[]);
    let folder = server.move_out_of_the_checkout();
    // The library answers to the same arguments as the program whose name it takes here.
    let script = format!("#!/bin/sh\nshift\nexec {PROGRAM} engine {} \"$@\"\n", library().display());
    let clickhouse = folder.join("clickhouse");
    fs::write(&clickhouse, script).expect("written");
    fs::set_permissions(&clickhouse, fs::Permissions::from_mode(0o700)).expect("made a program");
    server.add_site(SITE);
    let key = server.create_key(SITE, "read");
    server.start_again();
    let body = format!("{{\"site\":\"{SITE}\",\"events\":[{{}},{{}}]}}");
    assert_eq!(server.send("POST", "/v1/events", &[], body.as_bytes()).status, 200);
    until_equal("the events are counted", &[1, 2, 2], || server.totals(&key, SITE));
}

/// The engine's library, where the build put it.
pub fn library() -> PathBuf {
    let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join("dashboards/node_modules/@chdb");
    let mut found = fs::read_dir(packages).expect("installed by `make build`");
    let package = found.next().expect("one package").expect("readable");
    package.path().join("libchdb.so")
}
