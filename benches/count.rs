//! What counting costs: processor time of the commit thread for each event, from windows to cells and crossings. Run by
//! `make bench`; calls the library.
//!
//! A realistic mix: three events a visitor, pages and profiles spread as on a busy site, a fifth of the events are
//! features, half of the visitors of a window go on in the next one. Every event has 17 attributes, nine of them such
//! that reports can be filtered by them.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use headcount::count::{Folder, Live, Window};
use headcount::deliver::spool::{Spool, SpoolLimits};
use headcount::model::{Batch, CrossingChoice, Day, Dimension, Event, EventKind, Hour, Site, Visitor};
use headcount::privacy::salt::SaltStore;

/// 2026-11-21 12:00 UTC, and its day.
const NOON: i64 = 1_795_262_400;
const TODAY: Day = Day(20_778);
/// Events of a window, windows that are measured, windows before.
const SIZES: [(usize, usize, usize); 3] = [(10_000, 6, 2), (500, 100, 20), (1, 3_000, 500)];

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Cells,
    Visits,
    Crossings,
}

const KINDS: [(&str, What); 3] = [
    ("cells of nobody's events", What::Cells),
    ("cells and visits", What::Visits),
    ("cells, visits, crossings", What::Crossings),
];

/// Numbers that look random and are the same in each run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }

    /// Below `n`, small numbers far more often than large ones.
    fn skewed(&mut self, n: u64) -> u64 {
        let part = self.next() as f64 / (1u64 << 53) as f64;
        ((n as f64).powf(part) - 1.0) as u64
    }
}

struct Bench {
    directory: PathBuf,
    site: Arc<Site>,
    folder: Folder,
    random: Random,
    what: What,
    now: i64,
    windows: u64,
}

/// What a size and kind came to, per event.
#[derive(Default)]
struct Cost {
    taking: f64,
    folding: f64,
    cells: f64,
    crossings: f64,
    bytes: f64,
}

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{:<28}{:>10}{:>10}{:>10}{:>10}{:>12}{:>10}",
        "", "events", "µs taken", "µs folded", "cells", "crossings", "spooled B"
    )?;
    for (name, what) in KINDS {
        for (events, windows, before) in SIZES {
            let Cost { taking, folding, cells, crossings, bytes } = Bench::new(what).run(events, windows, before);
            writeln!(
                out,
                "{name:<28}{events:>10}{taking:>10.2}{folding:>10.2}{cells:>10.2}{crossings:>12.2}{bytes:>10.0}"
            )?;
        }
    }
    writeln!(out, "per event, processor time of one thread; events: of one window")
}

impl Bench {
    fn new(what: What) -> Self {
        let directory = std::env::temp_dir().join(format!("headcount-bench-{}", std::process::id()));
        let mut site = Site::new("bench".parse().expect("an id"), jiff::tz::TimeZone::UTC);
        if what != What::Crossings {
            site.crossings = CrossingChoice::Of(Vec::new());
        }
        let site = Arc::new(site);
        let salts = SaltStore::open(&directory.join("salts"), [&*site].into_iter(), NOON).expect("opens");
        let folder = Folder::new(Arc::new(salts), Arc::new(Live::default()), 10_000);
        Self { directory, site, folder, random: Random(0x9e37_79b9_7f4a_7c15), what, now: NOON, windows: 0 }
    }

    fn run(&mut self, events: usize, windows: usize, before: usize) -> Cost {
        // Made beforehand and kept to the end: on collecting threads, events take no part in what a commit allocates.
        let mut ready = (0..before + windows).map(|_| self.events(events)).collect::<Vec<_>>().into_iter();
        let mut done: Vec<_> = ready.by_ref().take(before).inspect(|hits| drop(self.window(hits))).collect();
        let limits = SpoolLimits { total: u64::MAX, segment: u64::MAX };
        let (spool, _) = Spool::open(&self.directory.join("spool"), limits, 0).expect("opens");
        let mut cost = Cost::default();
        for hits in ready {
            let (taken, folded, batch) = self.window(&hits);
            done.push(hits);
            cost.taking += taken;
            cost.folding += folded;
            cost.cells += batch.cells.len() as f64;
            cost.crossings += batch.crossings.len() as f64;
            let mut batch = batch;
            if events > 1 {
                spool.append(&mut batch).expect("written");
            }
        }
        cost.bytes = spool.bytes() as f64;
        let per_event = 1.0 / (events * windows) as f64;
        for part in [&mut cost.taking, &mut cost.folding, &mut cost.cells, &mut cost.crossings, &mut cost.bytes] {
            *part *= per_event;
        }
        cost.taking *= 1e6;
        cost.folding *= 1e6;
        cost
    }

    /// The events of one window.
    fn events(&mut self, events: usize) -> Vec<Event<'static>> {
        let people = (events as u64 * 3 / 10).max(1);
        let first = self.windows * people / 2;
        self.windows += 1;
        self.now += 1;
        (0..events).map(|_| self.event(first, people)).collect()
    }

    /// One commit: seconds of taking in and of folding, and what came out.
    fn window(&mut self, hits: &[Event<'static>]) -> (f64, f64, Batch) {
        let mut window = Window::default();
        let start = seconds();
        hits.iter().for_each(|hit| window.count(hit));
        let taken = seconds() - start;
        let windows = [window];
        let now = hits.first().map_or(NOON, |hit| hit.at);
        let start = seconds();
        let folded = self.folder.fold(&windows, now).expect("folds");
        let seconds = seconds() - start;
        let batch = Batch { sequence: 0, cells: folded.cells, crossings: folded.crossings, remembered: Vec::new() };
        (taken, seconds, batch)
    }

    fn event(&mut self, first: u64, people: u64) -> Event<'static> {
        let person = first + self.random.next() % people;
        let page = self.random.skewed(2_000);
        let feature = self.random.next().is_multiple_of(5).then(|| self.random.skewed(12));
        let visitor = (self.what != What::Cells).then(|| Visitor(u128::from(person) * 0x9e37_79b9_7f4a_7c15_f39c));
        let kind = if feature.is_some() { EventKind::Feature } else { EventKind::Pageview };
        let mut event = Event {
            site: self.site.clone(),
            day: TODAY,
            hour: Hour(12),
            at: self.now,
            arrived: std::time::Instant::now(),
            kind,
            visitor,
            before: None,
            n: 1,
            is_live: false,
            engaged_secs: None,
            scroll_pct: None,
            revenue_minor: 0,
            attributes: Default::default(),
        };
        event.put(Dimension::Event, feature.map_or("pageview".to_owned(), |number| format!("feature {number}")));
        event.put(Dimension::Page, format!("/section-{}/page-{page}", page % 20));
        event.put(Dimension::Section, format!("/section-{}", page % 20));
        profile(&mut event, person);
        event
    }
}

/// What is the same in all events of a person.
fn profile(event: &mut Event<'_>, person: u64) {
    let mut random = Random(person.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    for _ in 0..4 {
        random.next();
    }
    let (source, country) = (random.skewed(60), random.skewed(80));
    let (browser, system) = (random.skewed(8), random.skewed(7));
    let own = [
        (Dimension::Source, format!("source {source}")),
        (Dimension::Channel, format!("channel {}", source % 9)),
        (Dimension::Referrer, format!("source-{source}.example")),
        (Dimension::Country, format!("country {country}")),
        (Dimension::Region, format!("country {country}-{}", random.skewed(12))),
        (Dimension::Browser, format!("browser {browser}")),
        (Dimension::BrowserVersion, format!("browser {browser} {}", random.skewed(20))),
        (Dimension::Os, format!("system {system}")),
        (Dimension::OsVersion, format!("system {system} {}", random.skewed(6))),
        (Dimension::Device, format!("device {}", random.skewed(4))),
        (Dimension::Screen, format!("screen {}", random.skewed(6))),
        (Dimension::Language, format!("language {}", random.skewed(40))),
        (Dimension::Hostname, "www.example".to_owned()),
        (Dimension::AppVersion, format!("{}", random.skewed(4))),
    ];
    own.into_iter().for_each(|(dimension, value)| event.put(dimension, value));
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// Processor time of this thread, in seconds.
fn seconds() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is valid for the length of the call, which only writes it.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
