//! Sends a request again and again until the server has taken it, waits as long as it asks, and gives up when nothing was
//! taken by anybody for two minutes. Shared by all connections of a command.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::client::{Answer, Connection, Request};
use super::error::CourierError;

/// Time without a single accepted request after which we give up. A restart with a slow disk takes less.
const GIVE_UP: Duration = Duration::from_secs(120);
/// The first wait before a request is sent again, and the longest.
const WAIT: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));
/// How long a wait goes on without a look whether to stop.
const LOOK: Duration = Duration::from_millis(50);

/// What all connections of a command share.
#[derive(Debug)]
pub struct Patience {
    /// Ends the command early.
    pub stop: CancellationToken,
    last_success: Mutex<Instant>,
}

impl Default for Patience {
    fn default() -> Self {
        Self { stop: CancellationToken::new(), last_success: Mutex::new(Instant::now()) }
    }
}

impl Patience {
    /// Sends until the server has answered with anything but overload; also says how often it was sent again. `None` when
    /// stopped before.
    ///
    /// # Errors
    /// [`CourierError::Silent`] when nothing was taken for too long.
    pub fn send(
        &self,
        connection: &mut Connection,
        request: &Request<'_>,
    ) -> Option<Result<(Answer, u64), CourierError>> {
        let (mut wait, mut repeated) = (Duration::ZERO, 0);
        loop {
            let advised = match connection.send(request) {
                Ok(Answer { status: 429 | 500..=599, retry_after, .. }) => retry_after.map(Duration::from_secs),
                Ok(answer) => {
                    self.rest();
                    return Some(Ok((answer, repeated)));
                }
                Err(_) => None,
            };
            if self.last_success.lock().unwrap_or_else(PoisonError::into_inner).elapsed() > GIVE_UP {
                return Some(Err(CourierError::Silent(GIVE_UP.as_secs())));
            }
            // A kept connection may have ended in between: the first time there is no wait.
            self.sleep(advised.unwrap_or(wait))?;
            wait = (wait * 2).clamp(WAIT.0, WAIT.1);
            repeated += 1;
        }
    }

    /// Nothing is wrong up to now, also when nothing was sent for a while.
    pub fn rest(&self) {
        *self.last_success.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Sleeps; `None` when stopped.
    pub fn sleep(&self, time: Duration) -> Option<()> {
        let until = Instant::now() + time;
        loop {
            if self.stop.is_cancelled() {
                return None;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Some(());
            }
            std::thread::sleep(left.min(LOOK));
        }
    }
}
