//! Recognises personal data by its shape: e-mail and IP addresses, telephone and other long numbers, ids, keys. Called by the rest
//! of [`super`]. Knows nothing of where a text stands but for the segment before it. Errs on the side of hiding.

use std::borrow::Cow;

use super::address::{holds_address, holds_hardware};
use super::agent::is_agent;
use super::date::{is_birthday, year_of};
use super::fold::folded;
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

/// Digits from which on any text after such a segment is somebody's id: `C1024`, `ab12cd34`. `step-2` is none.
const DIGITS_OWNED: usize = 3;
/// Numbers of digits from which on a number is long.
const LONG_NUMBER: usize = 6;
/// The same for a number inside other text, where article numbers of news sites are to stay.
const LONG_NUMBER_INSIDE: usize = 9;
/// The same for a number after an equals sign.
const LONG_NUMBER_ASSIGNED: usize = 8;

/// What a path segment, decoded, is replaced by. `before` is the segment before it.
pub fn segment(text: &str, before: &str) -> Option<&'static str> {
    let text = &*folded(text);
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
    if is_any_address(&census, text) {
        return Some(":ip");
    }
    if census.digits >= 6 && year_of(text).is_some() {
        return Some(":date");
    }
    if census.digits == text.len() {
        return numeric(census.digits, before);
    }
    if census.digits >= 1 && is_owned_number(text) {
        return Some(":id");
    }
    if census.digits >= DIGITS_OWNED && !text.contains('%') && is_owner(before) {
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
    is_owner(before).then_some(":id")
}

/// Whether what a word names has an owner, or is one: its number is somebody's.
pub fn is_owner(word: &str) -> bool {
    OWNERS.iter().any(|owner| owner.eq_ignore_ascii_case(word))
}

/// Whether a part of a host looks like personal data anywhere in it, as it is or percent-decoded.
pub fn personal(text: &str) -> bool {
    decoded(text, looks_personal)
}

/// Whether a name, key or value looks like personal data, or names somebody by number: `user_42`.
pub fn telling(text: &str) -> bool {
    decoded(text, |text| looks_personal(text) || names_somebody(&folded(text)))
}

/// Whether a judgement holds for a text as it is or percent-decoded.
fn decoded(text: &str, judge: impl Fn(&str) -> bool) -> bool {
    let mut text = Cow::Borrowed(text);
    for _ in 0..4 {
        if judge(&text) {
            return true;
        }
        if !text.contains('%') {
            return false;
        }
        let decoded = percent_encoding::percent_decode_str(&text).decode_utf8_lossy().into_owned();
        if decoded == *text {
            return false;
        }
        text = Cow::Owned(decoded);
    }
    // Encoded more than three times: nobody does that by accident.
    true
}

fn looks_personal(text: &str) -> bool {
    let text = &*folded(text);
    let census = Census::of(text);
    if is_agent(text) || (census.colons >= 1 && text.contains("://")) {
        return true;
    }
    if census.is_harmless() {
        return false;
    }
    (census.foreign && holds_email(text))
        || (census.dashes >= 4 && holds_uuid(text))
        || is_any_address(&census, text)
        || (census.digits >= 7 && holds_long_number(text))
        || (census.may_be_token() && holds_token(text))
        || (census.digits >= 6 && is_birthday(text))
}

/// Whether there is the address of a network or of its card.
fn is_any_address(census: &Census, text: &str) -> bool {
    (census.may_be_address() && holds_address(text)) || (census.may_be_hardware() && holds_hardware(text))
}

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

/// A telephone number or any other long one.
fn holds_long_number(text: &str) -> bool {
    longest_number(text) >= LONG_NUMBER_INSIDE || holds_assigned_number(text) || holds_phone(text)
}

/// `user_id=12345678`: after an equals sign, shorter numbers are somebody's.
fn holds_assigned_number(text: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    text.match_indices('=').any(|(at, _)| digits(&text[at + 1..]) >= LONG_NUMBER_ASSIGNED)
}

/// A telephone number, or a card number in groups: digits in groups between blanks, dashes, dots and brackets.
fn holds_phone(text: &str) -> bool {
    let part = |c: char| !(c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | '(' | ')' | ' ' | '\u{a0}'));
    text.split(part).any(is_phone)
}

fn is_phone(part: &str) -> bool {
    let part = part.trim_matches([' ', '-', '.', '\u{a0}']);
    // A date before the time of day is not a number somebody answers to.
    let part = if part.get(..10).and_then(year_of).is_some() { &part[10..] } else { part };
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
pub fn longest_number(text: &str) -> usize {
    text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0)
}

/// `user-123`, `order_77`: a word of [`OWNERS`] or `id`, a dash and a number.
fn is_owned_number(text: &str) -> bool {
    let Some((word, number)) = text.split_once(['-', '_', ':', '=', '.']) else {
        return false;
    };
    (is_owner(word) || word.eq_ignore_ascii_case("id")) && is_number(number)
}

/// `user_8841937`, and a long number behind such a word anywhere: `opened by user 8841937`. Of `orders_2026` the number is a year.
fn names_somebody(text: &str) -> bool {
    if !text.bytes().any(|c| c.is_ascii_digit()) {
        return false;
    }
    if is_owned_number(text) {
        let year = |number: &str| number.len() == 4 && (number.starts_with("19") || number.starts_with("20"));
        return !text
            .rsplit_once(['-', '_', ':', '=', '.'])
            .is_some_and(|(word, number)| word.len() > 1 && word.ends_with(['s', 'S']) && year(number));
    }
    let mut before = "";
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).any(|word| {
        let before = std::mem::replace(&mut before, word);
        let owned = is_owner(before) || before.eq_ignore_ascii_case("id");
        owned && word.len() >= LONG_NUMBER && is_number(word)
    })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit())
}
