//! What collector and engine hold in memory: over a day with many visitors, while somebody sends events of which none is
//! like another, and while somebody sends known values in ever new pairs, which goes to the disk. All end with the account:
//! what was acknowledged is what was counted.

use std::io::{self, Write};
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::Size;
use super::cost::sites;
use super::load::clock::{self, Clock};
use super::load::day::{Day, HITS};
use super::load::drive::{self, Done, Plan, Source};
use super::load::hostile::{Hostile, Words};
use super::load::mix::Shape;
use super::server::{self, Process, Used};

/// Of all visitors of the day, those in a visit at its end: one of so many.
const HERE: usize = 20;
/// Requests a second of those who go on: ten times what a million visitors send in the mean.
const RATE: f64 = 600.0;
/// Lines for events none of which is like another.
const LINES: u64 = 10;
/// Events of a batch of such events.
const BATCH: usize = 500;
/// Longer than anything takes.
const EVER: Duration = Duration::from_secs(86_400);
/// The longest time until everything is in ClickHouse.
const PATIENCE: Duration = Duration::from_secs(600);
/// Connections at once.
const CONNECTIONS: usize = 64;

/// Values of each dimension that come in ever new pairs; the cap is 10,000.
const KNOWN: u64 = 5_000;

/// Prints all tables, or the one of this name.
pub fn tables(size: Size, only: &str, out: &mut impl Write) -> io::Result<()> {
    if "day".contains(only) {
        day(size.visitors, out)?;
    }
    if "hostile".contains(only) {
        hostile((size.hostile, Words::New), out)?;
    }
    if "pairs".contains(only) {
        hostile((size.hostile / 4, Words::Known(KNOWN)), out)?;
    }
    Ok(())
}

/// A line: what is held now, and the most since the line before.
fn line(process: &Process, what: &str, more: &str, out: &mut impl Write) -> io::Result<()> {
    let ([own, engine], [peak, engines]) = (process.resident_mib(), process.peak_mib());
    process.forget_peak();
    writeln!(out, "{what:<56}{own:>10.0}{peak:>8.0}{engine:>10.0}{engines:>8.0}{more}")?;
    out.flush()
}

fn head(what: &str, more: &str, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{what:<56}{:>10}{:>8}{:>10}{:>8}{more}", "collector", "peak", "engine", "peak")
}

/// What was sent, and the numbers of the API: these must be equal.
fn account(process: &Process, sent: &Done, out: &mut impl Write) -> io::Result<()> {
    if !process.drained(PATIENCE) {
        return Err(io::Error::other("the spool was not drained"));
    }
    let counted = process.totals("demo").unwrap_or_default();
    let acknowledged = [sent.worth.pageviews, sent.worth.events];
    writeln!(out, "page views and events: acknowledged {acknowledged:?}, counted {counted:?}; shed {}", sent.shed)?;
    if counted != acknowledged || sent.wrong + sent.unanswered > 0 {
        return Err(io::Error::other("what was counted is not what was acknowledged"));
    }
    Ok(())
}

/// A day on which most have come and gone and the last are here.
fn day(visitors: usize, out: &mut impl Write) -> io::Result<()> {
    let directory = std::env::temp_dir().join(format!("headcount-bench-clock-{}", std::process::id()));
    std::fs::create_dir_all(&directory)?;
    let clock = Rc::new(Clock::new(&directory)?);
    let outcome = hours(visitors, &clock, out);
    std::fs::remove_dir_all(&directory)?;
    outcome
}

fn hours(visitors: usize, clock: &Rc<Clock>, out: &mut impl Write) -> io::Result<()> {
    let midnight = clock::now() / 86_400 * 86_400;
    clock.set(midnight + 600)?;
    let variables = clock.variables();
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let process = server::collector(&sites(1), &[], &variables)?;
    let (mut sent, here) = (Done::default(), visitors / HERE);
    let gone = visitors - here;
    let mut send = |people: std::ops::Range<usize>, hours: std::ops::Range<i64>, rate| -> io::Result<f64> {
        let (source, begun) = (Rc::new(Day::new(people, hours, clock.clone())), Instant::now());
        let plan = Plan { port: process.port, connections: CONNECTIONS, time: EVER, rate, again: false };
        let done = drive::run(&source, plan)?;
        let rate = done.worth.hits as f64 / begun.elapsed().as_secs_f64();
        sent.add(done);
        Ok(rate)
    };
    head("resident memory, MiB", "", out)?;
    line(&process, "at the start", "", out)?;
    let rate = send(0..gone, midnight + 900..midnight + 79_200, None)?;
    line(&process, &format!("{gone} visitors came and went, {rate:.0} hits a second"), "", out)?;
    process.drained(PATIENCE);
    line(&process, "all of that is in ClickHouse", "", out)?;
    // The last come in the twenty minutes after half an hour of silence.
    let last = midnight + 79_200 + 2_400..midnight + 79_200 + 3_600;
    let rate = send(gone..visitors, last, Some(RATE * 2.0))?;
    line(&process, &format!("{here} more, all in a visit, {rate:.0} hits a second"), "", out)?;
    process.drained(PATIENCE);
    line(&process, "all of that is in ClickHouse", "", out)?;
    let before = process.numbers("demo", ["visitors", "visits"]).unwrap_or_default();
    // Those who go on take their time by the right clock.
    let (now, on) = (midnight + 79_200 + 3_600, here / 2);
    let seconds = (on * HITS) as f64 / RATE;
    let rate = send(gone..gone + on, now..now + seconds as i64, Some(RATE))?;
    line(&process, &format!("half of them go on, {rate:.0} hits a second"), "", out)?;
    process.drained(PATIENCE);
    let [seen, visits] = process.numbers("demo", ["visitors", "visits"]).unwrap_or_default();
    line(&process, "all of that is in ClickHouse, and totals were asked for", "", out)?;
    // By a clock that goes so fast, an answer that takes a while is half an hour in which nothing came.
    writeln!(out, "visitors {seen} (sketched), visits {visits} of {visitors} people")?;
    if before != [seen, visits] {
        return Err(io::Error::other("those who went on were not in a visit any more"));
    }
    account(&process, &sent, out)?;
    writeln!(out)
}

/// Events that are made to be dear, half of them beacons, half in batches.
fn hostile((events, words): (u64, Words), out: &mut impl Write) -> io::Result<()> {
    let process = server::collector(&sites(1), &[], &[])?;
    let (mut sent, each) = (Done::default(), events / LINES);
    let what = match words {
        Words::New => "events of which none is like another",
        Words::Known(_) => "known values in ever new pairs",
    };
    let what = format!("resident memory, MiB; {what}");
    head(&what, "   µs a beacon, in a batch, engine   MiB on disk   pages", out)?;
    line(&process, "at the start", "", out)?;
    for number in 0..LINES {
        let (begun, first) = (process.used(), number * each);
        let run = |shape, first| Rc::new(Hostile::new(shape, words, &process.keys[0], (first, each / 2)));
        let beacons = turn(&process, &run(Shape::Beacon, first), &mut sent)?;
        let batches = turn(&process, &run(Shape::Batch(BATCH), first + each / 2), &mut sent)?;
        let engine = process.used().since(begun).engine * 1e6 / each as f64;
        let pages =
            process.ask(r#"{"site_id":"demo","metrics":["events"],"dimensions":["event:page"],"date_range":"all"}"#);
        let capped = if pages.contains("(more)") { "(more)" } else { "each its own" };
        let disk = process.stored_mib();
        let more = format!("{beacons:>14.1}{batches:>12.1}{engine:>8.1}{disk:>14.0}   {capped}");
        line(&process, &format!("{} events", first + each), &more, out)?;
    }
    process.drained(PATIENCE);
    line(&process, "all of that is in ClickHouse", &format!("{:>48.0}", process.stored_mib()), out)?;
    let question = r#"{"site_id":"demo","metrics":["visitors"],"dimensions":["event:page"],"filters":[["is","visit:country",["US"]]],"date_range":"all"}"#;
    let answer = process.ask(question);
    line(&process, "pages of a country were asked for", "", out)?;
    if !answer.starts_with("HTTP/1.1 200") {
        writeln!(out, "that was not answered: {}", answer.lines().next().unwrap_or("nothing"))?;
    }
    account(&process, &sent, out)?;
    writeln!(out)
}

/// Sends all of it; returns microseconds of the collector's processor time for an event.
fn turn<S: Source + 'static>(process: &Process, source: &Rc<S>, sent: &mut Done) -> io::Result<f64> {
    let before = process.used();
    let plan = Plan { port: process.port, connections: CONNECTIONS, time: EVER, rate: None, again: true };
    let mut done = drive::run(source, plan)?;
    let Used { own, .. } = process.used().since(before);
    let micros = own * 1e6 / done.worth.hits.max(1) as f64;
    done.latencies.clear();
    sent.add(done);
    Ok(micros)
}
