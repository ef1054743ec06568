//! The spool on disk: torn, garbled, full.

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::PathBuf;

use serde_json::json;

use crate::account::{Account, SITE, assert_counted, drained, server_with};
use crate::load::{body, events, post};
use crate::support::process::free_port;
use crate::support::server::{BROWSER, Server, files_below, open_to_damage};
use crate::support::{process, until};

/// Segments in order.
fn segments(server: &Server) -> Vec<PathBuf> {
    let files = files_below(&server.state_dir().join("spool"));
    files.into_iter().filter(|path| path.extension().is_some_and(|of| of == "spool")).collect()
}

/// A collector whose batches stay in the spool, since there is no ClickHouse where it looks for it.
fn with_waiting_batches(account: &mut Account) -> (Server, String) {
    let (server, key) = server_with(&[("HEADCOUNT_CLICKHOUSE__URL", &format!("http://127.0.0.1:{}", free_port()))]);
    let mut client = server.client();
    for number in 0..20 {
        let events = events(0, number);
        assert!(post(&mut client, &body(&format!("waiting-{number}"), &events), events.len()));
        events.iter().for_each(|sent| account.add(sent));
    }
    (server, key)
}

/// Starts it again with an engine of its own.
fn start_with_engine(server: &mut Server) {
    server.unset("HEADCOUNT_CLICKHOUSE__URL");
    server.start_again();
}

#[test]
fn a_tail_of_garbage_is_cut_and_costs_nothing_before_it() {
    let mut account = Account::default();
    let (mut server, key) = with_waiting_batches(&mut account);
    let tails: [&[u8]; 4] = [&[0; 4096], &[0x17], &[5, 1, 0, 0, 9, 9, 9, 9, 1, 2, 3], &[0xff; 700]];
    for tail in tails {
        server.end(libc::SIGKILL);
        let newest = segments(&server).pop().expect("a segment");
        let mut file = open_to_damage(&newest);
        file.seek(SeekFrom::End(0)).and_then(|_| file.write_all(tail)).expect("written");
        server.start_again();
        let found = format!("batches=20 cut_bytes={} damaged_records=0", tail.len());
        assert!(server.log().contains(&found), "{}", server.log());
    }
    server.end(libc::SIGKILL);
    start_with_engine(&mut server);
    assert_counted(&server, &key, &account);
}

#[test]
fn a_record_cut_in_the_middle_costs_itself_only() {
    let mut account = Account::default();
    let (mut server, key) = with_waiting_batches(&mut account);
    let newest = segments(&server).pop().expect("a segment");
    let before = fs::metadata(&newest).expect("the segment").len();
    let last = events(1, 0);
    assert!(post(&mut server.client(), &body("the last", &last), last.len()));
    server.end(libc::SIGKILL);
    let after = fs::metadata(&newest).expect("the segment").len();
    assert!(after > before + 10);
    open_to_damage(&newest).set_len(after - 7).expect("cut");
    start_with_engine(&mut server);
    assert_counted(&server, &key, &account);
    assert!(server.log().contains(&format!("cut_bytes={}", after - 7 - before)), "{}", server.log());
}

#[test]
fn a_flipped_bit_costs_its_record_only_and_is_reported() {
    // Of what was counted, and of the length of the record.
    for at in [|length: usize| 8 + length / 3, |_| 2] {
        flip(at);
    }
}

fn flip(place: fn(usize) -> usize) {
    let mut account = Account::default();
    let (mut server, key) = with_waiting_batches(&mut account);
    server.end(libc::SIGKILL);
    let path = segments(&server).pop().expect("a segment");
    let mut bytes = fs::read(&path).expect("read");
    // Behind the header of 8 bytes: length, checksum, payload of one record after the other, one for each batch.
    let length =
        |bytes: &[u8], at: usize| 8 + u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize;
    let tenth = (0..9).fold(8, |at, _| at + length(&bytes, at));
    let at = tenth + place(length(&bytes, tenth));
    bytes[at] ^= 0x10;
    fs::write(&path, &bytes).expect("written");
    start_with_engine(&mut server);
    assert!(server.log().contains("batches=19 cut_bytes=0 damaged_records=1"), "{}", server.log());
    let mut kept = Account::default();
    (0..20).filter(|number| *number != 9).flat_map(|number| events(0, number)).for_each(|sent| kept.add(&sent));
    assert_counted(&server, &key, &kept);
}

/// Three segments of batches that wait, in order, each begun by a start of its own.
fn with_three_segments(account: &mut [Account; 3]) -> (Server, String) {
    let (mut server, key) = server_with(&[("HEADCOUNT_CLICKHOUSE__URL", &format!("http://127.0.0.1:{}", free_port()))]);
    for (turn, account) in account.iter_mut().enumerate() {
        if turn > 0 {
            server.end(libc::SIGKILL);
            server.start_again();
        }
        let events = events(turn, 0);
        assert!(post(&mut server.client(), &body(&format!("segment-{turn}"), &events), events.len()));
        events.iter().for_each(|sent| account.add(sent));
    }
    server.end(libc::SIGKILL);
    assert_eq!(segments(&server).len(), 3);
    (server, key)
}

#[test]
fn a_segment_that_is_damaged_all_through_costs_itself_only_and_is_reported() {
    let mut accounts = <[Account; 3]>::default();
    let (mut server, key) = with_three_segments(&mut accounts);
    let path = segments(&server).swap_remove(1);
    let mut bytes = fs::read(&path).expect("read");
    bytes[8..].iter_mut().for_each(|byte| *byte ^= 0x5a);
    fs::write(&path, &bytes).expect("written");
    start_with_engine(&mut server);
    let found = format!("batches=2 cut_bytes={} damaged_records=0", bytes.len() - 8);
    assert!(server.log().contains(&found), "{}", server.log());
    let [mut kept, _, last] = accounts;
    kept.merge(last);
    assert_counted(&server, &key, &kept);
}

#[test]
fn a_segment_that_is_none_stops_the_start_until_somebody_looks_at_it() {
    let mut accounts = <[Account; 3]>::default();
    let (mut server, key) = with_three_segments(&mut accounts);
    let path = segments(&server).swap_remove(1);
    let bytes = fs::read(&path).expect("read");
    // It may be of another version, whose batches must not be thrown away.
    fs::write(&path, vec![0x5a; bytes.len()]).expect("written");
    server.unset("HEADCOUNT_CLICKHOUSE__URL");
    let failed = server.try_start().expect_err("it starts without a segment it does not understand");
    let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
    assert!(failed.said.contains(name) && failed.said.contains("not a spool segment"), "{}", failed.said);
    assert_eq!(fs::read(&path).expect("it is still there").len(), bytes.len());
    fs::remove_file(&path).expect("removed");
    server.start_again();
    let [mut kept, _, last] = accounts;
    kept.merge(last);
    assert_counted(&server, &key, &kept);
}

#[test]
fn a_segment_that_was_just_begun_when_the_power_went_costs_nothing_and_stops_no_start() {
    let mut account = Account::default();
    let (mut server, key) = with_waiting_batches(&mut account);
    let headers: [&[u8]; 3] = [&[], b"HCSP", &[0; 4096]];
    for (turn, header) in headers.into_iter().enumerate() {
        server.end(libc::SIGKILL);
        // Sequences of batches go on where they ended: this is the name of the next segment.
        let next = server.state_dir().join("spool").join(format!("{:020}.spool", 21 + turn));
        fs::write(&next, header).expect("written");
        server.start_again();
        let found = format!("batches={} cut_bytes={} damaged_records=0", 20 + turn, header.len());
        assert!(server.log().contains(&found), "{}", server.log());
        let events = events(1, turn);
        assert!(post(&mut server.client(), &body(&format!("after-{turn}"), &events), events.len()));
        events.iter().for_each(|sent| account.add(sent));
    }
    server.end(libc::SIGKILL);
    start_with_engine(&mut server);
    assert_counted(&server, &key, &account);
}

#[test]
fn a_segment_of_another_version_stops_the_start_and_says_what_to_do() {
    let mut account = Account::default();
    let (mut server, key) = with_waiting_batches(&mut account);
    server.end(libc::SIGKILL);
    let later = server.state_dir().join("spool").join(format!("{:020}.spool", 21));
    fs::write(&later, b"HCSPOOL9 of a program that is not written yet").expect("written");
    server.unset("HEADCOUNT_CLICKHOUSE__URL");
    let failed = server.try_start().expect_err("it starts without a segment it does not understand");
    assert_eq!(failed.status.code(), Some(1), "{}", failed.said);
    let said =
        ["00000000000000000021.spool", "version 9 of the spool", "reads version 2", "start the one that wrote it"];
    assert!(said.iter().all(|part| failed.said.contains(part)), "{}", failed.said);
    fs::remove_file(&later).expect("it was left alone");
    server.start_again();
    assert_counted(&server, &key, &account);
}

/// A batch that needs some room in the spool: 400 pages nobody else has.
fn bulky(number: usize) -> Vec<u8> {
    let letters = |mut number: usize| {
        let mut text = String::new();
        while text.len() < 6 {
            text.push(char::from(b'a' + (number % 26) as u8));
            number /= 26;
        }
        text
    };
    let event = |index| json!({ "path": format!("/{}", letters(number * 400 + index)), "visitor": "one" });
    let events: Vec<_> = (0..400).map(event).collect();
    json!({ "site": SITE, "batch_id": format!("bulky-{number}"), "events": events }).to_string().into_bytes()
}

#[test]
fn a_full_spool_sheds_with_503_and_recovers_by_itself() {
    let (server, key) = server_with(&[
        ("HEADCOUNT_DELIVER__SPOOL_MAX_MIB", "1"),
        ("HEADCOUNT_DELIVER__SEGMENT_MIB", "1"),
        ("HEADCOUNT_INGEST__MAX_VALUES_PER_DIMENSION", "1000000"),
    ]);
    let engine = server.engine_pid().expect("an engine");
    process::signal(engine, libc::SIGSTOP);
    let mut client = server.client();
    let mut taken = 0;
    let refused = until("the spool is full", || {
        let answer = client.send("POST", "/v1/events", &[], &bulky(taken)).expect("an answer");
        if answer.status != 200 {
            return Some(answer);
        }
        taken += 1;
        None
    });
    let seen = |answer: &crate::support::http::Answer| {
        (answer.status, answer.code(), answer.header("retry-after").map(str::to_owned))
    };
    let full = (503, "spool_full".to_owned(), Some("5".to_owned()));
    assert_eq!(seen(&refused), full);
    let beacon = format!("{{\"site\":\"{SITE}\",\"path\":\"/x\"}}");
    let browser = [("User-Agent", BROWSER)];
    assert_eq!(seen(&server.send("POST", "/e", &browser, beacon.as_bytes())), full);
    let pixel = format!("/p.gif?site={SITE}&url=https://demo.test/");
    assert_eq!(seen(&server.send("GET", &pixel, &browser, b"")), full);
    let readiness = server.ops_get("/readyz");
    assert_eq!((readiness.status, readiness.text().as_str()), (503, "spool_full\n"));
    let metrics = server.metrics();
    assert_eq!(metrics.reason("headcount_hits_shed_total", "spool_full"), 402);
    let (received, sum) = metrics.identity();
    assert_eq!((received, sum), (taken as u64 * 400 + 402, taken as u64 * 400 + 402));

    process::signal(engine, libc::SIGCONT);
    until("there is room again", || (server.ops_get("/readyz").status == 200).then_some(()));
    let again = client.send("POST", "/v1/events", &[], &bulky(taken)).expect("an answer");
    assert_eq!(again.json(), json!({ "accepted": 400, "duplicates": 0, "dropped": [] }));
    drained(&server);
    let events = (taken as u64 + 1) * 400;
    assert_eq!(server.totals(&key, SITE), [1, events, events]);
}

#[test]
fn a_disk_that_takes_no_writes_sheds_and_recovers_by_itself() {
    let (server, key) = server_with(&[]);
    let (first, second) = (events(0, 0), events(1, 1));
    let mut account = Account::default();
    for (number, events) in [&first, &second].into_iter().enumerate() {
        assert!(post(&mut server.client(), &body(&format!("before-{number}"), events), events.len()));
        events.iter().for_each(|sent| account.add(sent));
    }
    // With nothing waiting no segment is open, and without its directory none can be begun.
    drained(&server);
    let (spool, away) = (server.state_dir().join("spool"), server.state_dir().join("away"));
    fs::rename(&spool, &away).expect("moved");
    let mut waiting = server.client();
    waiting.begin("POST", "/v1/events", &[], &body("waiting", &first)).expect("sent");
    let readiness = || Some(server.ops_get("/readyz")).filter(|answer| answer.status != 200);
    let unready = until("the failure is seen", readiness);
    assert_eq!((unready.status, unready.text().as_str()), (503, "disk_failing\n"));
    let shed = server.send("POST", "/v1/events", &[], &body("shed", &second));
    assert_eq!((shed.status, shed.code().as_str(), shed.header("retry-after")), (503, "disk_failing", Some("5")));
    assert_eq!(server.metrics().reason("headcount_hits_shed_total", "disk_failing"), second.len() as u64);

    fs::rename(&away, &spool).expect("moved back");
    let answer = waiting.read(false).expect("an answer");
    assert_eq!(answer.json(), json!({ "accepted": first.len(), "duplicates": 0, "dropped": [] }));
    until("hits are taken again", || (server.ops_get("/readyz").status == 200).then_some(()));
    assert!(post(&mut server.client(), &body("shed", &second), second.len()));
    first.iter().chain(&second).for_each(|sent| account.add(sent));
    assert_counted(&server, &key, &account);
}
