//! SIGINT and SIGTERM end a command in good order: what was taken is told, its key is revoked. While it works, the key is
//! renewed.

use std::io;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::pass::Pass;

/// How often the key is renewed: several times in the life of one, so that a registry that is busy once does no harm.
const RENEW: Duration = Duration::from_secs(3_600);

/// Listens for signals from the moment it is made.
pub struct Stops {
    runtime: Runtime,
    terminate: Signal,
    interrupt: Signal,
}

impl Stops {
    /// From here on a signal does not end the program by itself.
    ///
    /// # Errors
    /// When the operating system does not let us listen.
    pub fn listen() -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let guard = runtime.enter();
        let (terminate, interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        drop(guard);
        Ok(Self { runtime, terminate, interrupt })
    }

    /// Runs `work` on `threads` threads; meanwhile this one listens for signals, which cancel `stop`, and renews the key. The
    /// first error is returned.
    ///
    /// # Errors
    /// What `work` returns.
    pub fn run<E: Send>(
        mut self,
        threads: usize,
        (pass, stop): (&Pass<'_>, &CancellationToken),
        work: impl Fn() -> Result<(), E> + Sync,
    ) -> Result<(), E> {
        // Nothing is ever sent: the channel ends with the last thread.
        let (working, mut ended) = mpsc::channel::<()>(1);
        std::thread::scope(|scope| {
            let begin = |working: mpsc::Sender<()>| {
                scope.spawn(|| {
                    let outcome = work();
                    drop(working);
                    outcome
                })
            };
            let begun: Vec<_> = (0..threads).map(|_| begin(working.clone())).collect();
            drop(working);
            self.runtime.block_on(async {
                loop {
                    tokio::select! {
                        _ = self.terminate.recv() => break stop.cancel(),
                        _ = self.interrupt.recv() => break stop.cancel(),
                        _ = ended.recv() => break,
                        () = tokio::time::sleep(RENEW) => pass.renew(),
                    }
                }
            });
            let join = |thread: std::thread::ScopedJoinHandle<'_, Result<(), E>>| {
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            begun.into_iter().map(join).fold(Ok(()), Result::and)
        })
    }
}
