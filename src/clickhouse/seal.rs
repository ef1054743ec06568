//! What a seal asks of ClickHouse, one method per step. The order of the steps, and what may be shown, is decided by
//! its caller, `deliver::seal`.
//!
//! Until the row in `seals` is there, everything of a site-day in the sealed tables is garbage that nobody reads; from
//! then on everything of it in the open tables is.

use std::collections::{BTreeMap, HashMap};

use clickhouse::query::Query;

use super::failure::StoreError;
use super::open_day::{
    CELL_VISITORS, CROSSING_VISITORS, CountedCell, CountedCrossing, CrossingRow, NUMBERS, codes, dimension,
};
use super::sealed::{Generation, Group, STORED, Writer, cell_columns};
use super::store::Store;
use crate::model::{Day, Dimension, Hour, Measure, Measures, SiteId};

/// Crossings between two families on one open day, their texts written once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CountedPair {
    /// Values.
    pub texts: Vec<Box<str>>,
    /// The rows, sorted by dimensions and values.
    pub rows: Vec<PairRow>,
}

/// One row of a [`CountedPair`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairRow {
    /// The two dimensions, in wire order.
    pub dimensions: [Dimension; 2],
    /// Positions of their values in [`CountedPair::texts`].
    pub values: [u32; 2],
    /// The counts.
    pub measures: Measures,
    /// Unique visitors.
    pub visitors: u64,
}

impl Store {
    /// Every site and day that has open rows, oldest day first.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn open_site_days(&self) -> Result<Vec<(SiteId, Day)>, StoreError> {
        let text = "SELECT site::String AS site, day FROM \
                    (SELECT site, day FROM cells_open GROUP BY site, day \
                     UNION ALL SELECT site, day FROM crossings_open GROUP BY site, day) \
                    GROUP BY site, day ORDER BY day, site";
        let rows = self.within(self.client().query(text).fetch_all::<(String, u16)>()).await?;
        Ok(rows.into_iter().filter_map(|(site, day)| Some((site.parse().ok()?, Day(day)))).collect())
    }

    /// Removes what a site-day has in the sealed tables under other generations than `named`: what seals left behind
    /// that were cut short.
    ///
    /// # Errors
    /// ClickHouse is away, or did not end in time.
    pub async fn remove_remains(&self, site: &SiteId, day: Day, named: Option<u64>) -> Result<(), StoreError> {
        // A generation is never 0.
        let named = named.unwrap_or(0);
        for table in ["cells", "crossings"] {
            let remains = format!("FROM {table} WHERE {OF_DAY} AND generation != {{named:UInt64}}");
            let count = self.client().query(&format!("SELECT count() {remains}")).param("named", named);
            if self.within(of_day(count, site, day).fetch_one::<u64>()).await? == 0 {
                continue;
            }
            let text = format!("ALTER TABLE {table} DELETE WHERE {OF_DAY} AND generation != {{named:UInt64}}");
            let delete = self.client().query(&text).with_setting("mutations_sync", "1").param("named", named);
            self.within(of_day(delete, site, day).execute()).await?;
        }
        Ok(())
    }

    /// Writes all cells of some dimensions of an open day, whole days; of dimensions whose hours are kept those as well.
    /// Nothing is held in memory. Returns how many rows were written.
    ///
    /// # Errors
    /// ClickHouse is away, or did not end in time.
    pub async fn seal_cells(&self, of: &Generation, dimensions: &[Dimension]) -> Result<u64, StoreError> {
        let hourly: Vec<Dimension> = dimensions.iter().copied().filter(|dimension| dimension.hourly()).collect();
        self.copy_cells(of, dimensions, "255").await?;
        self.copy_cells(of, &hourly, "hour").await?;
        let count = format!("SELECT count() FROM cells WHERE {OF_DAY} AND generation = {{number:UInt64}}");
        let count = self.client().query(&count).param("number", of.number);
        self.within(of_day(count, &of.site, of.day).fetch_one::<u64>()).await
    }

    async fn copy_cells(&self, of: &Generation, dimensions: &[Dimension], hour: &str) -> Result<(), StoreError> {
        let sums = Measure::ALL.map(|measure| {
            let name = if measure == Measure::VisitSecs { "found" } else { "total" };
            format!("sum({0}) AS {name}_{0}", measure.code())
        });
        let sums = sums.join(", ");
        let lasting: Vec<Dimension> = dimensions.iter().copied().filter(|of| of.keeps_durations()).collect();
        let by_hour = if hour == "hour" { ", hour" } else { "" };
        let text = format!(
            "INSERT INTO cells ({}) SELECT site, day, dim, value, at, {{number:UInt64}}, {}, {{keep_days:UInt16}} \
             FROM (SELECT site, day, dim, value, {hour} AS at, {sums}, toInt64({CELL_VISITORS}) AS total_visitors, \
             if(dim IN {{lasting:Array(String)}}, found_visit_secs, 0) AS total_visit_secs FROM cells_open WHERE {OF_DAY} AND dim IN {{dims:Array(String)}} GROUP BY site, day, dim, value{by_hour})",
            cell_columns(),
            STORED.map(|stored| stored.expression()).join(", "),
        );
        let query = self.client().query(&text).param("number", of.number).param("dims", codes(dimensions));
        let query = query.param("keep_days", of.keep_days()).param("lasting", codes(&lasting));
        let query = query.with_setting("optimize_aggregation_in_order", "1").with_setting("max_insert_threads", "1");
        let query = query.with_setting("async_insert", "0").with_setting("insert_deduplicate", "0");
        self.within(of_day(query, &of.site, of.day).execute()).await
    }

    /// Writes those of `cells` (whole days) for which `shown` is true. Their hours are not written: in an hour there may be
    /// a single visitor of a group of many. Returns how many rows were written.
    ///
    /// # Errors
    /// ClickHouse is away, or did not end in time.
    pub async fn seal_shown_cells(
        &self,
        of: &Generation,
        cells: &[CountedCell],
        shown: &[bool],
    ) -> Result<u64, StoreError> {
        let mut writer = Writer::of_cells(self, of);
        for (cell, _) in cells.iter().zip(shown).filter(|(_, shown)| **shown) {
            let group = Group::Cell(cell.dimension, &cell.value, Hour::WHOLE_DAY);
            writer.push(group, &cell.measures, cell.visitors).await?;
        }
        writer.finish().await
    }

    /// The pairs of dimensions between which an open day has crossings, in wire order, and how many rows are stored of
    /// each: at least as many as there are crossings. Most pairs of most days have none.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn open_pairs(&self, site: &SiteId, day: Day) -> Result<BTreeMap<[Dimension; 2], u64>, StoreError> {
        let text = format!(
            "SELECT dim::String AS dim, dim2::String AS dim2, count() FROM crossings_open WHERE {OF_DAY} \
             GROUP BY dim, dim2"
        );
        let query = of_day(self.client().query(&text), site, day);
        let rows = self.within(query.fetch_all::<(String, String, u64)>()).await?;
        let pair = |(one, other, rows): &(String, String, u64)| Some(([dimension(one)?, dimension(other)?], *rows));
        Ok(rows.iter().filter_map(pair).collect())
    }

    /// All crossings between some pairs of dimensions (in wire order) of an open day, in memory.
    ///
    /// # Errors
    /// ClickHouse is away, or did not end in time.
    pub async fn open_pair(
        &self,
        (site, day): (&SiteId, Day),
        pairs: &[[Dimension; 2]],
    ) -> Result<CountedPair, StoreError> {
        if pairs.is_empty() {
            return Ok(CountedPair::default());
        }
        // Names of dimensions hold nothing that needs escaping.
        let pairs: Vec<String> =
            pairs.iter().map(|[one, other]| format!("('{}','{}')", one.code(), other.code())).collect();
        let text = format!(
            "SELECT dim::String AS dim, value, dim2::String AS dim2, value2, {NUMBERS} AS numbers, \
             {CROSSING_VISITORS} AS visitors FROM crossings_open WHERE {OF_DAY} AND (dim, dim2) IN ({}) \
             GROUP BY dim, dim2, value, value2 ORDER BY dim, dim2, value, value2",
            pairs.join(",")
        );
        let query = self.client().query(&text).with_setting("optimize_aggregation_in_order", "1");
        let mut rows = of_day(query, site, day).fetch::<CrossingRow>()?;
        let mut pair = CountedPair::default();
        let mut known: HashMap<Box<str>, u32> = HashMap::new();
        while let Some(row) = self.within(rows.next()).await? {
            let Some(CountedCrossing { dimensions, values, measures, visitors }) = row.typed() else { continue };
            let values = values.map(|value| {
                *known.entry(value).or_insert_with_key(|value| {
                    pair.texts.push(Box::clone(value));
                    u32::try_from(pair.texts.len() - 1).unwrap_or(u32::MAX)
                })
            });
            pair.rows.push(PairRow { dimensions, values, measures, visitors });
        }
        Ok(pair)
    }

    /// Begins to write the crossings of a generation.
    pub fn seal_crossings<'s>(&'s self, of: &'s Generation) -> SealedCrossings<'s> {
        SealedCrossings(Writer::of_crossings(self, of))
    }

    /// Removes every open row of a site-day that is sealed. Reads that began before the seal have ended when it begins;
    /// later ones do not look at these rows. It returns when they are gone.
    ///
    /// # Errors
    /// ClickHouse is away, or did not end in time; what is left is removed by the next call.
    pub async fn remove_open(&self, site: &SiteId, day: Day) -> Result<(), StoreError> {
        drop(self.removing().await);
        // Crossings first: a site-day is looked for by its cells as well, so what is left will be found again.
        for table in ["crossings_open", "cells_open"] {
            self.drop_parts_of_day(table, site, day).await?;
            let count = self.client().query(&format!("SELECT count() FROM {table} WHERE {OF_DAY}"));
            if self.within(of_day(count, site, day).fetch_one::<u64>()).await? == 0 {
                continue;
            }
            let delete = self.client().query(&format!("ALTER TABLE {table} DELETE WHERE {OF_DAY}"));
            let delete = of_day(delete.with_setting("mutations_sync", "1"), site, day);
            self.within(delete.execute()).await?;
        }
        Ok(())
    }

    /// Drops the parts that hold nothing but this site-day. A deletion looks at every part of the table, which took a
    /// quarter of a minute for a day when sixty were open. Parts are of one day and never change: no other row goes with them.
    async fn drop_parts_of_day(&self, table: &str, site: &SiteId, day: Day) -> Result<(), StoreError> {
        let own = "day = {day:Date} GROUP BY _part HAVING countIf(site != {site:String}) = 0";
        let parts = self.client().query(&format!("SELECT _part FROM {table} WHERE {own}"));
        for part in self.within(of_day(parts, site, day).fetch_all::<String>()).await? {
            let drop = self.client().query(&format!("ALTER TABLE {table} DROP PART '{part}'"));
            if self.within(drop.execute()).await.is_err() {
                // It was merged meanwhile, or ClickHouse is away: the deletion finds what is left, or says so.
                return Ok(());
            }
        }
        Ok(())
    }
}

/// Crossings of a generation on their way in, few large inserts of them.
pub struct SealedCrossings<'s>(Writer<'s>);

impl SealedCrossings<'_> {
    /// Writes those crossings of a pair for which `folded` is false, some of them later.
    ///
    /// # Errors
    /// ClickHouse is away, or did not end in time.
    pub async fn put(&mut self, pair: &CountedPair, folded: &[bool]) -> Result<(), StoreError> {
        for (row, _) in pair.rows.iter().zip(folded).filter(|(_, folded)| !**folded) {
            let values = row.values.map(|value| &*pair.texts[value as usize]);
            self.0.push(Group::Crossing(row.dimensions, values), &row.measures, row.visitors).await?;
        }
        Ok(())
    }

    /// Writes the rest. Returns how many rows were written.
    ///
    /// # Errors
    /// ClickHouse is away, or did not end in time.
    pub async fn finish(self) -> Result<u64, StoreError> {
        self.0.finish().await
    }
}

pub(super) const OF_DAY: &str = "site = {site:String} AND day = {day:Date}";

pub(super) fn of_day(query: Query, site: &SiteId, day: Day) -> Query {
    query.param("site", site.as_str()).param("day", day.to_string())
}

#[cfg(test)]
mod tests;
