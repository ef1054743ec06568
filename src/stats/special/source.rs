//! Where the special questions read: sums of cells as queries do, and pairs of values. Suppression is that of queries
//! ([`Reading`], [`OpenDays`]); of days sealed under rules that hold the rest was removed then (P7).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Filter, Interval, Meta, ReadError, meta};
use crate::clickhouse::{Grain, Numbers, OTHER, Pick, Quantity, SealedDay, SealedScope, Side, Store};
use crate::model::{Day, Dimension, Measure, Site};
use crate::stats::buckets::{Buckets, Width};
use crate::stats::egress::Reader;
use crate::stats::error::QueryError;
use crate::stats::fields;
use crate::stats::kept;
use crate::stats::open_days::{OpenDays, Shown};
use crate::stats::period::Period;
use crate::stats::plan::days;
use crate::stats::reading::{Cut, Reading, Sums};
use crate::stats::result::Suppressed;

/// What is read of every group.
const QUANTITIES: [Quantity; 5] = [
    Quantity::Visitors,
    Quantity::Sum(Measure::Pageviews),
    Quantity::Sum(Measure::Events),
    Quantity::Sum(Measure::Visits),
    Quantity::Sum(Measure::Bounces),
];

/// A group and its numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// The day, when days are asked for.
    pub(super) day: Day,
    /// The bucket of time, when time is cut; else 0.
    pub(super) bucket: usize,
    /// The value.
    pub(super) value: String,
    /// Events, or samples.
    pub(super) events: i64,
    /// Unique visitors of each day, summed.
    pub(super) visitors: i64,
}

impl Default for Group {
    fn default() -> Self {
        Self { day: Day(0), bucket: 0, value: String::new(), events: 0, visitors: 0 }
    }
}

/// Pairs of values and their numbers.
pub(super) type Pairs = BTreeMap<[String; 2], Numbers>;

/// One site and one range, for one reader.
#[derive(Clone, Copy)]
pub(in crate::stats) struct Source<'s> {
    pub(in crate::stats) store: &'s Store,
    pub(in crate::stats) open: &'s OpenDays,
    pub(in crate::stats) site: &'s Site,
    pub(in crate::stats) reader: Reader,
    /// Seconds since 1970.
    pub(in crate::stats) now: i64,
    pub(in crate::stats) period: Period,
    /// The days that have a seal.
    pub(in crate::stats) sealed: &'s [SealedDay],
}

impl Source<'_> {
    /// The same of other days.
    pub(super) fn at(&self, period: Period) -> Self {
        Self { period, ..*self }
    }

    /// Cells of a dimension, summed over the range; by time when there are buckets.
    pub(super) async fn cells(
        &self,
        (dimension, prefix): (Dimension, &str),
        buckets: Option<&Buckets>,
    ) -> Result<(Vec<Group>, Meta), ReadError> {
        let side = Side { dimension, prefix: prefix.to_owned(), pick: Pick::All };
        let cut = Cut { time: buckets.is_some(), label: true };
        let sums = self.reading(self.period, buckets)?.cells(&side, cut).await?;
        Ok(self.groups(sums, prefix))
    }

    /// The buckets of a series over the range, future ones of it excepted.
    pub(super) fn buckets(&self, interval: Interval) -> Buckets {
        // Only hours need to know the time.
        Buckets::new(interval.width(), self.period, &self.site.timezone, jiff::Timestamp::UNIX_EPOCH)
    }

    /// Cells of a dimension, day by day, over a range of its own.
    pub(super) async fn cells_by_day(
        &self,
        dimension: Dimension,
        period: Period,
    ) -> Result<(Vec<Group>, Meta), ReadError> {
        let zone = &self.site.timezone;
        let buckets = Buckets::new(Width::Day, period, zone, jiff::Timestamp::UNIX_EPOCH);
        let reading = self.reading(period, Some(&buckets))?;
        let sums = reading.cells(&Side::all(dimension), Cut { time: true, label: true }).await?;
        let (first, _) = days(period)?;
        let day = |bucket: usize| first.plus(i32::try_from(bucket).unwrap_or(i32::MAX));
        let group = |((bucket, value), numbers): ((usize, String), Numbers)| Group {
            day: day(bucket),
            bucket,
            value,
            events: numbers.measures[Measure::Events],
            visitors: numbers.visitors,
        };
        Ok((sums.rows.into_iter().map(group).collect(), self.meta(sums.folded)))
    }

    /// The numbers of one value of a dimension, over the range.
    pub(super) async fn cell(&self, dimension: Dimension, value: &str) -> Result<Numbers, ReadError> {
        let pick = if value.is_empty() { Pick::All } else { Pick::Is(vec![value.to_owned()]) };
        let side = Side { dimension, prefix: String::new(), pick };
        Ok(self.reading(self.period, None)?.cells(&side, Cut::NONE).await?.total())
    }

    /// Samples of vitals or numbers: of everything, or of what a filter names; by time when there are buckets.
    pub(super) async fn samples(
        &self,
        (dimension, prefix): (Dimension, &str),
        filter: Option<&Filter>,
        buckets: Option<&Buckets>,
    ) -> Result<(Vec<Group>, Meta), ReadError> {
        let Some(Filter { field, value }) = filter else {
            return self.cells((dimension, prefix), buckets).await;
        };
        kept::check_filter(field, self.site)?;
        let rows = Side { dimension, prefix: prefix.to_owned(), pick: Pick::All };
        let reading = self.reading(self.period, buckets)?;
        let cut = Cut { time: buckets.is_some(), label: true };
        let picked = field.side(Pick::Is(vec![value.clone()]));
        let mut sums = reading.crossed(&rows, &picked, cut).await?;
        sums.folded.rows = reading.folded_pairs([dimension, field.dimension]).await?;
        Ok(self.groups(sums, prefix))
    }

    /// Checks that pairs with a dimension are kept.
    pub(super) fn check_kept(&self, dimension: Dimension) -> Result<(), QueryError> {
        match fields::field(fields::name_of(dimension)) {
            Some(field) => kept::check_filter(&field, self.site),
            None => Ok(()),
        }
    }

    /// Whether pairs of a dimension with a property are kept.
    pub(super) fn keeps_pair(&self, [one, other]: [Dimension; 2], key: &str) -> bool {
        self.site.crossings.keeps(one, other) && self.site.crosses(other, &format!("{key}="))
    }

    /// How many pairs of two dimensions are not shown, whatever their values.
    pub(super) async fn folded_pairs(&self, dimensions: [Dimension; 2]) -> Result<u64, ReadError> {
        Ok(self.reading(self.period, None)?.folded_pairs(dimensions).await?)
    }

    /// Pairs of values that enough visitors stand behind, in the order of `dimensions`; `pick` names one of
    /// the two (0 or 1) and its value.
    pub(super) async fn pairs(
        &self,
        dimensions: [Dimension; 2],
        pick: Option<(usize, &str)>,
    ) -> Result<Pairs, ReadError> {
        let [one, other] = dimensions;
        let is_turned = one > other;
        let ordered = if is_turned { [other, one] } else { dimensions };
        let (first, last) = days(self.period)?;
        let stored = pick.map(|(side, value)| (if is_turned { 1 - side } else { side }, value.to_owned()));
        let reading = self.reading(self.period, None)?;
        let (site, rules) = (self.site.id.clone(), reading.rules());
        let scope = SealedScope { site, dimensions: ordered, pick: stored, from: first, to: last, rules };
        let mut pairs = Pairs::new();
        for row in self.store.sealed_crossings(&scope).await? {
            let [a, b] = row.values;
            // Late events of folded groups belong to no pair.
            if a != OTHER && b != OTHER {
                *pairs.entry(if is_turned { [b, a] } else { [a, b] }).or_default() += row.numbers;
            }
        }
        let see = |_, shown: &Arc<Shown>| {
            for (values, numbers) in shown.of(dimensions) {
                if pick.is_none_or(|(side, value)| value == values[side]) {
                    *pairs.entry(values.map(str::to_owned)).or_default() += numbers;
                }
            }
        };
        self.open.each(self.store, self.site, &reading.judged_days(dimensions).await?, see).await?;
        Ok(pairs)
    }

    /// What to know about an answer.
    pub(super) fn meta(&self, folded: Suppressed) -> Meta {
        meta(self.site, self.period, folded)
    }

    fn reading<'r>(&'r self, period: Period, buckets: Option<&'r Buckets>) -> Result<Reading<'r>, QueryError> {
        let (from, to) = days(period)?;
        Ok(Reading {
            store: self.store,
            open: self.open,
            site: self.site,
            reader: self.reader,
            now: self.now,
            from,
            to,
            quantities: &QUANTITIES,
            grain: Grain::Day,
            buckets,
            sealed: within(self.sealed, (from, to)),
            unsealed: Arc::default(),
        })
    }

    fn groups(&self, sums: Sums, prefix: &str) -> (Vec<Group>, Meta) {
        let group = |((bucket, label), numbers): ((usize, String), Numbers)| Group {
            bucket,
            value: format!("{prefix}{label}"),
            events: numbers.measures[Measure::Events],
            visitors: numbers.visitors,
            ..Group::default()
        };
        (sums.rows.into_iter().map(group).collect(), self.meta(sums.folded))
    }
}

/// Those of `sealed`, which are in order, that lie in a range.
fn within(sealed: &[SealedDay], (from, to): (Day, Day)) -> &[SealedDay] {
    let end = sealed.partition_point(|sealed| sealed.day <= to);
    let begin = sealed.partition_point(|sealed| sealed.day < from).min(end);
    &sealed[begin..end]
}
