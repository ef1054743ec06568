//! The commit: what all threads took in becomes one batch on disk, and who waited for that gets an answer.
//!
//! One thread. While somebody waits (group commit), the next commit starts a moment after the last one did, at once when
//! that was a while ago or much has come in; after the interval otherwise.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::intake::{Intake, Share};
use super::retry::{Entry, RetrySet};
use super::spool::Spool;
use crate::clock::Clock;
use crate::count::{Folded, Folder, Window};
use crate::files;
use crate::model::{Batch, Day};

/// Pause between two tries while the disk fails.
const RETRY_PAUSE: Duration = Duration::from_millis(200);
/// Tries of the last commit before the stop goes on without it.
const LAST_TRIES: u32 = 25;
/// The least time from the start of one commit to the next one's. A commit costs something whatever it holds, and what
/// is counted together makes fewer rows.
const PACE: Duration = Duration::from_millis(10);

/// The commit thread's belongings.
pub struct Committer {
    /// Where shares are fetched.
    pub intake: Arc<Intake>,
    /// Turns windows into cells.
    pub folder: Folder,
    /// Where batches go.
    pub spool: Arc<Spool>,
    /// Where batch ids go.
    pub retries: Arc<RetrySet>,
    /// The time.
    pub clock: Clock,
    /// The longest time between two commits.
    pub interval: Duration,
    /// Where visits are kept over a clean restart.
    pub visits: PathBuf,
}

impl Committer {
    /// Commits until the intake is closed, then keeps the visits for the next start. Runs on a thread of its own: it
    /// syncs files.
    pub fn run(mut self) {
        let pace = PACE.min(self.interval);
        let mut not_before = Instant::now();
        loop {
            let last = self.intake.wait(self.interval, not_before);
            not_before = Instant::now() + pace;
            let shares = self.intake.take();
            if shares.is_empty() {
                // A quiet night must not keep a salt in memory, nor who was here, until somebody comes again.
                self.folder.rest(self.clock.unix_seconds());
            }
            let committed = shares.is_empty() || self.commit(shares);
            if last {
                // Visits that are not on disk must not be gone on with.
                return if committed {
                    self.keep_visits()
                };
            }
        }
    }

    /// Writes down who is here. A restart goes on with them; a kill leaves nothing.
    fn keep_visits(&self) {
        let visits = self.folder.save_visits();
        if visits.is_empty() {
            return;
        }
        if let Err(error) = files::replace(&self.visits, &visits) {
            tracing::error!(error = %error, "visits cannot be kept; those going on now are counted anew after the start");
        }
    }

    /// Commits, again and again while the disk fails; hits are shed meanwhile. A batch that may have reached the disk
    /// is never changed between two tries. When the program stops, the tries come to an end; returns whether it is done.
    fn commit(&mut self, mut shares: Vec<Share>) -> bool {
        let windows: Vec<Window> = shares.iter_mut().map(|share| std::mem::take(&mut share.window)).collect();
        let remembered: Vec<Entry> =
            shares.iter_mut().flat_map(|share| std::mem::take(&mut share.remembered)).collect();
        let mut batch: Option<Batch> = None;
        let (mut failed, mut failed_while_stopping) = (false, 0);
        while let Err(error) = self.attempt(&windows, &remembered, &mut batch) {
            if !failed {
                tracing::error!(error = %error, "a commit failed; hits are shed until one succeeds");
            }
            failed = true;
            self.intake.set_stalled(true);
            failed_while_stopping += u32::from(self.intake.is_closed());
            if failed_while_stopping > LAST_TRIES {
                tracing::error!("the last commit failed: hits of the last moments are lost");
                return false;
            }
            std::thread::sleep(RETRY_PAUSE);
        }
        self.intake.set_stalled(false);
        self.retries.counted(&remembered);
        shares.iter_mut().for_each(Share::answer);
        self.note(batch.map_or(0, |batch| batch.sequence), &remembered);
        self.intake.give_back(windows);
        true
    }

    fn attempt(&mut self, windows: &[Window], remembered: &[Entry], batch: &mut Option<Batch>) -> anyhow::Result<()> {
        if batch.is_none() {
            let now = self.clock.unix_seconds();
            self.folder.forget(Day(utc_day(now)), now);
            let Folded { cells, crossings } = self.folder.fold(windows, now)?;
            *batch = Some(Batch { sequence: 0, cells, crossings, remembered: remembered.to_vec() });
        }
        match batch.as_mut().filter(|batch| !batch.cells.is_empty() || !batch.remembered.is_empty()) {
            Some(batch) => Ok(self.spool.append(batch)?),
            None => Ok(()),
        }
    }

    /// Writes the ids down apart from the batch, which does not stay. Nobody waits for this.
    fn note(&self, sequence: u64, remembered: &[Entry]) {
        if sequence == 0 {
            return;
        }
        if let Err(error) = self.retries.note(sequence, remembered) {
            // The ids are in the spool, too; the loader keeps their batches until the log can be synced.
            tracing::error!(error = %error, "the log of batch ids cannot be written");
        }
    }
}

/// Days since 1970 of a second, in UTC.
pub fn utc_day(unix_seconds: i64) -> u16 {
    u16::try_from(unix_seconds.div_euclid(86_400)).unwrap_or(0)
}
