//! The body of `POST /v1/events`, unpacked.
#![no_main]

use headcount::ingest::decode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let Ok((batch, events)) = decode::batch(body) else { return };
    assert!(events.len() <= 2_000 && batch.batch_id.len() <= 128 && !batch.site.is_empty());
    let _ = events.into_iter().filter_map(decode::entry).count();
});
