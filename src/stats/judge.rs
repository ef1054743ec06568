//! Counts as the threshold wants them, and its judgement of them (P7): of days that are open, and of sealed ones whose
//! seal does not meet the rules of a reader. Called by `open_days`, `reading` and `export`. Pure.

use std::collections::{HashMap, HashSet};

use crate::clickhouse::{CountedCell, CountedCrossing};
use crate::model::{Dimension, Measure, Measures, Rules};
use crate::privacy::threshold::{CellEntry, CrossingEntry, PairTable, Tie, folded_cells, folded_crossings};

/// Counts of one day.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts<'c> {
    /// Whole days; all of the families that are judged, and the one of the whole site.
    pub(super) cells: &'c [CountedCell],
    /// All crossings between two families.
    pub(super) crossings: &'c [CountedCrossing],
    /// Crossings that tell which values lie in which, where sources or goals take part.
    pub(super) ties: &'c [CountedCrossing],
    /// A seal has already folded some of them.
    pub(super) is_sealed: bool,
}

/// For each cell: whether it must not be shown.
pub(super) fn cells(rules: Rules, counts: &Counts<'_>) -> Vec<bool> {
    let unplaced = unplaced(counts);
    let is_left =
        |cell: &CountedCell| !rules.judge(cell.dimension) || !unplaced.contains(&(cell.dimension, &*cell.value));
    let mut texts = Texts::default();
    let entries = texts.cells(counts.cells.iter().filter(|cell| is_left(cell)));
    let ties = texts.ties(counts.ties);
    let table = PairTable { texts: &texts.texts, cells: &entries, crossings: &[], ties: &ties, strict: rules.strict };
    let mut folded = folded_cells(&table, rules.k).into_iter();
    counts.cells.iter().map(|cell| !is_left(cell) || folded.next().unwrap_or(true)).collect()
}

/// For each crossing: whether it must not be shown.
pub(super) fn crossings(rules: Rules, counts: &Counts<'_>) -> Vec<bool> {
    let unplaced = unplaced(counts);
    let is_left = |crossing: &CountedCrossing| {
        let values = crossing.dimensions.iter().zip(&crossing.values);
        !values.into_iter().any(|(dimension, value)| unplaced.contains(&(*dimension, &**value)))
    };
    let mut texts = Texts::default();
    let cells = texts.cells(counts.cells.iter());
    let entries = texts.crossings(counts.crossings.iter().filter(|crossing| is_left(crossing)));
    let ties = texts.ties(counts.ties);
    let table =
        PairTable { texts: &texts.texts, cells: &cells, crossings: &entries, ties: &ties, strict: rules.strict };
    let mut folded = folded_crossings(&table, rules.k).into_iter();
    counts.crossings.iter().map(|crossing| !is_left(crossing) || folded.next().unwrap_or(true)).collect()
}

/// Values of a sealed day of which it is not known any more in which channels, sources or events all of them lie: what
/// they leave of these cannot be judged.
fn unplaced<'c>(counts: &Counts<'c>) -> HashSet<(Dimension, &'c str)> {
    if !counts.is_sealed {
        return HashSet::new();
    }
    let mut placed: HashMap<(Dimension, &str), i64> = HashMap::new();
    for crossing in counts.ties {
        let Some(Tie { fine: (dimension, at), .. }) = Tie::between(crossing.dimensions, [0, 1]) else { continue };
        let value = (dimension, &*crossing.values[at as usize]);
        *placed.entry(value).or_default() += crossing.measures[Measure::Events];
    }
    let is_tied = |cell: &&CountedCell| match cell.dimension {
        Dimension::Source | Dimension::Referrer | Dimension::UtmSource => true,
        // Of views of a page nobody says that they lie in an event.
        Dimension::Goal => cell.measures[Measure::Pageviews] != cell.measures[Measure::Events],
        _ => false,
    };
    let is_known =
        |cell: &CountedCell| placed.get(&(cell.dimension, &*cell.value)) == Some(&cell.measures[Measure::Events]);
    let tied = counts.cells.iter().filter(is_tied);
    tied.filter(|cell| !is_known(cell)).map(|cell| (cell.dimension, &*cell.value)).collect()
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

    fn cells<'c>(&mut self, cells: impl Iterator<Item = &'c CountedCell>) -> Vec<CellEntry> {
        let entry = |cell: &CountedCell| {
            let [pageviews, events, visits] = judged(&cell.measures);
            let value = self.number(&cell.value);
            CellEntry { dimension: cell.dimension, value, visitors: cell.visitors, pageviews, events, visits }
        };
        cells.map(entry).collect()
    }

    fn crossings<'c>(&mut self, crossings: impl Iterator<Item = &'c CountedCrossing>) -> Vec<CrossingEntry> {
        let entry = |crossing: &CountedCrossing| {
            let [pageviews, events, visits] = judged(&crossing.measures);
            let values = [&crossing.values[0], &crossing.values[1]].map(|value| self.number(value));
            let (dimensions, visitors) = (crossing.dimensions, crossing.visitors);
            CrossingEntry { dimensions, values, visitors, pageviews, events, visits }
        };
        crossings.map(entry).collect()
    }

    fn ties(&mut self, crossings: &[CountedCrossing]) -> Vec<Tie> {
        let tie = |crossing: &CountedCrossing| {
            let values = [&crossing.values[0], &crossing.values[1]].map(|value| self.number(value));
            Tie::between(crossing.dimensions, values)
        };
        crossings.iter().filter_map(tie).collect()
    }
}

/// The measures the threshold looks at.
fn judged(measures: &Measures) -> [i64; 3] {
    [Measure::Pageviews, Measure::Events, Measure::Visits].map(|measure| measures[measure])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Hour;

    fn counts(pageviews: i64, events: i64) -> Measures {
        let mut measures = Measures::default();
        (measures[Measure::Pageviews], measures[Measure::Events]) = (pageviews, events);
        measures
    }

    fn cell(dimension: Dimension, value: &str, (pageviews, events): (i64, i64)) -> CountedCell {
        let measures = counts(pageviews, events);
        CountedCell { dimension, value: value.into(), hour: Hour::WHOLE_DAY, measures, visitors: 9 }
    }

    fn crossing(dimensions: [Dimension; 2], values: [&str; 2], events: i64) -> CountedCrossing {
        CountedCrossing { dimensions, values: values.map(Into::into), measures: counts(0, events), visitors: 9 }
    }

    /// The seal left where all of `a.test` and of `paid` lie, where some of `b.test` does, and nothing of `tried`.
    #[test]
    fn what_a_sealed_day_does_not_place_any_more_is_not_shown() {
        use Dimension::{Event, Goal, Referrer, Source};
        let cells = [
            cell(Referrer, "a.test", (0, 10)),
            cell(Referrer, "b.test", (0, 10)),
            cell(Goal, "paid", (0, 10)),
            cell(Goal, "tried", (0, 10)),
            cell(Goal, "seen", (10, 10)),
        ];
        let ties = [
            crossing([Source, Referrer], ["A", "a.test"], 10),
            crossing([Source, Referrer], ["A", "b.test"], 6),
            crossing([Event, Goal], ["buy", "paid"], 10),
        ];
        let sealed = Counts { cells: &cells, ties: &ties, is_sealed: true, ..Counts::default() };
        let wanted = HashSet::from([(Referrer, "b.test"), (Goal, "tried")]);
        assert_eq!((unplaced(&sealed), unplaced(&Counts { is_sealed: false, ..sealed })), (wanted, HashSet::new()));
    }
}
