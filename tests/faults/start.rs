//! Starts that must be refused.

use crate::account::{SITE, server_with};
use crate::support::server::Server;

/// The second collector's fate: exit code 1 and one line that names what is wrong.
#[track_caller]
fn refused(variables: &[(&str, &str)], line: &str) {
    let mut second = Server::prepare(variables);
    let failed = second.try_start().expect_err("it must not start");
    assert_eq!(failed.status.code(), Some(1), "{}", failed.said);
    let said: Vec<&str> = failed.said.lines().filter(|said| said.starts_with("headcount: ")).collect();
    assert_eq!(said.len(), 1, "{}", failed.said);
    assert!(said[0].contains(line), "{}", failed.said);
}

#[test]
fn a_second_collector_is_refused_and_the_first_goes_on() {
    let (first, _) = server_with(&[]);
    let state = first.state_dir();
    let (state, public, ops) = (state.to_str().expect("text"), first.public().to_string(), first.ops().to_string());
    refused(&[("HEADCOUNT_STATE_DIR", state)], "another collector runs on");
    refused(&[("HEADCOUNT_LISTEN__PUBLIC", &public)], "listen.public: cannot listen on");
    refused(&[("HEADCOUNT_LISTEN__OPS", &ops)], "listen.ops: cannot listen on");
    let body = format!("{{\"site\":\"{SITE}\",\"batch_id\":\"1\",\"events\":[{{}}]}}");
    assert_eq!(first.send("POST", "/v1/events", &[], body.as_bytes()).status, 200);
}
