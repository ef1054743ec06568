//! What a real ClickHouse has of a load, whatever it took for known and whatever it forgot.

use super::*;
use crate::clickhouse::testing::TestEngine;
use crate::clickhouse::{Arrived, Generation};
use crate::model::{CellKey, CrossingGroup, Day, Dimension, Hour, Measure, Measures, SiteId};

const DAY: Day = Day(20_778);
const OURS: u64 = 0xabcd;
const KEY: [u64; 2] = [3, 4];

fn site_day((site, day): (&str, u16)) -> (SiteId, Day) {
    (site.parse().expect("an id"), Day(DAY.0 + day))
}

fn events(count: i64) -> Measures {
    let mut measures = Measures::default();
    measures[Measure::Events] = count;
    measures
}

/// A load of all four tables: each has an event of each site and day.
fn load(places: &[(&str, u16)]) -> [Rows; 2] {
    let of = |place: &(&str, u16)| {
        let (site, day) = site_day(*place);
        Generation { site, day, number: 9, keep_until: Day(60_000) }
    };
    let cell = |place: &(&str, u16)| {
        let (site, day) = site_day(*place);
        let key = CellKey { site, day, dimension: Dimension::Page, value: "/".into(), hour: Hour::WHOLE_DAY };
        Cell { key, measures: events(1), hashes: vec![1] }
    };
    let late = |place: &(&str, u16)| LateCell {
        generation: of(place),
        dimension: Dimension::Page,
        value: "/".into(),
        hour: Hour::WHOLE_DAY,
        measures: events(1),
        always: true,
    };
    let late_crossing = |place: &(&str, u16)| LateCrossing {
        generation: of(place),
        dimensions: [Dimension::Page, Dimension::Country],
        values: ["/".into(), "DE".into()],
        measures: events(1),
    };
    let mut crossings =
        Crossings::about(places.iter().map(|place| site_day(*place)).collect(), vec!["/".into(), "DE".into()]);
    for site_day in 0..u32::try_from(places.len()).expect("few") {
        let group = CrossingGroup { site_day, dimensions: [Dimension::Page, Dimension::Country], values: [0, 1] };
        crossings.push(group, &events(1), &[1]);
    }
    [
        Rows::Cells(places.iter().map(cell).collect(), places.iter().map(late).collect()),
        Rows::Crossings(crossings, places.iter().map(late_crossing).collect()),
    ]
}

fn attempt(token: u128, number: u64, again: bool) -> Try {
    Try { token, receipt: Some(Receipt { journal: OURS, number, key: KEY }), again }
}

/// Late crossings count where a row is shown.
async fn show(store: &Store, places: &[(&str, u16)]) {
    for (site, day) in places.iter().map(|place| site_day(*place)) {
        let row = format!("('{}', '{day}', 'page', '/', 'country', 'DE', 9)", site.as_str());
        store.run(&format!("INSERT INTO crossings (site, day, dim, value, dim2, value2, generation, keep_days, events_over) \
                            SELECT *, 9999, 1 FROM VALUES('s String, d Date, a String, b String, c String, e String, g UInt64', {row})")).await;
    }
}

const TABLES: [&str; 4] = ["cells_open", "cells", "crossings_open", "crossings"];

/// Events of each site and day, table by table: the row that shows late crossings has one of its own.
async fn counted(store: &Store) -> Vec<String> {
    let mut all = Vec::new();
    for table in TABLES {
        let own = if table == "crossings" { " - 1" } else { "" };
        let text = format!(
            "SELECT concat('{table} ', site, ' ', toString(day), ' ', toString(sum(events){own})) FROM {table} \
             GROUP BY site, day ORDER BY site, day"
        );
        all.extend(store.texts(&text).await);
    }
    all
}

fn each(places: &[(&str, u16)], times: i64) -> Vec<String> {
    let mut places: Vec<_> = places.iter().map(|place| site_day(*place)).collect();
    places.sort();
    let line = |table: &str, (site, day): &(SiteId, Day)| format!("{table} {} {day} {times}", site.as_str());
    TABLES.iter().flat_map(|table| places.iter().map(move |place| line(table, place))).collect()
}

const PLACES: [(&str, u16); 5] = [("a", 0), ("b", 0), ("a", 1), ("c", 1), ("d", 40)];

async fn put_both(store: &Store, loads: &[Rows; 2], attempt: Try) {
    for load in loads {
        load.put(store, attempt).await.expect("taken");
    }
}

#[tokio::test]
async fn a_load_that_was_tried_before_counts_once_whatever_clickhouse_took_for_known_or_forgot() {
    let engine = TestEngine::start().await;
    let store = &engine.store;
    show(store, &PLACES).await;
    let whole = load(&PLACES);
    // It is there, and the token is known.
    put_both(store, &whole, attempt(10, 1, false)).await;
    put_both(store, &whole, attempt(10, 1, true)).await;
    assert_eq!(counted(store).await, each(&PLACES, 1), "repeated");
    // It is there, and the token was forgotten.
    put_both(store, &whole, attempt(20, 1, true)).await;
    assert_eq!(counted(store).await, each(&PLACES, 1), "forgotten");
    // Its token is known, and it is not there: that other rows came under it is the same to ClickHouse.
    let spent = Try { receipt: None, ..attempt(30, 2, false) };
    put_both(store, &whole, spent).await;
    put_both(store, &whole, attempt(31, 2, true)).await;
    assert_eq!(counted(store).await, each(&PLACES, 3), "the same rows came as two loads");
    put_both(store, &whole, attempt(30, 3, true)).await;
    assert_eq!(counted(store).await, each(&PLACES, 4), "taken for known");
    // Two tokens in a row are known.
    put_both(store, &whole, attempt(30, 4, true)).await;
    put_both(store, &whole, attempt(30, 4, true)).await;
    assert_eq!(counted(store).await, each(&PLACES, 5), "taken for known twice");
    // Some partitions of it are there.
    put_both(store, &load(&PLACES[1..3]), attempt(40, 5, false)).await;
    put_both(store, &whole, attempt(41, 5, true)).await;
    assert_eq!(counted(store).await, each(&PLACES, 6), "in part");
    engine.stop().await;
}

#[tokio::test]
async fn tokens_end_with_an_error_and_not_with_a_loss() {
    let engine = TestEngine::start().await;
    let store = &engine.store;
    let [whole, _] = load(&PLACES[..1]);
    for token in 10..10 + TOKENS {
        whole.put(store, Try { token, receipt: None, again: false }).await.expect("taken");
    }
    assert_eq!(whole.put(store, attempt(10, 1, true)).await, Err(took_and_lost()));
    engine.stop().await;
}

#[tokio::test]
async fn a_journal_from_a_backup_relies_on_tokens() {
    let engine = TestEngine::start().await;
    let store = &engine.store;
    let places = &PLACES[..1];
    show(store, places).await;
    let whole = load(places);
    put_both(store, &whole, attempt(10, 8, false)).await;
    // The journal was put back to before: it counts its loads from there once more.
    put_both(store, &whole, attempt(20, 5, true)).await;
    put_both(store, &whole, attempt(20, 5, true)).await;
    assert_eq!(counted(store).await, each(places, 2));
    let wanted = SiteDays::from([site_day(places[0])]);
    let passed = Arrived { here: SiteDays::new(), passed: wanted.clone() };
    let of = |journal| Receipt { journal, number: 5, key: KEY };
    assert_eq!(store.arrived(LoadTable::OpenCells, of(OURS), &wanted).await, Ok(passed));
    assert_eq!(store.arrived(LoadTable::OpenCells, of(OURS + 1), &wanted).await, Ok(Arrived::default()));
    engine.stop().await;
}
