//! Visits over a clean restart: the bytes of everybody who is here, and back.
//!
//! The program writes them after its last commit and destroys them at its start, before anything is accepted (P6); a
//! kill leaves none. They hold pseudonyms of open days, attributes and times: what [`super::visits`] holds in memory.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;
use serde::{Deserialize, Serialize};

use super::fold::Folder;
use super::items::NONE;
use super::seen::Seen;
use super::visit::{Deltas, Entered, Visit};
use super::visits::Person;
use crate::model::{Day, Dimension, Hour, Site, SiteId, Visitor};

/// The version of the bytes; others are refused.
const VERSION: u32 = 1;

/// The bytes are not visits of this version.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// They cannot be read at all.
    #[error("not a snapshot of visits: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// They speak of something they do not hold, or are of another version.
    #[error("a snapshot of visits that does not hold together, or is of another version")]
    Inconsistent,
}

#[derive(Serialize, Deserialize)]
struct Saved {
    version: u32,
    days: Vec<(String, u16)>,
    /// Day (a position), wire number of the dimension, value.
    items: Vec<(u32, u8, String)>,
    persons: Vec<SavedPerson>,
}

/// An item that was taken in, and its site-day.
type Restored = (u32, u32);

/// A visitor as two numbers: JSON has none so large.
type SavedVisitor = (u64, u64);

#[derive(Serialize, Deserialize)]
struct SavedPerson {
    visitor: SavedVisitor,
    day: u32,
    before: Option<(SavedVisitor, i64)>,
    funnels: Vec<(u32, u8)>,
    visits: Vec<SavedVisit>,
}

#[derive(Serialize, Deserialize)]
struct SavedVisit {
    hour: u8,
    /// First event, last event, last arrival.
    times: (i64, i64, i64),
    pageviews: u32,
    first: Vec<u32>,
    kinds: Vec<[Vec<u32>; 2]>,
    /// Entry page, page of now, page before in the journey.
    pages: [Option<u32>; 3],
    steps: u8,
    engaged: bool,
    scroll: Option<u8>,
    /// Visits, bounces, seconds.
    total: (i64, i64, i64),
}

impl Folder {
    /// Everybody who is here; empty when nobody is. Nothing must be folded afterwards.
    pub fn save_visits(&self) -> Vec<u8> {
        if self.visits.len() == 0 {
            return Vec::new();
        }
        let mut saving = Saving { folder: self, positions: HashMap::default(), items: Vec::new() };
        let persons = self.visits.iter().map(|(visitor, person)| saving.person(*visitor, person)).collect();
        let days = (0..self.items.days.len() as u32).map(|day| &self.items.days.get(day).key);
        let days = days.map(|key| (key.site.as_str().to_owned(), key.day.0)).collect();
        let saved = Saved { version: VERSION, days, items: saving.items, persons };
        serde_json::to_vec(&saved).unwrap_or_default()
    }

    /// Takes in what [`Folder::save_visits`] wrote. Days that are closed at `now` are left out; returns how many
    /// visitors there are.
    ///
    /// # Errors
    /// When the bytes are anything else; they may be anything. Nobody is taken in then.
    pub fn restore_visits(&mut self, bytes: &[u8], now: i64) -> Result<usize, SnapshotError> {
        let saved: Saved = serde_json::from_slice(bytes)?;
        if saved.version != VERSION {
            return Err(SnapshotError::Inconsistent);
        }
        let days: Vec<Option<u32>> =
            saved.days.iter().map(|day| self.restore_day(day, now)).collect::<Result<_, _>>()?;
        let items: Vec<Restored> =
            saved.items.iter().map(|item| self.restore_item(&days, item)).collect::<Result<_, _>>()?;
        let mut persons = Vec::with_capacity(saved.persons.len());
        for person in saved.persons {
            let day = *days.get(person.day as usize).ok_or(SnapshotError::Inconsistent)?;
            let Some(site_day) = day else { continue };
            persons.push(restore_person(person, site_day, &items).ok_or(SnapshotError::Inconsistent)?);
        }
        for (visitor, person) in persons {
            self.visits.restore(visitor, person);
        }
        Ok(self.visits.len())
    }

    fn restore_day(&mut self, (site, day): &(String, u16), now: i64) -> Result<Option<u32>, SnapshotError> {
        let site: SiteId = site.parse().map_err(|_| SnapshotError::Inconsistent)?;
        let Some(salt) = self.salts.existing(&site, Day(*day), now) else { return Ok(None) };
        // What the site keeps comes with its first event.
        let (number, _) = self.items.site_day(&Arc::new(Site::new(site, jiff::tz::TimeZone::UTC)), Day(*day));
        self.items.set_salt(number, Some(salt));
        Ok(Some(number))
    }

    fn restore_item(&mut self, days: &[Option<u32>], item: &(u32, u8, String)) -> Result<Restored, SnapshotError> {
        let (day, dimension, value) = item;
        let day = *days.get(*day as usize).ok_or(SnapshotError::Inconsistent)?;
        let dimension = Dimension::from_number(*dimension).ok_or(SnapshotError::Inconsistent)?;
        let Some(day) = day else { return Ok((NONE, NONE)) };
        let key = self.items.days.get(day).key.clone();
        self.items.admit_stored(&key, dimension, value);
        Ok((self.items.item(day, dimension, value), day))
    }
}

struct Saving<'a> {
    folder: &'a Folder,
    positions: HashMap<u32, u32, RandomState>,
    items: Vec<(u32, u8, String)>,
}

impl Saving<'_> {
    fn item(&mut self, item: u32) -> u32 {
        let Self { folder, positions, items } = self;
        *positions.entry(item).or_insert_with(|| {
            let known = folder.items.get(item);
            items.push((known.site_day, known.dimension as u8, folder.items.value(item).to_owned()));
            items.len() as u32 - 1
        })
    }

    fn list(&mut self, list: &[u32]) -> Vec<u32> {
        list.iter().map(|item| self.item(*item)).collect()
    }

    fn person(&mut self, visitor: Visitor, person: &Person) -> SavedPerson {
        SavedPerson {
            visitor: split(visitor),
            day: person.site_day,
            before: person.before.map(|(before, at)| (split(before), at)),
            funnels: person.funnels.iter().map(|(funnel, step)| (self.item(*funnel), *step)).collect(),
            visits: person.visits.iter().map(|visit| self.visit(visit)).collect(),
        }
    }

    fn visit(&mut self, visit: &Visit) -> SavedVisit {
        let (first, kinds) = visit.seen.parts();
        let pages = [visit.entry, visit.page, visit.second];
        SavedVisit {
            hour: visit.hour.0,
            times: (visit.first_at, visit.last_at, visit.arrived),
            pageviews: visit.pageviews,
            first: self.list(&first),
            kinds: kinds.iter().map(|lists| lists.each_ref().map(|list| self.list(list))).collect(),
            pages: pages.map(|page| (page != NONE).then(|| self.item(page))),
            steps: visit.steps,
            engaged: visit.engaged,
            scroll: visit.scroll,
            total: (visit.total.visits, visit.total.bounces, visit.total.secs),
        }
    }
}

fn split(visitor: Visitor) -> SavedVisitor {
    ((visitor.0 >> 64) as u64, visitor.0 as u64)
}

fn join((high, low): SavedVisitor) -> Visitor {
    Visitor(u128::from(high) << 64 | u128::from(low))
}

/// What one person's positions stand for: items of the day the person was seen on.
struct Restoring<'a> {
    items: &'a [Restored],
    site_day: u32,
    home: Visitor,
}

fn restore_person(saved: SavedPerson, site_day: u32, items: &[Restored]) -> Option<(Visitor, Person)> {
    let restoring = Restoring { items, site_day, home: join(saved.visitor) };
    let (funnels, steps): (Vec<u32>, Vec<u8>) = saved.funnels.into_iter().unzip();
    let funnels = restoring.list(funnels)?.into_iter().zip(steps).collect();
    let visits = saved.visits.into_iter().map(|visit| restoring.visit(visit)).collect::<Option<Vec<Visit>>>()?;
    let before = saved.before.map(|(before, at)| (join(before), at));
    let known = before.is_none_or(|(_, at)| is_sane(at));
    known.then_some((restoring.home, Person { site_day, visits, before, funnels }))
}

/// Whether a time or a sum of seconds is one that counting can go on with.
fn is_sane(number: i64) -> bool {
    number.unsigned_abs() < 1 << 40
}

impl Restoring<'_> {
    /// The items at these positions; `None` when one is missing or of another day.
    fn list(&self, positions: Vec<u32>) -> Option<Vec<u32>> {
        let item = |at: u32| self.items.get(at as usize).filter(|item| item.1 == self.site_day).map(|item| item.0);
        positions.into_iter().map(item).collect()
    }

    fn page(&self, at: Option<u32>) -> Option<u32> {
        at.map_or(Some(NONE), |at| self.list(vec![at])?.first().copied())
    }

    fn kind(&self, [added, missing]: [Vec<u32>; 2]) -> Option<[Vec<u32>; 2]> {
        Some([self.list(added)?, self.list(missing)?])
    }

    fn visit(&self, saved: SavedVisit) -> Option<Visit> {
        let kinds = saved.kinds.into_iter().map(|lists| self.kind(lists)).collect::<Option<_>>()?;
        let [entry, now, second] = saved.pages;
        let ((first_at, last_at, arrived), (visits, bounces, secs)) = (saved.times, saved.total);
        if ![first_at, last_at, arrived, visits, bounces, secs].into_iter().all(is_sane) {
            return None;
        }
        let (page, total) = (self.page(now)?, Deltas { visits, bounces, secs });
        Some(Visit {
            home: self.home,
            site_day: self.site_day,
            hour: Hour(saved.hour),
            first_at,
            last_at,
            arrived,
            pageviews: saved.pageviews,
            seen: Seen::of_parts(self.list(saved.first)?, kinds),
            entry: self.page(entry)?,
            page,
            second: self.page(second)?,
            steps: saved.steps,
            engaged: saved.engaged,
            scroll: saved.scroll,
            total,
            // A clean stop comes after the last commit.
            booked: total,
            exit: page,
            // The site may keep other pairs by now.
            entered: Entered::Unknown,
        })
    }
}

#[cfg(test)]
mod tests;
