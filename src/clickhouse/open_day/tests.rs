//! Open days against a real engine.

use crate::clickhouse::receipt::Shipment;
use crate::clickhouse::testing::TestEngine;
use crate::clickhouse::{CountedCell, CountedCrossing, SealedDay};
use crate::model::{
    Cell, CellKey, Crossing, CrossingGroup, Crossings, Day, Dimension, Hour, Measure, Measures, Rules, SiteId,
};

const DAY: Day = Day(20_778);

fn site(id: &str) -> SiteId {
    id.parse().expect("an id")
}

fn visits(visits: i64) -> Measures {
    let mut measures = Measures::default();
    measures[Measure::Visits] = visits;
    measures
}

fn cell(dimension: Dimension, value: &str, hour: u8, count: i64, hashes: &[u64]) -> Cell {
    let key = CellKey { site: site("a"), day: DAY, dimension, value: value.into(), hour: Hour(hour) };
    Cell { key, measures: visits(count), hashes: hashes.to_vec() }
}

/// `(site, first, second, visits, hashes)`.
type Row<'r> = (&'r str, (Dimension, &'r str), (Dimension, &'r str), i64, &'r [u32]);

fn crossings(rows: &[Row<'_>]) -> Crossings {
    let mut crossings = Crossings::default();
    for (id, one, other, count, hashes) in rows {
        let texts = crossings.texts.len() as u32;
        crossings.texts.extend([one.1.into(), other.1.into()]);
        crossings.site_days.push((site(id), DAY));
        let site_day = crossings.site_days.len() as u32 - 1;
        let group = CrossingGroup { site_day, dimensions: [one.0, other.0], values: [texts, texts + 1] };
        crossings.push(group, &visits(*count), hashes);
    }
    crossings
}

#[tokio::test]
async fn hours_of_a_cell_are_merged_and_exit_pages_have_no_more_visitors_than_visits() {
    use Dimension::{Country, ExitPage, Page};
    let engine = TestEngine::start().await;
    let cells = [
        cell(Page, "/", 7, 2, &[1, 2]),
        cell(Page, "/", 8, 1, &[2, 3]),
        cell(ExitPage, "/", 255, 1, &[1, 2, 3]),
        cell(Country, "DE", 255, 9, &[1]),
    ];
    engine.store.insert_cells(&cells, &Shipment::under(1)).await.expect("taken");
    let counted = |dimension, count, visitors| CountedCell {
        dimension,
        value: "/".into(),
        hour: Hour::WHOLE_DAY,
        measures: visits(count),
        visitors,
    };
    let read = engine.store.open_cells(&site("a"), DAY, &[Page, ExitPage]).await;
    assert_eq!(read, Ok(vec![counted(ExitPage, 1, 1), counted(Page, 3, 3)]));
    assert_eq!(engine.store.open_cells(&site("b"), DAY, &[Page]).await, Ok(Vec::new()));
    engine.stop().await;
}

#[tokio::test]
async fn crossings_count_once_under_one_token_and_are_found_from_both_sides() {
    use Dimension::{Browser, Country, Device, Page};
    let engine = TestEngine::start().await;
    let first = crossings(&[
        ("a", (Page, "/"), (Country, "DE"), 2, &[1, 2]),
        ("a", (Page, "/\t'"), (Country, "FR"), 1, &[9]),
        ("a", (Browser, "Firefox"), (Device, "Desktop"), 1, &[1]),
        ("b", (Page, "/"), (Country, "DE"), 7, &[5]),
    ]);
    let second = crossings(&[("a", (Page, "/"), (Country, "DE"), 1, &[2, 3])]);
    for (load, token) in [(&first, 1), (&first, 1), (&second, 2), (&second, 2)] {
        engine.store.insert_crossings(load, &Shipment::under(token)).await.expect("taken");
    }
    let counted = |value: &str, country: &str, count, visitors| CountedCrossing {
        dimensions: [Page, Country],
        values: [value.into(), country.into()],
        measures: visits(count),
        visitors,
    };
    let wanted = vec![counted("/", "DE", 3, 3), counted("/\t'", "FR", 1, 1)];
    let (pages, places) = ([Dimension::Section, Page], [Country, Dimension::Region]);
    assert_eq!(engine.store.open_crossings(&site("a"), DAY, &pages, &places).await, Ok(wanted.clone()));
    assert_eq!(engine.store.open_crossings(&site("a"), DAY, &places, &pages).await, Ok(wanted));
    assert_eq!(first.owned().map(|Crossing { hashes, .. }| hashes.len()).sum::<usize>(), 5);
    engine.stop().await;
}

#[tokio::test]
async fn sealed_days_are_listed_with_their_generation() {
    let engine = TestEngine::start().await;
    let seal = "INSERT INTO seals (site, day, generation, sealed_at, k, strict, cells, crossings, folded) \
                VALUES ('a', 20778, 18446744073709551615, 1, 5, true, 0, 0, 0), ('a', 20779, 7, 1, 9, false, 0, 0, 0), \
                ('b', 20778, 3, 1, 5, false, 0, 0, 0)";
    engine.store.client().query(seal).execute().await.expect("written");
    let read = engine.store.sealed_days(&site("a"), DAY, DAY.plus(1)).await;
    let sealed = |day, generation, k, strict| SealedDay { day, generation, rules: Rules { k, strict } };
    assert_eq!(read, Ok(vec![sealed(DAY, u64::MAX, 5, true), sealed(DAY.plus(1), 7, 9, false)]));
    assert_eq!(engine.store.sealed_days(&site("b"), DAY.plus(1), DAY.plus(9)).await, Ok(Vec::new()));
    engine.stop().await;
}

/// Polls once.
async fn waits<F: Future + Unpin>(future: F) -> bool {
    tokio::select! {
        biased;
        _ = future => false,
        () = std::future::ready(()) => true,
    }
}

#[tokio::test]
async fn rows_are_removed_only_when_no_read_runs() {
    let engine = TestEngine::start().await;
    let store = engine.store.clone();
    let reading = store.reading().await;
    let removing = store.removing();
    tokio::pin!(removing);
    assert!(waits(&mut removing).await);
    drop(reading);
    let removing = removing.await;
    let later = store.reading();
    tokio::pin!(later);
    assert!(waits(&mut later).await);
    drop(removing);
    drop(later.await);
    engine.stop().await;
}
