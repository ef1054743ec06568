//! Texts to small integers: for the length of a window, or as long as [`super::items`] keeps its table.

use std::hash::{BuildHasher, Hash};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// Texts, each under a key of type `K`, numbered in order of first appearance. Its hasher is seeded per process: the
/// texts come from clients.
pub(super) struct Interner<K = ()> {
    text: String,
    entries: Vec<(K, usize)>,
    table: HashTable<u32>,
    hasher: RandomState,
}

impl<K> Default for Interner<K> {
    fn default() -> Self {
        Self { text: String::new(), entries: Vec::new(), table: HashTable::new(), hasher: RandomState::default() }
    }
}

impl<K: Copy + Eq + Hash> Interner<K> {
    /// The number of `text` under `key`.
    pub fn number(&mut self, key: K, text: &str) -> u32 {
        let hash = self.hasher.hash_one((key, text));
        if let Some(number) = self.find(hash, key, text) {
            return number;
        }
        let number = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.text.push_str(text);
        self.entries.push((key, self.text.len()));
        let Self { text, entries, table, hasher } = self;
        let again = |number: &u32| hasher.hash_one((entries[*number as usize].0, slice(text, entries, *number)));
        table.insert_unique(hash, number, again);
        number
    }

    /// The number of `text` under `key` when it has one.
    pub fn known(&self, key: K, text: &str) -> Option<u32> {
        self.find(self.hasher.hash_one((key, text)), key, text)
    }

    /// The text of a number.
    pub fn text(&self, number: u32) -> &str {
        slice(&self.text, &self.entries, number)
    }

    /// The key of a number.
    pub fn key(&self, number: u32) -> K {
        self.entries[number as usize].0
    }

    /// Forgets all texts and keeps the room they took.
    pub fn clear(&mut self) {
        self.text.clear();
        self.entries.clear();
        self.table.clear();
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Bytes held, roughly.
    pub fn bytes(&self) -> usize {
        self.text.len() + self.entries.len() * (size_of::<(K, usize)>() + size_of::<u32>())
    }

    fn find(&self, hash: u64, key: K, text: &str) -> Option<u32> {
        // Compared as bytes: a text is known to begin and end between characters.
        let same = |number: &u32| {
            let (of, end) = self.entries[*number as usize];
            let start = (*number as usize).checked_sub(1).map_or(0, |before| self.entries[before].1);
            of == key && self.text.as_bytes()[start..end] == *text.as_bytes()
        };
        self.table.find(hash, same).copied()
    }
}

fn slice<'a, K>(text: &'a str, entries: &[(K, usize)], number: u32) -> &'a str {
    let number = number as usize;
    let start = number.checked_sub(1).map_or(0, |before| entries[before].1);
    &text[start..entries[number].1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_under_one_key_share_a_number() {
        let mut interner = Interner::default();
        let numbers = [(1, "/"), (1, ""), (2, "/"), (1, "/"), (2, "/")].map(|(key, text)| interner.number(key, text));
        assert_eq!(numbers, [0, 1, 2, 0, 2]);
        assert_eq!(
            [0, 1, 2].map(|number| (interner.key(number), interner.text(number))),
            [(1, "/"), (1, ""), (2, "/")]
        );
        assert_eq!((interner.known(2, "/"), interner.known(2, "")), (Some(2), None));
    }
}
