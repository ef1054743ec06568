//! A long open loop: beacons, pixels and batches at a steady rate, a line every ten seconds, and in the end the account:
//! what was acknowledged must have been counted, not one event less or more. Run by `make soak MINUTES=n`, two minutes of
//! it by `make test`; knows the program from outside only.
//!
//! `RATE` is the number of requests a second (1500), `ADDRESSES` that of different addresses they come from (25000). With
//! `HITS` it ends when so many hits are sent, however long that takes: `make soak HITS=1000000 ADDRESSES=10000`.

#[path = "load/mod.rs"]
mod load;
#[path = "server.rs"]
mod server;

use std::collections::HashSet;
use std::io::{self, Write};
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use load::drive::{self, Done, Plan};
use load::fresh::Fresh;
use load::mix::{Shape, World};
use server::{Process, Used};

/// Of all requests, the kinds and their parts.
const KINDS: [(Shape, f64); 4] =
    [(Shape::Beacon, 0.75), (Shape::Pixel, 0.1), (Shape::Batch(20), 0.1), (Shape::Packed(20), 0.05)];
/// Time between two lines of the report.
const LINE: Duration = Duration::from_secs(10);
/// Time until everything is in ClickHouse.
const PATIENCE: Duration = Duration::from_secs(180);
/// MiB the collector may hold at the most: the rate is steady, so nothing may pile up.
const MOST_MIB: f64 = 512.0;

/// How much is sent.
#[derive(Clone, Copy)]
struct Wanted {
    minutes: f64,
    rate: f64,
    addresses: usize,
    hits: Option<u64>,
}

impl Wanted {
    fn chosen() -> Self {
        let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<f64>().ok());
        Self {
            minutes: std::env::args().skip(1).find_map(|text| text.parse().ok()).unwrap_or(2.0),
            rate: number("RATE").unwrap_or(1_500.0),
            addresses: number("ADDRESSES").unwrap_or(25_000.0) as usize,
            hits: number("HITS").map(|hits| hits as u64),
        }
    }

    fn time(self) -> Duration {
        Duration::from_secs_f64(if self.hits.is_some() { 86_400.0 } else { self.minutes * 60.0 })
    }

    /// The most requests of each kind.
    fn requests(self) -> [u64; KINDS.len()] {
        let Some(hits) = self.hits else { return [u64::MAX; KINDS.len()] };
        let of_request: f64 = KINDS.iter().map(|(shape, part)| shape.events() as f64 * part).sum();
        let mut requests = KINDS.map(|(_, part)| (hits as f64 / of_request * part) as u64);
        let sent: u64 = KINDS.iter().zip(requests).map(|((shape, _), requests)| shape.events() as u64 * requests).sum();
        // Beacons bring what is left over.
        requests[0] += hits - sent;
        requests
    }
}

fn main() -> io::Result<ExitCode> {
    let (wanted, mut out) = (Wanted::chosen(), io::stdout());
    let mut server = server::collector(&["demo".to_owned()], &[], &[])?;
    match wanted.hits {
        Some(hits) => writeln!(out, "{hits} hits, {} requests a second", wanted.rate)?,
        None => writeln!(out, "{} minutes, {} requests a second", wanted.minutes, wanted.rate)?,
    }
    let (total, addresses) = run(&server, wanted, &mut out)?;
    writeln!(out, "source addresses: {addresses}")?;
    let faults = account(&mut server, &total, &mut out)?;
    faults.iter().try_for_each(|fault| writeln!(out, "WRONG: {fault}"))?;
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Sends, and reports while sending. What came of it, and from how many addresses it came.
fn run(server: &Process, wanted: Wanted, out: &mut (impl Write + Send)) -> io::Result<(Done, usize)> {
    let (total, ended) = (Mutex::new((Done::default(), HashSet::new())), AtomicBool::new(false));
    let requests = wanted.requests();
    let send = &|index: usize| -> io::Result<()> {
        let (shape, part) = KINDS[index];
        let sites = ["demo".to_owned()];
        // Two people share an address.
        let world = World { sites: &sites, pages: 2_000, people: wanted.addresses * 2, key: &server.keys[0] };
        let source = Rc::new(Fresh::new(shape, world, (requests[index], index as u64)));
        let connections = if shape == Shape::Beacon { 64 } else { 16 };
        let rate = Some(wanted.rate * part);
        let done =
            drive::run(&source, Plan { port: server.port, connections, time: wanted.time(), rate, again: true })?;
        let mut total = total.lock().map_err(|_| io::Error::other("a sender failed"))?;
        total.0.add(done);
        total.1.extend(source.addresses());
        Ok(())
    };
    thread::scope(|scope| {
        let senders: Vec<_> = (0..KINDS.len()).map(|index| scope.spawn(move || send(index))).collect::<Vec<_>>();
        let report = scope.spawn(|| report(server, &ended, out));
        let sent = senders
            .into_iter()
            .try_for_each(|sender| sender.join().map_err(|_| io::Error::other("a sender failed"))?);
        ended.store(true, Ordering::Relaxed);
        report.join().map_err(|_| io::Error::other("the report failed"))??;
        sent
    })?;
    let (done, addresses) = total.into_inner().map_err(|_| io::Error::other("a sender failed"))?;
    Ok((done, addresses.len()))
}

/// A line every ten seconds.
fn report(server: &Process, ended: &AtomicBool, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
    writeln!(
        out,
        "{:>8}{:>12}{:>10}{:>12}{:>12}{:>12}{:>8}{:>12}",
        "s", "counted", "µs/event", "engine µs", "memory MiB", "engine MiB", "files", "spool KiB"
    )?;
    let recorded = || server.metrics().get("headcount_hits_recorded_total").copied().unwrap_or(0.0);
    let (mut before, mut counted) = (server.used(), recorded());
    let begun = before;
    while !ended.load(Ordering::Relaxed) {
        for _ in 0..100 {
            thread::sleep(LINE / 100);
            if ended.load(Ordering::Relaxed) {
                break;
            }
        }
        let (used, now) = (server.used(), recorded());
        let Used { own, engine, .. } = used.since(before);
        let (per_event, seconds) = (1e6 / (now - counted).max(1.0), used.since(begun).seconds);
        let [memory, of_engine] = server.resident_mib();
        let spool = server.metrics().get("headcount_spool_bytes").copied().unwrap_or(0.0) / 1024.0;
        writeln!(
            out,
            "{seconds:>8.0}{now:>12.0}{:>10.1}{:>12.1}{memory:>12.0}{of_engine:>12.0}{:>8}{spool:>12.0}",
            own * per_event,
            engine * per_event,
            server.descriptors()
        )?;
        (before, counted) = (used, now);
    }
    Ok(())
}

/// Compares what was acknowledged with what was counted; what is wrong.
fn account(server: &mut Process, total: &Done, out: &mut impl Write) -> io::Result<Vec<String>> {
    let mut faults = Vec::new();
    let mut check = |holds: bool, fault: String| {
        if !holds {
            faults.push(fault)
        }
    };
    check(server.runs(), "the collector has ended".to_owned());
    check(server.drained(PATIENCE), "the spool is not empty".to_owned());
    let first = total.wrong_answers.iter().take(3).map(|one| format!("\n{one}")).collect::<String>();
    check(total.wrong == 0, format!("{} answers were not what was due, the first:{first}", total.wrong));
    check(total.unanswered == 0, format!("{} requests had no answer", total.unanswered));
    check(total.shed_without_time == 0, format!("{} times 503 without Retry-After", total.shed_without_time));
    let sent = [total.worth.pageviews, total.worth.events];
    let counted = server.totals("demo").unwrap_or_default();
    for (index, what) in ["page views", "events"].into_iter().enumerate() {
        let (sent, counted) = (sent[index], counted[index]);
        writeln!(
            out,
            "{what}: acknowledged {sent}, counted {counted}, lost {}, doubled {}",
            sent.saturating_sub(counted),
            counted.saturating_sub(sent)
        )?;
        check(sent == counted, format!("{what}: {sent} were acknowledged and {counted} counted"));
    }
    let metrics = server.metrics();
    let number = |name: &str| metrics.get(name).copied().unwrap_or(0.0);
    check(number("headcount_refused_cells_total") == 0.0, "rows were put aside".to_owned());
    let [peak, engine] = server.peak_mib();
    writeln!(
        out,
        "hits {}, shed {}, load retries {}; peak memory: collector {peak:.0} MiB, engine {engine:.0} MiB",
        total.worth.hits,
        total.shed,
        number("headcount_load_retries_total")
    )?;
    check(peak < MOST_MIB, format!("the collector took {peak:.0} MiB"));
    Ok(faults)
}
