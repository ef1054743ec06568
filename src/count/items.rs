//! The attributes that are being counted, as small integers: an item is a site-day, a dimension and an admitted value.
//!
//! Owned by the commit thread and kept from commit to commit, with the keys of its sketches: those of a hundred
//! crossings are made of those of its two dozen attributes. Rebuilt when days close and when it outgrows its bound;
//! whoever holds numbers of items takes them through [`Moved`] then.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::admission::{Admission, SiteDayKey};
use super::days::{Days, SiteDay};
use super::intern::Interner;
use crate::model::{Day, Dimension, Site};
use crate::privacy::pseudonym::{CrossingPart, SketchKey};
use crate::privacy::salt::Salt;

/// No item, no visitor, no place.
pub(super) const NONE: u32 = u32::MAX;
/// Items from which on the table is rebuilt with those that visits hold.
const MAX_ITEMS: usize = 1_000_000;

/// What is derived from the salt for an item.
#[derive(Clone, Copy)]
pub(super) struct Keys {
    pub cell: SketchKey,
    pub part: CrossingPart,
}

/// An attribute of a site-day.
#[derive(Clone, Copy)]
pub(super) struct Item {
    pub site_day: u32,
    pub text: u32,
    pub dimension: Dimension,
    /// Whether it takes part in crossings.
    pub crosses: bool,
}

/// All items.
pub(super) struct Items {
    pub days: Days,
    admission: Admission,
    texts: Interner,
    numbers: HashMap<(u32, Dimension, u32), u32, RandomState>,
    items: Vec<Item>,
    /// Keys by item; apart from them, because most steps need none.
    keys: Vec<Option<Keys>>,
}

impl Items {
    /// Items of which at most `max_values` are admitted for each dimension, site and day.
    pub fn new(max_values: usize) -> Self {
        Self {
            days: Days::default(),
            admission: Admission::new(max_values),
            texts: Interner::default(),
            numbers: HashMap::default(),
            items: Vec::new(),
            keys: Vec::new(),
        }
    }

    /// Takes a value as seen on an open day.
    pub fn admit_stored(&mut self, day: &SiteDayKey, dimension: Dimension, value: &str) {
        self.admission.admit(day, dimension, value);
    }

    /// Forgets admissions that no event can need any more.
    pub fn forget(&mut self, today: Day, is_open: impl Fn(&SiteDayKey) -> bool) {
        self.admission.forget(today, is_open);
    }

    /// The number of a site-day, and whether other pairs are crossed on it than before.
    pub fn site_day(&mut self, site: &Arc<Site>, day: Day) -> (u32, bool) {
        let (number, changed) = self.days.number(site, day);
        if changed {
            self.renew(number, |items, item| {
                let Item { dimension, text, .. } = items.items[item];
                items.items[item].crosses = items.crosses(number, dimension, text);
            });
        }
        (number, changed)
    }

    /// Puts a salt in force for a site-day. Returns whether it had another one, so that what is known of its visitors
    /// holds no more.
    pub fn set_salt(&mut self, site_day: u32, salt: Option<Arc<Salt>>) -> bool {
        let had = self.days.get(site_day).salt.is_some();
        if !self.days.set_salt(site_day, salt) {
            return false;
        }
        self.renew(site_day, |items, item| items.keys[item] = items.make_keys(&items.items[item]));
        had
    }

    /// The item of an attribute as it came: the value itself, or its stand-in beyond the cap.
    pub fn admit(&mut self, site_day: u32, dimension: Dimension, value: &str) -> u32 {
        let known = self.texts.known((), value).and_then(|text| self.numbers.get(&(site_day, dimension, text)));
        if let Some(number) = known {
            return *number;
        }
        let key = &self.days.get(site_day).key;
        match self.admission.admit(key, dimension, value) {
            Cow::Borrowed(value) => self.item(site_day, dimension, value),
            Cow::Owned(stand_in) => self.item(site_day, dimension, &stand_in),
        }
    }

    /// The same value under another dimension or on another day.
    pub fn like(&mut self, item: u32, site_day: u32, dimension: Dimension) -> u32 {
        let Item { text, site_day: on, dimension: of, .. } = self.items[item as usize];
        if (on, of) == (site_day, dimension) {
            return item;
        }
        if let Some(number) = self.numbers.get(&(site_day, dimension, text)) {
            return *number;
        }
        let value = self.texts.text(text).to_owned();
        self.admit(site_day, dimension, &value)
    }

    /// The item of a value that needs no admission.
    pub fn item(&mut self, site_day: u32, dimension: Dimension, value: &str) -> u32 {
        let text = self.texts.number((), value);
        if let Some(number) = self.numbers.get(&(site_day, dimension, text)) {
            return *number;
        }
        let number = u32::try_from(self.items.len()).unwrap_or(NONE);
        let item = Item { site_day, text, dimension, crosses: self.crosses(site_day, dimension, text) };
        self.keys.push(self.make_keys(&item));
        self.numbers.insert((site_day, dimension, text), number);
        self.items.push(item);
        number
    }

    /// The item of the whole site.
    pub fn total(&mut self, site_day: u32) -> u32 {
        if let Some(total) = self.days.get(site_day).total {
            return total;
        }
        let total = self.item(site_day, Dimension::Total, "");
        self.days.set_total(site_day, total);
        total
    }

    pub fn get(&self, item: u32) -> &Item {
        &self.items[item as usize]
    }

    /// What is derived from the salt for it; nothing on late days.
    pub fn keys_of(&self, item: u32) -> Option<&Keys> {
        self.keys[item as usize].as_ref()
    }

    pub fn dimension(&self, item: u32) -> Dimension {
        self.items[item as usize].dimension
    }

    pub fn value(&self, item: u32) -> &str {
        self.texts.text(self.items[item as usize].text)
    }

    pub fn text(&self, text: u32) -> &str {
        self.texts.text(text)
    }

    pub fn day_of(&self, item: u32) -> &SiteDay {
        self.days.get(self.items[item as usize].site_day)
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn texts(&self) -> usize {
        self.texts.len()
    }

    /// Whether it is time to rebuild for size alone.
    pub fn is_large(&self) -> bool {
        self.items.len() > MAX_ITEMS || self.texts.len() > MAX_ITEMS
    }

    /// Begins anew with the site-days that have a salt. What was known is in the answer, to be asked for new numbers.
    pub fn rebuild(&mut self) -> Moved {
        let days = self.days.retain();
        let moved = Moved {
            days,
            texts: std::mem::take(&mut self.texts),
            items: std::mem::take(&mut self.items),
            numbers: HashMap::default(),
        };
        self.numbers.clear();
        self.keys.clear();
        moved
    }

    fn make_keys(&self, item: &Item) -> Option<Keys> {
        let salt = self.days.get(item.site_day).salt.as_deref()?;
        let value = self.texts.text(item.text);
        let (cell, part) = (SketchKey::of(salt, item.dimension, value), CrossingPart::of(salt, item.dimension, value));
        Some(Keys { cell, part })
    }

    fn crosses(&self, site_day: u32, dimension: Dimension, text: u32) -> bool {
        self.days.get(site_day).crosses(dimension, self.texts.text(text))
    }

    fn renew(&mut self, site_day: u32, mut change: impl FnMut(&mut Self, usize)) {
        for item in 0..self.items.len() {
            if self.items[item].site_day == site_day {
                change(self, item);
            }
        }
    }
}

/// What items were before a rebuild.
pub(super) struct Moved {
    days: Vec<Option<u32>>,
    texts: Interner,
    items: Vec<Item>,
    numbers: HashMap<u32, u32, RandomState>,
}

impl Moved {
    /// The new number of a site-day; `None` when it is gone.
    pub fn site_day(&self, old: u32) -> Option<u32> {
        self.days[old as usize]
    }

    /// The new number of an item whose site-day is still there.
    pub fn item(&mut self, items: &mut Items, old: u32) -> u32 {
        if old == NONE {
            return NONE;
        }
        let Self { days, texts, items: before, numbers } = self;
        let item = &before[old as usize];
        let Some(site_day) = days[item.site_day as usize] else { return NONE };
        *numbers.entry(old).or_insert_with(|| items.item(site_day, item.dimension, texts.text(item.text)))
    }
}
