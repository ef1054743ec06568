//! Rows of sealed days against a real engine.

use super::*;
use crate::clickhouse::testing::TestEngine;
use crate::model::Measure;

const DAY: Day = Day(20_778);

fn generation() -> Generation {
    let site = "a".parse().expect("an id");
    Generation { site, day: DAY, number: u64::MAX, keep_until: Day(30_000) }
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
