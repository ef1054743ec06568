//! Processes, signals and ports, as far as tests need them.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU16, Ordering};

/// A process id.
pub type Pid = i32;

/// Sends a signal; false when there is no such process.
pub fn signal(pid: Pid, signal: i32) -> bool {
    // SAFETY: `kill` takes two numbers and has no preconditions.
    unsafe { libc::kill(pid, signal) == 0 }
}

/// The children of a process.
pub fn children(parent: Pid) -> Vec<Pid> {
    let entries = fs::read_dir("/proc").expect("/proc is there");
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    pids.filter(|pid| state_and_parent(*pid).is_some_and(|(state, of)| of == parent && state != 'Z')).collect()
}

/// Whether a process runs (and is not merely waiting to be collected by its parent).
pub fn is_running(pid: Pid) -> bool {
    state_and_parent(pid).is_some_and(|(state, _)| state != 'Z')
}

/// The state letter of a process.
pub fn state(pid: Pid) -> Option<char> {
    state_and_parent(pid).map(|(state, _)| state)
}

/// The working directory of a process.
pub fn working_directory(pid: Pid) -> Option<PathBuf> {
    fs::read_link(Path::new("/proc").join(pid.to_string()).join("cwd")).ok()
}

/// `/proc/PID/stat`: `pid (name) state parent …`; the name may hold anything.
fn state_and_parent(pid: Pid) -> Option<(char, Pid)> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, after) = text.rsplit_once(") ")?;
    let mut fields = after.split(' ');
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}

/// A port nobody listens on. Below the range from which the kernel takes ports for outgoing connections, so that it
/// stays free until it is used, and again after a restart.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let base = 10_000 + (std::process::id() % 200) as u16 * 100;
    loop {
        let port = base + NEXT.fetch_add(1, Ordering::Relaxed) % 2_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
