//! Who is here now: the last half hour, in memory only, gone with the process.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use super::last_seen::LastSeen;
use super::live_lists::{Lists, Looked, Tally};
use crate::model::{Day, SiteId, Visitor};

/// Minutes a visitor counts as present after the last event.
const PRESENT_MINUTES: i64 = 5;
/// Minutes of page views that are shown.
pub(super) const SHOWN_MINUTES: usize = 30;
/// Visitors remembered per site; beyond, the number shown stands still.
const MAX_VISITORS: usize = 200_000;

/// What a live view shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveNumbers {
    /// Visitors with an event in the last five minutes.
    pub visitors: u64,
    /// Page views in the last thirty minutes.
    pub pageviews: u64,
    /// Page views of each of the last thirty minutes, oldest first, the current one last.
    pub minutes: [u64; SHOWN_MINUTES],
}

#[derive(Default)]
struct SiteNow {
    last_seen: LastSeen,
    pageviews: VecDeque<(i64, u64)>,
    lists: Lists,
}

/// The last half hour of every site.
#[derive(Default)]
pub struct Live {
    // A std mutex: held for one commit's rows or one look, never across an await.
    sites: Mutex<HashMap<SiteId, SiteNow>>,
}

impl Live {
    /// Notes what a commit saw of one site: visitors and page views, at `now` in seconds since 1970.
    pub fn note(&self, site: &SiteId, visitors: impl Iterator<Item = Visitor>, pageviews: u64, now: i64) {
        let minute = now.div_euclid(60);
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        let here = sites.entry(site.clone()).or_default();
        for visitor in visitors {
            let free = MAX_VISITORS - here.last_seen.len().min(MAX_VISITORS);
            here.last_seen.note(visitor, minute, free);
        }
        match here.pageviews.back_mut() {
            Some((last, count)) if *last == minute => *count += pageviews,
            _ => here.pageviews.push_back((minute, pageviews)),
        }
    }

    /// Notes who of them looked at what, on the site-local day of the commit.
    pub fn note_lists<'w>(
        &self,
        (site, day): (&SiteId, Day),
        visitors: &[Visitor],
        looked: impl Iterator<Item = Looked<'w>>,
        now: i64,
    ) {
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        sites.entry(site.clone()).or_default().lists.note(day, visitors, looked, now.div_euclid(60));
    }

    /// What a site was looked at under in the half hour up to `now`; nothing of it may be shown as it is.
    pub fn tally(&self, site: &SiteId, now: i64) -> Tally {
        let sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        sites.get(site).map(|here| here.lists.tally(now.div_euclid(60))).unwrap_or_default()
    }

    /// The numbers of a site at `now`.
    pub fn now(&self, site: &SiteId, now: i64) -> LiveNumbers {
        let minute = now.div_euclid(60);
        let mut minutes = [0; SHOWN_MINUTES];
        let sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(here) = sites.get(site) else {
            return LiveNumbers { minutes, ..LiveNumbers::default() };
        };
        for (at, count) in &here.pageviews {
            let age = usize::try_from(minute - at).unwrap_or(0);
            if age < SHOWN_MINUTES {
                minutes[SHOWN_MINUTES - 1 - age] += count;
            }
        }
        let visitors = here.last_seen.since(minute, PRESENT_MINUTES).count();
        LiveNumbers { visitors: visitors as u64, pageviews: minutes.iter().sum(), minutes }
    }

    /// Forgets a site that was removed.
    pub fn forget_site(&self, site: &SiteId) {
        self.sites.lock().unwrap_or_else(PoisonError::into_inner).remove(site);
    }

    /// Forgets who left and minutes that are no longer shown. Called once a minute.
    pub fn forget(&self, now: i64) {
        let minute = now.div_euclid(60);
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        sites.retain(|_, here| {
            here.last_seen.forget(minute, PRESENT_MINUTES);
            here.pageviews.retain(|(at, _)| minute - *at < SHOWN_MINUTES as i64);
            here.lists.forget(minute);
            here.last_seen.len() > 0 || !here.pageviews.is_empty() || !here.lists.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> SiteId {
        "demo".parse().expect("an id")
    }

    #[test]
    fn visitors_leave_after_five_minutes_and_views_after_thirty() {
        let live = Live::default();
        live.note(&site(), [Visitor(1), Visitor(2), Visitor(1)].into_iter(), 3, 0);
        live.note(&site(), [Visitor(2)].into_iter(), 1, 4 * 60);
        let at = |minute: i64| live.now(&site(), minute * 60);
        let seen: Vec<(u64, u64)> = [0, 4, 5, 9, 30, 34].map(|m| (at(m).visitors, at(m).pageviews)).to_vec();
        assert_eq!(seen, [(2, 4), (2, 4), (1, 4), (0, 4), (0, 1), (0, 0)]);
        assert_eq!(at(4).minutes[25..], [3, 0, 0, 0, 1]);
    }

    #[test]
    fn what_is_no_longer_shown_is_forgotten() {
        let live = Live::default();
        live.note(&site(), [Visitor(1)].into_iter(), 3, 0);
        live.forget(31 * 60);
        assert!(live.sites.lock().expect("not poisoned").is_empty());
    }
}
