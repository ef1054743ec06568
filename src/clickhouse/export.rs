//! Published numbers as a stream of bytes in a format of ClickHouse's own, so that an export takes no memory here
//! whatever its size. Called by `stats::export`, which decides what of open days may leave (P7).
//!
//! Sealed days are read as they are stored. What may be shown of others is put into a table in memory for as long as the
//! export runs, so that one statement writes one file.

use std::sync::{MutexGuard, PoisonError};

use bytes::{BufMut, Bytes};
use clickhouse::query::BytesCursor;

use super::encode::{put_measures, put_text};
use super::failure::StoreError;
use super::open_day::{CountedCell, codes};
use super::sealed::kept;
use super::store::Store;
use crate::model::{Day, Dimension, Hour, Measures, SiteId};

/// Which table is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportTable {
    /// Counts of one attribute.
    Cells,
    /// Counts of two attributes.
    Crossings,
}

/// What the file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// Comma-separated, with a line of names.
    Csv,
    /// One JSON object per line.
    Json,
    /// Parquet.
    Parquet,
}

/// Which sealed days, and of which site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportOf {
    /// The table.
    pub table: ExportTable,
    /// The site.
    pub site: SiteId,
    /// Sealed days and the generations that hold.
    pub sealed: Vec<(Day, u64)>,
}

/// An export that runs.
pub struct ExportStream {
    cursor: BytesCursor,
    // Removed when the stream is over; one that is dropped leaves it to [`Store::remove_left`].
    staging: Option<Staging>,
    store: Store,
}

/// What may be shown of days that are judged now, in a table of its own. Dropped, it is left to [`Store::remove_left`].
pub struct Staging {
    name: String,
    table: ExportTable,
    store: Store,
    is_removed: bool,
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.is_removed {
            self.store.left().push(std::mem::take(&mut self.name));
        }
    }
}

/// A day of which rows are put into a [`Staging`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StagedDay {
    /// The day.
    pub day: Day,
    /// The generation that holds of it, when it is sealed.
    pub generation: Option<u64>,
}

/// Prefix of the tables of exports that run.
const PREFIX: &str = "export_";
/// Seconds after which an export is taken for dead.
const LIFE_SECONDS: u32 = 6 * 3_600;
/// Bytes sent at a time.
const CHUNK: usize = 1 << 20;

const NUMBERS: &str = "pageviews, events, visits, visitors, bounces, visit_secs, engaged_secs, engaged_n, \
                       scroll_pct_sum, scroll_n, revenue_minor";
const NUMBER_TYPES: &str = "pageviews Int64, events Int64, visits Int64, bounces Int64, visit_secs Int64, \
                            engaged_secs Int64, engaged_n Int64, scroll_pct_sum Int64, scroll_n Int64, \
                            revenue_minor Int64, visitors Int64, sealed Bool";

impl ExportTable {
    const fn name(self) -> &'static str {
        match self {
            Self::Cells => "cells",
            Self::Crossings => "crossings",
        }
    }

    /// What a row is about, in its stored and its exported names.
    const fn group(self) -> &'static str {
        match self {
            Self::Cells => "day, if(hour = 255, NULL, hour)::Nullable(UInt8) AS hour, dim::String AS dimension, value",
            Self::Crossings => "day, dim::String AS dimension, value, dim2::String AS dimension2, value2",
        }
    }

    const fn types(self) -> &'static str {
        match self {
            Self::Cells => "day Date, dim String, value String, hour UInt8",
            Self::Crossings => "day Date, dim String, value String, dim2 String, value2 String",
        }
    }
}

impl ExportFormat {
    const fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSVWithNames",
            Self::Json => "JSONEachRow",
            Self::Parquet => "Parquet",
        }
    }
}

impl Store {
    /// Removes the tables of exports that broke off. Whoever may drop an export calls this afterwards.
    pub async fn remove_left(&self) {
        let left = std::mem::take(&mut *self.left());
        for name in left {
            if let Err(error) = self.drop_staging(&name).await {
                tracing::warn!(reason = %error, "the table of an export is left; that is tried again");
                self.left().push(name);
            }
        }
    }

    fn left(&self) -> MutexGuard<'_, Vec<String>> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for rows of days that are judged now. Those of exports of processes that never ended them are removed.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn stage(&self, table: ExportTable) -> Result<Staging, StoreError> {
        let dead = format!(
            "SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, '{PREFIX}') \
             AND metadata_modification_time < now() - {LIFE_SECONDS}"
        );
        for name in self.within(self.client().query(&dead).fetch_all::<String>()).await? {
            self.drop_staging(&name).await?;
        }
        let name = format!("{PREFIX}{:032x}", random());
        // Before the table: an answer that never comes may leave one.
        let staging = Staging { name, table, store: self.clone(), is_removed: false };
        let text = format!(
            "CREATE TABLE {} ({}, {NUMBER_TYPES}) ENGINE = Memory \
             COMMENT 'Published numbers of an export that is running'",
            staging.name,
            table.types()
        );
        self.within(self.client().query(&text).execute()).await?;
        Ok(staging)
    }

    async fn drop_staging(&self, name: &str) -> Result<(), StoreError> {
        self.within(self.client().query(&format!("DROP TABLE IF EXISTS {name} SYNC")).execute()).await
    }

    /// Begins an export: sealed days as they are stored, and the rows of `staging`. Rows are in no particular order.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub fn export(
        &self,
        of: &ExportOf,
        format: ExportFormat,
        staging: Option<Staging>,
    ) -> Result<ExportStream, StoreError> {
        let group = of.table.group();
        let mut sources = Vec::new();
        if !of.sealed.is_empty() {
            let days: Vec<_> = of.sealed.iter().map(|(day, number)| format!("('{day}',{number})")).collect();
            let sealed = format!("(day, generation) IN ({})", days.join(","));
            // Counts that came late are rows of their own until they are merged: FINAL adds them up on the way.
            sources.push(format!(
                "SELECT {group}, {NUMBERS}, true AS sealed FROM {} FINAL WHERE site = {{site:String}} AND dim != '' AND {sealed}",
                of.table.name()
            ));
        }
        if let Some(staging) = &staging {
            sources.push(format!("SELECT {group}, {NUMBERS}, sealed FROM {}", staging.name));
        }
        if sources.is_empty() {
            sources.push(format!("SELECT {group}, {NUMBERS}, true AS sealed FROM {} WHERE false", of.table.name()));
        }
        let query = self.client().query(&sources.join(" UNION ALL ")).param("site", of.site.as_str());
        let query = query.with_setting("max_execution_time", LIFE_SECONDS.to_string());
        let query = query.with_setting("format_csv_null_representation", "");
        // Numbers as numbers: counts stay far below 2^53.
        let query = query.with_setting("output_format_json_quote_64bit_integers", "0");
        Ok(ExportStream { cursor: query.fetch_bytes(format.name())?, staging, store: self.clone() })
    }
}

impl ExportStream {
    /// The next bytes of the file; `None` at its end.
    ///
    /// # Errors
    /// ClickHouse went away: the file is not whole.
    pub async fn next(&mut self) -> Result<Option<Bytes>, StoreError> {
        let next = self.store.within(self.cursor.next()).await;
        if !matches!(next, Ok(Some(_)))
            && let Some(staging) = self.staging.take()
        {
            staging.remove().await;
        }
        next
    }
}

impl Staging {
    /// Adds cells of a day.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn put_cells<'t>(
        &self,
        StagedDay { day, generation }: StagedDay,
        cells: impl Iterator<Item = &'t CountedCell>,
    ) -> Result<(), StoreError> {
        let mut rows = Vec::new();
        for cell in cells {
            rows.put_u16_le(day.0);
            put_text(&mut rows, cell.dimension.code());
            put_text(&mut rows, &cell.value);
            rows.put_u8(cell.hour.0);
            put_measures(&mut rows, &kept(&[cell.dimension], &cell.measures));
            rows.put_u64_le(cell.visitors);
            rows.put_u8(u8::from(generation.is_some()));
            self.send_if(&mut rows, CHUNK).await?;
        }
        self.send_if(&mut rows, 1).await
    }

    /// Adds the hours of those cells of some dimensions that were put of a day.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn put_hours(
        &self,
        site: &SiteId,
        StagedDay { day, generation }: StagedDay,
        dimensions: &[Dimension],
    ) -> Result<(), StoreError> {
        let (visitors, from) = match generation {
            Some(number) => ("toUInt64(greatest(sum(visitors), 0))", format!("cells WHERE generation = {number}")),
            None => ("uniqCombined64Merge(16)(visitors)", "cells_open WHERE true".to_owned()),
        };
        let text = format!(
            "INSERT INTO {name} SELECT day, dim::String, value, hour, sum(pageviews), sum(events), sum(visits), \
             sum(bounces), sum(visit_secs), sum(engaged_secs), sum(engaged_n), sum(scroll_pct_sum), sum(scroll_n), \
             sum(revenue_minor), {visitors}, {is_sealed} FROM {from} AND site = {{site:String}} AND day = {{day:Date}} \
             AND hour != {whole} AND dim IN {{dims:Array(String)}} AND (dim::String, value) IN \
             (SELECT dim, value FROM {name} WHERE day = {{day:Date}}) GROUP BY day, dim, value, hour",
            name = self.name,
            is_sealed = generation.is_some(),
            whole = Hour::WHOLE_DAY.0
        );
        let query = self.store.client().query(&text).with_setting("async_insert", "0").param("dims", codes(dimensions));
        let query = query.param("site", site.as_str()).param("day", day.to_string());
        self.store.read(query.execute()).await
    }

    /// Adds crossings of a day: their dimensions and values, in wire order, and their counts.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn put_crossings<'t>(
        &self,
        StagedDay { day, generation }: StagedDay,
        crossings: impl Iterator<Item = ([Dimension; 2], [&'t str; 2], Measures, u64)>,
    ) -> Result<(), StoreError> {
        let mut rows = Vec::new();
        for (dimensions, values, measures, visitors) in crossings {
            rows.put_u16_le(day.0);
            for (dimension, value) in dimensions.iter().zip(values) {
                put_text(&mut rows, dimension.code());
                put_text(&mut rows, value);
            }
            put_measures(&mut rows, &kept(&dimensions, &measures));
            rows.put_u64_le(visitors);
            rows.put_u8(u8::from(generation.is_some()));
            self.send_if(&mut rows, CHUNK).await?;
        }
        self.send_if(&mut rows, 1).await
    }

    async fn send_if(&self, rows: &mut Vec<u8>, least: usize) -> Result<(), StoreError> {
        if rows.len() < least {
            return Ok(());
        }
        let columns = match self.table {
            ExportTable::Cells => "day, dim, value, hour",
            ExportTable::Crossings => "day, dim, value, dim2, value2",
        };
        let statement = format!(
            "INSERT INTO {} ({columns}, pageviews, events, visits, bounces, visit_secs, engaged_secs, engaged_n, \
             scroll_pct_sum, scroll_n, revenue_minor, visitors, sealed) FORMAT RowBinary",
            self.name
        );
        Ok(self.store.insert_rows(&statement, std::mem::take(rows).into(), random()).await?)
    }

    /// Removes everything that was put, so that it can be put again.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn clear(&self) -> Result<(), StoreError> {
        let text = format!("TRUNCATE TABLE {}", self.name);
        self.store.within(self.store.client().query(&text).execute()).await
    }

    async fn remove(mut self) {
        match self.store.drop_staging(&self.name).await {
            Ok(()) => self.is_removed = true,
            Err(error) => tracing::warn!(reason = %error, "the table of an export is left; that is tried again"),
        }
    }
}

fn random() -> u128 {
    let half = || u128::from(getrandom::u64().unwrap_or_default());
    half() << 64 | half()
}

#[cfg(test)]
mod tests;
