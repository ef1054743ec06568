//! The special reads against a real engine: open days from sketches, sealed days from the generation that holds.

use crate::clickhouse::testing::TestEngine;
use crate::clickhouse::{CellScope, CellSum, Counts, CrossingSum, SealedScope};
use crate::model::{Day, Dimension, SiteId};

const ROWS: [&str; 6] = [
    "INSERT INTO cells_open (site, day, dim, value, hour, pageviews, events, visits, hashes) VALUES \
     ('a', '2026-11-20', 'page', '/', 3, 2, 2, 1, [1, 2]), ('a', '2026-11-20', 'page', '/', 4, 1, 1, 1, [2]), \
     ('a', '2026-11-19', 'page', '/', 3, 9, 9, 9, [1]), ('b', '2026-11-20', 'page', '/', 3, 9, 9, 9, [7]), \
     ('a', '2026-11-20', 'page', '/x', 3, 1, 1, 0, [3])",
    "INSERT INTO crossings_open (site, day, dim, value, dim2, value2, events, hashes) VALUES \
     ('a', '2026-11-20', 'page', '/', 'next_page', '/x', 1, [1]), ('a', '2026-11-19', 'page', '/', 'next_page', '/x', 1, [1]), \
     ('b', '2026-11-18', 'page', '/', 'next_page', '/x', 1, [1])",
    "INSERT INTO seals (site, day, generation, sealed_at, k, cells, crossings, folded) VALUES \
     ('a', '2026-11-19', 4, 1, 5, 1, 1, 0), ('a', '2026-11-19', 5, 2, 5, 1, 1, 0), ('a', '2026-11-18', 6, 2, 5, 1, 1, 0)",
    "INSERT INTO cells (site, day, dim, value, hour, generation, pageviews, events, visits, bounces, visitors, keep_until) VALUES \
     ('a', '2026-11-19', 'page', '/', 255, 5, 3, 3, 2, 1, 2, '2030-01-01'), \
     ('a', '2026-11-19', 'page', '/', 3, 5, 3, 3, 2, 1, 2, '2030-01-01'), \
     ('a', '2026-11-19', 'page', '/', 255, 4, 8, 8, 8, 8, 8, '2030-01-01'), \
     ('a', '2026-11-18', 'page', '/', 255, 6, 1, 1, 1, 1, 1, '2030-01-01')",
    "INSERT INTO crossings (site, day, dim, value, dim2, value2, generation, events, visitors, keep_until) VALUES \
     ('a', '2026-11-19', 'page', '/', 'next_page', '/x', 5, 7, 5, '2030-01-01'), \
     ('a', '2026-11-18', 'page', '/', 'next_page', '/x', 6, 1, 1, '2030-01-01'), \
     ('a', '2026-11-18', 'page', '/y', 'next_page', '/x', 6, 2, 2, '2030-01-01')",
    "INSERT INTO crossings (site, day, dim, value, dim2, value2, generation, events, visitors, keep_until) VALUES \
     ('a', '2026-11-19', 'page', '/', 'next_page', '/x', 4, 90, 90, '2030-01-01')",
];

fn day(text: &str) -> Day {
    Day::from_date(text.parse().expect("a date")).expect("in range")
}

fn site() -> SiteId {
    "a".parse().expect("an id")
}

fn sum(day: Option<Day>, is_open: bool, value: &str, numbers: (i64, i64, i64, i64, i64)) -> CellSum {
    CellSum { day, is_open, value: value.to_owned(), counts: numbers.into() }
}

fn pair(values: [&str; 2], events: i64, visitors: i64) -> CrossingSum {
    let counts = Counts { events, visitors, ..Counts::default() };
    CrossingSum { values: values.map(str::to_owned), counts }
}

#[tokio::test]
async fn open_and_sealed_days_are_read_from_where_they_are() {
    let engine = TestEngine::start().await;
    for rows in ROWS {
        engine.store.client().query(rows).execute().await.expect(rows);
    }
    let (from, to) = (day("2026-11-18"), day("2026-11-20"));
    let scope = CellScope { site: site(), dimension: Dimension::Page, prefix: "/".into(), from, to, by_day: false };
    let open = |value, numbers| sum(Some(to), true, value, numbers);
    let (root, x) = (open("/", (3, 3, 2, 0, 2)), open("/x", (1, 1, 0, 0, 1)));
    let read = engine.store.cell_sums(&scope).await.expect("read");
    assert_eq!(read, [sum(None, false, "/", (4, 4, 3, 2, 3)), root.clone(), x.clone()]);
    let scope = CellScope { by_day: true, ..scope };
    let sealed = |of, numbers| sum(Some(day(of)), false, "/", numbers);
    let expected = [sealed("2026-11-18", (1, 1, 1, 1, 1)), sealed("2026-11-19", (3, 3, 2, 1, 2)), root, x];
    assert_eq!(engine.store.cell_sums(&scope).await.expect("read"), expected);

    let dimensions = [Dimension::Page, Dimension::NextPage];
    let mut scope = SealedScope { site: site(), dimensions, pick: None, from, to };
    let all = engine.store.sealed_crossings(&scope).await.expect("read");
    assert_eq!(all, [pair(["/", "/x"], 8, 6), pair(["/y", "/x"], 2, 2)]);
    for (pick, count) in [((0, "/y"), 1), ((1, "/x"), 2), ((1, "/y"), 0)] {
        scope.pick = Some((pick.0, pick.1.to_owned()));
        assert_eq!(engine.store.sealed_crossings(&scope).await.expect("read").len(), count, "{pick:?}");
    }
    let days = engine.store.days_of_open_crossings(&site(), from, to).await.expect("read");
    assert_eq!(days, [to]);
    engine.stop().await;
}
