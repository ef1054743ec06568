//! What lies on the disk: P5 and P6, and P9's half of the log. A collector of its own, which is stopped and started.

use std::collections::BTreeSet;
use std::hash::Hasher;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::json;
use siphasher::sip128::{Hasher128, SipHasher24};

use crate::engine::{dump, sql};
use crate::marks::Marks;
use crate::support::server::{BROWSER, Server, files_below};
use crate::support::{until, until_equal};

/// A collector with the sites `one` and `two`, each with hits of today that are stored, and a key of `two`.
pub fn visited() -> (Server, String) {
    let server = Server::start();
    ["one", "two"].iter().for_each(|site| server.add_site(site));
    let key = server.create_key("two", "read");
    let query = json!({ "site_id": "two", "metrics": ["events"], "date_range": "day" });
    until("the sites are known", || server.try_query(&key, &query));
    for site in ["one", "two", "two"] {
        hit(&server, site);
    }
    until_equal("the hits are stored", &[1, 2, 2], || server.totals(&key, "two"));
    (server, key)
}

fn hit(server: &Server, site: &str) {
    let event = json!({ "site": site, "url": "https://a.test/" }).to_string();
    assert_eq!(server.send("POST", "/e", &[("User-Agent", BROWSER)], event.as_bytes()).status, 202);
}

/// The files of salts.
pub fn salts(server: &Server) -> Vec<PathBuf> {
    files_below(&server.state_dir().join("salts"))
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

/// How a day ends, with its salt, is held in `privacy::salt`'s own tests, on a clock that can be moved.
#[test]
fn p5_salts_are_random_private_per_site_and_day_and_end() {
    let (mut server, key) = visited();
    let paths = salts(&server);
    let names: Vec<PathBuf> =
        paths.iter().map(|path| path.strip_prefix(server.state_dir()).expect("below").to_owned()).collect();
    let today = server.query(&key, &json!({ "site_id": "two", "metrics": ["events"], "date_range": "day" }));
    let today = today["query"]["date_range"][0].as_str().expect("a date");
    assert_eq!(names, ["one", "two"].map(|site| PathBuf::from(format!("salts/{site}/{today}"))));
    let bytes = paths.iter().map(|path| std::fs::read(path).expect("a salt")).collect::<Vec<_>>();
    // The salt itself, the second at which its day closes, the hour in which it was made.
    assert_eq!((bytes[0].len(), bytes[1].len(), bytes[0][..16] == bytes[1][..16]), (32, 32, false));
    assert_eq!(paths.iter().map(|path| mode(path)).collect::<Vec<_>>(), [0o600, 0o600]);
    // Nowhere else: not in the engine, not in the log, not in what is told to operators.
    let mut marks = Marks::default();
    bytes.iter().for_each(|salt| marks.bytes("salt", &salt[..16]));
    let searcher = marks.searcher();
    let below = server.state_dir().parent().expect("a directory").to_owned();
    let elsewhere = || {
        let mut found = searcher.look_below(&below);
        found.retain(|found| !found.place.contains("/state/salts/"));
        found
    };
    assert_eq!(elsewhere(), []);
    assert_eq!(searcher.look("metrics", server.ops_get("/metrics").text().as_bytes()), []);
    assert_eq!(searcher.look("tables", dump(&server).as_bytes()), []);
    assert_eq!(searcher.look("control", &bytes[0]).len(), 1);
    let audit = server.succeed(&["audit"]);
    assert_eq!(searcher.look("audit", audit.as_bytes()), []);

    // A restart keeps visitors one; days that are over, sites that are gone and half-written salts are destroyed.
    server.end(libc::SIGKILL);
    let planted = ["salts/two/2020-01-01", "salts/two/2020-01-01.tmp", "salts/gone/2099-01-01"];
    for name in planted {
        let path = server.state_dir().join(name);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("made");
        std::fs::write(path, [7; 32]).expect("written");
    }
    server.succeed(&["site", "remove", "one"]);
    server.start_again();
    assert_eq!(salts(&server), [paths[1].clone()]);
    assert_eq!(std::fs::read(&paths[1]).expect("a salt"), bytes[1]);
    hit(&server, "two");
    until_equal("the same visitor", &[1, 3, 3], || server.totals(&key, "two"));
    assert_eq!(elsewhere(), []);
}

#[test]
fn p5_a_sealed_day_has_no_salt_and_never_gets_another() {
    let (mut server, key) = visited();
    server.succeed(&["seal", "--site", "two", "--day", "today", "--now"]);
    let of_two = |server: &Server| -> Vec<PathBuf> {
        salts(server).into_iter().filter(|path| path.parent().is_some_and(|site| site.ends_with("two"))).collect()
    };
    assert_eq!(of_two(&server), [] as [PathBuf; 0]);
    for turn in 0..2 {
        hit(&server, "two");
        until_equal("a late hit, of nobody", &[1, 3 + turn, 3 + turn], || server.totals(&key, "two"));
        assert_eq!(of_two(&server), [] as [PathBuf; 0]);
        server.end(libc::SIGTERM);
        server.start_again();
    }
}

/// The only place where a pseudonym can be seen: the visits that go on over a clean restart.
#[test]
fn p3_a_pseudonym_is_a_hash_under_the_salt_of_its_day() {
    let (mut server, key) = visited();
    let event = json!({ "site": "two", "url": "https://a.test/", "visitor": "install-7" }).to_string();
    assert_eq!(server.send("POST", "/e", &[("User-Agent", BROWSER)], event.as_bytes()).status, 202);
    until_equal("the hit is stored", &[2, 3, 3], || server.totals(&key, "two"));
    let salt = std::fs::read(salts(&server).pop().expect("a salt")).expect("read");
    server.end(libc::SIGTERM);
    let kept = std::fs::read_to_string(server.state_dir().join("visits")).expect("visits");
    let pseudonym = |salt: &[u8]| {
        let mut hasher = SipHasher24::new_with_key(salt.try_into().expect("16 bytes"));
        // An id of a client, and its purpose.
        hasher.write(&[2]);
        for field in ["two", "install-7"] {
            hasher.write(&(field.len() as u64).to_le_bytes());
            hasher.write(field.as_bytes());
        }
        let hash = hasher.finish128();
        format!("[{},{}]", hash.h2, hash.h1)
    };
    let other: Vec<u8> = salt[..16].iter().map(|byte| !byte).collect();
    assert_eq!([pseudonym(&salt[..16]), pseudonym(&other)].map(|text| kept.contains(&text)), [true, false], "{kept}");
}

#[test]
fn no_row_but_the_one_of_no_dimension_tells_of_a_load() {
    let (server, _) = visited();
    until_equal("the spool is empty", &0, || server.metrics().sum("headcount_spool_bytes"));
    for (table, group) in [("cells_open", "value"), ("crossings_open", "value, dim2, value2")] {
        let others = format!("SELECT countIf(dim != '' AND receipt != 0), countIf(dim != '') > 0 FROM {table}");
        assert_eq!(sql(&server, &others), "0\t1\n", "{table}");
        // Nobody is in them, and what they have beside the number is the same for all sites and days.
        let told = format!(
            "SELECT uniqExact({group}), countIf(receipt = 0), sum(events), uniqCombined64Merge(16)(visitors), \
             uniqExact(site, day) > 0 FROM {table} WHERE dim = ''"
        );
        assert_eq!(sql(&server, &told), "1\t0\t0\t0\t1\n", "{table}");
    }
}

#[test]
fn p6_only_cells_are_kept() {
    let (mut server, _) = visited();
    let batch = json!({ "site": "two", "batch_id": "b-1", "events": [{ "name": "x" }] }).to_string();
    assert_eq!(server.send("POST", "/v1/events", &[], batch.as_bytes()).status, 200);
    until_equal("the spool is empty", &0, || server.metrics().sum("headcount_spool_bytes"));

    let columns = "SELECT table, name, type, comment != '' AS explained FROM system.columns \
                   WHERE database NOT IN ('system', 'INFORMATION_SCHEMA', 'information_schema') AND default_kind != 'EPHEMERAL' \
                   ORDER BY table, position";
    let columns = sql(&server, columns);
    insta::assert_snapshot!("columns", columns);
    // No time finer than an hour, no wide text or number that could be somebody's.
    for finer in ["DateTime", "Time", "IPv4", "IPv6", "UUID", "128", "256", "JSON", "Object"] {
        let of_cells = columns.lines().filter(|line| line.starts_with("cells"));
        assert!(of_cells.clone().all(|line| !line.contains(finer)), "{finer}: {columns}");
    }
    assert_eq!(sql(&server, "SELECT DISTINCT hour FROM cells_open WHERE hour > 24"), "255\n");
    // The engine keeps no books of its own: no log of queries, parts or texts.
    let logs = "SELECT database, name FROM system.tables WHERE name LIKE '%log' OR name LIKE '%log_%'";
    assert_eq!(sql(&server, logs), "");

    server.end(libc::SIGTERM);
    let kinds: BTreeSet<String> = files_below(&server.state_dir()).iter().map(|path| kind(&server, path)).collect();
    insta::assert_snapshot!("files_in_the_state_directory", kinds.into_iter().collect::<Vec<_>>().join("\n"));
    let open: Vec<PathBuf> = files_below(&server.state_dir())
        .into_iter()
        .filter(|path| !path.starts_with(server.state_dir().join("engine/data")) && mode(path) & 0o077 != 0)
        .collect();
    assert_eq!(open, [] as [PathBuf; 0]);
    for directory in ["", "engine", "registry", "retries", "salts", "spool"] {
        assert_eq!(mode(&server.state_dir().join(directory)), 0o700, "{directory}");
    }
}

/// The name of a file with what varies taken out; what the engine stores lies behind mode 0700 and is its own.
fn kind(server: &Server, path: &Path) -> String {
    let name = path.strip_prefix(server.state_dir()).expect("below").display().to_string();
    if name.starts_with("engine/data/") {
        return "engine/data/…".to_owned();
    }
    let mut out = String::new();
    for c in name.chars() {
        match c {
            '0'..='9' if !out.ends_with('N') => out.push('N'),
            '0'..='9' => {}
            c => out.push(c),
        }
    }
    out
}

#[test]
fn p9_the_log_tells_of_the_program_and_not_of_people() {
    // Everything a person can send is in the canary; here, that the log of a quiet day is short and known.
    let (mut server, _) = visited();
    server.end(libc::SIGTERM);
    let lines: Vec<String> = server
        .log()
        .lines()
        .map(|line| line.split_once(' ').map_or(line, |(_, rest)| rest).trim().to_owned())
        .collect();
    insta::assert_snapshot!("log_of_a_quiet_run", lines.join("\n"));
}
