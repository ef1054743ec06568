//! What collecting costs: processor time of the collector for each event, beside that of a server which only reads the
//! same requests and answers 204. Run by `make bench`; knows the program from outside only.
//!
//! Both servers are processes of their own and take turns under the same load, so that a busy machine disturbs both
//! alike. Time is utime + stime of the whole process, commits, fsync and the load into ClickHouse included; that of
//! ClickHouse itself is left out.

#[path = "collect/bare.rs"]
mod bare;
#[path = "collect/load.rs"]
mod load;
#[path = "collect/server.rs"]
mod server;

use std::io::Write;
use std::thread::sleep;
use std::time::Duration;

use load::{Load, Shape};
use server::Process;

/// Turns each server gets for each kind of request.
const ROUNDS: usize = 3;
/// How long a turn is.
const TURN: Duration = Duration::from_millis(1_000);
/// Time after a turn in which the collector finishes what it has taken: its loads are a second apart.
const AFTER: Duration = Duration::from_millis(1_200);

const SHAPES: [(&str, Shape); 4] = [
    ("POST /e", Shape::Beacon),
    ("POST /v1/events, 1", Shape::Batch(1)),
    ("POST /v1/events, 100", Shape::Batch(100)),
    ("POST /v1/events, 2000", Shape::Batch(2_000)),
];

/// One turn: requests answered, and what they cost.
struct Turn {
    requests: u64,
    seconds: f64,
}

impl Turn {
    fn micros(&self) -> f64 {
        self.seconds * 1e6 / self.requests.max(1) as f64
    }
}

fn main() -> std::io::Result<()> {
    if let Some(port) = bare::asked_for() {
        return bare::serve(port);
    }
    let (bare, (collector, key)) = (server::bare()?, server::collector()?);
    let mut out = std::io::stdout();
    writeln!(out, "{:<24}{:>12}{:>14}{:>14}{:>8}", "", "µs/event", "µs/request", "bare 204", "ratio")?;
    for (name, shape) in SHAPES {
        let load = Load::new(shape, &key);
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.push(turn(&collector, &load, AFTER).micros());
            theirs.push(turn(&bare, &load, Duration::ZERO).micros());
        }
        let (ours, theirs) = (median(ours), median(theirs));
        let event = ours / shape.events() as f64;
        writeln!(out, "{name:<24}{event:>12.2}{ours:>14.1}{theirs:>14.1}{:>8.2}", ours / theirs)?;
    }
    writeln!(out, "processor time, median of {ROUNDS} turns; ratio: collector to bare server, for a request")
}

fn turn(process: &Process, load: &Load, after: Duration) -> Turn {
    let before = process.seconds();
    let requests = load.run(process.port, TURN);
    sleep(after);
    Turn { requests, seconds: process.seconds() - before }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
