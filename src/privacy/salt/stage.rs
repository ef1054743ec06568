//! How far a site's day has come: open, over, or past and never begun. Called by whoever seals, counts and tells; belongs to the
//! salt store.

use std::sync::PoisonError;

use super::{GRACE_SECONDS, SaltStore};
use crate::model::{Day, Site};

/// Seconds after its end for which a past day that never had a salt waits for its owner to fill it in: as long as anybody's
/// late events may come for it.
pub(super) const UNFINISHED_SECONDS: i64 = 30 * 24 * 60 * 60;

/// How far a day has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It takes visitors.
    Open,
    /// Its time is over and it never had a salt: it holds counts of what came late and nobody, and its owner may still
    /// fill it in.
    Unfinished,
    /// It takes no visitors any more.
    Over,
}

impl SaltStore {
    /// Whether a day takes no visitors any more: it was closed, or its time is over and nobody fills it in.
    pub fn is_late(&self, site: &Site, day: Day, now: i64) -> bool {
        self.stage(site, day, now) != Stage::Open
    }

    /// How far a day has come.
    pub fn stage(&self, site: &Site, day: Day, now: i64) -> Stage {
        if let Some(open) = self.open.load().get(&site.id).and_then(|days| days.get(&day)) {
            return if open.is_open(now) { Stage::Open } else { Stage::Over };
        }
        let closed = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        match closes_at(site, day) {
            _ if closed.is_closed(&site.id, day) => Stage::Over,
            end if end > now => Stage::Open,
            end if end + UNFINISHED_SECONDS > now => Stage::Unfinished,
            _ => Stage::Over,
        }
    }

    /// The past days that are open because their owner fills them in, oldest first.
    pub fn filled(&self, site: &Site, now: i64) -> Vec<Day> {
        let open = self.open.load();
        let of_site = open.get(&site.id).into_iter().flatten();
        let past = of_site.filter(|(day, open)| open.is_open(now) && closes_at(site, **day) <= now);
        let mut days: Vec<Day> = past.map(|(day, _)| *day).collect();
        days.sort_unstable();
        days
    }

    /// The second since which a day that is over is to be sealed.
    pub fn due_since(&self, site: &Site, day: Day) -> i64 {
        let closed = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        closes_at(site, day) + if closed.is_closed(&site.id, day) { 0 } else { UNFINISHED_SECONDS }
    }

    /// The oldest day that is open at `now`; `None` when none is.
    pub fn oldest(&self, now: i64) -> Option<Day> {
        let open = self.open.load();
        let days = open.values().flat_map(|days| days.iter()).filter(|(_, open)| open.is_open(now));
        days.map(|(day, _)| *day).min()
    }
}

/// The second at which a day of a site turns late.
pub fn closes_at(site: &Site, day: Day) -> i64 {
    let next = day.plus(1).date();
    let midnight = site.timezone.to_ambiguous_zoned(next.at(0, 0, 0, 0)).compatible();
    midnight.map_or(0, |midnight| midnight.timestamp().as_second()) + GRACE_SECONDS
}

/// The date in a site's zone.
pub fn today(site: &Site, now: i64) -> Day {
    let moment = jiff::Timestamp::from_second(now).unwrap_or_default().to_zoned(site.timezone.clone());
    Day::from_date(moment.date()).unwrap_or(Day(0))
}
