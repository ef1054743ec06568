use super::*;
use crate::files::test_directory;

fn open(directory: &Path, waiting: &[Entry], today: u16) -> RetrySet {
    RetrySet::open(directory, waiting.to_vec(), 7, today, Room::default()).expect("opens")
}

fn state(set: &RetrySet, id: u64) -> &'static str {
    match set.begin(id) {
        Retry::First => "first",
        Retry::Counted => "counted",
        Retry::InFlight(_) => "in flight",
    }
}

#[test]
fn an_id_is_first_then_in_flight_then_counted() {
    let directory = test_directory();
    let set = open(directory.path(), &[], 100);
    let id = set.hash("demo", "b1", false);
    let before = [state(&set, id), state(&set, id)];
    set.counted(&[(id, 100)]);
    assert_eq!((before, state(&set, id)), (["first", "in flight"], "counted"));
}

#[test]
fn an_abandoned_id_is_new_again_and_wakes_who_waits() {
    let directory = test_directory();
    let set = open(directory.path(), &[], 100);
    assert_eq!(state(&set, 2), "first");
    let Retry::InFlight(mut waiting) = set.begin(2) else { panic!("in flight") };
    set.abandon(2);
    let woken = tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(waiting.changed());
    assert!(woken.is_err());
    assert_eq!(state(&set, 2), "first");
}

#[test]
fn a_restart_remembers_noted_and_waiting_ids_and_cuts_a_torn_entry() {
    let directory = test_directory();
    open(directory.path(), &[], 100).note(8, &[(2, 100), (4, 100)]).expect("written");
    let path = directory.path().join("00100.ids");
    let mut bytes = fs::read(&path).expect("read");
    bytes.extend_from_slice(&[9; 3]);
    fs::write(&path, bytes).expect("written");
    let again = open(directory.path(), &[(6, 100)], 101);
    assert_eq!([2, 4, 6, 8].map(|id| state(&again, id)), ["counted", "counted", "counted", "first"]);
    assert_eq!(again.sync().ok(), Some(7));
    assert_eq!(fs::read(&path).expect("read").len(), 30);
}

#[test]
fn ids_of_batches_that_waited_outlive_those_batches() {
    let directory = test_directory();
    open(directory.path(), &[(6, 100)], 100).sync().expect("written and synced");
    // The batch is let go now: the second start finds nothing in the spool.
    assert_eq!(state(&open(directory.path(), &[], 100), 6), "counted");
}

#[test]
fn only_batches_whose_ids_are_durable_may_go() {
    let directory = test_directory();
    let set = open(directory.path(), &[], 100);
    assert_eq!(set.sync().ok(), Some(7));
    let path = directory.path().join("00100.ids");
    fs::create_dir(&path).expect("in the log's place");
    assert!(set.note(8, &[(2, 100)]).is_err() && set.sync().is_err());
    assert!(set.note(9, &[(4, 100)]).is_err());
    fs::remove_dir(&path).expect("out of the way");
    assert_eq!(set.sync().ok(), Some(9));
    let again = open(directory.path(), &[], 100);
    assert_eq!([2, 4, 6].map(|id| state(&again, id)), ["counted", "counted", "first"]);
}

#[test]
fn ids_and_their_logs_are_forgotten_after_35_days() {
    let directory = test_directory();
    let set = open(directory.path(), &[], 100);
    set.counted(&[(2, 100)]);
    set.note(8, &[(2, 100)]).expect("written");
    set.expire(135).expect("expired");
    assert_eq!(set.len(), 1);
    set.expire(136).expect("expired");
    assert!(set.is_empty() && !directory.path().join("00100.ids").exists());
}

#[test]
fn hashes_are_keyed_and_framed_and_strangers_have_ids_of_their_own() {
    let directory = test_directory();
    let set = open(directory.path(), &[], 100);
    assert_eq!(set.hash("a", "bc", true), open(directory.path(), &[], 100).hash("a", "bc", true));
    let other = test_directory();
    let different =
        [set.hash("ab", "c", true), set.hash("a", "bc", false), open(other.path(), &[], 100).hash("a", "bc", true)];
    assert!(different.iter().all(|hash| *hash != set.hash("a", "bc", true)));
}

#[test]
fn a_flood_of_strangers_makes_no_id_of_key_holders_forgotten() {
    let directory = test_directory();
    let room = Room { with_key: 100, without_key: 100 };
    let open = || RetrySet::open(directory.path(), Vec::new(), 0, 100, room).expect("opens");
    let set = open();
    let id = |batch: u32, with_key| (set.hash("demo", &format!("b{batch}"), with_key), 100);
    let entries: Vec<Entry> =
        (0..50).map(|batch| id(batch, true)).chain((0..1_000).map(|batch| id(batch, false))).collect();
    set.counted(&entries);
    set.note(1, &entries).expect("written");
    let counted = |set: &RetrySet, with_key| {
        (0..50).filter(|batch| matches!(set.begin(id(*batch, with_key).0), Retry::Counted)).count()
    };
    assert_eq!((counted(&set, true), counted(&set, false)), (50, 0));
    assert_eq!(set.forgotten(), 1_050 - set.len() as u64);
    assert_eq!(counted(&open(), true), 50);
}

#[test]
fn a_key_that_is_damaged_is_not_replaced() {
    let directory = test_directory();
    fs::write(directory.path().join("key"), b"short").expect("written");
    assert!(RetrySet::open(directory.path(), Vec::new(), 0, 100, Room::default()).is_err());
}

#[test]
fn event_ids_are_apart_from_batch_ids_and_forgotten_after_two_days() {
    let directory = test_directory();
    let set = open(directory.path(), &[], 100);
    let (batch, event) = (set.hash("demo", "x", false), set.event_hash("demo", "kind", "x"));
    assert_eq!([state(&set, batch), state(&set, event)], ["first", "first"]);
    set.counted(&[(batch, 100), (event, 100)]);
    set.note(8, &[(batch, 100), (event, 100)]).expect("written");
    assert_eq!((set.sync().ok(), set.len(), set.events()), (Some(8), 1, 1));
    let again = open(directory.path(), &[], 102);
    assert_eq!([batch, event].map(|id| again.is_counted(id)), [true, true]);
    again.expire(103).expect("expired");
    assert_eq!([batch, event].map(|id| again.is_counted(id)), [true, false]);
    let kept = ["00100.ids", "00100.events"].map(|name| directory.path().join(name).exists());
    assert_eq!(kept, [true, false]);
}

#[test]
fn a_long_log_is_read_from_where_it_matters() {
    let directory = test_directory();
    let set = open(directory.path(), &[], 100);
    set.note(8, &[(2, 100), (4, 100), (6, 100)]).expect("written");
    let mut newest = Vec::new();
    log::read(directory.path(), Kind::Batches, 2, |entry| newest.push(entry)).expect("read");
    assert_eq!(newest, [(4, 100), (6, 100)]);
}
