//! Tests on a real engine.

use super::super::testing::TestEngine;
use super::*;
use crate::model::Measure;

const DAY: Day = Day(20_778);

async fn whole(mut stream: ExportStream) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(bytes) = stream.next().await.expect("bytes") {
        all.extend_from_slice(&bytes);
    }
    all
}

async fn run(store: &Store, text: &str) {
    store.client().query(text).with_setting("async_insert", "0").execute().await.expect("it runs");
}

fn lines(bytes: Vec<u8>) -> Vec<String> {
    let mut lines: Vec<String> = String::from_utf8(bytes).expect("text").lines().map(str::to_owned).collect();
    lines[1..].sort();
    lines
}

fn events(count: i64) -> Measures {
    let mut measures = Measures::default();
    measures[Measure::Events] = count;
    measures
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sealed_rows_and_staged_ones_are_one_file() {
    let engine = TestEngine::start().await;
    let store = &engine.store;
    let site: SiteId = "s".parse().expect("an id");
    // A late row beside the sealed one, one of another generation, one of another site.
    for (site, generation, count) in [("s", 7, 3), ("s", 7, 2), ("s", 8, 50), ("t", 7, 60)] {
        run(
            store,
            &format!(
                "INSERT INTO cells (site, day, dim, value, hour, generation, events_over, keep_days) \
             VALUES ('{site}', '{DAY}', 'page', '/a,b', 255, {generation}, {count}, 9999)"
            ),
        )
        .await;
    }
    run(
        store,
        &format!(
            "INSERT INTO cells_open (site, day, dim, value, hour, events) \
         VALUES ('s', '{}', 'page', '/c', 3, 4), ('s', '{}', 'page', '/hidden', 3, 1)",
            DAY.plus(1),
            DAY.plus(1)
        ),
    )
    .await;
    let cell = CountedCell {
        dimension: Dimension::Page,
        value: "/c".into(),
        hour: Hour::WHOLE_DAY,
        measures: events(4),
        visitors: 2,
    };
    let staged = async || {
        let staging = store.stage(ExportTable::Cells).await.expect("a place");
        let open = StagedDay { day: DAY.plus(1), generation: None };
        staging.put_cells(open, [&cell].into_iter()).await.expect("put");
        staging.put_hours(&site, open, &[Dimension::Page]).await.expect("put");
        Some(staging)
    };
    let of = ExportOf { table: ExportTable::Cells, site: site.clone(), sealed: vec![(DAY, 7)] };
    let names = "\"day\",\"hour\",\"dimension\",\"value\",\"pageviews\",\"events\",\"visits\",\"visitors\",\"bounces\",\
                 \"visit_secs\",\"engaged_secs\",\"engaged_n\",\"scroll_pct_sum\",\"scroll_n\",\"revenue_minor\",\"sealed\"";
    let csv = whole(store.export(&of, ExportFormat::Csv, staged().await).expect("it begins")).await;
    // Of types that differ from day to day ClickHouse makes one that Parquet does not have.
    let parquet = whole(store.export(&of, ExportFormat::Parquet, staged().await).expect("it begins")).await;
    assert_eq!((&parquet[..4], &parquet[parquet.len() - 4..]), (&b"PAR1"[..], &b"PAR1"[..]));
    assert_eq!(
        lines(csv),
        [
            names.to_owned(),
            format!("\"{DAY}\",,\"page\",\"/a,b\",0,5,0,0,0,0,0,0,0,0,0,true"),
            format!("\"{}\",,\"page\",\"/c\",0,4,0,2,0,0,0,0,0,0,0,false", DAY.plus(1)),
            format!("\"{}\",3,\"page\",\"/c\",0,4,0,0,0,0,0,0,0,0,0,false", DAY.plus(1)),
        ]
    );
    let left = "SELECT count() FROM system.tables WHERE database = currentDatabase() AND startsWith(name, 'export_')";
    assert_eq!(store.client().query(left).fetch_one::<u64>().await.expect("a count"), 0);
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exports_that_break_off_leave_no_table() {
    let engine = TestEngine::start().await;
    let store = &engine.store;
    let of = ExportOf { table: ExportTable::Cells, site: "s".parse().expect("an id"), sealed: Vec::new() };
    let staging = async || store.stage(ExportTable::Cells).await.expect("a place");
    drop(staging().await);
    drop(store.export(&of, ExportFormat::Csv, Some(staging().await)).expect("it begins"));
    let whole = whole(store.export(&of, ExportFormat::Csv, Some(staging().await)).expect("it begins")).await;
    assert_eq!((lines(whole).len(), store.left().len()), (1, 2));
    store.remove_left().await;
    let tables = "SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, 'export_')";
    assert_eq!((store.texts(tables).await, store.left().len()), (Vec::new(), 0));
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_format_is_written_also_of_nothing() {
    let engine = TestEngine::start().await;
    let store = &engine.store;
    let of = ExportOf { table: ExportTable::Crossings, site: "s".parse().expect("an id"), sealed: Vec::new() };
    let empty = |format| whole(store.export(&of, format, None).expect("it begins"));
    assert_eq!(lines(empty(ExportFormat::Csv).await).len(), 1);
    assert_eq!(empty(ExportFormat::Json).await, b"");
    let staging = store.stage(ExportTable::Crossings).await.expect("a place");
    let dimensions = [Dimension::Page, Dimension::Country];
    let day = StagedDay { day: DAY, generation: Some(7) };
    let crossing = (dimensions, ["/\"a", "DE"], events(9), 7);
    staging.put_crossings(day, [crossing].into_iter()).await.expect("put");
    staging.clear().await.expect("cleared");
    staging.put_crossings(day, [crossing].into_iter()).await.expect("put");
    let json = whole(store.export(&of, ExportFormat::Json, Some(staging)).expect("it begins")).await;
    let json: serde_json::Value = serde_json::from_slice(&json).expect("one object");
    assert_eq!(
        json,
        serde_json::json!({
            "day": DAY.to_string(), "dimension": "page", "value": "/\"a", "dimension2": "country", "value2": "DE",
            "pageviews": 0, "events": 9, "visits": 0, "visitors": 7, "bounces": 0, "visit_secs": 0, "engaged_secs": 0,
            "engaged_n": 0, "scroll_pct_sum": 0, "scroll_n": 0, "revenue_minor": 0, "sealed": true,
        })
    );
    let parquet = empty(ExportFormat::Parquet).await;
    assert_eq!((&parquet[..4], &parquet[parquet.len() - 4..]), (&b"PAR1"[..], &b"PAR1"[..]));
    engine.stop().await;
}
