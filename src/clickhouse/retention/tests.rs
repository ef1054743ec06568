//! Tests on a real engine.

use super::super::testing::TestEngine;
use super::*;
use crate::model::Hour;

/// Far ahead: ClickHouse removes rows whose last day is over by itself whenever it rewrites a part.
const TODAY: Day = Day(50_000);

async fn put(store: &Store, site: &str, day: Day, keep_until: Day) {
    let keep_days = keep_until.0 - day.0;
    let rows = [
        format!(
            "INSERT INTO cells (site, day, dim, value, hour, generation, events_over, keep_days) \
             VALUES ('{site}', '{day}', 'page', '/{site}', {}, 7, 3, {keep_days})",
            Hour::WHOLE_DAY.0
        ),
        format!(
            "INSERT INTO crossings (site, day, dim, value, dim2, value2, generation, events_over, keep_days) \
             VALUES ('{site}', '{day}', 'page', '/{site}', 'country', 'DE', 7, 3, {keep_days})"
        ),
        format!("INSERT INTO seals (site, day, generation, k) VALUES ('{site}', '{day}', 7, 5)"),
        format!(
            "INSERT INTO cells_open (site, day, dim, value, hour, events) VALUES ('{site}', '{day}', 'page', '/', 1, 1)"
        ),
    ];
    for row in rows {
        store.client().query(&row).with_setting("async_insert", "0").execute().await.expect("a row is taken");
    }
}

/// `table site keep_until`, a line for each row of the sealed tables.
async fn kept(store: &Store) -> Vec<(String, String, Day)> {
    let text = "SELECT t, s, keep_until FROM (SELECT 'cells' AS t, site::String AS s, keep_until FROM cells UNION ALL \
                SELECT 'crossings' AS t, site::String AS s, keep_until FROM crossings) ORDER BY t, s, keep_until";
    let rows = store.client().query(text).fetch_all::<(String, String, u16)>().await.expect("rows");
    rows.into_iter().map(|(table, site, day)| (table, site, Day(day))).collect()
}

fn row(table: &str, site: &str, keep_until: Day) -> (String, String, Day) {
    (table.to_owned(), site.to_owned(), keep_until)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shorter_retention_moves_the_end_of_rows_and_expired_rows_go() {
    let engine = TestEngine::start().await;
    let store = &engine.store;
    let (a, b): (SiteId, SiteId) = ("a".parse().expect("an id"), "b".parse().expect("an id"));
    let old = TODAY.plus(-100);
    put(store, "a", old, TODAY.plus(660)).await;
    put(store, "b", TODAY.plus(-2), TODAY.plus(760)).await;
    // A month of a day is what the calendar says, as the seal writes it.
    let end = Day::from_date(old.date().saturating_add(jiff::Span::new().months(2))).expect("a day");
    assert_eq!((store.keep_for(&a, 2).await, store.keep_for(&a, 2).await), (Ok(2), Ok(0)));
    let b_end = TODAY.plus(760);
    assert_eq!(
        kept(store).await,
        [row("cells", "a", end), row("cells", "b", b_end), row("crossings", "a", end), row("crossings", "b", b_end),]
    );
    assert_eq!((store.remove_expired(end).await, store.remove_expired(TODAY).await), (Ok(0), Ok(2)));
    assert_eq!(kept(store).await, [row("cells", "b", b_end), row("crossings", "b", b_end)]);
    assert_eq!(store.remove_seals_before(&a, TODAY.plus(-60)).await, Ok(1));
    assert_eq!(store.remove_seals_before(&b, TODAY.plus(-60)).await, Ok(0));
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erased_site_has_no_row_anywhere_and_others_keep_theirs() {
    let engine = TestEngine::start().await;
    let store = &engine.store;
    let (a, b): (SiteId, SiteId) = ("a".parse().expect("an id"), "b".parse().expect("an id"));
    put(store, "a", TODAY, TODAY.plus(700)).await;
    put(store, "b", TODAY, TODAY.plus(700)).await;
    assert_eq!(store.stored_sites().await, Ok(vec![a.clone(), b.clone()]));
    assert_eq!((store.erase_site(&a).await, store.erase_site(&a).await), (Ok(4), Ok(0)));
    assert_eq!(store.stored_sites().await, Ok(vec![b]));
    engine.stop().await;
}
