//! A day counted in bounded memory: one part of its visitors after the other. Called by the bench; knows no tables.
//!
//! The counter keeps a set of persons for each group, and all it follows (visits, funnels, what was reported of a page
//! view) belongs to one person. So what it books for the persons of one part does not depend on the other parts: counts
//! add up, and so do unique visitors, since nobody is in two parts. How many groups there are does not add up: groups are
//! found again by their names.

use std::collections::HashMap;
use std::io;

use super::count::Counter;
use super::day::Maker;
use super::fact::{Attribute, Fact};
use super::group::{Group, Id, Sums};
use super::rows::{self, Rows};
use super::{raw, rules, site};

/// Page views of a small day that is counted both ways.
const CHECKED: usize = 3_000;

/// What is known of a group when its persons have been counted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counted {
    /// Counts.
    pub sums: Sums,
    /// How many persons.
    pub visitors: u64,
}

impl Counted {
    fn add(&mut self, part: &Group) {
        self.sums += part.sums;
        self.visitors += part.visitors.len() as u64;
    }
}

/// All groups of a day as numbers.
#[derive(Default)]
pub struct Tally {
    /// Attributes by their numbers.
    pub names: Vec<Attribute>,
    /// By attribute.
    pub cells: HashMap<Id, Counted>,
    /// By hour and attribute.
    pub hours: HashMap<(i64, Id), Counted>,
    /// By two attributes, the smaller number first.
    pub crossings: HashMap<(Id, Id), Counted>,
    ids: HashMap<Attribute, Id>,
}

impl Tally {
    /// Counts all events of persons of whom none has been counted.
    fn count(&mut self, facts: &[Fact]) {
        let mut counter = Counter::new(rules());
        facts.iter().for_each(|fact| counter.count(fact));
        let ids: Vec<Id> = counter.names().iter().map(|name| self.id(name)).collect();
        let id = |of: Id| ids[of as usize];
        let Some(book) = counter.books.get(&0) else { return };
        for (of, group) in &book.cells {
            self.cells.entry(id(*of)).or_default().add(group);
        }
        for ((hour, of), group) in &book.hours {
            self.hours.entry((*hour, id(*of))).or_default().add(group);
        }
        for ((a, b), group) in &book.crossings {
            let [a, b] = [*a, *b].map(id);
            self.crossings.entry((a.min(b), a.max(b))).or_default().add(group);
        }
    }

    fn id(&mut self, name: &Attribute) -> Id {
        if let Some(id) = self.ids.get(name) {
            return *id;
        }
        let id = self.names.len() as Id;
        self.names.push(name.clone());
        self.ids.insert(name.clone(), id);
        id
    }
}

/// Counts the day of a seed with so many page views in parts, hands over the rows of each part's events, and returns
/// what a seal leaves.
pub fn count(
    maker: &Maker,
    (seed, pageviews): (usize, usize),
    parts: usize,
    mut events: impl FnMut(&str) -> io::Result<()>,
) -> io::Result<Rows> {
    let mut tally = Tally::default();
    for part in 0..parts {
        let facts = maker.day(seed as u64, pageviews, (part, parts));
        tally.count(&facts);
        events(&raw::rows(facts))?;
    }
    Ok(rows::rows(&tally, &site()))
}

/// An error when a day counted in parts has other rows than the same day counted at once.
pub fn check(maker: &Maker) -> io::Result<()> {
    let counted = |parts: usize| {
        let mut events = String::new();
        let sealed = count(maker, (1, CHECKED), parts, |rows| {
            events.push_str(rows);
            Ok(())
        })?;
        Ok::<_, io::Error>(([sealed.cells, sealed.crossings, events].map(in_order), sealed.open))
    };
    let at_once = counted(1)?;
    if at_once.0.iter().any(Vec::is_empty) {
        return Err(io::Error::other("a small day has no rows"));
    }
    for parts in [4, 7] {
        if counted(parts)? != at_once {
            return Err(io::Error::other(format!("a day counted in {parts} parts is not the day counted at once")));
        }
    }
    Ok(())
}

fn in_order(rows: String) -> Vec<String> {
    let mut rows: Vec<String> = rows.lines().map(str::to_owned).collect();
    rows.sort_unstable();
    rows
}
