//! Batches to one load: cells of the same group become one. Called by the loader; knows no table. Crossings are merged in
//! `count`, and tested here.

use crate::count::spread::Spread;
use crate::model::{Cell, CellKey, Dimension};

/// The cells of several batches, each key once, those of a site in the order of the table. The same batches give the same
/// cells.
pub fn merge(cells: Vec<Cell>) -> Vec<Cell> {
    let order = order(&cells);
    let mut cells: Vec<Option<Cell>> = cells.into_iter().map(Some).collect();
    let mut merged: Vec<Cell> = Vec::with_capacity(cells.len());
    for cell in order.into_iter().filter_map(|at| cells[at].take()) {
        match merged.last_mut().filter(|last| last.key == cell.key) {
            Some(last) => {
                last.measures += cell.measures;
                last.hashes.extend(cell.hashes);
            }
            None => merged.push(cell),
        }
    }
    let mut spread = Spread::default();
    for cell in &mut merged {
        if spread.sort(&mut cell.hashes) {
            cell.hashes.dedup();
        }
    }
    merged
}

/// Positions of the cells, those of one key side by side. Numbers are sorted, that tell most keys apart; batches are in
/// order already, and the stable sort makes use of such runs.
fn order(cells: &[Cell]) -> Vec<usize> {
    let mut codes = Dimension::ALL;
    codes.sort_unstable_by_key(|dimension| dimension.code());
    let mut ranks = [0; Dimension::ALL.len()];
    (0..).zip(codes).for_each(|(rank, dimension)| ranks[dimension as usize] = rank);
    let mut order: Vec<(u128, usize)> = cells.iter().map(|cell| brief(&cell.key, &ranks)).zip(0..).collect();
    let key = |(_, at): &(u128, usize)| &cells[*at].key;
    order.sort_by(|one, other| one.0.cmp(&other.0).then_with(|| key(one).cmp(key(other))));
    order.into_iter().map(|(_, at)| at).collect()
}

/// Day, rank of the dimension and the beginning of the value.
fn brief(key: &CellKey, ranks: &[u8]) -> u128 {
    let mut bytes = [0; 16];
    bytes[..2].copy_from_slice(&key.day.0.to_be_bytes());
    bytes[2] = ranks[key.dimension as usize];
    let length = key.value.len().min(13);
    bytes[3..3 + length].copy_from_slice(&key.value.as_bytes()[..length]);
    u128::from_be_bytes(bytes)
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
