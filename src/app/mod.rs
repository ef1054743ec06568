//! Builds every part, spawns every task, owns the order in which they stop.
//!
//! Stop order: accept nothing more → end open connections → commit the windows → keep the visits for the next start →
//! drain the spool into ClickHouse as far as the time goes → end the engine.

mod beside;
mod build;
mod erasure;
mod exports;
mod reports;
mod retention;
mod sealing;
mod statement;
mod tasks;
mod totals;
mod visits;

use std::io::Write as _;
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::Context as _;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

pub use self::beside::stored;
use self::build::App;
pub use self::erasure::erase;
pub use self::exports::export;
pub use self::sealing::{seal, seal_filled};
use crate::config::Config;
use crate::deliver::intake::Intake;
use crate::telemetry;

/// Threads of the runtime that answers the API and loads into ClickHouse.
const API_THREADS: usize = 2;

/// Runs the collector until it is asked to stop.
///
/// # Errors
/// When it cannot start; the message says what to do.
pub fn run(config: Config) -> anyhow::Result<()> {
    telemetry::log::start(&config.log)?;
    forbid_core_dumps();
    allow_open_files();
    return_memory();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(API_THREADS)
        .enable_all()
        .build()
        .context("no runtime")?;
    runtime.block_on(async {
        let app = App::build(config).await?;
        let greeting = app.greeting.clone();
        let running = Running::start(app)?;
        // Printed when everything listens, so that whoever waits for this line may begin.
        writeln!(std::io::stdout(), "{greeting}")?;
        asked_to_stop().await?;
        tokio::spawn(second_signal_kills());
        running.stop().await;
        Ok(())
    })
}

/// Everything that runs, in the order in which it stops.
struct Running {
    stop_timeout: Duration,
    stop_accepting: CancellationToken,
    workers: Vec<JoinHandle<()>>,
    intake: std::sync::Arc<Intake>,
    committer: JoinHandle<()>,
    stop_loading: CancellationToken,
    loader: tokio::task::JoinHandle<()>,
    stop_rest: CancellationToken,
    rest: tokio_util::task::TaskTracker,
}

impl Running {
    fn start(app: App) -> anyhow::Result<Self> {
        let (stop_accepting, stop_loading, stop_rest) = (app.stop_accepting, app.stop_loading, app.stop_rest);
        let rest = tokio_util::task::TaskTracker::new();
        for task in app.tasks {
            rest.spawn(task);
        }
        let committer = app.committer;
        let commit = move || {
            let _vital = Vital("commit");
            committer.run();
        };
        let committer = std::thread::Builder::new().name("commit".into()).spawn(commit)?;
        let load = app.loader;
        let loader = tokio::spawn(async move {
            let _vital = Vital("load");
            load.await;
        });
        let mut workers = Vec::new();
        for (number, (worker, socket)) in app.workers.into_iter().enumerate() {
            let (limits, stop) = (app.limits.clone(), stop_accepting.clone());
            let serve = move || {
                if let Err(error) = crate::http::server::run(worker, socket, &limits, &stop) {
                    tracing::error!(error = %error, "a collecting thread ended");
                }
            };
            workers.push(std::thread::Builder::new().name(format!("collect-{number}")).spawn(serve)?);
        }
        let stop_timeout = app.stop_timeout;
        Ok(Self {
            stop_timeout,
            stop_accepting,
            workers,
            intake: app.intake,
            committer,
            stop_loading,
            loader,
            stop_rest,
            rest,
        })
    }

    async fn stop(self) {
        tracing::info!("stopping");
        self.stop_accepting.cancel();
        let (workers, intake, committer) = (self.workers, self.intake, self.committer);
        let last_commit = tokio::task::spawn_blocking(move || {
            workers.into_iter().for_each(|worker| drop(worker.join()));
            intake.close();
            drop(committer.join());
        });
        drop(last_commit.await);
        self.stop_loading.cancel();
        if tokio::time::timeout(self.stop_timeout, self.loader).await.is_err() {
            tracing::warn!("the spool was not empty when the time to stop was over; it is drained at the next start");
        }
        self.stop_rest.cancel();
        self.rest.close();
        self.rest.wait().await;
        tracing::info!("stopped");
    }
}

/// Held by work the collector cannot do without. If it panics, the process ends at once: hits would be answered and
/// never counted. Everything acknowledged as durable is in the spool, and a supervisor starts the program again.
struct Vital(&'static str);

impl Drop for Vital {
    fn drop(&mut self) {
        if std::thread::panicking() {
            tracing::error!(task = self.0, "a defect ended a vital task; the process ends");
            std::process::abort();
        }
    }
}

/// A core file would write salts and visitors to disk (P6). The engine inherits this.
fn forbid_core_dumps() {
    let none = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `none` is a valid rlimit for the length of the call, which only reads it.
    if unsafe { libc::setrlimit(libc::RLIMIT_CORE, &none) } != 0 {
        tracing::warn!("core dumps cannot be switched off");
    }
}

/// Service managers begin with a limit of 1,024 open files, for programs that could not bear more, and let it be raised.
fn allow_open_files() {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `limit` is a valid rlimit for the length of the call, which only writes it.
    if unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) } != 0 || limit.rlim_cur >= limit.rlim_max {
        return;
    }
    limit.rlim_cur = limit.rlim_max;
    // SAFETY: `limit` is a valid rlimit for the length of the call, which only reads it.
    if unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &limit) } != 0 {
        tracing::warn!("the limit of open files cannot be raised");
    }
}

/// Windows, batches and loads come and go by the megabyte in several threads. Left to itself the C library comes to keep
/// every such block for the thread that had it, which was three times as much memory as is in use.
#[cfg(target_env = "gnu")]
fn return_memory() {
    const LARGE_BYTES: libc::c_int = 512 * 1024;
    const FREE_BYTES: libc::c_int = 2 * 1024 * 1024;
    let options = [(libc::M_ARENA_MAX, 2), (libc::M_MMAP_THRESHOLD, LARGE_BYTES), (libc::M_TRIM_THRESHOLD, FREE_BYTES)];
    for (option, value) in options {
        // SAFETY: sets a number of the allocator, which may be done at any time.
        if unsafe { libc::mallopt(option, value) } == 0 {
            tracing::warn!("the allocator keeps its own ways: it may hold more memory than is used");
        }
    }
}

#[cfg(not(target_env = "gnu"))]
fn return_memory() {}

async fn asked_to_stop() -> anyhow::Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// Who signals twice does not want to wait.
async fn second_signal_kills() {
    if asked_to_stop().await.is_ok() {
        std::process::exit(130);
    }
}
