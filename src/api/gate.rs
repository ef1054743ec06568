//! How often a password may be tried: per user name and network, per network, and over all. Who tries many from one place
//! holds up nobody elsewhere. Memory is bounded by a cap.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use axum::http::StatusCode;
use hashbrown::HashMap;

use crate::clock::Clock;
use crate::http::problem::Problem;
use crate::privacy::address::CutAddress;

/// Attempts for one name from one network at once, and seconds until one more is allowed.
const NAME: Pace = Pace { burst: 10, seconds: 10 };
/// Attempts from one network, whatever the names: far slower than what all together may do.
const NETWORK: Pace = Pace { burst: 30, seconds: 5 };
/// Attempts for one name from everywhere but where somebody has signed in lately.
const EVERYWHERE: Pace = Pace { burst: 30, seconds: 10 };
/// Attempts over all networks where nobody has signed in lately.
const ALL: Pace = Pace { burst: 100, seconds: 1 };
/// Names and networks remembered; beyond, only the pace over all counts.
const REMEMBERED: usize = 10_000;
/// Networks remembered from which somebody signed in: what others do over all does not hold them up.
const WELCOME: usize = 1_000;
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

/// Whose attempts are counted together. No network: who asks is not known.
type Tried = (Option<CutAddress>, Option<String>);

#[derive(Default)]
struct Levels {
    all: Level,
    tried: HashMap<Tried, Level>,
    welcome: VecDeque<CutAddress>,
}

impl Levels {
    fn after(&self, tried: &Tried, now: i64, pace: &Pace) -> Result<Level, Problem> {
        let before = self.tried.get(tried).copied().unwrap_or_default();
        before.after(now, pace).map_err(|seconds| TOO_MANY.retry_after(seconds))
    }

    fn remember(&mut self, tried: Tried, level: Level, now: i64) {
        if self.tried.len() >= REMEMBERED {
            self.tried.retain(|_, level| level.0 > now);
        }
        if self.tried.len() < REMEMBERED {
            self.tried.insert(tried, level);
        }
    }
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

    /// Counts an attempt for `name` from a network, or says how long to wait.
    pub(super) fn pass_from(&self, network: Option<CutAddress>, name: &str) -> Result<(), Problem> {
        let now = self.clock.unix_seconds();
        let mut levels = self.levels.lock().unwrap_or_else(PoisonError::into_inner);
        let of_name = tried(network, name);
        let name_level = levels.after(&of_name, now, &NAME)?;
        // Behind a proxy nobody trusts, everybody comes from this machine.
        let of_network: Option<Tried> = network.filter(|network| !network.is_loopback()).map(|of| (Some(of), None));
        let network_level = of_network.as_ref().map(|of| levels.after(of, now, &NETWORK)).transpose()?;
        if !network.is_some_and(|network| levels.welcome.contains(&network)) {
            let everywhere = tried(None, name);
            let level = levels.after(&everywhere, now, &EVERYWHERE)?;
            levels.all = levels.all.after(now, &ALL).map_err(|seconds| TOO_MANY.retry_after(seconds))?;
            levels.remember(everywhere, level, now);
        }
        levels.remember(of_name, name_level, now);
        if let Some((of, level)) = of_network.zip(network_level) {
            levels.remember(of, level, now);
        }
        Ok(())
    }

    /// The password was right: forgets the attempts for `name` from this network, which is welcome from now on.
    pub(super) fn welcome(&self, network: Option<CutAddress>, name: &str) {
        let mut levels = self.levels.lock().unwrap_or_else(PoisonError::into_inner);
        levels.tried.remove(&tried(network, name));
        let Some(network) = network else { return };
        levels.tried.remove(&(Some(network), None));
        if !levels.welcome.contains(&network) {
            levels.welcome.truncate(WELCOME - 1);
            levels.welcome.push_front(network);
        }
    }
}

fn tried(network: Option<CutAddress>, name: &str) -> Tried {
    (network, Some(if name.len() > LONGEST_NAME { String::new() } else { name.to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy::address::{ClientAddr, test_network};

    fn wait(gate: &Gate, name: &str) -> Option<u32> {
        gate.pass_from(None, name).err().and_then(|problem| problem.retry_after)
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
        gate.welcome(None, "boss");
        assert_eq!(wait(&gate, "boss"), None);
    }

    #[test]
    fn many_names_share_one_pace_and_bounded_memory() {
        let clock = Clock::fixed(1_000);
        let gate = Gate::new(clock.clone());
        let passed = (0..500).filter(|number| wait(&gate, &format!("user{number}")).is_none()).count();
        assert_eq!((passed, gate.levels.lock().expect("free").tried.len()), (100, 100));
        assert_eq!(wait(&gate, &"x".repeat(100_000)), Some(1));
    }

    #[test]
    fn one_network_holds_up_nobody_elsewhere() {
        let gate = Gate::new(Clock::fixed(1_000));
        let [attacker, home, other] = [1, 2, 3].map(|number| Some(test_network(number)));
        let attempts = |network, names: usize| {
            (0..500).filter(|number| gate.pass_from(network, &format!("user{}", number % names)).is_ok()).count()
        };
        // One name, then many: neither is held up for others.
        assert_eq!((attempts(attacker, 1), attempts(attacker, 500)), (10, 20));
        assert!(gate.pass_from(home, "user0").is_ok() && gate.pass_from(other, "user0").is_ok());
        // With many networks the pace over all is reached; where somebody signed in, that does not matter.
        gate.welcome(home, "user0");
        let passed: usize = (4..20).map(|number| attempts(Some(test_network(number)), 500)).sum();
        assert_eq!(passed, 100 - 32);
        assert_eq!((gate.pass_from(other, "user0").is_ok(), gate.pass_from(home, "user0").is_ok()), (false, true));
    }

    #[test]
    fn a_name_that_many_networks_try_is_held_up_but_where_it_signed_in() {
        let gate = Gate::new(Clock::fixed(1_000));
        gate.welcome(Some(test_network(1)), "boss");
        let passed = (2..40).filter(|number| gate.pass_from(Some(test_network(*number)), "boss").is_ok()).count();
        assert_eq!((passed, gate.pass_from(Some(test_network(1)), "boss").is_ok()), (30, true));
    }

    #[test]
    fn this_machine_is_paced_by_names_alone() {
        let gate = Gate::new(Clock::fixed(1_000));
        let here = ClientAddr::parse("127.0.0.1").map(ClientAddr::cut);
        assert_eq!((0..50).filter(|number| gate.pass_from(here, &format!("user{number}")).is_ok()).count(), 50);
    }
}
