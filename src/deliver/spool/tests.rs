use proptest::prelude::*;

use super::super::codec::tests::any_cell;
use super::segment::HEADER;
use super::*;
use crate::files::{TestDirectory, test_directory};
use crate::model::{Cell, Crossings};

const LIMITS: SpoolLimits = SpoolLimits { total: 1 << 20, segment: 200 };

fn open(directory: &TestDirectory) -> (Spool, Recovered) {
    Spool::open(directory.path(), LIMITS, 0).expect("opens")
}

fn cell(value: &str) -> Cell {
    let key = crate::model::CellKey {
        site: "demo".parse().expect("an id"),
        day: crate::model::Day(1),
        dimension: crate::model::Dimension::Page,
        value: value.into(),
        hour: crate::model::Hour(3),
    };
    Cell { key, measures: crate::model::Measures::default(), hashes: vec![1, 2] }
}

fn append(spool: &Spool, value: &str) -> u64 {
    let mut batch = Batch {
        sequence: 0,
        cells: vec![cell(value)],
        crossings: Crossings::default(),
        remembered: vec![(value.len() as u64, 7)],
    };
    spool.append(&mut batch).expect("appended");
    batch.sequence
}

fn values(spool: &Spool, after: u64) -> Vec<String> {
    let mut values = Vec::new();
    let mut take = |batch: &Batch| {
        values.push(batch.cells[0].key.value.to_string());
        true
    };
    spool.read(after, Some(Table::Cells), &mut take).expect("read");
    values
}

fn files_of(directory: &TestDirectory) -> Vec<PathBuf> {
    segment::list(directory.path()).expect("listed")
}

#[test]
fn what_was_appended_is_read_in_order_from_memory_and_after_a_restart() {
    let directory = test_directory();
    let (spool, _) = open(&directory);
    let wanted: Vec<String> = (0..40).map(|n| format!("/{n}")).collect();
    let sequences: Vec<u64> = wanted.iter().map(|value| append(&spool, value)).collect();
    assert_eq!(sequences, (1..=40).collect::<Vec<u64>>());
    assert_eq!(values(&spool, 0), wanted);
    assert!(files_of(&directory).len() > 1);
    let (again, recovered) = open(&directory);
    assert_eq!((values(&again, 0), recovered.batches, recovered.cut_bytes), (wanted, 40, 0));
    assert_eq!(recovered.remembered.len(), 40);
    assert_eq!(append(&again, "/new"), 41);
    assert_eq!(values(&again, 39), ["/39", "/new"]);
}

#[test]
fn a_segment_is_read_from_any_batch_on_while_the_next_record_is_being_written() {
    let directory = test_directory();
    let limits = SpoolLimits { segment: 1 << 20, ..LIMITS };
    let (spool, _) = Spool::open(directory.path(), limits, 0).expect("opens");
    let wanted: Vec<String> = (0..40).map(|n| "/".repeat(1 + 37 * n)).collect();
    wanted.iter().for_each(|value| assert!(append(&spool, value) > 0));
    let (again, _) = Spool::open(directory.path(), limits, 0).expect("opens");
    let [file] = &files_of(&directory)[..] else { panic!("one segment") };
    let (cells, crossings) = (vec![cell("/41")], Crossings::default());
    let next = record(&Batch { sequence: 41, cells, crossings, remembered: Vec::new() });
    for length in [0, 5, 8, 12, next.len() - 1] {
        let whole = fs::read(file).expect("read");
        fs::write(file, [&whole[..], &next[..length]].concat()).expect("written");
        for after in 0..=40 {
            assert_eq!(values(&again, after), wanted[after as usize..], "after {after}, {length} bytes of the next");
        }
        fs::write(file, whole).expect("written");
    }
}

#[test]
fn confirmed_batches_leave_no_byte_behind() {
    let directory = test_directory();
    let (spool, _) = open(&directory);
    for _ in 0..40 {
        append(&spool, "/private");
    }
    spool.release(39).expect("released");
    assert_eq!(values(&spool, 39), ["/private"]);
    spool.release(40).expect("released");
    assert_eq!((files_of(&directory), spool.bytes()), (Vec::new(), 0));
    assert_eq!(append(&spool, "/next"), 41);
}

#[test]
fn sequences_go_on_above_what_was_ever_confirmed() {
    let directory = test_directory();
    let (spool, _) = Spool::open(directory.path(), LIMITS, 100).expect("opens");
    assert_eq!(append(&spool, "/"), 101);
}

#[test]
fn a_torn_tail_is_cut_at_every_byte_and_nothing_else() {
    let directory = test_directory();
    let (spool, _) = open(&directory);
    append(&spool, "/kept");
    let kept = spool.bytes();
    append(&spool, "/torn");
    let path = files_of(&directory).remove(0);
    let whole = fs::read(&path).expect("read");
    for length in usize::try_from(kept).expect("small") + 1..whole.len() {
        fs::write(&path, &whole[..length]).expect("written");
        let (again, recovered) = open(&directory);
        assert_eq!((values(&again, 0), recovered.cut_bytes), (vec!["/kept".to_owned()], length as u64 - kept));
        assert_eq!(fs::metadata(&path).expect("exists").len(), kept);
    }
}

#[test]
fn a_tail_of_zeros_is_a_torn_tail() {
    let directory = test_directory();
    let (spool, _) = open(&directory);
    append(&spool, "/a");
    let newest = files_of(&directory).pop().expect("a segment");
    let whole = fs::read(&newest).expect("read");
    fs::write(&newest, [whole.as_slice(), &[0; 4096]].concat()).expect("written");
    let (again, recovered) = open(&directory);
    assert_eq!((recovered.batches, recovered.cut_bytes, recovered.damaged), (1, 4096, 0));
    assert_eq!((values(&again, 0), fs::read(&newest).expect("read")), (vec!["/a".to_owned()], whole));
}

#[test]
fn a_damaged_record_in_the_middle_is_counted_and_skipped() {
    let directory = test_directory();
    let (spool, _) = open(&directory);
    for value in ["/a", "/b", "/c"] {
        append(&spool, value);
    }
    let path = files_of(&directory).remove(0);
    let mut bytes = fs::read(&path).expect("read");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).expect("written");
    let (again, recovered) = open(&directory);
    assert_eq!((values(&again, 0), recovered.damaged), (vec!["/a".to_owned(), "/c".to_owned()], 1));
}

#[test]
fn whatever_bit_of_a_record_is_damaged_costs_it_alone() {
    let directory = test_directory();
    let (spool, _) = open(&directory);
    for value in ["/a", "/b", "/c"] {
        append(&spool, value);
    }
    let path = files_of(&directory).pop().expect("a segment");
    let whole = fs::read(&path).expect("read");
    drop(spool);
    let length = |at: usize| 8 + u32::from_le_bytes(whole[at..at + 4].try_into().expect("four bytes")) as usize;
    let second = HEADER.len() + length(HEADER.len());
    for at in second..second + length(second) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        fs::write(&path, &bytes).expect("written");
        let (mut again, recovered) = open(&directory);
        let left = || vec!["/a".to_owned(), "/c".to_owned()];
        assert_eq!((values(&again, 0), recovered.damaged, recovered.cut_bytes), (left(), 1, 0), "byte {at}");
        append(&again, "/d");
        again = open(&directory).0;
        assert_eq!(values(&again, 2), ["/c", "/d"], "byte {at}");
        files_of(&directory).into_iter().filter(|of| *of != path).for_each(|of| fs::remove_file(of).expect("removed"));
    }
}

#[test]
fn a_full_spool_says_so() {
    let directory = test_directory();
    let limits = SpoolLimits { total: 100, segment: 1 << 20 };
    let (spool, _) = Spool::open(directory.path(), limits, 0).expect("opens");
    assert!(!spool.is_full());
    append(&spool, "/");
    append(&spool, "/");
    assert!(spool.is_full());
    spool.release(2).expect("released");
    assert!(!spool.is_full());
}

/// What the power took with it between the making of a file and its first sync.
#[test]
fn a_segment_that_was_just_begun_is_cut_and_begun_anew() {
    let headers: [&[u8]; 5] = [&[], &HEADER[..1], &HEADER[..7], &[0; 8], &[0; 4096]];
    for header in headers {
        let directory = test_directory();
        let (spool, _) = open(&directory);
        append(&spool, "/kept");
        let begun = directory.path().join(format!("{:020}.spool", 2));
        fs::write(&begun, header).expect("written");
        let (again, recovered) = open(&directory);
        let found = (recovered.batches, recovered.cut_bytes, recovered.damaged);
        assert_eq!((found, values(&again, 0)), ((1, header.len() as u64, 0), vec!["/kept".to_owned()]));
        assert_eq!((append(&again, "/next"), files_of(&directory).pop()), (2, Some(begun)));
        let (again, recovered) = open(&directory);
        assert_eq!((values(&again, 0), recovered.cut_bytes), (vec!["/kept".to_owned(), "/next".to_owned()], 0));
    }
}

#[test]
fn an_older_segment_of_nothing_but_zeros_is_a_loss_that_stops_the_start() {
    let directory = test_directory();
    let (spool, _) = open(&directory);
    append(&spool, "/lost");
    spool.end_segment();
    append(&spool, "/kept");
    let [lost, _] = &files_of(&directory)[..] else { panic!("two segments") };
    fs::write(lost, [0; 300]).expect("written");
    let refused = Spool::open(directory.path(), LIMITS, 0).err().expect("refused").to_string();
    assert!(refused.contains("00000000000000000001.spool: not a spool segment"), "{refused}");
    assert_eq!(fs::read(lost).expect("it is still there"), [0; 300]);
}

#[test]
fn a_segment_of_another_version_is_refused_and_left_alone() {
    let directory = test_directory();
    let path = directory.path().join("00000000000000000001.spool");
    fs::write(&path, b"HCSPOOL9rest").expect("written");
    let refused = Spool::open(directory.path(), LIMITS, 0).err().expect("refused").to_string();
    let wanted = "00000000000000000001.spool: it is of version 9 of the spool, this program reads version 2; \
                  start the one that wrote it, and stop that cleanly";
    assert!(refused.ends_with(wanted), "{refused}");
    assert_eq!(fs::read(&path).expect("it is still there"), b"HCSPOOL9rest");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn any_cells_come_back(batches in proptest::collection::vec(proptest::collection::vec(any_cell(), 1..4), 1..6)) {
        let directory = test_directory();
        let (spool, _) = open(&directory);
        for cells in &batches {
            spool.append(&mut Batch { sequence: 0, cells: cells.clone(), crossings: Crossings::default(), remembered: Vec::new() }).expect("appended");
        }
        let (again, _) = open(&directory);
        let mut read_so_far = 0;
        let mut read = Vec::new();
        let mut found = true;
        // One after the other: reading ends when there is enough.
        while std::mem::take(&mut found) {
            let mut take = |batch: &Batch| {
                read.push(batch.cells.clone());
                found = true;
                false
            };
            let after = batches.len().min(read_so_far);
            again.read(after as u64, None, &mut take).expect("read");
            read_so_far = read.len();
        }
        prop_assert_eq!(read, batches);
    }
}

#[test]
fn an_ended_segment_vanishes_although_others_wait_behind_it() {
    let directory = test_directory();
    let limits = SpoolLimits { total: 1 << 20, segment: 1 << 16 };
    let (spool, _) = Spool::open(directory.path(), limits, 0).expect("opens");
    append(&spool, "/before");
    spool.end_segment();
    append(&spool, "/after");
    assert_eq!(files_of(&directory).len(), 2);
    spool.release(1).expect("released");
    assert_eq!((files_of(&directory).len(), values(&spool, 1)), (1, vec!["/after".to_owned()]));
}
