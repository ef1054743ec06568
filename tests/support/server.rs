//! One collector: start, signals, restart on the same directory. Commands and questions are in `ask`.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::process::{self, Pid};
use super::scratch::Scratch;
use super::{PATIENCE, until, until_within};

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_headcount");
/// A user agent of a person's browser: others may be dropped as bots.
pub const BROWSER: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

/// A collector that did not come up.
#[derive(Debug)]
pub struct StartFailed {
    /// How it ended.
    pub status: ExitStatus,
    /// What it said on stderr.
    pub said: String,
}

/// A collector and its state directory.
pub struct Server {
    scratch: Scratch,
    program: PathBuf,
    public: SocketAddr,
    ops: SocketAddr,
    environment: Vec<(String, String)>,
    child: Option<Child>,
    printed: Arc<Mutex<Vec<String>>>,
    engines: Mutex<Vec<Pid>>,
    said_before: usize,
}

impl Server {
    /// Starts a collector with defaults.
    #[track_caller]
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts a collector with further variables, such as `("HEADCOUNT_DELIVER__SPOOL_MAX_MIB", "1")`.
    #[track_caller]
    pub fn start_with(environment: &[(&str, &str)]) -> Self {
        let mut server = Self::prepare(environment);
        server.start_again();
        server
    }

    /// A collector that is not started yet: directory and ports only.
    pub fn prepare(environment: &[(&str, &str)]) -> Self {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let local = |port| SocketAddr::from(([127, 0, 0, 1], port));
        Self {
            scratch: Scratch::new(),
            program: PROGRAM.into(),
            public: local(process::free_port()),
            ops: local(process::free_port()),
            environment: environment.iter().map(own).collect(),
            child: None,
            printed: Arc::default(),
            engines: Mutex::default(),
            said_before: 0,
        }
    }

    /// Starts it (again), on the same directory and ports, and waits until it listens.
    #[track_caller]
    pub fn start_again(&mut self) {
        if let Err(failed) = self.try_start() {
            panic!("the collector did not start: {failed:?}");
        }
    }

    /// Starts it and waits until it listens or has ended.
    pub fn try_start(&mut self) -> Result<(), StartFailed> {
        self.begin_start();
        self.finish_start()
    }

    /// Starts it and does not wait.
    pub fn begin_start(&mut self) {
        assert!(self.child.is_none(), "it runs already");
        self.said_before = self.log().len();
        let log = OpenOptions::new().create(true).append(true).open(self.log_path()).expect("a log file");
        let mut child = self.base_command().arg("serve").stdout(Stdio::piped()).stderr(log).spawn().expect("it spawns");
        self.printed = Arc::default();
        collect_lines(child.stdout.take().expect("piped"), self.printed.clone());
        self.child = Some(child);
    }

    /// Waits until what was started listens or has ended.
    pub fn finish_start(&mut self) -> Result<(), StartFailed> {
        let mut child = self.child.take().expect("it was started");
        let started = until_within(PATIENCE * 2, "the collector listens or ends", || match child.try_wait() {
            Ok(Some(status)) => Some(Err(status)),
            _ => self.line("Dashboard: ").map(|_| Ok(())),
        });
        match started {
            Ok(()) => {
                self.child = Some(child);
                self.engine_pid();
                Ok(())
            }
            Err(status) => Err(StartFailed { status, said: self.log().split_off(self.said_before) }),
        }
    }

    /// Runs a copy of the program that lies outside the checkout and finds nothing of it. `PATH` leads to the folder of
    /// the copy, which is returned, and to the system's own.
    pub fn move_out_of_the_checkout(&mut self) -> PathBuf {
        let folder = self.scratch.path().join("bin");
        fs::create_dir(&folder).expect("a folder");
        self.program = folder.join("headcount");
        fs::copy(PROGRAM, &self.program).expect("copied");
        self.set("PATH", &format!("{}:/usr/bin:/bin", folder.display()));
        folder
    }

    /// Sets or replaces a variable for the next start and for commands.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.retain(|(of, _)| of != name);
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Takes a variable away again.
    pub fn unset(&mut self, name: &str) {
        self.environment.retain(|(of, _)| of != name);
    }

    /// The state directory.
    pub fn state_dir(&self) -> PathBuf {
        self.scratch.path().join("state")
    }

    /// The public listener.
    pub fn public(&self) -> SocketAddr {
        self.public
    }

    /// The ops listener.
    pub fn ops(&self) -> SocketAddr {
        self.ops
    }

    /// Everything said on stderr, by all runs.
    pub fn log(&self) -> String {
        fs::read(self.log_path()).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// The file with everything said on stderr.
    pub fn log_path(&self) -> PathBuf {
        self.scratch.path().join("stderr.log")
    }

    /// The rest of the first line printed on stdout that begins so.
    pub fn line(&self, beginning: &str) -> Option<String> {
        let printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
        printed.iter().find_map(|line| line.strip_prefix(beginning)).map(str::to_owned)
    }

    /// The one-time link printed on stdout.
    pub fn sign_in_link(&self) -> String {
        let line = until("the sign-in link is printed", || self.line("Sign in "));
        line.split_once("http").map(|(_, rest)| format!("http{rest}")).expect("a link")
    }

    /// The id of the engine's process.
    pub fn engine_pid(&self) -> Option<Pid> {
        let engine = process::children(self.pid()?).into_iter().next()?;
        let mut engines = self.engines.lock().unwrap_or_else(PoisonError::into_inner);
        if !engines.contains(&engine) {
            engines.push(engine);
        }
        Some(engine)
    }

    /// The id of the collector's process.
    pub fn pid(&self) -> Option<Pid> {
        self.child.as_ref().map(|child| child.id() as Pid)
    }

    /// Sends the collector a signal.
    pub fn signal(&self, signal: i32) {
        let pid = self.pid().expect("it runs");
        assert!(process::signal(pid, signal), "it runs");
    }

    /// Sends a signal and waits until the collector has ended.
    #[track_caller]
    pub fn end(&mut self, signal: i32) -> ExitStatus {
        self.signal(signal);
        self.wait()
    }

    /// Waits until the collector has ended.
    #[track_caller]
    pub fn wait(&mut self) -> ExitStatus {
        self.wait_within(PATIENCE)
    }

    /// Waits until the collector has ended, within a time.
    #[track_caller]
    pub fn wait_within(&mut self, patience: Duration) -> ExitStatus {
        self.engine_pid();
        let mut child = self.child.take().expect("it runs");
        let ended = until_within(patience, "the collector ends", || child.try_wait().ok().flatten());
        drop(child);
        ended
    }

    /// The program with this server's environment and no arguments.
    pub fn base_command(&self) -> Command {
        let mut command = Command::new(&self.program);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("HEADCOUNT_") {
                command.env_remove(name);
            }
        }
        command
            .current_dir(self.scratch.path())
            .env("HEADCOUNT_STATE_DIR", self.state_dir())
            .env("HEADCOUNT_LISTEN__PUBLIC", self.public.to_string())
            .env("HEADCOUNT_LISTEN__OPS", self.ops.to_string())
            // Tests wait for the spool to be empty; the default is for many rows.
            .env("HEADCOUNT_DELIVER__CROSSINGS_INTERVAL_MS", "200")
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Kills an engine that outlived its collector because a test stopped it.
    fn kill_engines(&self) {
        for engine in self.engines.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            // The number may belong to somebody else by now.
            if process::working_directory(engine).is_some_and(|at| at.starts_with(self.scratch.path())) {
                process::signal(engine, libc::SIGKILL);
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.engine_pid();
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
        self.kill_engines();
    }
}

fn collect_lines(from: impl std::io::Read + Send + 'static, into: Arc<Mutex<Vec<String>>>) {
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            into.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
    });
}

/// A zone with a fixed offset in which it is between 12 and 13 o'clock now.
pub fn noon_zone() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    let hour = (now.as_secs() / 3600 % 24) as i64;
    // POSIX signs: Etc/GMT-3 is three hours ahead.
    match 12 - hour {
        0 => "Etc/GMT".to_owned(),
        ahead if ahead > 0 => format!("Etc/GMT-{ahead}"),
        behind => format!("Etc/GMT+{}", -behind),
    }
}

/// Every file below a directory.
pub fn files_below(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![directory.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => waiting.push(entry.path()),
                Ok(_) => found.push(entry.path()),
                Err(_) => {}
            }
        }
    }
    found.sort();
    found
}

/// Opens a file for reading and writing, to damage it.
pub fn open_to_damage(path: &Path) -> File {
    OpenOptions::new().read(true).write(true).open(path).expect("the file is there")
}
