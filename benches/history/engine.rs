//! A collector with its own engine in a directory of its own: plain SQL with the engine's password, questions with a key.

use std::io;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::http::Client;

const PROGRAM: &str = env!("CARGO_BIN_EXE_headcount");
/// Merging a year takes minutes.
const PATIENCE: Duration = Duration::from_secs(3_600);

/// The collector; it ends with this, and its directory goes.
pub struct Collector {
    directory: PathBuf,
    ports: [u16; 2],
    child: Option<Child>,
}

impl Collector {
    /// Starts a collector with one site.
    pub fn start(site: &str) -> io::Result<Self> {
        let directory = std::env::temp_dir().join(format!("headcount-history-{}", std::process::id()));
        let mut collector = Self { directory, ports: [free_port()?, free_port()?], child: None };
        collector.run(&["site", "add", site, "--timezone", "Etc/GMT", "--filter-property", "plan"])?;
        collector.child = Some(collector.command(&["serve"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?);
        let deadline = Instant::now() + Duration::from_secs(60);
        while collector.sql("SELECT count() FROM seals").is_err() {
            if Instant::now() > deadline {
                return Err(io::Error::other("the engine did not start"));
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(collector)
    }

    /// Runs a command of the program; returns what it printed.
    pub fn run(&self, arguments: &[&str]) -> io::Result<String> {
        let output = self.command(arguments).output()?;
        if !output.status.success() {
            return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Runs a statement.
    pub fn sql(&self, statement: &str) -> io::Result<String> {
        self.insert(statement, b"")
    }

    /// Runs a statement that takes rows.
    pub fn insert(&self, statement: &str, rows: &[u8]) -> io::Result<String> {
        let file = |name: &str| std::fs::read_to_string(self.directory.join("engine").join(name));
        let port: u16 = file("port")?.trim().parse().map_err(io::Error::other)?;
        let password = file("password")?;
        let headers = [
            ("X-ClickHouse-User", "headcount"),
            ("X-ClickHouse-Key", password.trim()),
            ("X-ClickHouse-Database", "headcount"),
        ];
        let mut client = Client::new(([127, 0, 0, 1], port).into()).with_patience(PATIENCE);
        let body = [statement.as_bytes(), b"\n", rows].concat();
        let answer = client.send("POST", "/?wait_end_of_query=1&async_insert=0", &headers, &body)?;
        if answer.status == 200 {
            return Ok(answer.text());
        }
        let head: String = statement.chars().take(200).collect();
        Err(io::Error::other(format!("{head}: {} {}", answer.status, answer.text())))
    }

    /// Asks the stats API.
    pub fn ask(&self, key: &str, body: &Value) -> io::Result<Value> {
        let bearer = format!("Bearer {key}");
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        let mut client = Client::new(([127, 0, 0, 1], self.ports[0]).into());
        let answer = client.send("POST", "/api/v2/query", &headers, body.to_string().as_bytes())?;
        if answer.status == 200 {
            Ok(answer.json())
        } else {
            Err(io::Error::other(format!("{body}: {}", answer.text())))
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).stderr(Stdio::piped());
        // The program knows none of the bench's own variables.
        let own =
            std::env::vars_os().map(|(name, _)| name).filter(|name| name.to_string_lossy().starts_with("HEADCOUNT_"));
        for name in own {
            command.env_remove(name);
        }
        command.env("HEADCOUNT_STATE_DIR", &self.directory);
        command.env("HEADCOUNT_LISTEN__PUBLIC", format!("127.0.0.1:{}", self.ports[0]));
        command.env("HEADCOUNT_LISTEN__OPS", format!("127.0.0.1:{}", self.ports[1]));
        command
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
        // The engine ends when its parent does; until then it may write.
        for _ in 0..100 {
            if std::fs::remove_dir_all(&self.directory).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn free_port() -> io::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
