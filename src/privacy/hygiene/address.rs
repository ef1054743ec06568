//! Recognises addresses of networks and their cards, however they are written. Called by [`super`] and [`super::shape`].

use std::net::{Ipv4Addr, Ipv6Addr};

/// An IPv4 or IPv6 address anywhere between other signs.
pub fn holds_address(text: &str) -> bool {
    let four = || text.split(|c: char| !(c.is_ascii_digit() || c == '.')).any(holds_v4);
    let six = || text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | ':'))).any(is_v6);
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

/// The address of a network card anywhere: six pairs of hexadecimal digits with colons or dashes between.
pub fn holds_hardware(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_word = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    let mut windows = bytes.windows(17).enumerate();
    windows.any(|(at, window)| is_hardware(window) && !is_word(at.checked_sub(1)) && !is_word(Some(at + 17)))
}

fn is_hardware(window: &[u8]) -> bool {
    let sign = window[2];
    let fits = |(i, c): (usize, &u8)| if i % 3 == 2 { *c == sign } else { c.is_ascii_hexdigit() };
    matches!(sign, b':' | b'-') && window.iter().enumerate().all(fits)
}

/// Whether a label of a host spells an IPv4 address with dashes or underscores, as providers name their customers' lines.
pub fn spells_address(label: &str) -> bool {
    label.split(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '_'))).any(|part| {
        let mut run = 0;
        part.split(['-', '_']).any(|number| {
            let fits = (1..=3).contains(&number.len()) && number.parse::<u8>().is_ok();
            run = if fits { run + 1 } else { 0 };
            run == 4
        })
    })
}
