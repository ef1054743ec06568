//! Totals by day and group, and what reads files into them. Called by [`super::Laying`].

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::import::skip::Skip;

/// What is counted of a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Unique visitors; of rows that are added up, their sum.
    pub visitors: u64,
    /// Page views.
    pub pageviews: u64,
    /// Events, page views among them.
    pub events: u64,
    /// Visits.
    pub visits: u64,
    /// Visits of one page view.
    pub bounces: u64,
    /// Seconds of all visits together.
    pub visit_secs: u64,
    /// Seconds pages were looked at.
    pub engaged_secs: u64,
    /// Page views of which that is known.
    pub engaged_n: u64,
    /// Furthest scroll positions added up.
    pub scroll_pct_sum: u64,
    /// Page views of which that is known.
    pub scroll_n: u64,
}

impl Counts {
    fn add(&mut self, other: &Self) {
        self.visitors = self.visitors.saturating_add(other.visitors);
        self.pageviews = self.pageviews.saturating_add(other.pageviews);
        self.events = self.events.saturating_add(other.events);
        self.visits = self.visits.saturating_add(other.visits);
        self.bounces = self.bounces.saturating_add(other.bounces);
        self.visit_secs = self.visit_secs.saturating_add(other.visit_secs);
        self.engaged_secs = self.engaged_secs.saturating_add(other.engaged_secs);
        self.engaged_n = self.engaged_n.saturating_add(other.engaged_n);
        self.scroll_pct_sum = self.scroll_pct_sum.saturating_add(other.scroll_pct_sum);
        self.scroll_n = self.scroll_n.saturating_add(other.scroll_n);
    }
}

/// The groups of a day, by code of the dimension and value.
#[derive(Debug, Default)]
pub struct Book(pub(super) BTreeMap<Date, Groups>);

/// Reads the files of a product into the book.
pub trait Reader {
    /// Whether there is anything in a file of this name; what follows are its records.
    fn begin(&mut self, file: &str) -> bool;

    /// Adds a record to the book.
    ///
    /// # Errors
    /// Why it is none.
    fn take(&mut self, record: &str, book: &mut Book) -> Result<(), Skip>;

    /// The file has ended.
    ///
    /// # Errors
    /// Why nothing in it could be read.
    fn end(&mut self) -> Result<(), &'static str> {
        Ok(())
    }

    /// All files have ended: what follows from them together.
    fn close(&mut self, _book: &mut Book) {}

    /// Events since this was last asked whose country has a name that is not known.
    fn unplaced(&mut self) -> u64 {
        0
    }
}

/// Counts by code of the dimension and value.
pub type Groups = BTreeMap<(&'static str, String), Counts>;

impl Book {
    /// Adds a row to a group.
    pub fn add(&mut self, day: Date, dimension: &'static str, value: impl Into<String>, counts: &Counts) {
        self.0.entry(day).or_default().entry((dimension, value.into())).or_default().add(counts);
    }

    /// Page views of a day of which only parts are known: as many as the largest part has.
    pub fn at_least(&mut self, day: Date, pageviews: u64) {
        let total = self.0.entry(day).or_default().entry(("total", String::new())).or_default();
        total.pageviews = total.pageviews.max(pageviews);
    }

    /// Events of a day that are in its totals only once every file is read: those that are no page views.
    pub fn complete(&mut self) {
        for groups in self.0.values_mut() {
            let named: u64 = groups
                .iter()
                .filter(|((dimension, name), _)| *dimension == "event" && name != "pageview")
                .fold(0, |sum, (_, counts)| counts.events.saturating_add(sum));
            if let Some(total) = groups.get_mut(&("total", String::new())) {
                total.events = total.pageviews.saturating_add(named);
                let seen = Counts { events: total.pageviews, ..*total };
                groups.insert(("event", "pageview".to_owned()), seen);
            }
        }
        // A day of which only parts are known is none.
        self.0.retain(|_, groups| groups.contains_key(&("total", String::new())));
    }
}
