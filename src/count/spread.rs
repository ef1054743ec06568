//! Hashes put in order. They are uniform, so where one of many belongs among the others is known beforehand: no comparing
//! sort is needed, and none of its wrong guesses is made.
//!
//! Called by [`super::sorted`] and [`super::cells`] for what a commit counts, by the loaders for what they merge.

/// Hashes that are put in order by comparing them.
const FEW: usize = 16;

/// A hash of which any value is as likely as any other.
pub(crate) trait Uniform: Copy + Ord + Default {
    /// Its place among so many, give or take a few.
    fn place(self, many: usize) -> usize;
}

impl Uniform for u32 {
    fn place(self, many: usize) -> usize {
        ((u64::from(self) * many as u64) >> 32) as usize
    }
}

impl Uniform for u64 {
    fn place(self, many: usize) -> usize {
        ((u128::from(self) * many as u128) >> 64) as usize
    }
}

/// Sorts hashes; its space is kept from use to use.
#[derive(Default)]
pub(crate) struct Spread<H> {
    ends: Vec<u32>,
    space: Vec<H>,
}

impl<H: Uniform> Spread<H> {
    /// Sorts hashes. Returns whether there are repeats.
    pub fn sort(&mut self, hashes: &mut [H]) -> bool {
        if hashes.len() > FEW {
            self.spread(hashes);
        }
        insert_in_order(hashes)
    }

    /// Puts hashes where they belong, give or take a few places.
    fn spread(&mut self, hashes: &mut [H]) {
        let Self { ends, space } = self;
        let many = hashes.len();
        ends.clear();
        ends.resize(many, 0);
        hashes.iter().for_each(|hash| ends[hash.place(many)] += 1);
        let mut start = 0;
        for end in ends.iter_mut() {
            start += std::mem::replace(end, start);
        }
        space.clear();
        space.resize(many, H::default());
        for hash in hashes.iter() {
            let next = &mut ends[hash.place(many)];
            space[*next as usize] = *hash;
            *next += 1;
        }
        hashes.copy_from_slice(space);
    }
}

/// Sorts hashes that are few, or nearly in order. Returns whether there are repeats.
fn insert_in_order<H: Ord + Copy>(hashes: &mut [H]) -> bool {
    let mut repeats = false;
    for at in 1..hashes.len() {
        let hash = hashes[at];
        let mut to = at;
        while to > 0 && hashes[to - 1] > hash {
            hashes[to] = hashes[to - 1];
            to -= 1;
        }
        hashes[to] = hash;
        repeats |= to > 0 && hashes[to - 1] == hash;
    }
    repeats
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn check<H: Uniform + std::fmt::Debug>(mut hashes: Vec<H>) -> Result<(), TestCaseError> {
        let mut expected = hashes.clone();
        expected.sort_unstable();
        let repeats = Spread::default().sort(&mut hashes);
        prop_assert_eq!(&hashes, &expected);
        expected.dedup();
        prop_assert_eq!(repeats, expected.len() < hashes.len());
        Ok(())
    }

    proptest! {
        #[test]
        fn hashes_come_in_order_and_repeats_are_told(hashes in vec(any::<u64>(), 0..100), again in 0_usize..4) {
            let all: Vec<u64> = hashes.iter().chain(hashes.iter().take(again)).copied().collect();
            check(all.iter().map(|hash| (hash >> 32) as u32).collect())?;
            check(all)?;
        }

        #[test]
        fn hashes_that_are_all_but_uniform_come_in_order_too(hashes in vec(0_u64..8, 0..100), top in any::<bool>()) {
            check(hashes.iter().map(|hash| if top { u64::MAX - hash } else { *hash }).collect())?;
        }
    }
}
