//! Everybody who is here: the visits and the progress of each visitor's day. Owned by the commit thread, no locks.
//!
//! Bounded: visits end when they are idle, and sooner when there are too many. In memory only, but for the snapshot of
//! a clean stop ([`super::snapshot`]).

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::items::{Items, Moved};
use super::visit::{Entered, IDLE_SECONDS, Visit};
use super::window::Row;
use crate::model::{EventKind, Visitor};

/// Visitors remembered at the most; beyond, those that have been idle longest are forgotten.
const MAX_VISITORS: usize = 400_000;
/// Visits of one visitor that events may still be added to.
const MAX_VISITS: usize = 8;
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
#[derive(Default)]
pub(super) struct Visits {
    persons: HashMap<Visitor, Person, RandomState>,
    swept: i64,
}

impl Visits {
    /// Takes a visitor out; [`Visits::put_back`] must follow.
    pub fn take(&mut self, visitor: Visitor, site_day: u32, before: Option<Visitor>, now: i64) -> Present {
        let begin = || Person { site_day, visits: Vec::new(), before: None, funnels: Vec::new() };
        let mut person = self.persons.remove(&visitor).unwrap_or_else(begin);
        let before = person.before.map(|(before, _)| before).or(before);
        let past = before.and_then(|before| self.persons.remove_entry(&before));
        person.before = past.as_ref().map(|(before, _)| (*before, now));
        Present { visitor, person, past }
    }

    pub fn put_back(&mut self, present: Present) {
        let Present { visitor, person, past } = present;
        for (visitor, person) in past.into_iter().chain([(visitor, person)]) {
            if person.is_known() {
                self.persons.insert(visitor, person);
            }
        }
    }

    /// Forgets visits that are over, once a minute; with too many visitors, those idle longest.
    pub fn sweep(&mut self, now: i64) {
        if (now - self.swept).abs() < SWEEP_SECONDS && self.persons.len() <= MAX_VISITORS {
            return;
        }
        self.swept = now;
        self.forget_idle(now, IDLE_SECONDS);
        let mut idle = IDLE_SECONDS;
        while self.persons.len() > MAX_VISITORS && idle > 0 {
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
    }

    /// Forgets everybody of a day that is closed: what was booked on it stays as it is.
    pub fn forget_days(&mut self, ended: &[u32]) {
        if !ended.is_empty() {
            self.persons.retain(|_, person| !ended.contains(&person.site_day));
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
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Visitor, &Person)> {
        self.persons.iter()
    }

    /// Takes a visitor in as it was before a restart.
    pub fn restore(&mut self, visitor: Visitor, person: Person) {
        if self.persons.len() < MAX_VISITORS {
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

    /// The step of a funnel reached so far.
    pub fn step(&mut self, funnel: u32) -> &mut u8 {
        let place = self.funnels.iter().position(|(known, _)| *known == funnel).unwrap_or_else(|| {
            self.funnels.push((funnel, 0));
            self.funnels.len() - 1
        });
        &mut self.funnels[place].1
    }
}
