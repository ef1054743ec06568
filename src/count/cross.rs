//! Crossings of a commit, in two passes over columns: [`Pairs`] takes in each pair of attributes with what is added to
//! it, sorted by the two dimensions as they come; [`Pairs::finish`] then adds up one pair of dimensions after the
//! other, with a table that fits into the processor's cache.
//!
//! Most attributes of a visitor (source, country, browser …) are those of all its events in a window, so their pairs
//! are taken in once for all of them ([`Pairs::run`]). The rows are the same for the same events in the same windows;
//! their order follows the visitors' pseudonyms.

use super::alike::{Member, Note as _, Scratch, beside, is_special, number};
use super::books::{Booking, Entry, Who, is_sample};
use super::items::{Items, NONE};
use super::merge::merge_crossings;
use super::places::Places;
use super::rows::Rows;
use super::sums::Addend;
use crate::model::{Crossings, Dimension, Measure, Measures, Visitor};

const DIMENSIONS: usize = Dimension::ALL.len();
/// Entries of one visitor whose pairs are made together: comparing attributes of more takes longer than it saves.
const TOGETHER: usize = 64;

/// Something to add to a crossing.
#[derive(Clone, Copy)]
pub(super) struct Record {
    /// Its items, in wire order of their dimensions.
    pub items: [u32; 2],
    /// Position of what is added.
    pub measures: u32,
    /// Number of the visitor, or [`NONE`].
    pub visitor: u32,
}

/// Measures that are compared with new ones.
const ALIKE: usize = 256;

/// What is added to crossings, by pair of dimensions.
pub(super) struct Pairs {
    columns: Vec<Vec<Record>>,
    addends: Vec<Addend>,
    /// Positions of measures taken in lately.
    alike: [u32; ALIKE],
    visitors: Vec<Visitor>,
    scratch: Scratch,
    places: Places,
    records: usize,
    space: (usize, usize),
    /// Crossings of the earlier events of a commit that is too large to be added up at once.
    parts: Vec<Crossings>,
}

impl Default for Pairs {
    fn default() -> Self {
        let columns = (0..DIMENSIONS * DIMENSIONS).map(|_| Vec::new()).collect();
        Self {
            columns,
            addends: Vec::new(),
            alike: [NONE; ALIKE],
            visitors: Vec::new(),
            scratch: Scratch::default(),
            places: Places::default(),
            records: 0,
            space: (0, 0),
            parts: Vec::new(),
        }
    }
}

impl Pairs {
    /// Takes in a visitor whose events come next.
    pub fn visitor(&mut self, visitor: Visitor) -> Who {
        self.visitors.push(visitor);
        Who { visitor, number: u32::try_from(self.visitors.len() - 1).unwrap_or(NONE) }
    }

    /// The position of measures that several records add.
    pub fn measures(&mut self, measures: Measures) -> u32 {
        // Most are alike. Only a few places are looked at: a repeat costs space and nothing else.
        let spread = measures[Measure::VisitSecs] * 16 + measures[Measure::Events] * 4 + measures[Measure::Visits];
        let spread = spread + measures[Measure::Pageviews] * 8 + measures[Measure::EngagedSecs];
        let alike = &mut self.alike[spread.rem_euclid(ALIKE as i64) as usize];
        if self.addends.get(*alike as usize).is_none_or(|known| *known.measures() != measures) {
            *alike = u32::try_from(self.addends.len()).unwrap_or(NONE);
            self.addends.push(Addend::of(&measures));
        }
        *alike
    }

    /// Adds to the crossing of two items of a site-day, when it is kept.
    pub fn add(&mut self, items: &Items, pair: (u32, u32), measures: u32, visitor: u32) {
        let one = (pair.0, items.dimension(pair.0));
        let other = (pair.1, items.dimension(pair.1));
        if items.day_of(pair.0).keeps(one.1, other.1) {
            self.push(one, other, measures, visitor);
        }
    }

    fn push(&mut self, one: Member, other: Member, measures: u32, visitor: u32) {
        let (one, other) = if one.1 <= other.1 { (one, other) } else { (other, one) };
        let column = one.1 as usize * DIMENSIONS + other.1 as usize;
        self.records += 1;
        self.columns[column].push(Record { items: [one.0, other.0], measures, visitor });
    }

    /// Takes in the entries of one visitor (or of nobody) on one site-day.
    pub fn run(&mut self, items: &Items, bookings: &[Booking], sets: &[u32]) {
        for together in bookings.chunks(TOGETHER) {
            let mut scratch = std::mem::take(&mut self.scratch);
            scratch.read(items, together, sets);
            self.common(items, together, &scratch);
            self.rest(items, together, &mut scratch, sets);
            self.scratch = scratch;
        }
    }

    /// Pairs of attributes that all entries have.
    fn common(&mut self, items: &Items, together: &[Booking], scratch: &Scratch) {
        let Some((first, others)) = scratch.common.split_first() else { return };
        let (mut measures, mut visitor) = (Measures::default(), NONE);
        for Booking { entry, .. } in together {
            measures.gather(&entry.measures);
            visitor = visitor.min(number(entry, false));
        }
        let day = items.day_of(first.0);
        let measures = self.measures(measures);
        let (mut one, mut others) = (first, others);
        while let Some((next, rest)) = others.split_first() {
            let kept = day.kept(one.1);
            for other in others.iter().filter(|other| kept.has(other.1)) {
                self.push(*one, *other, measures, visitor);
            }
            (one, others) = (next, rest);
        }
    }

    /// Pairs with attributes that some entries have.
    fn rest(&mut self, items: &Items, together: &[Booking], scratch: &mut Scratch, sets: &[u32]) {
        let Scratch { members, ends, common, own, rest } = scratch;
        rest.clear();
        let mut start = 0;
        for (booking, end) in together.iter().zip(ends) {
            let members = &members[start..*end];
            start = *end;
            let fresh = &sets[booking.fresh.clone()];
            for at in (0..members.len()).filter(|at| is_special(members[*at].1)) {
                self.special(items, &booking.entry, (members, at), fresh);
            }
            beside(members, common, own);
            for (at, one) in own.iter().enumerate() {
                let is_fresh = fresh.contains(&one.0);
                rest.note(*one, &booking.entry, is_fresh);
                for other in &own[at + 1..] {
                    self.within(items, (*one, *other), &booking.entry, is_fresh || fresh.contains(&other.0));
                }
            }
        }
        let Some(first) = common.first() else { return };
        let day = items.day_of(first.0);
        for rest in rest {
            let (measures, kept) = (self.measures(rest.measures), day.kept(rest.member.1));
            for common in common.iter().filter(|common| kept.has(common.1)) {
                self.push(rest.member, *common, measures, rest.visitor);
            }
        }
    }

    /// A pair of attributes of one entry that not all entries have.
    fn within(&mut self, items: &Items, (one, other): (Member, Member), entry: &Entry, fresh: bool) {
        if items.day_of(one.0).keeps(one.1, other.1) {
            let mut measures = entry.measures;
            measures[Measure::Visits] += i64::from(fresh);
            let measures = self.measures(measures);
            self.push(one, other, measures, number(entry, false));
        }
    }

    /// Pairs of an attribute that counts more than others do, as a currency counts revenue.
    fn special(&mut self, items: &Items, entry: &Entry, (members, at): (&[Member], usize), fresh: &[u32]) {
        let one = members[at];
        let day = items.day_of(one.0);
        for (place, other) in members.iter().enumerate() {
            // Two special ones meet once.
            if !day.keeps(one.1, other.1) || (is_special(other.1) && place <= at) {
                continue;
            }
            let mut measures = entry.measures_of(|of| of(one.1) || of(other.1));
            measures[Measure::Visits] += i64::from(fresh.contains(&one.0) || fresh.contains(&other.0));
            let measures = self.measures(measures);
            self.push(one, *other, measures, number(entry, is_sample(one.1) || is_sample(other.1)));
        }
    }

    /// Adds up what was taken in when it is much.
    pub fn make_room(&mut self, items: &Items) {
        if self.records > MAX_RECORDS {
            let part = self.add_up(items);
            self.parts.push(part);
        }
    }

    /// The crossings. What is left is empty and ready for the next commit.
    pub fn finish(&mut self, items: &Items) -> Crossings {
        let last = self.add_up(items);
        self.visitors.clear();
        if self.parts.is_empty() {
            return last;
        }
        let parts = std::mem::take(&mut self.parts);
        merge_crossings(parts.iter().chain([&last]))
    }

    fn add_up(&mut self, items: &Items) -> Crossings {
        let mut rows = Rows::with_space(self.space.0, self.space.1);
        for column in &mut self.columns {
            if !column.is_empty() {
                rows.add_up(items, column, (&self.addends, &self.visitors), &mut self.places);
                // Space of a large window is given back, that of ordinary ones kept.
                column.clear();
                column.shrink_to(KEPT_RECORDS);
            }
        }
        self.records = 0;
        self.addends.clear();
        let crossings = rows.into_crossings();
        // Space that the next commit does not use is never touched, and costs nothing.
        self.space = (crossings.rows.len() / 8 * 9, crossings.hashes.len() / 8 * 9);
        crossings
    }
}

/// Records that are held at once; an ordinary window of 10,000 events makes a fifth of them.
#[cfg(not(test))]
const MAX_RECORDS: usize = 4_000_000;
/// In tests, so few that commits have several parts.
#[cfg(test)]
const MAX_RECORDS: usize = 200;
/// Records of which a column keeps the space.
const KEPT_RECORDS: usize = 16_384;
