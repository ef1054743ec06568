//! Where everything that is counted is booked: a set of attributes, and what is added to each of them and to each pair.
//!
//! Called by [`super::run`], visitor by visitor; hands on to cells and crossings alike, so that both say the same.

use std::ops::Range;

use super::alike::Alike;
use super::cells::Cells;
use super::cross::Pairs;
use super::items::{Items, NONE};
use super::sums::Addend;
use crate::model::{Dimension, Hour, Measure, Measures, Visitor};

/// Who an event is of, for the sketches.
#[derive(Clone, Copy)]
pub(super) struct Who {
    pub visitor: Visitor,
    /// Its number in this commit's crossings.
    pub number: u32,
}

/// Something that is added to every attribute of a set.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub site_day: u32,
    pub hour: Hour,
    /// What every attribute gets; no revenue.
    pub measures: Measures,
    /// What an attribute of [`Dimension::Currency`] gets in addition.
    pub revenue: i64,
    /// How many samples came with a report, which is no event of its own.
    pub samples: i64,
    pub who: Option<Who>,
}

impl Entry {
    /// Only measures, nobody, no revenue.
    pub fn of(site_day: u32, hour: Hour, measures: Measures) -> Self {
        Self { site_day, hour, measures, revenue: 0, samples: 0, who: None }
    }

    /// What attributes of these dimensions get: one for a cell, two for a crossing.
    pub fn measures_of(&self, special: impl Fn(fn(Dimension) -> bool) -> bool) -> Measures {
        let mut measures = self.measures;
        if special(is_currency) {
            measures[Measure::RevenueMinor] += self.revenue;
        }
        if special(is_sample) {
            measures[Measure::Events] += self.samples;
        }
        measures
    }

    /// Who enters the sketch: a report brings nobody but to its samples.
    pub fn who_of(&self, sample: bool) -> Option<Who> {
        self.who.filter(|_| sample || self.samples == 0)
    }
}

/// Whether payments are counted under this dimension.
pub(super) fn is_currency(dimension: Dimension) -> bool {
    dimension == Dimension::Currency
}

/// Whether cells of this dimension count samples.
pub(super) fn is_sample(dimension: Dimension) -> bool {
    matches!(dimension, Dimension::Vital | Dimension::Number)
}

/// An entry kept until its visitor's run ends, when all of them are counted together.
pub(super) struct Booking {
    pub entry: Entry,
    pub set: Range<usize>,
    /// Attributes that came for the first time in the visit: their crossings get a visit each.
    pub fresh: Range<usize>,
}

/// Under what the visitor of a run was entered by a commit before: all of these attributes and all pairs of them, in
/// this hour.
pub(super) struct Known<'a> {
    pub site_day: u32,
    pub hour: Hour,
    /// Sorted.
    pub items: &'a [u32],
}

/// Entries of one visitor that are taken apart together: comparing attributes of more takes longer than it saves.
const TOGETHER: usize = 64;

/// The books of a commit.
#[derive(Default)]
pub(super) struct Books {
    pub cells: Cells,
    pub pairs: Pairs,
    bookings: Vec<Booking>,
    sets: Vec<u32>,
    alike: Alike,
}

impl Books {
    /// Adds `entry` to every item of `set` (sorted), and a visit to every crossing of a `fresh` one. It is in the
    /// books when the run ends.
    pub fn book(&mut self, entry: Entry, set: &[u32], fresh: &[u32]) {
        let start = self.sets.len();
        self.sets.extend_from_slice(set);
        let middle = self.sets.len();
        self.sets.extend_from_slice(fresh);
        self.bookings.push(Booking { entry, set: start..middle, fresh: middle..self.sets.len() });
    }

    /// Adds to one cell.
    pub fn cell(&mut self, items: &Items, cell: (u32, Hour), measures: &Measures, who: Option<Who>) {
        self.cells.add(items, cell, &Addend::of(measures), who);
    }

    /// Adds to one crossing. `items` that have no part in crossings are passed over.
    pub fn pair(&mut self, items: &Items, pair: (u32, u32), measures: Measures, who: Option<Who>) {
        if items.get(pair.0).crosses && items.get(pair.1).crosses {
            let measures = self.pairs.measures(measures);
            self.pairs.add(items, pair, measures, who.map_or(NONE, |who| who.number));
        }
    }

    /// Counts everything booked since the last call: one visitor's events, or those of nobody.
    pub fn end_run(&mut self, items: &Items, known: Option<&Known<'_>>) {
        self.bookings.sort_by_key(|booking| booking.entry.site_day);
        for of_day in self.bookings.chunk_by(|one, other| one.entry.site_day == other.entry.site_day) {
            let known = known.filter(|known| known.site_day == of_day[0].entry.site_day);
            for together in of_day.chunks(TOGETHER) {
                self.alike.read(items, together, &self.sets);
                self.alike.recall(known);
                self.cells.run(items, together, &self.alike);
                self.pairs.run(items, together, &self.alike, &self.sets);
            }
        }
        self.bookings.clear();
        self.sets.clear();
    }
}
