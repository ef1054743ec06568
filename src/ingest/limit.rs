//! How many hits one network may send: GCRA (ITU-T I.371), one number per cut address.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use foldhash::fast::RandomState;

use crate::privacy::address::CutAddress;

/// Networks remembered at once. Beyond, those that are idle are forgotten.
const MAX_NETWORKS: usize = 100_000;

/// Limits how fast each network may send.
pub struct RateLimit {
    interval: Duration,
    tolerance: Duration,
    begun: Instant,
    // A std mutex for one look-up, never across an await.
    due: Mutex<HashMap<CutAddress, Duration, RandomState>>,
}

impl RateLimit {
    /// At most `per_second` hits a second and `burst` at once; `None` when `per_second` is 0: no limit.
    pub fn new(per_second: u32, burst: u32) -> Option<Self> {
        let interval = Duration::from_secs(1).checked_div(per_second)?;
        let tolerance = interval * burst.max(1);
        Some(Self { interval, tolerance, begun: Instant::now(), due: Mutex::default() })
    }

    /// Whether a network may send one more now.
    pub fn admits(&self, network: CutAddress) -> bool {
        self.admits_at(network, || self.begun.elapsed())
    }

    /// The clock is read under the lock: a thread that is stopped between the two would come with a moment that lies before
    /// those of others, and be refused for what they were admitted.
    fn admits_at(&self, network: CutAddress, clock: impl FnOnce() -> Duration) -> bool {
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        let now = clock();
        if due.len() >= MAX_NETWORKS && !due.contains_key(&network) {
            due.retain(|_, due| *due > now);
            if due.len() >= MAX_NETWORKS {
                return true;
            }
        }
        let due = due.entry(network).or_default();
        let next = (*due).max(now) + self.interval;
        if next > now + self.tolerance {
            return false;
        }
        *due = next;
        true
    }
}

#[cfg(test)]
mod tests {
    use std::sync::TryLockError;

    use super::*;
    use crate::privacy::address::test_network;

    #[test]
    fn a_burst_then_the_rate() {
        let limit = RateLimit::new(10, 3).expect("a limit");
        let at = |tenths: u64| limit.admits_at(test_network(1), || Duration::from_millis(tenths * 100));
        assert_eq!(
            [at(0), at(0), at(0), at(0), at(1), at(1), at(9), at(9), at(9), at(9)],
            [true, true, true, false, true, false, true, true, true, false]
        );
        assert!(limit.admits_at(test_network(2), || Duration::ZERO));
    }

    #[test]
    fn moments_are_in_the_order_in_which_hits_are_admitted() {
        let limit = RateLimit::new(1_000_000, 10_000).expect("a limit");
        let is_held = || matches!(limit.due.try_lock(), Err(TryLockError::WouldBlock));
        let clock = || if is_held() { Duration::from_millis(20) } else { Duration::ZERO };
        assert_eq!([(); 2].map(|()| limit.admits_at(test_network(1), clock)), [true, true]);
        assert_eq!(limit.due.lock().expect("not poisoned")[&test_network(1)], Duration::from_micros(20_002));
    }

    #[test]
    fn zero_is_no_limit() {
        assert!(RateLimit::new(0, 10).is_none());
    }
}
