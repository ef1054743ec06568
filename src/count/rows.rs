//! The second pass over crossings: for each pair of dimensions, what was taken in becomes rows, visitors become hashes.
//!
//! Called by [`super::cross`] only. Of two dimensions the one that changes more within visits is the major one: its
//! items come one after the other, each with a table over the other dimension's items that fits into the processor's
//! first cache.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::RandomState;

use super::columns::{Columns, Part, Share};
use super::grouped::Grouped;
use super::items::{Items, NONE};
use super::sorted::Sorted;
use super::sums::{self, Addend, Common, Rare};
use crate::model::{CrossingGroup, Crossings, Dimension, Visitor};
use crate::privacy::pseudonym::CrossingKey;

/// A row while its pair of dimensions is added up.
#[repr(align(64))]
struct Tally {
    sum: Common,
    /// Own numbers of the major and the minor item.
    pair: [u32; 2],
    /// The visitor added last: those of one visitor come one after the other.
    last: u32,
    visitors: u32,
}

const _: () = assert!(size_of::<Tally>() == 64);

/// What rows are made with. Space is kept from commit to commit.
#[derive(Default)]
pub(super) struct Rows {
    crossings: Crossings,
    tallies: Vec<Tally>,
    /// Rows and the positions of what adds more to them than is common.
    rare: Vec<Rare>,
    /// Row, counted from the first of this pair of dimensions, and number of a visitor.
    found: Vec<(u32, u32)>,
    sorted: Sorted,
    parts: Grouped,
    singles: Grouped,
    /// By own number of the minor item, the row of the group at hand or of one before, counted from 1.
    slots: Vec<u32>,
    site_days: HashMap<u32, u32, RandomState>,
    /// The one asked for last, and its place.
    last_site_day: (u32, u32),
    /// Number of this commit, counted from 1.
    commit: u32,
    /// By text, the last commit it was in and its position in that one's crossings.
    texts: Vec<(u32, u32)>,
    space: (usize, usize, usize),
}

/// The pair of dimensions at hand, and where to look things up.
#[derive(Clone, Copy)]
struct Pair<'a> {
    items: &'a Items,
    addends: &'a [Addend],
    visitors: &'a [Visitor],
    dimensions: [Dimension; 2],
    /// Items by own number.
    known: [&'a [u32]; 2],
    /// By run, the own number of what is common to it under the minor dimension.
    commons: &'a [u32],
}

impl Pair<'_> {
    /// The items of these numbers, in wire order of their dimensions.
    fn items(&self, pair: [u32; 2]) -> [u32; 2] {
        let [major, minor] = [0, 1].map(|at| self.known[at][pair[at] as usize]);
        if self.dimensions[0] <= self.dimensions[1] { [major, minor] } else { [minor, major] }
    }
}

impl Rows {
    /// The rows of everything in `columns`.
    pub fn add_up(
        &mut self,
        items: &Items,
        columns: &Columns,
        (addends, visitors): (&[Addend], &[Visitor]),
    ) -> Crossings {
        self.begin(items);
        let dimensions = columns.dimensions();
        for major in &dimensions {
            let varies = |of: Dimension| (columns.rests(of).len(), std::cmp::Reverse(of));
            let minors = dimensions.iter().filter(|minor| major.crosses(**minor) && varies(**minor) < varies(*major));
            let mut is_grouped = false;
            for minor in minors {
                if !std::mem::replace(&mut is_grouped, true) {
                    self.parts.group(columns.items(*major).len(), columns.parts(*major));
                }
                self.singles.group(columns.items(*major).len(), columns.singles(*major, *minor));
                let (dimensions, known) = ([*major, *minor], [*major, *minor].map(|of| columns.items(of)));
                let commons = columns.commons(*minor);
                self.add_pair(&Pair { items, addends, visitors, dimensions, known, commons });
            }
        }
        // Space that the next commit does not use is never touched, and costs nothing.
        let Crossings { counts, hashes, .. } = &self.crossings;
        let space = (self.crossings.len(), counts.len(), hashes.len());
        self.space = (space.0 / 8 * 9, space.1 / 8 * 9, space.2 / 8 * 9);
        std::mem::take(&mut self.crossings)
    }

    fn begin(&mut self, items: &Items) {
        self.crossings.reserve(self.space.0);
        self.crossings.counts.reserve_exact(self.space.1);
        self.crossings.hashes.reserve_exact(self.space.2);
        self.site_days.clear();
        self.last_site_day = (NONE, NONE);
        self.commit = self.commit.wrapping_add(1);
        if self.commit == 0 {
            (self.commit, self.texts) = (1, Vec::new());
        }
        // Numbers of texts are given anew now and then, but never within a commit.
        self.texts.resize(items.texts(), (0, 0));
    }

    /// Adds up one pair of dimensions.
    fn add_pair(&mut self, pair: &Pair<'_>) {
        self.tallies.clear();
        self.found.clear();
        self.slots.clear();
        self.slots.resize(pair.known[1].len(), 0);
        let (parts, singles) = (std::mem::take(&mut self.parts), std::mem::take(&mut self.singles));
        for (major, item) in (0..).zip(pair.known[0]) {
            if !pair.items.day_of(*item).keeps(pair.dimensions[0], pair.dimensions[1]) {
                continue;
            }
            let first = self.tallies.len() as u32;
            for Part { other, share, .. } in parts.of(major) {
                let minor = pair.commons.get(*other as usize).copied().unwrap_or(NONE);
                if minor != NONE {
                    self.add(pair, (first, [major, minor]), *share);
                }
            }
            for Part { other, share, .. } in singles.of(major) {
                self.add(pair, (first, [major, *other]), *share);
            }
        }
        (self.parts, self.singles) = (parts, singles);
        self.finish_pair(pair);
    }

    /// Adds to the row of two items; rows from `first` on are those of the major one. Forty times for each page view.
    #[inline(always)]
    fn add(&mut self, pair: &Pair<'_>, (first, numbers): (u32, [u32; 2]), (measures, visitor): Share) {
        let slot = &mut self.slots[numbers[1] as usize];
        if *slot <= first {
            self.tallies.push(Tally { sum: Common::default(), pair: numbers, last: NONE, visitors: 0 });
            *slot = self.tallies.len() as u32;
        }
        let row = *slot - 1;
        let tally = &mut self.tallies[row as usize];
        let addend = &pair.addends[measures as usize];
        sums::add(&mut tally.sum, addend);
        if addend.rare().is_some() {
            self.rare.push(Rare::new(row, measures));
        }
        if visitor != NONE && visitor != tally.last {
            tally.last = visitor;
            tally.visitors += 1;
            self.found.push((row, visitor));
        }
    }

    /// Makes rows of the tallies, with hashes of the visitors found: each row's sorted and without repeats.
    fn finish_pair(&mut self, pair: &Pair<'_>) {
        self.sorted.group(&self.found, self.tallies.iter().map(|tally| tally.visitors));
        let (tallies, mut all_rare) = (std::mem::take(&mut self.tallies), std::mem::take(&mut self.rare));
        let [one, other] = pair.dimensions;
        let dimensions = [one.min(other), one.max(other)];
        all_rare.sort_unstable();
        let mut rare = all_rare.iter().peekable();
        let mut start = 0;
        for (place, tally) in (0..).zip(&tallies) {
            let pair_of = pair.items(tally.pair);
            let end = start + tally.visitors as usize;
            if end > start {
                self.hash(pair, pair_of, start..end);
            }
            start = end;
            let [one, other] = pair_of.map(|item| pair.items.get(item));
            let group = CrossingGroup {
                site_day: self.site_day(pair.items, one.site_day),
                dimensions,
                values: [self.text(pair.items, one.text), self.text(pair.items, other.text)],
            };
            sums::put(&mut self.crossings.counts, (place, &tally.sum), (&mut rare, pair.addends));
            self.crossings.end_row(group);
        }
        all_rare.clear();
        (self.tallies, self.rare) = (tallies, all_rare);
    }

    /// Puts the hashes of one row in: the key is made once for all of its visitors. On a late day there is none.
    fn hash(&mut self, pair: &Pair<'_>, items: [u32; 2], visitors: Range<usize>) {
        let [one, other] = items.map(|item| pair.items.keys_of(item));
        let Some((one, other)) = one.zip(other) else { return };
        let key = CrossingKey::of(&one.part, &other.part);
        let hash = |visitor| key.hash(pair.visitors[visitor as usize]);
        self.sorted.put_distinct(visitors, hash, &mut self.crossings.hashes);
    }

    #[inline]
    fn site_day(&mut self, items: &Items, number: u32) -> u32 {
        if self.last_site_day.0 != number {
            let known = &mut self.crossings.site_days;
            let place = *self.site_days.entry(number).or_insert_with(|| {
                let key = &items.days.get(number).key;
                known.push((key.site.clone(), key.day));
                known.len() as u32 - 1
            });
            self.last_site_day = (number, place);
        }
        self.last_site_day.1
    }

    #[inline]
    fn text(&mut self, items: &Items, text: u32) -> u32 {
        let place = &mut self.texts[text as usize];
        if place.0 != self.commit {
            *place = (self.commit, self.crossings.texts.len() as u32);
            self.crossings.texts.push(items.text(text).into());
        }
        place.1
    }
}
