//! Which attributes the events of one visitor share, and which only some of them have.
//!
//! Called by [`super::cross`], which makes pairs of both.

use std::collections::BTreeSet;

use super::books::{Booking, Entry, is_currency, is_sample};
use super::items::{Items, NONE};
use crate::model::{Dimension, Measure, Measures};

/// An item and its dimension.
pub(super) type Member = (u32, Dimension);

/// Space of one run, kept from run to run.
#[derive(Default)]
pub(super) struct Scratch {
    /// Of each entry, what takes part, sorted.
    pub members: Vec<Member>,
    pub ends: Vec<usize>,
    pub common: Vec<Member>,
    /// What an entry has beside, nothing special among it.
    pub own: Vec<Member>,
    pub rest: Vec<Rest>,
}

/// An attribute of some of a run's entries, and what it gets with those that all of them have.
pub(super) struct Rest {
    pub member: Member,
    pub measures: Measures,
    pub visitor: u32,
}

impl Scratch {
    /// Reads which items of each entry take part, and which of them all entries have. What is special or fresh in one
    /// entry counts more than elsewhere and is not common.
    pub fn read(&mut self, items: &Items, together: &[Booking], sets: &[u32]) {
        self.members.clear();
        self.ends.clear();
        for booking in together {
            let start = self.members.len();
            let mut stand_in = false;
            for item in &sets[booking.set.clone()] {
                let crossed = items.get(*item).crossed;
                if crossed != NONE {
                    self.members.push((crossed, items.dimension(crossed)));
                    stand_in |= crossed != *item;
                }
            }
            if stand_in {
                // Several values may stand for one.
                let distinct: BTreeSet<Member> = self.members.drain(start..).collect();
                self.members.extend(distinct);
            }
            self.ends.push(self.members.len());
        }
        let mut start = self.ends.first().copied().unwrap_or(0);
        self.common.clear();
        self.common.extend(self.members[..start].iter().filter(|member| !is_special(member.1)));
        for end in self.ends.iter().skip(1) {
            let mut members = self.members[start..*end].iter().peekable();
            self.common.retain(|member| {
                while members.next_if(|other| *other < member).is_some() {}
                members.peek() == Some(&member)
            });
            start = *end;
        }
        for booking in together.iter().filter(|booking| !booking.fresh.is_empty()) {
            let fresh = &sets[booking.fresh.clone()];
            self.common.retain(|member| !fresh.contains(&member.0));
        }
    }
}

/// What is in `members` and not in `common`, nothing special; both are sorted.
pub(super) fn beside(members: &[Member], common: &[Member], out: &mut Vec<Member>) {
    out.clear();
    let mut common = common.iter().peekable();
    for member in members {
        while common.next_if(|other| *other < member).is_some() {}
        if common.peek() != Some(&member) && !is_special(member.1) {
            out.push(*member);
        }
    }
}

/// Adds what an entry adds to its attributes.
pub(super) trait Note {
    fn note(&mut self, member: Member, entry: &Entry, is_fresh: bool);
}

impl Note for Vec<Rest> {
    fn note(&mut self, member: Member, entry: &Entry, is_fresh: bool) {
        let place = self.iter().position(|rest| rest.member == member).unwrap_or_else(|| {
            self.push(Rest { member, measures: Measures::default(), visitor: NONE });
            self.len() - 1
        });
        let rest = &mut self[place];
        rest.measures.gather(&entry.measures);
        rest.measures[Measure::Visits] += i64::from(is_fresh);
        rest.visitor = rest.visitor.min(number(entry, false));
    }
}

pub(super) fn is_special(dimension: Dimension) -> bool {
    is_currency(dimension) || is_sample(dimension)
}

/// The number of who enters a crossing, or [`NONE`].
pub(super) fn number(entry: &Entry, sample: bool) -> u32 {
    entry.who_of(sample).map_or(NONE, |who| who.number)
}
