//! Questions over many days that are judged when they are asked: read together, judged one by one, and never cut.

use serde_json::{Value, json};

use super::world::{day, put, seal, town};
use super::{NOW, parse, question, site};
use crate::clickhouse::Store;
use crate::clickhouse::testing::TestEngine;
use crate::model::Site;
use crate::stats::{Egress, QueryError, ReadError, Reader};

/// The days, and which of them were sealed under weaker rules than a public reader's.
const DAYS: [(&str, bool); 5] =
    [("2026-11-16", false), ("2026-11-17", true), ("2026-11-18", false), ("2026-11-19", true), ("2026-11-20", false)];

async fn filled() -> (TestEngine, Site) {
    let engine = TestEngine::start().await;
    let mut site = site("mine");
    site.min_visitors = 3;
    for (token, (date, is_sealed)) in DAYS.into_iter().enumerate() {
        // Each day lacks other people.
        let events = town(day(date)).into_iter().filter(|event| event.who % 15 != token as u64);
        put(&engine, &site, &events.collect::<Vec<_>>(), token as u128 + 1).await;
        if is_sealed {
            seal(&engine, &site, day(date)).await;
        }
    }
    (engine, site)
}

/// Rows by label and what was folded, of a range, asked of a program that remembers nothing.
async fn ask(
    store: &Store,
    site: &Site,
    (reader, asked): (Reader, &Value),
    range: [&str; 2],
) -> (Vec<(String, i64)>, u64) {
    let mut asked = asked.clone();
    asked["metrics"] = json!(["events"]);
    asked["date_range"] = json!(range);
    let query = parse(&question(&asked)).expect("sound");
    let answer = Egress::new(store.clone()).answer(site, &query, reader, NOW).await.expect("an answer");
    let mut rows: Vec<(String, i64)> =
        answer.results.into_iter().map(|row| (row.dimensions[0].clone(), row.metrics[0].get() as i64)).collect();
    rows.sort();
    (rows, answer.meta.suppressed.rows)
}

fn questions() -> [(Reader, Value); 4] {
    let of = |dimension: &str, filter: &str, value: &str| json!({ "dimensions": [dimension], "filters": [["is", filter, [value]]] });
    [
        (Reader::Owner, of("event:page", "visit:country", "DE")),
        (Reader::Owner, of("visit:browser", "visit:source", "Google")),
        (Reader::Public, of("event:page", "visit:source", "Google")),
        (Reader::Public, json!({ "dimensions": ["visit:source"] })),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_days_are_what_each_of_them_is_and_cost_no_statement_each() {
    let (engine, site) = filled().await;
    for (reader, asked) in &questions() {
        let mut sum = std::collections::BTreeMap::<String, i64>::new();
        for (date, _) in DAYS {
            for (label, events) in ask(&engine.store, &site, (*reader, asked), [date, date]).await.0 {
                *sum.entry(label).or_default() += events;
            }
        }
        let before = engine.store.selects().await;
        let (rows, _) = ask(&engine.store, &site, (*reader, asked), [DAYS[0].0, DAYS[4].0]).await;
        let all = engine.store.selects().await - before;
        assert_eq!(rows, sum.into_iter().collect::<Vec<_>>(), "{asked}");
        assert!(rows.len() > 1, "{asked}");
        let before = engine.store.selects().await;
        ask(&engine.store, &site, (*reader, asked), [DAYS[0].0, DAYS[3].0]).await;
        assert_eq!(engine.store.selects().await - before, all, "{asked}");
    }
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_large_is_refused_and_what_is_judged_is_read_in_parts() {
    let (engine, site) = filled().await;
    let range = json!(["2026-11-16", "2026-11-20"]);
    let small = |most: u64| engine.store.clone().with_most_rows(most);
    let pages = json!({ "dimensions": ["event:page"] });
    let (whole, folded) = ask(&engine.store, &site, (Reader::Owner, &pages), [DAYS[0].0, DAYS[4].0]).await;
    assert_eq!((whole.len(), folded), (4, 0));
    assert_eq!(ask(&small(4), &site, (Reader::Owner, &pages), [DAYS[0].0, DAYS[4].0]).await.0, whole);
    let refusal = async |most: u64, reader: Reader, asked: &Value| {
        let mut asked = asked.clone();
        asked["date_range"] = range.clone();
        let query = parse(&question(&asked)).expect("sound");
        Egress::new(small(most)).answer(&site, &query, reader, NOW).await.map(|answer| answer.results.len())
    };
    let too_many = |most| Err(ReadError::Query(QueryError::TooManyRows(most)));
    assert_eq!(refusal(3, Reader::Owner, &pages).await, too_many(3));
    let by_day = json!({ "dimensions": ["time:day", "event:page"] });
    assert_eq!(refusal(19, Reader::Owner, &by_day).await, too_many(19));
    assert_eq!(refusal(20, Reader::Owner, &by_day).await, Ok(20));
    // Judged day by day: five days do not fit, each of them does.
    let expected = ask(&engine.store, &site, (Reader::Public, &pages), [DAYS[0].0, DAYS[4].0]).await;
    assert_eq!(ask(&small(4), &site, (Reader::Public, &pages), [DAYS[0].0, DAYS[4].0]).await, expected);
    assert_eq!(refusal(3, Reader::Public, &pages).await, too_many(3));
    engine.stop().await;
}
