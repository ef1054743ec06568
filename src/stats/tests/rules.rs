//! What a reader may not see as a cell, it sees in no export, no crossing and no other day's numbers, whenever the day was
//! sealed and under whatever rules.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::world::{Seen, day, put, seal};
use super::{NOW, parse, question, site};
use crate::clickhouse::testing::TestEngine;
use crate::clickhouse::{ExportFormat, ExportTable};
use crate::model::{Dimension, Site};
use crate::stats::{Egress, ExportRequest, Reader, export};

const DATE: &str = "2026-11-20";

/// So many people, each with one view under these attributes. They come at different hours.
fn people(of: &[(usize, &[(Dimension, &str)])]) -> Vec<Seen> {
    let each = of.iter().flat_map(|(count, attributes)| std::iter::repeat_n(*attributes, *count));
    let seen = |(who, own): (usize, &[(Dimension, &str)])| {
        let mut attributes: Vec<(Dimension, String)> =
            own.iter().map(|(dimension, value)| (*dimension, (*value).to_owned())).collect();
        attributes.push((Dimension::Event, "pageview".to_owned()));
        Seen { day: day(DATE), hour: (who % 24) as u8, who: who as u64, attributes, minor: 0 }
    };
    each.enumerate().map(seen).collect()
}

/// People of pages and browsers.
fn views(of: &[(usize, &'static str, &'static str)]) -> Vec<Seen> {
    of.iter()
        .enumerate()
        .flat_map(|(at, (count, page, browser))| {
            let mut seen = people(&[(*count, &[(Dimension::Page, page), (Dimension::Browser, browser)])]);
            seen.iter_mut().for_each(|event| event.who += 1_000 * at as u64);
            seen
        })
        .collect()
}

fn pages() -> Vec<Seen> {
    views(&[
        (15, "/big", "Firefox"),
        (15, "/big", "Chrome"),
        (7, "/mid", "Firefox"),
        (2, "/tiny", "Chrome"),
        (6, "/low", "Firefox"),
        (30, "/low", "Chrome"),
        (9, "/even", "Firefox"),
        (9, "/even", "Chrome"),
        (20, "/top", "Firefox"),
        (20, "/top", "Chrome"),
    ])
}

struct Town {
    engine: TestEngine,
    egress: Egress,
    site: Site,
}

impl Town {
    async fn of(events: &[Seen], change: impl FnOnce(&mut Site)) -> Self {
        let engine = TestEngine::start().await;
        let mut site = site("mine");
        change(&mut site);
        put(&engine, &site, events, 1).await;
        Self { egress: Egress::new(engine.store.clone()), engine, site }
    }

    async fn seal(&self) {
        seal(&self.engine, &self.site, day(DATE)).await;
    }

    async fn ask(&self, reader: Reader, asked: &Value) -> Vec<(String, i64)> {
        let mut asked = asked.clone();
        asked["metrics"] = json!(["events"]);
        let query = parse(&question(&asked)).expect("sound");
        let answer = self.egress.answer(&self.site, &query, reader, NOW).await.expect("an answer");
        answer.results.into_iter().map(|row| (row.dimensions[0].clone(), row.metrics[0].get() as i64)).collect()
    }

    /// Values of a dimension, but for the rest.
    async fn labels(&self, reader: Reader, asked: Value) -> BTreeSet<String> {
        let rows = self.ask(reader, &asked).await.into_iter().map(|(label, _)| label);
        rows.filter(|label| label != "(other)").collect()
    }

    async fn export(&self, table: ExportTable) -> Vec<Value> {
        let (from, to) = (day("2026-11-01"), day("2026-11-21"));
        let asked = ExportRequest { from, to, table, format: ExportFormat::Json };
        let mut stream = export(&self.engine.store, &self.egress, &self.site, &asked, NOW).await.expect("it begins");
        let mut all = Vec::new();
        while let Some(bytes) = stream.next().await.expect("bytes") {
            all.extend_from_slice(&bytes);
        }
        let text = String::from_utf8(all).expect("text");
        text.lines().map(|line| serde_json::from_str(line).expect("an object")).collect()
    }

    /// The values of a dimension that exports have.
    async fn exported(&self, dimension: &str) -> [BTreeSet<String>; 2] {
        let (cells, crossings) = (self.export(ExportTable::Cells).await, self.export(ExportTable::Crossings).await);
        let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let values = |rows: &[Value], dimension_key: &str, value_key: &str| -> BTreeSet<String> {
            let own = rows.iter().filter(|row| row[dimension_key] == dimension);
            own.map(|row| text(row, value_key)).collect()
        };
        let mut crossed = values(&crossings, "dimension", "value");
        crossed.extend(values(&crossings, "dimension2", "value2"));
        [values(&cells, "dimension", "value"), crossed]
    }
}

fn set(of: &[&str]) -> BTreeSet<String> {
    of.iter().map(|value| (*value).to_owned()).collect()
}

const FIREFOX: &str = r#"{ "dimensions": ["event:page"], "filters": [["is", "visit:browser", ["Firefox"]]] }"#;

fn of_firefox() -> Value {
    serde_json::from_str(FIREFOX).expect("an object")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_sealed_under_weaker_rules_is_judged_for_those_who_may_see_less() {
    let by_page = json!({ "dimensions": ["event:page"] });
    let town = Town::of(&pages(), |_| ()).await;
    town.seal().await;
    assert_eq!(town.labels(Reader::Owner, by_page.clone()).await.len(), 6);
    assert_eq!(town.labels(Reader::Owner, of_firefox()).await, set(&["/big", "/mid", "/top"]));
    // A public page of the same site, then the owner who switches to strict: /mid hides /tiny.
    let (pages, crossed) = (set(&["/big", "/even", "/low", "/top"]), set(&["/big", "/top"]));
    assert_eq!(town.labels(Reader::Public, by_page.clone()).await, pages);
    assert_eq!(town.labels(Reader::Public, of_firefox()).await, crossed);
    let mut town = town;
    town.site.strict = true;
    assert_eq!(town.labels(Reader::Owner, by_page).await, pages);
    assert_eq!(town.labels(Reader::Owner, of_firefox()).await, crossed);
    assert_eq!(town.exported("page").await, [pages, crossed]);
    let cells = town.export(ExportTable::Cells).await;
    let with_hours: BTreeSet<&str> =
        cells.iter().filter(|row| !row["hour"].is_null()).filter_map(|row| row["dimension"].as_str()).collect();
    assert_eq!(with_hours, BTreeSet::from(["total"]));
    assert!(cells.iter().all(|row| row["sealed"] == true));
    town.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_raised_k_holds_for_days_that_were_sealed_before() {
    let of = [(20, "/a", "Firefox"), (12, "/a", "Chrome"), (6, "/b", "Firefox"), (8, "/b", "Chrome")];
    let mut town = Town::of(&views(&of), |_| ()).await;
    town.seal().await;
    let shown = set(&["/a", "/b"]);
    assert_eq!(
        (town.labels(Reader::Owner, of_firefox()).await, town.exported("page").await[1].clone()),
        (shown.clone(), shown.clone())
    );
    town.site.min_visitors = 7;
    // Cells of pages are shown whatever their size. Of Firefox, 26 less the 20 of /a would be the six of /b, and so on.
    assert_eq!(town.exported("page").await, [shown, set(&[])]);
    assert_eq!(town.labels(Reader::Owner, of_firefox()).await, set(&[]));
    town.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seal_under_the_same_rules_changes_no_answer() {
    // Everybody looks at the first page, fewer at those after it.
    let mut events = Vec::new();
    for (page, count) in [("/", 20), ("/a", 15), ("/b", 12), ("/c", 8), ("/d", 2)] {
        events.extend(people(&[(count, &[(Dimension::Page, page)])]));
    }
    let town = Town::of(&events, |site| site.strict = true).await;
    let by_page = json!({ "dimensions": ["event:page"] });
    let open = (town.ask(Reader::Owner, &by_page).await, town.exported("page").await);
    assert_eq!(
        open.0,
        [("/", 20), ("/a", 15), ("/b", 12), ("(other)", 10)].map(|(page, count)| (page.to_owned(), count))
    );
    town.seal().await;
    assert_eq!((town.ask(Reader::Owner, &by_page).await, town.exported("page").await), open);
    town.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_channel_would_tell_of_its_sources_is_hidden() {
    let came = |source, channel| [(Dimension::Source, source), (Dimension::Channel, channel)];
    let (google, bing) = (came("Google", "Organic Search"), came("Bing", "Organic Search"));
    let (facebook, direct) = (came("Facebook", "Social"), came("(direct)", "Direct"));
    let events = people(&[(8, &google), (2, &bing), (6, &facebook), (10, &direct)]);
    let sources = json!({ "dimensions": ["visit:source"] });
    let channels = set(&["Organic Search", "Social", "Direct"]);
    let shown = set(&["Facebook", "(direct)"]);
    for (is_strict, reader) in [(true, Reader::Owner), (false, Reader::Public)] {
        let town = Town::of(&events, |site| site.strict = is_strict).await;
        for is_sealed in [false, true] {
            if is_sealed {
                town.seal().await;
            }
            assert_eq!(town.labels(reader, json!({ "dimensions": ["visit:channel"] })).await, channels);
            let told = town.labels(reader, sources.clone()).await;
            assert!(told.is_subset(&shown), "strict {is_strict}, sealed {is_sealed}: {told:?}");
            assert!(told.contains("(direct)"), "strict {is_strict}, sealed {is_sealed}: {told:?}");
        }
        town.engine.stop().await;
    }
}
