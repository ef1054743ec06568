//! The machine's clock steps, back and forward by an hour, under load and over a kill.

use crate::account::{SITE, assert_counted};
use crate::load::Load;
use crate::support::server::Server;
use crate::traffic::clock::Clock;

#[test]
fn a_clock_that_steps_back_and_forward_loses_and_doubles_nothing() {
    let mut server = Server::prepare(&[("HEADCOUNT_DELIVER__LOAD_INTERVAL_MS", "20")]);
    server.add_site(SITE);
    let key = server.create_key(SITE, "read");
    let clock = Clock::new(server.state_dir().parent().expect("a directory")).expect("a clock");
    clock.variables().iter().for_each(|(name, value)| server.set(name, value));
    let step = |seconds: i64| clock.step(seconds).expect("written");
    server.start_again();
    let load = Load::start(server.public(), 2, "clock");
    load.wait_for(20);
    for seconds in [3_600, -3_600, 3_600, -60, 0] {
        step(seconds);
        load.wait_for(20);
        assert_eq!(server.ops_get("/readyz").status, 200);
    }
    // Back over a kill: what is on disk is of a later time than the program finds.
    step(3_600);
    load.wait_for(20);
    server.end(libc::SIGKILL);
    step(-3_600);
    server.start_again();
    load.wait_for(20);
    step(0);
    load.wait_for(20);
    let account = load.finish();
    assert_counted(&server, &key, &account);
}
