//! Late counts against a real engine.

use super::*;
use crate::clickhouse::testing::TestEngine;
use crate::model::Measure;

const DAY: Day = Day(20_778);

fn generation() -> Generation {
    let site = "a".parse().expect("an id");
    Generation { site, day: DAY, number: u64::MAX, keep_until: Day(30_000) }
}

fn views(count: i64) -> Measures {
    let mut measures = Measures::default();
    measures[Measure::Pageviews] = count;
    measures
}

fn late(dimension: Dimension, value: &str, hour: Hour, always: bool) -> LateCell {
    LateCell { generation: generation(), dimension, value: value.into(), hour, measures: views(1), always }
}

fn late_crossing(value: &str) -> LateCrossing {
    LateCrossing {
        generation: generation(),
        dimensions: [Dimension::Page, Dimension::Country],
        values: [value.into(), "DE".into()],
        measures: views(1),
    }
}

async fn rows(store: &Store, text: &str) -> Vec<(String, i64, i64)> {
    store.client().query(text).fetch_all().await.expect("read")
}

#[tokio::test]
async fn late_cells_count_once_and_folded_groups_stay_folded() {
    let engine = TestEngine::start().await;
    let (store, of) = (&engine.store, generation());
    let mut writer = Writer::of_cells(store, &of);
    writer.push(Group::Cell(Dimension::City, "DE-BE/Berlin", Hour::WHOLE_DAY), &views(9), 6).await.expect("written");
    assert_eq!(writer.finish().await, Ok(1));
    let cells = [
        late(Dimension::Page, "/", Hour(3), true),
        late(Dimension::Page, "/", Hour::WHOLE_DAY, true),
        late(Dimension::City, "DE-BE/Berlin", Hour::WHOLE_DAY, false),
        late(Dimension::City, "DE-BE/Elsewhere", Hour::WHOLE_DAY, false),
    ];
    for token in [7, 7, 7, 8] {
        store.insert_late_cells(&cells, token).await.expect("taken");
    }
    let text = "SELECT concat(dim, ' ', value, ' ', toString(hour)) AS label, sum(pageviews), sum(visitors) FROM cells \
                GROUP BY dim, value, hour ORDER BY label";
    let wanted = [("city DE-BE/Berlin 255", 11, 6), ("page / 255", 2, 0), ("page / 3", 2, 0)];
    assert_eq!(rows(store, text).await, wanted.map(|(label, views, visitors)| (label.to_owned(), views, visitors)));
    engine.stop().await;
}

#[tokio::test]
async fn late_crossings_count_once_where_a_row_is_shown() {
    let engine = TestEngine::start().await;
    let (store, of) = (&engine.store, generation());
    let mut writer = Writer::of_crossings(store, &of);
    let group = Group::Crossing([Dimension::Page, Dimension::Country], ["/", "DE"]);
    writer.push(group, &views(9), 6).await.expect("written");
    assert_eq!(writer.finish().await, Ok(1));
    for token in [7, 7, 8] {
        let crossings = [late_crossing("/"), late_crossing("/folded")];
        store.insert_late_crossings(&crossings, token).await.expect("taken");
    }
    let text = "SELECT value, sum(pageviews), sum(visitors) FROM crossings GROUP BY value ORDER BY value";
    assert_eq!(rows(store, text).await, [("/".to_owned(), 11, 6)]);
    engine.stop().await;
}

#[tokio::test]
async fn every_number_comes_back_as_it_was_written() {
    let engine = TestEngine::start().await;
    let (store, of) = (&engine.store, generation());
    let mut measures = Measures::default();
    for (position, measure) in (0..).zip(Measure::ALL) {
        // Each its own, some below zero: what a late count takes back.
        measures[measure] = 7 * position * position - 40;
    }
    for mut writer in [Writer::of_cells(store, &of), Writer::of_crossings(store, &of)] {
        let group = match writer.statement.contains("dim2") {
            false => Group::Cell(Dimension::EntryPage, "/", Hour::WHOLE_DAY),
            true => Group::Crossing([Dimension::EntryPage, Dimension::Country], ["/", "DE"]),
        };
        writer.push(group, &measures, 3).await.expect("taken");
        assert_eq!(writer.finish().await, Ok(1));
    }
    let names = Measure::ALL.map(Measure::code).join(", ");
    let text = format!(
        "SELECT [{names}] AS numbers, visitors, keep_until FROM cells UNION ALL \
         SELECT [{names}] AS numbers, visitors, keep_until FROM crossings"
    );
    let rows = store.client().query(&text).fetch_all::<(Vec<i64>, i64, u16)>().await.expect("read");
    let row = (Measure::ALL.map(|measure| measures[measure]).to_vec(), 3, of.keep_until.0);
    assert_eq!(rows, [row.clone(), row]);
    engine.stop().await;
}

#[test]
fn how_long_visits_took_is_kept_of_what_a_visit_has_once() {
    use Dimension::{Channel, Country, EntryPage, Page, Total};
    let mut measures = Measures::default();
    measures[Measure::VisitSecs] = 60;
    measures[Measure::Visits] = 2;
    let secs = |dimensions: &[Dimension]| kept(dimensions, &measures)[Measure::VisitSecs];
    assert_eq!([secs(&[Total]), secs(&[EntryPage, Country]), secs(&[Channel])], [60; 3]);
    assert_eq!([secs(&[Page]), secs(&[Page, Country]), secs(&[EntryPage, Page])], [0; 3]);
    assert_eq!(kept(&[Page], &measures)[Measure::Visits], 2);
}

#[test]
fn groups_of_two_days_are_two_though_their_generations_share_a_number() {
    let today = late(Dimension::Page, "/", Hour(3), true);
    let mut other = today.clone();
    other.generation.day = DAY.plus(1);
    assert_eq!((today.is_group_of(&today), today.is_group_of(&other)), (true, false));
}
