//! How far a collecting thread is behind: requests wait in its connections, where nobody can count them, so it looks how late
//! it is for a beat of its own. One for each thread.

use std::cell::Cell;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Between two beats: well below any bound.
const BEAT: Duration = Duration::from_millis(20);

/// The lag of one thread, and how much of it is borne.
pub struct Lag {
    /// When the next beat is due; none before the first one.
    due: Cell<Option<Instant>>,
    bound: Duration,
}

impl Lag {
    /// A lag that is borne up to `bound`.
    pub fn new(bound: Duration) -> Self {
        Self { due: Cell::default(), bound }
    }

    /// Beats for ever. Runs among the thread's connections and gets its turn as they do.
    pub async fn beat(&self) {
        loop {
            let due = Instant::now() + BEAT;
            self.due.set(Some(due));
            sleep_until(due).await;
        }
    }

    /// Whether what is read now has waited for too long already.
    pub fn is_too_long(&self) -> bool {
        self.is_too_long_at(Instant::now())
    }

    fn is_too_long_at(&self, now: Instant) -> bool {
        self.due.get().is_some_and(|due| now.saturating_duration_since(due) > self.bound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_missed_a_beat_for_too_long_is_behind_until_the_next_one() {
        let lag = Lag::new(Duration::from_millis(500));
        let late = |by| lag.due.get().map(|due| lag.is_too_long_at(due + by));
        assert_eq!(late(Duration::from_secs(9)), None, "no beat yet");
        let mut beat = std::pin::pin!(lag.beat());
        for _ in 0..3 {
            let before = lag.due.get();
            tokio::select! {
                () = &mut beat => {}
                () = std::future::poll_fn(|context| match lag.due.get() {
                    due if due == before => { context.waker().wake_by_ref(); std::task::Poll::Pending }
                    _ => std::task::Poll::Ready(()),
                }) => {}
            }
            assert_eq!([lag.bound, lag.bound + Duration::from_millis(1)].map(late), [Some(false), Some(true)]);
        }
    }
}
