//! What sealed history costs: rows and bytes for a million page views, and the time ClickHouse takes to answer a
//! dashboard, beside a table with a row per event of the same traffic in the same engine. Run by `make bench`.
//!
//! Traffic is the demo's: its tables, its habits, its reports of attention, scrolling and vitals. Whole days are counted
//! in memory by the counter of `tests/oracle`, a part of the visitors at a time, folded by the program's own threshold
//! with k = 5 and written as the integers a seal leaves. A few different days are made into a year by moving their
//! numbers and people.
//!
//! Sizes: `HEADCOUNT_HISTORY_PAGEVIEWS` a day (2,000), `HEADCOUNT_HISTORY_DAYS` (28), `HEADCOUNT_HISTORY_DISTINCT` days
//! that are counted (2), `HEADCOUNT_HISTORY_SIZES` (`1000`): page views a day for the table of sizes,
//! `HEADCOUNT_HISTORY_PART` (250,000): page views that are counted at once. With 0 days no questions are asked.

#[path = "history/ask.rs"]
mod ask;
#[allow(dead_code, reason = "the oracle uses the rest")]
#[path = "../tests/oracle/cap.rs"]
mod cap;
#[allow(dead_code, reason = "the oracle uses the rest")]
#[path = "../tests/oracle/count.rs"]
mod count;
#[path = "history/day.rs"]
mod day;
#[path = "history/engine.rs"]
mod engine;
#[allow(dead_code, reason = "the oracle uses the rest")]
#[path = "../tests/oracle/fact.rs"]
mod fact;
#[path = "history/fill.rs"]
mod fill;
#[allow(dead_code, reason = "the oracle uses the rest")]
#[path = "../tests/oracle/group.rs"]
mod group;
#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../tests/support/http.rs"]
mod http;
#[path = "history/parts.rs"]
mod parts;
#[path = "history/raw.rs"]
mod raw;
#[path = "history/rows.rs"]
mod rows;
#[allow(dead_code, reason = "the oracle uses the rest")]
#[path = "../tests/oracle/rules.rs"]
mod rules;
#[allow(dead_code, reason = "the oracle uses the rest")]
#[path = "../tests/oracle/visit.rs"]
mod visit;

use std::io::{self, Write};

use headcount::model::Site;
use jiff::civil::Date;

use self::ask::{Asking, Timing};
use self::engine::Collector;
use self::fill::{Size, Tables};
use self::rules::{Rules, Wanted};

const SITE: &str = "demo";
/// The year's tables.
const YEAR: Tables = Tables { cells: "cells", crossings: "crossings", raw: "raw" };
/// Tables that are filled to be measured.
const SIZED: Tables = Tables { cells: "sized_cells", crossings: "sized_crossings", raw: "sized_raw" };

fn main() -> io::Result<()> {
    let number = |name: &str, unless: usize| {
        std::env::var(format!("HEADCOUNT_HISTORY_{name}")).ok().and_then(|text| text.parse().ok()).unwrap_or(unless)
    };
    let (pageviews, days, distinct) = (number("PAGEVIEWS", 2_000), number("DAYS", 28), number("DISTINCT", 2));
    let sizes = std::env::var("HEADCOUNT_HISTORY_SIZES").unwrap_or_else(|_| "1000".to_owned());
    let part = number("PART", 250_000).max(1);
    let maker = day::Maker::new(site());
    parts::check(&maker)?;
    let mut bench = Bench { collector: Collector::start(SITE)?, maker, part, out: io::stdout() };
    bench.sizes(sizes.split(',').filter_map(|size| size.trim().parse().ok()))?;
    if days == 0 {
        return Ok(());
    }
    bench.year(pageviews, distinct, days)
}

fn site() -> Site {
    let mut site = Site::new(SITE.parse().expect("an id"), jiff::tz::TimeZone::UTC);
    site.filter_properties = rules().filter_properties.into_iter().map(Into::into).collect();
    site
}

fn rules() -> Rules {
    Rules {
        goals: vec![
            ("Pricing", Wanted::Page("/pricing")),
            ("Signup", Wanted::Feature("signup")),
            ("Purchase", Wanted::Feature("purchase")),
        ],
        funnels: vec![("buy", vec!["Pricing", "Signup"])],
        filter_properties: vec!["plan"],
    }
}

struct Bench {
    collector: Collector,
    maker: day::Maker,
    /// Page views that are counted at once: what bounds memory.
    part: usize,
    out: io::Stdout,
}

impl Bench {
    /// Counts a day of a seed and page views and writes it. Returns how many crossings there were before folding.
    fn day(&self, into: Tables, date: Date, (seed, pageviews): (usize, usize)) -> io::Result<u64> {
        let parts = pageviews.div_ceil(self.part);
        let day = parts::count(&self.maker, (seed, pageviews), parts, |events| {
            fill::events(&self.collector, into, (SITE, date), events)
        })?;
        fill::sealed(&self.collector, into, (SITE, date), &day)?;
        Ok(day.open as u64)
    }

    /// Rows and bytes for a million page views, of small and large sites.
    fn sizes(&mut self, sizes: impl Iterator<Item = usize>) -> io::Result<()> {
        let columns =
            ["views/day", "days", "open", "cells", "crossings", "cells MB", "cross. MB", "sealed MB", "raw MB"];
        writeln!(self.out, "rows and bytes for a million page views; open: crossings before folding")?;
        columns.iter().try_for_each(|column| write!(self.out, "{column:>11}"))?;
        for pageviews in sizes {
            // Enough days that what a part costs by itself does not show.
            let days = (200_000 / pageviews).clamp(1, 60);
            let (open, [cells, crossings, raw]) = self.sized(pageviews, days)?;
            let million = 1e6 / (pageviews * days) as f64;
            let rows = [open, cells.rows, crossings.rows].map(|rows| rows as f64 * million);
            let bytes = [cells.bytes, crossings.bytes, cells.bytes + crossings.bytes, raw.bytes];
            write!(self.out, "\n{pageviews:>11}{days:>11}")?;
            rows.iter().try_for_each(|rows| write!(self.out, "{rows:>11.0}"))?;
            bytes.iter().try_for_each(|bytes| write!(self.out, "{:>11.2}", *bytes as f64 * million / 1e6))?;
            self.out.flush()?;
        }
        writeln!(self.out)
    }

    /// Crossings before folding, and the tables of some days.
    fn sized(&self, pageviews: usize, days: usize) -> io::Result<(u64, [Size; 3])> {
        for (from, to) in [(YEAR.cells, SIZED.cells), (YEAR.crossings, SIZED.crossings)] {
            self.collector.sql(&format!("CREATE TABLE {to} AS {from}"))?;
        }
        self.collector.sql(&raw::table(SIZED.raw))?;
        let mut open = 0;
        for number in 0..days {
            open += self.day(SIZED, date(number), (number + 1, pageviews))?;
        }
        let sizes = fill::merged(&self.collector, SIZED)?;
        for table in [SIZED.cells, SIZED.crossings, SIZED.raw] {
            self.collector.sql(&format!("DROP TABLE {table} SYNC"))?;
        }
        Ok((open, sizes))
    }

    /// A year of one site, and every question of a dashboard about it.
    fn year(&mut self, pageviews: usize, distinct: usize, days: usize) -> io::Result<()> {
        self.collector.sql(&raw::table(YEAR.raw))?;
        for number in 0..distinct {
            self.day(YEAR, date(number), (1_000 + number, pageviews))?;
        }
        fill::repeat(&self.collector, YEAR, distinct, days.div_ceil(distinct))?;
        let [cells, crossings, raw] = fill::merged(&self.collector, YEAR)?;
        self.collector.sql(
            "INSERT INTO seals (site, day, generation, sealed_at, k, cells) \
             SELECT site, day, any(generation), now(), 5, count() FROM cells GROUP BY site, day",
        )?;
        let days = days.div_ceil(distinct) * distinct;
        writeln!(
            self.out,
            "\n{days} days of {pageviews} page views: cells {} rows {:.1} MB, crossings {} rows {:.1} MB, raw {} rows {:.1} MB",
            cells.rows,
            cells.bytes as f64 / 1e6,
            crossings.rows,
            crossings.bytes as f64 / 1e6,
            raw.rows,
            raw.bytes as f64 / 1e6
        )?;
        let key = self.collector.run(&["key", "create", "--site", SITE, "--scope", "read"])?;
        // Commands take effect within two seconds.
        std::thread::sleep(std::time::Duration::from_secs(3));
        let month = (days > 30).then_some(("the last 30 days", 30));
        for (label, length) in month.into_iter().chain([("all days", days)]) {
            let last = date(0);
            let first = last.checked_sub(jiff::Span::new().days(length as i64 - 1)).expect("a date");
            let asking = Asking { collector: &self.collector, key: &key, site: SITE, range: [first, last], times: 15 };
            report(&mut self.out, label, &asking.all()?)?;
        }
        Ok(())
    }
}

/// The date of a counted day: yesterday and those before it.
fn date(number: usize) -> Date {
    let today = headcount::clock::Clock::System.unix_seconds() / 86_400;
    let first = jiff::civil::date(1970, 1, 1);
    first.checked_add(jiff::Span::new().days(today - number as i64 - 1)).expect("a date")
}

fn report(out: &mut io::Stdout, label: &str, timings: &[Timing]) -> io::Result<()> {
    writeln!(out, "\n{label}: milliseconds of ClickHouse, by the clock and of the processor")?;
    let columns = ["p50", "p95", "cpu", "raw p50", "raw p95", "raw cpu"];
    write!(out, "{:<28}", "")?;
    columns.iter().try_for_each(|column| write!(out, "{column:>10}"))?;
    for Timing { question, ours, raw } in timings {
        write!(out, "\n{question:<28}")?;
        let numbers = [ours.p50, ours.p95, ours.cpu, raw.p50, raw.p95, raw.cpu];
        numbers.iter().try_for_each(|number| write!(out, "{number:>10.1}"))?;
    }
    writeln!(out)?;
    Ok(())
}
