//! Where the special questions read, and the only way out of it (P7): crossings of open days are folded before anybody
//! sees them, those of sealed days were when the day was sealed. Cells of one attribute are shown whole unless the site
//! is strict.

use std::collections::BTreeMap;

use super::{Filter, Meta, ReadError, meta};
use crate::clickhouse::{CellScope, CellSum, Counts, SealedScope, Store};
use crate::model::{Day, Dimension, Measure, Site};
use crate::stats::error::QueryError;
use crate::stats::period::Period;

/// The label of what was folded.
pub(super) const OTHER: &str = "(other)";

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
pub(super) type Pairs = BTreeMap<[String; 2], Counts>;

/// One site and one range.
pub(super) struct Source<'s> {
    store: &'s Store,
    site: &'s Site,
    period: Period,
}

impl<'s> Source<'s> {
    pub(super) fn new(store: &'s Store, site: &'s Site, period: Period) -> Self {
        Self { store, site, period }
    }

    pub(super) fn site(&self) -> &Site {
        self.site
    }

    pub(super) fn period(&self) -> Period {
        self.period
    }

    /// Cells of a dimension, summed over the range.
    pub(super) async fn cells(&self, dimension: Dimension, prefix: &str) -> Result<(Vec<Group>, Meta), ReadError> {
        let scope = self.scope(dimension, prefix, self.period)?;
        let (rows, folded) = self.shown(self.store.cell_sums(&scope).await?);
        let mut sums: BTreeMap<String, Group> = BTreeMap::new();
        for row in rows {
            let group = sums.entry(row.value).or_default();
            group.events += row.counts.events;
            group.visitors += row.counts.visitors;
        }
        let groups = sums.into_iter().map(|(value, group)| Group { value, ..group }).collect();
        Ok((groups, meta(self.site, self.period, folded)))
    }

    /// Cells of a dimension, day by day, over a range of its own.
    pub(super) async fn cells_by_day(
        &self,
        dimension: Dimension,
        period: Period,
    ) -> Result<(Vec<Group>, Meta), ReadError> {
        let scope = CellScope { by_day: true, ..self.scope(dimension, "", period)? };
        let (rows, folded) = self.shown(self.store.cell_sums(&scope).await?);
        let group = |row: CellSum| Group {
            day: row.day.unwrap_or(Day(0)),
            value: row.value,
            events: row.counts.events,
            visitors: row.counts.visitors,
        };
        Ok((rows.into_iter().map(group).collect(), meta(self.site, self.period, folded)))
    }

    /// The numbers of one value of a dimension, over the range.
    pub(super) async fn cell(&self, dimension: Dimension, value: &str) -> Result<Counts, ReadError> {
        let rows = self.store.cell_sums(&self.scope(dimension, value, self.period)?).await?;
        let mut sum = Counts::default();
        for row in self.shown(rows).0.into_iter().filter(|row| row.value == value) {
            add(&mut sum, &row.counts);
        }
        Ok(sum)
    }

    /// Samples of vitals or numbers: of everything, or of what a filter names.
    pub(super) async fn samples(
        &self,
        dimension: Dimension,
        prefix: &str,
        filter: Option<&Filter>,
    ) -> Result<(Vec<Group>, Meta), ReadError> {
        let Some(filter) = filter else {
            return self.cells(dimension, prefix).await;
        };
        self.check(filter)?;
        let (pairs, folded) = self.pairs([filter.dimension, dimension], Some((0, &filter.value))).await?;
        let group = |([_, value], counts): ([String; 2], Counts)| Group {
            value,
            events: counts.events,
            visitors: counts.visitors,
            ..Group::default()
        };
        let groups = pairs.into_iter().map(group).filter(|group| group.value.starts_with(prefix));
        Ok((groups.collect(), meta(self.site, self.period, folded)))
    }

    /// Pairs of values that enough visitors stand behind, in the order of `dimensions`, and how many were folded.
    /// `pick` names a value of one side.
    pub(super) async fn pairs(
        &self,
        dimensions: [Dimension; 2],
        pick: Option<(usize, &str)>,
    ) -> Result<(Pairs, u64), ReadError> {
        let is_turned = dimensions[0] > dimensions[1];
        let ordered = if is_turned { [dimensions[1], dimensions[0]] } else { dimensions };
        let side = |side: usize| if is_turned { 1 - side } else { side };
        let pick = pick.map(|(at, value)| (side(at), value.to_owned()));
        let turn = |[one, other]: [String; 2]| if is_turned { [other, one] } else { [one, other] };
        let (open, folded) = self.open_pairs(ordered, pick.as_ref()).await?;
        let (from, to) = self.days(self.period)?;
        let scope = SealedScope { site: self.site.id.clone(), dimensions: ordered, pick, from, to };
        let mut pairs = Pairs::new();
        for row in self.store.sealed_crossings(&scope).await? {
            // Late events of folded groups: they belong to no pair.
            if row.values.iter().all(|value| value != OTHER) {
                add(pairs.entry(turn(row.values)).or_default(), &row.counts);
            }
        }
        for (values, counts) in open {
            add(pairs.entry(turn(values)).or_default(), &counts);
        }
        Ok((pairs, folded))
    }

    /// Crossings of the days that are not sealed, folded day by day.
    async fn open_pairs(
        &self,
        dimensions: [Dimension; 2],
        pick: Option<&(usize, String)>,
    ) -> Result<(Pairs, u64), ReadError> {
        let (from, to) = self.days(self.period)?;
        let (mut pairs, mut folded) = (Pairs::new(), 0);
        for day in self.store.days_of_open_crossings(&self.site.id, from, to).await? {
            let [one, other] = dimensions.map(|dimension| [dimension]);
            for row in self.store.open_crossings(&self.site.id, day, &one, &other).await? {
                if pick.is_some_and(|(side, value)| *row.values[*side] != **value) {
                    continue;
                }
                if row.visitors < u64::from(self.site.min_visitors) {
                    folded += 1;
                    continue;
                }
                let counts = Counts {
                    pageviews: row.measures[Measure::Pageviews],
                    events: row.measures[Measure::Events],
                    visits: row.measures[Measure::Visits],
                    bounces: row.measures[Measure::Bounces],
                    visitors: i64::try_from(row.visitors).unwrap_or(i64::MAX),
                };
                add(pairs.entry(row.values.map(String::from)).or_default(), &counts);
            }
        }
        Ok((pairs, folded))
    }

    /// Rows that may be shown, and how many may not: of open days, since sealed ones were folded for good.
    fn shown(&self, rows: Vec<CellSum>) -> (Vec<CellSum>, u64) {
        if !self.site.strict {
            return (rows, 0);
        }
        let k = i64::from(self.site.min_visitors);
        let (shown, folded): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| !row.is_open || row.counts.visitors >= k);
        (shown, folded.len() as u64)
    }

    fn check(&self, filter: &Filter) -> Result<(), QueryError> {
        let kept = self.site.crossings.has(filter.dimension) && self.site.crosses(filter.dimension, &filter.value);
        if kept { Ok(()) } else { Err(super::not_kept()) }
    }

    fn scope(&self, dimension: Dimension, prefix: &str, period: Period) -> Result<CellScope, QueryError> {
        let (from, to) = self.days(period)?;
        let (site, prefix) = (self.site.id.clone(), prefix.to_owned());
        Ok(CellScope { site, dimension, prefix, from, to, by_day: false })
    }

    fn days(&self, period: Period) -> Result<(Day, Day), QueryError> {
        let day = |date| Day::from_date(date).ok_or_else(|| QueryError::Range(format!("{date} cannot be stored")));
        Ok((day(period.from)?, day(period.to)?))
    }
}

fn add(sum: &mut Counts, other: &Counts) {
    sum.pageviews += other.pageviews;
    sum.events += other.events;
    sum.visits += other.visits;
    sum.bounces += other.bounces;
    sum.visitors += other.visitors;
}
