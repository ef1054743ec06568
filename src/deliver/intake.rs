//! Where the threads that collect hand in what they counted, and where the commit thread fetches it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::retry::Entry;
use super::shed::Shed;
use super::spool::Spool;
use crate::count::Window;

/// Bytes a window may hold before hits are shed: about 100,000 events. Only a disk that stands still, or more coming in
/// than can be counted, lets it grow that far. Counting a window takes some ten times its bytes.
const MAX_WINDOW_BYTES: usize = 16 * 1024 * 1024;
/// Bytes of windows that make a commit worth its fixed price at once: about a thousand events.
const PLENTY_BYTES: usize = 128 * 1024;

/// Bytes of a window that is kept, emptied, for later events.
const SPARE_BYTES: usize = 2 * 1024 * 1024;

/// What one thread took in since the last commit.
#[derive(Default)]
pub struct Share {
    /// The events.
    pub window: Window,
    /// Client batch and event ids whose events are in the window, with the day (since 1970, UTC) they came.
    pub remembered: Vec<Entry>,
    waiting: Vec<oneshot::Sender<()>>,
}

impl Share {
    /// A receiver that is told when everything counted so far is on disk. It is dropped when that fails.
    pub fn durable(&mut self) -> oneshot::Receiver<()> {
        let (sender, receiver) = oneshot::channel();
        self.waiting.push(sender);
        receiver
    }

    /// Whether there is nothing to commit and nobody waits.
    pub fn is_empty(&self) -> bool {
        self.window.is_empty() && self.waiting.is_empty()
    }

    /// Answers everybody who waited for this share to be on disk.
    pub fn answer(&mut self) {
        for waiting in self.waiting.drain(..) {
            // Who hung up meanwhile does not need the answer.
            let _ = waiting.send(());
        }
    }
}

/// The meeting place of collecting threads and commit thread.
pub struct Intake {
    // Std mutexes: a collecting thread holds its own for one request, the commit thread for a swap.
    shares: Vec<Mutex<Share>>,
    wanted: Mutex<Wanted>,
    wake: Condvar,
    stalled: AtomicBool,
    spool: Arc<Spool>,
    /// Empty windows with room in them: one that grows from nothing for each commit costs more than what it holds.
    spare: Mutex<Vec<Window>>,
}

#[derive(Default)]
struct Wanted {
    durable: bool,
    closed: bool,
}

impl Intake {
    /// A meeting place for `threads` collecting threads.
    pub fn new(threads: usize, spool: Arc<Spool>) -> Self {
        let shares = (0..threads).map(|_| Mutex::default()).collect();
        let (wanted, spare) = (Mutex::default(), Mutex::default());
        Self { shares, wanted, wake: Condvar::new(), stalled: AtomicBool::new(false), spool, spare }
    }

    /// Whether more may be taken in.
    ///
    /// # Errors
    /// The reason why hits are shed.
    pub fn admits(&self) -> Result<(), Shed> {
        if self.spool.is_full() {
            return Err(Shed::SpoolFull);
        }
        if self.stalled.load(Ordering::Relaxed) {
            return Err(Shed::DiskFailing);
        }
        Ok(())
    }

    /// The share of thread `number`, for the length of one request.
    ///
    /// # Errors
    /// The reason why hits are shed.
    pub fn share(&self, number: usize) -> Result<MutexGuard<'_, Share>, Shed> {
        self.admits()?;
        let share = self.shares[number].lock().unwrap_or_else(PoisonError::into_inner);
        if share.window.weight() > MAX_WINDOW_BYTES {
            return Err(Shed::Overloaded);
        }
        Ok(share)
    }

    /// Asks the commit thread not to wait for its interval: somebody waits for the disk. Holds no share.
    pub fn hurry(&self) {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner).durable = true;
        self.wake.notify_one();
    }

    /// A receiver that is told when a commit that begins after this call has ended: every commit that began before it
    /// is over, too. It is dropped when the program stops first.
    pub fn barrier(&self) -> oneshot::Receiver<()> {
        let durable = self.shares[0].lock().unwrap_or_else(PoisonError::into_inner).durable();
        self.hurry();
        durable
    }

    /// Ends the commit thread after one last commit. Nothing may be handed in afterwards.
    pub fn close(&self) {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.wake.notify_one();
    }

    /// Whether the intake was closed: the program stops.
    pub(super) fn is_closed(&self) -> bool {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner).closed
    }

    /// Waits until a commit is due; returns whether it is to be the last. Who waits for the disk is waited for until
    /// `not_before` at the most, so that others may come along, unless there is plenty to do.
    pub(super) fn wait(&self, interval: Duration, not_before: Instant) -> bool {
        let wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = |wanted: &mut Wanted| !wanted.durable && !wanted.closed;
        let (wanted, _) = self.wake.wait_timeout_while(wanted, interval, idle).unwrap_or_else(PoisonError::into_inner);
        let rest = not_before.saturating_duration_since(Instant::now());
        let resting = |wanted: &mut Wanted| !wanted.closed && !self.has_plenty();
        let (mut wanted, _) =
            self.wake.wait_timeout_while(wanted, rest, resting).unwrap_or_else(PoisonError::into_inner);
        wanted.durable = false;
        wanted.closed
    }

    fn has_plenty(&self) -> bool {
        let weight = |share: &Mutex<Share>| share.lock().unwrap_or_else(PoisonError::into_inner).window.weight();
        self.shares.iter().map(weight).sum::<usize>() >= PLENTY_BYTES
    }

    /// Everything handed in since the last call.
    pub(super) fn take(&self) -> Vec<Share> {
        let taken = |share: &Mutex<Share>| {
            let mut share = share.lock().unwrap_or_else(PoisonError::into_inner);
            if share.is_empty() {
                return None;
            }
            let window = self.spare.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
            Some(std::mem::replace(&mut *share, Share { window, ..Share::default() }))
        };
        self.shares.iter().filter_map(taken).collect()
    }

    /// Takes back windows that were committed, for what comes in next. Large ones are let go of, and so are more than
    /// there are threads.
    pub(super) fn give_back(&self, windows: Vec<Window>) {
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        for mut window in windows {
            if spare.len() < self.shares.len() && window.weight() <= SPARE_BYTES {
                window.clear();
                spare.push(window);
            }
        }
    }

    /// Says whether commits fail at the moment; hits are shed while they do.
    pub(super) fn set_stalled(&self, stalled: bool) {
        self.stalled.store(stalled, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::count::testing::{Bench, Hit, site};
    use crate::deliver::spool::SpoolLimits;
    use crate::files::{TestDirectory, test_directory};

    /// Longer than any test takes: who waits that long hangs.
    const EVER: Duration = Duration::from_secs(86_400);

    fn intake(directory: &TestDirectory) -> Intake {
        let limits = SpoolLimits { total: 1 << 20, segment: 1 << 10 };
        let (spool, _) = Spool::open(directory.path(), limits, 0).expect("opens");
        Intake::new(2, Arc::new(spool))
    }

    #[test]
    fn who_waits_for_the_disk_waits_for_others_to_come_along() {
        let directory = test_directory();
        let intake = intake(&directory);
        let not_before = Instant::now() + Duration::from_millis(30);
        intake.hurry();
        assert!(!intake.wait(EVER, not_before));
        assert!(Instant::now() >= not_before);
    }

    #[test]
    fn a_commit_is_due_at_once_when_the_last_one_was_long_ago_or_there_is_plenty_or_the_end_has_come() {
        let directory = test_directory();
        let intake = intake(&directory);
        intake.hurry();
        assert!(!intake.wait(EVER, Instant::now()));

        let hits: Vec<Hit> = (0..2_000).map(|person| Hit::view(person, 0, "/")).collect();
        intake.shares[1].lock().expect("free").window = Bench::new(site(), 10).window(&hits);
        intake.hurry();
        assert!(!intake.wait(EVER, Instant::now() + EVER));
        assert_eq!(intake.take().len(), 1);

        intake.close();
        assert!(intake.wait(EVER, Instant::now() + EVER));
    }
}
