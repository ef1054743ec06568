//! The only place that asks the machine for the time. Everything else takes time as a parameter or holds a [`Clock`].

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Tells the time.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that tests move: seconds since 1970.
    Fixed(Arc<std::sync::atomic::AtomicI64>),
}

impl Clock {
    /// Seconds since 1970-01-01 UTC.
    pub fn unix_seconds(&self) -> i64 {
        match self {
            Self::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
                i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
            }
            Self::Fixed(seconds) => seconds.load(std::sync::atomic::Ordering::Relaxed),
        }
    }

    /// A clock that stands still at `unix_seconds` until it is moved.
    pub fn fixed(unix_seconds: i64) -> Self {
        Self::Fixed(Arc::new(std::sync::atomic::AtomicI64::new(unix_seconds)))
    }
}
