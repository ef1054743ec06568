//! Recognises keys, hashes and other texts that no human wrote, by how often letters, digits and capitals alternate.
//! Called by [`super::shape`]. A guess on purpose: no dictionary, no state.

/// A key, hash or other text that no human wrote, as one of the words of the text or the text as a whole.
pub fn holds_token(text: &str) -> bool {
    if text.len() < 12 {
        return false;
    }
    let word = |c: char| !c.is_ascii_alphanumeric();
    let key = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | '/' | '~'));
    text.contains("eyJ") && text.len() >= 20
        || text.split(word).any(is_random_word)
        || text.split(key).any(is_random_text)
}

/// A word without signs inside.
fn is_random_word(word: &str) -> bool {
    let census = Census::of(word);
    let hexadecimal =
        word.len() >= 12 && census.hexadecimal && census.digits >= 2 && census.letters >= 1 && census.switches >= 3;
    let mixed = word.len() >= 16 && (census.switches * 4 >= word.len() || (census.switches >= 3 && word.len() >= 24));
    let cased = word.len() >= 20 && census.capital_pairs >= 2 && census.switches * 5 >= word.len();
    let unspeakable = word.len() >= 20 && census.digits == 0 && census.vowels * 6 < word.len();
    let endless = word.len() >= 64;
    hexadecimal || mixed || cased || unspeakable || endless
}

/// A text with the signs that keys are written with (base64 for URLs among them).
fn is_random_text(text: &str) -> bool {
    text.len() >= 20 && Census::of(text).switches * 4 >= text.len()
}

/// What a text is made of.
#[derive(Default)]
struct Census {
    digits: usize,
    letters: usize,
    vowels: usize,
    /// How often a digit follows a letter, a letter a digit, or a capital a small letter.
    switches: usize,
    /// How often a capital follows a capital, which in WordsWrittenTogether is rare.
    capital_pairs: usize,
    hexadecimal: bool,
}

impl Census {
    fn of(text: &str) -> Self {
        let mut census = Self { hexadecimal: true, ..Self::default() };
        let mut last = b'-';
        for c in text.bytes() {
            census.digits += usize::from(c.is_ascii_digit());
            census.letters += usize::from(c.is_ascii_alphabetic());
            census.vowels += usize::from(matches!(c | 0x20, b'a' | b'e' | b'i' | b'o' | b'u' | b'y'));
            census.hexadecimal &= c.is_ascii_hexdigit();
            let to_or_from_digit = last.is_ascii_alphanumeric()
                && c.is_ascii_alphanumeric()
                && last.is_ascii_digit() != c.is_ascii_digit();
            census.switches += usize::from(to_or_from_digit || (last.is_ascii_lowercase() && c.is_ascii_uppercase()));
            census.capital_pairs += usize::from(last.is_ascii_uppercase() && c.is_ascii_uppercase());
            last = c;
        }
        census
    }
}
