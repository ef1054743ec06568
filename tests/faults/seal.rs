//! The seal of the real program: killed at every step, with ClickHouse away, with a server and without one; late events
//! and history that is filled in.

use std::path::PathBuf;

use serde_json::json;

use crate::account::{Account, SITE, assert_counted, counted, drained, server_with};
use crate::load::{body, events, post};
use crate::sql::sql;
use crate::support::process::free_port;
use crate::support::server::{Server, files_below};
use crate::support::{until, until_equal};

const NOW: [&str; 4] = ["seal", "--day", "today", "--now"];
const BUSY: [(&str, &str); 1] = [("HEADCOUNT_DELIVER__LOAD_INTERVAL_MS", "20")];

/// Counts some batches; returns what was acknowledged.
#[track_caller]
fn fill(server: &Server, run: &str) -> Account {
    let mut account = Account::default();
    let mut client = server.client();
    for number in 0..12 {
        let events = events(number % 3, number);
        assert!(post(&mut client, &body(&format!("{run}-{number}"), &events), events.len()));
        events.iter().for_each(|sent| account.add(sent));
    }
    account
}

fn salts(server: &Server) -> Vec<PathBuf> {
    files_below(&server.state_dir().join("salts"))
}

/// Rows of the open tables (those of hits that opted out, which ask whether the spool is empty, and those that tell of loads
/// left aside), seals, generations of site-days in the sealed tables, and shown crossings of fewer than five visitors.
fn at_rest(server: &Server) -> String {
    let text = "SELECT (SELECT countIf(dim NOT IN ('opted_out', '')) FROM cells_open) + \
                (SELECT countIf(dim != '') FROM crossings_open), \
                (SELECT count() FROM seals FINAL), (SELECT uniqExact(site, day, generation) FROM cells), \
                (SELECT count() FROM (SELECT sum(visitors) AS people FROM crossings WHERE dim != '' \
                GROUP BY site, day, dim, value, dim2, value2) WHERE people < 5)";
    sql(server, text).trim().replace('\t', " ")
}

const SEALED: &str = "0 1 1 0";

#[test]
fn a_day_sealed_early_keeps_its_numbers_and_counts_late_events_without_visitors() {
    let (mut server, key) = server_with(&BUSY);
    let account = fill(&server, "early");
    assert_counted(&server, &key, &account);
    assert_eq!(salts(&server).len(), 1);
    let refused = server.command(&["seal", "--day", "today"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(1) && said.contains("--now"), "{said}");
    let said = server.succeed(&NOW);
    assert!(said.starts_with("demo  ") && said.contains("  sealed: "), "{said}");
    assert_eq!((at_rest(&server).as_str(), salts(&server)), (SEALED, Vec::new()));
    assert_eq!(counted(&server, &key), account.numbers());
    assert_eq!(server.metrics().sum("headcount_seals_total"), 1);
    assert!(server.succeed(&NOW).contains("was sealed before"));

    // Late: in the totals, by nobody, also after a restart.
    let visitors = server.totals(&key, SITE)[0];
    for run in ["late", "later"] {
        let [_, pageviews, sum] = server.totals(&key, SITE);
        let late = fill(&server, run);
        drained(&server);
        let [_, late_views, late_events] = late.numbers().total();
        assert_eq!(server.totals(&key, SITE), [visitors, pageviews + late_views, sum + late_events]);
        assert_eq!((at_rest(&server).as_str(), salts(&server)), (SEALED, Vec::new()));
        server.end(libc::SIGKILL);
        server.start_again();
    }
}

#[test]
fn a_seal_killed_at_any_step_changes_no_number_and_is_taken_up_again() {
    for step in ["fence", "drain", "cells", "rows", "switch", "removal"] {
        let (mut server, key) = server_with(&BUSY);
        let account = fill(&server, "step");
        server.end(libc::SIGTERM);
        server.set("HEADCOUNT_FAULT", &format!("seal:after_{step}"));
        server.start_again();
        let asked = server.command(&NOW);
        let said = String::from_utf8_lossy(&asked.stderr).into_owned();
        assert!(asked.status.code() == Some(1) && said.contains("run this again"), "{step}: {said}");
        server.wait();
        assert_eq!(salts(&server), [] as [PathBuf; 0], "{step}");
        server.unset("HEADCOUNT_FAULT");
        server.start_again();
        assert_counted(&server, &key, &account);
        until_equal(step, &SEALED.to_owned(), || at_rest(&server));
        assert_eq!(counted(&server, &key), account.numbers(), "{step}");
        assert_eq!(server.succeed(&["seal"]).trim(), "Nothing is due.", "{step}");
    }
}

#[test]
fn a_point_that_does_not_exist_is_refused() {
    let mut server = Server::prepare(&[("HEADCOUNT_FAULT", "seal:never")]);
    let failed = server.try_start().expect_err("refused");
    assert!(failed.said.contains("no such point") && failed.said.contains("seal:after_fence"), "{}", failed.said);
}

#[test]
fn without_clickhouse_the_salt_goes_in_time_and_the_day_is_sealed_later() {
    let nowhere = format!("http://127.0.0.1:{}", free_port());
    let (mut server, key) = server_with(&[("HEADCOUNT_CLICKHOUSE__URL", &nowhere)]);
    let account = fill(&server, "away");
    assert_eq!(salts(&server).len(), 1);
    let asked = server.command(&NOW);
    let said = String::from_utf8_lossy(&asked.stderr).into_owned();
    assert!(asked.status.code() == Some(1) && said.contains("the salt is destroyed"), "{said}");
    assert_eq!(salts(&server), [] as [PathBuf; 0]);
    server.end(libc::SIGTERM);
    server.unset("HEADCOUNT_CLICKHOUSE__URL");
    server.start_again();
    until_equal("the day is sealed", &SEALED.to_owned(), || at_rest(&server));
    assert_counted(&server, &key, &account);
}

#[test]
fn a_day_is_sealed_without_a_server_too() {
    let (mut server, key) = server_with(&BUSY);
    let account = fill(&server, "alone");
    // What was not loaded waits in the spool.
    server.end(libc::SIGKILL);
    let said = server.succeed(&NOW);
    assert!(said.contains("  sealed: "), "{said}");
    assert_eq!(salts(&server), [] as [PathBuf; 0]);
    server.start_again();
    assert_eq!(at_rest(&server), SEALED);
    assert_counted(&server, &key, &account);
}

#[test]
fn owners_fill_in_past_days_with_visitors_until_they_are_sealed() {
    let (server, read) = server_with(&BUSY);
    let [write, admin] = ["write", "admin"].map(|scope| server.create_key(SITE, scope));
    let send = |key: &str, days_ago: u32, run: &str| {
        let at = format!("SELECT formatDateTime(now('UTC') - INTERVAL {days_ago} DAY, '%Y-%m-%dT%H:%i:%SZ')");
        let at = sql(&server, &at).trim().to_owned();
        let event = |visitor: &str| json!({ "path": "/", "visitor": visitor, "occurred_at": at });
        let events = ["ann", "ben", "cat", "ann"].map(event);
        let body = json!({ "site": SITE, "batch_id": run, "events": events }).to_string();
        let bearer = format!("Bearer {key}");
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        let answer = server.send("POST", "/v1/events", &headers, body.as_bytes());
        assert_eq!(answer.json()["accepted"], 4);
        drained(&server);
    };
    until("the key is known", || {
        server.try_query(&admin, &json!({ "site_id": SITE, "metrics": ["events"], "date_range": "day" }))
    });
    send(&admin, 3, "owner");
    let day = sql(&server, "SELECT DISTINCT day FROM cells_open WHERE dim = 'page'").trim().to_owned();
    assert_eq!(server.totals(&read, SITE), [3, 4, 4]);
    send(&write, 4, "writer");
    assert_eq!(server.totals(&read, SITE), [3, 8, 8]);
    assert_eq!(salts(&server).len(), 1);
    let said = server.succeed(&["seal", "--site", SITE, "--day", &day]);
    assert!(said.contains("  sealed: "), "{said}");
    assert_eq!(salts(&server), [] as [PathBuf; 0]);
    // Sealed: nobody else is made on it.
    send(&admin, 3, "too late");
    assert_eq!(server.totals(&read, SITE), [3, 12, 12]);
    // A day of which only late events came is still its owner's to fill in.
    let other = sql(&server, "SELECT DISTINCT day FROM cells_open WHERE dim = 'page'").trim().to_owned();
    assert_ne!(other, day);
    send(&admin, 4, "history");
    assert_eq!(server.totals(&read, SITE), [6, 16, 16]);
    let said = server.succeed(&["seal", "--site", SITE, "--day", &other]);
    assert!(said.contains("  sealed: "), "{said}");
    assert_eq!(at_rest(&server), "0 2 2 0");
    assert_eq!(server.totals(&read, SITE), [6, 16, 16]);
}
