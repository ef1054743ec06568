//! Takes a URL apart by hand: a general URL parser costs eight times as much and builds what we throw away. Called by `ingest` and
//! [`super::source`]. Cleans nothing; see `privacy::hygiene`.

/// The parts of a URL, borrowed from it. Nothing is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageUrl<'a> {
    /// Host with neither user nor port, as spelled. `None` when the URL is a path alone.
    pub host: Option<&'a str>,
    /// Path; `/` when the URL has none.
    pub path: &'a str,
    /// What follows the question mark, without it; empty when there is none.
    pub query: &'a str,
    /// What follows the hash, without it; empty when there is none.
    pub fragment: &'a str,
}

/// Splits an absolute URL with a host (`https://host/path?query#fragment`, any scheme), a URL without scheme (`//host/path`) or a
/// path (`/path?query`). `None` for anything else, such as `data:`, `about:blank` and bare words.
///
/// ```
/// # use headcount::ingest::enrich::page::split;
/// let page = split("https://example.org:8443/blog?utm_source=x#top").unwrap();
/// assert_eq!((page.host, page.path, page.query), (Some("example.org"), "/blog", "utm_source=x"));
/// ```
pub fn split(url: &str) -> Option<PageUrl<'_>> {
    let url = url.trim();
    let end = url.bytes().position(|c| matches!(c, b'?' | b'#')).unwrap_or(url.len());
    let (before_query, rest) = url.split_at(end);
    let (query, fragment) = cut(rest, b'#').unwrap_or((rest, ""));
    let query = query.strip_prefix('?').unwrap_or("");
    let Some(rest) = after_scheme(before_query) else {
        return before_query.starts_with('/').then_some(PageUrl { host: None, path: before_query, query, fragment });
    };
    let slash = rest.bytes().position(|c| c == b'/');
    let (authority, path) = slash.map_or((rest, "/"), |slash| rest.split_at(slash));
    let host = host_of(authority);
    (!host.is_empty()).then_some(PageUrl { host: Some(host), path, query, fragment })
}

/// What stands before the first of an ASCII sign, and behind it. Addresses are short: a plain loop over their bytes is
/// quicker than a search that is made ready first.
fn cut(text: &str, sign: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|c| c == sign)?;
    Some((&text[..at], &text[at + 1..]))
}

/// What follows `scheme://` or a leading `//`.
fn after_scheme(url: &str) -> Option<&str> {
    let letter = |c: &u8| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'-' | b'.');
    let scheme = url.bytes().take_while(letter).count();
    if scheme == 0 {
        return url.strip_prefix("//");
    }
    let begins_well = url.as_bytes()[0].is_ascii_alphabetic() && scheme <= 32;
    url[scheme..].strip_prefix("://").filter(|_| begins_well)
}

/// The authority without `user:password@` and `:port`; an IPv6 address keeps its brackets.
fn host_of(authority: &str) -> &str {
    let host = authority.bytes().rposition(|c| c == b'@').map_or(authority, |at| &authority[at + 1..]);
    if host.starts_with('[') {
        return host.find(']').map_or("", |end| &host[..=end]);
    }
    cut(host, b':').map_or(host, |(host, _)| host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page<'a>(
        host: impl Into<Option<&'a str>>,
        path: &'a str,
        query: &'a str,
        fragment: &'a str,
    ) -> Option<PageUrl<'a>> {
        Some(PageUrl { host: host.into(), path, query, fragment })
    }

    #[test]
    fn urls() {
        let table = [
            ("https://example.org", page("example.org", "/", "", "")),
            ("https://example.org/", page("example.org", "/", "", "")),
            ("https://example.org?a=1", page("example.org", "/", "a=1", "")),
            ("https://example.org#a?b", page("example.org", "/", "", "a?b")),
            (" https://a:b@example.org:8443/p/q?a=/b?c#d#e ", page("example.org", "/p/q", "a=/b?c", "d#e")),
            ("http://[2001:db8::1]:80/x", page("[2001:db8::1]", "/x", "", "")),
            ("//example.org/x", page("example.org", "/x", "", "")),
            ("/x?y=https://z.example", page(None, "/x", "y=https://z.example", "")),
            ("android-app://com.example.app/", page("com.example.app", "/", "", "")),
            ("file:///etc/passwd", None),
            ("https://", None),
            ("https://[", None),
            ("about:blank", None),
            ("data:text/html,x", None),
            ("word", None),
            ("", None),
            ("ht tp://x/", None),
        ];
        for (url, parts) in table {
            assert_eq!(split(url), parts, "{url}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_splits_into_parts_of_itself(url in "[a-z]{0,5}(://|//|:)?[ -~é]{0,60}") {
            if let Some(page) = split(&url) {
                proptest::prop_assert!(page.path.starts_with('/'));
                proptest::prop_assert!(!page.path.contains(['?', '#']) && !page.query.contains('#'));
                proptest::prop_assert!(page.host.is_none_or(|host| url.contains(host) && !host.contains(['/', '@'])));
            }
        }
    }
}
