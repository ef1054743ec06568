//! The end of what is stored: rows past their site's retention, and everything of a site that was removed. Called by the
//! tasks of `app` and by commands. Which sites there are, and how long each keeps its counts, is told by the caller.

use clickhouse::query::Query;

use super::failure::StoreError;
use super::store::Store;
use crate::model::{Day, SiteId};

/// Tables whose rows say until when they are kept.
const KEPT: [&str; 2] = ["cells", "crossings"];
/// Every table with rows of a site. `seals` last: until it is gone, what is left of the others is still found by readers
/// as a sealed day, never taken for an open one.
const OF_SITES: [&str; 5] = ["cells_open", "crossings_open", "cells", "crossings", "seals"];
/// The days for which rows of a day are kept, as the seal writes it.
const KEEP_DAYS: &str = "toUInt16(addMonths(day, {months:UInt16}) - day)";

impl Store {
    /// Gives the sealed rows of a site the retention of `months`. Returns how many rows had another one.
    ///
    /// # Errors
    /// ClickHouse is away, or did not end in time: then it goes on by itself, and the next call sees what is left.
    pub async fn keep_for(&self, site: &SiteId, months: u16) -> Result<u64, StoreError> {
        let mut changed = 0;
        for table in KEPT {
            let which = format!("site = {{site:String}} AND keep_days != {KEEP_DAYS}");
            let bind = |query: Query| query.param("site", site.as_str()).param("months", months);
            let count = self.client().query(&format!("SELECT count() FROM {table} WHERE {which}"));
            let count = self.within(bind(count).fetch_one::<u64>()).await?;
            if count > 0 {
                let text = format!("ALTER TABLE {table} UPDATE keep_days = {KEEP_DAYS} WHERE {which}");
                self.within(bind(self.mutation(&text)).execute()).await?;
                changed += count;
            }
        }
        Ok(changed)
    }

    /// Removes the sealed rows whose last day was before `today`. ClickHouse does the same at a merge of its own, which
    /// may be long in coming: parts that are never merged again are never looked at. Returns how many rows were removed.
    ///
    /// # Errors
    /// ClickHouse is away, or did not end in time: then it goes on by itself, and the next call sees what is left.
    pub async fn remove_expired(&self, today: Day) -> Result<u64, StoreError> {
        let mut removed = 0;
        for table in KEPT {
            removed += self
                .remove_where(table, "keep_until < {today:Date}", |query| query.param("today", today.to_string()))
                .await?;
        }
        Ok(removed)
    }

    /// Removes the rows of `seals` for days of a site before `first`, whose counts are no longer kept.
    ///
    /// # Errors
    /// As [`Self::remove_expired`].
    pub async fn remove_seals_before(&self, site: &SiteId, first: Day) -> Result<u64, StoreError> {
        let which = "site = {site:String} AND day < {first:Date}";
        self.remove_where("seals", which, |query| query.param("site", site.as_str()).param("first", first.to_string()))
            .await
    }

    /// Removes every row of a site from every table. It returns when they are gone. Returns how many there were.
    ///
    /// # Errors
    /// ClickHouse is away, or did not end in time; what is left is removed by the next call.
    pub async fn erase_site(&self, site: &SiteId) -> Result<u64, StoreError> {
        drop(self.removing().await);
        let mut removed = 0;
        for table in OF_SITES {
            let bind = |query: Query| query.param("site", site.as_str());
            removed += self.remove_where(table, "site = {site:String}", bind).await?;
        }
        Ok(removed)
    }

    /// Ids of sites that have a row anywhere.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn stored_sites(&self) -> Result<Vec<SiteId>, StoreError> {
        let of = OF_SITES.map(|table| format!("SELECT DISTINCT site::String AS site FROM {table}"));
        let text = format!("SELECT DISTINCT site FROM ({}) ORDER BY site", of.join(" UNION ALL "));
        let sites = self.within(self.client().query(&text).fetch_all::<String>()).await?;
        Ok(sites.into_iter().filter_map(|site| site.parse().ok()).collect())
    }

    async fn remove_where(&self, table: &str, which: &str, bind: impl Fn(Query) -> Query) -> Result<u64, StoreError> {
        let count = self.client().query(&format!("SELECT count() FROM {table} WHERE {which}"));
        let count = self.within(bind(count).fetch_one::<u64>()).await?;
        if count > 0 {
            let text = format!("ALTER TABLE {table} DELETE WHERE {which}");
            self.within(bind(self.mutation(&text)).execute()).await?;
        }
        Ok(count)
    }

    /// A statement that returns when every part was rewritten.
    fn mutation(&self, text: &str) -> Query {
        self.client().query(text).with_setting("mutations_sync", "1")
    }
}

#[cfg(test)]
mod tests;
