//! The rules an audit checks, and whether they hold. Called by `audit` with what it found; reads nothing itself.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::audit::{Audited, SiteDayRows, StoredRows, StoredTable};
use super::audit_disk::{Disk, SaltFile};
use crate::registry::SiteRecord;

/// Hours after a site's midnight at which the salt of the day before must be gone, and those a stopped or busy
/// collector may take for it and for the seal.
const GRACE_HOURS: i64 = 2;
const SLACK_HOURS: i64 = 1;

/// A salt and its end.
pub(super) struct Salt {
    pub(super) site: String,
    pub(super) day: String,
    /// When it has to be gone; `None` when its name is no date.
    pub(super) due: Option<Timestamp>,
    pub(super) overdue: bool,
}

impl Salt {
    pub(super) fn of(file: &SaltFile, sites: &[SiteRecord], now: Timestamp) -> Self {
        let due = file.day.parse::<Date>().ok().and_then(|day| due(day, zone(&file.site, sites)));
        // A past day that is being filled in is open a while longer, never for hours.
        let filled_in = file.closes_at.and_then(|at| Timestamp::from_second(at).ok());
        let filled_in = filled_in.filter(|until| *until <= now + SignedDuration::from_hours(SLACK_HOURS));
        let due = due.map(|due| filled_in.map_or(due, |until| due.max(until)));
        Self { site: file.site.clone(), day: file.day.clone(), overdue: due.is_none_or(|due| is_over(due, now)), due }
    }
}

/// The zone of a site. One that is no longer known may have had any: the one where days end last.
fn zone(site: &str, sites: &[SiteRecord]) -> TimeZone {
    let known = sites.iter().find(|known| known.id == site).and_then(|site| TimeZone::get(&site.timezone).ok());
    known.unwrap_or_else(|| TimeZone::fixed(Offset::constant(-12)))
}

fn due(day: Date, zone: TimeZone) -> Option<Timestamp> {
    let midnight = day.checked_add(1.day()).ok()?.to_zoned(zone).ok()?;
    Some(midnight.timestamp() + SignedDuration::from_hours(GRACE_HOURS))
}

fn is_over(due: Timestamp, now: Timestamp) -> bool {
    now > due + SignedDuration::from_hours(SLACK_HOURS)
}

/// A rule, and what breaks it.
pub(super) struct Rule {
    pub(super) what: &'static str,
    pub(super) breaches: Vec<String>,
    /// Whether there was something to look at.
    pub(super) is_known: bool,
}

impl Rule {
    /// Whether it holds; `None` when that cannot be told.
    pub(super) fn holds(&self) -> Option<bool> {
        self.is_known.then_some(self.breaches.is_empty())
    }
}

/// Every rule.
pub(super) fn rules(audited: &Audited<'_>, disk: &Disk, salts: &[Salt]) -> Vec<Rule> {
    let modes = disk.open_to_others.iter();
    let late = salts.iter().filter(|salt| salt.overdue);
    let mut rules = vec![
        Rule {
            what: "nobody else can read the state directory (0700, files 0600)",
            breaches: modes.map(|(path, mode)| format!("{} has mode {mode:04o}", path.display())).collect(),
            is_known: true,
        },
        Rule {
            what: "no salt is older than its site's day, two hours of grace and one of slack",
            breaches: late.map(|salt| format!("salt of {} for {} should be gone", salt.site, salt.day)).collect(),
            is_known: true,
        },
        Rule {
            what: "tables hold counts alone: no column but the known ones, no time finer than an hour",
            breaches: audited.tables.map(unknown_columns).unwrap_or_default(),
            is_known: audited.tables.is_some(),
        },
    ];
    rules.extend(rules_of_rows(audited, salts));
    rules
}

fn rules_of_rows(audited: &Audited<'_>, salts: &[Salt]) -> Vec<Rule> {
    let empty = StoredRows::default();
    let rows = audited.rows.unwrap_or(&empty);
    let about = |found: &[SiteDayRows], what: &str| {
        found.iter().map(|(site, day, rows)| format!("{site} on {day}: {rows} {what}")).collect::<Vec<_>>()
    };
    let rule = |what, breaches| Rule { what, breaches, is_known: audited.rows.is_some() };
    vec![
        rule(
            "no sketch is older than its site's day, two hours of grace and one of slack",
            old_sketches(audited, rows, salts),
        ),
        rule("a sealed day has integers only", about(&rows.left_open, "open rows are left")),
        rule("no crossing of a sealed day has fewer visitors than its k", about(&rows.small, "crossings below k")),
        rule("no row is left for a day that no seal names", about(&rows.unnamed, "rows")),
        rule("of who opted out there is a number a day, nothing else", about(&rows.opted_out, "rows say more")),
        rule("no row that counts has a time finer than an hour or the number of a load", about(&rows.too_fine, "rows")),
        rule("nothing is stored of sites that do not exist", gone_sites(audited, rows)),
    ]
}

fn old_sketches(audited: &Audited<'_>, rows: &StoredRows, salts: &[Salt]) -> Vec<String> {
    let sites = audited.registry.map_or(&[][..], |snapshot| &snapshot.book().sites);
    let is_old = |(site, day, _): &&SiteDayRows| {
        let text = day.to_string();
        let is_filled_in = salts.iter().any(|salt| salt.site == *site && salt.day == text && !salt.overdue);
        !is_filled_in && due(*day, zone(site, sites)).is_none_or(|due| is_over(due, audited.now))
    };
    let told = |(site, day, rows): &SiteDayRows| {
        format!("{site} on {day}: {rows} rows; `headcount seal` makes integers of them")
    };
    rows.open.iter().filter(is_old).map(told).collect()
}

/// Sites with rows that are neither known nor being erased.
fn gone_sites(audited: &Audited<'_>, rows: &StoredRows) -> Vec<String> {
    let Some(snapshot) = audited.registry else { return Vec::new() };
    let book = snapshot.book();
    let is_known = |id: &String| {
        book.sites.iter().any(|site| site.id == *id) || book.erasures.iter().any(|erasure| erasure.site == *id)
    };
    let gone = rows.sites.iter().filter(|id| !is_known(id));
    gone.map(|id| format!("{id}: add it and remove it again, which erases its rows")).collect()
}

/// The measures of every table of counts, and what one exceeds another by.
const MEASURES: [&str; 14] = [
    "pageviews",
    "events",
    "visits",
    "bounces",
    "visit_secs",
    "engaged_secs",
    "engaged_n",
    "scroll_pct_sum",
    "scroll_n",
    "revenue_minor",
    "visits_over",
    "engaged_over",
    "pageviews_over",
    "events_over",
];
/// What else a table may have.
const COLUMNS: [(&str, &[&str]); 6] = [
    ("cells", &["site", "day", "dim", "value", "hour", "generation", "visitors", "keep_days", "keep_until"]),
    ("cells_open", &["site", "day", "dim", "value", "hour", "visitors", "receipt"]),
    (
        "crossings",
        &["site", "day", "dim", "value", "dim2", "value2", "generation", "visitors", "keep_days", "keep_until"],
    ),
    ("crossings_open", &["site", "day", "dim", "value", "dim2", "value2", "visitors", "receipt"]),
    ("schema_migrations", &["version", "name", "applied_at"]),
    ("seals", &["site", "day", "generation", "sealed_at", "k", "strict", "cells", "crossings", "folded", "folded_in"]),
];
/// Tables of exports that run hold what is published anyway.
const EXPORTS: &str = "export_";

fn unknown_columns(tables: &[StoredTable]) -> Vec<String> {
    let mut found = Vec::new();
    for table in tables.iter().filter(|table| !table.name.starts_with(EXPORTS)) {
        let Some((_, columns)) = COLUMNS.iter().find(|(name, _)| *name == table.name) else {
            found.push(format!("table {} is not ours", table.name));
            continue;
        };
        for [name, kind, _] in &table.columns {
            let is_measure = columns.contains(&"dim") && MEASURES.contains(&name.as_str());
            if !is_measure && !columns.contains(&name.as_str()) {
                found.push(format!("{}.{name} is not ours", table.name));
            }
            if columns.contains(&"dim") && kind.contains("DateTime") {
                found.push(format!("{}.{name} holds a time", table.name));
            }
        }
    }
    found
}
