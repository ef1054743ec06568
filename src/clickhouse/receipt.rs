//! How it is known whether a load is in a table: it leaves a row of no dimension for each site-day it has rows of, in the
//! same block as these, with its number. Rows of a site-day are in one partition, and a load is one block of a partition:
//! where the number is, the rows are.
//!
//! The number is moved by a keyed hash of table, site and day: who has the tables alone cannot compare those of two
//! site-days, which would tell that one load, and perhaps one person, was the last to add to both.
//!
//! The deduplication token of an insert does not tell. ClickHouse writes it down before it makes the part visible, so
//! that one killed in between takes the repeated insert for one it has; and it does not sync what it writes down, so that
//! after a power cut it may have the part and not know the token.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hasher as _;

use siphasher::sip::SipHasher24;

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
    /// Higher for each load of the journal, below 2^62.
    pub number: u64,
    /// The journal's secret.
    pub key: [u64; 2],
}

impl Receipt {
    /// What the load leaves for a site-day: more than every load before it, below 2^63.
    pub(super) fn left_in(self, table: LoadTable, (site, day): (&SiteId, Day)) -> u64 {
        let mut hasher = SipHasher24::new_with_keys(self.key[0], self.key[1]);
        hasher.write(&[table as u8]);
        hasher.write(&day.0.to_le_bytes());
        hasher.write(site.as_str().as_bytes());
        self.number + (hasher.finish() >> 3)
    }

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

    /// What the last load left, over the rows of no dimension of a site-day. Sealed tables have nothing but sums: a load adds
    /// there what it exceeds the last one by.
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
            match last.cmp(&receipt.left_in(table, (&site_day.0, site_day.1))) {
                Ordering::Less => continue,
                Ordering::Equal => arrived.here.insert(site_day),
                Ordering::Greater => arrived.passed.insert(site_day),
            };
        }
        Ok(arrived)
    }

    /// What the last load of a journal left in a table for sites and days, for others perhaps as well.
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

/// Bytes of sites, and number of days, that a condition names at the most: the text of an insert travels in its address,
/// which may have 64 KiB.
const NAMED: (usize, usize) = (16 * 1024, 100);

/// A condition that keeps to some sites and days; others may pass as well. Ids of sites hold nothing that needs escaping.
pub(super) fn among<'s>(site_days: impl Iterator<Item = (&'s SiteId, Day)> + Clone) -> String {
    let sites: BTreeSet<&str> = site_days.clone().map(|(site, _)| site.as_str()).collect();
    let days: BTreeSet<Day> = site_days.map(|(_, day)| day).collect();
    let span = [days.first(), days.last()].map(|day| day.copied().unwrap_or(Day(0)));
    let mut condition = format!("day BETWEEN '{}' AND '{}'", span[0], span[1]);
    if days.len() <= NAMED.1 {
        let days: Vec<String> = days.iter().map(|day| format!("'{day}'")).collect();
        condition = format!("day IN ({})", days.join(", "));
    }
    // Quotes and a comma are nine bytes in an address.
    if sites.iter().map(|site| site.len() + 9).sum::<usize>() <= NAMED.0 {
        let sites: Vec<&str> = sites.into_iter().collect();
        condition = format!("site IN ('{}') AND {condition}", sites.join("','"));
    }
    condition
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn site(id: &str) -> SiteId {
        id.parse().expect("an id")
    }

    proptest! {
        #[test]
        fn later_loads_leave_more_and_no_two_site_days_the_same(
            key in any::<[u64; 2]>(), numbers in [0..1_u64 << 62, 0..1_u64 << 62], day in any::<u16>(),
        ) {
            let left = |number, table, id, day| Receipt { journal: 1, number, key }.left_in(table, (&site(id), Day(day)));
            let [one, other] = numbers.map(|number| left(number, LoadTable::OpenCells, "a", day));
            prop_assert_eq!(one.cmp(&other), numbers[0].cmp(&numbers[1]));
            prop_assert!(one.max(other) < 1 << 63);
            let elsewhere = [
                left(numbers[0], LoadTable::OpenCells, "b", day),
                left(numbers[0], LoadTable::OpenCells, "a", day ^ 1),
                left(numbers[0], LoadTable::OpenCrossings, "a", day),
                Receipt { journal: 1, number: numbers[0], key: [key[0] ^ 1, key[1]] }
                    .left_in(LoadTable::OpenCells, (&site("a"), Day(day))),
            ];
            prop_assert!(elsewhere.iter().all(|other| *other != one));
        }
    }

    #[test]
    fn a_condition_is_short_however_many_it_is_about() {
        let few = [(site("a"), Day(0)), (site("b"), Day(2)), (site("a"), Day(2))];
        let text = among(few.iter().map(|(site, day)| (site, *day)));
        assert_eq!(text, "site IN ('a','b') AND day IN ('1970-01-01', '1970-01-03')");
        let many: Vec<_> = (0..3_000).map(|n: u16| (site(&format!("{n:064}")), Day(n))).collect();
        let text = among(many.iter().map(|(site, day)| (site, *day)));
        assert_eq!(text, "day BETWEEN '1970-01-01' AND '1978-03-19'");
    }
}
