//! Every dimension with every filter, compared with the events themselves: open days, sealed days, both.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::world::{Seen, day, put, seal, town};
use super::{NOW, ask_of, parse, question, site};
use crate::clickhouse::testing::TestEngine;
use crate::model::{Dimension, Site};
use crate::stats::{Egress, Reader, kept};

const DIMENSIONS: [(&str, Dimension, &str); 12] = [
    ("event:page", Dimension::Page, ""),
    ("event:section", Dimension::Section, ""),
    ("event:name", Dimension::Event, ""),
    ("event:goal", Dimension::Goal, ""),
    ("event:props:plan", Dimension::Prop, "plan="),
    ("visit:entry_page", Dimension::EntryPage, ""),
    ("visit:source", Dimension::Source, ""),
    ("visit:channel", Dimension::Channel, ""),
    ("visit:country", Dimension::Country, ""),
    ("visit:region", Dimension::Region, ""),
    ("visit:browser", Dimension::Browser, ""),
    ("visit:browser_version", Dimension::BrowserVersion, ""),
];

const FILTERS: [(&str, Dimension, &[&str]); 12] = [
    ("event:page", Dimension::Page, &["/"]),
    ("event:page", Dimension::Page, &["/blog/a", "/pricing"]),
    ("event:section", Dimension::Section, &["/blog"]),
    ("event:name", Dimension::Event, &["signup"]),
    ("event:name", Dimension::Event, &["pageview"]),
    ("event:name", Dimension::Event, &["pageview", "pay"]),
    ("event:goal", Dimension::Goal, &["Signup"]),
    ("event:props:plan", Dimension::Prop, &["plan=pro"]),
    ("visit:source", Dimension::Source, &["Google"]),
    ("visit:channel", Dimension::Channel, &["Organic Search"]),
    ("visit:country", Dimension::Country, &["DE"]),
    ("visit:browser", Dimension::Browser, &["Firefox"]),
];

/// Days of the town, and which of them are sealed.
async fn filled(min_visitors: u32, days: &[(&str, bool)]) -> (TestEngine, Site, Vec<Seen>) {
    let engine = TestEngine::start().await;
    let mut site = site("mine");
    site.min_visitors = min_visitors;
    site.filter_properties = vec!["plan".into()];
    let mut events = Vec::new();
    for (token, (date, is_sealed)) in days.iter().enumerate() {
        let of_day = town(day(date));
        put(&engine, &site, &of_day, token as u128 + 1).await;
        if *is_sealed {
            seal(&engine, &site, day(date)).await;
        }
        events.extend(of_day);
    }
    (engine, site, events)
}

/// Label to events, page views, and visitors a day.
type Table = BTreeMap<String, [i64; 3]>;

/// What the events say.
fn expected(events: &[Seen], (dimension, prefix): (Dimension, &str), filter: (Dimension, &[&str])) -> Table {
    let mut table = Table::new();
    let mut people = BTreeSet::new();
    for event in events.iter().filter(|event| filter.1.iter().any(|value| event.has(filter.0, value))) {
        for (own, value) in &event.attributes {
            let Some(label) = value.strip_prefix(prefix).filter(|_| *own == dimension) else { continue };
            let row = table.entry(label.to_owned()).or_default();
            row[0] += 1;
            row[1] += i64::from(event.is_view());
            row[2] += i64::from(people.insert((event.day, event.who, label.to_owned())));
        }
    }
    table
}

async fn told(egress: &Egress, site: &Site, dimension: &str, (filter, values): (&str, &[&str])) -> Option<Table> {
    let labels: Vec<&str> = values.iter().map(|value| value.trim_start_matches("plan=")).collect();
    let asked = json!({ "metrics": ["events", "pageviews", "visitors"], "dimensions": [dimension],
        "filters": [["is", filter, labels]] });
    let query = parse(&question(&asked)).expect("sound");
    kept::check(&query, site).ok()?;
    let answer = egress.answer(site, &query, Reader::Owner, NOW).await.expect("an answer");
    let row = |row: crate::stats::result::ResultRow| {
        let numbers: Vec<i64> = row.metrics.iter().map(|figure| figure.get() as i64).collect();
        (row.dimensions[0].clone(), [numbers[0], numbers[1], numbers[2]])
    };
    Some(answer.results.into_iter().map(row).collect())
}

/// Visitors of sums over overlapping groups are bounds: they are compared where they are exact.
fn without_visitors(table: Table) -> BTreeMap<String, [i64; 2]> {
    table.into_iter().map(|(label, [events, views, _])| (label, [events, views])).collect()
}

#[tokio::test]
async fn nothing_is_lost_where_nothing_is_folded() {
    let days = [("2026-11-19", true), ("2026-11-20", true), ("2026-11-21", false)];
    let (engine, site, events) = filled(0, &days).await;
    let egress = Egress::new(engine.store.clone());
    let mut answered = 0;
    for (name, dimension, prefix) in DIMENSIONS {
        for (filter, filtered, values) in FILTERS {
            let Some(mut told) = told(&egress, &site, name, (filter, values)).await else { continue };
            let mut expected = expected(&events, (dimension, prefix), (filtered, values));
            if filtered == Dimension::Event && values.contains(&"pageview") {
                // Answered from cells of the dimension: features count their page views only.
                expected.retain(|_, [events, ..]| *events > 0);
            }
            if filtered == dimension {
                expected.retain(|label, _| values.iter().any(|value| value.trim_start_matches("plan=") == label));
            }
            // Sections of one page come from that page's cell: so do its visitors.
            let is_exact =
                values.len() == 1 && filter != "event:name" && name != "event:name" && filtered != Dimension::Page;
            let other = told.remove("(other)");
            answered += 1;
            if is_exact {
                assert_eq!(told, expected, "{name} by {filter} {values:?}");
            } else {
                assert_eq!(without_visitors(told), without_visitors(expected), "{name} by {filter} {values:?}");
            }
            // Only pages without a section have no value, and sections give no `(other)`.
            assert_eq!(other, None, "{name} by {filter}: every event has a value");
        }
    }
    assert_eq!(answered, DIMENSIONS.len() * FILTERS.len());
    engine.stop().await;
}

#[tokio::test]
async fn what_is_folded_adds_up() {
    let (engine, site, events) = filled(5, &[("2026-11-20", true), ("2026-11-21", false)]).await;
    let egress = Egress::new(engine.store.clone());
    let mut folded = 0;
    for (name, dimension, prefix) in DIMENSIONS {
        for (filter, filtered, values) in FILTERS.into_iter().step_by(2) {
            let is_part = !kept::overlaps(dimension) && filtered != dimension && !values.contains(&"pageview");
            let Some(told) = told(&egress, &site, name, (filter, values)).await.filter(|_| is_part) else { continue };
            let expected = expected(&events, (dimension, prefix), (filtered, values));
            let sums = |table: &Table| {
                table.values().fold([0; 2], |sum, [events, views, _]| [sum[0] + events, sum[1] + views])
            };
            assert_eq!(sums(&told), sums(&expected), "{name} by {filter} {values:?}");
            for (label, [events, ..]) in told.iter().filter(|(label, _)| *label != "(other)") {
                assert!(expected.get(label).is_some_and(|[most, ..]| events <= most), "{name} by {filter}: {label}");
            }
            folded += usize::from(told.contains_key("(other)"));
        }
    }
    assert!(folded > 2, "{folded}");
    engine.stop().await;
}

#[tokio::test]
async fn a_day_of_which_every_region_was_folded_says_so() {
    let (engine, site, events) = filled(50, &[("2026-11-20", true)]).await;
    let asked = json!({ "metrics": ["events", "pageviews"], "dimensions": ["visit:region"] });
    let placed = |event: &&Seen| event.attributes.iter().any(|(dimension, _)| *dimension == Dimension::Country);
    let counts = [events.iter().filter(placed).count(), events.iter().filter(placed).filter(|of| of.is_view()).count()];
    let regions: BTreeSet<&String> = events
        .iter()
        .flat_map(|event| event.attributes.iter().filter(|(of, _)| *of == Dimension::Region).map(|(_, value)| value))
        .collect();
    let answer = ask_of(&engine, &site, asked.clone()).await;
    assert_eq!(answer["results"], json!([{ "dimensions": ["(other)"], "metrics": counts }]));
    assert_eq!(answer["meta"]["suppressed"]["rows"], json!(regions.len()));
    // What was folded is no value to ask for.
    let mut of_other = json!({ "metrics": ["events"], "filters": [["is", "event:page", ["(other)"]]] });
    assert_eq!(
        ask_of(&engine, &site, of_other.clone()).await["results"],
        json!([{ "dimensions": [], "metrics": [0] }])
    );
    of_other["dimensions"] = json!(["visit:source"]);
    assert_eq!(ask_of(&engine, &site, of_other).await["results"], json!([]));
    // A site that knows no regions has none to fold.
    let mut events = town(day("2026-11-20"));
    let fine = [Dimension::Region, Dimension::City];
    events.iter_mut().for_each(|event| event.attributes.retain(|(dimension, _)| !fine.contains(dimension)));
    let mut plain = super::site("plain");
    plain.min_visitors = 50;
    put(&engine, &plain, &events, 9).await;
    seal(&engine, &plain, day("2026-11-20")).await;
    let answer = ask_of(&engine, &plain, asked).await;
    assert_eq!((&answer["results"], &answer["meta"]["suppressed"]["rows"]), (&json!([]), &json!(0)));
    engine.stop().await;
}

#[tokio::test]
async fn tables_without_other_say_how_much_was_folded() {
    for is_sealed in [false, true] {
        let (engine, site, events) = filled(5, &[("2026-11-20", is_sealed)]).await;
        let mut told = 0;
        for (name, dimension, prefix) in DIMENSIONS.into_iter().filter(|(_, of, _)| kept::overlaps(*of)) {
            for (filter, filtered, values) in FILTERS.into_iter().filter(|(_, of, _)| of.family() != dimension.family())
            {
                if values.contains(&"pageview") || values.len() > 1 {
                    continue;
                }
                let expected = expected(&events, (dimension, prefix), (filtered, values));
                let labels: Vec<&str> = values.iter().map(|value| value.trim_start_matches("plan=")).collect();
                let answer = ask_of(
                    &engine,
                    &site,
                    json!({ "metrics": ["events", "visitors"], "dimensions": [name],
                    "filters": [["is", filter, labels]] }),
                )
                .await;
                let shown = answer["results"].as_array().map_or(0, Vec::len);
                let missing = expected.len() - shown;
                let suppressed = &answer["meta"]["suppressed"];
                let [rows, most, people] =
                    ["rows", "events", "visitors"].map(|of| suppressed[of].as_i64().expect("a number"));
                assert!(rows >= missing as i64, "{name} by {filter} {values:?}: {rows}, {missing} missing");
                let is_shown = |label: &str| {
                    answer["results"].as_array().into_iter().flatten().any(|row| row["dimensions"][0] == label)
                };
                let gone = expected.iter().filter(|(label, _)| !is_shown(label)).map(|(_, numbers)| numbers);
                let largest =
                    gone.fold([0; 2], |most, [events, _, people]| [most[0].max(*events), most[1].max(*people)]);
                assert!([most, people] >= largest, "{name} by {filter} {values:?}: {suppressed}, {largest:?}");
                told += missing;
            }
        }
        assert!(told > 5, "{told}");
        engine.stop().await;
    }
}

#[tokio::test]
async fn a_seal_changes_no_answer() {
    let (engine, site, _) = filled(5, &[("2026-11-20", true), ("2026-11-21", false)]).await;
    let mut before = Vec::new();
    let questions = || {
        DIMENSIONS.iter().flat_map(|(name, ..)| {
            FILTERS.iter().step_by(3).map(move |(filter, _, values)| {
                let labels: Vec<&str> = values.iter().map(|value| value.trim_start_matches("plan=")).collect();
                json!({ "metrics": ["visitors", "visits", "events", "bounce_rate", "time_on_page"],
                    "dimensions": [name], "filters": [["is", filter, labels]] })
            })
        })
    };
    for asked in questions() {
        before.push(ask_of(&engine, &site, asked).await);
    }
    seal(&engine, &site, day("2026-11-21")).await;
    for (asked, before) in questions().zip(before) {
        let after = ask_of(&engine, &site, asked.clone()).await;
        assert_eq!((&after["results"], &asked), (&before["results"], &asked));
    }
    engine.stop().await;
}
