//! A segment of the spool, as a crash or a bad disk may leave it.
#![no_main]

use headcount::deliver::spool::segment;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut sequences = Vec::new();
    let Ok(scan) = segment::walk(bytes, 1, 0, &mut |batch| sequences.push(batch.sequence)) else { return };
    assert_eq!(scan.bytes + scan.torn, bytes.len() as u64);
    assert!(sequences.is_sorted_by(|a, b| a < b));
    // What is left after the cut holds the same batches. (A damaged record that came to stand last is cut as well.)
    let kept = &bytes[..scan.bytes as usize];
    let mut again = Vec::new();
    let after = segment::walk(kept, 1, 0, &mut |batch| again.push(batch.sequence));
    assert!(after.is_ok() && again == sequences);
});
