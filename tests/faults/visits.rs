//! Visits over a restart: a clean stop keeps them for the next start, a kill keeps nothing.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use serde_json::json;

use crate::account::{SITE, server_with};
use crate::sql::sql;
use crate::support::server::{BROWSER, Server};
use crate::support::until_equal;

fn view(server: &Server, page: &str) {
    let event = json!({ "site": SITE, "url": format!("https://a.test{page}") }).to_string();
    assert_eq!(server.send("POST", "/e", &[("User-Agent", BROWSER)], event.as_bytes()).status, 202);
}

/// Waits for page views, visits, bounces and visits that ended on `/b`, of all days.
#[track_caller]
fn counted(server: &Server, expected: [i64; 4]) {
    let totals = "SELECT sumIf(pageviews, dim = 'total'), sumIf(visits, dim = 'total'), sumIf(bounces, dim = 'total'), \
                  sumIf(visits, dim = 'exit_page' AND value = '/b') FROM cells_open";
    let expected = expected.map(|number| number.to_string()).join("\t");
    until_equal("the counts", &expected, || sql(server, totals).trim().to_owned());
}

fn kept(server: &Server) -> PathBuf {
    server.state_dir().join("visits")
}

#[test]
fn a_visit_goes_on_after_a_clean_restart() {
    let (mut server, _) = server_with(&[]);
    view(&server, "/a");
    counted(&server, [1, 1, 1, 0]);
    assert_eq!(server.end(libc::SIGTERM).code(), Some(0));
    let mode = std::fs::metadata(kept(&server)).expect("visits are kept").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    server.start_again();
    assert!(!kept(&server).exists(), "what was kept is gone before anything is accepted");
    view(&server, "/b");
    counted(&server, [2, 1, 0, 1]);
}

#[test]
fn a_kill_keeps_no_visit() {
    let (mut server, _) = server_with(&[]);
    view(&server, "/a");
    counted(&server, [1, 1, 1, 0]);
    server.end(libc::SIGKILL);
    assert!(!kept(&server).exists());
    server.start_again();
    view(&server, "/b");
    counted(&server, [2, 2, 2, 1]);
}
