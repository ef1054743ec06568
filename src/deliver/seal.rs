//! The seal: a site-day that is over becomes integers for good, and what could still tell visitors apart is gone.
//!
//! The steps of [`Sealer::seal`], each safe to begin again from the first:
//! 1. *Fence*: the salt is destroyed. What is committed from now on is late. A commit that was under way is awaited.
//! 2. *Drain*: both loaders have everything up to here, for good. Later counts of the day are held back.
//! 3. *Rows*: what may be shown is decided and written as integers under a generation of its own.
//! 4. *Switch*: the row in `seals` names that generation. Atomic, and never replaced. What was held back follows.
//! 5. *Removal*: the open rows go.
//!
//! A seal that is cut short before the switch leaves rows that nobody reads, which the next try removes; after it,
//! open rows that nobody reads, which [`Sealer::due`] finds again. Called by `watch`, which knows when.

pub mod laid;
pub mod request;
mod rows;
pub mod watch;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::fault::Fault;
use super::intake::Intake;
use super::progress::Progress;
pub use super::route::Sites;
use super::route::keep_until;
use super::seals::{Hold, REMEMBERED_DAYS, Seals};
use super::spool::Spool;
use crate::clickhouse::{Generation, InsertError, SealRow, Store, StoreError};
use crate::clock::Clock;
use crate::model::{Day, Site, SiteId};
use crate::privacy::salt::{SaltError, SaltStore};

/// Time a commit and the loads have until a try is given up. What waits is loaded all the same.
const PATIENCE: Duration = Duration::from_secs(60);
/// Pause between two tries to write the row of a seal.
const SWITCH_PAUSE: Duration = Duration::from_secs(1);

/// What metrics tell of seals.
#[derive(Default)]
pub struct SealCounts {
    /// Site-days that were sealed.
    pub done: AtomicU64,
    /// Tries that failed and will be made again.
    pub failed: AtomicU64,
    /// Seconds since the oldest site-day that is not sealed should have been; 0 when there is none.
    pub overdue_seconds: AtomicU64,
}

/// What a sealer is made of.
pub struct SealerParts {
    /// The database.
    pub store: Store,
    /// The salts.
    pub salts: Arc<SaltStore>,
    /// Which days are sealed.
    pub seals: Arc<Seals>,
    /// What is on its way to the database.
    pub spool: Arc<Spool>,
    /// How far the loaders are.
    pub progress: Arc<Progress>,
    /// Where commits happen; none when nothing is collected.
    pub intake: Option<Arc<Intake>>,
    /// The sites.
    pub sites: Arc<dyn Sites>,
    /// The time.
    pub clock: Clock,
    /// For metrics.
    pub counts: Arc<SealCounts>,
    /// Where to die, in tests.
    pub fault: Option<Fault>,
}

/// Seals site-days, one at a time.
pub struct Sealer(SealerParts, tokio::sync::Mutex<Numbers>);

/// The number of the generations one run of the program writes: random, and another one after a try that was cut short,
/// since what it sent may still arrive. Days that are sealed one after the other share it: a column that never changes
/// takes no space, one with a random number a day a tenth of the table.
#[derive(Default)]
pub(super) struct Numbers(Option<u64>);

impl Numbers {
    /// The number for the next try, for good only once [`Self::keep`] is called; never 0.
    fn take(&mut self) -> Result<u64, SealError> {
        self.0.take().map_or_else(|| random().map(|number| number.max(1)), Ok)
    }

    /// The try succeeded: the next one may have the same number.
    fn keep(&mut self, number: u64) {
        self.0 = Some(number);
    }

    /// Whatever is sealed from now on has another number.
    pub(super) fn renew(&mut self) {
        self.0 = None;
    }
}

/// What became of a site-day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sealed {
    /// It is sealed now.
    Now(SealRow),
    /// It was sealed before.
    Before,
    /// It is closed, and nothing was counted on it.
    Empty,
}

/// A site-day cannot be sealed now.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The salt cannot be destroyed.
    #[error(transparent)]
    Salt(#[from] SaltError),
    /// ClickHouse did not do a step.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was counted could not be written to disk or loaded in time.
    #[error("what was counted is not in ClickHouse yet")]
    NotLoaded,
    /// No random number for a generation or a token.
    #[error("no random bytes from the operating system")]
    Random,
}

impl Sealer {
    /// A sealer.
    pub fn new(parts: SealerParts) -> Self {
        Self(parts, tokio::sync::Mutex::default())
    }

    /// Learns from ClickHouse which days are sealed. The loaders may begin when this is done.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn learn(&self) -> Result<(), StoreError> {
        let today = Day(super::commit::utc_day(self.0.clock.unix_seconds()));
        let seals = self.0.store.seals_since(today.plus(-REMEMBERED_DAYS)).await?;
        self.0.seals.learn(seals);
        Ok(())
    }

    /// Seals a site-day. Safe to repeat after any outcome.
    ///
    /// # Errors
    /// A step failed. The salt is gone all the same, unless that is what failed.
    pub async fn seal(&self, site: &Site, day: Day) -> Result<Sealed, SealError> {
        let outcome = self.attempt(site, day).await;
        match &outcome {
            Ok(Sealed::Now(_)) => self.0.counts.done.fetch_add(1, Ordering::Relaxed),
            Ok(_) => 0,
            Err(_) => self.0.counts.failed.fetch_add(1, Ordering::Relaxed),
        };
        outcome
    }

    pub(super) fn parts(&self) -> &SealerParts {
        &self.0
    }

    /// Waits until no other seal or erasure runs; none begins while the guard lives.
    pub(super) async fn alone(&self) -> tokio::sync::MutexGuard<'_, Numbers> {
        self.1.lock().await
    }

    async fn attempt(&self, site: &Site, day: Day) -> Result<Sealed, SealError> {
        let parts = &self.0;
        let mut numbers = self.alone().await;
        if parts.sites.site(&site.id).is_none() {
            // Removed meanwhile: its days are erased.
            return Ok(Sealed::Empty);
        }
        tokio::task::block_in_place(|| parts.salts.close(&site.id, day))?;
        Fault::AfterFence.reached(parts.fault);
        if let Some(sealed) = parts.seals.of(&site.id, day) {
            self.tidy(site, day, sealed.generation).await?;
            return Ok(Sealed::Before);
        }
        let hold = self.drain(&site.id, day).await?;
        Fault::AfterDrain.reached(parts.fault);
        // Somebody else may have sealed it since this program learned what is sealed.
        if let Some(sealed) = parts.store.seal_of(&site.id, day).await? {
            hold.sealed(sealed);
            self.tidy(site, day, sealed.generation).await?;
            return Ok(Sealed::Before);
        }
        parts.store.remove_remains(&site.id, day, None).await?;
        if !parts.store.open_site_days().await?.contains(&(site.id.clone(), day)) {
            return Ok(Sealed::Empty);
        }
        let generation =
            Generation { site: site.id.clone(), day, number: numbers.take()?, keep_until: keep_until(site, day) };
        let row = rows::write(parts, site, generation).await?;
        Fault::AfterRows.reached(parts.fault);
        self.switch(&row, hold).await?;
        numbers.keep(row.generation.number);
        Fault::AfterSwitch.reached(parts.fault);
        self.tidy(site, day, row.generation.number).await?;
        Fault::AfterRemoval.reached(parts.fault);
        Ok(Sealed::Now(row))
    }

    /// Waits until everything that could hold a visitor of the day is in ClickHouse; holds back what comes later.
    async fn drain(&self, site: &SiteId, day: Day) -> Result<Hold, SealError> {
        self.drain_all(site, &[day]).await?.pop().ok_or(SealError::NotLoaded)
    }

    /// The same for several days, in their order.
    async fn drain_all(&self, site: &SiteId, days: &[Day]) -> Result<Vec<Hold>, SealError> {
        let parts = &self.0;
        if let Some(intake) = &parts.intake {
            // A commit that began before the fence may still use the salt.
            let committed = tokio::time::timeout(PATIENCE, intake.barrier()).await;
            committed.map_err(|_| SealError::NotLoaded)?.map_err(|_| SealError::NotLoaded)?;
        }
        let holds: Vec<Hold> = tokio::task::block_in_place(|| {
            // So that the files of what was counted before vanish now, and not when a segment is full.
            parts.spool.end_segment();
            days.iter().map(|day| parts.seals.hold(site, *day, || parts.spool.newest())).collect()
        });
        let newest = holds.iter().map(Hold::after).max().unwrap_or(0);
        let drained = tokio::time::timeout(PATIENCE, parts.progress.reach(newest)).await;
        drained.map_err(|_| SealError::NotLoaded)?;
        Ok(holds)
    }

    /// Writes the row of the seal, again and again until ClickHouse says that it is there or that it never will be:
    /// until then nobody can know where late counts belong.
    async fn switch(&self, row: &SealRow, mut hold: Hold) -> Result<(), SealError> {
        let mut token = u128::from(random()?) << 64 | u128::from(random()?);
        hold.stay(true);
        loop {
            match self.0.store.write_seal(row, token).await {
                Ok(()) => break,
                Err(InsertError::Refused(reason)) => {
                    hold.stay(false);
                    return Err(StoreError::Refused(reason).into());
                }
                Err(InsertError::Retry(_)) => tokio::time::sleep(SWITCH_PAUSE).await,
            }
            token = token.wrapping_add(1);
        }
        hold.sealed(row.sealed_day());
        Ok(())
    }

    /// Removes what the seal made superfluous.
    async fn tidy(&self, site: &Site, day: Day, generation: u64) -> Result<(), StoreError> {
        self.0.store.remove_open(&site.id, day).await?;
        self.0.store.remove_remains(&site.id, day, Some(generation)).await
    }
}

fn random() -> Result<u64, SealError> {
    getrandom::u64().map_err(|_| SealError::Random)
}

#[cfg(test)]
mod tests;
