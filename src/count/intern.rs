//! Texts to small integers, for the length of one window.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// Texts numbered in order of first appearance. Its hasher is seeded per process: the texts come from clients.
#[derive(Default)]
pub(super) struct Interner {
    text: String,
    ends: Vec<usize>,
    table: HashTable<u32>,
    hasher: RandomState,
}

impl Interner {
    /// The number of `text`.
    pub fn number(&mut self, text: &str) -> u32 {
        let Self { text: all, ends, table, hasher } = self;
        let hash = hasher.hash_one(text);
        if let Some(&number) = table.find(hash, |&number| slice(all, ends, number) == text) {
            return number;
        }
        let number = u32::try_from(ends.len()).unwrap_or(u32::MAX);
        all.push_str(text);
        ends.push(all.len());
        table.insert_unique(hash, number, |&number| hasher.hash_one(slice(all, ends, number)));
        number
    }

    /// The text of a number.
    pub fn text(&self, number: u32) -> &str {
        slice(&self.text, &self.ends, number)
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Bytes of text held.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }
}

fn slice<'a>(text: &'a str, ends: &[usize], number: u32) -> &'a str {
    let number = number as usize;
    let start = number.checked_sub(1).map_or(0, |before| ends[before]);
    &text[start..ends[number]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_share_a_number() {
        let mut interner = Interner::default();
        let numbers = ["/", "", "/a", "/", "/a"].map(|text| interner.number(text));
        assert_eq!(numbers, [0, 1, 2, 0, 2]);
        assert_eq!([0, 1, 2].map(|number| interner.text(number)), ["/", "", "/a"]);
    }
}
