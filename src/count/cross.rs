//! Crossings of a commit, in two passes: [`Pairs`] takes in what each visitor's events have in common, what only some
//! of them have, and single pairs; [`super::rows`] then adds up one pair of dimensions after the other.
//!
//! A visitor has a dozen attributes that all of its events share. None of the hundred pairs they make is written down:
//! the attributes are, each in the column of its dimension, and the second pass reads two columns side by side. The
//! rows are the same for the same events in the same windows; their order follows the visitors' pseudonyms.

use super::alike::{Alike, Member, Share};
use super::books::{Booking, Entry, Who, is_sample};
use super::columns::Columns;
use super::items::{Items, NONE};
use super::merge::merge_crossings;
use super::rows::Rows;
use super::sums::Addend;
use crate::model::{Crossings, Measure, Measures, Visitor};

/// Measures that are compared with new ones.
const ALIKE: usize = 256;

/// What is added to crossings.
pub(super) struct Pairs {
    columns: Columns,
    addends: Vec<Addend>,
    /// Positions of measures taken in lately.
    alike: [u32; ALIKE],
    visitors: Vec<Visitor>,
    rows: Rows,
    /// What is common to a run and not in the columns of what is. Space kept from run to run.
    beside: Vec<Member>,
    /// Crossings of the earlier events of a commit that is too large to be added up at once.
    parts: Vec<Crossings>,
}

impl Default for Pairs {
    fn default() -> Self {
        Self {
            columns: Columns::default(),
            addends: Vec::new(),
            alike: [NONE; ALIKE],
            visitors: Vec::new(),
            rows: Rows::default(),
            beside: Vec::new(),
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
        if self.addends.get(*alike as usize).is_none_or(|known| !known.is(&measures)) {
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
            self.columns.pair(one, other, (measures, visitor));
        }
    }

    /// Takes in the entries of one visitor (or of nobody) on one site-day.
    pub fn run(&mut self, items: &Items, together: &[Booking], alike: &Alike, sets: &[u32]) {
        if !alike.crosses() {
            return;
        }
        let all = self.share(&alike.all);
        // What the visitor was entered under before adds only measures; then only that goes into the columns.
        let entered = alike.common.iter().any(|member| member.entered);
        let run = self.columns.run(if entered { (all.0, NONE) } else { all });
        let mut beside = std::mem::take(&mut self.beside);
        for member in alike.common.iter().filter(|member| member.crosses) {
            // Of a dimension of which all entries have several values, only the first goes into the column.
            if member.entered != entered || !self.columns.common(run, member) {
                beside.push(*member);
            }
        }
        for rest in alike.rest.iter().filter(|rest| rest.member.crosses) {
            let share = self.share(&rest.crossed());
            self.columns.rest(run, &rest.member, share);
            beside.iter().for_each(|other| self.add(items, (other.item, rest.member.item), share.0, share.1));
        }
        for (at, member) in beside.iter().enumerate() {
            self.columns.rest(run, member, all);
            beside[..at].iter().for_each(|other| self.add(items, (other.item, member.item), all.0, all.1));
        }
        beside.clear();
        self.beside = beside;
        for (at, booking) in together.iter().enumerate() {
            let (entry, fresh) = (&booking.entry, &sets[booking.fresh.clone()]);
            self.within(items, alike.own(at), entry, fresh);
            if !alike.has_special {
                continue;
            }
            let members = alike.members(at);
            for one in (0..members.len()).filter(|one| members[*one].is_special() && members[*one].crosses) {
                self.special(items, entry, (members, one), fresh);
            }
        }
    }

    fn share(&mut self, share: &Share) -> (u32, u32) {
        (self.measures(share.measures), number(share.who))
    }

    /// Pairs of attributes of one entry that not all entries have.
    fn within(&mut self, items: &Items, own: &[Member], entry: &Entry, fresh: &[u32]) {
        let Some(first) = own.first() else { return };
        let (day, visitor) = (items.day_of(first.item), number(entry.who_of(false)));
        for (at, one) in own.iter().enumerate().filter(|(_, one)| one.crosses) {
            let kept = day.kept(one.dimension);
            for other in own[at + 1..].iter().filter(|other| other.crosses && kept.has(other.dimension)) {
                let mut measures = entry.measures;
                measures[Measure::Visits] += i64::from(fresh.contains(&one.item) || fresh.contains(&other.item));
                let measures = self.measures(measures);
                self.columns.pair((one.item, one.dimension), (other.item, other.dimension), (measures, visitor));
            }
        }
    }

    /// Pairs of an attribute that counts more than others do, as a currency counts revenue.
    fn special(&mut self, items: &Items, entry: &Entry, (members, at): (&[Member], usize), fresh: &[u32]) {
        let one = members[at];
        for (place, other) in members.iter().enumerate().filter(|(_, other)| other.crosses) {
            // Two special ones meet once.
            if place == at || (other.is_special() && place < at) {
                continue;
            }
            let mut measures = entry.measures_of(|of| of(one.dimension) || of(other.dimension));
            measures[Measure::Visits] += i64::from(fresh.contains(&one.item) || fresh.contains(&other.item));
            let measures = self.measures(measures);
            let sample = is_sample(one.dimension) || is_sample(other.dimension);
            self.add(items, (one.item, other.item), measures, number(entry.who_of(sample)));
        }
    }

    /// Adds up what was taken in when it is much.
    pub fn make_room(&mut self, items: &Items) {
        if self.columns.records() > MAX_RECORDS {
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
        let crossings = self.rows.add_up(items, &self.columns, (&self.addends, &self.visitors));
        self.columns.clear();
        self.addends.clear();
        crossings
    }
}

/// The number of who enters a crossing, or [`NONE`].
fn number(who: Option<Who>) -> u32 {
    who.map_or(NONE, |who| who.number)
}

/// Additions to crossings that are held at once; an ordinary window of 10,000 events makes a fifth of them.
#[cfg(not(test))]
const MAX_RECORDS: usize = 4_000_000;
/// In tests, so few that commits have several parts.
#[cfg(test)]
const MAX_RECORDS: usize = 200;
