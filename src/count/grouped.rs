//! Parts put into the order of their own numbers, those of one number in the order in which they came.
//!
//! Called by [`super::rows`]. Own numbers are small, so counting them is enough.

use super::columns::Part;

/// Parts by own number; space is kept from use to use.
#[derive(Default)]
pub(super) struct Grouped {
    parts: Vec<Part>,
    /// Where the parts of each number end.
    ends: Vec<u32>,
}

impl Grouped {
    /// Takes parts in, with own numbers below `numbers`.
    pub fn group(&mut self, numbers: usize, parts: impl Iterator<Item = Part> + Clone) {
        let Self { parts: grouped, ends } = self;
        grouped.clear();
        ends.clear();
        ends.resize(numbers, 0);
        let mut first = None;
        let mut count = 0;
        for part in parts.clone() {
            ends[part.own as usize] += 1;
            first = first.or(Some(part));
            count += 1;
        }
        let Some(first) = first else { return };
        let mut start = 0;
        for end in ends.iter_mut() {
            start += std::mem::replace(end, start);
        }
        grouped.resize(count, first);
        for part in parts {
            let next = &mut ends[part.own as usize];
            grouped[*next as usize] = part;
            *next += 1;
        }
    }

    /// The parts of a number.
    pub fn of(&self, number: u32) -> &[Part] {
        let end = self.ends[number as usize];
        let start = (number as usize).checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.parts[start as usize..end as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_number_stay_in_order() {
        let part = |(own, other)| Part { own, other, share: (0, 0) };
        let mut grouped = Grouped::default();
        grouped.group(4, [(2, 0), (0, 1), (2, 2), (3, 3)].map(part).into_iter());
        let others = |number| grouped.of(number).iter().map(|part| part.other).collect::<Vec<u32>>();
        assert_eq!([0, 1, 2, 3].map(others), [vec![1], vec![], vec![0, 2], vec![3]]);
    }
}
