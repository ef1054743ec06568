//! The same with a load generator of somebody else, where one is installed: one beacon, repeated.

use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::cost::Servers;
use super::server::Process;

const SCRIPT: &str = r#"wrk.method = "POST"
wrk.body = '{"site":"demo","url":"https://demo.example/docs/install","referrer":"https://www.google.com/","w":1440}'
wrk.headers["content-type"] = "text/plain"
wrk.headers["x-forwarded-for"] = "91.7.7.7"
wrk.headers["accept-language"] = "de-AT,de;q=0.9"
wrk.headers["user-agent"] = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
"#;

/// Prints a line for each server; nothing without wrk.
pub fn table(servers: &Servers, out: &mut impl Write) -> io::Result<()> {
    if Command::new("wrk").arg("-v").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
        return writeln!(out, "wrk is not installed: no cross-check\n");
    }
    let script = std::env::temp_dir().join(format!("headcount-bench-{}.lua", std::process::id()));
    std::fs::write(&script, SCRIPT)?;
    writeln!(out, "{:<12}{:>12}{:>12}", "wrk", "requests/s", "µs/request")?;
    for (name, process) in [("bare", &servers.bare), ("collector", &servers.full)] {
        let (rate, micros) = run(process, &script)?;
        writeln!(out, "{name:<12}{rate:>12.0}{micros:>12.2}")?;
    }
    std::fs::remove_file(&script)?;
    writeln!(out)
}

fn run(process: &Process, script: &std::path::Path) -> io::Result<(f64, f64)> {
    let url = format!("http://127.0.0.1:{}/e", process.port);
    let before = process.used();
    let said = Command::new("wrk").args(["-t1", "-c64", "-d3s", "-s"]).arg(script).arg(url).output()?.stdout;
    sleep(Duration::from_millis(300));
    let used = process.used().since(before).own;
    let said = String::from_utf8_lossy(&said).into_owned();
    let number = |line: Option<&str>| line.and_then(|text| text.trim().parse::<f64>().ok()).unwrap_or(f64::NAN);
    let requests = number(said.lines().find_map(|line| line.trim().split_once(" requests in")).map(|(n, _)| n));
    let rate = number(said.lines().find_map(|line| line.trim().strip_prefix("Requests/sec:")));
    Ok((rate, used * 1e6 / requests))
}
