//! The events of one thread between two commits, as columns of small integers. In memory only.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use super::intern::Interner;
use crate::model::{Day, Dimension, Event, EventKind, Hour, Site, SiteId, Visitor};

/// Hits that asked not to be counted: all that is kept of them.
pub struct OptOut {
    /// The site they were meant for.
    pub site: Arc<Site>,
    /// The site-local day on which they arrived.
    pub day: Day,
    /// How many such hits came together.
    pub hits: u32,
}

/// One event, its attributes replaced by numbers. Rows are counted in another order than they came, so each fits into
/// one line of the processor's cache.
pub(super) struct Row {
    visitor: Visitor,
    is_known: bool,
    /// Position of the visitor of the day before, counted from 1.
    before: u32,
    pub site_day: u32,
    pub hour: Hour,
    pub at: i64,
    pub kind: EventKind,
    pub n: u32,
    pub engaged_secs: Option<u32>,
    pub scroll_pct: Option<u8>,
    pub revenue_minor: i64,
    pub is_live: bool,
    first_attribute: u32,
    attributes: u16,
}

const _: () = assert!(size_of::<Row>() == 64);

impl Row {
    /// Who it was, if that is known.
    pub fn visitor(&self) -> Option<Visitor> {
        self.is_known.then_some(self.visitor)
    }
}

/// How far a window was filled at some moment.
pub struct Mark {
    rows: usize,
    attributes: usize,
    opted_out: Vec<(u32, i64)>,
}

/// The events of one thread between two commits.
#[derive(Default)]
pub struct Window {
    /// Attributes: site-day, dimension and value, written once.
    known: Interner<(u32, Dimension)>,
    site_days: Vec<(Arc<Site>, Day)>,
    site_day_numbers: HashMap<(SiteId, Day), u32, foldhash::fast::RandomState>,
    rows: Vec<Row>,
    /// When each row came.
    arrivals: Vec<Instant>,
    before: Vec<Visitor>,
    attributes: Vec<u32>,
    opted_out: Vec<(u32, i64)>,
}

impl Window {
    /// Takes an event in.
    pub fn count(&mut self, event: &Event<'_>) {
        let first_attribute = u32::try_from(self.attributes.len()).unwrap_or(u32::MAX);
        let site_day = self.site_day(&event.site, event.day);
        // A client's limits keep events far below this number of attributes.
        let taken = event.attributes.len().min(usize::from(u16::MAX));
        for attribute in &event.attributes[..taken] {
            let number = self.known.number((site_day, attribute.dimension), &attribute.value);
            self.attributes.push(number);
        }
        let row = Row {
            site_day,
            hour: event.hour,
            at: event.at,
            kind: event.kind,
            visitor: event.visitor.unwrap_or(Visitor(0)),
            is_known: event.visitor.is_some(),
            before: event.before.map_or(0, |before| self.before(before)),
            n: event.n,
            engaged_secs: event.engaged_secs,
            scroll_pct: event.scroll_pct,
            revenue_minor: event.revenue_minor,
            is_live: event.is_live,
            first_attribute,
            attributes: taken as u16,
        };
        self.rows.push(row);
        self.arrivals.push(event.arrived);
    }

    /// Adds to the number of opted-out hits of a site and day.
    pub fn count_opt_out(&mut self, hit: &OptOut) {
        let number = self.site_day(&hit.site, hit.day);
        match self.opted_out.iter_mut().find(|(site_day, _)| *site_day == number) {
            Some((_, hits)) => *hits += i64::from(hit.hits),
            None => self.opted_out.push((number, i64::from(hit.hits))),
        }
    }

    /// A place to come back to with [`Window::rewind`].
    pub fn mark(&self) -> Mark {
        Mark { rows: self.rows.len(), attributes: self.attributes.len(), opted_out: self.opted_out.clone() }
    }

    /// Takes back everything counted since `mark`.
    pub fn rewind(&mut self, mark: Mark) {
        self.rows.truncate(mark.rows);
        self.arrivals.truncate(mark.rows);
        self.attributes.truncate(mark.attributes);
        self.opted_out = mark.opted_out;
    }

    /// Empties the window and keeps the room it took.
    pub fn clear(&mut self) {
        self.known.clear();
        self.site_days.clear();
        self.site_day_numbers.clear();
        self.rows.clear();
        self.arrivals.clear();
        self.before.clear();
        self.attributes.clear();
        self.opted_out.clear();
    }

    /// Whether there is nothing to commit.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.opted_out.is_empty()
    }

    /// Roughly the bytes held, so that a stalled disk cannot fill the memory.
    pub fn weight(&self) -> usize {
        self.rows.len() * (size_of::<Row>() + size_of::<Instant>())
            + self.attributes.len() * size_of::<u32>()
            + self.known.bytes()
    }

    /// What the numbers of [`Window::attributes`] stand for: (site-day, dimension) and value.
    pub(super) fn known(&self) -> &Interner<(u32, Dimension)> {
        &self.known
    }

    pub(super) fn site_days(&self) -> &[(Arc<Site>, Day)] {
        &self.site_days
    }

    /// For each site-day, whether an event was counted on it, not only an opted-out hit.
    pub(super) fn counted_site_days(&self) -> Vec<bool> {
        let mut counted = vec![false; self.site_days.len()];
        self.rows.iter().for_each(|row| counted[row.site_day as usize] = true);
        counted
    }

    /// The pseudonym of the day before of who a row is of.
    pub(super) fn before_of(&self, row: &Row) -> Option<Visitor> {
        (row.before as usize).checked_sub(1).and_then(|at| self.before.get(at)).copied()
    }

    /// When each of [`Window::rows`] came.
    pub(super) fn arrivals(&self) -> &[Instant] {
        &self.arrivals
    }

    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub(super) fn attributes(&self, row: &Row) -> &[u32] {
        let first = row.first_attribute as usize;
        &self.attributes[first..first + usize::from(row.attributes)]
    }

    pub(super) fn opted_out(&self) -> &[(u32, i64)] {
        &self.opted_out
    }

    fn before(&mut self, visitor: Visitor) -> u32 {
        self.before.push(visitor);
        u32::try_from(self.before.len()).unwrap_or(0)
    }

    fn site_day(&mut self, site: &Arc<Site>, day: Day) -> u32 {
        let same = |(known, known_day): &(Arc<Site>, Day)| *known_day == day && known.id == site.id;
        if self.site_days.last().is_some_and(same) {
            return u32::try_from(self.site_days.len() - 1).unwrap_or(u32::MAX);
        }
        *self.site_day_numbers.entry((site.id.clone(), day)).or_insert_with(|| {
            self.site_days.push((site.clone(), day));
            u32::try_from(self.site_days.len() - 1).unwrap_or(u32::MAX)
        })
    }
}
