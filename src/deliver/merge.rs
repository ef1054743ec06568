//! Batches to one load: cells of the same group become one. Called by the loader; knows no table. Crossings are merged in
//! `count`, and tested here.

use crate::model::Cell;

/// The cells of several batches, sorted by key, each key once. The same batches give the same cells.
pub fn merge(mut cells: Vec<Cell>) -> Vec<Cell> {
    // Each batch is sorted already, and the stable sort makes use of such runs.
    cells.sort_by(|a, b| a.key.cmp(&b.key));
    let mut merged: Vec<Cell> = Vec::with_capacity(cells.len());
    for cell in cells {
        match merged.last_mut().filter(|last| last.key == cell.key) {
            Some(last) => {
                last.measures += cell.measures;
                last.hashes.extend(cell.hashes);
            }
            None => merged.push(cell),
        }
    }
    for cell in &mut merged {
        cell.hashes.sort_unstable();
        cell.hashes.dedup();
    }
    merged
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::codec::tests::{any_cell, any_crossings};
    use super::*;
    use crate::count::merge_crossings;
    use crate::model::{Crossing, Crossings, Day, Measure, Measures};

    /// Cells with counts small enough that sums do not saturate: saturation is where order would show.
    fn cells() -> impl Strategy<Value = Vec<Cell>> {
        let small = any_cell().prop_map(|mut cell| {
            for measure in Measure::ALL {
                cell.measures[measure] %= 1_000_000;
            }
            cell.key.day = Day(cell.key.day.0 % 2);
            cell
        });
        vec(small, 0..12)
    }

    /// What `any_crossings` makes, as a batch has it: no group twice, and sums that do not saturate.
    fn crossings() -> impl Strategy<Value = Crossings> {
        any_crossings(-1_000_000..1_000_000i64).prop_map(|crossings| merge_crossings([&crossings]))
    }

    fn rows(crossings: &Crossings) -> Vec<Crossing> {
        let mut rows: Vec<Crossing> = crossings.owned().collect();
        rows.sort_by(|a, b| a.key.cmp(&b.key));
        rows
    }

    /// The same by hand.
    fn naive(batches: &[&Crossings]) -> Vec<Crossing> {
        let mut merged: std::collections::BTreeMap<_, (Measures, std::collections::BTreeSet<u32>)> = Default::default();
        for crossing in batches.iter().flat_map(|batch| batch.owned()) {
            let (measures, hashes) = merged.entry(crossing.key).or_default();
            *measures += crossing.measures;
            hashes.extend(crossing.hashes);
        }
        let row = |(key, (measures, hashes)): (_, (Measures, std::collections::BTreeSet<u32>))| Crossing {
            key,
            measures,
            hashes: hashes.into_iter().collect(),
        };
        merged.into_iter().map(row).collect()
    }

    proptest! {
        #[test]
        fn crossings_are_added_up_by_group(a in crossings(), b in crossings()) {
            prop_assert_eq!(rows(&merge_crossings([&a, &b])), naive(&[&a, &b]));
        }

        #[test]
        fn order_of_crossings_does_not_matter(a in crossings(), b in crossings()) {
            prop_assert_eq!(rows(&merge_crossings([&a, &b])), rows(&merge_crossings([&b, &a])));
        }

        #[test]
        fn grouping_of_crossings_does_not_matter(a in crossings(), b in crossings(), c in crossings()) {
            let left = merge_crossings([&merge_crossings([&a, &b]), &c]);
            let right = merge_crossings([&a, &merge_crossings([&b, &c])]);
            prop_assert_eq!(rows(&left), rows(&right));
        }
    }

    proptest! {
        #[test]
        fn order_does_not_matter(a in cells(), b in cells()) {
            prop_assert_eq!(merge([a.clone(), b.clone()].concat()), merge([b, a].concat()));
        }

        #[test]
        fn grouping_does_not_matter(a in cells(), b in cells(), c in cells()) {
            let left = merge([merge([a.clone(), b.clone()].concat()), c.clone()].concat());
            let right = merge([a, merge([b, c].concat())].concat());
            prop_assert_eq!(left, right);
        }
    }
}
