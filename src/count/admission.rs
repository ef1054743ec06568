//! P8: the cap on distinct values. A client that makes up values can fill `(more)` and nothing else.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

use foldhash::fast::RandomState;

use crate::model::{Day, Dimension, SiteId};

/// Under what values beyond the cap are counted.
pub(super) const MORE: &str = "(more)";
/// Distinct keys of properties a site may use on one day.
const MAX_PROPERTY_KEYS: usize = 100;

type Values = HashSet<u64, RandomState>;

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

/// Decides which values get a cell of their own. Owned by the one thread that commits.
pub(super) struct Admission {
    max_values: usize,
    hasher: RandomState,
    days: HashMap<(SiteId, Day), SiteDay, RandomState>,
}

impl Admission {
    /// At most `max_values` distinct values for each dimension (each property key) of a site on one day.
    pub fn new(max_values: usize) -> Self {
        Self { max_values, hasher: RandomState::default(), days: HashMap::default() }
    }

    /// The value to count under: `value` itself, or its stand-in beyond the cap.
    pub fn admit<'a>(
        &mut self,
        site: &SiteId,
        day: Day,
        dimension: Dimension,
        value: &'a str,
    ) -> std::borrow::Cow<'a, str> {
        if dimension == Dimension::Total {
            return value.into();
        }
        let key = property_key(dimension, value);
        if let Some(key) = key
            && !self.admit_key(site, day, key)
        {
            return format!("{MORE}={MORE}").into();
        }
        if self.admit_value(site, day, (dimension, key), value) {
            return value.into();
        }
        key.map_or_else(|| MORE.into(), |key| format!("{key}={MORE}").into())
    }

    fn admit_key(&mut self, site: &SiteId, day: Day, key: &str) -> bool {
        let hash = self.hasher.hash_one(key);
        let keys = &mut self.days.entry((site.clone(), day)).or_default().property_keys;
        keys.contains(&hash) || (keys.len() < MAX_PROPERTY_KEYS && keys.insert(hash))
    }

    fn admit_value(&mut self, site: &SiteId, day: Day, group: (Dimension, Option<&str>), value: &str) -> bool {
        let group = self.hasher.hash_one((group.0, group.1));
        let hash = self.hasher.hash_one(value);
        if !self.days.get(&(site.clone(), day)).is_some_and(|known| known.groups.contains_key(&group)) {
            self.begin_group(site, day, group);
        }
        let Some(seen) = self.days.get_mut(&(site.clone(), day)).and_then(|known| known.groups.get_mut(&group)) else {
            return false;
        };
        if seen.today.contains(&hash) {
            return true;
        }
        let came_back = seen.expected.remove(&hash);
        if !came_back && seen.today.len() + seen.expected.len() >= self.max_values {
            return false;
        }
        seen.today.insert(hash)
    }

    /// Begins a dimension's day. Yesterday's values keep up to three quarters of the places, so that a flood
    /// of made-up values neither pushes them out today nor holds every place tomorrow.
    fn begin_group(&mut self, site: &SiteId, day: Day, group: u64) {
        let yesterday = self.days.get(&(site.clone(), day.plus(-1))).and_then(|known| known.groups.get(&group));
        let expected = yesterday.map(|seen| seen.today.iter().copied().take(self.max_values / 4 * 3).collect());
        let seen = Seen { today: Values::default(), expected: expected.unwrap_or_default() };
        self.days.entry((site.clone(), day)).or_default().groups.insert(group, seen);
    }

    /// Forgets days that no event of today can need. Late days start anew each time they are forgotten.
    pub fn forget_before(&mut self, day: Day) {
        self.days.retain(|(_, kept), _| *kept >= day);
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

    fn site() -> SiteId {
        "demo".parse().expect("an id")
    }

    fn admitted(admission: &mut Admission, day: u16, dimension: Dimension, values: &[&str]) -> Vec<String> {
        values.iter().map(|value| admission.admit(&site(), Day(day), dimension, value).into_owned()).collect()
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
    fn forgotten_days_take_no_memory() {
        let mut admission = Admission::new(4);
        admitted(&mut admission, 1, Dimension::Page, &["/1"]);
        admission.forget_before(Day(2));
        assert!(admission.days.is_empty());
    }
}
