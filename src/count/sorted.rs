//! Hashes put into the order of their rows, and of each row into their own.
//!
//! Called by [`super::rows`]. Hashes are uniform, so where one of `n` belongs among the others is known beforehand, to
//! one of `n` places: no comparing sort is needed, and none of its wrong guesses is made.

use std::ops::Range;

/// Hashes in order; its space is kept from use to use.
#[derive(Default)]
pub(super) struct Sorted {
    /// Where each row begins, and how many hashes it has.
    rows: Vec<(u32, u32)>,
    /// Where the hashes of each place go next. There are as many places as hashes.
    ends: Vec<u32>,
    hashes: Vec<u32>,
}

impl Sorted {
    /// Takes in hashes with the numbers of their rows, as they came, and how many there are of each row.
    pub fn sort(&mut self, found: &[(u32, u32)], counts: impl Iterator<Item = u32>) {
        let Self { rows, ends, hashes } = self;
        rows.clear();
        let mut start = 0;
        for count in counts {
            rows.push((start, count));
            start += count;
        }
        ends.clear();
        ends.resize(found.len() + 1, 0);
        let place = |row: u32, hash: u32| {
            let (start, count) = rows[row as usize];
            start as usize + (u64::from(hash) * u64::from(count) >> 32) as usize
        };
        found.iter().for_each(|(row, hash)| ends[place(*row, *hash) + 1] += 1);
        let mut end = 0;
        for next in ends.iter_mut() {
            end += *next;
            *next = end;
        }
        hashes.clear();
        hashes.resize(found.len(), 0);
        for (row, hash) in found {
            let next = &mut ends[place(*row, *hash)];
            hashes[*next as usize] = *hash;
            *next += 1;
        }
    }

    /// Appends the hashes of one row, sorted and without repeats.
    pub fn put_distinct(&mut self, row: Range<usize>, out: &mut Vec<u32>) {
        let row = &mut self.hashes[row];
        // Hashes of one place may be out of order; places are short.
        for at in 1..row.len() {
            let hash = row[at];
            let mut to = at;
            while to > 0 && row[to - 1] > hash {
                row[to] = row[to - 1];
                to -= 1;
            }
            row[to] = hash;
        }
        let mut last = None;
        out.extend(row.iter().copied().filter(|hash| last.replace(*hash) != Some(*hash)));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_row_has_its_hashes_in_order(found in proptest::collection::vec((0u32..9, any::<u32>()), 0..200)) {
            let found: Vec<(u32, u32)> = found.iter().chain(found.iter().step_by(3)).copied().collect();
            let count = |row: u32| found.iter().filter(|(of, _)| *of == row).count();
            let mut sorted = Sorted::default();
            sorted.sort(&found, (0..9).map(|row| count(row) as u32));
            let mut start = 0;
            for row in 0..9 {
                let mut hashes = Vec::new();
                sorted.put_distinct(start..start + count(row), &mut hashes);
                start += count(row);
                let expected: BTreeSet<u32> = found.iter().filter(|(of, _)| *of == row).map(|(_, hash)| *hash).collect();
                prop_assert_eq!(hashes, expected.into_iter().collect::<Vec<u32>>());
            }
        }
    }
}
