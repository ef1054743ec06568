//! Requests of other products' clients: the first byte says of which form, the second how much of the rest is the query.
#![no_main]

use headcount::ingest::compat::{self, Form, Request};
use http::HeaderMap;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let [which, length, rest @ ..] = bytes else { return };
    let (query, body) = rest.split_at(usize::from(*length).min(rest.len()));
    let query = String::from_utf8_lossy(query);
    let form = Form::ALL[usize::from(*which) % Form::ALL.len()].seen(&query, body);
    let headers =
        HeaderMap::from_iter([(http::HeaderName::from_static("app-key"), http::HeaderValue::from_static("k"))]);
    let request = Request { form, path_token: "", query: &query, headers: &headers, body, now: 1_795_262_400 };
    if let Ok(events) = compat::decode(&request) {
        assert!(events.len() <= 2_000);
    }
});
