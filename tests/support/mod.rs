//! The black-box harness: the real binary with the real engine, in a directory and on ports of its own.
//!
//! Included by every test binary (`mod support;`). It knows the program only from outside: arguments, environment,
//! sockets, signals, files. It must not use the library `headcount`.
#![allow(dead_code, reason = "every test binary uses a part of it")]

pub mod ask;
pub mod http;
pub mod metrics;
pub mod process;
pub mod scratch;
pub mod server;

use std::time::{Duration, Instant};

/// How long a test waits for something that is going to happen. Long: two busy processors may run everything.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// Time between two looks.
const LOOK: Duration = Duration::from_millis(20);

/// Looks again and again until there is something to see; panics when [`PATIENCE`] is over.
#[track_caller]
pub fn until<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    until_within(PATIENCE, what, look)
}

/// [`until`] with another patience.
#[track_caller]
pub fn until_within<T>(patience: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(Instant::now() < deadline, "not within {patience:?}: {what}");
        std::thread::sleep(LOOK);
    }
}

/// Looks until two values are equal; shows both when they never are.
#[track_caller]
pub fn until_equal<T: PartialEq + std::fmt::Debug>(what: &str, wanted: &T, mut look: impl FnMut() -> T) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let seen = look();
        if seen == *wanted {
            return;
        }
        assert!(Instant::now() < deadline, "{what}: wanted {wanted:?}, still {seen:?} after {PATIENCE:?}");
        std::thread::sleep(LOOK);
    }
}
