//! What collecting costs: processor time of the collector and of its engine for each event, beside that of a server which
//! only reads the same requests and answers 204; latency in open loops; how cost grows. Run by `make bench`; knows the
//! program from outside only.
//!
//! Servers are processes of their own and take turns under the same load, so that a busy machine disturbs all alike.
//! Time is utime + stime of the whole process. `QUICK=1` takes a minute, and its figures are coarse. Arguments choose a part
//! (`cost`, `latency`, `growth`, `memory`) and kinds of requests by a piece of their name: `-- cost /e`.

#[path = "collect/bare.rs"]
mod bare;
#[path = "collect/cost.rs"]
mod cost;
#[path = "collect/growth.rs"]
mod growth;
#[path = "collect/latency.rs"]
mod latency;
#[path = "load/mod.rs"]
mod load;
#[path = "collect/memory.rs"]
mod memory;
#[path = "server.rs"]
mod server;
#[path = "collect/wrk.rs"]
mod wrk;

use std::io;
use std::time::Duration;

/// How long everything is.
#[derive(Clone, Copy)]
pub struct Size {
    /// Turns each server gets for each kind of request.
    rounds: usize,
    /// One turn.
    turn: Duration,
    /// One rate of an open loop.
    open: Duration,
    /// Sites and pages of the larger worlds.
    sites: usize,
    pages: usize,
    /// Visitors of the day whose memory is looked at, and events none of which is like another.
    visitors: usize,
    hostile: u64,
    /// `deliver.crossings_interval_ms`.
    crossings_ms: &'static str,
}

impl Size {
    fn chosen() -> Self {
        let seconds = Duration::from_millis;
        match std::env::var_os("QUICK").is_some_and(|quick| quick != "0" && !quick.is_empty()) {
            true => Self {
                rounds: 1,
                turn: seconds(500),
                open: seconds(1_000),
                sites: 50,
                pages: 10_000,
                visitors: 50_000,
                hostile: 200_000,
                crossings_ms: "1000",
            },
            false => Self {
                rounds: 3,
                turn: seconds(1_500),
                open: seconds(5_000),
                sites: 1_000,
                pages: 100_000,
                visitors: 1_000_000,
                hostile: 10_000_000,
                crossings_ms: "15000",
            },
        }
    }
}

fn main() -> io::Result<()> {
    if let Some(port) = bare::asked_for() {
        return bare::serve(port);
    }
    let (size, mut out) = (Size::chosen(), io::stdout());
    let mut chosen = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let (only, kinds) = (chosen.next(), chosen.next().unwrap_or_default());
    let wanted = |part: &str| only.as_deref().is_none_or(|only| only == part);
    if wanted("cost") || wanted("latency") {
        let servers = cost::Servers::start(size)?;
        if wanted("cost") {
            cost::table(&servers, (size, &kinds), &mut out)?;
            wrk::table(&servers, &mut out)?;
        }
        if wanted("latency") {
            latency::table(&servers, (size, &kinds), &mut out)?;
        }
    }
    if wanted("growth") {
        growth::table(size, &mut out)?;
    }
    // Half an hour: only when it is asked for.
    if only.as_deref() == Some("memory") {
        memory::tables(size, &kinds, &mut out)?;
    }
    Ok(())
}

/// The middle one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
