//! Where the special questions read: sums of cells as queries do, and pairs of values. Suppression is that of queries
//! ([`Reading`], [`OpenDays`]); of days sealed under rules that hold the rest was removed then (P7).

use std::collections::BTreeMap;

use super::{Filter, Meta, ReadError, meta};
use crate::clickhouse::{Grain, Numbers, OTHER, Pick, Quantity, SealedDay, SealedScope, Side, Store};
use crate::model::{Day, Dimension, Measure, Site};
use crate::stats::buckets::{Buckets, Width};
use crate::stats::egress::Reader;
use crate::stats::error::QueryError;
use crate::stats::kept;
use crate::stats::open_days::OpenDays;
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
    /// The value.
    pub(super) value: String,
    /// Events, or samples.
    pub(super) events: i64,
    /// Unique visitors of each day, summed.
    pub(super) visitors: i64,
}

impl Default for Group {
    fn default() -> Self {
        Self { day: Day(0), value: String::new(), events: 0, visitors: 0 }
    }
}

/// Pairs of values and their numbers.
pub(super) type Pairs = BTreeMap<[String; 2], Numbers>;

/// One site and one range, for one reader.
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
    /// Cells of a dimension, summed over the range.
    pub(super) async fn cells(&self, dimension: Dimension, prefix: &str) -> Result<(Vec<Group>, Meta), ReadError> {
        let side = Side { dimension, prefix: prefix.to_owned(), pick: Pick::All };
        let sums = self.reading(self.period, None)?.cells(&side, Cut::LABEL).await?;
        Ok(self.groups(sums, prefix))
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

    /// Samples of vitals or numbers: of everything, or of what a filter names.
    pub(super) async fn samples(
        &self,
        dimension: Dimension,
        prefix: &str,
        filter: Option<&Filter>,
    ) -> Result<(Vec<Group>, Meta), ReadError> {
        let Some(Filter { field, value }) = filter else {
            return self.cells(dimension, prefix).await;
        };
        kept::check_filter(field, self.site)?;
        let rows = Side { dimension, prefix: prefix.to_owned(), pick: Pick::All };
        let picked = field.side(Pick::Is(vec![value.clone()]));
        let reading = self.reading(self.period, None)?;
        let mut sums = reading.crossed(&rows, &picked, Cut::LABEL).await?;
        sums.folded.rows = reading.folded_pairs([dimension, field.dimension]).await?;
        Ok(self.groups(sums, prefix))
    }

    /// Pairs of values that enough visitors stand behind, in the order of `dimensions`; `from` names the first of them.
    pub(super) async fn pairs(&self, dimensions: [Dimension; 2], from: Option<&str>) -> Result<Pairs, ReadError> {
        let [one, other] = dimensions;
        let is_turned = one > other;
        let ordered = if is_turned { [other, one] } else { dimensions };
        let (first, last) = days(self.period)?;
        let pick = from.map(|value| (usize::from(is_turned), value.to_owned()));
        let reading = self.reading(self.period, None)?;
        let (site, rules) = (self.site.id.clone(), reading.rules());
        let scope = SealedScope { site, dimensions: ordered, pick, from: first, to: last, rules };
        let mut pairs = Pairs::new();
        for row in self.store.sealed_crossings(&scope).await? {
            let [a, b] = row.values;
            // Late events of folded groups belong to no pair.
            if a != OTHER && b != OTHER {
                *pairs.entry(if is_turned { [b, a] } else { [a, b] }).or_default() += row.numbers;
            }
        }
        for asked in reading.judged_days(dimensions).await? {
            let shown = self.open.shown(self.store, self.site, &asked).await?;
            for (values, numbers) in shown.of(dimensions) {
                if from.is_none_or(|from| from == values[0]) {
                    *pairs.entry(values.map(str::to_owned)).or_default() += numbers;
                }
            }
        }
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
            sealed: self.sealed,
        })
    }

    fn groups(&self, sums: Sums, prefix: &str) -> (Vec<Group>, Meta) {
        let group = |((_, label), numbers): ((usize, String), Numbers)| Group {
            value: format!("{prefix}{label}"),
            events: numbers.measures[Measure::Events],
            visitors: numbers.visitors,
            ..Group::default()
        };
        (sums.rows.into_iter().map(group).collect(), self.meta(sums.folded))
    }
}
