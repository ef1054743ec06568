//! The routes of other products' clients, as recorded from them: what is sent is counted once, under its name, also when it
//! is sent again; and the answer is what that client waits for.

#[path = "compat/apps.rs"]
mod apps;
#[path = "compat/bad.rs"]
mod bad;
#[path = "compat/batches.rs"]
mod batches;
#[path = "compat/every.rs"]
mod every;
#[path = "compat/hostile.rs"]
mod hostile;
#[path = "compat/pages.rs"]
mod pages;

use std::io::Write as _;

use crate::ordinary;
use crate::site::Site;
use crate::support::http::Answer;
use crate::support::server::{BROWSER, noon_zone};

/// A browser's headers.
const PAGE: [(&str, &str); 2] = [("User-Agent", BROWSER), ("Origin", "https://a.test")];

/// A site that accepts a token.
fn accepting(id: &str, token: &str) -> Site {
    Site::with(ordinary(), id, &["--timezone", &noon_zone(), "--accept", token])
}

fn send(method: &str, path: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Answer {
    ordinary().send(method, path, headers, body.as_ref())
}

/// Posts, and tells status and body.
fn post(path: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> (u16, String) {
    let answer = send("POST", path, headers, body);
    (answer.status, answer.text())
}

fn told(status: u16, body: &str) -> (u16, String) {
    (status, body.to_owned())
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

/// `name visitors/pageviews/events` of each row, sorted.
fn rows(site: &Site, dimension: &str) -> Vec<String> {
    let row =
        |(name, [visitors, pageviews, events]): (String, [u64; 3])| format!("{name} {visitors}/{pageviews}/{events}");
    let mut rows: Vec<String> = site.rows(dimension).into_iter().map(row).collect();
    rows.sort();
    rows
}

/// An answer that a page of another origin may read, with its credentials.
fn is_open(answer: &Answer) -> bool {
    answer.header("access-control-allow-origin") == Some("https://a.test")
        && answer.header("access-control-allow-credentials") == Some("true")
        && answer.header("tk") == Some("N")
}
