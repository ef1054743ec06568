//! A visit as the oracle follows it. Counted by `count`.

use std::collections::HashSet;

use super::fact::{Attribute, CHANNEL, Fact, Kind, SOURCE};
use super::group::{Id, Sums};
use super::rules::ORIGIN;

/// A visit as it goes on.
#[derive(Clone, Debug)]
pub struct Visit {
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) first_at: i64,
    pub(super) last_at: i64,
    /// Attributes of the first event.
    pub(super) first: Vec<Id>,
    /// Attributes of where it came from.
    pub(super) origin: Vec<Attribute>,
    pub(super) pageviews: i64,
    pub(super) entry: Option<String>,
    pub(super) exit: Option<String>,
    /// Different pages in a row.
    pub(super) trail: Vec<String>,
    pub(super) seen: HashSet<Id>,
    pub(super) seen_pairs: HashSet<(Id, Id)>,
    /// What was reported of the current page view: attention, and the furthest scroll position.
    pub(super) engaged: bool,
    pub(super) scrolled: Option<i64>,
}

impl Visit {
    /// The visit that begins with this event, on a day at an hour.
    pub fn begin(fact: &Fact, (day, hour): (i64, i64)) -> Self {
        let is_origin = |(dimension, _): &&Attribute| ORIGIN.contains(dimension);
        let mut origin: Vec<Attribute> = fact.attributes.iter().filter(is_origin).cloned().collect();
        if fact.value(SOURCE).is_none() {
            origin.extend([(SOURCE, "(direct)".to_owned()), (CHANNEL, "Direct".to_owned())]);
        }
        Self {
            day,
            hour,
            first_at: fact.at,
            last_at: fact.at,
            first: Vec::new(),
            origin,
            pageviews: 0,
            entry: None,
            exit: None,
            trail: Vec::new(),
            seen: HashSet::new(),
            seen_pairs: HashSet::new(),
            engaged: false,
            scrolled: None,
        }
    }

    /// Averages are per page view: its first report counts one, further ones only what they add.
    pub fn samples(&mut self, fact: &Fact, sums: &mut Sums) {
        if fact.kind == Kind::Pageview {
            (self.engaged, self.scrolled) = (false, None);
        }
        if let Some(secs) = fact.engaged {
            sums.engaged_secs = secs;
            sums.engaged_n = i64::from(!std::mem::replace(&mut self.engaged, true));
        }
        if let Some(percent) = fact.scroll {
            let before = self.scrolled.unwrap_or(0);
            sums.scroll_n = i64::from(self.scrolled.is_none());
            sums.scroll_sum = (percent - before).max(0);
            self.scrolled = Some(percent.max(before));
        }
    }
}
