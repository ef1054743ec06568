//! The query of `GET /p.gif`, and its `Referer`, separated by a line break.
#![no_main]

use headcount::ingest::pixel;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let (query, referer) = input.split_once('\n').unwrap_or((input, ""));
    let _ = pixel::hit(query, referer);
});
