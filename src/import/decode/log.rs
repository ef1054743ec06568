//! What all access logs have in common: one request, and whether it was somebody's look at a page. Called by the decoders of
//! access logs.

use crate::import::event::{Client, Event};
use crate::import::skip::Skip;

/// Endings of files that are no pages, sorted.
const ASSETS: [&str; 65] = [
    "7z",
    "aac",
    "apk",
    "atom",
    "avi",
    "avif",
    "bmp",
    "br",
    "bz2",
    "cjs",
    "css",
    "csv",
    "cur",
    "deb",
    "dmg",
    "eot",
    "exe",
    "flac",
    "gif",
    "gz",
    "heic",
    "ico",
    "iso",
    "jar",
    "jpeg",
    "jpg",
    "js",
    "json",
    "jxl",
    "m3u8",
    "m4a",
    "m4v",
    "map",
    "mjs",
    "mov",
    "mp3",
    "mp4",
    "mpd",
    "msi",
    "oga",
    "ogg",
    "ogv",
    "otf",
    "pdf",
    "png",
    "rar",
    "rpm",
    "rss",
    "svg",
    "tar",
    "tgz",
    "tif",
    "tiff",
    "ttf",
    "txt",
    "wasm",
    "wav",
    "webm",
    "webmanifest",
    "webp",
    "woff",
    "woff2",
    "xml",
    "xz",
    "zip",
];
/// Folders and files browsers and programs ask for by themselves.
const UNASKED: [&str; 2] = ["/.well-known/", "/cdn-cgi/"];

/// One request as a log tells it. Empty texts and `-` are not told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request<'a> {
    /// The client's address.
    pub address: &'a str,
    /// Seconds since 1970.
    pub moment: i64,
    /// The method.
    pub method: &'a str,
    /// Path and query, or a whole address.
    pub uri: &'a str,
    /// The answer's status.
    pub status: &'a str,
    /// The referring page.
    pub referrer: &'a str,
    /// The user agent.
    pub agent: &'a str,
    /// The host of the page.
    pub host: &'a str,
    /// `Accept-Language`.
    pub language: &'a str,
}

impl Request<'_> {
    /// The page view, if it was one: a GET that was answered with 200 or 304, by a client that says what it is, of something
    /// that does not look like a file.
    ///
    /// # Errors
    /// Why it was none.
    pub fn page_view(&self, host: &str) -> Result<Vec<Event>, Skip> {
        if !self.method.eq_ignore_ascii_case("GET") {
            return Err(Skip::Method);
        }
        if !matches!(self.status, "200" | "304") {
            return Err(Skip::Status);
        }
        if is_asset(self.uri) {
            return Err(Skip::Asset);
        }
        let agent = told(self.agent);
        if agent.is_empty() {
            return Err(Skip::NoAgent);
        }
        let host = Some(told(self.host)).filter(|host| !host.is_empty()).unwrap_or(host);
        let client = Client {
            address: address(self.address).to_owned(),
            user_agent: agent.to_owned(),
            language: told(self.language).to_owned(),
            known: None,
        };
        let event = Event {
            url: url(host, self.uri),
            referrer: told(self.referrer).to_owned(),
            occurred_at: self.moment,
            client,
            ..Event::default()
        };
        Ok(vec![event])
    }
}

/// A text that logs write as a dash when there is none.
pub fn told(text: &str) -> &str {
    if text == "-" { "" } else { text }
}

/// An address without the port some logs add.
fn address(text: &str) -> &str {
    let text = told(text);
    if let Some(inside) = text.strip_prefix('[') {
        return inside.split(']').next().unwrap_or_default();
    }
    match text.split_once(':') {
        Some((address, port)) if !port.contains(':') => address,
        _ => text,
    }
}

/// The address of the page. Without a host it is a path.
fn url(host: &str, uri: &str) -> String {
    if host.is_empty() || !uri.starts_with('/') {
        return uri.to_owned();
    }
    format!("https://{host}{uri}")
}

/// Whether a request was for a file and not for a page.
fn is_asset(uri: &str) -> bool {
    let path = uri.split(['?', '#']).next().unwrap_or_default();
    if UNASKED.iter().any(|folder| path.starts_with(folder)) {
        return true;
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    let Some((_, ending)) = name.rsplit_once('.') else { return false };
    let ending = ending.to_ascii_lowercase();
    ASSETS.binary_search(&ending.as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_from_pages() {
        assert!(ASSETS.is_sorted());
        let pages = ["/", "/a/b", "/v1.2/notes", "/index.html", "/a.php?x=/b.png", "/feed/", "https://a.test/x"];
        let files = ["/a.css", "/A/B.PNG?v=1", "/robots.txt", "/.well-known/x", "/sitemap.xml", "/f.zip#x"];
        assert_eq!(pages.map(is_asset), [false; 7]);
        assert_eq!(files.map(is_asset), [true; 6]);
    }

    #[test]
    fn only_a_look_at_a_page_becomes_an_event() {
        let seen = Request { method: "GET", uri: "/a?b", status: "200", agent: "B/1", ..Request::default() };
        let outcome = |request: Request<'_>| request.page_view("a.test").map(|events| events[0].url.clone());
        assert_eq!(outcome(seen.clone()), Ok("https://a.test/a?b".to_owned()));
        assert_eq!(outcome(Request { status: "304", host: "b.test", ..seen.clone() }), Ok("https://b.test/a?b".into()));
        assert_eq!(outcome(Request { method: "HEAD", ..seen.clone() }), Err(Skip::Method));
        assert_eq!(outcome(Request { status: "301", ..seen.clone() }), Err(Skip::Status));
        assert_eq!(outcome(Request { uri: "/a.js", ..seen.clone() }), Err(Skip::Asset));
        assert_eq!(outcome(Request { agent: "-", ..seen.clone() }), Err(Skip::NoAgent));
    }

    #[test]
    fn ports_are_no_part_of_an_address() {
        let told = ["192.0.2.1", "192.0.2.1:80", "[2001:db8::1]:80", "2001:db8::1", "-"].map(address);
        assert_eq!(told, ["192.0.2.1", "192.0.2.1", "2001:db8::1", "2001:db8::1", ""]);
    }
}
