//! How it is known whether a load is in a table: it leaves a row of no dimension for each site-day it has rows of, in the
//! same block as these, with its number. Rows of a site-day are in one partition, and a load is one block of a partition:
//! where the number is, the rows are.
//!
//! The deduplication token of an insert does not tell. ClickHouse writes it down before it makes the part visible, so
//! that one killed in between takes the repeated insert for one it has; and it does not sync what it writes down, so that
//! after a power cut it may have the part and not know the token.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::failure::{InsertError, StoreError};
use super::store::Store;
use crate::model::{Day, SiteId};

/// Sites and days.
pub type SiteDays = BTreeSet<(SiteId, Day)>;

/// Names a load: its journal, by a random number, and which load of that journal it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Drawn once for each journal.
    pub journal: u64,
    /// Counts up from 1.
    pub number: u64,
}

impl Receipt {
    /// What the row has as its value.
    pub(super) fn value(self) -> String {
        format!("{:016x}", self.journal)
    }
}

/// How a load is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shipment {
    /// Random, and new for each load: under the same one, rows count once as far as ClickHouse remembers.
    pub token: u128,
    /// What the load leaves in the table. None: it cannot be asked for.
    pub receipt: Option<Receipt>,
    /// Site-days that are left out, as their rows are there.
    pub without: SiteDays,
}

impl Shipment {
    /// All rows, under a token alone.
    pub fn under(token: u128) -> Self {
        Self { token, ..Self::default() }
    }

    /// Whether rows of a site-day are left out.
    pub(super) fn leaves_out(&self, site_day: &(SiteId, Day)) -> bool {
        !self.without.is_empty() && self.without.contains(site_day)
    }
}

/// A table that loads go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadTable {
    /// Cells of open days.
    OpenCells,
    /// Crossings of open days.
    OpenCrossings,
    /// Cells of sealed days.
    LateCells,
    /// Crossings of sealed days.
    LateCrossings,
}

impl LoadTable {
    const fn name(self) -> &'static str {
        match self {
            Self::OpenCells => "cells_open",
            Self::OpenCrossings => "crossings_open",
            Self::LateCells => "cells",
            Self::LateCrossings => "crossings",
        }
    }

    /// The number of the last load, over the rows of no dimension of a site-day. Sealed tables have nothing but sums: a
    /// load adds there what its number exceeds the last one by.
    const fn last(self) -> &'static str {
        match self {
            Self::OpenCells | Self::OpenCrossings => "max(receipt)",
            Self::LateCells | Self::LateCrossings => "sum(revenue_minor)::UInt64",
        }
    }
}

/// Where a load was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrived {
    /// Site-days whose last load is this one.
    pub here: SiteDays,
    /// Site-days that have a later load of the same journal. The journal is older than the table, from a backup perhaps:
    /// whether this load is there cannot be told.
    pub passed: SiteDays,
}

impl Store {
    /// Where among `site_days` a load is in a table.
    ///
    /// # Errors
    /// [`InsertError::Retry`]: ClickHouse is away.
    pub async fn arrived(
        &self,
        table: LoadTable,
        receipt: Receipt,
        site_days: &SiteDays,
    ) -> Result<Arrived, InsertError> {
        let mut arrived = Arrived::default();
        for (site_day, last) in
            self.last_loads(table, receipt, site_days.iter().map(|(site, day)| (site, *day))).await?
        {
            match last.cmp(&receipt.number) {
                Ordering::Less => continue,
                Ordering::Equal => arrived.here.insert(site_day),
                Ordering::Greater => arrived.passed.insert(site_day),
            };
        }
        Ok(arrived)
    }

    /// Number of the last load of a journal that a table has of sites and days, of others perhaps as well.
    pub(super) async fn last_loads(
        &self,
        table: LoadTable,
        receipt: Receipt,
        site_days: impl Iterator<Item = (&SiteId, Day)> + Clone,
    ) -> Result<BTreeMap<(SiteId, Day), u64>, InsertError> {
        let text = format!(
            "SELECT site::String AS site, day, {} AS last FROM {} WHERE dim = '' AND value = {{journal:String}} AND {} \
             GROUP BY site, day",
            table.last(),
            table.name(),
            among(site_days),
        );
        let query = self.client().query(&text).param("journal", receipt.value());
        let rows = self.within(query.fetch_all::<(String, u16, u64)>()).await.map_err(again)?;
        Ok(rows.into_iter().filter_map(|(site, day, last)| Some(((site.parse().ok()?, Day(day)), last))).collect())
    }
}

/// A question that failed says nothing about the load: it is tried again, whatever ClickHouse answered.
fn again(error: StoreError) -> InsertError {
    match error {
        StoreError::Unavailable(failure) | StoreError::Refused(failure) => InsertError::Retry(failure),
        other => InsertError::Retry(super::failure::plain(other.code())),
    }
}

/// Sites that a condition names at the most: a statement may have 256 KiB.
const NAMED_SITES: usize = 1_000;

/// A condition that keeps to some sites and days; others may pass as well. Ids of sites hold nothing that needs escaping.
pub(super) fn among<'s>(site_days: impl Iterator<Item = (&'s SiteId, Day)> + Clone) -> String {
    let sites: BTreeSet<&str> = site_days.clone().map(|(site, _)| site.as_str()).collect();
    let days: BTreeSet<u16> = site_days.map(|(_, day)| day.0).collect();
    let days: Vec<String> = days.into_iter().map(|day| format!("'{}'", Day(day))).collect();
    let days = format!("day IN ({})", days.join(", "));
    if sites.len() > NAMED_SITES {
        return days;
    }
    let sites: Vec<&str> = sites.into_iter().collect();
    format!("site IN ('{}') AND {days}", sites.join("','"))
}
