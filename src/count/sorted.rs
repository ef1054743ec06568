//! Visitors put into the order of their rows, and the hashes of each row into their own.
//!
//! Called by [`super::rows`]. Most rows are short.

use std::ops::Range;

use super::spread::Spread;

/// Visitors by row, and hashes in order; its space is kept from use to use.
#[derive(Default)]
pub(super) struct Sorted {
    /// Numbers of visitors; then, row by row, their hashes.
    numbers: Vec<u32>,
    ends: Vec<u32>,
    spread: Spread<u32>,
}

impl Sorted {
    /// Takes in visitors with the numbers of their rows, as they came, and how many there are of each row.
    pub fn group(&mut self, found: &[(u32, u32)], counts: impl Iterator<Item = u32>) {
        let Self { numbers, ends, .. } = self;
        ends.clear();
        let mut start = 0;
        for count in counts {
            ends.push(start);
            start += count;
        }
        numbers.resize(found.len(), 0);
        for (row, visitor) in found {
            let next = &mut ends[*row as usize];
            numbers[*next as usize] = *visitor;
            *next += 1;
        }
    }

    /// Appends the hashes of the visitors of one row, sorted and without repeats.
    pub fn put_distinct(&mut self, row: Range<usize>, hash: impl Fn(u32) -> u32, out: &mut Vec<u32>) {
        let row = &mut self.numbers[row];
        if let [visitor] = row {
            // Half of the rows have one visitor.
            return out.push(hash(*visitor));
        }
        row.iter_mut().for_each(|number| *number = hash(*number));
        let start = out.len();
        out.extend_from_slice(row);
        if self.spread.sort(&mut out[start..]) {
            let mut distinct = out.split_off(start);
            distinct.dedup();
            out.append(&mut distinct);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_row_has_its_hashes_in_order(found in proptest::collection::vec((0u32..5, any::<u32>()), 0..200)) {
            let found: Vec<(u32, u32)> = found.iter().chain(found.iter().step_by(3)).copied().collect();
            let count = |row: u32| found.iter().filter(|(of, _)| *of == row).count();
            let mut sorted = Sorted::default();
            sorted.group(&found, (0..5).map(|row| count(row) as u32));
            let mut start = 0;
            for row in 0..5 {
                let mut hashes = Vec::new();
                sorted.put_distinct(start..start + count(row), |number| number, &mut hashes);
                start += count(row);
                let expected: BTreeSet<u32> = found.iter().filter(|(of, _)| *of == row).map(|(_, hash)| *hash).collect();
                prop_assert_eq!(hashes, expected.into_iter().collect::<Vec<u32>>());
            }
        }
    }
}
