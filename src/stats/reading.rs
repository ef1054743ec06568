//! Reading sums of one period, suppression included: cells and crossings of sealed and of open days become one set of
//! rows. Called by `lines`; nothing that is folded gets past this file.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::buckets::Buckets;
use super::egress::Reader;
use super::open_days::{Asked, OpenDays, Shown};
use super::result::Suppressed;
use crate::clickhouse::{By, Counted, Days, Grain, Numbers, Pick, Quantity, ReportRow, Scope, Side, Store, StoreError};
use crate::model::{Day, Dimension, Hour, Measure, Site};
use crate::privacy::threshold::{CellEntry, PairTable, dimensions_of, folded_cells};

/// A bucket of time (0 when it is not cut) and a label (empty when there are none).
pub(super) type Key = (usize, String);

/// What rows stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// Each bucket of time has rows of its own.
    pub(super) time: bool,
    /// Each label has.
    pub(super) label: bool,
}

impl Cut {
    /// One row.
    pub(super) const NONE: Self = Self { time: false, label: false };
    /// One row per label.
    pub(super) const LABEL: Self = Self { time: false, label: true };
}

/// Rows, and what was folded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) rows: BTreeMap<Key, Numbers>,
    pub(super) folded: Suppressed,
}

impl Sums {
    /// All rows together.
    pub(super) fn total(&self) -> Numbers {
        let mut total = Numbers::default();
        self.rows.values().for_each(|numbers| total += *numbers);
        total
    }

    fn add(&mut self, key: Key, numbers: Numbers) {
        *self.rows.entry(key).or_default() += numbers;
    }
}

/// One period of one site, for one reader.
pub(super) struct Reading<'r> {
    pub(super) store: &'r Store,
    pub(super) open: &'r OpenDays,
    pub(super) site: &'r Site,
    pub(super) reader: Reader,
    /// Seconds since 1970.
    pub(super) now: i64,
    pub(super) from: Day,
    pub(super) to: Day,
    pub(super) quantities: &'r [Quantity],
    pub(super) grain: Grain,
    pub(super) buckets: Option<&'r Buckets>,
    /// The days that have a seal.
    pub(super) sealed: BTreeSet<Day>,
}

impl Reading<'_> {
    /// Sums of cells. Small groups of open days, and of every day where k applies to each dimension, are folded.
    pub(super) async fn cells(&self, side: &Side, cut: Cut) -> Result<Sums, StoreError> {
        let mut sums = Sums::default();
        let plain = match self.folded_days(side.dimension) {
            None => Some(Days::Both),
            Some(Days::Open) => Some(Days::Sealed),
            Some(_) => None,
        };
        if let Some(days) = plain {
            let by = By { grain: if cut.time { self.grain } else { Grain::Whole }, label: cut.label };
            let scope = self.scope(Counted::Cells(side.clone()), days);
            for row in self.store.report(&scope, by, self.quantities).await? {
                self.put(&mut sums, cut, row);
            }
        }
        if let Some(days) = self.folded_days(side.dimension) {
            self.folded_cells(side, cut, days, &mut sums).await?;
        }
        Ok(sums)
    }

    /// Sums of crossings, labelled by `rows`: of sealed days what the seal left, of open days what the snapshot shows.
    pub(super) async fn crossed(&self, rows: &Side, filter: &Side, cut: Cut) -> Result<Sums, StoreError> {
        let mut sums = Sums::default();
        if !self.sealed.is_empty() {
            let by = By { grain: if cut.time { Grain::Day } else { Grain::Whole }, label: cut.label };
            let scope = self.scope(Counted::Crossings { rows: rows.clone(), filter: filter.clone() }, Days::Sealed);
            for row in self.store.report(&scope, by, self.quantities).await? {
                self.put(&mut sums, cut, row);
            }
        }
        for day in self.store.open_days(&self.site.id, self.from, self.to).await? {
            if !self.sealed.contains(&day) {
                self.open_crossings(day, (rows, filter), cut, &mut sums).await?;
            }
        }
        Ok(sums)
    }

    /// How many crossings of two dimensions are not shown, whatever their values. Of sealed days nobody knows any more
    /// which they were.
    pub(super) async fn folded_pairs(&self, dimensions: [Dimension; 2]) -> Result<u64, StoreError> {
        let mut folded = self.sealed_folds(dimensions).await?;
        for day in self.store.open_days(&self.site.id, self.from, self.to).await? {
            if !self.sealed.contains(&day) {
                folded += self.snapshot(day, dimensions).await?.folded(dimensions);
            }
        }
        Ok(folded)
    }

    /// How many crossings of two dimensions, or cells of one (named twice), were folded by seals.
    pub(super) async fn sealed_folds(&self, dimensions: [Dimension; 2]) -> Result<u64, StoreError> {
        if self.sealed.is_empty() {
            return Ok(0);
        }
        self.store.folded_in(&self.site.id, (self.from, self.to), dimensions).await
    }

    async fn snapshot(&self, day: Day, pair: [Dimension; 2]) -> Result<Arc<Shown>, StoreError> {
        let asked = Asked { day, now: self.now, reader: self.reader, pair: pair.map(Dimension::family) };
        self.open.shown(self.store, self.site, &asked).await
    }

    async fn open_crossings(
        &self,
        day: Day,
        (rows, filter): (&Side, &Side),
        cut: Cut,
        sums: &mut Sums,
    ) -> Result<(), StoreError> {
        let pair = [rows.dimension, filter.dimension];
        for (values, numbers) in self.snapshot(day, pair).await?.of(pair) {
            let (Some(label), Some(_)) = (rows.label(values[0]), filter.label(values[1])) else {
                continue;
            };
            if let Some(key) = self.key(cut, day, Hour::WHOLE_DAY, label) {
                sums.add(key, numbers);
            }
        }
        Ok(())
    }

    /// The days of which cells of this dimension have to be looked at one by one. A seal has already folded places.
    pub(super) fn folded_days(&self, dimension: Dimension) -> Option<Days> {
        match dimension {
            Dimension::Total | Dimension::OptedOut => None,
            _ if self.site.strict || self.reader == Reader::Public => Some(Days::Both),
            Dimension::Region | Dimension::City => Some(Days::Open),
            _ => None,
        }
    }

    async fn folded_cells(&self, side: &Side, cut: Cut, days: Days, sums: &mut Sums) -> Result<(), StoreError> {
        let mut quantities = self.quantities.to_vec();
        for measure in [Measure::Visits, Measure::Pageviews] {
            let quantity = Quantity::Sum(measure);
            if !quantities.contains(&quantity) {
                quantities.push(quantity);
            }
        }
        let by = By { grain: Grain::Day, label: true };
        let mut of_days: BTreeMap<Day, Vec<(Dimension, ReportRow)>> = BTreeMap::new();
        let family = dimensions_of(side.dimension.family());
        for dimension in family.iter().copied().chain([Dimension::Total]) {
            let scope = self.scope(Counted::Cells(Side::all(dimension)), days);
            for row in self.store.report(&scope, by, &quantities).await? {
                of_days.entry(row.day).or_default().push((dimension, row));
            }
        }
        let mut names: BTreeSet<String> = BTreeSet::new();
        for (day, rows) in of_days {
            let folded = self.fold(&rows);
            for ((dimension, row), is_folded) in rows.into_iter().zip(folded) {
                let label = side.label(&row.label).filter(|_| dimension == side.dimension);
                let Some(label) = label.map(str::to_owned) else {
                    continue;
                };
                // Only that it was folded is said: its numbers are those of fewer than k people, unless others come with
                // them into `(other)`.
                if is_folded {
                    names.insert(label);
                } else {
                    self.put(sums, cut, ReportRow { day, label, ..row });
                }
            }
        }
        // Who picks values must not learn which of them are there.
        if matches!(side.pick, Pick::All) {
            sums.folded.rows += names.len() as u64;
        }
        Ok(())
    }

    /// Which cells of one day must not be shown.
    fn fold(&self, rows: &[(Dimension, ReportRow)]) -> Vec<bool> {
        let mut texts: Vec<Box<str>> = Vec::new();
        let mut known: HashMap<&str, u32> = HashMap::new();
        let mut cells = Vec::new();
        for (dimension, row) in rows {
            let next = u32::try_from(texts.len()).unwrap_or(u32::MAX);
            let value = *known.entry(row.label.as_str()).or_insert_with(|| {
                texts.push(row.label.as_str().into());
                next
            });
            let Numbers { measures, visitors } = row.numbers;
            let visitors = u64::try_from(visitors).unwrap_or(0);
            cells.push(CellEntry {
                dimension: *dimension,
                value,
                visitors,
                events: measures[Measure::Events],
                visits: measures[Measure::Visits],
                pageviews: measures[Measure::Pageviews],
            });
        }
        let strict = self.site.strict || self.reader == Reader::Public;
        let table = PairTable { texts: &texts, cells: &cells, crossings: &[], channels: &[], strict };
        folded_cells(&table, self.site.min_visitors)
    }

    fn put(&self, sums: &mut Sums, cut: Cut, row: ReportRow) {
        if let Some(key) = self.key(cut, row.day, row.hour, &row.label) {
            sums.add(key, row.numbers);
        }
    }

    fn key(&self, cut: Cut, day: Day, hour: Hour, label: &str) -> Option<Key> {
        let bucket = match self.buckets {
            Some(buckets) if cut.time => buckets.position(day, hour)?,
            _ => 0,
        };
        Some((bucket, if cut.label { label.to_owned() } else { String::new() }))
    }

    fn scope(&self, counted: Counted, days: Days) -> Scope {
        Scope { site: self.site.id.clone(), counted, from: self.from, to: self.to, days }
    }
}
