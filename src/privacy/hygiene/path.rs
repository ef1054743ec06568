//! The hygiene of paths. Segments are judged decoded and written in one canonical spelling, so that no spelling of a secret slips
//! through and one page has one name. Called by [`super`].

use std::borrow::Cow;

use super::glance::{Glance, glance};
use super::link::first_of;
use super::{head, is_noise, shape};

/// Longest path, in bytes. Segments that do not fit are left out.
pub const PATH_MAX: usize = 512;
/// No more of a path than this is read.
const READ_MAX: usize = 4_096;
/// A segment longer than this, in canonical spelling, is a `:token`.
const SEGMENT_MAX: usize = 200;

/// Cleans a path: query, fragment and matrix parameters go, however their signs are encoded, repeated slashes go, control characters become `U+FFFD`,
/// segments that look like personal data become `:id`, `:email`, `:uuid`, `:token`, `:date`, `:number` or `:ip`, at most
/// [`PATH_MAX`] bytes. Always begins with a slash.
///
/// ```
/// # use headcount::privacy::hygiene::clean_path;
/// assert_eq!(clean_path("/users/jane@example.org/?q=1"), "/users/:email/");
/// ```
pub fn clean_path(path: &str) -> Cow<'_, str> {
    let canonical = path.starts_with('/') && path.len() <= SEGMENT_MAX;
    let kept = canonical
        && match glance(path) {
            Glance::Clean => true,
            Glance::Judge => !is_suspicious(path),
            Glance::Rewrite => false,
        };
    if kept { Cow::Borrowed(path) } else { Cow::Owned(rewrite(path)) }
}

/// Whether a segment of a path in canonical spelling is to be replaced.
fn is_suspicious(path: &str) -> bool {
    let mut before = "";
    path.split('/').any(|segment| {
        let suspicious = glance(segment) != Glance::Clean && shape::segment(segment, before).is_some();
        before = segment;
        suspicious
    })
}

fn rewrite(path: &str) -> String {
    let path = &path[..first_of(path, b"?#")];
    let (path, was_cut) = readable(path);
    let mut out = String::with_capacity(path.len().min(PATH_MAX) + 1);
    let mut segments = path.split('/').peekable();
    let mut before = String::new();
    while let Some(segment) = segments.next() {
        if was_cut && segments.peek().is_none() {
            break;
        }
        let (segment, is_last) = without_parameters(canonical(segment));
        if segment.is_empty() {
            if is_last {
                break;
            }
            continue;
        }
        let label = judge(&segment, &before);
        let written = label.unwrap_or(&segment);
        if out.len() + 1 + written.len() > PATH_MAX {
            break;
        }
        out.push('/');
        out.push_str(written);
        if is_last {
            break;
        }
        before = segment;
    }
    // `/blog` and `/blog/` may be two pages; who has both as one redirects the one to the other.
    let ends_so = path.ends_with('/') && !was_cut && segments.peek().is_none();
    if out.is_empty() || (ends_so && out.len() < PATH_MAX) {
        out.push('/');
    }
    out
}

/// The beginning of a path that is worth reading, and whether that is not all of it.
fn readable(path: &str) -> (&str, bool) {
    let read = head(path, READ_MAX);
    (read, read.len() < path.len())
}

/// A canonical segment without `;jsessionid=…` and without a query, and whether a query began in it. The signs that begin them
/// may be encoded, also several times over; some show only in canonical spelling.
fn without_parameters(mut segment: String) -> (String, bool) {
    let query = first_of(&segment, b"?#");
    let is_last = query < segment.len();
    segment.truncate(query);
    segment.truncate(first_of(&segment, b";"));
    (segment, is_last)
}

/// What a segment is replaced by. It is judged as it is and decoded, also when encoded several times over.
fn judge(segment: &str, before: &str) -> Option<&'static str> {
    if segment.len() > SEGMENT_MAX {
        return Some(":token");
    }
    let mut text = Cow::Borrowed(segment);
    for _ in 0..4 {
        if let Some(label) = shape::segment(&text, before) {
            return Some(label);
        }
        if !text.contains('%') {
            return None;
        }
        let decoded = percent_encoding::percent_decode_str(&text).decode_utf8_lossy().into_owned();
        if decoded == *text {
            return None;
        }
        text = Cow::Owned(decoded);
    }
    // Encoded more than three times: nobody does that by accident.
    Some(":token")
}

/// One spelling for each segment: letters, digits, `-._~@` and printable characters beyond ASCII are written plainly, everything
/// else that was encoded stays encoded in upper case, noise and bad UTF-8 become `U+FFFD`.
fn canonical(segment: &str) -> String {
    let mut out = String::with_capacity(segment.len());
    let mut rest = segment;
    while let Some(c) = rest.chars().next() {
        if c != '%' {
            put(c, false, &mut out);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let run = encoded_run(rest);
        if run == 0 {
            out.push_str("%25");
            rest = &rest[1..];
            continue;
        }
        for c in percent_encoding::percent_decode_str(&rest[..run]).decode_utf8_lossy().chars() {
            put(c, true, &mut out);
        }
        rest = &rest[run..];
    }
    out
}

fn put(c: char, was_encoded: bool, out: &mut String) {
    match c {
        c if is_noise(c) => out.push('\u{fffd}'),
        c if c.is_whitespace() => out.push_str("%20"),
        c if !c.is_ascii() || c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~' | '@') => out.push(c),
        c if was_encoded => {
            const HEX: &[u8; 16] = b"0123456789ABCDEF";
            out.push('%');
            out.push(char::from(HEX[(c as usize >> 4) & 15]));
            out.push(char::from(HEX[c as usize & 15]));
        }
        c => out.push(c),
    }
}

/// How many bytes of `%XX` after `%XX` a text begins with.
fn encoded_run(text: &str) -> usize {
    let triples = text.as_bytes().chunks_exact(3);
    3 * triples.take_while(|t| t[0] == b'%' && t[1].is_ascii_hexdigit() && t[2].is_ascii_hexdigit()).count()
}
