//! A command that sends from outside is killed: nobody takes back the key it was lent, and it ends all the same.

use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::server::Server;
use crate::support::until_equal;
use crate::traffic::clock::Clock;

const SITE: &str = "lent";
/// A little longer than a lent key works.
const LATER: i64 = 3 * 3_600 + 60;

/// The first `Authorization` that somebody sends here, and the connection, which gets no answer.
fn overheard(listener: &TcpListener) -> (String, TcpStream) {
    loop {
        let (stream, _) = listener.accept().expect("a connection");
        let lines = BufReader::new(stream.try_clone().expect("a handle")).lines();
        let named = |line: String| line.strip_prefix("authorization: ").map(str::to_owned);
        if let Some(value) = lines.map_while(Result::ok).take_while(|line| !line.is_empty()).find_map(named) {
            return (value, stream);
        }
    }
}

#[test]
fn the_key_of_a_killed_command_ends_by_itself() {
    let mut server = Server::prepare(&[]);
    server.add_site(SITE);
    let directory = server.state_dir().parent().expect("a directory").to_owned();
    let clock = Clock::new(&directory).expect("a clock");
    clock.variables().iter().for_each(|(name, value)| server.set(name, value));
    server.start_again();
    let log = directory.join("access.log");
    std::fs::write(&log, "").expect("written");
    for command in ["import", "demo"] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let arguments = match command {
            "import" => vec!["import", "--site", SITE, "--format", "combined", log.to_str().expect("text")],
            _ => vec!["demo", "--site", SITE, "--hits", "100"],
        };
        let mut child = server
            .base_command()
            .args(arguments)
            .env("HEADCOUNT_LISTEN__PUBLIC", listener.local_addr().expect("an address").to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("spawns");
        let (bearer, _unanswered) = overheard(&listener);
        child.kill().expect("it runs");
        child.wait().expect("it ends");
        let question = json!({ "site_id": SITE, "metrics": ["events"], "date_range": "day" }).to_string();
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        let status = || server.send("POST", "/api/v2/query", &headers, question.as_bytes()).status;
        until_equal("the key is known", &200, status);
        let listed: Value = serde_json::from_str(&server.succeed(&["key", "list", "--json"])).expect("JSON");
        let key = listed.as_array().and_then(|keys| keys.last()).expect("a key");
        assert!(key["expires_at"].is_string() && key["revoked_at"].is_null(), "{key}");
        clock.step(LATER).expect("written");
        until_equal("the key is over", &401, status);
        clock.step(0).expect("written");
    }
}
