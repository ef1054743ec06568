//! What the oracle knows of groups of events: counts, and sets of persons instead of sketches.

use std::collections::{HashMap, HashSet};

/// What is known of a group of events.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// Counts.
    pub sums: Sums,
    /// Persons.
    pub visitors: HashSet<u32>,
}

/// Counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Page views.
    pub pageviews: i64,
    /// Events.
    pub events: i64,
    /// Visits.
    pub visits: i64,
    /// Visits with one page view at the most.
    pub bounces: i64,
    /// Seconds between the first and last event of visits.
    pub visit_secs: i64,
    /// Seconds of attention.
    pub engaged_secs: i64,
    /// Page views that reported attention.
    pub engaged_n: i64,
    /// Furthest scroll positions.
    pub scroll_sum: i64,
    /// Page views that reported a scroll position.
    pub scroll_n: i64,
    /// Payments in the smallest unit.
    pub revenue: i64,
}

impl std::ops::AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.pageviews += other.pageviews;
        self.events += other.events;
        self.visits += other.visits;
        self.bounces += other.bounces;
        self.visit_secs += other.visit_secs;
        self.engaged_secs += other.engaged_secs;
        self.engaged_n += other.engaged_n;
        self.scroll_sum += other.scroll_sum;
        self.scroll_n += other.scroll_n;
        self.revenue += other.revenue;
    }
}

/// An attribute as a small number.
pub type Id = u32;

/// All groups of a day.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// By attribute.
    pub cells: HashMap<Id, Group>,
    /// By hour and attribute.
    pub hours: HashMap<(i64, Id), Group>,
    /// By two attributes, the smaller number first.
    pub crossings: HashMap<(Id, Id), Group>,
    /// By exit page: who has how many visits that ended there.
    pub left: HashMap<Id, HashMap<u32, i64>>,
}
