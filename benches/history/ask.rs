//! The questions of a dashboard, asked of the stats API and of the table with a row per event.

use std::io;
use std::time::{Duration, Instant};

use jiff::civil::Date;
use serde_json::{Value, json};

use super::engine::Collector;

/// A report of the dashboard: its name, its dimension in the API, what groups it in the raw table.
type Report = (&'static str, &'static str, &'static str);

const REPORTS: [Report; 12] = [
    ("totals", "", ""),
    ("days", "time:day", "day"),
    ("pages", "event:page", "page"),
    ("sections", "event:section", "arrayJoin(sections)"),
    ("features", "event:name", "name"),
    ("sources", "visit:source", "source"),
    ("channels", "visit:channel", "channel"),
    ("campaigns", "visit:utm_campaign", "utm_campaign"),
    ("countries", "visit:country", "country"),
    ("devices", "visit:device", "device"),
    ("browsers", "visit:browser", "browser"),
    ("systems", "visit:os_version", "os_version"),
];

/// A filter: its name, its dimension in the API, its column in the raw table, its value.
type Filter = (&'static str, &'static str, &'static str, &'static str);

const FILTERS: [Option<Filter>; 4] = [
    None,
    Some(("page", "event:page", "page", "/pricing")),
    Some(("source", "visit:source", "source", "Google")),
    Some(("country", "visit:country", "country", "DE")),
];

/// How often a question is asked at least, and the time after which it is asked no more.
const LEAST_TIMES: usize = 3;
const PATIENCE: Duration = Duration::from_secs(2);

/// What a question costs.
pub struct Timing {
    /// Report and filter.
    pub question: String,
    /// The stats API's statements.
    pub ours: Cost,
    /// The same question asked of the raw table.
    pub raw: Cost,
}

/// Milliseconds of ClickHouse, as it counts them itself.
#[derive(Clone, Copy, Default)]
pub struct Cost {
    /// Half of the answers took at most this.
    pub p50: f64,
    /// Nineteen of twenty took at most this.
    pub p95: f64,
    /// Of the processor, at the middle: what does not depend on who else uses the machine.
    pub cpu: f64,
}

impl Cost {
    /// Without what looking at the clock costs.
    fn less(self, idle: Self) -> Self {
        let less = |a: f64, b: f64| (a - b).max(0.0);
        Self { p50: less(self.p50, idle.p50), p95: less(self.p95, idle.p50), cpu: less(self.cpu, idle.cpu) }
    }
}

/// Where and what to ask.
pub struct Asking<'c> {
    /// The collector.
    pub collector: &'c Collector,
    /// A key of scope `read`.
    pub key: &'c str,
    /// The site.
    pub site: &'c str,
    /// First and last day.
    pub range: [Date; 2],
    /// How often each question is asked at the most.
    pub times: usize,
}

impl Asking<'_> {
    /// Asks every question.
    pub fn all(&self) -> io::Result<Vec<Timing>> {
        let idle = self.timed(|| Ok(()))?;
        let mut timings = Vec::new();
        for filter in FILTERS {
            for report in REPORTS {
                if filter.is_some_and(|(_, dimension, ..)| dimension == report.1) {
                    continue;
                }
                let by = filter.map_or_else(String::new, |(name, ..)| format!(" by {name}"));
                let (question, statement) = (self.question(report, filter), self.statement(report, filter));
                let ours = self.timed(|| self.collector.ask(self.key, &question).map(drop))?;
                let raw = self.timed(|| self.collector.sql(&statement).map(drop))?;
                let question = format!("{}{by}", report.0);
                timings.push(Timing { question, ours: ours.less(idle), raw: raw.less(idle) });
            }
        }
        Ok(timings)
    }

    /// What ClickHouse works on what `ask` asks.
    fn timed(&self, ask: impl Fn() -> io::Result<()>) -> io::Result<Cost> {
        let mut taken = [Vec::new(), Vec::new()];
        ask()?;
        let begun = Instant::now();
        for turn in 0..self.times {
            // A question of a table of millions of rows may take seconds.
            if turn >= LEAST_TIMES && begun.elapsed() > PATIENCE {
                break;
            }
            let before = self.worked()?;
            ask()?;
            let after = self.worked()?;
            for (taken, (before, after)) in taken.iter_mut().zip(before.into_iter().zip(after)) {
                taken.push(after - before);
            }
        }
        taken.iter_mut().for_each(|taken| taken.sort_by(f64::total_cmp));
        let at = |taken: &[f64], share: f64| taken[((taken.len() - 1) as f64 * share).round() as usize];
        let [wall, cpu] = &taken;
        Ok(Cost { p50: at(wall, 0.5), p95: at(wall, 0.95), cpu: at(cpu, 0.5) })
    }

    /// Milliseconds that statements have taken since the engine started: by the clock, and of the processor.
    fn worked(&self) -> io::Result<[f64; 2]> {
        let told = self.collector.sql(
            "SELECT sumIf(value, event = 'QueryTimeMicroseconds') / 1000, \
             sumIf(value, event IN ('UserTimeMicroseconds', 'SystemTimeMicroseconds')) / 1000 FROM system.events",
        )?;
        let mut numbers = told.split_whitespace().filter_map(|number| number.parse().ok());
        Ok([numbers.next().unwrap_or(0.0), numbers.next().unwrap_or(0.0)])
    }

    fn question(&self, (_, dimension, _): Report, filter: Option<Filter>) -> Value {
        let range = self.range.map(|date| date.to_string());
        let metrics = ["visitors", "visits", "pageviews", "events"];
        let mut body = json!({ "site_id": self.site, "metrics": metrics, "date_range": range });
        if !dimension.is_empty() {
            body["dimensions"] = json!([dimension]);
        }
        if let Some((_, of, _, value)) = filter {
            body["filters"] = json!([["is", of, [value]]]);
        }
        if !dimension.starts_with("time") {
            body["pagination"] = json!({ "limit": 10 });
        }
        body
    }

    fn statement(&self, (_, _, group): Report, filter: Option<Filter>) -> String {
        let [from, to] = self.range;
        let mut statement = format!(
            "uniq(day, visitor) AS visitors, uniq(visit) AS visits, countIf(name = 'pageview') AS pageviews, count() AS events \
             FROM raw WHERE site = '{}' AND day BETWEEN '{from}' AND '{to}'",
            self.site
        );
        if let Some((_, _, column, value)) = filter {
            statement.push_str(&format!(" AND {column} = '{value}'"));
        }
        match group {
            "" => format!("SELECT {statement}"),
            "day" => format!("SELECT day, {statement} GROUP BY day ORDER BY day"),
            group => format!("SELECT {group} AS label, {statement} GROUP BY label ORDER BY visitors DESC LIMIT 10"),
        }
    }
}
