//! The commit's work: windows in, cells out.
//!
//! This is the line that counts: [`Tally::add`] adds an event to one cell, and a visitor to its sketch.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::admission::{Admission, SiteDayKey};
use super::intern::Interner;
use super::live::Live;
use super::window::{Row, Window};
use crate::model::{
    Cell, CellKey, Crossings, Day, Dimension, EventKind, Hour, Measure, Measures, Site, SiteId, Visitor,
};
use crate::privacy::pseudonym::SketchKey;
use crate::privacy::salt::{Salt, SaltError, SaltStore};

/// What windows were folded into.
pub struct Folded {
    /// Cells, sorted by key, each key once.
    pub cells: Vec<Cell>,
    /// Crossings of the same events.
    pub crossings: Crossings,
}

/// Folds windows into cells. Owned by the one thread that commits.
pub struct Folder {
    salts: Arc<SaltStore>,
    admission: Admission,
    live: Arc<Live>,
}

impl Folder {
    /// A folder that admits `max_values` distinct values per dimension, site and day.
    pub fn new(salts: Arc<SaltStore>, live: Arc<Live>, max_values: usize) -> Self {
        Self { salts, admission: Admission::new(max_values), live }
    }

    /// Takes a value that was stored before a restart as seen, so that the cap holds across restarts.
    pub fn admit_stored(&mut self, site: &SiteId, day: Day, dimension: Dimension, value: &str) {
        let day = SiteDayKey { site: site.clone(), day, late: false };
        self.admission.admit(&day, dimension, value);
    }

    /// The cells of `windows`, sorted by key, each key once.
    ///
    /// # Errors
    /// When the salt of a day cannot be had; nothing is lost, the same windows can be folded again.
    pub fn fold(&mut self, windows: &[Window], now: i64) -> Result<Folded, SaltError> {
        let mut fold = Fold::default();
        // What can fail comes first, so that a second try finds nothing counted twice.
        let numbers: Vec<Vec<u32>> =
            windows.iter().map(|window| fold.site_days(window, &self.salts, now)).collect::<Result<_, _>>()?;
        for (window, numbers) in windows.iter().zip(numbers) {
            self.note_live(window, now);
            fold.rows(window, &numbers, &mut self.admission);
            fold.opted_out(window, &numbers);
        }
        Ok(Folded { cells: fold.into_cells(), crossings: Crossings::default() })
    }

    /// Forgets admissions that no event can need any more on `today`, in UTC.
    pub fn forget(&mut self, today: Day) {
        self.admission.forget(today);
    }

    fn note_live(&self, window: &Window, now: i64) {
        let mut seen: Vec<(Vec<Visitor>, u64)> = vec![(Vec::new(), 0); window.site_days().len()];
        for row in window.rows().iter().filter(|row| row.is_live) {
            let Some(visitor) = row.visitor else { continue };
            let (visitors, pageviews) = &mut seen[row.site_day as usize];
            visitors.push(visitor);
            *pageviews += u64::from(row.kind == EventKind::Pageview);
        }
        for ((site, _), (visitors, pageviews)) in window.site_days().iter().zip(seen) {
            self.live.note(&site.id, visitors.into_iter(), pageviews, now);
        }
    }
}

/// A site's day in this commit. No salt: the day is late, or nothing but opted-out hits came yet.
struct SiteDay {
    key: SiteDayKey,
    salt: Option<Arc<Salt>>,
}

/// A cell's key in small integers.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Group {
    site_day: u32,
    value: u32,
    dimension: Dimension,
    hour: Hour,
}

/// A cell while it is being counted.
struct Tally {
    group: Group,
    sketch: Option<SketchKey>,
    measures: Measures,
    hashes: Vec<u64>,
    /// The event that was added last: two of its values may share this cell, as `(more)` or `(redacted)`.
    last: Option<(usize, usize)>,
}

impl Tally {
    fn add(&mut self, event: (usize, usize), kind: EventKind, visitor: Option<Visitor>) {
        if self.last.replace(event) == Some(event) {
            return;
        }
        self.measures[Measure::Events] += 1;
        self.measures[Measure::Pageviews] += i64::from(kind == EventKind::Pageview);
        if let (Some(sketch), Some(visitor)) = (self.sketch, visitor) {
            self.hashes.push(sketch.hash(visitor));
        }
    }
}

#[derive(Default)]
struct Fold {
    texts: Interner,
    site_days: Vec<SiteDay>,
    site_day_numbers: HashMap<(SiteId, Day), u32, RandomState>,
    /// From a group as it came to its tally: values beyond the cap point to the tally of `(more)`.
    places: HashMap<Group, usize, RandomState>,
    tallies: Vec<Tally>,
    /// Windows taken in so far; with its number in the window, it names an event.
    windows: usize,
}

impl Fold {
    /// The numbers in this fold of the window's site-days.
    fn site_days(&mut self, window: &Window, salts: &SaltStore, now: i64) -> Result<Vec<u32>, SaltError> {
        let mut numbers = Vec::with_capacity(window.site_days().len());
        let counted = window.counted_site_days();
        for ((site, day), counted) in window.site_days().iter().zip(counted) {
            let number = self.site_day(site, *day);
            // For hits that opted out no key is made: they have no pseudonym to keep.
            let known = &mut self.site_days[number as usize];
            if counted && known.salt.is_none() {
                known.salt = salts.of(site, *day, now)?;
                known.key.late = known.salt.is_none();
            }
            numbers.push(number);
        }
        Ok(numbers)
    }

    fn site_day(&mut self, site: &Site, day: Day) -> u32 {
        let Self { site_days, site_day_numbers, .. } = self;
        *site_day_numbers.entry((site.id.clone(), day)).or_insert_with(|| {
            let key = SiteDayKey { site: site.id.clone(), day, late: false };
            site_days.push(SiteDay { key, salt: None });
            u32::try_from(site_days.len() - 1).unwrap_or(u32::MAX)
        })
    }

    fn rows(&mut self, window: &Window, site_days: &[u32], admission: &mut Admission) {
        let texts: Vec<u32> =
            (0..window.texts().len()).map(|n| self.texts.number(window.texts().text(n as u32))).collect();
        let nothing = self.texts.number("");
        self.windows += 1;
        for (number, row) in window.rows().iter().enumerate() {
            let site_day = site_days[row.site_day as usize];
            let total = Group { site_day, value: nothing, dimension: Dimension::Total, hour: row.hour };
            self.count((number, row), total, admission);
            for (dimension, value) in window.attributes(row) {
                let hour = if dimension.hourly() { row.hour } else { Hour::WHOLE_DAY };
                let group = Group { site_day, value: texts[*value as usize], dimension: *dimension, hour };
                self.count((number, row), group, admission);
            }
        }
    }

    fn count(&mut self, (number, row): (usize, &Row), group: Group, admission: &mut Admission) {
        let place = match self.places.get(&group) {
            Some(place) => *place,
            None => self.place(group, admission),
        };
        self.tallies[place].add((self.windows, number), row.kind, row.visitor);
    }

    /// The tally of a group that is seen for the first time in this commit.
    fn place(&mut self, group: Group, admission: &mut Admission) -> usize {
        let day = &self.site_days[group.site_day as usize].key;
        let value = self.texts.text(group.value).to_owned();
        let admitted = admission.admit(day, group.dimension, &value);
        let stands_for = Group { value: self.texts.number(&admitted), ..group };
        let place = match self.places.get(&stands_for) {
            Some(place) => *place,
            None => self.begin(stands_for),
        };
        self.places.insert(stands_for, place);
        self.places.insert(group, place);
        place
    }

    fn begin(&mut self, group: Group) -> usize {
        let salt = self.site_days[group.site_day as usize].salt.as_deref();
        let value = self.texts.text(group.value);
        let sketch = salt.map(|salt| SketchKey::of(salt, group.dimension, value));
        self.tallies.push(Tally { group, sketch, measures: Measures::default(), hashes: Vec::new(), last: None });
        self.tallies.len() - 1
    }

    fn opted_out(&mut self, window: &Window, site_days: &[u32]) {
        let nothing = self.texts.number("");
        for (site_day, hits) in window.opted_out() {
            let site_day = site_days[*site_day as usize];
            let group = Group { site_day, value: nothing, dimension: Dimension::OptedOut, hour: Hour::WHOLE_DAY };
            let place = self.places.get(&group).copied().unwrap_or_else(|| self.begin(group));
            self.places.insert(group, place);
            self.tallies[place].measures[Measure::Events] += hits;
        }
    }

    fn into_cells(self) -> Vec<Cell> {
        let Self { texts, site_days, tallies, .. } = self;
        let cell = |tally: Tally| {
            let SiteDayKey { site, day, .. } = &site_days[tally.group.site_day as usize].key;
            let mut hashes = tally.hashes;
            hashes.sort_unstable();
            hashes.dedup();
            let value = texts.text(tally.group.value).into();
            let Group { dimension, hour, .. } = tally.group;
            let key = CellKey { site: site.clone(), day: *day, dimension, value, hour };
            Cell { key, measures: tally.measures, hashes }
        };
        let mut cells: Vec<Cell> = tallies.into_iter().map(cell).collect();
        cells.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        cells
    }
}

#[cfg(test)]
mod tests;
