//! The rows of `seals`: from which generation a site-day is read, and how much was folded. Written by `deliver::seal`, read
//! by it and by reports.

use std::collections::BTreeMap;

use bytes::BufMut;

use super::encode::{put_length, put_text};
use super::failure::{InsertError, StoreError};
use super::seal::{OF_DAY, of_day};
use super::sealed::Generation;
use super::sealed_day::SealedDay;
use super::store::Store;
use crate::model::{Day, Dimension, Rules, SiteId};

/// The days of a site whose generations begin with a mark.
const MARKED: &str = "site = {site:String} AND bitShiftRight(generation, 16) = {mark:UInt64}";

/// What the row in `seals` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealRow {
    /// What holds from now on.
    pub generation: Generation,
    /// Seconds since 1970.
    pub sealed_at: i64,
    /// What was folded under.
    pub rules: Rules,
    /// Rows in `cells`.
    pub cells: u64,
    /// Rows in `crossings`.
    pub crossings: u64,
    /// Cells and crossings that were folded, by their two dimensions; of a cell both are the same.
    pub folded: BTreeMap<[Dimension; 2], u64>,
}

impl SealRow {
    /// The day as readers and late counts see it.
    pub fn sealed_day(&self) -> SealedDay {
        SealedDay { day: self.generation.day, generation: self.generation.number, rules: self.rules }
    }

    /// How many cells and crossings were folded.
    pub fn all_folded(&self) -> u64 {
        self.folded.values().sum()
    }
}

impl Store {
    /// Every sealed site-day since `from`.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn seals_since(&self, from: Day) -> Result<Vec<(SiteId, SealedDay)>, StoreError> {
        let text = "SELECT site::String AS site, day, generation, k, strict FROM seals FINAL WHERE day >= {from:Date}";
        let query = self.client().query(text).param("from", from.to_string());
        let rows = self.within(query.fetch_all::<(String, u16, u64, u32, bool)>()).await?;
        let sealed = |(site, day, generation, k, strict): (String, u16, u64, u32, bool)| {
            Some((site.parse().ok()?, SealedDay { day: Day(day), generation, rules: Rules { k, strict } }))
        };
        Ok(rows.into_iter().filter_map(sealed).collect())
    }

    /// The atomic switch: from this row on, the site-day is read from its generation. It may be repeated after any outcome:
    /// equal rows are one to who reads them. `token` must be new at each try: ClickHouse may know one whose row it lost.
    ///
    /// # Errors
    /// [`InsertError::Retry`]: it may or may not be there.
    pub async fn write_seal(&self, row: &SealRow, token: u128) -> Result<(), InsertError> {
        let SealRow { generation: of, sealed_at, rules, cells, crossings, folded } = row;
        let mut bytes = Vec::new();
        put_text(&mut bytes, of.site.as_str());
        bytes.put_u16_le(of.day.0);
        bytes.put_u64_le(of.number);
        bytes.put_u32_le(u32::try_from(*sealed_at).unwrap_or(0));
        bytes.put_u32_le(rules.k);
        bytes.put_u8(u8::from(rules.strict));
        for count in [*cells, *crossings, row.all_folded()] {
            bytes.put_u64_le(count);
        }
        put_length(&mut bytes, folded.len());
        for (dimensions, count) in folded {
            put_text(&mut bytes, &folded_key(*dimensions));
            bytes.put_u64_le(*count);
        }
        let statement = "INSERT INTO seals (site, day, generation, sealed_at, k, strict, cells, crossings, folded, \
                         folded_in) FORMAT RowBinary";
        self.insert_rows(statement, bytes.into(), token).await
    }

    /// The seal of a site-day.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn seal_of(&self, site: &SiteId, day: Day) -> Result<Option<SealedDay>, StoreError> {
        let text = format!("SELECT generation, k, strict FROM seals FINAL WHERE {OF_DAY}");
        let rows = self.within(of_day(self.client().query(&text), site, day).fetch_all::<(u64, u32, bool)>()).await?;
        let sealed = |(generation, k, strict): &(u64, u32, bool)| {
            let rules = Rules { k: *k, strict: *strict };
            SealedDay { day, generation: *generation, rules }
        };
        Ok(rows.first().map(sealed))
    }

    /// How many days a site has whose generations begin with these 48 bits.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn count_marked(&self, site: &SiteId, mark: u64) -> Result<usize, StoreError> {
        let text = format!("SELECT count() FROM seals FINAL WHERE {MARKED}");
        let query = self.client().query(&text).param("site", site.as_str()).param("mark", mark);
        Ok(usize::try_from(self.within(query.fetch_one::<u64>()).await?).unwrap_or(usize::MAX))
    }

    /// Removes these days: first what names them, then their rows.
    ///
    /// # Errors
    /// ClickHouse is away, or did not end in time; it may be repeated.
    pub async fn remove_marked(&self, site: &SiteId, mark: u64) -> Result<(), StoreError> {
        for table in ["seals", "cells", "crossings"] {
            let text = format!("ALTER TABLE {table} DELETE WHERE {MARKED}");
            let delete = self.client().query(&text).param("site", site.as_str()).param("mark", mark);
            self.within(delete.with_setting("mutations_sync", "1").execute()).await?;
        }
        Ok(())
    }

    /// How many crossings of two dimensions, or cells of one (named twice), the seals of a site folded from `from` to `to`.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn folded_in(
        &self,
        site: &SiteId,
        (from, to): (Day, Day),
        dimensions: [Dimension; 2],
    ) -> Result<u64, StoreError> {
        let text = "SELECT sum(folded_in[{key:String}]) FROM seals FINAL WHERE site = {site:String} \
                    AND day BETWEEN {from:Date} AND {to:Date}";
        let query = self.client().query(text).param("key", folded_key(dimensions)).param("site", site.as_str());
        let query = query.param("from", from.to_string()).param("to", to.to_string());
        self.read(query.fetch_one::<u64>()).await
    }
}

/// The name of a dimension, or of two in wire order.
fn folded_key([one, other]: [Dimension; 2]) -> String {
    let (first, second) = (one.min(other), one.max(other));
    if first == second { first.code().to_owned() } else { format!("{}+{}", first.code(), second.code()) }
}
