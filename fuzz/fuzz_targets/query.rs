//! The body of `POST /api/v2/query`.
#![no_main]

use headcount::stats::Query;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let _ = Query::parse(body);
});
