//! Twice as much as can be done: what is refused is refused in words a client understands, the rest is counted, and people
//! who look at dashboards get their answers. How much is refused depends on how fast the machine brings the load along, and
//! is the bench's to say; that something is, when a thread is behind, is said here.

use std::rc::Rc;
use std::thread;
use std::time::Duration;

use crate::account::{SITE, drained, server_with};
use crate::support::server::Server;
use crate::traffic::drive::{self, Done, Plan};
use crate::traffic::mix::{Mix, Shape, World};

/// Memory the collector may take at the most, in MiB: bodies have 256, windows and what is made of them the rest.
const MOST_MIB: u64 = 900;
const TIME: Duration = Duration::from_secs(4);
/// Events of a batch, and batches at once.
const EVENTS: usize = 500;
const CONNECTIONS: usize = 100;

fn send(server: &Server, mix: &Rc<Mix>, (connections, rate): (usize, Option<f64>), time: Duration) -> Done {
    let plan = Plan { port: server.public().port(), connections, time, rate, again: false };
    drive::run(mix, plan).expect("connections are taken")
}

/// Asks as long as `until` says: every answer must be one.
fn look_on(server: &Server, key: &str, ended: &std::sync::atomic::AtomicBool) -> u32 {
    let mut looks = 0;
    while !ended.load(std::sync::atomic::Ordering::Relaxed) {
        let readiness = server.ops_get("/readyz").status;
        assert_eq!(readiness, 200);
        server.totals(key, SITE);
        looks += 1;
    }
    looks
}

fn peak_mib(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid().expect("it runs"))).expect("readable");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a line");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") / 1024
}

/// Batches as fast as the collector takes them, then twice as many over more connections.
fn overload(server: &Server) -> [Done; 2] {
    let writing = server.create_key(SITE, "write");
    let sites = [SITE.to_owned()];
    let world = World { sites: &sites, pages: 500, people: 5_000, key: &writing };
    let mix = Rc::new(Mix::new(Shape::Batch(EVENTS), world, (24, 1)));
    let first = send(server, &mix, (8, None), Duration::from_secs(2));
    let rate = (first.acknowledged as f64).max(CONNECTIONS as f64);
    [first, send(server, &mix, (CONNECTIONS, Some(rate)), TIME)]
}

/// Everything acknowledged is counted, and nothing else.
fn account(server: &Server, key: &str, sent: &[Done; 2]) {
    for done in sent {
        assert_eq!((done.wrong, done.unanswered, done.shed_without_time), (0, 0, 0));
        assert!(done.acknowledged > 0);
    }
    drained(server);
    let sum = |of: fn(&crate::traffic::mix::Worth) -> u64| sent.iter().map(|done| of(&done.worth)).sum::<u64>();
    let [_, pageviews, events] = server.totals(key, SITE);
    assert_eq!([pageviews, events], [sum(|worth| worth.pageviews), sum(|worth| worth.events)]);
}

#[test]
fn twice_the_capacity_is_answered_counted_exactly_and_read_meanwhile() {
    let (server, key) = server_with(&[("HEADCOUNT_LISTEN__THREADS", "1")]);
    let ended = std::sync::atomic::AtomicBool::new(false);
    let (sent, looks) = thread::scope(|scope| {
        let looks = scope.spawn(|| look_on(&server, &key, &ended));
        let sent = overload(&server);
        ended.store(true, std::sync::atomic::Ordering::Relaxed);
        (sent, looks.join().expect("every question was answered"))
    });
    assert!(looks > 0);
    let mib = peak_mib(&server);
    assert!(mib < MOST_MIB, "{mib} MiB");
    account(&server, &key, &sent);
    assert_eq!(server.metrics().sum("headcount_engine_restarts_total"), 0);
}

#[test]
fn a_thread_that_is_behind_tells_batches_to_come_again() {
    // So impatient that no machine keeps up.
    let (server, key) = server_with(&[("HEADCOUNT_LISTEN__THREADS", "1"), ("HEADCOUNT_LISTEN__SHED_AFTER_MS", "10")]);
    let sent = overload(&server);
    assert!(sent[1].shed > 0);
    account(&server, &key, &sent);
}
