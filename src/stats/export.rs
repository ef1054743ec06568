//! Published numbers, all of them, as a file: the second way out beside answers, under the same rules (P7). Called by
//! `app` for the API and for `headcount export`. Knows neither formats nor SQL.
//!
//! Sealed days leave as the seal left them. Of open days leaves what the threshold lets through, day by day and one pair
//! of families at a time, so that no more than that is in memory.

use std::collections::{BTreeSet, HashMap};

use super::egress::{Egress, Reader};
use super::error::{QueryError, ReadError};
use super::open_days::{Asked, OpenDays};
use crate::clickhouse::{
    CountedCell, CountedCrossing, ExportFormat, ExportOf, ExportStream, ExportTable, Staging, Store, StoreError,
};
use crate::model::{Day, Dimension, Measure, Measures, Site};
use crate::privacy::threshold::{CellEntry, PairTable, dimensions_of, family_pairs, folded_cells};

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
/// The range is none, or the database is away.
pub async fn export(
    store: &Store,
    egress: &Egress,
    site: &Site,
    asked: &ExportRequest,
    now: i64,
) -> Result<ExportStream, ReadError> {
    let ExportRequest { from, to, table, format } = *asked;
    if from > to || to.0 - from.0 > MOST_DAYS {
        let text = "the first day must not lie behind the last, nor more than ten years before it";
        return Err(QueryError::Range(text.to_owned()).into());
    }
    let mut sealed = store.sealed_days(&site.id, from, to).await?;
    let mut staging: Option<Staging> = None;
    for attempt in 1.. {
        let open = Open { store, days: egress.open_days(), site, table, now };
        open.stage(&mut staging, (from, to), &sealed).await?;
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
    Ok(store.export(&ExportOf { table, site: site.id.clone(), sealed }, format, staging)?)
}

/// The open days of an export.
struct Open<'a> {
    store: &'a Store,
    days: &'a OpenDays,
    site: &'a Site,
    table: ExportTable,
    now: i64,
}

impl Open<'_> {
    async fn stage(
        &self,
        staging: &mut Option<Staging>,
        (from, to): (Day, Day),
        sealed: &[(Day, u64)],
    ) -> Result<(), StoreError> {
        let days = self.store.open_site_days().await?;
        let days = days.into_iter().filter(|(site, _)| *site == self.site.id).map(|(_, day)| day);
        let is_open = |day: &Day| (from..=to).contains(day) && !sealed.iter().any(|(sealed, _)| sealed == day);
        for day in days.filter(is_open) {
            let staging = match staging.as_mut() {
                Some(staging) => staging,
                None => staging.insert(self.store.stage(self.table).await?),
            };
            match self.table {
                ExportTable::Cells => self.stage_cells(staging, day).await?,
                ExportTable::Crossings => self.stage_crossings(staging, day).await?,
            }
        }
        Ok(())
    }

    async fn stage_cells(&self, staging: &Staging, day: Day) -> Result<(), StoreError> {
        let cells = self.store.open_cells(&self.site.id, day, &Dimension::ALL).await?;
        let channels = if self.site.strict { self.channels(day).await? } else { Vec::new() };
        let mut texts = Texts::default();
        let entries = texts.cells(&cells);
        let channels = texts.channels(&channels);
        let strict = self.site.strict;
        let table = PairTable { texts: &texts.texts, cells: &entries, crossings: &[], channels: &channels, strict };
        let folded = folded_cells(&table, self.site.min_visitors);
        staging.put_cells(day, shown(&cells, &folded)).await?;
        staging.put_hours(&self.site.id, day).await
    }

    async fn stage_crossings(&self, staging: &Staging, day: Day) -> Result<(), StoreError> {
        for pair in family_pairs(self.site) {
            let asked = Asked { day, now: self.now, reader: Reader::Owner, pair };
            let shown = self.days.shown(self.store, self.site, &asked).await?;
            let [one, other] = pair.map(dimensions_of);
            for dimensions in pairs(one, other) {
                let rows = shown.of(dimensions).map(|(values, numbers)| {
                    (dimensions, values, numbers.measures, u64::try_from(numbers.visitors).unwrap_or(0))
                });
                staging.put_crossings(day, rows).await?;
            }
        }
        Ok(())
    }

    /// Which sources came by which channels.
    async fn channels(&self, day: Day) -> Result<Vec<CountedCrossing>, StoreError> {
        self.store.open_crossings(&self.site.id, day, &[Dimension::Channel], &[Dimension::Source]).await
    }
}

/// Every pair of a dimension of one family and one of the other, each once, in wire order.
fn pairs(one: &[Dimension], other: &[Dimension]) -> BTreeSet<[Dimension; 2]> {
    let all = one.iter().flat_map(|a| other.iter().map(move |b| [*a.min(b), *a.max(b)]));
    all.filter(|[a, b]| a != b).collect()
}

fn shown<'t, T>(rows: &'t [T], folded: &'t [bool]) -> impl Iterator<Item = &'t T> {
    rows.iter().zip(folded).filter(|(_, folded)| !**folded).map(|(row, _)| row)
}

/// Values as numbers, each once.
#[derive(Default)]
struct Texts {
    texts: Vec<Box<str>>,
    known: HashMap<Box<str>, u32>,
}

impl Texts {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.known.get(text) {
            return *number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.into());
        self.known.insert(text.into(), number);
        number
    }

    fn cells(&mut self, cells: &[CountedCell]) -> Vec<CellEntry> {
        let entry = |cell: &CountedCell| {
            let [pageviews, events, visits] = judged(&cell.measures);
            let value = self.number(&cell.value);
            CellEntry { dimension: cell.dimension, value, visitors: cell.visitors, pageviews, events, visits }
        };
        cells.iter().map(entry).collect()
    }

    /// `(channel, source)` pairs; the crossing names the source first.
    fn channels(&mut self, crossings: &[CountedCrossing]) -> Vec<(u32, u32)> {
        let pair = |crossing: &CountedCrossing| {
            let [source, channel] = &crossing.values;
            (self.number(channel), self.number(source))
        };
        crossings.iter().map(pair).collect()
    }
}

/// The measures the threshold looks at.
fn judged(measures: &Measures) -> [i64; 3] {
    [Measure::Pageviews, Measure::Events, Measure::Visits].map(|measure| measures[measure])
}
