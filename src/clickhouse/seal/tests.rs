//! The steps of a seal against a real engine.

use super::*;
use crate::clickhouse::SealRow;
use crate::clickhouse::receipt::Shipment;
use crate::clickhouse::testing::TestEngine;
use crate::model::{Cell, CellKey, CrossingGroup, Crossings, Rules};

const DAY: Day = Day(20_778);

fn site(id: &str) -> SiteId {
    id.parse().expect("an id")
}

fn generation(number: u64) -> Generation {
    Generation { site: site("a"), day: DAY, number, keep_until: Day(30_000) }
}

fn views(count: i64) -> Measures {
    let mut measures = Measures::default();
    measures[Measure::Pageviews] = count;
    measures
}

fn cell(id: &str, dimension: Dimension, value: &str, hour: u8, hashes: &[u64]) -> Cell {
    let key = CellKey { site: site(id), day: DAY, dimension, value: value.into(), hour: Hour(hour) };
    Cell { key, measures: views(2), hashes: hashes.to_vec() }
}

fn crossings() -> Crossings {
    let mut crossings =
        Crossings::about(vec![(site("a"), DAY), (site("b"), DAY)], ["/", "DE", "FR"].map(Into::into).to_vec());
    for (site_day, country, hashes) in [(0, 1, &[1, 2][..]), (0, 2, &[9]), (1, 1, &[4])] {
        let dimensions = [Dimension::Page, Dimension::Country];
        crossings.push(CrossingGroup { site_day, dimensions, values: [0, country] }, &views(1), hashes);
    }
    crossings
}

async fn fill(store: &Store) {
    let cells = [
        cell("a", Dimension::Page, "/", 7, &[1, 2]),
        cell("a", Dimension::Page, "/", 8, &[2, 3]),
        cell("a", Dimension::Page, "/b", 8, &[3]),
        cell("a", Dimension::Country, "DE", 255, &[1, 2, 3]),
        cell("b", Dimension::Country, "DE", 255, &[1]),
    ];
    store.insert_cells(&cells, &Shipment::under(1)).await.expect("taken");
    store.insert_crossings(&crossings(), &Shipment::under(2)).await.expect("taken");
}

const CELLS: &str = "SELECT concat(toString(generation), ' ', dim, ' ', value, ' ', toString(hour)) AS label, \
                     pageviews, visitors FROM cells FINAL ORDER BY label";

async fn rows(store: &Store, text: &str) -> Vec<(String, i64, i64)> {
    store.client().query(text).fetch_all().await.expect("read")
}

fn wanted(rows: &[(&str, i64, i64)]) -> Vec<(String, i64, i64)> {
    rows.iter().map(|(label, views, visitors)| ((*label).to_owned(), *views, *visitors)).collect()
}

#[tokio::test]
async fn cells_are_written_for_the_day_and_hours_of_the_whole_site_alone() {
    let engine = TestEngine::start().await;
    let store = &engine.store;
    fill(store).await;
    let whole_site = [cell("a", Dimension::Total, "", 7, &[1, 2]), cell("a", Dimension::Total, "", 8, &[2, 3])];
    store.insert_cells(&whole_site, &Shipment::under(3)).await.expect("taken");
    store.run("ALTER TABLE cells_open UPDATE visit_secs = 60 WHERE true SETTINGS mutations_sync = 1").await;
    let dimensions = [Dimension::Page, Dimension::Country, Dimension::Total];
    assert_eq!(store.seal_cells(&generation(7), &dimensions).await, Ok(6));
    let all = [
        ("7 country DE 255", 2, 3),
        ("7 page / 255", 4, 3),
        ("7 page /b 255", 2, 1),
        ("7 total  255", 4, 3),
        ("7 total  7", 2, 2),
        ("7 total  8", 2, 2),
    ];
    assert_eq!(rows(store, CELLS).await, wanted(&all));
    // How long visits took is kept of what a visit has once.
    let secs =
        "SELECT dim::String AS label, sum(visit_secs), 0::Int64 FROM cells WHERE hour = 255 GROUP BY dim ORDER BY dim";
    assert_eq!(rows(store, secs).await, wanted(&[("country", 60, 0), ("page", 0, 0), ("total", 120, 0)]));
    // The same with one folded; hours are not there of those that are shown either.
    let pages = store.open_cells(&site("a"), DAY, &[Dimension::Page]).await.expect("read");
    assert_eq!(store.seal_shown_cells(&generation(8), &pages, &[true, false]).await, Ok(1));
    store.remove_remains(&site("a"), DAY, Some(8)).await.expect("removed");
    let shown = [("8 page / 255", 4, 3)];
    assert_eq!(rows(store, CELLS).await, wanted(&shown));
    engine.stop().await;
}

#[tokio::test]
async fn shown_crossings_are_written_and_open_rows_of_the_site_day_removed() {
    let engine = TestEngine::start().await;
    let store = &engine.store;
    fill(store).await;
    let pairs = store.open_pairs(&site("a"), DAY).await.expect("read");
    assert_eq!(Vec::from_iter(pairs), [([Dimension::Page, Dimension::Country], 2)]);
    let wanted_pairs = [[Dimension::Page, Dimension::Source], [Dimension::Page, Dimension::Country]];
    let pair = store.open_pair((&site("a"), DAY), &wanted_pairs).await.expect("read");
    assert_eq!(store.open_pair((&site("a"), DAY), &[]).await, Ok(CountedPair::default()));
    let counted: Vec<(&str, u64)> =
        pair.rows.iter().map(|row| (&*pair.texts[row.values[1] as usize], row.visitors)).collect();
    assert_eq!(counted, [("DE", 2), ("FR", 1)]);
    let generation = generation(7);
    let mut sealed = store.seal_crossings(&generation);
    sealed.put(&pair, &[false, true]).await.expect("written");
    assert_eq!(sealed.finish().await, Ok(1));
    let text = "SELECT concat(value, ' ', value2) AS label, pageviews, visitors FROM crossings";
    assert_eq!(rows(store, text).await, wanted(&[("/ DE", 1, 2)]));

    let all = [(site("a"), DAY), (site("b"), DAY)];
    assert_eq!(store.open_site_days().await, Ok(all.to_vec()));
    store.remove_open(&site("a"), DAY).await.expect("removed");
    assert_eq!(store.open_site_days().await, Ok(all[1..].to_vec()));
    let left = "SELECT concat(site, ' ', value2) AS label, sum(pageviews), 0::Int64 FROM crossings_open GROUP BY label";
    assert_eq!(rows(store, left).await, wanted(&[("b DE", 1, 0)]));
    engine.stop().await;
}

#[tokio::test]
async fn a_seal_is_written_once_and_found_again() {
    let engine = TestEngine::start().await;
    let store = &engine.store;
    let (pair, other) = ([Dimension::Page, Dimension::Country], [Dimension::Region; 2]);
    let row = SealRow {
        generation: generation(u64::MAX),
        sealed_at: 1_795_262_400,
        rules: Rules { k: 5, strict: true },
        cells: 6,
        crossings: 1,
        folded: [(pair, 300), (other, 2)].into(),
    };
    assert_eq!(store.seal_of(&site("a"), DAY).await, Ok(None));
    for token in 0..2 {
        store.write_seal(&row, token).await.expect("taken");
    }
    let sealed = row.sealed_day();
    assert_eq!(store.seal_of(&site("a"), DAY).await, Ok(Some(sealed)));
    assert_eq!(store.seals_since(DAY).await, Ok(vec![(site("a"), sealed)]));
    assert_eq!(store.seals_since(DAY.plus(1)).await, Ok(Vec::new()));
    let count = store.client().query("SELECT sum(folded) FROM seals FINAL").fetch_one::<u64>().await;
    assert_eq!(count.expect("read"), 302);
    let [country, page] = [pair[1], pair[0]];
    for (dimensions, count) in [(pair, 300), ([country, page], 300), (other, 2), ([page; 2], 0)] {
        assert_eq!(store.folded_in(&site("a"), (DAY, DAY), dimensions).await, Ok(count), "{dimensions:?}");
    }
    assert_eq!(store.folded_in(&site("b"), (DAY, DAY), pair).await, Ok(0));
    assert_eq!(store.folded_in(&site("a"), (DAY.plus(1), DAY.plus(9)), pair).await, Ok(0));
    engine.stop().await;
}
