//! What may not leave the door in texts (rule P8): paths, hosts, names, keys and values of clients are cleaned here before
//! anything is counted. Called by `ingest`; pure functions on text, nothing is known of events. A clean text is returned as it
//! came, without an allocation. Every function is idempotent and its output is bounded.

mod address;
mod agent;
mod date;
mod fold;
mod glance;
mod key;
mod link;
mod path;
mod shape;
#[cfg(test)]
mod tests;
mod token;

use std::borrow::Cow;

use glance::{Glance, glance, is_plain};
pub use link::clean_screen;
pub use path::{PATH_MAX, clean_path};

/// What stands in place of a text that looks like personal data.
pub const REDACTED: &str = "(redacted)";
/// What the program itself counts under, where values are folded or beyond the cap: nobody else may.
const OWN_LABELS: [&str; 2] = ["(other)", "(more)"];
/// Longest name of an event, in bytes.
pub const NAME_MAX: usize = 64;
/// Longest key of a property, in bytes.
pub const KEY_MAX: usize = 32;
/// Longest value of a property or campaign tag, in bytes.
pub const VALUE_MAX: usize = 128;
/// Longest host name, in bytes (RFC 1035).
pub const HOST_MAX: usize = 253;
/// Texts longer than this are redacted unread: no name or label is that long, and reading them costs.
const READ_MAX: usize = 1_024;

/// Cleans the name of an event: control characters go, of an address of the web host and cleaned path are left, what looks like
/// personal data, is a user agent or a label of our own is [`REDACTED`], at most [`NAME_MAX`] bytes. `None` when nothing is left.
pub fn clean_name(name: &str) -> Option<Cow<'_, str>> {
    clean_text(name, NAME_MAX)
}

/// Cleans the value of a property or of a campaign tag, as [`clean_name`] does, at most [`VALUE_MAX`] bytes.
pub fn clean_value(value: &str) -> Option<Cow<'_, str>> {
    clean_text(value, VALUE_MAX)
}

/// Cleans the key of a property, as [`clean_name`] does, at most [`KEY_MAX`] bytes. `=` becomes `_`, since it parts key and value.
pub fn clean_key(key: &str) -> Option<Cow<'_, str>> {
    let key = clean_text(key, KEY_MAX)?;
    if !key.contains('=') {
        return Some(key);
    }
    let key = key.replace('=', "_");
    Some(if shape::telling(&key) { Cow::Borrowed(REDACTED) } else { Cow::Owned(key) })
}

/// Cleans a property, key and value. The value is judged with its key as well: `user_id=42` is [`REDACTED`], `seats=42` is not.
/// `None` when nothing is left of either.
///
/// ```
/// # use headcount::privacy::hygiene::clean_property;
/// let clean = |key, value| clean_property(key, value).map(|(key, value)| format!("{key}={value}"));
/// assert_eq!(clean("customer", "cust-884193").as_deref(), Some("customer=(redacted)"));
/// assert_eq!(clean("seats", "42").as_deref(), Some("seats=42"));
/// ```
pub fn clean_property<'a>(key: &'a str, value: &'a str) -> Option<(Cow<'a, str>, Cow<'a, str>)> {
    let clean = clean_key(key)?;
    let value = clean_value(value)?;
    // The end of a key says what it is of; it may be cut off in the clean one.
    let tells = key::tells(head(key, READ_MAX), &value) || key::tells(&clean, &value);
    Some((clean, if tells { Cow::Borrowed(REDACTED) } else { value }))
}

/// Cleans a host name: user and port go, letters become lower case, an address or what looks like personal data is [`REDACTED`].
/// `None` when it is no host name; names in other scripts are taken in their ASCII form, as browsers send them.
pub fn clean_host(host: &str) -> Option<Cow<'_, str>> {
    if glance(host) == Glance::Clean
        && !host.contains('/')
        && !host.ends_with('.')
        && (1..=HOST_MAX).contains(&host.len())
    {
        return Some(Cow::Borrowed(host));
    }
    if host == REDACTED {
        return Some(Cow::Borrowed(REDACTED));
    }
    let host = bare_host(host);
    if host.is_empty() || host.len() > HOST_MAX {
        return None;
    }
    if host.starts_with('[') || address::holds_address(host) || address::holds_hardware(host) {
        return Some(Cow::Borrowed(REDACTED));
    }
    let known = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'-' | b'_');
    if !host.bytes().all(known) {
        return None;
    }
    // Names in other scripts are encoded (`xn--`) and look like keys.
    let telling = |label: &str| shape::personal(label) || address::spells_address(label);
    if host.split('.').any(|label| !label.starts_with("xn--") && telling(label)) {
        return Some(Cow::Borrowed(REDACTED));
    }
    let has_capitals = host.bytes().any(|c| c.is_ascii_uppercase());
    Some(if has_capitals { Cow::Owned(host.to_ascii_lowercase()) } else { Cow::Borrowed(host) })
}

/// The host without `user:password@`, `:port` and the dot of the root.
fn bare_host(authority: &str) -> &str {
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host).trim();
    if host.starts_with('[') {
        return host;
    }
    let host = match host.rsplit_once(':') {
        Some((before, port)) if !before.contains(':') && port.bytes().all(|c| c.is_ascii_digit()) => before,
        _ => host,
    };
    host.trim_end_matches('.')
}

fn clean_text(text: &str, max: usize) -> Option<Cow<'_, str>> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if text.len() <= max && (is_plain(text) || glance(text) == Glance::Clean) {
        return Some(Cow::Borrowed(text));
    }
    if text.len() > READ_MAX {
        return Some(Cow::Borrowed(REDACTED));
    }
    // The common text is ASCII: no characters to decode.
    let noisy = if text.is_ascii() { text.bytes().any(|c| c.is_ascii_control()) } else { text.chars().any(is_noise) };
    let text = if noisy {
        let kept: String = text.chars().filter(|c| !is_noise(*c)).collect();
        Cow::Owned(kept.trim().to_owned())
    } else {
        Cow::Borrowed(text)
    };
    if text.is_empty() {
        return None;
    }
    let text = if text.contains(':') && text.contains("://") {
        match link::clean_link(&text) {
            Some(link) => Cow::Owned(link),
            None => return Some(Cow::Borrowed(REDACTED)),
        }
    } else {
        text
    };
    if shape::telling(&text) || OWN_LABELS.contains(&&*text) {
        return Some(Cow::Borrowed(REDACTED));
    }
    Some(cut(text, max))
}

/// Cuts a text to `max` bytes. What is left is judged again: the beginning of a harmless text can look like a number.
fn cut(text: Cow<'_, str>, max: usize) -> Cow<'_, str> {
    if text.len() <= max {
        return text;
    }
    let kept = head(&text, max).trim_end().len();
    if shape::telling(&text[..kept]) {
        return Cow::Borrowed(REDACTED);
    }
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[..kept]),
        Cow::Owned(mut text) => {
            text.truncate(kept);
            Cow::Owned(text)
        }
    }
}

/// The beginning of a text, at most `max` bytes, no character cut.
pub fn head(text: &str, max: usize) -> &str {
    if text.len() <= max {
        return text;
    }
    let end = (0..=max).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    &text[..end]
}

/// Control characters, and those that are invisible or turn the direction of text around.
fn is_noise(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}
