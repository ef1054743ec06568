//! What the collector holds in memory: P5 says that a salt ends there, too.

use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;

use crate::at_rest::{salts, visited};
use crate::marks::{Marks, Searcher};
use crate::support::server::Server;
use crate::support::until_equal;

/// Where in the memory that the collector may write to something is found.
fn held(server: &Server, searcher: &Searcher) -> Vec<String> {
    let pid = server.pid().expect("it runs");
    let memory = File::open(format!("/proc/{pid}/mem")).expect("a child's memory can be read");
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).expect("readable");
    let mut found = Vec::new();
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (range, may, name) = (words.next().unwrap_or(""), words.next().unwrap_or(""), words.nth(3).unwrap_or(""));
        let Some((from, to)) = range.split_once('-').filter(|_| may.starts_with("rw")) else { continue };
        let [from, to] = [from, to].map(|address| u64::from_str_radix(address, 16).expect("an address"));
        let mut bytes = vec![0; (to - from) as usize];
        // A mapping may go while it is looked at.
        if memory.read_exact_at(&mut bytes, from).is_ok() {
            found.extend(searcher.look(&format!("{range} {name}"), &bytes).into_iter().map(|found| found.place));
        }
    }
    found
}

#[test]
fn p5_the_salt_of_a_sealed_day_is_wiped_from_memory_though_nobody_comes_any_more() {
    let (server, _key) = visited();
    let salt = salts(&server).into_iter().find(|path| path.parent().is_some_and(|site| site.ends_with("two")));
    let salt = fs::read(salt.expect("a salt")).expect("readable");
    let mut marks = Marks::default();
    marks.bytes("salt", &salt[..16]);
    let searcher = marks.searcher();
    assert_ne!(held(&server, &searcher), [] as [String; 0], "it is in use");
    server.succeed(&["seal", "--site", "two", "--day", "today", "--now"]);
    until_equal("the salt is wiped", &Vec::new(), || held(&server, &searcher));
}
