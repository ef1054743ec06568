//! The first look at a text, one table entry a byte: most paths, hosts and values are small words and need no second. Called by the
//! rest of [`super`].

/// What a glance tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Glance {
    /// Small words between slashes, dots, dashes and underscores: neither to be rewritten nor to be judged.
    Clean,
    /// Plain signs, but with digits, capitals or long words.
    Judge,
    /// Signs that a path does not hold plainly.
    Rewrite,
}

/// A word of fewer letters is never judged.
const WORD: u32 = 12;

/// Whether a name or value is small words and blanks with a digit or two, such as `plan 2`: nothing that a judgement of names and
/// values could find ([`super::shape::telling`]) can be in it.
pub fn is_plain(text: &str) -> bool {
    let (mut word, mut digits) = (0, 0);
    for c in text.bytes() {
        match c {
            b'a'..=b'z' => word += 1,
            b'0'..=b'9' => (word, digits) = (word + 1, digits + 1),
            b' ' => word = 0,
            _ => return false,
        }
        if word >= WORD || digits > 2 {
            return false;
        }
    }
    true
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Small,
    Sign,
    Slash,
    Odd,
    Foreign,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Foreign; 256];
    let mut c = 0;
    while c < 128 {
        classes[c] = match c as u8 {
            b'a'..=b'z' => Class::Small,
            b'-' | b'_' | b'.' => Class::Sign,
            b'/' => Class::Slash,
            b'A'..=b'Z' | b'0'..=b'9' | b'~' | b'+' | b',' | b':' | b'=' => Class::Odd,
            _ => Class::Foreign,
        };
        c += 1;
    }
    classes
};

/// Glances at a text. Two slashes side by side are to be rewritten too.
pub fn glance(text: &str) -> Glance {
    let mut word = 0;
    let mut odd = false;
    let mut after_slash = false;
    for c in text.bytes() {
        let class = CLASSES[usize::from(c)];
        word = if class == Class::Small { word + 1 } else { 0 };
        odd |= class == Class::Odd || word >= WORD;
        if class == Class::Foreign || (after_slash && class == Class::Slash) {
            return Glance::Rewrite;
        }
        after_slash = class == Class::Slash;
    }
    if odd { Glance::Judge } else { Glance::Clean }
}
