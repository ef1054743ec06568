//! The hygiene of texts that are, or may be, addresses of the web: what of them is a query goes, however it is spelled.
//! Called by the rest of [`super`] and by `ingest`.

use std::borrow::Cow;

use super::{REDACTED, clean_host, clean_name, clean_path};

/// Cleans the name of an app's screen, which may be an address: query and fragment go; of an address or a path the cleaned path
/// is left, anything else is cleaned as a name. `None` when nothing is left.
///
/// ```
/// # use headcount::privacy::hygiene::clean_screen;
/// assert_eq!(clean_screen("app://main/users/42?name=jane").as_deref(), Some("/users/:id"));
/// assert_eq!(clean_screen("Settings").as_deref(), Some("Settings"));
/// ```
pub fn clean_screen(screen: &str) -> Option<Cow<'_, str>> {
    let screen = screen[..first_of(screen, b"?#")].trim();
    if screen.contains('/') {
        return Some(clean_path(screen.split_once("://").map_or(screen, |(_, rest)| path_of(rest))));
    }
    let name = clean_name(screen)?;
    // A sign may show only when the noise within its spelling is gone.
    Some(if first_of(&name, b"?#") < name.len() { Cow::Borrowed(REDACTED) } else { name })
}

/// Host and path of a text that is an address as a whole, cleaned. `None` when it is more, or less, than that.
pub fn clean_link(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let known = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'-' | b'.');
    if !scheme.starts_with(|c: char| c.is_ascii_alphabetic()) || !scheme.bytes().all(known) {
        return None;
    }
    if rest.contains(char::is_whitespace) {
        return None;
    }
    let path = path_of(rest);
    let host = clean_host(&rest[..rest.len() - path.len()]).filter(|host| host != REDACTED)?;
    Some(format!("{host}{}", clean_path(path)))
}

/// What follows the authority.
fn path_of(rest: &str) -> &str {
    &rest[rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len())..]
}

/// Where one of some signs stands first, plainly or percent-encoded any number of times; the length of the text when none does.
pub fn first_of(text: &str, signs: &[u8]) -> usize {
    let bytes = text.as_bytes();
    let stands = |at: &usize| signs.contains(&bytes[*at]) || (bytes[*at] == b'%' && encodes(&bytes[at + 1..], signs));
    (0..bytes.len()).find(stands).unwrap_or(bytes.len())
}

/// Whether what follows a percent sign makes it one of some signs.
fn encodes(mut rest: &[u8], signs: &[u8]) -> bool {
    while let [b'2', b'5', inner @ ..] = rest {
        rest = inner;
    }
    let digit = |c: u8| char::from(c).to_digit(16);
    let [high, low, ..] = rest else { return false };
    let (Some(high), Some(low)) = (digit(*high), digit(*low)) else { return false };
    signs.iter().any(|sign| u32::from(*sign) == high * 16 + low)
}
