//! Which days of a site are sealed, and under which rules. Called by `stats`, which judges those that some reader's rules
//! judge once more (P7).

use clickhouse::Row;
use serde::Deserialize;

use super::failure::StoreError;
use super::store::Store;
use crate::model::{Day, Rules, SiteId};

/// A sealed day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealedDay {
    /// The day.
    pub day: Day,
    /// The rows that hold.
    pub generation: u64,
    /// What was folded under.
    pub rules: Rules,
}

#[derive(Row, Deserialize)]
struct SealRow {
    day: u16,
    generation: u64,
    k: u32,
    strict: bool,
}

impl Store {
    /// The sealed days of a site from `from` to `to`, both included, oldest first.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn sealed_days(&self, site: &SiteId, from: Day, to: Day) -> Result<Vec<SealedDay>, StoreError> {
        let text = "SELECT day, generation, k, strict FROM seals FINAL WHERE site = {site:String} \
                    AND day BETWEEN {from:Date} AND {to:Date} ORDER BY day";
        let query = self.client().query(text).param("site", site.as_str());
        let query = query.param("from", from.to_string()).param("to", to.to_string());
        let rows = self.read(query.fetch_all::<SealRow>()).await?;
        let day = |SealRow { day, generation, k, strict }| SealedDay {
            day: Day(day),
            generation,
            rules: Rules { k, strict },
        };
        Ok(rows.into_iter().map(day).collect())
    }
}
