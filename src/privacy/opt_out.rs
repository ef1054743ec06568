//! P1: who asks not to be counted is not looked at. `ingest` calls this before address or user agent is read.

use http::header::DNT;
use http::{HeaderMap, HeaderName};

// Made once: a name looked for as text is read again for every hit.
static SEC_GPC: HeaderName = HeaderName::from_static("sec-gpc");

/// Whether the request carries `DNT: 1` or `Sec-GPC: 1`.
///
/// Sources: W3C Tracking Preference Expression 5.2 (the first character of `DNT` decides),
/// Global Privacy Control 3.1 (`Sec-GPC` is `1` or absent).
pub fn asked(headers: &HeaderMap) -> bool {
    let starts_with_one =
        |name: &HeaderName| headers.get(name).is_some_and(|value| value.as_bytes().first() == Some(&b'1'));
    starts_with_one(&DNT) || starts_with_one(&SEC_GPC)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(name: &'static str, value: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().expect("a header value"));
        asked(&headers)
    }

    #[test]
    fn only_an_expressed_wish_counts() {
        assert_eq!(
            [("dnt", "1"), ("sec-gpc", "1"), ("dnt", "0"), ("sec-gpc", "0"), ("dnt", ""), ("x-dnt", "1")]
                .map(|(n, v)| verdict(n, v)),
            [true, true, false, false, false, false]
        );
    }
}
