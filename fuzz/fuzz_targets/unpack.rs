//! Packed bodies: the first byte chooses the encoding.
#![no_main]

use headcount::http::body::{self, BodyMemory};
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, HeaderValue};
use libfuzzer_sys::fuzz_target;

const LIMIT: usize = 100_000;

fuzz_target!(|input: &[u8]| {
    let Some((first, packed)) = input.split_first() else { return };
    let encoding = ["gzip", "br", "zstd", "identity"][usize::from(first % 4)];
    let headers = HeaderMap::from_iter([(CONTENT_ENCODING, HeaderValue::from_static(encoding))]);
    let unpacked = body::unpack(&headers, packed.to_vec().into(), LIMIT, &mut BodyMemory::default().hold());
    assert!(encoding == "identity" || unpacked.map_or(0, |body| body.len()) <= LIMIT);
});
