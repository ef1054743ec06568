//! The site-days that are being counted: their salts, and what their sites keep. Owned by [`super::items::Items`].
//!
//! Numbers of site-days hold until [`Days::retain`]; the commit thread calls it when days close.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::admission::SiteDayKey;
use crate::model::{Day, Dimension, Site, SiteId};
use crate::privacy::salt::{Salt, SaltStore};

/// Dimensions, as bits.
#[derive(Clone, Copy)]
pub(super) struct Dimensions(u64);

impl Dimensions {
    pub fn has(self, dimension: Dimension) -> bool {
        self.0 >> dimension as u8 & 1 == 1
    }
}

/// For each dimension, those it is crossed with.
type Kept = [Dimensions; Dimension::ALL.len()];

/// A day of a site. No salt: the day is late, or nothing but opted-out hits came yet.
pub(super) struct SiteDay {
    pub key: SiteDayKey,
    pub site: Arc<Site>,
    pub salt: Option<Arc<Salt>>,
    /// The item of the whole site, once it is known.
    pub total: Option<u32>,
    kept: Kept,
}

impl SiteDay {
    fn new(site: Arc<Site>, day: Day) -> Self {
        let key = SiteDayKey { site: site.id.clone(), day, late: false };
        Self { key, kept: kept(&site), site, salt: None, total: None }
    }

    /// Whether crossings of the two dimensions are kept.
    pub fn keeps(&self, one: Dimension, other: Dimension) -> bool {
        self.kept(one).has(other)
    }

    /// The dimensions whose crossings with `one` are kept.
    pub fn kept(&self, one: Dimension) -> Dimensions {
        self.kept[one as usize]
    }

    /// Whether values of `dimension` take part in crossings; of `event`, those that are features.
    pub fn crosses(&self, dimension: Dimension, value: &str) -> bool {
        let all = dimension == Dimension::Event && value == PAGEVIEW;
        self.kept(dimension).0 != 0 && !all && self.site.crosses(dimension, value)
    }

    /// Takes the site as it is now. Returns whether other attributes may be crossed than before.
    fn renew(&mut self, site: &Arc<Site>) -> bool {
        if Arc::ptr_eq(&self.site, site) {
            return false;
        }
        let same = self.site.crossings == site.crossings && self.site.filter_properties == site.filter_properties;
        self.site = site.clone();
        self.kept = kept(site);
        !same
    }
}

/// The name under which page views are counted: filtering by it is answered from cells.
const PAGEVIEW: &str = "pageview";

fn kept(site: &Site) -> Kept {
    let of = |one: Dimension| {
        let with = Dimension::ALL.into_iter().filter(|other| site.crossings.keeps(one.min(*other), one.max(*other)));
        Dimensions(with.fold(0, |bits, other| bits | 1 << other as u8))
    };
    Dimension::ALL.map(of)
}

/// The site-days that are being counted.
#[derive(Default)]
pub(super) struct Days {
    all: Vec<SiteDay>,
    numbers: HashMap<(SiteId, Day), u32, RandomState>,
}

impl Days {
    /// The number of a site-day, and whether what may be crossed on it has changed.
    pub fn number(&mut self, site: &Arc<Site>, day: Day) -> (u32, bool) {
        if let Some(number) = self.numbers.get(&(site.id.clone(), day)) {
            return (*number, self.all[*number as usize].renew(site));
        }
        self.all.push(SiteDay::new(site.clone(), day));
        let number = u32::try_from(self.all.len() - 1).unwrap_or(u32::MAX);
        self.numbers.insert((site.id.clone(), day), number);
        (number, false)
    }

    pub fn get(&self, number: u32) -> &SiteDay {
        &self.all[number as usize]
    }

    pub fn set_total(&mut self, number: u32, item: u32) {
        self.all[number as usize].total = Some(item);
    }

    /// Gives a site-day its salt, or takes it away. Returns whether it had another one.
    pub fn set_salt(&mut self, number: u32, salt: Option<Arc<Salt>>) -> bool {
        let known = &mut self.all[number as usize];
        let same = match (&known.salt, &salt) {
            (Some(old), Some(new)) => Arc::ptr_eq(old, new),
            (None, None) => true,
            _ => false,
        };
        known.key.late = salt.is_none();
        known.salt = salt;
        !same
    }

    /// Numbers of site-days whose salt is gone or another one by now.
    pub fn ended(&self, salts: &SaltStore, now: i64) -> Vec<u32> {
        let ended = |(_, known): &(u32, &SiteDay)| {
            let Some(salt) = &known.salt else { return false };
            !salts.existing(&known.key.site, known.key.day, now).is_some_and(|open| Arc::ptr_eq(&open, salt))
        };
        (0..).zip(&self.all).filter(ended).map(|(number, _)| number).collect()
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Keeps the site-days that have a salt. Returns their new numbers, by the old ones.
    pub fn retain(&mut self) -> Vec<Option<u32>> {
        let mut moved = Vec::with_capacity(self.all.len());
        let mut kept = 0;
        self.numbers.clear();
        for known in &self.all {
            moved.push(known.salt.is_some().then_some(kept));
            if known.salt.is_some() {
                self.numbers.insert((known.key.site.clone(), known.key.day), kept);
                kept += 1;
            }
        }
        self.all.retain(|known| known.salt.is_some());
        self.all.iter_mut().for_each(|known| known.total = None);
        moved
    }
}
