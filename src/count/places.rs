//! A small table from pairs of items to places, used for one pair of dimensions after the other.
//!
//! Called by [`super::rows`] for every record: that is sixty times for each page view, so it does nothing but that.
//! Keys are numbers of our own; the seed keeps clients from choosing values whose numbers collide.

use std::hash::BuildHasher;

use super::items::NONE;

/// Slots at the beginning; always a power of two.
const SLOTS: usize = 1_024;

/// Places by pair.
pub(super) struct Places {
    slots: Vec<(u64, u32)>,
    taken: Vec<u32>,
    seed: u64,
}

impl Default for Places {
    fn default() -> Self {
        let seed = foldhash::fast::RandomState::default().hash_one(0) | 1;
        Self { slots: vec![(0, NONE); SLOTS], taken: Vec::new(), seed }
    }
}

impl Places {
    /// The place of a pair: `next` when it is a new one.
    pub fn place(&mut self, pair: [u32; 2], next: u32) -> u32 {
        let key = u64::from(pair[0]) << 32 | u64::from(pair[1]);
        let mut at = self.first(key);
        loop {
            let (known, place) = self.slots[at];
            if place == NONE {
                break;
            }
            if known == key {
                return place;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        self.slots[at] = (key, next);
        self.taken.push(at as u32);
        if self.taken.len() * 2 > self.slots.len() {
            self.grow();
        }
        next
    }

    /// Forgets every pair.
    pub fn clear(&mut self) {
        for at in self.taken.drain(..) {
            self.slots[at as usize].1 = NONE;
        }
    }

    fn first(&self, key: u64) -> usize {
        // The upper half of the product depends on all of the key.
        let mixed = (u128::from(key) * u128::from(self.seed)) >> 32;
        mixed as usize & (self.slots.len() - 1)
    }

    fn grow(&mut self) {
        let slots = vec![(0, NONE); self.slots.len() * 2];
        let before = std::mem::replace(&mut self.slots, slots);
        for at in std::mem::take(&mut self.taken) {
            let (key, place) = before[at as usize];
            let mut at = self.first(key);
            while self.slots[at].1 != NONE {
                at = (at + 1) & (self.slots.len() - 1);
            }
            self.slots[at] = (key, place);
            self.taken.push(at as u32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_keeps_its_place_until_all_are_forgotten() {
        let mut places = Places::default();
        for round in 0..3 {
            let pairs = (0..3_000u32).map(|n| [n % 60, n / 60 + round]);
            let given: Vec<u32> = pairs.clone().zip(0..).map(|(pair, next)| places.place(pair, next)).collect();
            let again: Vec<u32> = pairs.map(|pair| places.place(pair, NONE - 1)).collect();
            assert_eq!((given, again), ((0..3_000).collect(), (0..3_000).collect()));
            places.clear();
        }
    }
}
