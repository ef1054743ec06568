//! Reading sums of one period, suppression included: cells and crossings of sealed and of open days become one set of
//! rows. Called by `lines`; nothing that is folded gets past this file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio::sync::OnceCell;

use super::buckets::Buckets;
use super::egress::Reader;
use super::judging::{self, DayOf, Slice, Table};
use super::open_days::{Asked, OpenDays, Shown};
use super::result::Suppressed;
use crate::clickhouse::{
    By, Counted, CountedCell, Days, Grain, Numbers, OfDays, Pick, Quantity, ReportRow, Scope, SealedDay, Side, Store,
    StoreError,
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

/// A row, and the dimension its label is of.
type Labelled = (Dimension, ReportRow);

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
    /// The days that have none, once they were asked for.
    pub(super) unsealed: Arc<OnceCell<Vec<Day>>>,
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
            for row in self.store.report(&scope, by, self.quantities, None).await? {
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
            for row in self.store.report(&scope, by, self.quantities, None).await? {
                self.put(&mut sums, cut, row);
            }
        }
        let pair = [rows.dimension, filter.dimension];
        let see = |day, shown: &Arc<Shown>| {
            for (values, numbers) in shown.of(pair) {
                let (Some(label), Some(_)) = (rows.label(values[0]), filter.label(values[1])) else {
                    continue;
                };
                if let Some(key) = self.key(cut, day, Hour::WHOLE_DAY, label) {
                    sums.add(key, numbers);
                }
            }
        };
        self.open.each(self.store, self.site, &self.judged_days(pair).await?, see).await?;
        Ok(sums)
    }

    /// How many crossings of two dimensions are not shown, whatever their values. Of sealed days nobody knows any more
    /// which they were.
    pub(super) async fn folded_pairs(&self, dimensions: [Dimension; 2]) -> Result<u64, StoreError> {
        let mut folded = self.sealed_folds(dimensions).await?;
        let see = |_, shown: &Arc<Shown>| folded += shown.folded(dimensions);
        self.open.each(self.store, self.site, &self.judged_days(dimensions).await?, see).await?;
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
    pub(super) async fn judged_days(&self, pair: [Dimension; 2]) -> Result<Asked, StoreError> {
        let weak = self.sealed.iter().filter(|sealed| !self.is_met(**sealed));
        let mut days: Vec<DayOf> = weak.map(|sealed| (sealed.day, Some(*sealed))).collect();
        let open = self.unsealed.get_or_try_init(|| self.store.open_days(&self.site.id, self.from, self.to)).await?;
        days.extend(open.iter().filter(|day| self.seal(**day).is_none()).map(|day| (*day, None)));
        Ok(Asked { days, now: self.now, reader: self.reader, pair: pair.map(Dimension::family) })
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
        let mut names: BTreeSet<String> = BTreeSet::new();
        // Days are judged one by one, so that any number of them is read in parts that fit into memory.
        let mut spans = vec![(self.from, self.to)];
        while let Some((from, to)) = spans.pop() {
            match self.labelled(side.dimension.family(), (from, to), &quantities).await {
                Err(StoreError::TooManyRows { .. }) if from < to => {
                    let half = Day(from.0 + (to.0 - from.0) / 2);
                    spans.extend([(from, half), (half.plus(1), to)]);
                }
                of_days => self.put_judged((side, cut), of_days?, (sums, &mut names)).await?,
            }
        }
        // Who picks values must not learn which of them are there.
        if matches!(side.pick, Pick::All) {
            sums.folded.rows += names.len() as u64;
        }
        Ok(())
    }

    /// The cells of a family on the days that no seal, or a weaker one, has folded.
    async fn labelled(
        &self,
        family: Family,
        (from, to): (Day, Day),
        quantities: &[Quantity],
    ) -> Result<OfDays<Labelled>, StoreError> {
        let most = (from < to).then_some(judging::SLICE_ROWS);
        let by = By { grain: Grain::Day, label: true };
        let mut of_days: OfDays<Labelled> = OfDays::new();
        for dimension in dimensions_of(family).iter().copied().chain([Dimension::Total]) {
            let scope = self.scope(Counted::Cells(Side::all(dimension)), Days::Unmet(self.rules()));
            for row in self.store.report(&Scope { from, to, ..scope }, by, quantities, most).await? {
                of_days.entry(row.day).or_default().push((dimension, row));
            }
        }
        Ok(of_days)
    }

    /// Adds those of some cells that may be shown, and the names of the others.
    async fn put_judged(
        &self,
        (side, cut): (&Side, Cut),
        of_days: OfDays<Labelled>,
        (sums, names): (&mut Sums, &mut BTreeSet<String>),
    ) -> Result<(), StoreError> {
        let folded = self.fold(&of_days, side.dimension.family()).await?;
        for ((day, rows), folded) in of_days.into_iter().zip(folded) {
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
        Ok(())
    }

    /// Which cells must not be shown, day by day.
    async fn fold(&self, of_days: &OfDays<Labelled>, family: Family) -> Result<Vec<Vec<bool>>, StoreError> {
        let days: Vec<DayOf> = of_days.keys().map(|day| (*day, self.seal(*day))).collect();
        let mut ties = Slice::new(self.store, &self.site.id, &days).ties(&[family]).await?;
        let cell = |(dimension, row): &Labelled| CountedCell {
            dimension: *dimension,
            value: row.label.as_str().into(),
            hour: Hour::WHOLE_DAY,
            measures: row.numbers.measures,
            visitors: u64::try_from(row.numbers.visitors).unwrap_or(0),
        };
        let tables = of_days.iter().map(|(day, rows)| Table {
            cells: rows.iter().map(cell).collect(),
            ties: ties.remove(day).unwrap_or_default(),
            is_sealed: self.seal(*day).is_some(),
            ..Table::default()
        });
        Ok(judging::cells(self.rules(), tables).await)
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
