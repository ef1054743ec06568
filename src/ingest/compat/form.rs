//! Queries and forms of other products' clients, and the `data=` that some of them put JSON into: plain, percent-encoded or
//! base64. Called by the decoders of this folder.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::ingest::decode::DecodeError;
use crate::ingest::pixel::unescape;
use crate::ingest::reason::Rejected;

/// Parameters of one request at the most; further ones are not read.
const MAX_PARAMETERS: usize = 500;
/// Clients leave the padding out, and cut the last bits as they like.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);
/// What would end a value of a query.
const IN_QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'&').add(b'+').add(b'=').add(b'?');

/// Parameters in the order they came, decoded.
#[derive(Default)]
pub struct Params<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Params<'a> {
    /// The parameters of a query or form.
    pub fn of(query: &'a str) -> Self {
        let query = query.strip_prefix('?').unwrap_or(query);
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).take(MAX_PARAMETERS);
        let parted = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        Self(parted.map(|(key, value)| (unescape(key), unescape(value))).collect())
    }

    /// The same with further ones, which go before these.
    pub fn before(self, other: Self) -> Self {
        Self(other.0.into_iter().chain(self.0).collect())
    }

    /// A parameter; empty when it is absent.
    pub fn get(&self, key: &str) -> &str {
        self.0.iter().find(|(of, _)| of == key).map_or("", |(_, value)| value)
    }

    /// A parameter as a number.
    pub fn number(&self, key: &str) -> Option<f64> {
        self.get(key).trim().parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// The first of several parameters that is not empty.
    pub fn first(&self, keys: &[&str]) -> &str {
        keys.iter().map(|key| self.get(key)).find(|value| !value.is_empty()).unwrap_or_default()
    }

    /// Every parameter.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_ref(), value.as_ref()))
    }
}

/// The value of `data` in a query or form, as it stands there.
pub fn data(form: &str) -> Option<&str> {
    form.split('&').find_map(|pair| pair.trim_start().strip_prefix("data="))
}

/// The JSON in a value of `data`. In base64 a `+` is a digit; in a form of plain JSON it is a space.
///
/// # Errors
/// Neither JSON nor base64.
pub fn json_of_data(value: &str) -> Result<Vec<u8>, DecodeError> {
    let bytes: Cow<'_, [u8]> = percent_decode_str(value.trim()).into();
    if looks_like_json(&bytes) {
        return Ok(unescape(value.trim()).into_owned().into_bytes());
    }
    unbase64(&bytes)
}

/// Decodes base64 of either alphabet, with padding or without.
///
/// # Errors
/// Not base64.
pub fn unbase64(text: &[u8]) -> Result<Vec<u8>, DecodeError> {
    let kept = text.iter().filter(|byte| !matches!(byte, b'\r' | b'\n'));
    let standard: Vec<u8> = kept
        .map(|byte| match byte {
            b'-' | b' ' => b'+',
            b'_' => b'/',
            other => *other,
        })
        .collect();
    // A space inside was a plus before somebody decoded the form; one at the end was nothing.
    LENIENT.decode(standard).map_err(|_| DecodeError::new(Rejected::BadJson, "`data` is neither JSON nor base64"))
}

/// Whether bytes begin like an object or a list.
pub fn looks_like_json(bytes: &[u8]) -> bool {
    matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// An address with campaign tags that the client sent apart from it. One that has tags of its own, or is none, stays.
pub fn with_campaign(url: &str, tags: &[(&str, &str)]) -> String {
    let (before, fragment) = url.split_once('#').map_or((url, None), |(before, fragment)| (before, Some(fragment)));
    if before.is_empty() || before.contains("utm_") || tags.iter().all(|(_, value)| value.is_empty()) {
        return url.to_owned();
    }
    let mut tagged = before.to_owned();
    for (key, value) in tags.iter().filter(|(_, value)| !value.is_empty()) {
        tagged.push(if tagged.contains('?') { '&' } else { '?' });
        tagged.push_str(key);
        tagged.push('=');
        tagged.extend(utf8_percent_encode(value, IN_QUERY));
    }
    if let Some(fragment) = fragment {
        tagged.push('#');
        tagged.push_str(fragment);
    }
    tagged
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const JSON: &str = r#"[{"a":"ü?>~"}]"#;

    #[test]
    fn data_is_read_in_every_spelling() {
        let base64 = "W3siYSI6IsO8Pz5+In1d";
        let spellings = [
            JSON.to_owned(),
            "%5B%7B%22a%22%3A%22%C3%BC%3F%3E~%22%7D%5D".to_owned(),
            base64.to_owned(),
            base64.replace('+', "%2B"),
            base64.replace('+', "-"),
            base64.replace('+', " "),
        ];
        for spelling in spellings {
            assert_eq!(json_of_data(&spelling).ok().as_deref(), Some(JSON.as_bytes()), "{spelling}");
        }
        assert_eq!(json_of_data("eyJhIjoxfQ").ok().as_deref(), Some(br#"{"a":1}"#.as_slice()));
        assert_eq!(json_of_data("%7B%22a%22%3A%22b+c%22%7D").ok().as_deref(), Some(br#"{"a":"b c"}"#.as_slice()));
        assert!(json_of_data("!!!").is_err());
        assert_eq!((data("x=1&data=W10=&y=2"), data("x=1")), (Some("W10="), None));
    }

    #[test]
    fn parameters_are_decoded_and_the_first_counts() {
        let params = Params::of("?a=1%202+3&b&c=&a=4&n=1.5").before(Params::of("d=5"));
        assert_eq!(["a", "b", "c", "d", "e"].map(|key| params.get(key)), ["1 2 3", "", "", "5", ""]);
        assert_eq!((params.number("n"), params.number("a"), params.first(&["c", "d"])), (Some(1.5), None, "5"));
    }

    #[test]
    fn tags_are_added_where_there_are_none() {
        let tags = [("utm_source", "a b&c"), ("utm_medium", "")];
        let tagged =
            ["https://a.test/x#y", "https://a.test/?q=1", "", "/p?utm_source=z"].map(|url| with_campaign(url, &tags));
        let wanted = [
            "https://a.test/x?utm_source=a%20b%26c#y",
            "https://a.test/?q=1&utm_source=a%20b%26c",
            "",
            "/p?utm_source=z",
        ];
        assert_eq!(tagged, wanted);
        assert_eq!(with_campaign("/x", &[("utm_source", "")]), "/x");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
            let _ = json_of_data(&text);
            let _ = Params::of(&text).iter().count();
            let _ = with_campaign(&text, &[("utm_source", &text)]);
        }
    }
}
