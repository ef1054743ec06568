//! Folds look-alikes of ASCII signs, so that a number in any script and an address with any at sign is judged as what it says.
//! Called by [`super::shape`]; what is judged is folded, what is kept is not.

use std::borrow::Cow;

use super::is_noise;

/// The zeros of the scripts that write decimal numbers (Unicode category `Nd`); the other nine digits follow each.
const ZEROS: [u32; 67] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20,
    0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0,
    0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0,
    0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x11f50, 0x16a60,
    0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e950, 0x1fbf0,
];

/// The text with look-alikes in ASCII and without noise. Borrowed when there is none of either.
pub fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.bytes().any(|c| c.is_ascii_control()) {
        return Cow::Borrowed(text);
    }
    if text.chars().all(|c| fold(c) == Some(c)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter_map(fold).collect())
}

/// The sign a character stands for. `None` for noise, also where the hygiene of paths has replaced it.
fn fold(c: char) -> Option<char> {
    Some(match c {
        c if is_noise(c) => return None,
        '\0'..='\u{7f}' => c,
        '\u{fffd}' => return None,
        '\u{3002}' | '\u{ff61}' | '\u{fe52}' | '\u{2024}' => '.',
        '\u{fe6b}' => '@',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        c if c.is_whitespace() => ' ',
        // The full-width forms of ASCII stand in its order.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0)?,
        c => digit(c).unwrap_or(c),
    })
}

fn digit(c: char) -> Option<char> {
    let code = u32::from(c);
    let zero = ZEROS.partition_point(|zero| *zero <= code).checked_sub(1).map(|at| ZEROS[at])?;
    char::from_digit(code - zero, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_are_folded_and_the_rest_is_not_copied() {
        assert_eq!(
            folded("jane＠ｅｘａｍｐｌｅ．ｏｒｇ 〇 ١٢٣ 𝟗 ९ 1\u{200b}2\u{fffd}3"),
            "jane@example.org 〇 123 9 9 123"
        );
        for text in ["plain 123", "café", "日本語"] {
            assert!(matches!(folded(text), Cow::Borrowed(same) if same == text));
        }
        assert!(ZEROS.is_sorted());
    }
}
