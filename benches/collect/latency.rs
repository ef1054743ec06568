//! Latency in open loops: requests come at random moments, whether the ones before are answered or not.

use std::io::{self, Write};
use std::rc::Rc;
use std::thread::sleep;
use std::time::Duration;

use super::Size;
use super::cost::{PATIENCE, Servers, sites};
use super::load::drive::{self, Plan};
use super::load::mix::{Mix, Shape, World};

/// Kinds of requests, and how many different ones are made.
const SHAPES: [(&str, Shape, usize); 2] =
    [("POST /e", Shape::Beacon, 20_000), ("/v1/events, 100", Shape::Batch(100), 400)];
/// Requests a second of a site that is not busy: each has a wake-up, a commit and a load almost to itself.
const SLOW: [f64; 2] = [50.0, 500.0];
/// Parts of what the closed loop reached; 2: twice of what can be done.
const PARTS: [f64; 4] = [0.3, 0.6, 0.9, 2.0];

/// Prints the table for kinds of requests with `kinds` in their name.
pub fn table(servers: &Servers, (size, kinds): (Size, &str), out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "{:<18}{:>11}{:>10}{:>10}{:>9}{:>9}{:>9}{:>8}{:>8}{:>9}{:>9}",
        "open loop", "offered/s", "done/s", "shed/s", "p50 ms", "p99 ms", "p99.9", "µs/req", "event", "engine", "bare"
    )?;
    for (name, shape, count) in SHAPES.into_iter().filter(|(name, ..)| name.contains(kinds)) {
        let names = sites(1);
        let world = World { sites: &names, pages: 2_000, people: 7_000, key: &servers.full.keys[0] };
        let mix = Rc::new(Mix::new(shape, world, (count, 2)));
        let capacity = capacity(servers, &mix, size)?;
        writeln!(out, "{:<29}{capacity:>10.0}", format!("{name}, closed loop"))?;
        let rates = SLOW.into_iter().map(|rate| (rate, name.to_string()));
        let parts = PARTS.map(|part| (part * capacity, format!("{name}, {:.0} %", part * 100.0)));
        for (rate, name) in rates.chain(parts) {
            line(servers, &mix, Offer { rate, name, time: size.open, capacity }, out)?;
        }
    }
    writeln!(
        out,
        "latency from the moment a request was due; processor time of collector and engine, idling included\n"
    )
}

/// Requests a second of a closed loop that takes as long as the open ones: what can be done for so long, loads and all.
fn capacity(servers: &Servers, mix: &Rc<Mix>, size: Size) -> io::Result<f64> {
    let plan = Plan { port: servers.full.port, connections: 64, time: size.open, rate: None, again: false };
    let done = drive::run(mix, plan)?;
    servers.full.drained(PATIENCE);
    Ok(done.acknowledged as f64 / size.open.as_secs_f64())
}

struct Offer {
    rate: f64,
    name: String,
    time: Duration,
    capacity: f64,
}

fn line(servers: &Servers, mix: &Rc<Mix>, offer: Offer, out: &mut impl Write) -> io::Result<()> {
    let Offer { rate, name, time, capacity } = offer;
    // As many connections as are open at once where requests wait; few where they do not.
    let connections = if rate > capacity { 512 } else { 64 };
    let plan = Plan { port: servers.full.port, connections, time, rate: Some(rate), again: false };
    let theirs = (rate < 1_000.0).then(|| -> io::Result<f64> {
        let before = servers.bare.used();
        let done = drive::run(mix, Plan { port: servers.bare.port, ..plan })?;
        Ok(servers.bare.used().since(before).own * 1e6 / done.acknowledged.max(1) as f64)
    });
    let bare = theirs.transpose()?.map_or(String::new(), |micros| format!("{micros:.1}"));
    let before = servers.full.used();
    let mut done = drive::run(mix, plan)?;
    sleep(Duration::from_millis(300));
    let used = servers.full.used().since(before);
    let (requests, seconds) = (done.acknowledged.max(1) as f64, time.as_secs_f64());
    let micros = used.own * 1e6 / requests;
    let [p50, p99, p999] = [0.5, 0.99, 0.999].map(|part| done.quantile(part));
    writeln!(
        out,
        "{name:<18}{rate:>11.0}{:>10.0}{:>10.0}{p50:>9.2}{p99:>9.2}{p999:>9.2}{micros:>8.1}{:>8.2}{:>9.2}{bare:>9}",
        requests / seconds,
        done.shed as f64 / seconds,
        micros / mix.shape.events() as f64,
        used.engine * 1e6 / done.worth.hits.max(1) as f64,
    )?;
    servers.full.drained(PATIENCE);
    Ok(())
}
