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
        || text.match_indices('_').any(|(at, _)| is_key_behind(text, at))
}

/// Whether a key follows the underscore there, and a word that says of what (`cus_…`) goes before.
fn is_key_behind(text: &str, underscore: usize) -> bool {
    let named = text[..underscore].ends_with(|c: char| c.is_ascii_alphanumeric());
    let word = &text[underscore + 1..];
    let end = word.bytes().position(|c| !c.is_ascii_alphanumeric()).unwrap_or(word.len());
    if !named || end < 12 {
        return false;
    }
    let census = Census::of(&word[..end]);
    // WordsWrittenTogether with a year have more vowels, and change less often.
    let speakable = census.vowels * 3 > census.letters && census.switches * 3 < end;
    census.digits >= 1 && census.letters >= 1 && census.switches * 5 >= end && !speakable
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

/// What a text is made of: one pass that spares most texts all others.
#[derive(Default)]
pub struct Census {
    /// Digits.
    pub digits: usize,
    /// Dashes.
    pub dashes: usize,
    /// An at sign, or anything beyond ASCII, which may be another kind of at sign.
    pub foreign: bool,
    dots: usize,
    /// Colons.
    pub colons: usize,
    letters: usize,
    vowels: usize,
    /// How often a digit follows a letter, a letter a digit, or a capital a small letter.
    switches: usize,
    /// How often a capital follows a capital, which in WordsWrittenTogether is rare.
    capital_pairs: usize,
    /// Length of the longest word.
    longest: usize,
    hexadecimal: bool,
}

impl Census {
    /// Counts a text's bytes.
    pub fn of(text: &str) -> Self {
        let mut census = Self { hexadecimal: true, ..Self::default() };
        let mut last = b'-';
        let mut word = 0;
        for c in text.bytes() {
            let (digit, letter) = (c.is_ascii_digit(), c.is_ascii_alphabetic());
            census.digits += usize::from(digit);
            census.letters += usize::from(letter);
            if digit || letter {
                word += 1;
                census.longest = census.longest.max(word);
                census.vowels += usize::from(letter && matches!(c | 0x20, b'a' | b'e' | b'i' | b'o' | b'u' | b'y'));
                census.hexadecimal &= c.is_ascii_hexdigit();
                census.count_switch(last, c);
            } else {
                word = 0;
                census.hexadecimal = false;
                census.count_sign(c);
            }
            last = c;
        }
        census
    }

    fn count_switch(&mut self, last: u8, c: u8) {
        let to_or_from_digit = last.is_ascii_alphanumeric() && last.is_ascii_digit() != c.is_ascii_digit();
        self.switches += usize::from(to_or_from_digit || (last.is_ascii_lowercase() && c.is_ascii_uppercase()));
        self.capital_pairs += usize::from(last.is_ascii_uppercase() && c.is_ascii_uppercase());
    }

    fn count_sign(&mut self, c: u8) {
        match c {
            b'.' => self.dots += 1,
            b':' => self.colons += 1,
            b'-' => self.dashes += 1,
            b'@' | 0x80.. => self.foreign = true,
            _ => {}
        }
    }

    /// Whether no shape can fit: nothing but short words.
    pub fn is_harmless(&self) -> bool {
        self.digits == 0 && !self.foreign && self.colons < 2 && !self.may_be_token()
    }

    /// Whether there are signs enough for an address.
    pub fn may_be_address(&self) -> bool {
        self.dots >= 3 || self.colons >= 2
    }

    /// Whether there are signs enough for the address of a network card.
    pub fn may_be_hardware(&self) -> bool {
        self.dashes >= 5 || self.colons >= 5
    }

    /// Whether there is a word, or unrest, enough for a key.
    pub fn may_be_token(&self) -> bool {
        self.longest >= 12 || self.switches >= 5
    }
}
