//! The end of a site: everything of it goes, also what is still on its way. Called by `app` when a site was removed, and
//! repeated until it worked. No site of the same id is added before that.

use std::time::Duration;

use super::route::Sites;
use super::seal::{SealError, Sealer};
use crate::model::{Cell, CellKey, Crossings, SiteId};

/// Time the commit under way and the loads have until a try is given up.
const PATIENCE: Duration = Duration::from_secs(60);

impl Sealer {
    /// Erases a site that no longer exists: its salts, what waits for it in the spool and every row of it. Safe to
    /// repeat after any outcome. Returns how many rows there were.
    ///
    /// # Errors
    /// A step failed; the ones before it hold.
    pub async fn erase(&self, site: &SiteId) -> Result<u64, SealError> {
        let parts = self.parts();
        // No seal of the site may write rows behind the erasure's back.
        // A site that is made anew under the same id must not take what was on its way for the old one.
        let mut numbers = self.alone().await;
        numbers.renew();
        if let Some(intake) = &parts.intake {
            let committed = tokio::time::timeout(PATIENCE, intake.barrier()).await;
            committed.map_err(|_| SealError::NotLoaded)?.map_err(|_| SealError::NotLoaded)?;
        }
        let newest = tokio::task::block_in_place(|| {
            parts.salts.forget_site(site)?;
            parts.spool.end_segment();
            Ok::<_, SealError>(parts.spool.newest())
        })?;
        // A load that holds rows of the site may be under way. Later ones hold none.
        let loaded = tokio::time::timeout(PATIENCE, parts.progress.reach(newest)).await;
        loaded.map_err(|_| SealError::NotLoaded)?;
        parts.seals.forget_site(site);
        Ok(parts.store.erase_site(site).await?)
    }
}

/// Takes out the cells of sites that are gone; returns how many there were. Cells are sorted by site.
pub(super) fn drop_gone_cells(cells: &mut Vec<Cell>, sites: &dyn Sites) -> usize {
    let before = cells.len();
    let mut last: Option<(SiteId, bool)> = None;
    cells.retain(|Cell { key: CellKey { site, .. }, .. }| match &last {
        Some((known, exists)) if known == site => *exists,
        _ => {
            let exists = sites.site(site).is_some();
            last = Some((site.clone(), exists));
            exists
        }
    });
    before - cells.len()
}

/// Takes out the crossings of sites that are gone; returns how many there were.
pub(super) fn drop_gone_crossings(crossings: &mut Crossings, sites: &dyn Sites) -> usize {
    let exists: Vec<bool> = crossings.site_days.iter().map(|(site, _)| sites.site(site).is_some()).collect();
    if exists.iter().all(|exists| *exists) {
        return 0;
    }
    let whole = std::mem::take(crossings);
    // Texts that only rows of these sites name go with them to nowhere: nothing but rows is sent.
    let mut kept = Crossings::about(whole.site_days.clone(), whole.texts.clone());
    whole.iter().filter(|row| exists[row.group.site_day as usize]).for_each(|row| kept.push_row(row));
    let dropped = whole.len() - kept.len();
    *crossings = kept;
    dropped
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::{CrossingGroup, Day, Dimension, Hour, Measures, Site};

    /// Only the site `a` exists.
    struct OnlyA;

    impl Sites for OnlyA {
        fn site(&self, id: &SiteId) -> Option<Arc<Site>> {
            (id.as_str() == "a").then(|| Arc::new(Site::new(id.clone(), jiff::tz::TimeZone::UTC)))
        }

        fn all(&self) -> Vec<Arc<Site>> {
            self.site(&id("a")).into_iter().collect()
        }
    }

    fn id(id: &str) -> SiteId {
        id.parse().expect("an id")
    }

    #[test]
    fn what_waits_for_a_site_that_is_gone_is_dropped() {
        let cell = |site: &str, value: &str| {
            let (site, value, hour) = (id(site), value.into(), Hour::WHOLE_DAY);
            let key = CellKey { site, day: Day(1), dimension: Dimension::Page, value, hour };
            Cell { key, measures: Measures::default(), hashes: vec![1] }
        };
        let mut cells = vec![cell("a", "/1"), cell("a", "/2"), cell("b", "/1"), cell("c", "/1")];
        assert_eq!((drop_gone_cells(&mut cells, &OnlyA), cells), (2, vec![cell("a", "/1"), cell("a", "/2")]));
    }

    #[test]
    fn crossings_keep_their_hashes_when_those_of_other_sites_go() {
        let group = |site_day| {
            let dimensions = [Dimension::Page, Dimension::Country];
            CrossingGroup { site_day, dimensions, values: [0, 1] }
        };
        let none = Crossings::about(vec![(id("b"), Day(1)), (id("a"), Day(1))], vec!["/".into(), "DE".into()]);
        let mut left = none.clone();
        left.push(group(1), &Measures::default(), &[9]);
        let mut crossings = none;
        crossings.push(group(0), &Measures::default(), &[7, 8]);
        crossings.push(group(1), &Measures::default(), &[9]);
        assert_eq!((drop_gone_crossings(&mut crossings, &OnlyA), crossings), (1, left));
    }
}
