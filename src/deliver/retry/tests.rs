use super::*;
use crate::files::test_directory;

fn state(set: &RetrySet, hash: u64) -> &'static str {
    match set.begin(hash) {
        Retry::First => "first",
        Retry::Counted => "counted",
        Retry::InFlight(_) => "in flight",
    }
}

#[test]
fn an_id_is_first_then_in_flight_then_counted() {
    let directory = test_directory();
    let set = RetrySet::open(directory.path(), &[], 100).expect("opens");
    let hash = set.hash("demo", "b1");
    let before = [state(&set, hash), state(&set, hash)];
    set.committed(&[(hash, 100)]).expect("written");
    assert_eq!((before, state(&set, hash)), (["first", "in flight"], "counted"));
}

#[test]
fn an_abandoned_id_is_new_again_and_wakes_who_waits() {
    let directory = test_directory();
    let set = RetrySet::open(directory.path(), &[], 100).expect("opens");
    assert_eq!(state(&set, 1), "first");
    let Retry::InFlight(mut waiting) = set.begin(1) else { panic!("in flight") };
    set.abandon(1);
    let woken = tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(waiting.changed());
    assert!(woken.is_err());
    assert_eq!(state(&set, 1), "first");
}

#[test]
fn a_restart_remembers_logged_and_waiting_ids_and_cuts_a_torn_entry() {
    let directory = test_directory();
    let set = RetrySet::open(directory.path(), &[], 100).expect("opens");
    set.committed(&[(1, 100), (2, 100)]).expect("written");
    let path = directory.path().join("00100.ids");
    let mut bytes = fs::read(&path).expect("read");
    bytes.extend_from_slice(&[9; 3]);
    fs::write(&path, bytes).expect("written");
    let again = RetrySet::open(directory.path(), &[(3, 100)], 101).expect("opens");
    assert_eq!([1, 2, 3, 4].map(|hash| state(&again, hash)), ["counted", "counted", "counted", "first"]);
    again.committed(&[(4, 100)]).expect("written");
    assert_eq!(fs::read(&path).expect("read").len(), 3 * ENTRY);
    assert_eq!(again.hash("a", "bc"), RetrySet::open(directory.path(), &[], 101).expect("opens").hash("a", "bc"));
    assert_ne!(again.hash("ab", "c"), again.hash("a", "bc"));
}

#[test]
fn ids_that_cannot_be_written_hold_up_the_release_of_their_batches() {
    let directory = test_directory();
    let set = RetrySet::open(directory.path(), &[], 100).expect("opens");
    let path = directory.path().join("00100.ids");
    fs::create_dir(&path).expect("in the log's place");
    assert!(set.committed(&[(1, 100)]).is_err() && set.sync().is_err());
    assert!(set.committed(&[(2, 100)]).is_err());
    fs::remove_dir(&path).expect("out of the way");
    set.sync().expect("written and synced");
    let again = RetrySet::open(directory.path(), &[], 100).expect("opens");
    assert_eq!([1, 2, 3].map(|hash| state(&again, hash)), ["counted", "counted", "first"]);
}

#[test]
fn ids_are_forgotten_after_35_days() {
    let directory = test_directory();
    let set = RetrySet::open(directory.path(), &[], 100).expect("opens");
    set.committed(&[(1, 100)]).expect("written");
    set.expire(135).expect("expired");
    assert_eq!(set.len(), 1);
    set.expire(136).expect("expired");
    assert!(set.is_empty() && !directory.path().join("00100.ids").exists());
}

#[test]
fn too_many_ids_cost_the_oldest_day() {
    let counted = [(1, 100), (2, 100), (3, 101)].into_iter().collect();
    let mut inner = Inner { counted, in_flight: HashMap::new() };
    inner.forget_oldest(2);
    assert_eq!(inner.counted.keys().copied().collect::<Vec<u64>>(), [3]);
}
