//! The query of `GET /p.gif` and `GET /n.gif` as a hit.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::hit::Hit;

/// The hit a pixel's query stands for. Without `url` the `Referer` of the request is the page. Never fails: what
/// is not understood is left out, since an image cannot tell anybody.
pub fn hit<'a>(query: &'a str, referer: &'a str) -> Hit<'a> {
    let mut hit = Hit::default();
    for (key, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        match key {
            "site" => hit.site = unescape(value),
            "url" => hit.url = unescape(value),
            "ref" => hit.referrer = unescape(value),
            "name" => hit.name = unescape(value),
            "w" => hit.w = value.parse().ok(),
            _ => {}
        }
    }
    if hit.url.is_empty() {
        hit.url = Cow::Borrowed(referer);
    }
    hit
}

/// A value of a query: `+` is a space, `%XX` a byte, bytes that are not UTF-8 become U+FFFD.
pub(super) fn unescape(value: &str) -> Cow<'_, str> {
    if !value.contains('+') {
        return percent_decode_str(value).decode_utf8_lossy();
    }
    let spaced = value.replace('+', " ");
    Cow::Owned(percent_decode_str(&spaced).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_query_is_a_hit() {
        let hit = hit(
            "site=demo&url=https%3A%2F%2Fa.test%2Fx+y&ref=https://b.test/&name=sign%20up&w=390&z=1",
            "https://c.test/",
        );
        assert_eq!(
            (hit.site.as_ref(), hit.url.as_ref(), hit.referrer.as_ref(), hit.name.as_ref(), hit.w),
            ("demo", "https://a.test/x y", "https://b.test/", "sign up", Some(390.0))
        );
    }

    #[test]
    fn without_url_the_referer_is_the_page() {
        assert_eq!(hit("site=demo", "https://c.test/p").url, "https://c.test/p");
    }

    proptest! {
        #[test]
        fn any_query_is_a_hit(query in "\\PC{0,80}") {
            let _ = hit(&query, "");
        }
    }
}
