//! The two servers as processes, and what they have cost so far.

use std::io;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::bare;

const PROGRAM: &str = env!("CARGO_BIN_EXE_headcount");

/// A server; it ends with this, and its directory goes.
pub struct Process {
    /// Where it listens on this machine.
    pub port: u16,
    child: Child,
    directory: Option<PathBuf>,
}

impl Process {
    /// Seconds of processor time so far.
    pub fn seconds(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        // Fields are counted from the end of the name, which may hold blanks.
        let fields = stat.rsplit_once(')').map(|(_, fields)| fields).unwrap_or_default();
        let ticks: u64 = fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
        // USER_HZ is 100 on every Linux there is.
        ticks as f64 / 100.0
    }

    fn wait(self) -> io::Result<Self> {
        for _ in 0..600 {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return Ok(self);
            }
            sleep(Duration::from_millis(50));
        }
        Err(io::Error::other("a server did not start"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(directory) = &self.directory {
            let _ = std::fs::remove_dir_all(directory);
        }
    }
}

/// Starts the server that only answers 204.
pub fn bare() -> io::Result<Process> {
    let port = free_port()?;
    let child = Command::new(std::env::current_exe()?).env(bare::VARIABLE, port.to_string()).spawn()?;
    Process { port, child, directory: None }.wait()
}

/// Starts the collector with one site, `demo`, and a key to write for it.
pub fn collector() -> io::Result<(Process, String)> {
    let directory = std::env::temp_dir().join(format!("headcount-bench-{}", std::process::id()));
    let (port, ops) = (free_port()?, free_port()?);
    let run = |arguments: &[&str]| {
        let mut command = command(&directory, port, ops);
        command.args(arguments).stderr(Stdio::null());
        command
    };
    run(&["site", "add", "demo"]).stdout(Stdio::null()).status()?;
    let key = run(&["key", "create", "--site", "demo", "--scope", "write"]).output()?.stdout;
    let key = String::from_utf8_lossy(&key).trim().to_owned();
    let child = run(&["serve"]).stdout(Stdio::null()).spawn()?;
    let process = Process { port, child, directory: Some(directory.clone()) }.wait()?;
    Ok((process, key))
}

fn command(directory: &Path, port: u16, ops: u16) -> Command {
    let mut command = Command::new(PROGRAM);
    command.env("HEADCOUNT_STATE_DIR", directory);
    command.env("HEADCOUNT_LISTEN__PUBLIC", format!("127.0.0.1:{port}"));
    command.env("HEADCOUNT_LISTEN__OPS", format!("127.0.0.1:{ops}"));
    command
}

fn free_port() -> io::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
