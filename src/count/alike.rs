//! Which attributes the events of one visitor share, and which only some of them have.
//!
//! Called by [`super::books`] at the end of a run: most attributes of a visitor (source, country, browser …) are those
//! of all its events in a window, so what they add is added up here, and booked once in cells and crossings.

use std::ops::Range;

use super::books::{Booking, Entry, Known, Who, is_currency, is_sample};
use super::items::{Item, Items};
use crate::model::{Dimension, Hour, Measure, Measures};

/// An attribute of an entry.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Member {
    pub item: u32,
    pub dimension: Dimension,
    /// Whether it takes part in crossings.
    pub crosses: bool,
    /// Whether a commit before entered the visitor under it, and under every pair of it and another such.
    pub entered: bool,
}

impl Member {
    /// Whether it counts more than others do, as a currency counts revenue.
    #[inline]
    pub fn is_special(&self) -> bool {
        is_currency(self.dimension) || is_sample(self.dimension)
    }
}

/// What an attribute gets from a run.
#[derive(Clone, Copy, Default)]
pub(super) struct Share {
    pub measures: Measures,
    pub who: Option<Who>,
}

impl Share {
    fn add(&mut self, entry: &Entry) {
        self.measures.gather(&entry.measures);
        self.who = self.who.or(entry.who_of(false));
    }
}

/// An attribute of some of a run's entries.
pub(super) struct Rest {
    pub member: Member,
    pub share: Share,
    /// Of how many visits it is the first of its kind: its crossings get as many.
    pub fresh: i64,
}

impl Rest {
    /// What its crossings get.
    pub fn crossed(&self) -> Share {
        let mut share = self.share;
        share.measures[Measure::Visits] += self.fresh;
        share
    }
}

/// A run taken apart. Its space is kept from run to run.
#[derive(Default)]
pub(super) struct Alike {
    /// Of each entry all attributes, sorted; entries that have what the first one has share its place.
    members: Vec<Member>,
    places: Vec<Range<usize>>,
    /// Whether there is anything special among them.
    pub has_special: bool,
    /// Attributes of all entries. Nothing is among them that is special or fresh: that counts more in some.
    pub common: Vec<Member>,
    /// What each of these gets.
    pub all: Share,
    /// What each entry has beside, nothing special among it.
    own: Vec<Member>,
    own_ends: Vec<usize>,
    pub rest: Vec<Rest>,
    /// The hour of cells per hour in which the visitor was entered before.
    pub entered_hour: Option<Hour>,
}

impl Alike {
    /// Takes the entries of one visitor (or of nobody) on one site-day apart.
    pub fn read(&mut self, items: &Items, together: &[Booking], sets: &[u32]) {
        self.read_members(items, together, sets);
        self.find_common(together, sets);
        self.all = Share::default();
        self.entered_hour = None;
        self.own.clear();
        self.own_ends.clear();
        self.rest.clear();
        for (booking, place) in together.iter().zip(&self.places) {
            self.all.add(&booking.entry);
            let start = self.own.len();
            if place.len() > self.common.len() {
                beside(&self.members[place.clone()], &self.common, &mut self.own);
            }
            self.own_ends.push(self.own.len());
            for member in &self.own[start..] {
                note(&mut self.rest, *member, booking, sets);
            }
        }
    }

    /// Marks what is common to all entries and what the visitor was entered under before.
    pub fn recall(&mut self, known: Option<&Known<'_>>) {
        let Some(known) = known else { return };
        self.entered_hour = Some(known.hour);
        let mut items = known.items.iter().peekable();
        for member in &mut self.common {
            while items.next_if(|item| **item < member.item).is_some() {}
            member.entered = items.peek() == Some(&&member.item);
        }
    }

    /// Whether any attribute takes part in crossings.
    pub fn crosses(&self) -> bool {
        self.members.iter().any(|member| member.crosses)
    }

    /// All attributes of an entry.
    pub fn members(&self, entry: usize) -> &[Member] {
        &self.members[self.places[entry].clone()]
    }

    /// Attributes of an entry that not all entries have, nothing special among them.
    pub fn own(&self, entry: usize) -> &[Member] {
        let start = entry.checked_sub(1).map_or(0, |before| self.own_ends[before]);
        &self.own[start..self.own_ends[entry]]
    }

    fn read_members(&mut self, items: &Items, together: &[Booking], sets: &[u32]) {
        self.members.clear();
        self.places.clear();
        let first = &sets[together[0].set.clone()];
        for (at, booking) in together.iter().enumerate() {
            let set = &sets[booking.set.clone()];
            if at > 0 && set == first {
                self.places.push(0..first.len());
                continue;
            }
            let start = self.members.len();
            self.members.extend(set.iter().map(|item| {
                let Item { dimension, crosses, .. } = *items.get(*item);
                Member { item: *item, dimension, crosses, entered: false }
            }));
            self.places.push(start..self.members.len());
        }
        self.has_special = self.members.iter().any(Member::is_special);
    }

    fn find_common(&mut self, together: &[Booking], sets: &[u32]) {
        self.common.clear();
        self.common.extend(self.members[self.places[0].clone()].iter().filter(|member| !member.is_special()));
        for place in self.places.iter().filter(|place| **place != self.places[0]) {
            let mut members = self.members[place.clone()].iter().peekable();
            self.common.retain(|member| {
                while members.next_if(|other| other.item < member.item).is_some() {}
                members.peek().is_some_and(|other| other.item == member.item)
            });
        }
        for booking in together.iter().filter(|booking| !booking.fresh.is_empty()) {
            let fresh = &sets[booking.fresh.clone()];
            self.common.retain(|member| !fresh.contains(&member.item));
        }
    }
}

/// What is in `members` and not in `common`, nothing special; both are sorted.
fn beside(members: &[Member], common: &[Member], out: &mut Vec<Member>) {
    let mut common = common.iter().peekable();
    for member in members {
        while common.next_if(|other| other.item < member.item).is_some() {}
        if common.peek().is_none_or(|other| other.item != member.item) && !member.is_special() {
            out.push(*member);
        }
    }
}

/// Adds what an entry adds to one of its attributes.
fn note(rest: &mut Vec<Rest>, member: Member, booking: &Booking, sets: &[u32]) {
    let place = rest.iter().position(|known| known.member.item == member.item).unwrap_or_else(|| {
        rest.push(Rest { member, share: Share::default(), fresh: 0 });
        rest.len() - 1
    });
    rest[place].share.add(&booking.entry);
    rest[place].fresh += i64::from(sets[booking.fresh.clone()].contains(&member.item));
}
