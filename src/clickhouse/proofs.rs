//! What the stored rows themselves say about the rules, for `headcount audit`: counts of rows that should not be. Which
//! days are over, and which sites there are, is judged by the caller.

use clickhouse::Row;
use clickhouse::query::Query;
use serde::Deserialize;

use super::failure::StoreError;
use super::store::Store;
use crate::model::{Day, SiteId};

/// A site-day and how many of its rows are meant.
pub type SiteDayRows = (SiteId, Day, u64);

/// Rows that should not be, or not for long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proofs {
    /// Site-days with sketches.
    pub open: Vec<SiteDayRows>,
    /// Sealed site-days with open rows left.
    pub left_open: Vec<SiteDayRows>,
    /// Sealed site-days with crossings of fewer visitors than the k they were sealed with.
    pub small: Vec<SiteDayRows>,
    /// Site-days with rows that no seal names and that have lain for a day.
    pub unnamed: Vec<SiteDayRows>,
    /// Site-days with opted-out hits of which more than a number is kept.
    pub opted_out: Vec<SiteDayRows>,
    /// Site-days with rows of a time that is neither a whole hour nor a whole day, or with the number of a load where
    /// something is counted.
    pub too_fine: Vec<SiteDayRows>,
    /// Sites that have a row anywhere.
    pub sites: Vec<SiteId>,
}

#[derive(Row, Deserialize)]
struct Found {
    site: String,
    day: u16,
    found: u64,
}

const OPEN: &str = "SELECT site, day, count() AS found FROM (\
                    SELECT site::String AS site, day FROM cells_open WHERE finalizeAggregation(visitors) != 0 UNION ALL \
                    SELECT site::String AS site, day FROM crossings_open WHERE finalizeAggregation(visitors) != 0\
                    ) GROUP BY site, day";
const LEFT_OPEN: &str = "SELECT site::String AS site, day, count() AS found FROM crossings_open \
                         WHERE (site, day) IN (SELECT site, day FROM seals) GROUP BY site, day";
/// What came late is a row of its own, without visitors, until it is merged: FINAL adds it to the one it belongs to. The row
/// of no dimension tells of a load and counts nobody.
const SMALL: &str = "SELECT c.site::String AS site, c.day AS day, count() AS found FROM crossings AS c FINAL \
                     INNER JOIN (SELECT site, day, generation, k FROM seals FINAL) AS s \
                     ON c.site = s.site AND c.day = s.day AND c.generation = s.generation \
                     WHERE c.visitors < s.k AND c.dim != '' GROUP BY site, day";
const UNNAMED: &str = "SELECT site, day, sum(found) AS found FROM ({}) GROUP BY site, day";
const OPTED_OUT: &str = "SELECT site, day, count() AS found FROM (\
                         SELECT site::String AS site, day FROM cells_open WHERE dim = 'opted_out' AND (value != '' OR \
                         hour != 255 OR {other} OR finalizeAggregation(visitors) != 0) UNION ALL \
                         SELECT site::String AS site, day FROM cells WHERE dim = 'opted_out' AND (value != '' OR \
                         hour != 255 OR {other} OR visitors != 0) UNION ALL \
                         SELECT site::String AS site, day FROM crossings_open WHERE 'opted_out' IN (dim, dim2) UNION ALL \
                         SELECT site::String AS site, day FROM crossings WHERE 'opted_out' IN (dim, dim2)\
                         ) GROUP BY site, day";
const OTHER: &str = "pageviews != 0 OR visits != 0 OR bounces != 0 OR visit_secs != 0 OR engaged_secs != 0 OR \
                     engaged_n != 0 OR scroll_pct_sum != 0 OR scroll_n != 0 OR revenue_minor != 0";
const TOO_FINE: &str = "SELECT site, day, count() AS found FROM (\
                        SELECT site::String AS site, day FROM cells_open WHERE hour > 24 AND hour != 255 UNION ALL \
                        SELECT site::String AS site, day FROM cells WHERE hour > 24 AND hour != 255 UNION ALL \
                        SELECT site::String AS site, day FROM cells_open WHERE receipt != 0 AND dim != '' UNION ALL \
                        SELECT site::String AS site, day FROM crossings_open WHERE receipt != 0 AND dim != '' UNION ALL \
                        SELECT site::String AS site, day FROM cells WHERE dim = '' AND (visitors != 0 OR events != 0) UNION ALL \
                        SELECT site::String AS site, day FROM crossings WHERE dim = '' AND (visitors != 0 OR events != 0)) \
                        GROUP BY site, day";

impl Store {
    /// Looks through every row.
    ///
    /// # Errors
    /// ClickHouse is away, or did not end in time.
    pub async fn proofs(&self) -> Result<Proofs, StoreError> {
        let unnamed = ["cells", "crossings"].map(|table| {
            format!(
                "SELECT site::String AS site, day, count() AS found FROM {table} WHERE (site, day, generation) NOT IN \
                 (SELECT site, day, generation FROM seals FINAL) AND _part IN (SELECT name FROM system.parts \
                 WHERE database = currentDatabase() AND table = '{table}' AND active \
                 AND modification_time < now() - INTERVAL 1 DAY) GROUP BY site, day"
            )
        });
        Ok(Proofs {
            open: self.found(OPEN).await?,
            left_open: self.found(LEFT_OPEN).await?,
            small: self.found(SMALL).await?,
            unnamed: self.found(&UNNAMED.replace("{}", &unnamed.join(" UNION ALL "))).await?,
            opted_out: self.found(&OPTED_OUT.replace("{other}", OTHER)).await?,
            too_fine: self.found(TOO_FINE).await?,
            sites: self.stored_sites().await?,
        })
    }

    /// Whether anybody is in a sketch of an open day. One that only late events came for has counts alone.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn has_sketches(&self, site: &SiteId, day: Day) -> Result<bool, StoreError> {
        let text = "SELECT count() FROM (SELECT 1 FROM cells_open WHERE site = {site:String} AND day = {day:Date} \
                    AND finalizeAggregation(visitors) != 0 LIMIT 1)";
        let query = self.client().query(text).param("site", site.as_str()).param("day", day.to_string());
        Ok(self.within(query.fetch_one::<u64>()).await? > 0)
    }

    async fn found(&self, text: &str) -> Result<Vec<SiteDayRows>, StoreError> {
        let query: Query = self.client().query(&format!("{text} ORDER BY day, site"));
        let rows = self.within(query.fetch_all::<Found>()).await?;
        Ok(rows.into_iter().filter_map(|row| Some((row.site.parse().ok()?, Day(row.day), row.found))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::TestEngine;
    use super::*;

    async fn run(store: &Store, text: &str) {
        store.client().query(text).with_setting("async_insert", "0").execute().await.expect("it runs");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn rows_that_should_not_be_are_found_and_others_are_not() {
        let engine = TestEngine::start().await;
        let store = &engine.store;
        assert_eq!(store.proofs().await, Ok(Proofs::default()));
        let crossing = "INSERT INTO crossings (site, day, dim, value, dim2, value2, generation, events_over, visitors, \
                        keep_days) VALUES";
        for text in [
            "INSERT INTO cells_open (site, day, dim, value, hour, events, hashes) VALUES \
             ('s', '2026-11-20', 'page', '/', 24, 1, [7]), ('s', '2026-11-20', 'opted_out', '', 255, 9, []), \
             ('s', '2026-11-18', 'page', '/', 3, 1, [])",
            "INSERT INTO cells_open (site, day, dim, value, hour, receipt) VALUES ('s', '2026-11-20', '', 'j', 255, 4)",
            "INSERT INTO seals (site, day, generation, k) VALUES ('s', '2026-11-19', 7, 5)",
            // Enough visitors, with a late row beside; another generation, but new.
            &format!("{crossing} ('s', '2026-11-19', 'page', '/', 'country', 'DE', 7, 9, 5, 9999)"),
            &format!("{crossing} ('s', '2026-11-19', 'page', '/', 'country', 'DE', 7, 1, 0, 9999)"),
            &format!("{crossing} ('s', '2026-11-19', 'page', '/', 'country', 'DE', 8, 1, 1, 9999)"),
        ] {
            run(store, text).await;
        }
        let (site, day): (SiteId, _) = ("s".parse().expect("an id"), |day: u16| Day(20_776 + day));
        let sound = Proofs { open: vec![(site.clone(), day(1), 1)], sites: vec![site.clone()], ..Proofs::default() };
        assert_eq!(store.proofs().await, Ok(sound.clone()));
        let sketches = [store.has_sketches(&site, day(1)).await, store.has_sketches(&site, Day(20_775)).await];
        assert_eq!(sketches, [Ok(true), Ok(false)]);
        for text in [
            &format!("{crossing} ('s', '2026-11-19', 'page', '/', 'country', 'FR', 7, 9, 4, 9999)"),
            "INSERT INTO crossings_open (site, day, dim, value, dim2, value2, events, receipt) \
             VALUES ('s', '2026-11-19', 'page', '/', 'opted_out', '', 1, 4)",
            "INSERT INTO cells (site, day, dim, value, hour, generation, events_over, visitors, keep_days) \
             VALUES ('s', '2026-11-19', 'opted_out', '', 255, 7, 1, 1, 9999), \
             ('s', '2026-11-19', 'page', '/', 25, 7, 1, 1, 9999)",
        ] {
            run(store, text).await;
        }
        let one = |rows| vec![(site.clone(), day(0), rows)];
        let broken = Proofs { left_open: one(1), small: one(1), opted_out: one(2), too_fine: one(2), ..sound };
        assert_eq!(store.proofs().await, Ok(broken));
        engine.stop().await;
    }
}
