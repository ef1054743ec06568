//! Late counts against a real engine.

use super::*;
use crate::clickhouse::receipt::{Arrived, LoadTable, Receipt, SiteDays};
use crate::clickhouse::sealed::Writer;
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
        store.insert_late_cells(&cells, &Shipment::under(token)).await.expect("taken");
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
        store.insert_late_crossings(&crossings, &Shipment::under(token)).await.expect("taken");
    }
    let text = "SELECT value, sum(pageviews), sum(visitors) FROM crossings GROUP BY value ORDER BY value";
    assert_eq!(rows(store, text).await, [("/".to_owned(), 11, 6)]);
    engine.stop().await;
}

#[tokio::test]
async fn a_load_of_late_counts_is_known_also_when_nothing_of_it_is_shown_and_parts_were_merged() {
    let engine = TestEngine::start().await;
    let store = &engine.store;
    let wanted = SiteDays::from([generation().site_day()]);
    let receipt = |number| Receipt { journal: 7, number, key: [1, 2] };
    for number in 3..6 {
        let shipment = Shipment { receipt: Some(receipt(number)), ..Shipment::under(number.into()) };
        let folded = [late(Dimension::City, "DE-BE/Elsewhere", Hour(3), false)];
        store.insert_late_cells(&folded, &shipment).await.expect("taken");
        store.insert_late_crossings(&[late_crossing("/folded")], &shipment).await.expect("taken");
        for (table, name) in [(LoadTable::LateCells, "cells"), (LoadTable::LateCrossings, "crossings")] {
            store.run(&format!("OPTIMIZE TABLE {name} FINAL")).await;
            let here = Arrived { here: wanted.clone(), passed: SiteDays::new() };
            assert_eq!(store.arrived(table, receipt(number), &wanted).await, Ok(here), "{name}");
        }
    }
    for name in ["cells", "crossings"] {
        let all = format!("SELECT toString(dim), sum(pageviews), sum(visitors) FROM {name} GROUP BY dim");
        assert_eq!(rows(store, &all).await, [(String::new(), 0, 0)], "{name}");
        assert_eq!(store.texts(&format!("SELECT toString(count()) FROM {name}")).await, ["1"], "{name}");
    }
    engine.stop().await;
}

#[test]
fn groups_of_two_days_are_two_though_their_generations_share_a_number() {
    let today = late(Dimension::Page, "/", Hour(3), true);
    let mut other = today.clone();
    other.generation.day = DAY.plus(1);
    assert_eq!((today.is_group_of(&today), today.is_group_of(&other)), (true, false));
}
