//! Fills the tables of sealed days, and the table with a row per event, and says how large they are.

use std::io;

use headcount::model::Measure;
use jiff::civil::Date;

use super::engine::Collector;
use super::raw;
use super::rows::Rows;

/// The tables a day is written to.
#[derive(Clone, Copy)]
pub struct Tables {
    /// One attribute.
    pub cells: &'static str,
    /// Two attributes.
    pub crossings: &'static str,
    /// A row per event.
    pub raw: &'static str,
}

/// Rows and bytes of a table.
#[derive(Clone, Copy, Default)]
pub struct Size {
    /// Rows.
    pub rows: u64,
    /// Bytes on disk.
    pub bytes: u64,
}

/// The numbers of a sealed row as they are stored, and what each is made of.
const STORED: [[&str; 2]; 11] = [
    ["visitors", "visitors"],
    ["visits_over", "visits - visitors"],
    ["bounces", "bounces"],
    ["visit_secs", "visit_secs"],
    ["engaged_secs", "engaged_secs"],
    ["scroll_pct_sum", "scroll_pct_sum"],
    ["scroll_n", "scroll_n"],
    ["engaged_over", "engaged_n - scroll_n"],
    ["pageviews_over", "pageviews - engaged_n"],
    ["events_over", "events - pageviews"],
    ["revenue_minor", "revenue_minor"],
];
/// Days rows are kept: 25 months.
const KEEP_DAYS: u16 = 760;
/// Days that are sealed by one run of the program share a generation.
const GENERATION: u64 = 0x9E37_79B9_7F4A_7C15;

/// Bytes of rows that are sent at once.
const PIECE: usize = 32 << 20;

/// Writes what a seal leaves of a day of a site.
pub fn sealed(collector: &Collector, into: Tables, (site, date): (&str, Date), day: &Rows) -> io::Result<()> {
    let numbers = Measure::ALL.map(|measure| format!("{} Int64", measure.code())).join(", ");
    let columns = STORED.map(|[column, _]| column).join(", ");
    let made_of = STORED.map(|[_, made_of]| made_of).join(", ");
    for (table, keys, types, rows) in [
        (into.cells, "dim, value, hour", "dim String, value String, hour UInt8", &day.cells),
        (
            into.crossings,
            "dim, value, dim2, value2",
            "dim String, value String, dim2 String, value2 String",
            &day.crossings,
        ),
    ] {
        let statement = format!(
            "INSERT INTO {table} (site, day, {keys}, generation, {columns}, keep_days) \
             SELECT '{site}', '{date}', {keys}, {GENERATION}, {made_of}, {KEEP_DAYS} \
             FROM input('{types}, {numbers}, visitors Int64') FORMAT TabSeparated"
        );
        send(collector, &statement, rows)?;
    }
    Ok(())
}

/// Writes events of a day of a site: a row of each.
pub fn events(collector: &Collector, into: Tables, (site, date): (&str, Date), rows: &str) -> io::Result<()> {
    let statement = format!(
        "INSERT INTO {} SELECT '{site}', '{date}', toDateTime('{date}', 'UTC') + at, * EXCEPT at FROM input('{}') \
         FORMAT TabSeparated",
        into.raw,
        raw::structure()
    );
    send(collector, &statement, rows)
}

/// Sends rows in pieces: a request, and its copies on both sides, hold no more than one.
fn send(collector: &Collector, statement: &str, mut rows: &str) -> io::Result<()> {
    while !rows.is_empty() {
        let head = &rows.as_bytes()[..rows.len().min(PIECE)];
        // A row is far smaller than a piece.
        let end = head.iter().rposition(|byte| *byte == b'\n').map_or(rows.len(), |at| at + 1);
        let (piece, rest) = rows.split_at(end);
        collector.insert(statement, piece.as_bytes())?;
        rows = rest;
    }
    Ok(())
}

/// Makes the days that are there into a year: each is taken again for the days before it, its numbers moved by up to a
/// fifth, a third of its rarest crossings left out, its people other people.
pub fn repeat(collector: &Collector, into: Tables, distinct: usize, times: usize) -> io::Result<()> {
    for turn in 1..times {
        let back = turn * distinct;
        let factor = format!("(0.8 + cityHash64(value, day, {turn}) % 400 / 1000)");
        let columns = STORED.map(|[column, _]| column).join(", ");
        let moved = STORED.map(|[column, _]| match column {
            "visitors" => format!("greatest(5, toInt64(round(visitors * {factor})))"),
            column => format!("toInt64(round({column} * {factor}))"),
        });
        let moved = moved.join(", ");
        for (table, keys, kept) in [
            (into.cells, "dim, value, hour", "1"),
            (into.crossings, "dim, value, dim2, value2", "visitors > 12 OR cityHash64(value, value2, day, {turn}) % 3"),
        ] {
            let kept = kept.replace("{turn}", &turn.to_string());
            collector.sql(&format!(
                "INSERT INTO {table} (site, day, {keys}, generation, {columns}, keep_days) \
                 SELECT site, day - {back}, {keys}, generation, {moved}, keep_days \
                 FROM {table} WHERE day > (SELECT max(day) FROM {table}) - {distinct} AND ({kept})"
            ))?;
        }
        let seconds = back * 86_400;
        collector.sql(&format!(
            "INSERT INTO {raw} SELECT * REPLACE (day - {back} AS day, at - {seconds} AS at, \
             cityHash64(visitor, {turn}) AS visitor, cityHash64(visit, {turn}) AS visit) \
             FROM (SELECT * FROM {raw} WHERE day > (SELECT max(day) FROM {raw}) - {distinct})",
            raw = into.raw
        ))?;
    }
    Ok(())
}

/// Merges the tables and says how large they are: cells, crossings, raw.
pub fn merged(collector: &Collector, of: Tables) -> io::Result<[Size; 3]> {
    let mut sizes = [Size::default(); 3];
    for (size, table) in sizes.iter_mut().zip([of.cells, of.crossings, of.raw]) {
        collector.sql(&format!("OPTIMIZE TABLE {table} FINAL"))?;
        let told = collector.sql(&format!(
            "SELECT sum(rows), sum(bytes_on_disk) FROM system.parts WHERE active AND database = currentDatabase() AND table = '{table}'"
        ))?;
        let mut numbers = told.split_whitespace().filter_map(|number| number.parse().ok());
        (size.rows, size.bytes) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    }
    Ok(sizes)
}
