//! The collector dies at named points of the way to disk and to ClickHouse, while clients send.

use std::os::unix::process::ExitStatusExt as _;

use crate::account::{assert_counted, server_with};
use crate::load::Load;

/// Before and after the sync of a batch, between two segments, around an insert and around the removal of a segment.
const POINTS: [&str; 7] = [
    "spool:before_sync",
    "spool:after_sync",
    "spool:mid_rotation",
    "load:before_insert",
    "load:after_insert",
    "spool:before_release",
    "spool:after_release",
];

#[test]
fn a_collector_that_dies_at_any_point_counts_every_acknowledged_batch_once() {
    let (mut server, key) = server_with(&[("HEADCOUNT_DELIVER__LOAD_INTERVAL_MS", "20")]);
    let load = Load::start(server.public(), 2, "point");
    for point in POINTS {
        load.wait_for(5);
        server.end(libc::SIGKILL);
        server.set("HEADCOUNT_FAULT", point);
        server.begin_start();
        // Clients go on trying: their next batch, or what waits in the spool, brings the program to the point.
        assert_eq!(server.wait().signal(), Some(libc::SIGABRT), "{point}: {}", server.log());
        server.unset("HEADCOUNT_FAULT");
        server.start_again();
    }
    load.wait_for(20);
    let account = load.finish();
    assert_counted(&server, &key, &account);
}
