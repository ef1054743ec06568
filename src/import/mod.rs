//! `headcount import`: past access logs and exports of other products, sent to a running server as an owner's events. Called
//! by `main`. Shares a state directory with the server for a key, the list of imports and the [`ledger`]; no part of the
//! collector is touched from here, which stays the only writer.
//!
//! [`input`] opens files, [`records`] takes them apart, [`decode`] makes events of records, [`reading`] puts pieces
//! together and [`sending`] sends them; [`tally`] tells what became of everything.

pub mod decode;
mod error;
pub mod event;
mod follow;
mod input;
mod ledger;
mod reading;
pub mod records;
mod sending;
mod site_note;
mod skip;
mod tally;
pub mod totals;
mod zip;

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

pub use self::error::ImportError;
use self::input::{Input, Packed};
use self::ledger::Ledger;
use self::reading::Reading;
use self::sending::Sending;
use self::site_note::SiteNote;
pub use self::skip::Skip;
use self::tally::Tally;
use self::totals::Laying;
use crate::cli::import::ImportArgs;
use crate::courier::{CourierError, Pass, Patience, Stops, reachable, run_name};
use crate::registry::{Registry, SiteRecord};

/// Imports files into a site of the server at the address, and writes to `out` what became of every record.
///
/// # Errors
/// When site or server are missing, a file cannot be read, or it was interrupted; the message says what to do.
pub fn run(
    arguments: &ImportArgs,
    registry: &Registry,
    (state_dir, address): (&Path, SocketAddr),
    out: &mut dyn Write,
) -> Result<(), ImportError> {
    let snapshot = registry.snapshot();
    let site = snapshot.record(&arguments.site).ok_or_else(|| ImportError::NoSite(arguments.site.clone()))?;
    let inputs = input::inputs(&arguments.files, arguments.format)?;
    if arguments.follow && inputs.last().is_some_and(|last| last.packed != Packed::Plain) {
        return Err(ImportError::FollowPacked);
    }
    let known = |import: &str| site.imports.iter().any(|known| known.id == import);
    let ledger = Ledger::open(state_dir, &site.id, arguments.format.code(), known)?;
    let server = reachable(address);
    TcpStream::connect_timeout(&server, Duration::from_secs(5)).map_err(|_| CourierError::NoServer(server))?;
    // The server knows of the site when it knows the key, which is made after it.
    let pass = Pass::make(registry, &site.id, &run_name("import")?)?;
    let (stops, patience) = (Stops::listen()?, Patience::default());
    pass.wait(server, &site.id)?;
    if arguments.format.holds_totals() {
        let (format, bearer, patience) = (arguments.format, pass.bearer(), &patience);
        let progress = progress(false);
        let laying = Laying { registry, site: &site.id, format, server, bearer, patience, progress };
        return lay_in(&laying, &inputs, (&pass, stops), out);
    }
    let reading = begin_reading(arguments, (registry, site), (server, pass.bearer(), &patience), ledger);
    reading.progress.set_length(inputs.iter().map(Input::size).sum());
    let reading = Mutex::new(reading);
    let lock = || reading.lock().unwrap_or_else(PoisonError::into_inner);
    let outcome = stops.run(1, (&pass, &patience.stop), || lock().work(&inputs));
    let mut reading = lock();
    reading.progress.finish_and_clear();
    reading.tally.tell(out)?;
    // The file has no end: being stopped is how following ends.
    let outcome = match outcome {
        Err(ImportError::Interrupted) if arguments.follow => Ok(()),
        outcome => outcome,
    };
    let Reading { note, ledger, .. } = &mut *reading;
    note.write(ledger, outcome.is_ok())?;
    outcome
}

/// Totals are handed in by the day and have no place in a file to go on from.
fn lay_in(
    laying: &Laying<'_>,
    inputs: &[Input],
    (pass, stops): (&Pass<'_>, Stops),
    out: &mut dyn Write,
) -> Result<(), ImportError> {
    let tally = Mutex::new(Tally::default());
    let lock = || tally.lock().unwrap_or_else(PoisonError::into_inner);
    let outcome = stops.run(1, (pass, &laying.patience.stop), || laying.work(inputs, &mut lock()));
    laying.progress.finish_and_clear();
    lock().tell(out)?;
    totals::tell_days(&lock(), out)?;
    outcome
}

fn begin_reading<'a>(
    arguments: &'a ImportArgs,
    (registry, site): (&'a Registry, &'a SiteRecord),
    (server, bearer, patience): (SocketAddr, &'a str, &'a Patience),
    ledger: Ledger,
) -> Reading<'a> {
    let timezone = jiff::tz::TimeZone::get(&site.timezone).unwrap_or(jiff::tz::TimeZone::UTC);
    Reading {
        arguments,
        host: site.domains.first().map_or("", String::as_str),
        origin: format!("{} {} {}", site.id, site.created_at, arguments.format.code()),
        properties: Arc::default(),
        sending: Sending::new(server, bearer, (&site.id, timezone), patience),
        ledger,
        note: SiteNote::new(registry, (&site.id, arguments.format.code())),
        tally: Tally::default(),
        progress: progress(arguments.follow),
        patience,
        words: |line| eprintln!("{line}"),
        said: Instant::now(),
    }
}

/// A bar on the terminal, hidden where there is none. Who follows a file never ends.
fn progress(follows: bool) -> ProgressBar {
    if follows {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes}, {msg}, {eta} left");
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
