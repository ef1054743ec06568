//! Storage against a real engine: exactly once, what an insert may look like, restarts.

use std::time::Duration;

use super::engine::{Engine, attach};
use super::testing::{TestEngine, settings};
use super::{
    By, Column, Counted, Days, Generation, Grain, InsertError, KnownValue, LateCell, Pick, Quantity, Receipt, Scope,
    Shipment, Side, Store, StoreError, Target,
};
use crate::files::test_directory;
use crate::model::{Cell, CellKey, Day, Dimension, Hour, Measure, Measures, SiteId};

const DAY: Day = Day(20_778);

fn site(id: &str) -> SiteId {
    id.parse().expect("a valid id")
}

fn cell(site_id: &str, day: Day, value: &str, hashes: &[u64]) -> Cell {
    let mut measures = Measures::default();
    measures[Measure::Pageviews] = 2;
    measures[Measure::Events] = 3;
    Cell {
        key: CellKey {
            site: site(site_id),
            day,
            dimension: Dimension::Country,
            value: value.into(),
            hour: Hour::WHOLE_DAY,
        },
        measures,
        hashes: hashes.to_vec(),
    }
}

/// Cells over many days and sites, hence many partitions.
fn scattered(rows: u32) -> Vec<Cell> {
    let one = |n: u32| {
        let day = Day(DAY.0 - (n % 5) as u16);
        cell(&format!("site{}", n % 7), day, &format!("v{n}"), &[u64::from(n), u64::from(n) << 32])
    };
    (0..rows).map(one).collect()
}

async fn counted(store: &Store) -> (u64, i64, u64) {
    let query =
        store.client().query("SELECT count(), sum(events), uniqCombined64Merge(16)(visitors) FROM cells_open FINAL");
    query.fetch_one().await.expect("the table is there")
}

fn kill(process_id: u32) {
    // SAFETY: sends a signal to a child this test has started; no memory is involved.
    unsafe { libc::kill(process_id as libc::pid_t, libc::SIGKILL) };
}

/// Waits until the supervisor has replaced the engine.
async fn restarted(engine: &TestEngine, times: u64) {
    while engine.status.restarts() < times || engine.store.ping().await.is_err() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn the_same_token_counts_once_and_another_twice() {
    let engine = TestEngine::start().await;
    let cells = scattered(350);
    for _ in 0..3 {
        engine.store.insert_cells(&cells, &Shipment::under(1)).await.expect("taken");
    }
    assert_eq!(counted(&engine.store).await, (350, 1050, 699));
    engine.store.insert_cells(&cells, &Shipment::under(2)).await.expect("taken");
    assert_eq!(counted(&engine.store).await, (350, 2100, 699));
    engine.stop().await;
}

#[tokio::test]
async fn a_large_load_over_many_partitions_is_one_part_each_and_repeats_safely() {
    let engine = TestEngine::start().await;
    let cells = scattered(250_000);
    engine.store.insert_cells(&cells, &Shipment::under(7)).await.expect("taken");
    let layout = engine
        .store
        .client()
        .query(
            "SELECT uniqExact(partition_id), countIf(min_block_number = max_block_number) FROM system.parts \
             WHERE table = 'cells_open'",
        )
        .fetch_one::<(u64, u64)>()
        .await
        .expect("parts are listed");
    assert_eq!(layout.0, layout.1, "one block per partition: {layout:?}");
    engine.store.insert_cells(&cells, &Shipment::under(7)).await.expect("taken again");
    let (rows, events, _) = counted(&engine.store).await;
    assert_eq!((rows, events), (250_000, 750_000));
    engine.stop().await;
}

/// A load that is in part there is sent without these rows, while a first try may still be under way: ClickHouse must know
/// the token of a partition whichever others come with it. (It once counted the partitions of an insert.)
#[tokio::test]
async fn a_token_is_known_in_each_partition_whichever_others_come_along() {
    let engine = TestEngine::start().await;
    let cells = scattered(350);
    engine.store.insert_cells(&cells, &Shipment::under(1)).await.expect("taken");
    for day in 0..5 {
        let of_day = (site("site3"), Day(DAY.0 - day));
        let without = cells.iter().map(|cell| (cell.key.site.clone(), cell.key.day)).filter(|other| *other != of_day);
        let shipment = Shipment { without: without.collect(), ..Shipment::under(1) };
        engine.store.insert_cells(&cells, &shipment).await.expect("taken again");
    }
    assert_eq!(counted(&engine.store).await, (350, 1050, 699));
    let rest = Shipment { without: [(site("site3"), DAY)].into(), ..Shipment::under(2) };
    engine.store.insert_cells(&cells, &rest).await.expect("taken");
    assert_eq!(counted(&engine.store).await.1, 1050 + 340 * 3, "a site-day has ten of them");
    engine.stop().await;
}

#[tokio::test]
async fn an_engine_killed_between_two_tries_counts_once() {
    let engine = TestEngine::start().await;
    let cells = scattered(350);
    engine.store.insert_cells(&cells, &Shipment::under(9)).await.expect("taken");
    kill(engine.process_id);
    restarted(&engine, 1).await;
    engine.store.insert_cells(&cells, &Shipment::under(9)).await.expect("taken again");
    assert_eq!(counted(&engine.store).await, (350, 1050, 699));
    engine.stop().await;
}

#[tokio::test]
async fn an_insert_cut_short_is_completed_by_the_next_try() {
    let engine = TestEngine::start().await;
    let cells = scattered(120_000);
    let (store, copy) = (engine.store.clone(), cells.clone());
    let first = tokio::spawn(async move { store.insert_cells(&copy, &Shipment::under(11)).await });
    // The first partition that has a part: the insert is under way, most of its partitions are still missing.
    let begun = engine.store.client().query("SELECT count() FROM system.parts WHERE table = 'cells_open'");
    while !first.is_finished() && begun.clone().fetch_one::<u64>().await.is_ok_and(|parts| parts == 0) {}
    kill(engine.process_id);
    let outcome = first.await.expect("no panic");
    restarted(&engine, 1).await;
    let before = counted(&engine.store).await.0;
    engine.store.insert_cells(&cells, &Shipment::under(11)).await.expect("taken again");
    let (rows, events, _) = counted(&engine.store).await;
    assert_eq!((rows, events), (120_000, 360_000), "first try: {outcome:?}, {before} rows of it were kept");
    engine.stop().await;
}

#[tokio::test]
async fn refused_and_retried_are_told_apart() {
    let engine = TestEngine::start().await;
    let away = Target {
        url: "http://127.0.0.1:9".to_owned(),
        user: "headcount".to_owned(),
        password: String::new(),
        database: "headcount".to_owned(),
    };
    let cells = [cell("a", DAY, "DE", &[1])];
    let error = Store::fixed(away, Duration::from_secs(5)).insert_cells(&cells, &Shipment::under(1)).await;
    assert!(matches!(error, Err(InsertError::Retry(_))), "{error:?}");
    let drop_column = "ALTER TABLE cells_open DROP COLUMN pageviews SETTINGS alter_sync = 2";
    engine.store.client().query(drop_column).execute().await.expect("dropped");
    let error = engine.store.insert_cells(&cells, &Shipment::under(2)).await;
    assert_eq!(
        error.map_err(|error| error.to_string()),
        Err("ClickHouse answered 16 NO_SUCH_COLUMN_IN_TABLE".to_owned())
    );
    engine.stop().await;
}

#[tokio::test]
async fn migrations_run_twice_at_once_and_refuse_a_newer_schema() {
    let engine = TestEngine::start().await;
    engine.store.client().query("DROP DATABASE headcount SYNC").execute().await.expect("dropped");
    let (one, two) = tokio::join!(engine.store.migrate(), engine.store.migrate());
    assert_eq!((one, two), (Ok(()), Ok(())));
    assert_eq!(counted(&engine.store).await, (0, 0, 0));
    let synced = "SELECT count() FROM system.tables WHERE database = currentDatabase() \
                  AND create_table_query LIKE '%min_rows_to_fsync_after_merge = 1%'";
    assert_eq!(engine.store.client().query(synced).fetch_one::<u64>().await.expect("listed"), 5);
    let newer = "INSERT INTO schema_migrations (version, name) VALUES (99, 'from the future')";
    engine.store.client().query(newer).execute().await.expect("recorded");
    let refused = StoreError::NewerSchema { found: 99, known: 4 };
    assert_eq!(engine.store.migrate().await, Err(refused));
    engine.stop().await;
}

#[tokio::test]
async fn merging_leaves_one_part_per_partition() {
    let engine = TestEngine::start().await;
    engine.store.client().query("SYSTEM STOP MERGES").execute().await.ok();
    for token in 0..4 {
        let cells = [cell("a", DAY, &format!("v{token}"), &[token]), cell("a", Day(DAY.0 - 1), "x", &[1])];
        engine.store.insert_cells(&cells, &Shipment::under(token.into())).await.expect("taken");
    }
    engine.store.merge_apart().await.expect("merged");
    assert_eq!(engine.store.merge_apart().await, Ok(0));
    let parts = engine.store.client().query("SELECT count() FROM system.parts WHERE table = 'cells_open' AND active");
    assert_eq!(parts.fetch_one::<u64>().await.expect("listed"), 2);
    engine.stop().await;
}

#[tokio::test]
async fn late_counts_do_not_stay_apart() {
    let engine = TestEngine::start().await;
    engine.store.client().query("SYSTEM STOP MERGES").execute().await.ok();
    for (day, value) in [(DAY, "/a"), (DAY, "/b"), (Day(DAY.0 - 200), "/c")] {
        let late = LateCell {
            generation: Generation { site: site("a"), day, number: 9, keep_until: Day(60_000) },
            dimension: Dimension::Page,
            value: value.into(),
            hour: Hour::WHOLE_DAY,
            measures: cell("a", day, value, &[]).measures,
            always: true,
        };
        let token = u128::from(value.as_bytes()[1]);
        engine.store.insert_late_cells(&[late], &Shipment::under(token)).await.expect("taken");
    }
    assert_eq!(engine.store.merge_apart().await, Ok(1));
    assert_eq!(engine.store.merge_apart().await, Ok(0));
    engine.stop().await;
}

#[tokio::test]
async fn every_column_is_commented_and_hashes_are_not_stored() {
    let engine = TestEngine::start().await;
    let tables = engine.store.tables().await.expect("listed");
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["cells", "cells_open", "crossings", "crossings_open", "schema_migrations", "seals"]);
    let columns: Vec<&Column> = tables.iter().flat_map(|table| &table.columns).collect();
    let bare: Vec<&&Column> = columns.iter().filter(|column| column.comment.is_empty()).collect();
    assert_eq!(bare, Vec::<&&Column>::new());
    let ephemeral: Vec<&str> = columns.iter().filter(|c| c.ephemeral).map(|c| c.name.as_str()).collect();
    assert_eq!(ephemeral, ["hashes", "hashes"]);
    engine.stop().await;
}

#[tokio::test]
async fn the_row_that_tells_of_a_load_is_nothing_that_was_counted() {
    let engine = TestEngine::start().await;
    let mut opted_out = cell("a", DAY, "", &[]);
    opted_out.key.dimension = Dimension::OptedOut;
    let receipt = Some(Receipt { journal: 7, number: 1, key: [1, 2] });
    let shipment = Shipment { receipt, ..Shipment::under(1) };
    engine.store.insert_cells(&[opted_out, cell("b", DAY, "DE", &[1])], &shipment).await.expect("taken");
    assert_eq!(engine.store.first_day(&site("a")).await, Ok(None));
    assert_eq!(engine.store.first_day(&site("b")).await, Ok(Some(DAY)));
    let mut seen = Vec::new();
    engine.store.recent_values(DAY, 1, |value| seen.push(value.value)).await.expect("read");
    assert_eq!(seen, ["DE"]);
    engine.stop().await;
}

#[tokio::test]
async fn known_values_come_newest_first_and_bounded() {
    let engine = TestEngine::start().await;
    let old = Day(DAY.0 - 1);
    let cells = [cell("a", DAY, "DE", &[]), cell("a", old, "FR", &[]), cell("a", Day(DAY.0 - 9), "IT", &[])];
    engine.store.insert_cells(&cells, &Shipment::under(1)).await.expect("taken");
    let known = |day: Day, value: &str| KnownValue {
        site: "a".to_owned(),
        day,
        dimension: Dimension::Country,
        value: value.to_owned(),
    };
    let mut seen = Vec::new();
    engine.store.recent_values(old, 10, |value| seen.push(value)).await.expect("read");
    assert_eq!(seen, [known(DAY, "DE"), known(old, "FR")]);
    let mut first = Vec::new();
    engine.store.recent_values(old, 1, |value| first.push(value)).await.expect("read");
    assert_eq!(first, [known(DAY, "DE")]);
    engine.stop().await;
}

#[tokio::test]
async fn reports_survive_hostile_text() {
    let engine = TestEngine::start().await;
    let hostile = "'; DROP TABLE cells_open; --\\ {site:String} ?\t\n\u{1F600}";
    engine.store.insert_cells(&[cell("a", DAY, hostile, &[1])], &Shipment::under(1)).await.expect("taken");
    let quantities = [Quantity::Visitors, Quantity::Sum(Measure::Events)];
    let escaped = regex::Regex::new(&regex::escape(hostile)).expect("a pattern");
    let picks = [
        (hostile, Pick::All),
        ("", Pick::Is(vec![hostile.to_owned()])),
        ("'; DROP", Pick::Contains(vec![hostile[7..].to_owned()])),
        ("", Pick::Matches(escaped)),
    ];
    for (prefix, pick) in picks {
        let side = Side { dimension: Dimension::Country, prefix: prefix.to_owned(), pick };
        let counted = Counted::Cells(side);
        let scope = Scope { site: site("a"), counted, from: DAY, to: DAY, days: Days::Both };
        let rows =
            engine.store.report(&scope, By { grain: Grain::Day, label: true }, &quantities, None).await.expect("read");
        let told: Vec<_> = rows
            .iter()
            .map(|row| (row.day, row.label.as_str(), row.numbers.visitors, row.numbers.measures[Measure::Events]))
            .collect();
        assert_eq!(told, [(DAY, &hostile[prefix.len()..], 1, 3)], "{:?}", scope.counted);
    }
    engine.stop().await;
}

#[tokio::test]
async fn a_stopped_engine_is_gone_and_its_data_is_there_at_the_next_start() {
    let directory = test_directory();
    let settings = settings(directory.path());
    for round in 1..=2 {
        let engine = Engine::start(settings.clone()).await.expect("starts");
        let store = Store::connect(engine.targets(), Duration::from_secs(30));
        store.migrate().await.expect("the tables are made");
        store.insert_cells(&[cell("a", DAY, "DE", &[round])], &Shipment::under(round.into())).await.expect("taken");
        assert_eq!(counted(&store).await, (1, 3 * i64::try_from(round).expect("small"), round));
        let stop = tokio_util::sync::CancellationToken::new();
        stop.cancel();
        engine.run(stop).await;
        assert_eq!(attach(&settings).await, None);
    }
}
