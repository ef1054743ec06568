//! `headcount audit`: what is stored about people, and whether the rules about it hold. Reads the state directory and
//! the registry; tables come from whoever can reach ClickHouse.

use std::io::{self, Write};
use std::path::Path;

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::audit_disk::{Disk, SaltFile, read};
use super::table;
use crate::registry::{SiteRecord, Snapshot};

/// Hours after a site's midnight at which the salt of the day before must be gone, and those a stopped or busy
/// collector may take for it.
const GRACE_HOURS: i64 = 2;
const SLACK_HOURS: i64 = 1;

/// A table of ClickHouse, for the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredTable {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub comment: String,
    /// Columns that are stored: name, type, meaning.
    pub columns: Vec<[String; 3]>,
}

/// What an audit looks at.
pub struct Audited<'a> {
    /// The state directory; it need not exist.
    pub state_dir: &'a Path,
    /// The registry, when there is one.
    pub registry: Option<&'a Snapshot>,
    /// Tables; `None` when ClickHouse cannot be reached.
    pub tables: Option<&'a [StoredTable]>,
    /// The time.
    pub now: Timestamp,
}

/// Writes the report and returns how many rules are broken.
///
/// # Errors
/// When the state directory cannot be read, or output cannot be written.
pub fn run(audited: &Audited<'_>, out: &mut dyn Write) -> anyhow::Result<usize> {
    let disk = read(audited.state_dir)?;
    write_disk(audited.state_dir, &disk, out)?;
    write_registry(audited.registry, out)?;
    let sites = audited.registry.map_or(&[][..], |snapshot| &snapshot.book().sites);
    let salts: Vec<_> = disk.salts.iter().map(|salt| Salt::of(salt, sites, audited.now)).collect();
    write_salts(&salts, out)?;
    write_tables(audited.tables, out)?;
    let broken = broken_rules(&disk, &salts);
    write_rules(&broken, out)?;
    Ok(broken.iter().filter(|rule| !rule.breaches.is_empty()).count())
}

/// A salt and its end.
struct Salt {
    site: String,
    day: String,
    /// When it has to be gone; `None` when its name is no date.
    due: Option<Timestamp>,
    overdue: bool,
}

impl Salt {
    fn of(file: &SaltFile, sites: &[SiteRecord], now: Timestamp) -> Self {
        let zone = sites.iter().find(|site| site.id == file.site).and_then(|site| TimeZone::get(&site.timezone).ok());
        // A site that is no longer known may have had any zone: the one where days end last.
        let zone = zone.unwrap_or_else(|| TimeZone::fixed(Offset::constant(-12)));
        let due = file.day.parse::<Date>().ok().and_then(|day| due(day, zone));
        Self {
            site: file.site.clone(),
            day: file.day.clone(),
            overdue: due.is_none_or(|due| now > due + SignedDuration::from_hours(SLACK_HOURS)),
            due,
        }
    }
}

fn due(day: Date, zone: TimeZone) -> Option<Timestamp> {
    let midnight = day.checked_add(1.day()).ok()?.to_zoned(zone).ok()?;
    Some(midnight.timestamp() + SignedDuration::from_hours(GRACE_HOURS))
}

struct Rule {
    what: &'static str,
    breaches: Vec<String>,
}

fn broken_rules(disk: &Disk, salts: &[Salt]) -> Vec<Rule> {
    let modes = disk.open_to_others.iter();
    let late = salts.iter().filter(|salt| salt.overdue);
    vec![
        Rule {
            what: "nobody else can read the state directory (0700, files 0600)",
            breaches: modes.map(|(path, mode)| format!("{} has mode {mode:04o}", path.display())).collect(),
        },
        Rule {
            what: "no salt is older than its site's day, two hours of grace and one of slack",
            breaches: late.map(|salt| format!("salt of {} for {} should be gone", salt.site, salt.day)).collect(),
        },
    ]
}

fn write_disk(state_dir: &Path, disk: &Disk, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "On disk, below {}", state_dir.display())?;
    if disk.entries.is_empty() {
        return writeln!(out, "(nothing)");
    }
    let row = |entry: &super::audit_disk::Entry| {
        let meaning = meaning(&entry.name).to_owned();
        vec![entry.name.clone(), entry.files.to_string(), format!("{} KiB", entry.bytes.div_ceil(1024)), meaning]
    };
    let rows: Vec<_> = disk.entries.iter().map(row).collect();
    table::write(out, &["NAME", "FILES", "SIZE", "HOLDS"], &rows)
}

fn meaning(name: &str) -> &'static str {
    match name {
        "registry" => "sites, user names, hashes of passwords, keys and sessions, audit list; nothing about visitors",
        "salts" => "one random key per site and day, destroyed after the day",
        "spool" => "counts on their way to ClickHouse; no row per event",
        "retries" => "batch ids of the last 35 days, hashed under a key of their own",
        "salts.closed.json" => "the newest finished day of each site; it never gets a key again",
        "visits" => "visits that may go on after the restart; written by a clean stop, destroyed by the next start",
        "lock" => "nothing; held by the collector that runs",
        "engine" => "the embedded ClickHouse: the tables below",
        _ => "",
    }
}

fn write_registry(registry: Option<&Snapshot>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nSites")?;
    let Some(book) = registry.map(Snapshot::book).filter(|book| !book.sites.is_empty()) else {
        return writeln!(out, "(none)");
    };
    let row = |site: &SiteRecord| vec![site.id.clone(), site.timezone.clone(), site.min_visitors.to_string()];
    let rows: Vec<_> = book.sites.iter().map(row).collect();
    table::write(out, &["SITE", "TIME ZONE", "K"], &rows)?;
    let live = book.keys.iter().filter(|key| key.revoked_at.is_none()).count();
    writeln!(out, "Users: {}. Keys that work: {live}.", book.users.len())
}

fn write_salts(salts: &[Salt], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nSalts")?;
    if salts.is_empty() {
        return writeln!(out, "(none)");
    }
    let due = |salt: &Salt| salt.due.map_or_else(|| "(not a day)".to_owned(), |due| due.to_string());
    let rows: Vec<_> = salts.iter().map(|salt| vec![salt.site.clone(), salt.day.clone(), due(salt)]).collect();
    table::write(out, &["SITE", "DAY", "DESTROYED AT"], &rows)
}

fn write_tables(tables: Option<&[StoredTable]>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nTables")?;
    let Some(tables) = tables else {
        return writeln!(out, "(ClickHouse cannot be reached: start the server to see them)");
    };
    for stored in tables {
        writeln!(out, "{}: {}", stored.name, stored.comment)?;
        let rows: Vec<_> = stored.columns.iter().map(|column| column.to_vec()).collect();
        table::write(out, &["  COLUMN", "TYPE", "HOLDS"], &indent(rows))?;
    }
    Ok(())
}

fn indent(mut rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    for row in &mut rows {
        if let Some(first) = row.first_mut() {
            first.insert_str(0, "  ");
        }
    }
    rows
}

fn write_rules(rules: &[Rule], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nRules")?;
    for rule in rules {
        let verdict = if rule.breaches.is_empty() { "holds " } else { "BROKEN" };
        writeln!(out, "{verdict}  {}", rule.what)?;
        for breach in &rule.breaches {
            writeln!(out, "        {breach}")?;
        }
    }
    Ok(())
}
