//! A collector that stands for all tests of one binary: starting one takes a second. Killed, and its directory
//! removed, when the binary ends.

use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use super::support::process::{self, Pid};
use super::support::server::Server;

static STANDING: Mutex<Vec<(Vec<Pid>, PathBuf)>> = Mutex::new(Vec::new());

/// A collector, started by the first test that asks for it.
pub struct Standing(OnceLock<Server>);

impl Standing {
    /// Not started yet.
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// The collector; `environment` counts for whoever comes first, so all callers name the same.
    pub fn get(&'static self, environment: &[(&str, &str)]) -> &'static Server {
        self.0.get_or_init(|| {
            let server = Server::start_with(environment);
            let pids = server.pid().into_iter().chain(server.engine_pid()).collect();
            let directory = server.state_dir().parent().map(PathBuf::from).expect("a scratch directory");
            let mut standing = STANDING.lock().unwrap_or_else(PoisonError::into_inner);
            if standing.is_empty() {
                // SAFETY: the handler takes nothing, locks for a moment and does not unwind.
                unsafe { libc::atexit(clear) };
            }
            standing.push((pids, directory));
            server
        })
    }
}

extern "C" fn clear() {
    for (pids, directory) in STANDING.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
        for pid in pids {
            process::signal(pid, libc::SIGKILL);
        }
        // What is being killed may still write for a moment.
        for _ in 0..50 {
            if std::fs::remove_dir_all(&directory).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
