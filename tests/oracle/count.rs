//! The counter with full knowledge: every event, every person, sets instead of sketches. It follows the written rules
//! of counting in the plainest way and shares nothing with the program.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::cap::Caps;
use super::fact::{
    Attribute, Days, ENTRY, EXIT, FUNNEL, Fact, GOAL, Kind, NEXT, NUMBER, PAGE, SECOND, THIRD, TOTAL, VITAL,
};
use super::group::{Book, Group, Id, Sums};
use super::rules::{HOURLY, ORIGIN, Rules, SEEN_IN_VISIT};
use super::visit::Visit;

/// Seconds without an event after which a visit is over.
const IDLE: i64 = 1800;

/// The counter.
#[derive(Debug, Default)]
pub struct Counter {
    /// What the owner has set up.
    pub rules: Rules,
    /// Groups by day.
    pub books: BTreeMap<i64, Book>,
    /// How many values there may be.
    pub caps: Caps,
    /// When days begin.
    pub days: Days,
    /// Days that are closed: what comes is late.
    pub closed: HashSet<i64>,
    names: Vec<Attribute>,
    ids: HashMap<Attribute, Id>,
    /// By two attributes, whether their crossing is kept: asked many times.
    kept: HashMap<(Id, Id), bool>,
    visits: HashMap<u32, Visit>,
    progress: HashMap<(i64, u32, usize), usize>,
}

impl Counter {
    /// A counter that has seen nothing.
    pub fn new(rules: Rules) -> Self {
        Self { rules, ..Self::default() }
    }

    /// The number of an attribute.
    pub fn id(&mut self, attribute: &Attribute) -> Id {
        if let Some(id) = self.ids.get(attribute) {
            return *id;
        }
        let id = self.names.len() as Id;
        self.names.push(attribute.clone());
        self.ids.insert(attribute.clone(), id);
        id
    }

    /// The number of an attribute that has been seen.
    pub fn known(&self, attribute: &Attribute) -> Option<Id> {
        self.ids.get(attribute).copied()
    }

    /// The attribute with this number.
    pub fn name(&self, id: Id) -> &Attribute {
        &self.names[id as usize]
    }

    /// All attributes, by their numbers.
    pub fn names(&self) -> &[Attribute] {
        &self.names
    }

    /// Counts one event.
    pub fn count(&mut self, fact: &Fact) {
        // A goal is reached by what happened, also when that has no cell of its own.
        let goals = self.rules.goals_of(fact);
        let capped = self.caps.admitted(fact, (self.day(fact), self.closed.contains(&self.day(fact))));
        let fact = capped.as_ref().unwrap_or(fact);
        match fact.who {
            None => self.count_of_nobody(fact, &goals),
            Some(who) => self.count_of(who, fact, &goals),
        }
    }

    fn count_of_nobody(&mut self, fact: &Fact, goals: &[&'static str]) {
        let mut sums = counts(fact);
        sums.engaged_n = i64::from(fact.engaged.is_some());
        sums.scroll_n = i64::from(fact.scroll.is_some());
        sums.engaged_secs = fact.engaged.unwrap_or(0);
        sums.scroll_sum = fact.scroll.unwrap_or(0);
        let mut attributes = fact.attributes.clone();
        attributes.extend(goals.iter().map(|goal| (GOAL, (*goal).to_owned())));
        let ids = self.ids_of(&attributes);
        self.book_event(fact, &ids, sums, None);
    }

    fn count_of(&mut self, who: u32, fact: &Fact, goals: &[&'static str]) {
        let running =
            self.visits.remove(&who).filter(|visit| fact.at - visit.last_at < IDLE && fact.at >= visit.first_at - IDLE);
        let begins = running.is_none() && fact.kind != Kind::Report;
        let mut visit = running.or_else(|| begins.then(|| Visit::begin(fact, self.when(fact))));
        let attributes = attributes_of(fact, visit.as_mut(), goals);
        let ids = self.ids_of(&attributes);
        let mut sums = counts(fact);
        if let Some(visit) = &mut visit {
            visit.samples(fact, &mut sums);
            self.advance(visit, fact, &ids, begins);
            self.move_pages(visit, fact, who);
        }
        self.book_event(fact, &ids, sums, Some(who));
        self.walk_funnels(who, fact, goals);
        self.visits.extend(visit.map(|visit| (who, visit)));
    }

    fn ids_of(&mut self, attributes: &[Attribute]) -> Vec<Id> {
        let mut ids: Vec<Id> = attributes.iter().map(|attribute| self.id(attribute)).collect();
        ids.push(self.id(&(TOTAL, String::new())));
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// The event itself, on its own day.
    fn book_event(&mut self, fact: &Fact, ids: &[Id], sums: Sums, who: Option<u32>) {
        for id in ids {
            let (sums, who) = self.of_group(fact, &[*id], sums, who);
            self.add(self.when(fact), *id, sums, who);
        }
        for (a, b) in self.pairs(ids) {
            let (sums, who) = self.of_group(fact, &[a, b], sums, who);
            self.add_pair(self.day(fact), (a, b), sums, who);
        }
    }

    /// What of an event belongs into a group: samples are counted everywhere where there are any, money only by currency.
    fn of_group(&self, fact: &Fact, ids: &[Id], mut sums: Sums, who: Option<u32>) -> (Sums, Option<u32>) {
        let is = |dimension| ids.iter().any(|id| self.name(*id).0 == dimension);
        let is_sample = is(VITAL) || is(NUMBER);
        if is_sample {
            sums.events = fact.n;
        }
        if !is(super::fact::CURRENCY) {
            sums.revenue = 0;
        }
        (sums, who.filter(|_| is_sample || fact.kind != Kind::Report))
    }

    /// Visits, bounces and seconds, all booked where the visit began.
    fn advance(&mut self, visit: &mut Visit, fact: &Fact, ids: &[Id], begins: bool) {
        let pairs = self.pairs(ids);
        if begins {
            visit.first = ids.to_vec();
            let began = Sums { visits: 1, bounces: 1, ..Sums::default() };
            self.book_first(visit, Sums { visits: 0, ..began });
            for id in ids
                .iter()
                .filter(|id| !SEEN_IN_VISIT.contains(&self.names[**id as usize].0))
                .copied()
                .collect::<Vec<_>>()
            {
                self.add((visit.day, visit.hour), id, Sums { visits: 1, ..Sums::default() }, None);
            }
        }
        let gap = (fact.at - visit.last_at).max(0);
        visit.last_at = visit.last_at.max(fact.at);
        self.book_first(visit, Sums { visit_secs: gap, ..Sums::default() });
        if fact.kind == Kind::Pageview {
            visit.pageviews += 1;
            if visit.pageviews == 2 {
                self.book_first(visit, Sums { bounces: -1, ..Sums::default() });
            }
        }
        if fact.kind == Kind::Report {
            // A report is no event: it begins nothing.
            return;
        }
        let once = Sums { visits: 1, ..Sums::default() };
        for id in ids {
            if SEEN_IN_VISIT.contains(&self.name(*id).0) && visit.seen.insert(*id) {
                self.add((visit.day, visit.hour), *id, once, None);
            }
        }
        for pair in pairs {
            if visit.seen_pairs.insert(pair) {
                self.add_pair(visit.day, pair, once, None);
            }
        }
    }

    /// Adds to the groups of the visit's first event.
    fn book_first(&mut self, visit: &Visit, sums: Sums) {
        if sums == Sums::default() {
            return;
        }
        for id in &visit.first {
            self.add((visit.day, visit.hour), *id, sums, None);
        }
        for pair in self.pairs(&visit.first) {
            self.add_pair(visit.day, pair, sums, None);
        }
    }

    /// Exit pages and journeys.
    fn move_pages(&mut self, visit: &mut Visit, fact: &Fact, who: u32) {
        let Some(page) = fact.value(PAGE).filter(|_| fact.kind == Kind::Pageview && fact.at >= visit.last_at) else {
            return;
        };
        let page = page.to_owned();
        if visit.exit.as_ref() != Some(&page) {
            if let Some(left) = visit.exit.replace(page.clone()) {
                self.book_exit(visit, &left, -1, who);
            }
            self.book_exit(visit, &page, 1, who);
        }
        if visit.trail.last() == Some(&page) {
            return;
        }
        if let Some(before) = visit.trail.last().cloned() {
            self.book_step(visit.day, [(PAGE, before), (NEXT, page.clone())], 0, who);
        }
        visit.trail.push(page);
        match &visit.trail[..] {
            [first, second] => {
                self.book_step(visit.day, [(ENTRY, first.clone()), (SECOND, second.clone())], 1, who);
            }
            [_, second, third] => {
                self.book_step(visit.day, [(SECOND, second.clone()), (THIRD, third.clone())], 1, who);
            }
            _ => {}
        }
    }

    fn book_exit(&mut self, visit: &Visit, page: &str, visits: i64, who: u32) {
        let exit = self.id(&(EXIT, page.to_owned()));
        let sums = Sums { visits, ..Sums::default() };
        let arrived = Some(who).filter(|_| visits > 0);
        self.add((visit.day, visit.hour), exit, sums, arrived);
        let left = self.books.entry(visit.day).or_default().left.entry(exit).or_default();
        *left.entry(who).or_default() += visits;
    }

    fn book_step(&mut self, day: i64, pair: [Attribute; 2], visits: i64, who: u32) {
        let [a, b] = pair.map(|attribute| self.id(&attribute));
        self.add_pair(day, (a.min(b), a.max(b)), Sums { events: 1, visits, ..Sums::default() }, Some(who));
    }

    fn walk_funnels(&mut self, who: u32, fact: &Fact, goals: &[&'static str]) {
        let when = self.when(fact);
        for (index, (id, steps)) in self.rules.funnels.clone().into_iter().enumerate() {
            let done = self.progress.entry((when.0, who, index)).or_default();
            if *done < steps.len() && goals.contains(&steps[*done]) {
                *done += 1;
                let cell = (FUNNEL, format!("{id}={done}"));
                let cell = self.id(&cell);
                self.add(when, cell, Sums { events: 1, ..Sums::default() }, Some(who));
            }
        }
    }

    fn day(&self, fact: &Fact) -> i64 {
        self.days.day(fact.at)
    }

    /// Day and hour.
    fn when(&self, fact: &Fact) -> (i64, i64) {
        (self.day(fact), self.days.hour(fact.at))
    }

    fn pairs(&mut self, ids: &[Id]) -> Vec<(Id, Id)> {
        let mut pairs = Vec::new();
        for (at, a) in ids.iter().enumerate() {
            for b in &ids[at + 1..] {
                if self.keeps(*a, *b) {
                    pairs.push((*a, *b));
                }
            }
        }
        pairs
    }

    fn keeps(&mut self, a: Id, b: Id) -> bool {
        let (rules, names) = (&self.rules, &self.names);
        *self.kept.entry((a, b)).or_insert_with(|| {
            let [(dim_a, value_a), (dim_b, value_b)] = [a, b].map(|id| &names[id as usize]);
            rules.keeps((dim_a, value_a), (dim_b, value_b))
        })
    }

    fn add(&mut self, (day, hour): (i64, i64), id: Id, sums: Sums, who: Option<u32>) {
        let hourly = HOURLY.contains(&self.name(id).0);
        let book = self.books.entry(day).or_default();
        put(book.cells.entry(id).or_default(), sums, who);
        if hourly {
            put(book.hours.entry((hour, id)).or_default(), sums, who);
        }
    }

    fn add_pair(&mut self, day: i64, pair: (Id, Id), sums: Sums, who: Option<u32>) {
        put(self.books.entry(day).or_default().crossings.entry(pair).or_default(), sums, who);
    }
}

fn put(group: &mut Group, sums: Sums, who: Option<u32>) {
    group.sums += sums;
    group.visitors.extend(who);
}

/// What the event is counted under: its own attributes, those the visit decides, its goals.
fn attributes_of(fact: &Fact, visit: Option<&mut Visit>, goals: &[&str]) -> Vec<Attribute> {
    let mut attributes = fact.attributes.clone();
    if let Some(visit) = visit {
        attributes.retain(|(dimension, _)| !ORIGIN.contains(dimension));
        attributes.extend(visit.origin.iter().cloned());
        if fact.kind == Kind::Pageview && visit.entry.is_none() {
            visit.entry = fact.value(PAGE).map(str::to_owned);
        }
        attributes.extend(visit.entry.iter().map(|page| (ENTRY, page.clone())));
    }
    attributes.extend(goals.iter().map(|goal| (GOAL, (*goal).to_owned())));
    attributes
}

/// What an event adds by itself.
fn counts(fact: &Fact) -> Sums {
    let pageviews = if fact.kind == Kind::Pageview { fact.n } else { 0 };
    let events = if fact.kind == Kind::Report { 0 } else { fact.n };
    Sums { pageviews, events, revenue: fact.revenue, ..Sums::default() }
}
