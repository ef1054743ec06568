//! For the tests of this folder: a folder of windows with a site, events in words, and counts in words.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use super::{Folder, Live, Window};
use crate::files::{TestDirectory, test_directory};
use crate::model::{Crossings, Day, Dimension, Event, EventKind, Hour, Measure, Measures, Site, SiteId, Visitor};
use crate::privacy::salt::SaltStore;

/// 2026-11-21 00:00 UTC, and its day.
pub const MIDNIGHT: i64 = 1_795_219_200;
pub const TODAY: Day = Day(20_778);
pub const HOUR: i64 = 3_600;

/// An event in words. Times are seconds since [`MIDNIGHT`].
#[derive(Clone, Debug)]
pub struct Hit {
    pub person: u64,
    pub at: i64,
    pub kind: EventKind,
    pub attributes: Vec<(Dimension, String)>,
    pub n: u32,
    pub engaged_secs: Option<u32>,
    pub scroll_pct: Option<u8>,
    pub revenue_minor: i64,
}

impl Hit {
    pub fn view(person: u64, at: i64, page: &str) -> Self {
        let attributes = vec![(Dimension::Event, "pageview".into()), (Dimension::Page, page.into())];
        Self {
            person,
            at,
            kind: EventKind::Pageview,
            attributes,
            n: 1,
            engaged_secs: None,
            scroll_pct: None,
            revenue_minor: 0,
        }
    }

    pub fn feature(person: u64, at: i64, name: &str) -> Self {
        let attributes = vec![(Dimension::Event, name.into())];
        Self { kind: EventKind::Feature, attributes, ..Self::view(person, at, "") }
    }

    pub fn report(person: u64, at: i64, page: &str) -> Self {
        let attributes = vec![(Dimension::Page, page.into())];
        Self { kind: EventKind::Report, attributes, ..Self::view(person, at, page) }
    }

    pub fn with(mut self, dimension: Dimension, value: &str) -> Self {
        self.attributes.push((dimension, value.into()));
        self
    }

    pub fn engaged(mut self, secs: u32, scroll: u8) -> Self {
        (self.engaged_secs, self.scroll_pct) = (Some(secs), Some(scroll));
        self
    }

    pub fn day(&self) -> Day {
        TODAY.plus(self.at.div_euclid(24 * HOUR) as i32)
    }

    pub fn hour(&self) -> u8 {
        (self.at.rem_euclid(24 * HOUR) / HOUR) as u8
    }

    fn event(&self, site: &Arc<Site>, late: bool) -> Event<'_> {
        let visitor = |day: Day| Visitor(u128::from(self.person) << 32 | u128::from(day.0));
        let carries = self.at.rem_euclid(24 * HOUR) < 1_800;
        let mut event = Event {
            site: site.clone(),
            day: self.day(),
            hour: Hour(self.hour()),
            at: MIDNIGHT + self.at,
            arrived: Instant::now(),
            kind: self.kind,
            visitor: (!late).then(|| visitor(self.day())),
            before: (!late && carries).then(|| visitor(self.day().plus(-1))),
            n: self.n,
            is_live: true,
            engaged_secs: self.engaged_secs,
            scroll_pct: self.scroll_pct,
            revenue_minor: self.revenue_minor,
            attributes: Default::default(),
        };
        self.attributes.iter().for_each(|(dimension, value)| event.put(*dimension, value.as_str()));
        event
    }
}

/// What is counted, with day and hour: one attribute or two.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub day: Day,
    pub attributes: Vec<(Dimension, String)>,
    pub hour: Hour,
}

/// All counts, with the hashes of visitors.
pub type Counts = BTreeMap<Key, (Measures, BTreeSet<u64>)>;

pub struct Bench {
    _directory: TestDirectory,
    pub salts: Arc<SaltStore>,
    pub folder: Folder,
    pub site: Arc<Site>,
    pub counts: Counts,
}

pub fn site() -> Site {
    Site::new("demo".parse().expect("an id"), jiff::tz::TimeZone::UTC)
}

impl Bench {
    pub fn new(site: Site, max_values: usize) -> Self {
        let directory = test_directory();
        let site = Arc::new(site);
        let salts =
            Arc::new(SaltStore::open(directory.path(), [&*site].into_iter(), MIDNIGHT + 12 * HOUR).expect("opens"));
        let folder = Folder::new(salts.clone(), Arc::new(Live::default()), max_values);
        Self { _directory: directory, salts, folder, site, counts: Counts::new() }
    }

    pub fn window(&self, hits: &[Hit]) -> Window {
        let mut window = Window::default();
        hits.iter().for_each(|hit| window.count(&hit.event(&self.site, hit.day() < TODAY.plus(-1))));
        window
    }

    /// Commits windows at a time and adds up what comes out.
    pub fn commit(&mut self, windows: &[Window], at: i64) {
        let folded = self.folder.fold(windows, MIDNIGHT + at).expect("folds");
        assert!(folded.cells.is_sorted_by(|one, other| one.key < other.key));
        for cell in folded.cells {
            let key = cell.key;
            assert_eq!(key.site, self.site.id);
            let key = Key { day: key.day, attributes: vec![(key.dimension, key.value.into())], hour: key.hour };
            self.add(key, cell.measures, cell.hashes.into_iter());
        }
        for crossing in owned(&folded.crossings) {
            let [one, other] = crossing.key.values.map(String::from);
            let [of_one, of_other] = crossing.key.dimensions;
            assert!(of_one <= of_other);
            let attributes = vec![(of_one, one), (of_other, other)];
            let key = Key { day: crossing.key.day, attributes, hour: Hour::WHOLE_DAY };
            self.add(key, crossing.measures, crossing.hashes.into_iter().map(u64::from));
        }
    }

    fn add(&mut self, key: Key, measures: Measures, hashes: impl Iterator<Item = u64>) {
        let counts = self.counts.entry(key).or_default();
        counts.0 += measures;
        counts.1.extend(hashes);
    }

    /// One commit with these events.
    pub fn take(&mut self, hits: &[Hit]) {
        let at = hits.iter().map(|hit| hit.at).max().unwrap_or_default();
        let window = self.window(hits);
        self.commit(&[window], at);
    }

    /// Counts of these dimensions in words; with two dimensions, of their crossings.
    pub fn of(&self, dimensions: &[Dimension]) -> Vec<String> {
        let wanted = |key: &&Key| key.attributes.iter().map(|(dimension, _)| *dimension).eq(dimensions.iter().copied());
        self.counts.keys().filter(wanted).map(|key| words(key, &self.counts[key])).collect()
    }
}

/// Rows of crossings; no group may appear twice.
fn owned(crossings: &Crossings) -> Vec<crate::model::Crossing> {
    let rows: Vec<_> = crossings.owned().collect();
    let keys: BTreeSet<_> = rows.iter().map(|row| row.key.clone()).collect();
    assert_eq!(keys.len(), rows.len());
    assert!(rows.iter().all(|row| row.hashes.is_sorted_by(|one, other| one < other)));
    rows
}

/// `+1d /a × DE @12: pageviews 1, events 1; 1 visitors`; what is zero is left out.
fn words(key: &Key, (measures, visitors): &(Measures, BTreeSet<u64>)) -> String {
    let day = match key.day.0 - TODAY.0 {
        0 => String::new(),
        days => format!("+{days}d "),
    };
    let values: Vec<&str> = key.attributes.iter().map(|(_, value)| value.as_str()).collect();
    let hour = if key.hour == Hour::WHOLE_DAY { String::new() } else { format!(" @{}", key.hour.0) };
    let counted = Measure::ALL.into_iter().filter(|measure| measures[*measure] != 0);
    let counted: Vec<String> = counted.map(|measure| format!("{} {}", measure.code(), measures[measure])).collect();
    format!("{day}{}{hour}: {}; {} visitors", values.join(" × "), counted.join(", "), visitors.len())
}

/// The id of the site.
pub fn site_id() -> SiteId {
    "demo".parse().expect("an id")
}
