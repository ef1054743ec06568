//! A long open loop: beacons, pixels and batches at a steady rate, a line every ten seconds, and in the end the account:
//! what was acknowledged must have been counted, not one event less or more. Run by `make soak MINUTES=n`, two minutes of
//! it by `make test`; knows the program from outside only.
//!
//! `RATE` is the number of requests a second (1500).

#[path = "load/mod.rs"]
mod load;
#[path = "server.rs"]
mod server;

use std::io::{self, Write};
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use load::drive::{self, Done, Plan};
use load::mix::{Mix, Shape, World};
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

fn main() -> io::Result<ExitCode> {
    let minutes: f64 = std::env::args().skip(1).find_map(|text| text.parse().ok()).unwrap_or(2.0);
    let rate: f64 = std::env::var("RATE").ok().and_then(|rate| rate.parse().ok()).unwrap_or(1_500.0);
    let mut out = io::stdout();
    let sites = ["demo".to_owned()];
    let mut server = server::collector(&sites, &[], &[])?;
    let time = Duration::from_secs_f64(minutes * 60.0);
    writeln!(out, "{minutes} minutes, {rate} requests a second")?;
    let total = run(&server, (rate, time), &mut out)?;
    let faults = account(&mut server, &total, &mut out)?;
    faults.iter().try_for_each(|fault| writeln!(out, "WRONG: {fault}"))?;
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Sends, and reports while sending.
fn run(server: &Process, (rate, time): (f64, Duration), out: &mut (impl Write + Send)) -> io::Result<Done> {
    let (total, ended) = (Mutex::new(Done::default()), AtomicBool::new(false));
    let send = &|index: usize| -> io::Result<()> {
        let (shape, part) = KINDS[index];
        let sites = ["demo".to_owned()];
        let world = World { sites: &sites, pages: 2_000, people: 50_000, key: &server.keys[0] };
        let mix = Rc::new(Mix::new(shape, world, (20_000 / shape.events(), index as u64)));
        let connections = if shape == Shape::Beacon { 64 } else { 16 };
        let plan = Plan { port: server.port, connections, time, rate: Some(rate * part), again: true };
        let done = drive::run(&mix, plan)?;
        total.lock().map_err(|_| io::Error::other("a sender failed"))?.add(done);
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
    total.into_inner().map_err(|_| io::Error::other("a sender failed"))
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
    check(total.wrong == 0, format!("{} answers were neither 2xx nor 503", total.wrong));
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
