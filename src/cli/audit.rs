//! `headcount audit`: what is stored about people, and whether the rules about it hold. Reads the state directory and
//! the registry; tables and what their rows say come from whoever can reach ClickHouse. The rules are in `audit_rules`.

use std::io::{self, Write};
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;

use super::audit_disk::{Disk, read};
use super::audit_rules::{Rule, Salt, rules};
use super::{audit_json, table};
use crate::registry::{SiteRecord, Snapshot};

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

/// A site, a day, and how many rows.
pub type SiteDayRows = (String, Date, u64);

/// What the rows of the tables say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredRows {
    /// Site-days with sketches.
    pub open: Vec<SiteDayRows>,
    /// Sealed site-days with open rows left.
    pub left_open: Vec<SiteDayRows>,
    /// Sealed site-days with crossings below k.
    pub small: Vec<SiteDayRows>,
    /// Site-days with rows that no seal names, for longer than a day.
    pub unnamed: Vec<SiteDayRows>,
    /// Site-days on which more than a number is kept of who opted out.
    pub opted_out: Vec<SiteDayRows>,
    /// Site-days with a time finer than an hour.
    pub too_fine: Vec<SiteDayRows>,
    /// Sites with a row anywhere.
    pub sites: Vec<String>,
}

/// What an audit looks at.
pub struct Audited<'a> {
    /// The state directory; it need not exist.
    pub state_dir: &'a Path,
    /// The registry, when there is one.
    pub registry: Option<&'a Snapshot>,
    /// Tables; `None` when ClickHouse cannot be reached.
    pub tables: Option<&'a [StoredTable]>,
    /// What their rows say.
    pub rows: Option<&'a StoredRows>,
    /// The time.
    pub now: Timestamp,
}

/// Writes the report and returns how many rules are broken.
///
/// # Errors
/// When the state directory cannot be read, or output cannot be written.
pub fn run(audited: &Audited<'_>, json: bool, out: &mut dyn Write) -> anyhow::Result<usize> {
    let disk = read(audited.state_dir)?;
    let sites = audited.registry.map_or(&[][..], |snapshot| &snapshot.book().sites);
    let salts: Vec<_> = disk.salts.iter().map(|salt| Salt::of(salt, sites, audited.now)).collect();
    let rules = rules(audited, &disk, &salts);
    if json {
        let report = audit_json::report(audited, &disk, &salts, &rules);
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        write_disk(audited.state_dir, &disk, out)?;
        write_registry(audited.registry, out)?;
        write_salts(&salts, out)?;
        write_tables(audited.tables, out)?;
        write_rules(&rules, out)?;
    }
    Ok(rules.iter().filter(|rule| !rule.breaches.is_empty()).count())
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

/// What lies under a name.
pub(super) fn meaning(name: &str) -> &'static str {
    match name {
        "registry" => "sites, user names, hashes of passwords, keys and sessions, audit list; nothing about visitors",
        "salts" => "one random key per site and day, destroyed after the day",
        "spool" => "counts on their way to ClickHouse; no row per event",
        "retries" => "batch ids of the last 35 days and event ids of the last two, hashed under a key of their own",
        "salts.closed.json" => "the newest finished day of each site; it never gets a key again",
        "visits" => "visits that may go on after the restart; written by a clean stop, destroyed by the next start",
        "requests" => "what the running server was asked to seal: site and day",
        "imports" => "how far each imported file was read: a length and a keyed hash of all of it up to there",
        "lock" => "nothing; held by the collector that runs",
        "engine" => "the embedded ClickHouse: the tables below",
        _ => "",
    }
}

fn write_registry(registry: Option<&Snapshot>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nSites")?;
    let Some(registry) = registry.filter(|registry| !registry.book().sites.is_empty()) else {
        return writeln!(out, "(none)");
    };
    let book = registry.book();
    let row = |site: &SiteRecord| vec![site.id.clone(), site.timezone.clone(), site.min_visitors.to_string()];
    let rows: Vec<_> = book.sites.iter().map(row).collect();
    table::write(out, &["SITE", "TIME ZONE", "K"], &rows)?;
    writeln!(out, "Users: {}. Keys that work: {}.", book.users.len(), registry.working_keys())
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
        let verdict = match rule.holds() {
            Some(true) => "holds ",
            Some(false) => "BROKEN",
            None => "?     ",
        };
        writeln!(out, "{verdict}  {}", rule.what)?;
        for breach in &rule.breaches {
            writeln!(out, "        {breach}")?;
        }
    }
    Ok(())
}
