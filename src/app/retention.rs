//! The end of counts: sealed days go when their site's retention is over. A change of the retention holds for days that
//! were sealed before as well. Days that are open never end here: the seal comes first.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::tasks::Task;
use crate::clickhouse::{Store, StoreError};
use crate::deliver::commit::utc_day;
use crate::model::{Day, SiteId};
use crate::registry::Registry;

/// How often it is looked whether a site's retention was changed.
const BEAT: Duration = Duration::from_secs(1);
/// Pause after a try that failed.
const PAUSE: Duration = Duration::from_secs(60);

/// What keeps to the retention of every site.
struct Retention {
    registry: Arc<Registry>,
    store: Store,
    /// Months each site's rows have, as looked at today.
    applied: BTreeMap<SiteId, u16>,
    /// The day on which expired rows were removed last.
    removed_on: Option<Day>,
}

/// Keeps to the retention of every site until `stop`.
pub fn watch(registry: Arc<Registry>, store: Store, stop: CancellationToken) -> Task {
    let mut retention = Retention { registry, store, applied: BTreeMap::new(), removed_on: None };
    Box::pin(async move {
        loop {
            let work = async {
                let pause = match retention.apply().await {
                    Ok(()) => BEAT,
                    Err(error) => {
                        tracing::debug!(reason = %error, "retention waits for ClickHouse");
                        PAUSE
                    }
                };
                tokio::time::sleep(pause).await;
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = work => {}
            }
        }
    })
}

impl Retention {
    async fn apply(&mut self) -> Result<(), StoreError> {
        let snapshot = self.registry.snapshot();
        let sites: BTreeMap<SiteId, u16> =
            snapshot.sites().map(|site| (site.id.clone(), site.retention_months)).collect();
        let today = Day(utc_day(self.registry.clock().unix_seconds()));
        if self.removed_on != Some(today) {
            // A day that was being sealed when the retention was changed may have the one before.
            self.applied.clear();
        }
        self.applied.retain(|site, _| sites.contains_key(site));
        let mut is_changed = false;
        for (site, months) in &sites {
            if self.applied.get(site) == Some(months) {
                continue;
            }
            let rows = self.store.keep_for(site, *months).await?;
            if rows > 0 {
                tracing::info!(rows, "the retention of stored rows was changed");
            }
            self.applied.insert(site.clone(), *months);
            is_changed = true;
        }
        if is_changed || self.removed_on != Some(today) {
            self.remove_expired(&sites, today).await?;
            self.removed_on = Some(today);
        }
        Ok(())
    }

    /// A day is over everywhere when it is the day before yesterday in UTC at the latest.
    async fn remove_expired(&self, sites: &BTreeMap<SiteId, u16>, today: Day) -> Result<(), StoreError> {
        let over = today.plus(-1);
        let rows = self.store.remove_expired(over).await?;
        for (site, months) in sites {
            let first = over.date().saturating_sub(jiff::Span::new().months(i32::from(*months)));
            if let Some(first) = Day::from_date(first) {
                self.store.remove_seals_before(site, first).await?;
            }
        }
        if rows > 0 {
            tracing::info!(rows, "removed rows whose retention was over");
        }
        Ok(())
    }
}
