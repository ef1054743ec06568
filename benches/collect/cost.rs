//! The table of costs: one line for each kind of request, three servers in turns.

use std::io::{self, Write};
use std::rc::Rc;
use std::thread::sleep;
use std::time::Duration;

use super::load::drive::{self, Done, Plan};
use super::load::mix::{Mix, Shape, World};
use super::server::{self, Process, Used};
use super::{Size, median};

/// Kinds of requests, the number of different ones that are made, connections.
const SHAPES: [(&str, Shape, usize, usize); 9] = [
    ("POST /e", Shape::Beacon, 20_000, 64),
    ("GET /p.gif", Shape::Pixel, 20_000, 64),
    ("/v1/events, 1", Shape::Batch(1), 10_000, 64),
    ("/v1/events, 1, gzip", Shape::Packed(1), 10_000, 64),
    ("/v1/events, 100", Shape::Batch(100), 400, 32),
    ("/v1/events, 100, gzip", Shape::Packed(100), 400, 32),
    ("/v1/events, 2000", Shape::Batch(2_000), 24, 8),
    ("/v1/events, 2000, gzip", Shape::Packed(2_000), 24, 8),
    ("POST /e, 1 visitor a hit", Shape::Beacon, 60_000, 64),
];
/// People of the made-up traffic: three events for each when every beacon was sent once.
const PEOPLE: usize = 7_000;
/// Pages of its site.
const PAGES: usize = 2_000;
/// Time after a turn in which the collector finishes what it has taken.
const AFTER: Duration = Duration::from_millis(300);
/// The longest time until everything is in ClickHouse.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// The servers that take turns.
pub struct Servers {
    /// Reads requests and answers 204.
    pub bare: Process,
    /// The collector as it comes.
    pub full: Process,
    /// The collector with a site that keeps no crossings.
    pub plain: Process,
    /// What engine and collector use while nothing comes, a second of each, for both collectors.
    idle: [Used; 2],
}

/// Names of the sites.
pub fn sites(count: usize) -> Vec<String> {
    (0..count).map(|number| if number == 0 { "demo".to_owned() } else { format!("site-{number}") }).collect()
}

impl Servers {
    /// Starts them and watches them do nothing for a while.
    pub fn start(size: Size) -> io::Result<Self> {
        let variables = [("HEADCOUNT_DELIVER__CROSSINGS_INTERVAL_MS", size.crossings_ms)];
        let full = server::collector(&sites(1), &[], &variables)?;
        let plain = server::collector(&sites(1), &["--crossings", "none"], &variables)?;
        sleep(Duration::from_secs(1));
        let before = [full.used(), plain.used()];
        sleep(size.open);
        let per_second = |after: Used, before: Used| {
            let used = after.since(before);
            Used { own: used.own / used.seconds, engine: used.engine / used.seconds, ..Used::default() }
        };
        let idle = [per_second(full.used(), before[0]), per_second(plain.used(), before[1])];
        Ok(Self { bare: server::bare()?, full, plain, idle })
    }
}

/// What one collector's turns came to.
#[derive(Default)]
struct Turns {
    micros: Vec<f64>,
    rates: Vec<f64>,
    hits: f64,
}

impl Turns {
    fn add(&mut self, done: &Done, used: Used, time: Duration) {
        self.micros.push(used.own * 1e6 / done.acknowledged.max(1) as f64);
        self.rates.push(done.acknowledged as f64 / time.as_secs_f64());
        self.hits += done.worth.hits as f64;
    }
}

/// Prints the table for kinds of requests with `kinds` in their name.
pub fn table(servers: &Servers, (size, kinds): (Size, &str), out: &mut impl Write) -> io::Result<()> {
    let [full, plain] = servers.idle;
    writeln!(
        out,
        "idle, % of a processor: collector {:.1}, engine {:.1}; without crossings {:.1}, {:.1}\n",
        full.own * 100.0,
        full.engine * 100.0,
        plain.own * 100.0,
        plain.engine * 100.0
    )?;
    writeln!(
        out,
        "{:<26}{:>8}{:>9}{:>7}{:>9}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>9}",
        "", "bare", "ours", "ratio", "requests", "event", "event", "event", "engine", "engine", "disk B", "engine B"
    )?;
    writeln!(
        out,
        "{:<26}{:>8}{:>9}{:>7}{:>9}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>9}",
        "", "µs/req", "µs/req", "", "/s", "µs", "in all", "no x", "µs", "no x", "/event", "/event"
    )?;
    for (name, shape, count, connections) in SHAPES.into_iter().filter(|(name, ..)| name.contains(kinds)) {
        let people = if count == 60_000 { 10_000_000 } else { PEOPLE };
        let line = line(servers, size, Kind { shape, count, connections, people })?;
        writeln!(out, "{name:<26}{line}")?;
    }
    let [[full, engine], [plain, _]] = [servers.full.peak_mib(), servers.plain.peak_mib()];
    writeln!(out, "\npeak memory, MiB: collector {full:.0} (without crossings {plain:.0}), engine {engine:.0}")?;
    writeln!(
        out,
        "processor time; bare, ours, event: median of {} turns of {:?} in a closed loop",
        size.rounds, size.turn
    )?;
    writeln!(
        out,
        "in all, engine, bytes: until everything is in ClickHouse, less what idling takes; no x: no crossings\n"
    )
}

struct Kind {
    shape: Shape,
    count: usize,
    connections: usize,
    people: usize,
}

fn line(servers: &Servers, size: Size, kind: Kind) -> io::Result<String> {
    let Servers { bare, full, plain, idle } = servers;
    let names = sites(1);
    let mix = |key: &str| {
        let world = World { sites: &names, pages: PAGES, people: kind.people, key };
        Rc::new(Mix::new(kind.shape, world, (kind.count, 1)))
    };
    let (with_key, with_other) = (mix(&full.keys[0]), mix(&plain.keys[0]));
    let (mut theirs, mut ours, mut others) = (Turns::default(), Turns::default(), Turns::default());
    // What only the first of a kind costs, such as agents never seen before, is no turn's.
    for (process, mix) in [(bare, &with_key), (full, &with_key), (plain, &with_other)] {
        let time = size.turn / 2;
        drive::run(mix, Plan { port: process.port, connections: kind.connections, time, rate: None, again: false })?;
    }
    sleep(AFTER);
    let begun = [full.used(), plain.used()];
    for _ in 0..size.rounds {
        for (process, mix, turns) in
            [(bare, &with_key, &mut theirs), (full, &with_key, &mut ours), (plain, &with_other, &mut others)]
        {
            let plan =
                Plan { port: process.port, connections: kind.connections, time: size.turn, rate: None, again: false };
            turn(process, mix, plan, turns)?;
        }
    }
    let mut all = [Used::default(); 2];
    for (index, process) in [full, plain].into_iter().enumerate() {
        if !process.drained(PATIENCE) {
            return Err(io::Error::other("the spool was not drained"));
        }
        let used = process.used().since(begun[index]);
        all[index] = Used {
            own: used.own - idle[index].own * used.seconds,
            engine: used.engine - idle[index].engine * used.seconds,
            ..used
        };
    }
    let (events, rate) = (kind.shape.events() as f64, median(ours.rates));
    let (bare, per_request, plain) = (median(theirs.micros), median(ours.micros), median(others.micros) / events);
    let event = per_request / events;
    let (in_all, engine) = (all[0].own * 1e6 / ours.hits, all[0].engine * 1e6 / ours.hits);
    let (other, disk) = (all[1].engine * 1e6 / others.hits, all[0].own_bytes / ours.hits);
    let stored = all[0].engine_bytes / ours.hits;
    let ratio = per_request / bare;
    Ok(format!(
        "{bare:>8.1}{per_request:>9.1}{ratio:>7.2}{rate:>9.0}{event:>8.2}{in_all:>8.2}{plain:>8.2}{engine:>8.2}{other:>8.2}{disk:>8.0}{stored:>9.0}"
    ))
}

fn turn(process: &Process, mix: &Rc<Mix>, plan: Plan, turns: &mut Turns) -> io::Result<()> {
    let before = process.used();
    let done = drive::run(mix, plan)?;
    sleep(AFTER);
    let used = process.used().since(before);
    if done.wrong + done.unanswered > 0 {
        return Err(io::Error::other("answers were wrong or missing: the numbers would be worthless"));
    }
    turns.add(&done, used, plan.time);
    Ok(())
}
