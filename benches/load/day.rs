//! People who come one after the other, a visit each, while the clock goes through their hours as fast as they are answered.

use std::cell::Cell;
use std::ops::Range;
use std::rc::Rc;

use super::clock::Clock;
use super::drive::Source;
use super::mix::{self, Worth};
use super::people::{self, Browser};
use super::random::Random;

/// Hits of a visit: a view first, then views, features and reports.
pub const HITS: usize = 5;
/// Seconds between two of them.
const APART: i64 = 40;
/// Pages of the site.
const PAGES: usize = 2_000;

/// Beacons of people of whom each has an address of its own.
pub struct Day {
    people: Range<usize>,
    /// The first and the last second of the collector's clock.
    hours: Range<i64>,
    clock: Rc<Clock>,
    browsers: Vec<Browser>,
    turn: Cell<usize>,
    at: Cell<i64>,
}

impl Day {
    /// People who come at a steady rate between two times.
    pub fn new(people: Range<usize>, hours: Range<i64>, clock: Rc<Clock>) -> Self {
        Self { people, hours, clock, browsers: people::browsers(), turn: Cell::new(0), at: Cell::new(0) }
    }

    /// People who come between two hits of a visit.
    fn gap(&self) -> usize {
        (self.people.len() as i64 * APART / (self.hours.end - self.hours.start).max(1)) as usize
    }
}

impl Source for Day {
    fn next(&self) -> Option<u64> {
        let (gap, count) = (self.gap(), self.people.len());
        let turns = count + gap * (HITS - 1);
        loop {
            let turn = self.turn.replace(self.turn.get() + 1);
            let (slot, hit) = (turn / HITS, turn % HITS);
            if slot >= turns {
                return None;
            }
            let Some(person) = slot.checked_sub(hit * gap).filter(|person| *person < count) else { continue };
            let at = self.hours.start + (self.hours.end - self.hours.start) * slot as i64 / turns as i64;
            if self.at.replace(at) < at {
                self.clock.set(at).expect("the clock's file can be written");
            }
            return Some((person * HITS + hit) as u64);
        }
    }

    fn write(&self, number: u64, out: &mut Vec<u8>) -> Worth {
        let (person, hit) = (self.people.start + number as usize / HITS, number as usize % HITS);
        let mut random = Random::new(0xda7 ^ (person as u64) << 24 ^ (hit as u64) << 8);
        let mut who = people::person(person, &self.browsers);
        who.address = people::address(person as u64);
        let event = match hit {
            0 => mix::view("demo", PAGES, &mut random),
            _ => mix::event("demo", PAGES, &mut random),
        };
        mix::beacon("demo", &event, &who, &mut random).write(mix::Shape::Beacon, "", out)
    }

    fn is_durable(&self) -> bool {
        false
    }
}
