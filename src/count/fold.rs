//! The commit's work: windows in, cells and crossings out.
//!
//! Rows of all windows are sorted by day, visitor and time; each visitor's go through [`super::run`] together.

use std::sync::Arc;
use std::time::Instant;

use super::admission::SiteDayKey;
use super::books::Books;
use super::items::{Items, NONE};
use super::live::Live;
use super::live_lists::{LISTED, Looked};
use super::run::{Run, Scratch};
use super::visits::Visits;
use super::window::{Row, Window};
use crate::model::{Cell, Crossings, Day, Dimension, EventKind, Hour, Measure, Measures, SiteId, Visitor};
use crate::privacy::salt::{SaltError, SaltStore, wipe_stack};

/// What windows were folded into.
pub struct Folded {
    /// Cells, sorted by key, each key once.
    pub cells: Vec<Cell>,
    /// Crossings of the same events.
    pub crossings: Crossings,
}

/// Seconds between two looks at what is over while nothing comes in.
const REST_SECONDS: i64 = 10;

/// Folds windows into cells and crossings. Owned by the one thread that commits.
pub struct Folder {
    pub(super) salts: Arc<SaltStore>,
    pub(super) items: Items,
    pub(super) visits: Visits,
    live: Arc<Live>,
    books: Books,
    scratch: Scratch,
    rested: i64,
}

/// Where a row lies, in the order in which rows are counted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    day: Day,
    site_day: u32,
    visitor: Option<Visitor>,
    at: i64,
    /// Orders what happened within one second.
    arrival: Instant,
    window: u32,
    row: u32,
}

impl Place {
    /// A number that tells apart most places that are to be told apart: it is quicker to sort.
    fn brief(&self) -> u64 {
        let visitor = self.visitor.map_or(0, |visitor| ((visitor.0 >> 64) ^ visitor.0) as u64);
        u64::from(self.day.0) << 48 | visitor >> 16
    }
}

impl Folder {
    /// A folder that admits `max_values` distinct values per dimension, site and day.
    pub fn new(salts: Arc<SaltStore>, live: Arc<Live>, max_values: usize) -> Self {
        let (items, visits) = (Items::new(max_values), Visits::default());
        Self { salts, items, visits, live, books: Books::default(), scratch: Scratch::default(), rested: 0 }
    }

    /// Visits going on may take about so many bytes; beyond, they are forgotten sooner.
    pub fn bound_visits(&mut self, bytes: usize) {
        self.visits.bound(bytes);
    }

    /// Takes a value that was stored before a restart as seen, so that the cap holds across restarts.
    pub fn admit_stored(&mut self, site: &SiteId, day: Day, dimension: Dimension, value: &str) {
        let day = SiteDayKey { site: site.clone(), day, late: false };
        self.items.admit_stored(&day, dimension, value);
    }

    /// The oldest day that takes visitors at `now`; `None` when none does.
    pub fn oldest_open(&self, now: i64) -> Option<Day> {
        self.salts.oldest(now)
    }

    /// Forgets admissions that no event can need any more at `now`, on `today` in UTC.
    pub fn forget(&mut self, today: Day, now: i64) {
        let Self { items, salts, .. } = self;
        items.forget(today, |key| salts.existing(&key.site, key.day, now).is_some());
    }

    /// The cells and crossings of `windows`. Visits go on from one call to the next.
    ///
    /// # Errors
    /// When the salt of a day cannot be had; nothing is lost, the same windows can be folded again.
    pub fn fold(&mut self, windows: &[Window], now: i64) -> Result<Folded, SaltError> {
        self.close_days(now);
        // What can fail comes first, so that a second try finds nothing counted twice.
        let numbers: Vec<Vec<u32>> =
            windows.iter().map(|window| self.site_days(window, now)).collect::<Result<_, _>>()?;
        windows.iter().for_each(|window| self.note_live(window, now));
        self.rows(windows, &numbers, now);
        windows.iter().zip(&numbers).for_each(|(window, numbers)| self.opted_out(window, numbers));
        let cells = self.books.cells.finish(&self.items);
        let crossings = self.books.pairs.finish(&self.items);
        self.visits.sweep(now);
        Ok(Folded { cells, crossings })
    }

    /// Forgets what is over at `now` while nothing comes in: salts of closed days and their visitors, visits that have
    /// ended. Does something every ten seconds at the most.
    pub fn rest(&mut self, now: i64) {
        if (now - self.rested).abs() < REST_SECONDS {
            return;
        }
        self.rested = now;
        self.close_days(now);
        self.visits.sweep(now);
    }

    /// Forgets who was here on days that are closed by now, and the keys made of their salts.
    fn close_days(&mut self, now: i64) {
        let ended = self.items.days.ended(&self.salts, now);
        self.visits.forget_days(&ended);
        for number in &ended {
            self.items.set_salt(*number, None);
        }
        if !ended.is_empty() {
            wipe_stack();
        }
        if !ended.is_empty() || self.items.is_large() {
            let mut moved = self.items.rebuild();
            self.visits.renumber(&mut self.items, &mut moved);
        }
    }

    /// The numbers of the window's site-days.
    fn site_days(&mut self, window: &Window, now: i64) -> Result<Vec<u32>, SaltError> {
        let mut numbers = Vec::with_capacity(window.site_days().len());
        for ((site, day), counted) in window.site_days().iter().zip(window.counted_site_days()) {
            let (number, changed) = self.items.site_day(site, *day);
            if changed {
                self.visits.forget_entered(number);
            }
            // For hits that opted out no key is made: they have no pseudonym to keep.
            if counted {
                let salt = self.salts.of(site, *day, now)?;
                if self.items.set_salt(number, salt) {
                    self.visits.forget_days(&[number]);
                }
            }
            numbers.push(number);
        }
        Ok(numbers)
    }

    fn note_live(&self, window: &Window, now: i64) {
        let mut seen: Vec<(Vec<Visitor>, u64)> = vec![(Vec::new(), 0); window.site_days().len()];
        // By attribute: most are never looked at here, and an empty list takes no memory of its own.
        let mut looked: Vec<Vec<Visitor>> = vec![Vec::new(); window.known().len()];
        for row in window.rows().iter().filter(|row| row.is_live) {
            let Some(visitor) = row.visitor() else { continue };
            let (visitors, pageviews) = &mut seen[row.site_day as usize];
            visitors.push(visitor);
            if row.kind == EventKind::Pageview {
                *pageviews += 1;
                for number in window.attributes(row).iter().filter(|number| is_listed(window, **number)) {
                    looked[*number as usize].push(visitor);
                }
            }
        }
        let mut lists: Vec<Vec<Looked<'_>>> = seen.iter().map(|_| Vec::new()).collect();
        for (number, visitors) in (0..).zip(looked).filter(|(_, visitors)| !visitors.is_empty()) {
            let ((site_day, dimension), value) = (window.known().key(number), window.known().text(number));
            lists[site_day as usize].push(Looked { dimension, value, visitors });
        }
        for (((site, day), (visitors, pageviews)), lists) in window.site_days().iter().zip(seen).zip(lists) {
            self.live.note_lists((&site.id, *day), &visitors, lists.into_iter(), now);
            self.live.note(&site.id, visitors.into_iter(), pageviews, now);
        }
    }

    fn rows(&mut self, windows: &[Window], numbers: &[Vec<u32>], now: i64) {
        let places = self.places(windows, numbers);
        let mut translated: Vec<Vec<u32>> = windows.iter().map(|window| vec![NONE; window.known().len()]).collect();
        for run in places.chunk_by(|one, other| (one.site_day, one.visitor) == (other.site_day, other.visitor)) {
            let Place { site_day, visitor, .. } = run[0];
            let Self { items, books, visits, scratch, .. } = self;
            let mut run_of = Run { items, books, site_day, now, scratch };
            let row = |place: &Place| &windows[place.window as usize].rows()[place.row as usize];
            let mut present = visitor.map(|visitor| {
                let before = run.iter().find_map(|place| windows[place.window as usize].before_of(row(place)));
                (visits.take(visitor, site_day, before, now), run_of.books.pairs.visitor(visitor))
            });
            for place in run {
                let (window, row) = (place.window as usize, row(place));
                translate(&mut run_of, &windows[window], row, &mut translated[window]);
                match &mut present {
                    Some((present, who)) => run_of.event(present, row, *who),
                    None => run_of.anonymous(row),
                }
            }
            if let Some((mut present, _)) = present {
                run_of.end(&mut present);
                visits.put_back(present);
            }
            books.pairs.make_room(items);
        }
    }

    /// All rows in order: the day before first, so that a visit is there when it goes on past midnight.
    fn places(&self, windows: &[Window], numbers: &[Vec<u32>]) -> Vec<Place> {
        let mut places = Vec::with_capacity(windows.iter().map(|window| window.rows().len()).sum());
        for ((window, numbers), at) in windows.iter().zip(numbers).zip(0..) {
            for ((row, arrival), number) in window.rows().iter().zip(window.arrivals()).zip(0..) {
                let site_day = numbers[row.site_day as usize];
                let day = self.items.days.get(site_day);
                let visitor = row.visitor().filter(|_| day.salt.is_some());
                let arrival = *arrival;
                places.push(Place {
                    day: day.key.day,
                    site_day,
                    visitor,
                    at: row.at,
                    arrival,
                    window: at,
                    row: number,
                });
            }
        }
        let mut order: Vec<(u64, u32)> = places.iter().map(Place::brief).zip(0..).collect();
        let full = |(_, at): &(u64, u32)| &places[*at as usize];
        order.sort_unstable_by(|one, other| one.0.cmp(&other.0).then_with(|| full(one).cmp(full(other))));
        order.iter().map(|at| *full(at)).collect()
    }

    fn opted_out(&mut self, window: &Window, site_days: &[u32]) {
        for (site_day, hits) in window.opted_out() {
            let item = self.items.item(site_days[*site_day as usize], Dimension::OptedOut, "");
            let mut measures = Measures::default();
            measures[Measure::Events] = *hits;
            self.books.cell(&self.items, (item, Hour::WHOLE_DAY), &measures, None);
        }
    }
}

fn is_listed(window: &Window, attribute: u32) -> bool {
    LISTED.contains(&window.known().key(attribute).1)
}

/// Puts the items of a row into the scratch of its run.
fn translate(run: &mut Run<'_>, window: &Window, row: &Row, translated: &mut [u32]) {
    let Run { items, scratch, site_day, .. } = run;
    let set = &mut scratch.set;
    set.clear();
    set.push(items.total(*site_day));
    for attribute in window.attributes(row) {
        let item = &mut translated[*attribute as usize];
        if *item == NONE {
            let known = window.known();
            *item = items.admit(*site_day, known.key(*attribute).1, known.text(*attribute));
        }
        set.push(*item);
    }
    set.sort_unstable();
    // Two values may stand for one, as `(more)`.
    set.dedup();
}

#[cfg(test)]
mod tests;
