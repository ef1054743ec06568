//! Reading sums of one period, suppression included: cells and crossings of sealed and of open days become one set of
//! rows. Called by `lines`; nothing that is folded gets past this file.

use std::collections::{BTreeMap, BTreeSet};

use super::buckets::Buckets;
use super::egress::Reader;
use super::judge::{self, Counts};
use super::open_days::{Asked, OpenDays};
use super::result::Suppressed;
use crate::clickhouse::{
    By, Counted, CountedCell, CountedCrossing, Days, Grain, Numbers, Pick, Quantity, ReportRow, Scope, SealedDay, Side,
    Store, StoreError,
};
use crate::model::{Day, Dimension, Family, Hour, Measure, Rules, Site};
use crate::privacy::threshold::dimensions_of;

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
    pub(super) sealed: &'r [SealedDay],
}

impl Reading<'_> {
    /// Sums of cells. Where k applies to them, small groups are folded: by the seal, or here where it was weaker than what
    /// holds for this reader, or is still to come.
    pub(super) async fn cells(&self, side: &Side, cut: Cut) -> Result<Sums, StoreError> {
        let mut sums = Sums::default();
        let is_judged = self.judges(side.dimension);
        if !is_judged || self.sealed.iter().any(|day| self.is_met(*day)) {
            let by = By { grain: if cut.time { self.grain } else { Grain::Whole }, label: cut.label };
            let days = if is_judged { Days::Met(self.rules()) } else { Days::Both };
            let scope = self.scope(Counted::Cells(side.clone()), days);
            for row in self.store.report(&scope, by, self.quantities).await? {
                self.put(&mut sums, cut, row);
            }
        }
        if is_judged {
            self.folded_cells(side, cut, &mut sums).await?;
        }
        Ok(sums)
    }

    /// Sums of crossings, labelled by `rows`: of sealed days what the seal left, of those that are judged for this reader
    /// what a snapshot shows.
    pub(super) async fn crossed(&self, rows: &Side, filter: &Side, cut: Cut) -> Result<Sums, StoreError> {
        let mut sums = Sums::default();
        if self.sealed.iter().any(|day| self.is_met(*day)) {
            let by = By { grain: if cut.time { Grain::Day } else { Grain::Whole }, label: cut.label };
            let counted = Counted::Crossings { rows: rows.clone(), filter: filter.clone() };
            let scope = self.scope(counted, Days::Met(self.rules()));
            for row in self.store.report(&scope, by, self.quantities).await? {
                self.put(&mut sums, cut, row);
            }
        }
        let pair = [rows.dimension, filter.dimension];
        for asked in self.judged_days(pair).await? {
            let shown = self.open.shown(self.store, self.site, &asked).await?;
            for (values, numbers) in shown.of(pair) {
                let (Some(label), Some(_)) = (rows.label(values[0]), filter.label(values[1])) else {
                    continue;
                };
                if let Some(key) = self.key(cut, asked.day, Hour::WHOLE_DAY, label) {
                    sums.add(key, numbers);
                }
            }
        }
        Ok(sums)
    }

    /// How many crossings of two dimensions are not shown, whatever their values. Of sealed days nobody knows any more
    /// which they were.
    pub(super) async fn folded_pairs(&self, dimensions: [Dimension; 2]) -> Result<u64, StoreError> {
        let mut folded = self.sealed_folds(dimensions).await?;
        for asked in self.judged_days(dimensions).await? {
            folded += self.open.shown(self.store, self.site, &asked).await?.folded(dimensions);
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

    /// The days whose crossings are judged for this reader, not by a seal: those that are open, and those that were sealed
    /// under weaker rules.
    pub(super) async fn judged_days(&self, pair: [Dimension; 2]) -> Result<Vec<Asked>, StoreError> {
        let asked =
            |day, sealed| Asked { day, sealed, now: self.now, reader: self.reader, pair: pair.map(Dimension::family) };
        let weak = self.sealed.iter().filter(|sealed| !self.is_met(**sealed));
        let mut days: Vec<Asked> = weak.map(|sealed| asked(sealed.day, Some(*sealed))).collect();
        let open = self.store.open_days(&self.site.id, self.from, self.to).await?;
        days.extend(open.into_iter().filter(|day| self.seal(*day).is_none()).map(|day| asked(day, None)));
        Ok(days)
    }

    /// Whether k applies to cells of this dimension for this reader.
    pub(super) fn judges(&self, dimension: Dimension) -> bool {
        self.rules().judge(dimension)
    }

    /// What must be folded for this reader.
    pub(super) fn rules(&self) -> Rules {
        self.reader.rules(self.site)
    }

    fn is_met(&self, sealed: SealedDay) -> bool {
        self.rules().are_met_by(sealed.rules)
    }

    fn seal(&self, day: Day) -> Option<SealedDay> {
        self.sealed.iter().copied().find(|sealed| sealed.day == day)
    }

    /// Adds what may be shown of the days that no seal, or a weaker one, has folded.
    async fn folded_cells(&self, side: &Side, cut: Cut, sums: &mut Sums) -> Result<(), StoreError> {
        let mut quantities = self.quantities.to_vec();
        let measures = [Measure::Visits, Measure::Pageviews, Measure::Events].map(Quantity::Sum);
        for quantity in measures.into_iter().chain([Quantity::Visitors]) {
            if !quantities.contains(&quantity) {
                quantities.push(quantity);
            }
        }
        let by = By { grain: Grain::Day, label: true };
        let mut of_days: BTreeMap<Day, Vec<(Dimension, ReportRow)>> = BTreeMap::new();
        let family = side.dimension.family();
        for dimension in dimensions_of(family).iter().copied().chain([Dimension::Total]) {
            let scope = self.scope(Counted::Cells(Side::all(dimension)), Days::Unmet(self.rules()));
            for row in self.store.report(&scope, by, &quantities).await? {
                of_days.entry(row.day).or_default().push((dimension, row));
            }
        }
        let mut names: BTreeSet<String> = BTreeSet::new();
        for (day, rows) in of_days {
            let folded = self.fold(day, family, &rows).await?;
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
    async fn fold(&self, day: Day, family: Family, rows: &[(Dimension, ReportRow)]) -> Result<Vec<bool>, StoreError> {
        let channels = if family == Family::Sources { self.channels(day).await? } else { Vec::new() };
        let cell = |(dimension, row): &(Dimension, ReportRow)| CountedCell {
            dimension: *dimension,
            value: row.label.as_str().into(),
            hour: Hour::WHOLE_DAY,
            measures: row.numbers.measures,
            visitors: u64::try_from(row.numbers.visitors).unwrap_or(0),
        };
        let cells: Vec<CountedCell> = rows.iter().map(cell).collect();
        let is_sealed = self.seal(day).is_some();
        Ok(judge::cells(self.rules(), &Counts { cells: &cells, crossings: &[], channels: &channels, is_sealed }))
    }

    /// Which sources came by which channels on a day.
    async fn channels(&self, day: Day) -> Result<Vec<CountedCrossing>, StoreError> {
        let (source, channel) = (&[Dimension::Source], &[Dimension::Channel]);
        match self.seal(day) {
            Some(sealed) => self.store.sealed_pair((&self.site.id, sealed), source, channel).await,
            None => self.store.open_crossings(&self.site.id, day, source, channel).await,
        }
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
