//! ClickHouse knows a load that it does not have, or has one that it does not know: what a kill and a power cut leave
//! behind, made here by hand in its files, as the moments are too short to be met.
//!
//! It writes the token of an insert down, makes the part visible and answers. Killed between the first two, it takes the
//! repeated insert for one it has. What it writes down is not synced: a power cut may take it away, and leave the part.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};

use crate::account::{assert_counted, server_with};
use crate::kill::lock_of_engine;
use crate::load::Load;
use crate::support::server::Server;
use crate::support::until;

/// A table's folder, and the names of the parts that came under a token.
type Known = (PathBuf, Vec<String>);

/// Tables that know tokens.
fn known(server: &Server) -> Vec<Known> {
    let store = server.state_dir().join("engine/data/store");
    let folders = |of: &Path| -> Vec<PathBuf> {
        fs::read_dir(of).expect("a folder").map(|entry| entry.expect("an entry").path()).collect()
    };
    let parts = |table: &Path| -> Vec<String> {
        let logs = table.join("deduplication_logs");
        let text = |log: PathBuf| fs::read_to_string(log).expect("a log");
        let logs: Vec<String> = if logs.is_dir() { folders(&logs).into_iter().map(text).collect() } else { Vec::new() };
        logs.iter().flat_map(|log| log.lines()).filter_map(|line| line.split('\t').nth(1).map(str::to_owned)).collect()
    };
    let tables = folders(&store).into_iter().flat_map(|folder| folders(&folder));
    let known = tables.map(|table| (table.clone(), parts(&table)));
    known.filter(|(_, parts)| !parts.is_empty()).collect()
}

/// The collector dies with a first load in ClickHouse that its journal does not confirm. `spoil` does to the files what the
/// engine left undone; then both start again.
fn counted_once_though(who: &str, spoil: fn(&[Known])) {
    let (mut server, key) = server_with(&[("HEADCOUNT_DELIVER__LOAD_INTERVAL_MS", "20")]);
    server.end(libc::SIGTERM);
    server.set("HEADCOUNT_FAULT", "load:after_insert");
    server.start_again();
    let load = Load::start(server.public(), 2, who);
    assert_eq!(server.wait().signal(), Some(libc::SIGABRT), "{}", server.log());
    drop(until("the engine ends", || lock_of_engine(&server)));
    let known = known(&server);
    assert!(!known.is_empty(), "no load arrived");
    spoil(&known);
    server.unset("HEADCOUNT_FAULT");
    server.start_again();
    load.wait_for(20);
    let account = load.finish();
    assert_counted(&server, &key, &account);
}

#[test]
fn a_load_whose_token_was_noted_and_whose_rows_were_not_is_loaded_again() {
    counted_once_though("noted", |known| {
        for (table, parts) in known {
            for part in parts {
                fs::remove_dir_all(table.join(part)).expect("the part was there");
            }
        }
    });
}

#[test]
fn a_load_whose_rows_are_there_and_whose_token_is_not_is_not_loaded_again() {
    counted_once_though("forgotten", |known| {
        for (table, _) in known {
            fs::remove_dir_all(table.join("deduplication_logs")).expect("the log was there");
        }
    });
}
