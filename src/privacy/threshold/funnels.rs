//! Steps of funnels, whose visitors contain each other: what two shown steps differ by is who left between them. Called by
//! the plan for strict sites.

use super::laying::leaves_few;
use super::lines::Whole;
use super::nodes::Counts;

use super::{CellEntry, PairTable};
use crate::model::Dimension;

/// Positions of cells of steps that are not shown: fewer than k came that far, or fewer than k left since the step shown
/// before.
pub(super) fn folded(table: &PairTable<'_>, k: u64) -> impl Iterator<Item = usize> {
    let step = |(at, cell): (usize, &CellEntry)| {
        let (id, number) = table.texts[cell.value as usize].rsplit_once('=')?;
        Some((id, number.parse::<u32>().ok()?, at))
    };
    let cells = table.cells.iter().enumerate().filter(|(_, cell)| cell.dimension == Dimension::Funnel);
    let mut steps: Vec<_> = cells.filter_map(step).collect();
    steps.sort_unstable();
    let mut shown: Option<(&str, Whole)> = None;
    let mut folded = Vec::new();
    for (id, _, at) in steps {
        let counts = Counts::of_cell(&table.cells[at]);
        let is_near = shown.is_some_and(|(of, whole)| of == id && leaves_few(whole, &counts, counts.events, k));
        if counts.visitors < k || is_near {
            folded.push(at);
        } else {
            shown = Some((id, Whole { visitors: counts.visitors, amount: counts.events }));
        }
    }
    folded.into_iter()
}
