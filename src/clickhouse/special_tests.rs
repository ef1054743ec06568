//! Pairs of sealed days against a real engine: of the generation that holds, and of nothing else.

use crate::clickhouse::testing::TestEngine;
use crate::clickhouse::{CrossingSum, Numbers, SealedScope};
use crate::model::{Day, Dimension, Measure, Rules};

const ROWS: [&str; 3] = [
    "INSERT INTO seals (site, day, generation, sealed_at, k, cells, crossings, folded) VALUES \
     ('a', '2026-11-19', 4, 1, 5, 1, 1, 0), ('a', '2026-11-19', 5, 2, 5, 1, 1, 0), ('a', '2026-11-18', 6, 2, 5, 1, 1, 0)",
    "INSERT INTO crossings (site, day, dim, value, dim2, value2, generation, events_over, visitors, keep_days) VALUES \
     ('a', '2026-11-19', 'page', '/', 'next_page', '/x', 5, 7, 5, 9999), \
     ('a', '2026-11-18', 'page', '/', 'next_page', '/x', 6, 1, 1, 9999), \
     ('a', '2026-11-17', 'page', '/', 'next_page', '/x', 6, 9, 9, 9999), \
     ('b', '2026-11-19', 'page', '/', 'next_page', '/x', 5, 9, 9, 9999), \
     ('a', '2026-11-18', 'page', '/y', 'next_page', '/x', 6, 2, 2, 9999)",
    "INSERT INTO crossings (site, day, dim, value, dim2, value2, generation, events_over, visitors, keep_days) VALUES \
     ('a', '2026-11-19', 'page', '/', 'next_page', '/x', 4, 90, 90, 9999)",
];

fn day(text: &str) -> Day {
    Day::from_date(text.parse().expect("a date")).expect("in range")
}

fn pair(values: [&str; 2], events: i64, visitors: i64) -> CrossingSum {
    let mut numbers = Numbers { visitors, ..Numbers::default() };
    numbers.measures[Measure::Events] = events;
    numbers.measures[Measure::Visits] = visitors;
    CrossingSum { values: values.map(str::to_owned), numbers }
}

#[tokio::test]
async fn pairs_come_from_the_generation_that_holds() {
    let engine = TestEngine::start().await;
    for rows in ROWS {
        engine.store.client().query(rows).execute().await.expect(rows);
    }
    let (from, to) = (day("2026-11-17"), day("2026-11-20"));
    let dimensions = [Dimension::Page, Dimension::NextPage];
    let rules = Rules { k: 0, strict: false };
    let mut scope = SealedScope { site: "a".parse().expect("an id"), dimensions, pick: None, from, to, rules };
    let all = engine.store.sealed_crossings(&scope).await.expect("read");
    assert_eq!(all, [pair(["/", "/x"], 8, 6), pair(["/y", "/x"], 2, 2)]);
    for (pick, count) in [((0, "/y"), 1), ((1, "/x"), 2), ((1, "/y"), 0)] {
        scope.pick = Some((pick.0, pick.1.to_owned()));
        assert_eq!(engine.store.sealed_crossings(&scope).await.expect("read").len(), count, "{pick:?}");
    }
    engine.stop().await;
}
