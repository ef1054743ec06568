//! Keeps the engine running: first start, restarts with back-off, stop. The application spawns [`Engine::run`].

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::files::PORT;
use super::start::{Running, start};
use super::{EngineError, Settings, ping};
use crate::clickhouse::Target;

/// How long a first start waits for an engine left by a killed collector to let go of the directory.
const LOCK_PATIENCE: Duration = Duration::from_secs(30);
/// Time between two tries to take the lock.
const LOCK_RETRY: Duration = Duration::from_millis(250);
/// First pause before a restart; doubled with each failure.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// Longest pause before a restart.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// An engine that ran this long is healthy: its end starts the pauses over.
const HEALTHY_AFTER: Duration = Duration::from_secs(60);
/// Time between two health checks.
const CHECK_EVERY: Duration = Duration::from_secs(5);
/// Failed health checks in a row after which an engine is replaced.
const CHECKS_LOST: u32 = 6;
/// Time an engine has to end by itself.
const STOP_WITHIN: Duration = Duration::from_secs(10);

/// What the operator is told about the engine.
#[derive(Debug, Default)]
pub struct Status {
    restarts: AtomicU64,
    up: AtomicBool,
}

impl Status {
    /// Restarts since the collector started.
    pub fn restarts(&self) -> u64 {
        self.restarts.load(Ordering::Relaxed)
    }

    /// Whether an engine is running and answered when it was last asked.
    pub fn up(&self) -> bool {
        self.up.load(Ordering::Relaxed)
    }
}

/// A running, supervised engine.
pub struct Engine {
    settings: Settings,
    running: Running,
    targets: watch::Sender<Target>,
    status: Arc<Status>,
}

/// Why the supervisor stopped watching one child.
enum Ending {
    Asked,
    Died,
}

impl Engine {
    /// Starts the engine and waits until it answers; waits for the lock on the directory for up to 30 s.
    /// Dropping the future, or the engine, kills the child.
    ///
    /// # Errors
    /// The engine is missing, its directory cannot be used, or it ends before it answers.
    pub async fn start(settings: Settings) -> Result<Self, EngineError> {
        let deadline = Instant::now() + LOCK_PATIENCE;
        let running = loop {
            match start(&settings).await {
                Err(EngineError::Locked { .. }) if Instant::now() < deadline => sleep(LOCK_RETRY).await,
                outcome => break outcome?,
            }
        };
        let status = Arc::new(Status::default());
        status.up.store(true, Ordering::Relaxed);
        Ok(Self { targets: watch::Sender::new(running.target.clone()), settings, running, status })
    }

    /// How to reach the engine; changes when it is restarted.
    pub fn targets(&self) -> watch::Receiver<Target> {
        self.targets.subscribe()
    }

    /// What the operator is told.
    pub fn status(&self) -> Arc<Status> {
        Arc::clone(&self.status)
    }

    /// Process id of the running child, for tests that kill it.
    pub fn process_id(&self) -> Option<u32> {
        self.running.child.id()
    }

    /// Restarts the engine whenever it ends, until `stop`; then ends it and returns.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut pause = FIRST_PAUSE;
        loop {
            let began = Instant::now();
            if matches!(self.watch(&stop).await, Ending::Asked) {
                break;
            }
            self.status.up.store(false, Ordering::Relaxed);
            if began.elapsed() > HEALTHY_AFTER {
                pause = FIRST_PAUSE;
            }
            tracing::warn!("the embedded ClickHouse ended; starting it again");
            if !self.restart(&mut pause, &stop).await {
                return;
            }
        }
        self.status.up.store(false, Ordering::Relaxed);
        self.end().await;
    }

    /// Waits until the child ends, stops answering, or is asked to stop.
    async fn watch(&mut self, stop: &CancellationToken) -> Ending {
        let mut lost = 0;
        loop {
            tokio::select! {
                () = stop.cancelled() => return Ending::Asked,
                _ = self.running.child.wait() => return Ending::Died,
                () = sleep(CHECK_EVERY) => {}
            }
            let answered = ping::answers(self.running.port).await;
            self.status.up.store(answered, Ordering::Relaxed);
            lost = if answered { 0 } else { lost + 1 };
            if lost == CHECKS_LOST {
                let _ = self.running.child.kill().await;
                return Ending::Died;
            }
        }
    }

    /// Tries until an engine runs; `false` when asked to stop meanwhile.
    async fn restart(&mut self, pause: &mut Duration, stop: &CancellationToken) -> bool {
        loop {
            tokio::select! {
                () = stop.cancelled() => return false,
                () = sleep(*pause) => {}
            }
            *pause = (*pause * 2).min(LONGEST_PAUSE);
            let attempt = tokio::select! {
                () = stop.cancelled() => return false,
                attempt = start(&self.settings) => attempt,
            };
            match attempt {
                Ok(running) => {
                    self.targets.send_replace(running.target.clone());
                    self.running = running;
                    self.status.restarts.fetch_add(1, Ordering::Relaxed);
                    self.status.up.store(true, Ordering::Relaxed);
                    return true;
                }
                Err(error) => tracing::error!(code = error.code(), "the embedded ClickHouse does not start: {error}"),
            }
        }
    }

    /// Closes the child's standard input, which ends it; kills it when that takes too long.
    async fn end(&mut self) {
        drop(self.running.stdin.take());
        if timeout(STOP_WITHIN, self.running.child.wait()).await.is_err() {
            tracing::warn!("the embedded ClickHouse did not end in time and is killed");
            let _ = self.running.child.kill().await;
        }
        // Nobody shall look for an engine on a port that may belong to somebody else by then.
        let _ = std::fs::remove_file(self.settings.directory().join(PORT));
    }
}
