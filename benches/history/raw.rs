//! The same traffic in a table with a row per event, as tools keep it that have one: the yardstick.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::fact::{
    APP_VERSION, BROWSER, BROWSER_VERSION, CHANNEL, CITY, COUNTRY, CURRENCY, DEVICE, Dim, EVENT, Fact, HOST,
    INSTALL_SOURCE, Kind, LANGUAGE, OS, OS_VERSION, PAGE, PROP, REFERRER, REGION, SCREEN, SECTION, SOURCE, UTM,
};

/// Columns with one text of an event each; all LowCardinality.
const TEXTS: [(Dim, &str); 24] = [
    (EVENT, "name"),
    (PAGE, "page"),
    (HOST, "hostname"),
    (SOURCE, "source"),
    (CHANNEL, "channel"),
    (REFERRER, "referrer"),
    (UTM[0], "utm_source"),
    (UTM[1], "utm_medium"),
    (UTM[2], "utm_campaign"),
    (UTM[3], "utm_term"),
    (UTM[4], "utm_content"),
    (COUNTRY, "country"),
    (REGION, "region"),
    (CITY, "city"),
    (BROWSER, "browser"),
    (BROWSER_VERSION, "browser_version"),
    (OS, "os"),
    (OS_VERSION, "os_version"),
    (DEVICE, "device"),
    (SCREEN, "screen"),
    (LANGUAGE, "language"),
    (APP_VERSION, "app_version"),
    (INSTALL_SOURCE, "install_source"),
    (CURRENCY, "currency"),
];
/// Seconds without an event after which a visit is over.
const IDLE: i64 = 1_800;

/// The statement that makes the table.
pub fn table(name: &str) -> String {
    let mut columns = String::from("site LowCardinality(String), day Date, at DateTime, visitor UInt64, visit UInt64");
    for (_, column) in TEXTS {
        let _ = write!(columns, ", {column} LowCardinality(String)");
    }
    columns.push_str(", sections Array(LowCardinality(String)), props Map(LowCardinality(String), String)");
    columns.push_str(", engaged_secs UInt32, scroll_pct UInt8, revenue_minor Int64");
    format!(
        "CREATE TABLE {name} ({columns}) ENGINE = MergeTree PARTITION BY toYYYYMM(day) \
         ORDER BY (site, day, name, visitor, at)"
    )
}

/// Rows of a day, without site and day, parted by tabs. What is reported of a page view later stands in its row. All
/// events of a visitor are here; others' do not matter.
pub fn rows(facts: Vec<Fact>) -> String {
    let mut visits: HashMap<u32, (u64, i64, HashMap<Dim, String>)> = HashMap::new();
    let mut open: HashMap<(u32, String), usize> = HashMap::new();
    let mut kept: Vec<(Fact, u64)> = Vec::new();
    for mut fact in facts {
        let who = fact.who.unwrap_or_default();
        let page = fact.value(PAGE).unwrap_or_default().to_owned();
        if fact.kind == Kind::Report {
            if let Some(at) = open.get(&(who, page)) {
                let (view, _) = &mut kept[*at];
                view.engaged = fact.engaged.or(view.engaged);
                view.scroll = fact.scroll.or(view.scroll);
            }
            continue;
        }
        // Between two visits of a visitor lies more than a hundred seconds.
        let next = u64::from(who) * 1_000 + fact.at as u64 / 100;
        let visit = visits.entry(who).or_insert((next, fact.at, HashMap::new()));
        if fact.at - visit.1 >= IDLE {
            *visit = (next, fact.at, HashMap::new());
        }
        visit.1 = fact.at;
        origin_of_visit(&mut visit.2, &mut fact);
        if fact.kind == Kind::Pageview {
            open.insert((who, page), kept.len());
        }
        kept.push((fact, visit.0));
    }
    let mut out = String::new();
    kept.iter().for_each(|(fact, visit)| put(&mut out, fact, *visit));
    out
}

/// Where a visit came from stands in all its rows.
fn origin_of_visit(known: &mut HashMap<Dim, String>, fact: &mut Fact) {
    let origin = [SOURCE, CHANNEL, REFERRER, UTM[0], UTM[1], UTM[2], UTM[3], UTM[4]];
    if known.is_empty() {
        known.extend(fact.attributes.iter().filter(|(of, _)| origin.contains(of)).cloned());
    }
    fact.attributes.retain(|(of, _)| !origin.contains(of));
    fact.attributes.extend(known.iter().map(|(of, value)| (*of, value.clone())));
}

fn put(out: &mut String, fact: &Fact, visit: u64) {
    let visitor = u64::from(fact.who.unwrap_or_default()).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let _ = write!(out, "{}\t{visitor}\t{visit}", fact.at);
    for (dimension, _) in TEXTS {
        let _ = write!(out, "\t{}", fact.value(dimension).unwrap_or_default());
    }
    let all = |of: Dim| fact.attributes.iter().filter(move |(dimension, _)| *dimension == of);
    let sections: Vec<String> = all(SECTION).map(|(_, value)| format!("'{value}'")).collect();
    let props: Vec<String> = all(PROP)
        .filter_map(|(_, value)| value.split_once('='))
        .map(|(key, value)| format!("'{key}':'{value}'"))
        .collect();
    let (engaged, scroll) = (fact.engaged.unwrap_or(0), fact.scroll.unwrap_or(0));
    let _ = writeln!(out, "\t[{}]\t{{{}}}\t{engaged}\t{scroll}\t{}", sections.join(","), props.join(","), fact.revenue);
}

/// The structure of [`rows`], for `input()`.
pub fn structure() -> String {
    let mut columns = String::from("at UInt32, visitor UInt64, visit UInt64");
    for (_, column) in TEXTS {
        let _ = write!(columns, ", {column} String");
    }
    columns
        + ", sections Array(String), props Map(String, String), engaged_secs UInt32, scroll_pct UInt8, revenue_minor Int64"
}
