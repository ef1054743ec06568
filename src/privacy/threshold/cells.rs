//! Lays cells out as lines: those of places, and of strict sites those of every dimension, are parts of the site's total
//! and of each other. Called by the function of the module; knows the dimensions, leaves the folding to
//! [`super::lines`].

use super::laying::{Comparison, Item, Laying, Spot, leaves_few, scatter};
use super::lines::NONE;
use super::nodes::{Counts, Nodes};
use super::several::{Part, Set};
use super::tree::{Place, places};
use super::{PairTable, funnels};
use crate::model::Dimension;

/// Folded cells of a table.
pub(super) fn folded(table: &PairTable<'_>, k: u64) -> Vec<bool> {
    let nodes = Nodes::of(&PairTable { crossings: &[], ..*table });
    let items = sorted_cells(table);
    let places = places(table, &nodes);
    let mut by_node = vec![NONE; nodes.list.len()];
    for (at, item) in (0..).zip(&items) {
        by_node[item.nodes[0] as usize] = at;
    }
    let total = table.cells.iter().find(|cell| cell.dimension == Dimension::Total).map(Counts::of_cell);
    let visitors = items.iter().map(|item| item.counts.visitors).collect();
    let mut laying = Laying::new(visitors, k);
    let level =
        Level { nodes: &nodes, places: &places, items: &items, by_node: &by_node, total, strict: table.strict, k };
    laying.share(&level.parts(), |channel| Comparison::Events.whole(&items[channel as usize].counts));
    for at in (0..).take(items.len()) {
        laying.lines.next_item();
        level.lay_cell(&mut laying, at);
    }
    if table.strict {
        laying.first.extend(funnels::folded(table, k).map(|cell| by_node[cell]));
    }
    let folded = laying.settle();
    scatter(&items, &folded)
}

/// Cells as parts of the site's total and of each other.
struct Level<'t> {
    nodes: &'t Nodes,
    places: &'t [Place],
    items: &'t [Item],
    by_node: &'t [u32],
    total: Option<Counts>,
    strict: bool,
    k: u64,
}

impl Level<'_> {
    /// Whether cells of a dimension may be folded.
    fn is_foldable(&self, dimension: Dimension) -> bool {
        match dimension {
            Dimension::Total | Dimension::OptedOut => false,
            Dimension::Region | Dimension::City => true,
            _ => self.strict,
        }
    }

    /// All sources, when one of them has several channels.
    fn parts(&self) -> Vec<Part> {
        let is_shared = |place: &Place| !place.channels.is_empty();
        if !self.strict || !self.places.iter().any(is_shared) {
            return Vec::new();
        }
        let part = |(at, item): (u32, &Item)| {
            let (place, counts) = (&self.places[item.nodes[0] as usize], &item.counts);
            let whole = place.ancestors.first().filter(|_| !is_shared(place));
            let mut channels: Set =
                place.channels.iter().chain(whole).map(|node| self.by_node[*node as usize]).collect();
            channels.sort_unstable();
            let (visitors, amount) = (counts.visitors, counts.events);
            let (is_shared, is_closed) = (is_shared(place), visitors < self.k);
            Part { item: at, group: NONE, visitors, amount, channels, is_shared, is_closed }
        };
        let is_source = |(_, item): &(u32, &Item)| self.dimension(item) == Dimension::Source;
        (0..).zip(self.items).filter(is_source).map(part).filter(|part| !part.channels.is_empty()).collect()
    }

    fn dimension(&self, item: &Item) -> Dimension {
        self.nodes.list[item.nodes[0] as usize].dimension
    }

    fn lay_cell(&self, laying: &mut Laying, at: u32) {
        let item = &self.items[at as usize];
        let dimension = self.dimension(item);
        if !self.is_foldable(dimension) {
            laying.lines.fix(at);
            return;
        }
        let (counts, place) = (&item.counts, &self.places[item.nodes[0] as usize]);
        let measure = Comparison::of([Dimension::Total, dimension]);
        let amount = measure.amount(counts);
        let top = self.total.and_then(|total| measure.whole(&total));
        // Nobody can be taken out of a sketch again: how many visitors an exit page has is not known.
        if counts.visitors < self.k || dimension == Dimension::ExitPage {
            laying.first.push(at);
        }
        // Where countries are not folded, their places are lines under them and of their own level only.
        let spot = Spot { at, axis: 0, group: NONE, dimension, amount, place, top, has_root: self.strict };
        let whole = place.ancestors.first().map(|node| self.by_node[*node as usize]);
        laying.put(&spot, whole, |whole| measure.whole(&self.items[whole as usize].counts));
        if let Some(event) = place.event.map(|event| self.by_node[event as usize]) {
            laying.reach(at, (event, &self.items[event as usize].counts), counts);
        }
        let is_near = place.is_alone && top.is_some_and(|whole| leaves_few(whole, counts, amount, self.k));
        if is_near || place.is_hidden {
            laying.first.push(at);
        }
    }
}

/// By visitors, then by value.
fn sorted_cells(table: &PairTable<'_>) -> Vec<Item> {
    let ranks = Nodes::ranks(table.texts);
    let order = |cell: &super::CellEntry| (Counts::of_cell(cell).visitors, cell.dimension, ranks[cell.value as usize]);
    let mut positions: Vec<_> = (0_u32..).zip(table.cells).map(|(at, cell)| (order(cell), at)).collect();
    positions.sort_unstable();
    let item = |(_, at): &(_, u32)| Item {
        counts: Counts::of_cell(&table.cells[*at as usize]),
        // Cells are nodes in the same order.
        nodes: [*at; 2],
        at: *at,
    };
    positions.iter().map(item).collect()
}
