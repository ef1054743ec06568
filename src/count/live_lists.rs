//! What is looked at now: who was seen in the last half hour under which page, source and country. In memory only, part
//! of [`super::live::Live`]; what may be shown of it is decided in `stats`.
//!
//! Only visitors of one day are held: at midnight a person gets another pseudonym, and two of them would count as two
//! towards k.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use super::last_seen::LastSeen;
use super::live::SHOWN_MINUTES;
use crate::model::{Day, Dimension, Visitor};

/// What is listed, in the order of [`Tally::lists`].
pub const LISTED: [Dimension; 3] = [Dimension::Page, Dimension::Source, Dimension::Country];

/// Visitors of a site, and visitors of its values together, that are remembered: about four megabytes each. Beyond, the
/// numbers stand still.
const MOST_SEEN: usize = 150_000;
/// Values of a list that are remembered, so that made-up paths cannot fill the memory.
const MOST_VALUES: usize = 2_000;

/// What a commit saw under one value.
pub struct Looked<'w> {
    /// One of [`LISTED`].
    pub dimension: Dimension,
    /// The value.
    pub value: &'w str,
    /// Who.
    pub visitors: Vec<Visitor>,
}

/// The last half hour in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Visitors.
    pub visitors: u64,
    /// One per dimension of [`LISTED`].
    pub lists: [ListTally; 3],
}

/// The last half hour by the values of a dimension.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListTally {
    /// Visitors by value, in no order.
    pub values: Vec<(Box<str>, u64)>,
    /// Visitors under no value.
    pub without: u64,
}

#[derive(Default)]
pub(super) struct Lists {
    day: Option<Day>,
    everybody: LastSeen,
    values: [HashMap<Box<str>, LastSeen, RandomState>; 3],
    seen: usize,
}

impl Lists {
    /// Notes who was here on `day`, and under what. Those of an earlier day are forgotten.
    pub fn note<'w>(&mut self, day: Day, visitors: &[Visitor], looked: impl Iterator<Item = Looked<'w>>, minute: i64) {
        if self.day.is_some_and(|known| day < known) {
            return;
        }
        if self.day != Some(day) {
            *self = Self { day: Some(day), ..Self::default() };
        }
        for visitor in visitors {
            let free = MOST_SEEN - self.everybody.len().min(MOST_SEEN);
            self.everybody.note(*visitor, minute, free);
        }
        for Looked { dimension, value, visitors } in looked {
            let Some(list) = LISTED.iter().position(|known| *known == dimension).map(|at| &mut self.values[at]) else {
                continue;
            };
            if !list.contains_key(value) && list.len() >= MOST_VALUES {
                continue;
            }
            let seen = list.entry(value.into()).or_default();
            for visitor in visitors {
                self.seen += usize::from(seen.note(visitor, minute, MOST_SEEN - self.seen.min(MOST_SEEN)));
            }
        }
    }

    /// The numbers of the half hour that ends with `minute`.
    pub fn tally(&self, minute: i64) -> Tally {
        let shown = SHOWN_MINUTES as i64;
        let now: HashSet<u64, RandomState> = self.everybody.since(minute, shown).collect();
        let list = |values: &HashMap<Box<str>, LastSeen, RandomState>| {
            let mut without = now.clone();
            let values = values.iter().filter_map(|(value, seen)| {
                let mut number = 0_u64;
                for visitor in seen.since(minute, shown).filter(|visitor| now.contains(visitor)) {
                    without.remove(&visitor);
                    number += 1;
                }
                (number > 0).then(|| (value.clone(), number))
            });
            let values = values.collect();
            ListTally { values, without: without.len() as u64 }
        };
        Tally { visitors: now.len() as u64, lists: [0, 1, 2].map(|at| list(&self.values[at])) }
    }

    /// Forgets what is no longer shown.
    pub fn forget(&mut self, minute: i64) {
        let shown = SHOWN_MINUTES as i64;
        self.everybody.forget(minute, shown);
        for list in &mut self.values {
            list.retain(|_, seen| {
                seen.forget(minute, shown);
                seen.len() > 0
            });
        }
        self.seen = self.values.iter().flat_map(HashMap::values).map(LastSeen::len).sum();
    }

    pub fn is_empty(&self) -> bool {
        self.everybody.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked(dimension: Dimension, value: &str, visitors: std::ops::Range<u128>) -> Looked<'_> {
        Looked { dimension, value, visitors: visitors.map(Visitor).collect() }
    }

    fn everybody(visitors: std::ops::Range<u128>) -> Vec<Visitor> {
        visitors.map(Visitor).collect()
    }

    fn told(mut tally: Tally) -> Tally {
        tally.lists.iter_mut().for_each(|list| list.values.sort());
        tally
    }

    #[test]
    fn each_visitor_counts_once_under_a_value_and_leaves_after_half_an_hour() {
        let mut lists = Lists::default();
        let day = Day(20_000);
        let first = [looked(Dimension::Page, "/", 0..4), looked(Dimension::Country, "DE", 0..3)];
        lists.note(day, &everybody(0..4), first.into_iter(), 100);
        let again = [looked(Dimension::Page, "/", 0..1), looked(Dimension::Page, "/b", 0..2)];
        lists.note(day, &everybody(0..2), again.into_iter(), 110);
        let list = |values: &[(&str, u64)], without| ListTally {
            values: values.iter().map(|(value, number)| (Box::from(*value), *number)).collect(),
            without,
        };
        let early =
            Tally { visitors: 4, lists: [list(&[("/", 4), ("/b", 2)], 0), list(&[], 4), list(&[("DE", 3)], 1)] };
        assert_eq!(told(lists.tally(129)), early);
        let late = Tally { visitors: 2, lists: [list(&[("/", 1), ("/b", 2)], 0), list(&[], 2), list(&[], 2)] };
        assert_eq!(told(lists.tally(130)), late);
        lists.forget(130);
        assert_eq!((told(lists.tally(130)), lists.seen), (late, 3));
        lists.forget(140);
        assert!(lists.is_empty() && lists.values.iter().all(HashMap::is_empty));
    }

    #[test]
    fn at_midnight_the_lists_begin_anew_so_that_nobody_counts_twice() {
        let mut lists = Lists::default();
        lists.note(Day(20_000), &everybody(0..3), [looked(Dimension::Page, "/", 0..3)].into_iter(), 100);
        lists.note(Day(20_001), &everybody(7..8), [looked(Dimension::Page, "/", 7..8)].into_iter(), 101);
        // A commit may still bring the day before.
        lists.note(Day(20_000), &everybody(3..5), [looked(Dimension::Page, "/", 3..5)].into_iter(), 101);
        let tally = lists.tally(101);
        assert_eq!((tally.visitors, tally.lists[0].values.clone()), (1, vec![("/".into(), 1)]));
    }

    #[test]
    fn memory_is_bounded() {
        let mut lists = Lists::default();
        let (day, many) = (Day(20_000), MOST_SEEN as u128 + 10);
        lists.note(day, &everybody(0..many), [looked(Dimension::Page, "/", 0..many)].into_iter(), 1);
        let paths: Vec<String> = (0..MOST_VALUES + 10).map(|number| format!("/{number}")).collect();
        lists.note(day, &everybody(0..1), paths.iter().map(|path| looked(Dimension::Page, path, 0..1)), 1);
        assert_eq!((lists.everybody.len(), lists.seen, lists.values[0].len()), (MOST_SEEN, MOST_SEEN, MOST_VALUES));
        // Who is known goes on being seen.
        lists.note(day, &everybody(0..1), [looked(Dimension::Page, "/", 0..1)].into_iter(), 40);
        assert_eq!(lists.tally(60).lists[0].values, [("/".into(), 1)]);
    }
}
