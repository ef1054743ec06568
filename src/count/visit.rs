//! One visit: events of a visitor with less than half an hour between them, and what they change.
//!
//! Called by [`super::run`]; knows times and items, not texts and not where its changes are booked.

use super::items::NONE;
use super::seen::Seen;
use super::window::Row;
use crate::model::{EventKind, Hour, Measure, Measures, Visitor};

/// A visit ends when so many seconds pass without an event.
pub(super) const IDLE_SECONDS: i64 = 1_800;

/// Steps of a journey that are kept.
pub(super) const JOURNEY: u8 = 3;

/// What a visit has added to the cells of its first event.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Deltas {
    pub visits: i64,
    pub bounces: i64,
    pub secs: i64,
}

impl Deltas {
    pub fn measures(self) -> Measures {
        let mut measures = Measures::default();
        measures[Measure::Visits] = self.visits;
        measures[Measure::Bounces] = self.bounces;
        measures[Measure::VisitSecs] = self.secs;
        measures
    }

    pub fn minus(self, other: Self) -> Self {
        Self { visits: self.visits - other.visits, bounces: self.bounces - other.bounces, secs: self.secs - other.secs }
    }
}

/// Whether a visitor was entered under the attributes of the visit's first event and all pairs of them. Entering
/// somebody again changes no sketch, so later commits leave it out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Entered {
    /// By the commit at hand.
    Now,
    /// By a commit before. It is on disk: none follows one that is not.
    Before,
    /// Not certain: other pairs are kept by now, or other attributes count as those of the first event.
    Unknown,
}

/// A visit. Its items are those of the day it began on.
#[derive(Clone)]
pub(super) struct Visit {
    /// Whose it is, by the pseudonym of the day it began on.
    pub home: Visitor,
    pub site_day: u32,
    pub hour: Hour,
    pub first_at: i64,
    pub last_at: i64,
    /// When something of it arrived last.
    pub arrived: i64,
    pub pageviews: u32,
    pub seen: Seen,
    /// Its entry page, among the items of its first event.
    pub entry: u32,
    /// The page looked at now.
    pub page: u32,
    /// The second page of its journey.
    pub second: u32,
    /// Pages of its journey so far, [`JOURNEY`] at the most.
    pub steps: u8,
    /// Whether the page view of now has reported engagement, and how far it was scrolled.
    pub engaged: bool,
    pub scroll: Option<u8>,
    /// What it has added, and how much of that is booked.
    pub total: Deltas,
    pub booked: Deltas,
    /// The page that is booked as its exit page.
    pub exit: u32,
    pub entered: Entered,
}

impl Visit {
    /// A visit that begins with `row` on its own day.
    pub fn begin(home: Visitor, site_day: u32, row: &Row, now: i64) -> Self {
        Self {
            home,
            site_day,
            hour: row.hour,
            first_at: row.at,
            last_at: row.at,
            arrived: now,
            pageviews: 0,
            seen: Seen::default(),
            entry: NONE,
            page: NONE,
            second: NONE,
            steps: 0,
            engaged: false,
            scroll: None,
            total: Deltas { visits: 1, bounces: 1, secs: 0 },
            booked: Deltas::default(),
            exit: NONE,
            entered: Entered::Now,
        }
    }

    /// Whether an event at this time is one of its own; one that comes late may lie before its first.
    pub fn holds(&self, at: i64) -> bool {
        at >= self.first_at - IDLE_SECONDS && at < self.last_at + IDLE_SECONDS
    }

    /// Whether no further event is to be expected.
    pub fn is_over(&self, now: i64, idle: i64) -> bool {
        self.arrived + idle <= now && self.last_at + idle <= now
    }

    /// Takes the time of an event in. Returns whether it moves the visit: one that comes late does not.
    pub fn follow(&mut self, at: i64, now: i64) -> bool {
        self.arrived = now;
        if at < self.last_at {
            return false;
        }
        self.total.secs += at - self.last_at;
        self.last_at = at;
        true
    }

    /// Takes page views in: with the second one, the visit is no bounce.
    pub fn view(&mut self, n: u32) {
        let before = self.pageviews;
        self.pageviews = before.saturating_add(n);
        if before < 2 && self.pageviews >= 2 {
            self.total.bounces -= 1;
        }
    }

    /// A page view of `page` is the one of now. Returns the page before, if it was another one.
    pub fn turn_to(&mut self, page: u32) -> Option<u32> {
        (self.engaged, self.scroll) = (false, None);
        let before = std::mem::replace(&mut self.page, page);
        (before != NONE && before != page).then_some(before)
    }

    /// What a report adds that is about `page`. Sums are kept per page view, so that a mean can be had: only the first
    /// report counts one, and of scroll positions only what goes beyond the one before.
    pub fn report(&mut self, row: &Row, page: u32) -> Measures {
        if page != NONE && self.page != NONE && page != self.page {
            let mut measures = Measures::default();
            measures[Measure::EngagedSecs] = i64::from(row.engaged_secs.unwrap_or(0));
            return measures;
        }
        let mut measures = first_report(row);
        if row.engaged_secs.is_some() && std::mem::replace(&mut self.engaged, true) {
            measures[Measure::EngagedN] = 0;
        }
        if let (Some(furthest), Some(known)) = (row.scroll_pct, self.scroll) {
            measures[Measure::ScrollPctSum] = i64::from(furthest.saturating_sub(known));
            measures[Measure::ScrollN] = 0;
        }
        self.scroll = self.scroll.max(row.scroll_pct);
        measures
    }
}

/// What an event reports of a page view of which nothing is known.
pub(super) fn first_report(row: &Row) -> Measures {
    let mut measures = Measures::default();
    measures[Measure::EngagedSecs] = i64::from(row.engaged_secs.unwrap_or(0));
    measures[Measure::EngagedN] = i64::from(row.engaged_secs.is_some());
    measures[Measure::ScrollPctSum] = i64::from(row.scroll_pct.unwrap_or(0));
    measures[Measure::ScrollN] = i64::from(row.scroll_pct.is_some());
    measures
}

/// What an event counts by itself.
pub(super) fn counts(row: &Row) -> Measures {
    let mut measures = Measures::default();
    let n = i64::from(row.n);
    measures[Measure::Pageviews] = if row.kind == EventKind::Pageview { n } else { 0 };
    measures[Measure::Events] = if row.kind == EventKind::Report { 0 } else { n };
    measures
}
