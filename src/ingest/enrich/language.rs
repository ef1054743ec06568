//! The language a client prefers, without the region, which would help to tell people apart. Called by `ingest`.

use std::borrow::Cow;

/// The primary subtag (`de`, `fil`) of the first language of an `Accept-Language` header or of a locale (`de-AT`, `de_AT.UTF-8`),
/// in lower case. `None` when it has not two or three letters, as in `*` or `C`.
pub fn primary(preference: &str) -> Option<Cow<'_, str>> {
    let first = preference.trim_start().split([',', ';', '-', '_', '.', '@', ' ']).next()?;
    let letters = first.bytes().all(|c| c.is_ascii_alphabetic());
    if !letters || !(2..=3).contains(&first.len()) {
        return None;
    }
    let lower = first.bytes().all(|c| c.is_ascii_lowercase());
    Some(if lower { Cow::Borrowed(first) } else { Cow::Owned(first.to_ascii_lowercase()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_and_locales() {
        let table = [
            ("de-AT,de;q=0.9,en;q=0.8", Some("de")),
            (" en", Some("en")),
            ("FIL-PH", Some("fil")),
            ("de_AT.UTF-8", Some("de")),
            ("zh-Hant-TW", Some("zh")),
            ("*", None),
            ("C", None),
            ("", None),
            ("english", None),
            ("d3-AT", None),
            ("дe", None),
        ];
        assert_eq!(
            table.map(|(text, _)| primary(text).map(Cow::into_owned)),
            table.map(|(_, want)| want.map(str::to_owned))
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_two_or_three_letters_or_nothing(text: String) {
            let language = primary(&text);
            proptest::prop_assert!(language.is_none_or(|l| (2..=3).contains(&l.len()) && l.bytes().all(|c| c.is_ascii_lowercase())));
        }
    }
}
