//! Everybody who is here: the visits and the progress of each visitor's day. Owned by the commit thread, no locks.
//!
//! Bounded: visits end when they are idle, and sooner when there are too many or they take too much. In memory only, but
//! for the snapshot of a clean stop ([`super::snapshot`]).

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::items::{Items, Moved};
use super::last_seen::give_back;
use super::visit::{Entered, IDLE_SECONDS, Visit};
use super::window::Row;
use crate::model::{EventKind, Visitor};

/// Visitors remembered at the most; beyond, those that have been idle longest are forgotten.
const MAX_VISITORS: usize = 400_000;
/// Visits of one visitor that events may still be added to.
const MAX_VISITS: usize = 8;
/// Bytes that everybody together may take unless configured otherwise.
const MAX_BYTES: usize = 512 << 20;
/// Bytes of a visit from which on it may be asked to remember less, when memory is short.
const LARGE: usize = 512;
/// How often idle visits are looked for, in seconds.
const SWEEP_SECONDS: i64 = 60;

/// What is known of a visitor's day.
#[derive(Clone)]
pub(super) struct Person {
    pub site_day: u32,
    /// Visits that may go on, the newest last.
    pub visits: Vec<Visit>,
    /// The same person's pseudonym of the day before, and when an event came for which that mattered.
    pub before: Option<(Visitor, i64)>,
    /// By funnel (an item), the step reached.
    pub funnels: Vec<(u32, u8)>,
}

/// A visitor taken out of [`Visits`] for the length of a run, with the same person's day before.
pub(super) struct Present {
    pub visitor: Visitor,
    pub person: Person,
    pub past: Option<(Visitor, Person)>,
}

impl Present {
    /// The visit an event at this time belongs to.
    pub fn visit(&mut self, at: i64) -> Option<&mut Visit> {
        let past = self.past.as_mut().map(|(_, person)| person);
        let persons = std::iter::once(&mut self.person).chain(past);
        persons.flat_map(|person| person.visits.iter_mut().rev()).find(|visit| visit.holds(at))
    }

    /// The visit an event belongs to, begun if it is the first of one, and whether it is.
    pub fn visit_of(&mut self, site_day: u32, row: &Row, now: i64) -> Option<(&mut Visit, bool)> {
        let known = self.visit(row.at).is_some();
        if known {
            return self.visit(row.at).map(|visit| (visit, false));
        }
        if row.kind == EventKind::Report {
            return None;
        }
        let visits = &mut self.person.visits;
        if visits.len() >= MAX_VISITS {
            visits.remove(0);
        }
        // Most have one at a time; growing by itself, the list would begin with room for four.
        visits.reserve_exact(1);
        visits.push(Visit::begin(self.visitor, site_day, row, now));
        visits.last_mut().map(|visit| (visit, true))
    }

    /// Every visit at hand.
    pub fn visits(&mut self) -> impl Iterator<Item = &mut Visit> {
        let past = self.past.as_mut().map(|(_, person)| person);
        std::iter::once(&mut self.person).chain(past).flat_map(|person| &mut person.visits)
    }
}

/// Everybody who is here.
pub(super) struct Visits {
    persons: HashMap<Visitor, Person, RandomState>,
    /// Bytes of all of them, about.
    bytes: usize,
    max_bytes: usize,
    swept: i64,
}

impl Default for Visits {
    fn default() -> Self {
        Self { persons: HashMap::default(), bytes: 0, max_bytes: MAX_BYTES, swept: 0 }
    }
}

impl Visits {
    /// Takes a visitor out; [`Visits::put_back`] must follow.
    pub fn take(&mut self, visitor: Visitor, site_day: u32, before: Option<Visitor>, now: i64) -> Present {
        let begin = || Person { site_day, visits: Vec::new(), before: None, funnels: Vec::new() };
        let mut person =
            self.persons.remove(&visitor).inspect(|person| self.bytes -= person.bytes()).unwrap_or_else(begin);
        let before = person.before.map(|(before, _)| before).or(before);
        let past = before.and_then(|before| self.persons.remove_entry(&before));
        self.bytes -= past.as_ref().map_or(0, |(_, person)| person.bytes());
        person.before = past.as_ref().map(|(before, _)| (*before, now));
        Present { visitor, person, past }
    }

    pub fn put_back(&mut self, present: Present) {
        let Present { visitor, person, past } = present;
        for (visitor, person) in past.into_iter().chain([(visitor, person)]) {
            if person.is_known() {
                self.bytes += person.bytes();
                self.persons.insert(visitor, person);
            }
        }
    }

    /// Everybody together may take so many bytes.
    pub fn bound(&mut self, bytes: usize) {
        self.max_bytes = bytes;
    }

    fn is_too_much(&self) -> bool {
        self.persons.len() > MAX_VISITORS || self.bytes > self.max_bytes
    }

    /// Forgets visits that are over, once a minute. When memory is short, large visits remember what came first only,
    /// then those idle longest are forgotten, as with too many visitors.
    pub fn sweep(&mut self, now: i64) {
        if (now - self.swept).abs() < SWEEP_SECONDS && !self.is_too_much() {
            return;
        }
        self.swept = now;
        self.forget_idle(now, IDLE_SECONDS);
        if self.bytes > self.max_bytes {
            let visits = self.persons.values_mut().flat_map(|person| &mut person.visits);
            visits.filter(|visit| visit.seen.bytes() > LARGE).for_each(|visit| visit.seen.freeze());
            self.weigh();
        }
        let mut idle = IDLE_SECONDS;
        while self.is_too_much() && idle > 0 {
            // Progress in funnels goes last, and goes, too.
            self.persons.values_mut().for_each(|person| person.funnels.clear());
            idle /= 2;
            self.forget_idle(now, idle);
        }
    }

    fn forget_idle(&mut self, now: i64, idle: i64) {
        self.persons.retain(|_, person| {
            person.visits.retain(|visit| !visit.is_over(now, idle));
            person.visits.shrink_to_fit();
            person.before = person.before.filter(|(_, at)| at + idle > now);
            person.is_known()
        });
        give_back(&mut self.persons);
        self.weigh();
    }

    fn weigh(&mut self) {
        self.bytes = self.persons.values().map(Person::bytes).sum();
    }

    /// Forgets everybody of a day that is closed: what was booked on it stays as it is.
    pub fn forget_days(&mut self, ended: &[u32]) {
        if !ended.is_empty() {
            self.persons.retain(|_, person| !ended.contains(&person.site_day));
            self.weigh();
        }
    }

    /// Whom the visitors of a site-day were entered under is no longer certain.
    pub fn forget_entered(&mut self, site_day: u32) {
        for person in self.persons.values_mut().filter(|person| person.site_day == site_day) {
            person.visits.iter_mut().for_each(|visit| visit.entered = Entered::Unknown);
        }
    }

    /// Takes every item through a rebuild of their table.
    pub fn renumber(&mut self, items: &mut Items, moved: &mut Moved) {
        self.persons.retain(|_, person| {
            let Some(site_day) = moved.site_day(person.site_day) else { return false };
            person.site_day = site_day;
            person.funnels.iter_mut().for_each(|(funnel, _)| *funnel = moved.item(items, *funnel));
            for visit in &mut person.visits {
                visit.site_day = site_day;
                visit.seen.renumber(|item| moved.item(items, item));
                for item in [&mut visit.entry, &mut visit.page, &mut visit.second, &mut visit.exit] {
                    *item = moved.item(items, *item);
                }
            }
            true
        });
        self.weigh();
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Visitor, &Person)> {
        self.persons.iter()
    }

    /// Takes a visitor in as it was before a restart.
    pub fn restore(&mut self, visitor: Visitor, person: Person) {
        if self.persons.len() < MAX_VISITORS && self.bytes < self.max_bytes {
            self.bytes += person.bytes();
            self.persons.insert(visitor, person);
        }
    }

    pub fn len(&self) -> usize {
        self.persons.len()
    }
}

impl Person {
    fn is_known(&self) -> bool {
        !self.visits.is_empty() || !self.funnels.is_empty() || self.before.is_some()
    }

    /// Bytes it takes, with its place among the others.
    fn bytes(&self) -> usize {
        let visits: usize = self.visits.iter().map(|visit| visit.seen.bytes()).sum();
        size_of::<(Visitor, Self)>()
            + self.visits.capacity() * size_of::<Visit>()
            + visits
            + self.funnels.capacity() * size_of::<(u32, u8)>()
    }

    /// The step of a funnel reached so far.
    pub fn step(&mut self, funnel: u32) -> &mut u8 {
        let place = self.funnels.iter().position(|(known, _)| *known == funnel).unwrap_or_else(|| {
            self.funnels.push((funnel, 0));
            self.funnels.len() - 1
        });
        &mut self.funnels[place].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::count::seen::{Novel, Seen};
    use crate::count::testing::{Bench, HOUR, Hit, MIDNIGHT, site};
    use crate::model::Dimension as D;

    const NOON: i64 = 12 * HOUR;

    #[test]
    fn bytes_are_those_of_everybody_who_is_here() {
        let mut bench = Bench::new(site(), 100);
        for at in 0..20 {
            let hit = |person, page: &str| Hit::view(person, NOON + at * 60, page).with(D::Country, "DE");
            bench.take(&[hit(1, &format!("/{at}")), hit(2, "/"), hit(at as u64 + 3, "/")]);
            let visits = &mut bench.folder.visits;
            let counted = visits.bytes;
            visits.weigh();
            assert_eq!(counted, visits.bytes);
        }
        bench.folder.visits.sweep(MIDNIGHT + NOON + 20 * 60 + IDLE_SECONDS);
        assert_eq!((bench.folder.visits.len(), bench.folder.visits.bytes), (0, 0));
    }

    #[test]
    fn a_visit_takes_the_room_of_one() {
        let mut bench = Bench::new(site(), 100);
        bench.take(&[Hit::view(1, NOON, "/"), Hit::view(2, NOON, "/"), Hit::view(2, NOON + 2 * HOUR, "/")]);
        let room = |person: &Person| (person.visits.len(), person.visits.capacity());
        let mut rooms: Vec<(usize, usize)> = bench.folder.visits.persons.values().map(room).collect();
        rooms.sort_unstable();
        assert_eq!(rooms, [(1, 1), (2, 2)]);
    }

    #[test]
    fn when_memory_is_short_large_visits_remember_less_and_nobody_has_to_go() {
        let mut bench = Bench::new(site(), 100);
        bench.take(&(0..10).map(|person| Hit::view(person, NOON, "/")).collect::<Vec<_>>());
        let visits = &mut bench.folder.visits;
        let small = visits.bytes;
        let mut novel = Novel::default();
        for person in visits.persons.values_mut().take(3) {
            let mut seen = Seen::begin(&[0]);
            (1..100).for_each(|item| seen.note(&[0, item * 2, item * 2 + 1], |_| true, &mut novel));
            person.visits[0].seen = seen;
        }
        visits.weigh();
        assert!(visits.bytes > small + 3 * LARGE);
        visits.bound(small + 2 * LARGE);
        visits.sweep(MIDNIGHT + NOON + 1);
        assert!(visits.len() == 10 && visits.bytes <= small, "{} {}", visits.len(), visits.bytes);
        // Too many small ones have to go all the same, those who were idle longest first.
        visits.bound(small / 2);
        visits.sweep(MIDNIGHT + NOON + 2);
        assert!(visits.bytes <= small / 2);
    }
}
