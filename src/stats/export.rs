//! Published numbers, all of them, as a file: the second way out beside answers, under the same rules (P7). Called by
//! `app` for the API and for `headcount export`. Knows neither formats nor SQL.
//!
//! Days that were sealed under rules that still hold leave as the seal left them. Of open days, and of those sealed under
//! weaker rules, leaves what the threshold lets through, day by day and one pair of families at a time, so that no more
//! than that is in memory.

use std::collections::BTreeSet;

use super::egress::{Egress, Reader};
use super::error::{QueryError, ReadError};
use super::judge::{self, Counts};
use super::judging::Slice;
use super::open_days::{Asked, OpenDays, Shown};
use super::plan::{first_kept, today};
use crate::clickhouse::{
    ExportFormat, ExportOf, ExportStream, ExportTable, SealedDay, StagedDay, Staging, Store, StoreError,
};
use crate::model::{Day, Dimension, Family, Measures, Rules, Site};
use crate::privacy::threshold::{dimensions_of, family_pairs};

/// How often the open days are read again because one of them was sealed meanwhile.
const ATTEMPTS: u32 = 4;
/// Longest range, in days.
const MOST_DAYS: u16 = 4_000;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportRequest {
    /// First day, in the site's zone.
    pub from: Day,
    /// Last day, included.
    pub to: Day,
    /// Which table.
    pub table: ExportTable,
    /// What the file is.
    pub format: ExportFormat,
}

/// Begins an export at `now` (seconds since 1970). The caller has checked that the asker may read the site.
///
/// # Errors
/// The range is none, nothing of it is kept, or the database is away.
pub async fn export(
    store: &Store,
    egress: &Egress,
    site: &Site,
    asked: &ExportRequest,
    now: i64,
) -> Result<ExportStream, ReadError> {
    let ExportRequest { from, to, table, format } = *asked;
    check_days(site, asked, now)?;
    let rules = Reader::Owner.rules(site);
    let mut sealed = store.sealed_days(&site.id, from, to).await?;
    let mut staging: Option<Staging> = None;
    for attempt in 1.. {
        let judged = Judged { store, days: egress.open_days(), site, rules, table, now };
        judged.stage(&mut staging, (from, to), &sealed).await?;
        let after = store.sealed_days(&site.id, from, to).await?;
        if after == sealed || attempt == ATTEMPTS {
            break;
        }
        // A day was sealed while it was read: it is read again, as a sealed one.
        sealed = after;
        if let Some(staging) = &staging {
            staging.clear().await?;
        }
    }
    let met = sealed.into_iter().filter(|day| rules.are_met_by(day.rules));
    let sealed = met.map(|day| (day.day, day.generation)).collect();
    Ok(store.export(&ExportOf { table, site: site.id.clone(), sealed }, format, staging)?)
}

/// Whether any of the days can have counts: a file of none would look like days without visitors. A range that begins earlier
/// or ends later holds what there is, so that everything can be taken out without knowing its dates.
fn check_days(site: &Site, asked: &ExportRequest, now: i64) -> Result<(), QueryError> {
    let ExportRequest { from, to, .. } = *asked;
    if from > to || to.0 - from.0 > MOST_DAYS {
        let text = "the first day must not lie behind the last, nor more than ten years before it";
        return Err(QueryError::Range(text.to_owned()));
    }
    let today = today(&site.timezone, jiff::Timestamp::from_second(now).unwrap_or_default());
    let kept = first_kept(site, today);
    if to.date() < kept {
        return Err(QueryError::OutsideRetention(kept));
    }
    if from.date() > today {
        return Err(QueryError::Range(format!("{from} is in the future; today is {today} in the site's time zone")));
    }
    Ok(())
}

/// The days of an export that are judged now.
struct Judged<'a> {
    store: &'a Store,
    days: &'a OpenDays,
    site: &'a Site,
    rules: Rules,
    table: ExportTable,
    now: i64,
}

impl Judged<'_> {
    async fn stage(
        &self,
        staging: &mut Option<Staging>,
        (from, to): (Day, Day),
        seals: &[SealedDay],
    ) -> Result<(), StoreError> {
        let weak = seals.iter().filter(|sealed| !self.rules.are_met_by(sealed.rules));
        let mut days: Vec<(Day, Option<SealedDay>)> = weak.map(|sealed| (sealed.day, Some(*sealed))).collect();
        let open = self.store.open_site_days().await?;
        let open = open.into_iter().filter(|(site, _)| *site == self.site.id).map(|(_, day)| day);
        let is_open = |day: &Day| (from..=to).contains(day) && !seals.iter().any(|sealed| sealed.day == *day);
        days.extend(open.filter(is_open).map(|day| (day, None)));
        for (day, sealed) in days {
            let staging = match staging.as_mut() {
                Some(staging) => staging,
                None => staging.insert(self.store.stage(self.table).await?),
            };
            match self.table {
                ExportTable::Cells => self.stage_cells(staging, day, sealed).await?,
                ExportTable::Crossings => self.stage_crossings(staging, day, sealed).await?,
            }
        }
        Ok(())
    }

    async fn stage_cells(&self, staging: &Staging, day: Day, sealed: Option<SealedDay>) -> Result<(), StoreError> {
        let site = &self.site.id;
        let slice = Slice::new(self.store, site, &[(day, sealed)]);
        let cells = slice.cells(&Dimension::ALL).await?.remove(&day).unwrap_or_default();
        let families = if self.rules.strict { &[Family::Sources, Family::Events][..] } else { &[] };
        let ties = slice.ties(families).await?.remove(&day).unwrap_or_default();
        let counts = Counts { cells: &cells, crossings: &[], ties: &ties, is_sealed: sealed.is_some() };
        let folded = judge::cells(self.rules, &counts);
        let staged = StagedDay { day, generation: sealed.map(|sealed| sealed.generation) };
        staging.put_cells(staged, shown(&cells, &folded)).await?;
        let by_hour = Dimension::ALL.into_iter().filter(|of| of.hourly());
        staging.put_hours(site, staged, &by_hour.collect::<Vec<_>>()).await
    }

    async fn stage_crossings(&self, staging: &Staging, day: Day, sealed: Option<SealedDay>) -> Result<(), StoreError> {
        let staged = StagedDay { day, generation: sealed.map(|sealed| sealed.generation) };
        for pair in self.pairs_of(day, sealed).await? {
            let days = vec![(day, sealed)];
            let asked = Asked { days, now: self.now, reader: Reader::Owner, pair };
            let shown = self.days.one(self.store, self.site, &asked).await?;
            staging.put_crossings(staged, rows(&shown, pair).into_iter()).await?;
        }
        Ok(())
    }

    /// The pairs of families that are looked at: of an open day those it has.
    async fn pairs_of(&self, day: Day, sealed: Option<SealedDay>) -> Result<Vec<[Family; 2]>, StoreError> {
        let pairs = family_pairs(self.site);
        if sealed.is_some() {
            return Ok(pairs);
        }
        let there = self.store.open_pairs(&self.site.id, day).await?;
        let is_there = |pair: &[Family; 2]| {
            let families = there.keys().map(|dimensions| dimensions.map(Dimension::family));
            families.into_iter().any(|[one, other]| [one, other] == *pair || [other, one] == *pair)
        };
        Ok(pairs.into_iter().filter(is_there).collect())
    }
}

/// What is shown between two families, for one insert.
fn rows(shown: &Shown, pair: [Family; 2]) -> Vec<([Dimension; 2], [&str; 2], Measures, u64)> {
    let [one, other] = pair.map(dimensions_of);
    let of = |dimensions| {
        shown.of(dimensions).map(move |(values, numbers)| {
            (dimensions, values, numbers.measures, u64::try_from(numbers.visitors).unwrap_or(0))
        })
    };
    pairs(one, other).into_iter().flat_map(of).collect()
}

/// Every pair of a dimension of one family and one of the other, each once, in wire order.
fn pairs(one: &[Dimension], other: &[Dimension]) -> BTreeSet<[Dimension; 2]> {
    let all = one.iter().flat_map(|a| other.iter().map(move |b| [*a.min(b), *a.max(b)]));
    all.filter(|[a, b]| a != b).collect()
}

fn shown<'t, T>(rows: &'t [T], folded: &'t [bool]) -> impl Iterator<Item = &'t T> {
    rows.iter().zip(folded).filter(|(_, folded)| !**folded).map(|(row, _)| row)
}
