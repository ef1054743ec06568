//! The body of `POST /v1/counts`, unpacked.
#![no_main]

use headcount::ingest::decode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let Ok((batch, counts)) = decode::counts(body) else { return };
    assert!(counts.len() <= 2_000 && batch.batch_id.len() <= 128 && !batch.site.is_empty());
    for hit in counts.into_iter().filter_map(decode::entry) {
        assert!(hit.counter.is_some_and(|counter| (1..=1_000_000).contains(&counter.n)));
    }
});
