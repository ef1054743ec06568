//! P8: the cap on distinct values. A client that makes up values can fill `(more)` and nothing else.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

use foldhash::fast::RandomState;

use crate::model::{Day, Dimension, SiteId};

/// Under what values beyond the cap are counted.
pub(super) const MORE: &str = "(more)";
/// Distinct keys of properties a site may use on one day.
const MAX_PROPERTY_KEYS: usize = 100;
/// A late day may have so many times fewer new values than a day that is open.
const LATE_SHARE: usize = 10;
/// Days for which late values are remembered: no event is taken that is older.
const LATE_DAYS: i32 = 32;
/// Values remembered of all days before yesterday that are open, because their owners fill them in. Beyond, what is new
/// on such a day is `(more)`.
const MAX_FILLED_IN: usize = 4_000_000;

type Values = HashSet<u64, RandomState>;

/// A day of a site, while it is open or when it is late. What a late day admits is remembered apart and is little,
/// so that a client that makes up old days as well as values finds little room.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct SiteDayKey {
    pub site: SiteId,
    pub day: Day,
    pub late: bool,
}

/// The values already seen on one day in one dimension.
#[derive(Default)]
struct Seen {
    today: Values,
    /// Values of the day before that did not come yet today; a place is kept for each.
    expected: Values,
}

#[derive(Default)]
struct SiteDay {
    groups: HashMap<u64, Seen, RandomState>,
    property_keys: HashSet<u64, RandomState>,
}

impl SiteDay {
    fn values(&self) -> usize {
        self.groups.values().map(|seen| seen.today.len() + seen.expected.len()).sum()
    }
}

/// Decides which values get a cell of their own. Owned by the one thread that commits.
pub(super) struct Admission {
    max_values: usize,
    hasher: RandomState,
    days: HashMap<SiteDayKey, SiteDay, RandomState>,
    /// The first day that is not filled in but of today, or about so.
    recent: Day,
    /// Values of the days before that one.
    filled_in: usize,
}

impl Admission {
    /// At most `max_values` distinct values for each dimension (each property key) of a site on one day.
    pub fn new(max_values: usize) -> Self {
        Self { max_values, hasher: RandomState::default(), days: HashMap::default(), recent: Day(0), filled_in: 0 }
    }

    /// The value to count under: `value` itself, or its stand-in beyond the cap.
    pub fn admit<'a>(&mut self, day: &SiteDayKey, dimension: Dimension, value: &'a str) -> Cow<'a, str> {
        if dimension == Dimension::Total {
            return value.into();
        }
        let key = property_key(dimension, value);
        if let Some(key) = key
            && !self.admit_key(day, key)
        {
            return format!("{MORE}={MORE}").into();
        }
        if self.admit_value(day, (dimension, key), value) {
            return value.into();
        }
        key.map_or_else(|| MORE.into(), |key| format!("{key}={MORE}").into())
    }

    fn admit_key(&mut self, day: &SiteDayKey, key: &str) -> bool {
        let hash = self.hasher.hash_one(key);
        let keys = &mut self.days.entry(day.clone()).or_default().property_keys;
        keys.contains(&hash) || (keys.len() < MAX_PROPERTY_KEYS && keys.insert(hash))
    }

    fn admit_value(&mut self, day: &SiteDayKey, group: (Dimension, Option<&str>), value: &str) -> bool {
        let group = self.hasher.hash_one(group);
        let hash = self.hasher.hash_one(value);
        let max_values = if day.late { self.max_values / LATE_SHARE } else { self.max_values };
        if !self.days.get(day).is_some_and(|known| known.groups.contains_key(&group)) {
            self.begin_group(day, group);
        }
        let Some(seen) = self.days.get_mut(day).and_then(|known| known.groups.get_mut(&group)) else {
            return false;
        };
        if seen.today.contains(&hash) {
            return true;
        }
        let came_back = seen.expected.remove(&hash);
        let is_filled_in = !day.late && day.day < self.recent;
        if !came_back && seen.today.len() + seen.expected.len() >= max_values
            || (is_filled_in && self.filled_in >= MAX_FILLED_IN)
        {
            return false;
        }
        self.filled_in += usize::from(is_filled_in);
        seen.today.insert(hash)
    }

    /// Begins a dimension's day. Yesterday's values keep up to three quarters of the places, so that a flood
    /// of made-up values neither pushes them out today nor holds every place tomorrow.
    fn begin_group(&mut self, day: &SiteDayKey, group: u64) {
        let before = SiteDayKey { day: day.day.plus(-1), ..day.clone() };
        let yesterday = self.days.get(&before).filter(|_| !day.late).and_then(|known| known.groups.get(&group));
        let expected = yesterday.map(|seen| seen.today.iter().copied().take(self.max_values / 4 * 3).collect());
        let seen = Seen { today: Values::default(), expected: expected.unwrap_or_default() };
        self.days.entry(day.clone()).or_default().groups.insert(group, seen);
    }

    /// Forgets what no event can need any more on `today` (in UTC): what came late once nothing more can come, other
    /// values when their day is over and the next one has begun. A day that is filled in is open for longer.
    pub fn forget(&mut self, today: Day, is_open: impl Fn(&SiteDayKey) -> bool) {
        let late = today.plus(-LATE_DAYS);
        self.recent = today.plus(-2);
        let stays = |kept: &SiteDayKey| kept.day >= if kept.late { late } else { self.recent };
        self.days.retain(|kept, _| stays(kept) || (!kept.late && is_open(kept)));
        let is_filled_in = |(kept, _): &(&SiteDayKey, &SiteDay)| !kept.late && kept.day < self.recent;
        self.filled_in = self.days.iter().filter(is_filled_in).map(|(_, day)| day.values()).sum();
    }
}

fn property_key(dimension: Dimension, value: &str) -> Option<&str> {
    if dimension != Dimension::Prop {
        return None;
    }
    value.split_once('=').map(|(key, _)| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(day: u16, late: bool) -> SiteDayKey {
        SiteDayKey { site: "demo".parse().expect("an id"), day: Day(day), late }
    }

    fn admitted(admission: &mut Admission, day: u16, dimension: Dimension, values: &[&str]) -> Vec<String> {
        values.iter().map(|value| admission.admit(&key(day, false), dimension, value).into_owned()).collect()
    }

    #[test]
    fn values_beyond_the_cap_are_more() {
        let mut admission = Admission::new(2);
        let seen = admitted(&mut admission, 1, Dimension::Page, &["/a", "/b", "/c", "/a"]);
        assert_eq!(seen, ["/a", "/b", "(more)", "/a"]);
        assert_eq!(admitted(&mut admission, 1, Dimension::Source, &["x"]), ["x"]);
    }

    #[test]
    fn each_property_key_has_a_cap_of_its_own() {
        let mut admission = Admission::new(1);
        let seen = admitted(&mut admission, 1, Dimension::Prop, &["plan=pro", "plan=free", "size=s"]);
        assert_eq!(seen, ["plan=pro", "plan=(more)", "size=s"]);
    }

    #[test]
    fn property_keys_are_capped() {
        let mut admission = Admission::new(10);
        let made_up: Vec<String> = (0..=MAX_PROPERTY_KEYS).map(|n| format!("k{n}=v")).collect();
        let made_up: Vec<&str> = made_up.iter().map(String::as_str).collect();
        assert_eq!(
            admitted(&mut admission, 1, Dimension::Prop, &made_up).last().map(String::as_str),
            Some("(more)=(more)")
        );
    }

    #[test]
    fn yesterdays_values_are_admitted_first() {
        let mut admission = Admission::new(4);
        admitted(&mut admission, 1, Dimension::Page, &["/a", "/b", "/c"]);
        let flood = admitted(&mut admission, 2, Dimension::Page, &["/x", "/y", "/a", "/b", "/c"]);
        assert_eq!(flood, ["/x", "(more)", "/a", "/b", "/c"]);
    }

    #[test]
    fn a_flood_does_not_hold_every_place_of_the_next_day() {
        let mut admission = Admission::new(4);
        admitted(&mut admission, 1, Dimension::Page, &["/1", "/2", "/3", "/4"]);
        assert_eq!(admitted(&mut admission, 2, Dimension::Page, &["/new"]), ["/new"]);
    }

    #[test]
    fn a_late_day_has_few_new_values_from_commit_to_commit() {
        let mut admission = Admission::new(20);
        let admitted = ["/1", "/2", "/3", "/1"].map(|value| {
            admission.forget(Day(102), |_| false);
            admission.admit(&key(80, true), Dimension::Page, value).into_owned()
        });
        assert_eq!(admitted, ["/1", "/2", MORE, "/1"]);
    }

    #[test]
    fn forgotten_days_take_no_memory() {
        let mut admission = Admission::new(20);
        admission.admit(&key(100, false), Dimension::Page, "/1");
        admission.admit(&key(100, true), Dimension::Page, "/1");
        let kept = [102, 103, 132, 133].map(|today| {
            admission.forget(Day(today), |_| false);
            admission.days.len()
        });
        assert_eq!(kept, [2, 1, 1, 0]);
    }

    #[test]
    fn a_day_that_is_filled_in_has_one_cap_for_as_long_as_it_is_open() {
        let mut admission = Admission::new(20);
        let filled_in = |admission: &mut Admission, batch: usize, is_open: bool| {
            admission.forget(Day(200), |_| is_open);
            let screens: Vec<String> = (0..15).map(|screen| format!("/{batch}-{screen}")).collect();
            let screens: Vec<&str> = screens.iter().map(String::as_str).collect();
            admitted(admission, 100, Dimension::Page, &screens).iter().filter(|screen| *screen != MORE).count()
        };
        let admitted: usize = (0..5).map(|batch| filled_in(&mut admission, batch, true)).sum();
        assert_eq!((admitted, admission.filled_in), (20, 20));
        admission.forget(Day(200), |_| false);
        assert_eq!((admission.days.len(), admission.filled_in), (0, 0));
    }

    #[test]
    fn days_that_are_filled_in_take_bounded_memory() {
        let mut admission = Admission::new(20);
        admission.forget(Day(200), |_| true);
        admission.filled_in = MAX_FILLED_IN - 1;
        assert_eq!(admitted(&mut admission, 100, Dimension::Page, &["/a", "/b", "/a"]), ["/a", MORE, "/a"]);
        assert_eq!(admitted(&mut admission, 199, Dimension::Page, &["/b"]), ["/b"]);
    }
}
