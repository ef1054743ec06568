//! `X-Forwarded-For` and `Forwarded`, one header a line; a line that begins with `f` is `Forwarded`.
#![no_main]

use headcount::http::client_ip::{Peer, TrustedProxies};
use http::header::{FORWARDED, HeaderName, HeaderValue};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let networks = ["127.0.0.0/8", "10.0.0.0/8", "fd00::/8"].map(|network| network.parse());
    let proxies = TrustedProxies::new(networks.into_iter().filter_map(Result::ok).collect());
    let header = |line: &[u8]| {
        let (name, value) = match line.strip_prefix(b"f") {
            Some(value) => (FORWARDED, value),
            None => (HeaderName::from_static("x-forwarded-for"), line),
        };
        Some((name, HeaderValue::from_bytes(value).ok()?))
    };
    let mut headers = http::HeaderMap::new();
    for (name, value) in input.split(|byte| *byte == b'\n').filter_map(header) {
        headers.append(name, value);
    }
    let peer = Peer::new(([127, 0, 0, 1], 1).into());
    let _ = proxies.client(peer, &headers).cut();
});
