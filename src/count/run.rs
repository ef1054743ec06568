//! What an event of a visitor counts, beside itself: visits, entry and exit pages, journeys, engagement, funnels.
//!
//! Called by [`super::fold`] with the events of one visitor's day in order of time. Everything goes to
//! [`super::books`]. Changes of a visit are booked on the day, the hour and the attributes of its first event, also
//! past midnight; the events themselves on their own day.

use super::books::{Books, Entry, Known, Who};
use super::items::{Items, NONE};
use super::seen::{Novel, Seen};
use super::visit::{Entered, JOURNEY, Visit, counts, first_report};
use super::visits::Present;
use super::window::Row;
use crate::model::{DIRECT, DIRECT_CHANNEL, Dimension, EventKind, Hour, Measure, Measures};

/// The events of one visitor's day, or of nobody's.
pub(super) struct Run<'a> {
    pub items: &'a mut Items,
    pub books: &'a mut Books,
    pub site_day: u32,
    pub now: i64,
    pub scratch: &'a mut Scratch,
}

/// Space kept from run to run.
#[derive(Default)]
pub(super) struct Scratch {
    /// The items of the event, sorted.
    pub set: Vec<u32>,
    /// The same on the day the visit began on, when that is another one.
    home: Vec<u32>,
    novel: Novel,
    fresh: Vec<u32>,
}

impl Run<'_> {
    /// Counts an event of nobody: its day is late, or it brought only numbers.
    pub fn anonymous(&mut self, row: &Row) {
        self.book(row, first_report(row), None, &[]);
        self.books.end_run(self.items, None);
    }

    /// Counts an event of a visitor. Its items are in `scratch.set`.
    pub fn event(&mut self, present: &mut Present, row: &Row, who: Who) {
        self.visit_event(present, row, who);
        if row.kind != EventKind::Report {
            self.funnels(present, who);
        }
    }

    fn visit_event(&mut self, present: &mut Present, row: &Row, who: Who) {
        let (page, now) = (self.find(Dimension::Page), self.now);
        let Some((visit, is_first)) = present.visit_of(self.site_day, row, now) else {
            return self.book(row, first_report(row), Some(who), &[]);
        };
        let moves = visit.follow(row.at, now);
        if is_first {
            self.arrive();
        } else {
            self.inherit(visit);
        }
        let page = if page == NONE { NONE } else { self.items.like(page, visit.site_day, Dimension::Page) };
        if row.kind == EventKind::Pageview {
            visit.view(row.n);
            self.view(visit, page, is_first, moves);
        }
        let reported = visit.report(row, page);
        self.scratch.fresh.clear();
        if is_first {
            visit.seen = Seen::begin(&self.scratch.set);
        } else if row.kind != EventKind::Report {
            self.novelties(visit);
        }
        let fresh = std::mem::take(&mut self.scratch.fresh);
        self.book(row, reported, Some(who), &fresh);
        self.scratch.fresh = fresh;
    }

    fn book(&mut self, row: &Row, reported: Measures, who: Option<Who>, fresh: &[u32]) {
        let mut measures = counts(row);
        measures += reported;
        let samples = if row.kind == EventKind::Report { i64::from(row.n.max(1)) } else { 0 };
        let (site_day, hour, revenue) = (self.site_day, row.hour, row.revenue_minor);
        let entry = Entry { site_day, hour, measures, revenue, samples, who };
        self.books.book(entry, &self.scratch.set, fresh);
    }

    /// The item of the event in this dimension, or [`NONE`].
    fn find(&self, dimension: Dimension) -> u32 {
        let mut of = self.scratch.set.iter().copied().filter(|item| self.items.dimension(*item) == dimension);
        of.next().unwrap_or(NONE)
    }

    /// A visit that begins with a step within the site came from nowhere else: somebody goes on after a pause.
    fn arrive(&mut self) {
        if [Dimension::Source, Dimension::Channel].into_iter().any(|origin| self.find(origin) != NONE) {
            return;
        }
        for (dimension, value) in [(Dimension::Source, DIRECT), (Dimension::Channel, DIRECT_CHANNEL)] {
            let item = self.items.admit(self.site_day, dimension, value);
            put(&mut self.scratch.set, item);
        }
    }

    /// The first event of a visit decides where it came from and where it entered.
    fn inherit(&mut self, visit: &Visit) {
        let Self { items, scratch, site_day, .. } = self;
        scratch.set.retain(|item| !is_of_visit(items.dimension(*item)));
        for item in visit.seen.first() {
            let dimension = items.dimension(*item);
            if is_of_visit(dimension) {
                let here = if visit.site_day == *site_day { *item } else { items.like(*item, *site_day, dimension) };
                put(&mut scratch.set, here);
            }
        }
    }

    /// A page view: entry page, page of now, journey. `page` is an item of the visit's day.
    fn view(&mut self, visit: &mut Visit, page: u32, is_first: bool, moves: bool) {
        if page == NONE {
            return;
        }
        if visit.entry == NONE {
            visit.entry = self.items.like(page, visit.site_day, Dimension::EntryPage);
            if !is_first {
                self.enter_late(visit);
            }
            let here = self.items.like(visit.entry, self.site_day, Dimension::EntryPage);
            put(&mut self.scratch.set, here);
        }
        if !moves && visit.page != NONE {
            return;
        }
        visit.steps = visit.steps.max(1);
        if let Some(before) = visit.turn_to(page) {
            self.journey(visit, before);
        }
    }

    /// A visit that began without a page has its entry page now, with all it has booked so far.
    fn enter_late(&mut self, visit: &mut Visit) {
        let (entry, past) = (visit.entry, visit.booked.measures());
        if !past.is_zero() {
            self.books.cell(self.items, (entry, visit.hour), &past, None);
            for item in visit.seen.first() {
                self.books.pair(self.items, (entry, *item), past, None);
            }
        }
        visit.seen.put_first(entry);
        visit.entered = Entered::Unknown;
    }

    /// From the page before to the page of now.
    fn journey(&mut self, visit: &mut Visit, before: u32) {
        let who = Some(self.books.pairs.visitor(visit.home));
        let (mut step, mut first) = (Measures::default(), Measures::default());
        step[Measure::Events] = 1;
        first[Measure::Events] = 1;
        first[Measure::Visits] = 1;
        let next = self.items.like(visit.page, visit.site_day, Dimension::NextPage);
        self.books.pair(self.items, (before, next), step, who);
        if visit.steps >= JOURNEY || visit.entry == NONE {
            return;
        }
        let (from, dimension) = match visit.steps {
            1 => (visit.entry, Dimension::SecondPage),
            _ => (visit.second, Dimension::ThirdPage),
        };
        let to = self.items.like(visit.page, visit.site_day, dimension);
        self.books.pair(self.items, (from, to), first, who);
        visit.steps += 1;
        visit.second = to;
    }

    /// Counts the visit under values and pairs of values that come for the first time in it.
    fn novelties(&mut self, visit: &mut Visit) {
        let is_home = visit.site_day == self.site_day;
        let Scratch { set, home, novel, fresh } = &mut *self.scratch;
        if !is_home {
            home.clear();
            for item in set.iter() {
                home.push(self.items.like(*item, visit.site_day, self.items.dimension(*item)));
            }
            home.sort_unstable();
            home.dedup();
        }
        let set = if is_home { &*set } else { &*home };
        let items = &*self.items;
        visit.seen.note(set, |item| items.get(item).crosses, novel);
        let mut visits = Measures::default();
        visits[Measure::Visits] = 1;
        for item in &novel.fresh {
            if is_of_page(self.items.dimension(*item)) {
                self.books.cell(self.items, (*item, visit.hour), &visits, None);
            }
        }
        for pair in &novel.pairs {
            self.books.pair(self.items, *pair, visits, None);
        }
        if is_home {
            fresh.extend(novel.fresh.iter().filter(|item| items.get(**item).crosses));
            return;
        }
        for (at, item) in novel.fresh.iter().enumerate() {
            for other in set.iter().filter(|other| !novel.fresh[..=at].contains(other)) {
                self.books.pair(self.items, (*item, *other), visits, None);
            }
        }
    }

    /// A visitor's progress: an event that carries the goal of the next step of a funnel is a step.
    fn funnels(&mut self, present: &mut Present, who: Who) {
        let site = self.items.days.get(self.site_day).site.clone();
        if site.funnels.is_empty() || self.find(Dimension::Goal) == NONE {
            return;
        }
        let goals: Vec<u32> = self.scratch.set.to_vec();
        let mut one = Measures::default();
        one[Measure::Events] = 1;
        for funnel in &site.funnels {
            let id = self.items.item(self.site_day, Dimension::Funnel, &funnel.id);
            let step = present.person.step(id);
            let Some(wanted) = funnel.steps.get(usize::from(*step)) else { continue };
            let reached =
                |item: &u32| self.items.dimension(*item) == Dimension::Goal && self.items.value(*item) == &**wanted;
            if goals.iter().any(reached) {
                *step += 1;
                let value = format!("{}={step}", funnel.id);
                let item = self.items.admit(self.site_day, Dimension::Funnel, &value);
                self.books.cell(self.items, (item, Hour::WHOLE_DAY), &one, Some(who));
            }
        }
    }

    /// Books what the run changed of each visit, once, and makes the crossings of the run.
    pub fn end(&mut self, present: &mut Present) {
        for visit in present.visits() {
            let change = visit.total.minus(visit.booked);
            visit.booked = visit.total;
            if !change.measures().is_zero() {
                let entry = Entry::of(visit.site_day, visit.hour, change.measures());
                self.books.book(entry, visit.seen.first(), &[]);
            }
            if visit.page != visit.exit {
                let before = std::mem::replace(&mut visit.exit, visit.page);
                self.exit(visit, before, -1);
                self.exit(visit, visit.page, 1);
            }
        }
        let known = present.visits().find(|visit| visit.entered == Entered::Before);
        let known = known.map(|visit| Known { site_day: visit.site_day, hour: visit.hour, items: visit.seen.first() });
        self.books.end_run(self.items, known.as_ref());
        for visit in present.visits().filter(|visit| visit.entered == Entered::Now) {
            visit.entered = Entered::Before;
        }
    }

    fn exit(&mut self, visit: &Visit, page: u32, visits: i64) {
        if page == NONE {
            return;
        }
        let exit = self.items.like(page, visit.site_day, Dimension::ExitPage);
        let mut measures = Measures::default();
        measures[Measure::Visits] = visits;
        let who = (visits > 0).then(|| self.books.pairs.visitor(visit.home));
        self.books.cell(self.items, (exit, Hour::WHOLE_DAY), &measures, who);
    }
}

fn put(set: &mut Vec<u32>, item: u32) {
    if let Err(place) = set.binary_search(&item) {
        set.insert(place, item);
    }
}

/// Dimensions in which the first event of a visit decides for all of them.
fn is_of_visit(dimension: Dimension) -> bool {
    use Dimension::{Channel, EntryPage, Referrer, Source, UtmCampaign, UtmContent, UtmMedium, UtmSource, UtmTerm};
    matches!(
        dimension,
        Source | Channel | Referrer | UtmSource | UtmMedium | UtmCampaign | UtmTerm | UtmContent | EntryPage
    )
}

/// Dimensions whose values a visit meets one after the other: it counts under each.
fn is_of_page(dimension: Dimension) -> bool {
    matches!(dimension, Dimension::Page | Dimension::Section | Dimension::Event | Dimension::Goal | Dimension::Prop)
}

#[cfg(test)]
mod entered;
#[cfg(test)]
mod naive;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
