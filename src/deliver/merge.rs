//! Batches to one load: cells of the same group become one.

use crate::model::Cell;

/// The cells of several batches, sorted by key, each key once. The same batches give the same cells.
pub fn merge(batches: impl IntoIterator<Item = Vec<Cell>>) -> Vec<Cell> {
    let mut cells: Vec<Cell> = batches.into_iter().flatten().collect();
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

    use super::super::codec::tests::any_cell;
    use super::*;

    /// Cells with counts small enough that sums do not saturate: saturation is where order would show.
    fn cells() -> impl Strategy<Value = Vec<Cell>> {
        let small = any_cell().prop_map(|mut cell| {
            for measure in crate::model::Measure::ALL {
                cell.measures[measure] %= 1_000_000;
            }
            cell.key.day = crate::model::Day(cell.key.day.0 % 2);
            cell
        });
        vec(small, 0..12)
    }

    proptest! {
        #[test]
        fn order_does_not_matter(a in cells(), b in cells()) {
            prop_assert_eq!(merge([a.clone(), b.clone()]), merge([b, a]));
        }

        #[test]
        fn grouping_does_not_matter(a in cells(), b in cells(), c in cells()) {
            let left = merge([merge([a.clone(), b.clone()]), c.clone()]);
            let right = merge([a, merge([b, c])]);
            prop_assert_eq!(left, right);
        }
    }
}
