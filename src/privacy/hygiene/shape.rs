//! Recognises personal data by its shape: e-mail and IP addresses, telephone and other long numbers, ids, keys. Called by the rest
//! of [`super`]. Knows nothing of where a text stands but for the segment before it. Errs on the side of hiding.

use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::token::{Census, holds_token};

/// Segments after which a bare number is somebody's number, however short.
const OWNERS: [&str; 24] = [
    "user",
    "users",
    "u",
    "uid",
    "member",
    "members",
    "account",
    "accounts",
    "customer",
    "customers",
    "client",
    "clients",
    "profile",
    "profiles",
    "patient",
    "patients",
    "person",
    "people",
    "order",
    "orders",
    "invoice",
    "invoices",
    "booking",
    "bookings",
];

/// Numbers of digits from which on a number is long.
const LONG_NUMBER: usize = 6;
/// The same for a number inside other text, where article numbers of news sites are to stay.
const LONG_NUMBER_INSIDE: usize = 9;

/// What a path segment, decoded, is replaced by. `before` is the segment before it.
pub fn segment(text: &str, before: &str) -> Option<&'static str> {
    let census = Census::of(text);
    if census.is_harmless() {
        return None;
    }
    if census.foreign && holds_email(text) {
        return Some(":email");
    }
    if census.dashes >= 4 && holds_uuid(text) {
        return Some(":uuid");
    }
    if census.may_be_address() && holds_address(text) {
        return Some(":ip");
    }
    if census.digits >= 6 && is_date(text).is_some() {
        return Some(":date");
    }
    if census.digits == text.len() {
        return numeric(census.digits, before);
    }
    if census.digits >= 1 && is_owned_number(text) {
        return Some(":id");
    }
    if census.may_be_token() && holds_token(text) {
        return Some(":token");
    }
    (census.digits >= 7 && holds_long_number(text)).then_some(":number")
}

fn numeric(digits: usize, before: &str) -> Option<&'static str> {
    if digits >= LONG_NUMBER {
        return Some(":number");
    }
    OWNERS.iter().any(|owner| owner.eq_ignore_ascii_case(before)).then_some(":id")
}

/// Whether a name, key or value looks like personal data anywhere in it, as it is or percent-decoded.
pub fn personal(text: &str) -> bool {
    if looks_personal(text) {
        return true;
    }
    let mut text = Cow::Borrowed(text);
    for _ in 0..3 {
        if !text.contains('%') {
            return false;
        }
        let decoded = percent_encoding::percent_decode_str(&text).decode_utf8_lossy().into_owned();
        if looks_personal(&decoded) {
            return true;
        }
        text = Cow::Owned(decoded);
    }
    false
}

fn looks_personal(text: &str) -> bool {
    let census = Census::of(text);
    if census.is_harmless() {
        return false;
    }
    (census.foreign && holds_email(text))
        || (census.dashes >= 4 && holds_uuid(text))
        || (census.may_be_address() && holds_address(text))
        || (census.digits >= 7 && holds_long_number(text))
        || (census.may_be_token() && holds_token(text))
        || (census.digits >= 6 && is_date(text).is_some_and(|year| year <= LAST_BIRTH_YEAR))
}

/// A value that is a whole date up to this year may be somebody's birthday; later ones are more likely a delivery.
const LAST_BIRTH_YEAR: u32 = 2015;

/// `local@host.tld` anywhere, with any of the at signs.
fn holds_email(text: &str) -> bool {
    let local = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-' | '\'' | '"' | '=');
    text.match_indices(['@', '\u{ff20}', '\u{fe6b}']).any(|(at, sign)| {
        let host = &text[at + sign.len()..];
        let end = host.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-'))).unwrap_or(host.len());
        let has_dot = host[..end].trim_end_matches('.').contains('.') || host.starts_with('[');
        has_dot && text[..at].chars().next_back().is_some_and(local)
    })
}

/// Eight, four, four, four and twelve hexadecimal digits with dashes between, anywhere.
fn holds_uuid(text: &str) -> bool {
    let at = |window: &[u8]| {
        window.iter().enumerate().all(
            |(i, c)| {
                if matches!(i, 8 | 13 | 18 | 23) { *c == b'-' } else { c.is_ascii_hexdigit() }
            },
        )
    };
    text.len() >= 36 && text.as_bytes().windows(36).any(at)
}

/// An IPv4, IPv6 or hardware address anywhere between other signs.
pub fn holds_address(text: &str) -> bool {
    let four = || text.split(|c: char| !(c.is_ascii_digit() || c == '.')).any(holds_v4);
    let six = || {
        text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | ':')))
            .any(|part| is_v6(part) || is_hardware(part))
    };
    four() || six()
}

fn holds_v4(part: &str) -> bool {
    let part = part.trim_matches('.');
    part.len() >= 7 && part.parse::<Ipv4Addr>().is_ok()
}

fn is_v6(part: &str) -> bool {
    let part = if part.ends_with("::") { part } else { part.trim_end_matches([':', '.']) };
    part.len() > 2 && part.parse::<Ipv6Addr>().is_ok()
}

/// Six pairs of hexadecimal digits: the address of a network card.
fn is_hardware(part: &str) -> bool {
    part.len() == 17
        && part.split(':').filter(|pair| pair.len() == 2 && pair.bytes().all(|c| c.is_ascii_hexdigit())).count() == 6
}

/// The year, if the whole text is a date: year, month, day in either order, with one kind of sign between, or eight digits.
fn is_date(text: &str) -> Option<u32> {
    if !(8..=10).contains(&text.len()) || !text.is_ascii() {
        return None;
    }
    let separator = text.chars().find(|c| !c.is_ascii_digit());
    let (first, second, third) = match separator {
        None if text.len() == 8 => (&text[..4], &text[4..6], &text[6..]),
        Some(sign @ ('-' | '.' | '_' | '/')) => {
            let mut parts = text.split(sign);
            (parts.next()?, parts.next()?, parts.next().filter(|_| parts.next().is_none())?)
        }
        _ => return None,
    };
    let parsed = |part: &str| (part.len() <= 4).then(|| part.parse::<u32>().ok())?;
    let (a, b, c) = (parsed(first)?, parsed(second)?, parsed(third)?);
    let day_month = |x: u32, y: u32| (1..=31).contains(&x) && (1..=31).contains(&y) && (x <= 12 || y <= 12);
    let year = |y: u32| (1900..=2100).contains(&y);
    if year(a) && day_month(b, c) {
        return Some(a);
    }
    (year(c) && day_month(a, b)).then_some(c)
}

/// A telephone number or any other long one.
fn holds_long_number(text: &str) -> bool {
    longest_number(text) >= LONG_NUMBER_INSIDE || holds_phone(text)
}

/// A telephone number, or a card number in groups: digits in groups between blanks, dashes, dots and brackets.
fn holds_phone(text: &str) -> bool {
    let part = |c: char| !(c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | '(' | ')' | ' ' | '\u{a0}'));
    text.split(part).any(is_phone)
}

fn is_phone(part: &str) -> bool {
    let part = part.trim_matches([' ', '-', '.', '\u{a0}']);
    // A date before the time of day is not a number somebody answers to.
    let part = if part.get(..10).and_then(is_date).is_some() { &part[10..] } else { part };
    let digits = part.bytes().filter(u8::is_ascii_digit).count();
    let international = part.trim_start_matches(['(', ' ']).starts_with('+');
    if digits < 7 || (digits < 9 && !international) {
        return false;
    }
    let dots_only = part.contains('.') && !part.contains(['-', ' ', '(', '+']);
    if !dots_only {
        return true;
    }
    // Groups with dots between are more often a version than a number.
    let groups: Vec<usize> = part.split('.').map(str::len).filter(|len| *len > 0).take(8).collect();
    part.starts_with('0') && groups.iter().all(|len| *len >= 2) || groups == [3, 3, 4]
}

/// How many digits the longest number in the text has.
fn longest_number(text: &str) -> usize {
    text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0)
}

/// `user-123`, `order_77`: a word of [`OWNERS`] or `id`, a dash and a number.
fn is_owned_number(text: &str) -> bool {
    let Some((word, number)) = text.split_once(['-', '_', ':', '=', '.']) else {
        return false;
    };
    let owner = word.eq_ignore_ascii_case("id") || OWNERS.iter().any(|owner| owner.eq_ignore_ascii_case(word));
    owner && !number.is_empty() && number.bytes().all(|c| c.is_ascii_digit())
}
