//! The two servers as processes of their own, what they and the engine have cost so far, and what they hold. Used by the
//! benches and the soak.
#![allow(dead_code, reason = "every program that includes this uses a part of it")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_headcount");
/// Names the port in the environment of the process that is to be the bare server.
pub const BARE: &str = "HEADCOUNT_BENCH_BARE";

/// A server; it ends with this, and its directory goes.
pub struct Process {
    /// Where it listens on this machine.
    pub port: u16,
    /// A key to write for its first site, and one to read it.
    pub keys: [String; 2],
    ops: u16,
    child: Child,
    directory: Option<PathBuf>,
}

/// What processes have used so far, or used between two looks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Used {
    /// Seconds of processor time of the server: user and system.
    pub own: f64,
    /// Seconds of processor time of its engine.
    pub engine: f64,
    /// Bytes the server had written to disk: the spool, mostly.
    pub own_bytes: f64,
    /// Bytes the engine had written to disk, merges included.
    pub engine_bytes: f64,
    /// Seconds on the clock.
    pub seconds: f64,
}

impl Used {
    /// What was used since an earlier look.
    pub fn since(self, earlier: Self) -> Self {
        Self {
            own: self.own - earlier.own,
            engine: self.engine - earlier.engine,
            own_bytes: self.own_bytes - earlier.own_bytes,
            engine_bytes: self.engine_bytes - earlier.engine_bytes,
            seconds: self.seconds - earlier.seconds,
        }
    }
}

impl Process {
    /// What has been used so far.
    pub fn used(&self) -> Used {
        static BEGUN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
        let (own, engine) = (self.child.id(), self.engine());
        let of_engine = |read: fn(u32) -> f64| engine.map_or(0.0, read);
        Used {
            own: seconds(own),
            engine: of_engine(seconds),
            own_bytes: written(own),
            engine_bytes: of_engine(written),
            seconds: BEGUN.get_or_init(Instant::now).elapsed().as_secs_f64(),
        }
    }

    /// Peak resident memory of server and engine, in MiB.
    pub fn peak_mib(&self) -> [f64; 2] {
        [Some(self.child.id()), self.engine()].map(|pid| pid.map_or(0.0, |pid| status_mib(pid, "VmHWM:")))
    }

    /// Resident memory of server and engine, in MiB.
    pub fn resident_mib(&self) -> [f64; 2] {
        [Some(self.child.id()), self.engine()].map(|pid| pid.map_or(0.0, |pid| status_mib(pid, "VmRSS:")))
    }

    /// Lets the peak begin anew, with what is resident now.
    pub fn forget_peak(&self) {
        for pid in [Some(self.child.id()), self.engine()].into_iter().flatten() {
            // Where the kernel does not let us, peaks are those since the start.
            let _ = fs::write(format!("/proc/{pid}/clear_refs"), "5");
        }
    }

    /// What lies in the state directory, spool and tables, in MiB.
    pub fn stored_mib(&self) -> f64 {
        self.directory.as_deref().map_or(0, stored) as f64 / (1u64 << 20) as f64
    }

    /// Open file descriptors of the server.
    pub fn descriptors(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.child.id())).map_or(0, Iterator::count)
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Numbers of `/metrics`, summed over labels.
    pub fn metrics(&self) -> BTreeMap<String, f64> {
        let mut numbers = BTreeMap::new();
        let page = request(self.ops, "GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        for line in page.lines().filter(|line| line.starts_with("headcount_")) {
            let Some((name, value)) = line.rsplit_once(' ') else { continue };
            let name = name.split('{').next().unwrap_or_default().to_owned();
            *numbers.entry(name).or_default() += value.parse().unwrap_or(0.0);
        }
        numbers
    }

    /// Waits until everything taken in is in ClickHouse; false when that takes longer than `patience`.
    pub fn drained(&self, patience: Duration) -> bool {
        let until = Instant::now() + patience;
        // What beacons brought is on disk after one interval.
        sleep(Duration::from_millis(200));
        while Instant::now() < until {
            if self.metrics().get("headcount_spool_bytes") == Some(&0.0) {
                return true;
            }
            sleep(Duration::from_millis(100));
        }
        false
    }

    /// One question to the stats API: page views and events of all days.
    pub fn totals(&self, site: &str) -> Option<[u64; 2]> {
        self.numbers(site, ["pageviews", "events"])
    }

    /// One question to the stats API: two numbers of all days.
    pub fn numbers(&self, site: &str, [one, other]: [&str; 2]) -> Option<[u64; 2]> {
        let answer = self.ask(&format!(r#"{{"site_id":"{site}","metrics":["{one}","{other}"],"date_range":"all"}}"#));
        let (_, rest) = answer.split_once("\"metrics\":[")?;
        let numbers = rest.split_once(']')?.0.split_once(',')?;
        Some([numbers.0.trim().parse().ok()?, numbers.1.trim().parse().ok()?])
    }

    /// The answer of the stats API, head and all.
    pub fn ask(&self, question: &str) -> String {
        let key = &self.keys[1];
        request(
            self.port,
            &format!(
                "POST /api/v2/query HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n\
                 authorization: Bearer {key}\r\ncontent-length: {}\r\n\r\n{question}",
                question.len()
            ),
        )
    }

    fn engine(&self) -> Option<u32> {
        let own = self.child.id();
        let children = fs::read_to_string(format!("/proc/{own}/task/{own}/children")).unwrap_or_default();
        let of_thread = |entry: io::Result<fs::DirEntry>| fs::read_to_string(entry.ok()?.path().join("children")).ok();
        let threads = || fs::read_dir(format!("/proc/{own}/task")).into_iter().flatten().filter_map(of_thread);
        let all = children + &threads().collect::<String>();
        all.split_whitespace().next().and_then(|pid| pid.parse().ok())
    }

    fn wait(mut self) -> io::Result<Self> {
        for _ in 0..600 {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return Ok(self);
            }
            if !self.runs() {
                break;
            }
            sleep(Duration::from_millis(50));
        }
        Err(io::Error::other("a server did not start"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The engine ends when its parent does; a stop lets both end in peace.
        let engine = self.engine();
        let _ = self.child.kill();
        let _ = self.child.wait();
        for _ in 0..100 {
            if !engine.is_some_and(|pid| Path::new(&format!("/proc/{pid}")).exists()) {
                break;
            }
            sleep(Duration::from_millis(50));
        }
        if let Some(directory) = &self.directory {
            let _ = fs::remove_dir_all(directory);
        }
    }
}

/// Starts the server that only answers 204: this program again.
pub fn bare() -> io::Result<Process> {
    let port = free_port()?;
    let child = Command::new(std::env::current_exe()?).env(BARE, port.to_string()).spawn()?;
    Process { port, keys: [const { String::new() }; 2], ops: 0, child, directory: None }.wait()
}

/// Starts the collector with `sites` and further variables. It believes this machine's `X-Forwarded-For`, and no network
/// is limited: the limit is there and never reached.
pub fn collector(sites: &[String], options: &[&str], variables: &[(&str, &str)]) -> io::Result<Process> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let directory = std::env::temp_dir().join(format!("headcount-bench-{}-{number}", std::process::id()));
    let (port, ops) = (free_port()?, free_port()?);
    let run = |arguments: &[&str]| {
        let mut command = command(&directory, port, ops);
        command.envs(variables.iter().copied()).args(arguments).stderr(Stdio::null());
        command
    };
    for site in sites {
        run(&[&["site", "add", site], options].concat()).stdout(Stdio::null()).status()?;
    }
    let mut keys = [const { String::new() }; 2];
    for (key, scope) in keys.iter_mut().zip(["write", "read"]) {
        let said = run(&["key", "create", "--site", &sites[0], "--scope", scope]).output()?.stdout;
        *key = String::from_utf8_lossy(&said).trim().to_owned();
    }
    let child = run(&["serve"]).stdout(Stdio::null()).spawn()?;
    Process { port, keys, ops, child, directory: Some(directory.clone()) }.wait()
}

fn command(directory: &Path, port: u16, ops: u16) -> Command {
    let mut command = Command::new(PROGRAM);
    command.env("HEADCOUNT_STATE_DIR", directory);
    command.env("HEADCOUNT_LISTEN__PUBLIC", format!("127.0.0.1:{port}"));
    command.env("HEADCOUNT_LISTEN__OPS", format!("127.0.0.1:{ops}"));
    command.env("HEADCOUNT_LISTEN__TRUSTED_PROXIES", "127.0.0.0/8");
    command.env("HEADCOUNT_INGEST__RATE_PER_SECOND", "1000000");
    command
}

fn free_port() -> io::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn request(port: u16, bytes: &str) -> String {
    let exchange = || -> io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        stream.write_all(bytes.as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    };
    exchange().unwrap_or_default()
}

/// Bytes of all files below a directory. Files that go meanwhile are passed over.
fn stored(directory: &Path) -> u64 {
    let entries = fs::read_dir(directory).into_iter().flatten().filter_map(Result::ok);
    let of = |entry: fs::DirEntry| match entry.metadata() {
        Ok(of) if of.is_dir() => stored(&entry.path()),
        Ok(of) => of.len(),
        Err(_) => 0,
    };
    entries.map(of).sum()
}

/// Processor time of a process.
fn seconds(pid: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // Fields are counted from the end of the name, which may hold blanks.
    let fields = stat.rsplit_once(')').map(|(_, fields)| fields).unwrap_or_default();
    let ticks: u64 = fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    // USER_HZ is 100 on every Linux there is.
    ticks as f64 / 100.0
}

fn written(pid: u32) -> f64 {
    let io = fs::read_to_string(format!("/proc/{pid}/io")).unwrap_or_default();
    io.lines().find_map(|line| line.strip_prefix("write_bytes: ")?.parse().ok()).unwrap_or(0.0)
}

fn status_mib(pid: u32, field: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap_or_default();
    line.split_whitespace().next().and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}
