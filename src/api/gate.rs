//! How often a password may be tried: per user name and over all. Memory is bounded by the rate over all, and by a cap.

use std::sync::{Mutex, PoisonError};

use axum::http::StatusCode;
use hashbrown::HashMap;

use crate::clock::Clock;
use crate::http::problem::Problem;

/// Attempts for one name at once, and seconds until one more is allowed.
const NAME: Pace = Pace { burst: 10, seconds: 10 };
/// Attempts over all names at once, and seconds until one more is allowed.
const ALL: Pace = Pace { burst: 100, seconds: 1 };
/// Names remembered; beyond, only the pace over all counts.
const NAMES: usize = 10_000;
/// Longest user name there is; longer ones share an entry.
const LONGEST_NAME: usize = 64;

const TOO_MANY: Problem =
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts", "Too many attempts to sign in");

struct Pace {
    burst: i64,
    seconds: i64,
}

/// When the attempts made so far will all be forgotten, in seconds since 1970 (a leaky bucket).
#[derive(Clone, Copy, Default)]
struct Level(i64);

impl Level {
    /// Seconds to wait, or the level after one more attempt.
    fn after(self, now: i64, pace: &Pace) -> Result<Self, u32> {
        let level = self.0.max(now) + pace.seconds;
        let over = level - now - pace.burst * pace.seconds;
        if over > 0 { Err(u32::try_from(over).unwrap_or(u32::MAX)) } else { Ok(Self(level)) }
    }
}

#[derive(Default)]
struct Levels {
    all: Level,
    names: HashMap<String, Level>,
}

/// Counts attempts to sign in.
pub(super) struct Gate {
    clock: Clock,
    /// Held for a few look-ups, never across an await.
    levels: Mutex<Levels>,
}

impl Gate {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, levels: Mutex::default() }
    }

    /// Counts an attempt for `name`, or says how long to wait.
    pub(super) fn pass(&self, name: &str) -> Result<(), Problem> {
        let now = self.clock.unix_seconds();
        let mut levels = self.levels.lock().unwrap_or_else(PoisonError::into_inner);
        let name = if name.len() > LONGEST_NAME { "" } else { name };
        let before = levels.names.get(name).copied().unwrap_or_default();
        let next = before.after(now, &NAME).map_err(|seconds| TOO_MANY.retry_after(seconds))?;
        levels.all = levels.all.after(now, &ALL).map_err(|seconds| TOO_MANY.retry_after(seconds))?;
        if levels.names.len() >= NAMES {
            levels.names.retain(|_, level| level.0 > now);
        }
        if levels.names.len() < NAMES {
            levels.names.insert(name.to_owned(), next);
        }
        Ok(())
    }

    /// Forgets the attempts of `name`: the password was right.
    pub(super) fn forget(&self, name: &str) {
        self.levels.lock().unwrap_or_else(PoisonError::into_inner).names.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(gate: &Gate, name: &str) -> Option<u32> {
        gate.pass(name).err().and_then(|problem| problem.retry_after)
    }

    #[test]
    fn a_name_gets_ten_attempts_then_one_every_ten_seconds() {
        let clock = Clock::fixed(1_000);
        let gate = Gate::new(clock.clone());
        let waits: Vec<_> = (0..12).map(|_| wait(&gate, "boss")).collect();
        assert_eq!((&waits[..10], &waits[10..]), ([None; 10].as_slice(), [Some(10); 2].as_slice()));
        assert_eq!(wait(&gate, "anna"), None);
        if let Clock::Fixed(now) = &clock {
            now.store(1_007, std::sync::atomic::Ordering::Relaxed);
            assert_eq!(wait(&gate, "boss"), Some(3));
            now.store(1_010, std::sync::atomic::Ordering::Relaxed);
        }
        assert_eq!((wait(&gate, "boss"), wait(&gate, "boss")), (None, Some(10)));
        gate.forget("boss");
        assert_eq!(wait(&gate, "boss"), None);
    }

    #[test]
    fn many_names_share_one_pace_and_bounded_memory() {
        let clock = Clock::fixed(1_000);
        let gate = Gate::new(clock.clone());
        let passed = (0..500).filter(|number| wait(&gate, &format!("user{number}")).is_none()).count();
        assert_eq!((passed, gate.levels.lock().expect("free").names.len()), (100, 100));
        assert_eq!(wait(&gate, &"x".repeat(100_000)), Some(1));
    }
}
