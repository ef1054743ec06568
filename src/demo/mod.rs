//! `headcount demo`: realistic traffic for a running server, through its real endpoints, counted to the hit. Called by
//! `main`. Shares a state directory with the server and nothing else: no part of the collector is touched from here.
//!
//! [`owner`] defines what is to be counted; [`world`] and [`feature`] say what there is, [`person`], [`past`], [`visit`], [`measured`] and [`timeline`] what
//! happens, [`wire`] how it is written; [`traffic`] makes requests of it and [`send`] sends them.

mod error;
pub mod feature;
pub mod measured;
mod owner;
mod past;
pub mod person;
pub mod random;
mod send;
mod timeline;
mod traffic;
pub mod visit;
mod wire;
pub mod world;

use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

pub use self::error::DemoError;
use self::send::{Sending, Tally};
use self::timeline::Timeline;
use self::traffic::{Plan, Traffic};
use crate::cli::DemoArgs;
use crate::clock::Clock;
use crate::courier::{CourierError, Pass, Stops, reachable, run_name};
use crate::model::Site;
use crate::registry::Registry;

/// Connections at once.
const CONNECTIONS: usize = 4;
/// Events of a batch.
const BATCH: (u64, u64) = (50, 500);
/// Host of a site that takes every host.
const HOST: &str = "www.northwind.example";

/// Sends the traffic that was asked for to the server at `address`, and writes to `out` what became of it.
///
/// # Errors
/// When site or server are missing, or not every hit was counted; the message says what to do.
pub fn run(
    arguments: &DemoArgs,
    registry: &Registry,
    address: SocketAddr,
    out: &mut dyn Write,
) -> Result<(), DemoError> {
    let snapshot = registry.snapshot();
    let site = snapshot.site(&arguments.site).ok_or_else(|| DemoError::NoSite(arguments.site.clone()))?;
    let run = run_name("demo")?;
    let traffic = Traffic::new(plan(arguments, site, &run)?);
    let server = reachable(address);
    std::net::TcpStream::connect_timeout(&server, Duration::from_secs(5))
        .map_err(|_| CourierError::NoServer(server))?;
    // The server knows of it when it knows the key, which is made after it.
    owner::define(registry, &arguments.site)?;
    let pass = Pass::make(registry, &arguments.site, &run)?;
    // From here on a signal must not end the program: the key is to be revoked.
    let stops = Stops::listen()?;
    pass.wait(server, &arguments.site)?;
    let sending = Sending::new(traffic, server, pass.bearer(), arguments.rate, progress(arguments.hits));
    let outcome = stops.run(CONNECTIONS, (&pass, sending.stop()), || sending.work());
    sending.progress.finish_and_clear();
    let (tally, time) = sending.total();
    report(&tally, time, out)?;
    outcome?;
    if sending.stop().is_cancelled() {
        return Err(DemoError::Interrupted(tally.counted()));
    }
    match tally.counted() {
        counted if counted == tally.sent => Ok(()),
        counted => Err(DemoError::Uncounted { sent: tally.sent, counted }),
    }
}

fn plan(arguments: &DemoArgs, site: &Site, run: &str) -> Result<Plan, DemoError> {
    let now = Clock::System.unix_seconds();
    // At a low rate, large batches would arrive seldom.
    let most = if arguments.rate == 0 { BATCH.1 } else { u64::from(arguments.rate / 4).clamp(1, BATCH.1) };
    Ok(Plan {
        site: arguments.site.clone(),
        host: site.domains.first().cloned().unwrap_or_else(|| HOST.to_owned()),
        seed: arguments.seed,
        hits: arguments.hits,
        days: arguments.days,
        timeline: Timeline::new(&site.timezone, arguments.days, now)?,
        batch: BATCH.0.min(most)..=most,
        run: run.to_owned(),
    })
}

/// A bar on the terminal, hidden where there is none.
fn progress(hits: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} hits, {per_sec}, {eta} left");
    ProgressBar::new(hits).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn report(tally: &Tally, time: Duration, out: &mut dyn Write) -> std::io::Result<()> {
    let dropped: u64 = tally.dropped.values().sum();
    let per_second = (tally.sent as f64 / time.as_secs_f64().max(0.001)) as u64;
    let rows = [
        ("sent", tally.sent),
        ("accepted", tally.accepted),
        ("duplicates", tally.duplicates),
        ("dropped", dropped),
        ("reports", tally.reports),
        ("repeated requests", tally.repeated),
        ("hits per second", per_second),
    ];
    for (name, number) in rows {
        writeln!(out, "{name:<18}{number:>12}")?;
    }
    tally.dropped.iter().try_for_each(|(reason, hits)| writeln!(out, "dropped as {reason}: {hits}"))
}
