//! Which site-days are sealed, in memory, and which is being sealed just now. The seal writes here, the loaders read:
//! counts of a sealed day go to its generation, and what comes for a day while it is being sealed waits.
//!
//! Where the rows of a load go must be the same whenever the load is tried. It is: a site-day changes sides only while
//! no load that was begun holds rows of it. [`Seals::hold`] sees to that together with the loaders' progress.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::table::Table;
use crate::clickhouse::SealedDay;
use crate::model::{Batch, Day, SiteId};
use crate::privacy::salt::BACKFILL_DAYS;

/// Days a seal is remembered: longer than anything can still come for a day.
pub const REMEMBERED_DAYS: i32 = BACKFILL_DAYS as i32 + 30;

/// The site-days that are sealed, and those that are held back.
#[derive(Default)]
pub struct Seals {
    // A std mutex: held for look-ups, and by a loader while it writes down a load, where blocking is allowed.
    state: Mutex<State>,
}

/// What [`Seals`] knows at one moment.
#[derive(Default)]
pub(super) struct State {
    sealed: HashMap<SiteId, HashMap<Day, SealedDay>>,
    held: Vec<Held>,
}

#[derive(PartialEq)]
struct Held {
    site: SiteId,
    day: Day,
    after: u64,
}

impl State {
    /// The seal of a site-day.
    pub(super) fn of(&self, site: &SiteId, day: Day) -> Option<SealedDay> {
        self.sealed.get(site)?.get(&day).copied()
    }

    /// Whether rows of `batch` are held back from `table`.
    pub(super) fn holds(&self, batch: &Batch, table: Table) -> bool {
        self.held.iter().any(|held| held.covers(batch, table))
    }
}

impl Held {
    fn covers(&self, batch: &Batch, table: Table) -> bool {
        if batch.sequence <= self.after {
            return false;
        }
        match table {
            Table::Cells => batch.cells.iter().any(|cell| cell.key.day == self.day && cell.key.site == self.site),
            Table::Crossings => {
                batch.crossings.site_days.iter().any(|(site, day)| *day == self.day && *site == self.site)
            }
        }
    }
}

impl Seals {
    /// Takes over what ClickHouse says.
    pub fn learn(&self, seals: impl IntoIterator<Item = (SiteId, SealedDay)>) {
        let mut state = self.lock();
        for (site, sealed) in seals {
            state.sealed.entry(site).or_default().insert(sealed.day, sealed);
        }
    }

    /// The seal of a site-day.
    pub fn of(&self, site: &SiteId, day: Day) -> Option<SealedDay> {
        self.lock().of(site, day)
    }

    /// The days of a site whose generations begin with these 48 bits.
    pub fn marked(&self, site: &SiteId, mark: u64) -> Vec<Day> {
        let state = self.lock();
        let days = state.sealed.get(site).into_iter().flat_map(HashMap::values);
        days.filter(|sealed| sealed.generation >> 16 == mark).map(|sealed| sealed.day).collect()
    }

    /// Forgets days before `first`, and everything of sites that `exists` does not know.
    pub fn forget(&self, first: Day, exists: impl Fn(&SiteId) -> bool) {
        self.lock().sealed.retain(|site, days| {
            days.retain(|day, _| *day >= first);
            !days.is_empty() && exists(site)
        });
    }

    /// Forgets days whose generation begins with these 48 bits.
    pub fn forget_marked(&self, site: &SiteId, mark: u64) {
        if let Some(days) = self.lock().sealed.get_mut(site) {
            days.retain(|_, sealed| sealed.generation >> 16 != mark);
        }
    }

    /// Forgets a site that was erased.
    pub fn forget_site(&self, site: &SiteId) {
        self.lock().sealed.remove(site);
    }

    /// Holds back what comes for a site-day after the newest batch that is in the spool now. No load that is begun from
    /// now on holds such rows; those that were begun before hold none of later batches.
    pub fn hold(self: &Arc<Self>, site: &SiteId, day: Day, newest: impl FnOnce() -> u64) -> Hold {
        let mut state = self.lock();
        let after = newest();
        state.held.push(Held { site: site.clone(), day, after });
        drop(state);
        Hold { seals: self.clone(), site: site.clone(), day, after, stays: false }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A site-day that is held back for as long as this lives.
pub struct Hold {
    seals: Arc<Seals>,
    site: SiteId,
    day: Day,
    after: u64,
    stays: bool,
}

impl Hold {
    /// The newest batch that is not held back.
    pub fn after(&self) -> u64 {
        self.after
    }

    /// From now on it is unknown whether the site-day is sealed: it stays held back until that is known, also when this
    /// goes out of scope.
    pub fn stay(&mut self, stays: bool) {
        self.stays = stays;
    }

    /// The site-day is sealed: what was held back goes to the generation of its seal.
    pub fn sealed(mut self, sealed: SealedDay) {
        self.stays = false;
        self.seals.learn([(self.site.clone(), sealed)]);
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        if !self.stays {
            let held = Held { site: self.site.clone(), day: self.day, after: self.after };
            self.seals.lock().held.retain(|other| *other != held);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Cell, CellKey, Crossings, Dimension, Hour, Measures};

    const DAY: Day = Day(20_778);

    fn site(id: &str) -> SiteId {
        id.parse().expect("an id")
    }

    fn sealed(day: Day, generation: u64) -> SealedDay {
        SealedDay { day, generation, rules: crate::model::Rules { k: 5, strict: false } }
    }

    fn batch(sequence: u64, id: &str, day: Day) -> Arc<Batch> {
        let key = CellKey { site: site(id), day, dimension: Dimension::Total, value: "".into(), hour: Hour::WHOLE_DAY };
        let cells = vec![Cell { key, measures: Measures::default(), hashes: Vec::new() }];
        let crossings = Crossings::about(vec![(site(id), day)], Vec::new());
        Arc::new(Batch { sequence, cells, crossings, remembered: Vec::new() })
    }

    #[test]
    fn later_batches_of_a_held_day_and_what_follows_them_wait() {
        let seals = Arc::new(Seals::default());
        let batches = [
            batch(1, "a", DAY),
            batch(2, "b", DAY),
            batch(3, "a", DAY.plus(1)),
            batch(4, "a", DAY),
            batch(5, "b", DAY),
        ];
        let free = |seals: &Seals| {
            Table::ALL.map(|table| batches.iter().take_while(|batch| !seals.lock().holds(batch, table)).count())
        };
        let hold = seals.hold(&site("a"), DAY, || 1);
        assert_eq!((hold.after(), free(&seals)), (1, [3, 3]));
        drop(hold);
        assert_eq!(free(&seals), [5, 5]);
        seals.hold(&site("a"), DAY, || 1).sealed(sealed(DAY, 7));
        assert_eq!((free(&seals), seals.of(&site("a"), DAY)), ([5, 5], Some(sealed(DAY, 7))));
        assert_eq!(seals.of(&site("b"), DAY), None);
    }

    #[test]
    fn a_day_of_which_it_is_unknown_whether_it_is_sealed_stays_held() {
        let seals = Arc::new(Seals::default());
        let mut hold = seals.hold(&site("a"), DAY, || 0);
        hold.stay(true);
        drop(hold);
        assert!(seals.lock().holds(&batch(1, "a", DAY), Table::Cells));
    }

    #[test]
    fn old_days_and_sites_that_are_gone_are_forgotten() {
        let seals = Seals::default();
        let known = [("a", DAY, 1), ("a", DAY.plus(-1), 2), ("b", DAY, 3), ("a", DAY.plus(1), 4 << 16 | 9)];
        seals.learn(known.map(|(id, day, number)| (site(id), sealed(day, number))));
        assert_eq!(seals.marked(&site("a"), 4), [DAY.plus(1)]);
        seals.forget_marked(&site("a"), 4);
        seals.forget(DAY, |id| *id == site("a"));
        let left = known.map(|(id, day, _)| seals.of(&site(id), day).map(|sealed| sealed.generation));
        assert_eq!(left, [Some(1), None, None, None]);
    }
}
