//! Which days of a site are sealed and under which rules, and what is stored of those that some reader's rules judge once
//! more. Called by `stats`, which judges (P7).

use clickhouse::Row;
use clickhouse::query::Query;
use serde::Deserialize;

use super::failure::StoreError;
use super::open_day::{BETWEEN, CellRow, CountedCell, CountedCrossing, CrossingRow, NUMBERS, codes};
use super::store::Store;
use crate::model::{Day, Dimension, Rules, SiteId};

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

    /// The cells of some dimensions of a sealed day, whole days only, sorted by dimension and value.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn sealed_cells(
        &self,
        site: &SiteId,
        sealed: SealedDay,
        dimensions: &[Dimension],
    ) -> Result<Vec<CountedCell>, StoreError> {
        let text = format!(
            "SELECT dim::String AS dim, value, {NUMBERS} AS numbers, toUInt64(greatest(sum(visitors), 0)) \
             AS visitors FROM cells WHERE {OF_SEAL} AND hour = 255 AND dim IN {{dims:Array(String)}} \
             GROUP BY dim, value ORDER BY dim, value"
        );
        let query = of_seal(self.client().query(&text), site, sealed).param("dims", codes(dimensions));
        let rows = self.read(query.fetch_all::<CellRow>()).await?;
        Ok(rows.into_iter().filter_map(CellRow::typed).collect())
    }

    /// The crossings between dimensions of `one` and dimensions of `other` that the seal of a day left, sorted.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn sealed_pair(
        &self,
        (site, sealed): (&SiteId, SealedDay),
        one: &[Dimension],
        other: &[Dimension],
    ) -> Result<Vec<CountedCrossing>, StoreError> {
        let text = format!(
            "SELECT dim::String AS dim, value, dim2::String AS dim2, value2, \
             {NUMBERS} AS numbers, toUInt64(greatest(sum(visitors), 0)) AS visitors FROM crossings \
             WHERE {OF_SEAL} AND {BETWEEN} GROUP BY dim, dim2, value, value2 ORDER BY dim, dim2, value, value2"
        );
        let query = of_seal(self.client().query(&text), site, sealed);
        let query = query.param("one", codes(one)).param("other", codes(other));
        let rows = self.read(query.fetch_all::<CrossingRow>()).await?;
        Ok(rows.into_iter().filter_map(CrossingRow::typed).collect())
    }
}

const OF_SEAL: &str = "site = {site:String} AND day = {day:Date} AND generation = {generation:UInt64}";

fn of_seal(query: Query, site: &SiteId, sealed: SealedDay) -> Query {
    let query = query.param("site", site.as_str()).param("day", sealed.day.to_string());
    query.param("generation", sealed.generation)
}
