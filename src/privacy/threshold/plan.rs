//! Lays a table out as lines: which crossing (or cell) is a part of which whole, and what must be folded to begin with.
//! Called by the two functions of the module; knows the dimensions, leaves the folding to [`super::lines`].

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::lines::{Lines, NONE, Whole, error};
use super::nodes::{Counts, Nodes};
use super::tree::{Place, places};
use super::{PairTable, funnels};
use crate::model::Dimension;

/// Folded crossings of a table.
pub(super) fn crossings(table: &PairTable<'_>, k: u64) -> Vec<bool> {
    let nodes = Nodes::of(table);
    let folded_values = closed_values(table, &nodes, k);
    let plan = Plan::new(table, &nodes, k);
    let (lines, mut first) = plan.lay();
    first.extend(
        (0..)
            .zip(&plan.items)
            .filter(|(_, item)| item.counts.visitors < k || item.nodes.iter().any(|node| folded_values[*node as usize]))
            .map(|(at, _)| at),
    );
    let folded = lines.settle(first);
    scatter(&plan.items, &folded)
}

/// Values without crossings (rule 3): their cell is small, folded or, unless they are steps of journeys, missing.
fn closed_values(table: &PairTable<'_>, nodes: &Nodes, k: u64) -> Vec<bool> {
    let is_step = |dimension| matches!(dimension, Dimension::NextPage | Dimension::SecondPage | Dimension::ThirdPage);
    let is_small = |node: &super::nodes::Node| match node.cell {
        Some(counts) => counts.visitors < k,
        None => !is_step(node.dimension),
    };
    let mut closed: Vec<bool> = nodes.list.iter().map(is_small).collect();
    // Nodes of cells come first, in the order of cells.
    for (closed, folded) in closed.iter_mut().zip(cells(table, k)) {
        *closed |= folded;
    }
    closed
}

/// An item in the order the lines want.
struct Item {
    counts: Counts,
    /// Ordered by family, so that equal axes mean equal families. A cell has one node twice.
    nodes: [u32; 2],
    /// Position in the table.
    at: u32,
}

fn scatter(items: &[Item], folded: &[bool]) -> Vec<bool> {
    let mut by_position = vec![false; items.len()];
    for (item, folded) in items.iter().zip(folded) {
        by_position[item.at as usize] = *folded;
    }
    by_position
}

struct Plan<'t> {
    nodes: &'t Nodes,
    places: Vec<Place>,
    items: Vec<Item>,
    /// Pair of nodes → item; empty when nothing refines anything.
    by_nodes: HashMap<[u32; 2], u32, FixedState>,
    k: u64,
}

/// Lines while they are laid.
struct Laying {
    lines: Lines,
    /// (fixed node, name of the line) → line.
    roots: HashMap<(u32, u32), u32, FixedState>,
    first: Vec<u32>,
}

impl<'t> Plan<'t> {
    fn new(table: &PairTable<'_>, nodes: &'t Nodes, k: u64) -> Self {
        let places = places(table, nodes);
        let items = sorted_crossings(table, nodes);
        let has_levels = places.iter().any(|place| !place.ancestors.is_empty() || !place.partly_in.is_empty());
        let mut by_nodes = HashMap::default();
        if has_levels {
            by_nodes.reserve(items.len());
            by_nodes.extend((0..).zip(&items).map(|(at, item)| (item.nodes, at)));
        }
        Self { nodes, places, items, by_nodes, k }
    }

    fn lay(&self) -> (Lines, Vec<u32>) {
        let visitors = self.items.iter().map(|item| item.counts.visitors).collect();
        let mut laying = Laying { lines: Lines::new(visitors, self.k), roots: HashMap::default(), first: Vec::new() };
        for at in (0..).take(self.items.len()) {
            laying.lines.next_item();
            self.lay_item(&mut laying, at, 0);
            self.lay_item(&mut laying, at, 1);
        }
        (laying.lines, laying.first)
    }

    /// Puts an item into the lines along one axis.
    fn lay_item(&self, laying: &mut Laying, at: u32, axis: usize) {
        let item = &self.items[at as usize];
        let (varying, fixed) = (item.nodes[axis], item.nodes[1 - axis]);
        let place = &self.places[varying as usize];
        let kinds = [fixed, varying].map(|node| self.nodes.list[node as usize].dimension);
        let measure = Comparison::of(kinds);
        let amount = measure.amount(&item.counts);
        let top = self.nodes.list[fixed as usize].cell.and_then(|cell| measure.whole(&cell));
        let other = |node: u32| if axis == 0 { [node, fixed] } else { [fixed, node] };
        let crossing = |node: &u32| self.by_nodes.get(&other(*node)).copied();
        let whole_of = |whole: u32| measure.whole(&self.items[whole as usize].counts);
        if let Some(group) = place.tree {
            let line = match place.ancestors.iter().find_map(crossing) {
                Some(whole) => laying.under(axis, whole, whole_of(whole)),
                None => laying.root((fixed, group), top, place.is_alone),
            };
            laying.lines.join(line, at, amount);
        }
        if let Some(group) = place.flat {
            let line = laying.root((fixed, group), top, false);
            laying.lines.join(line, at, amount);
        }
        for whole in place.partly_in.iter().filter_map(crossing) {
            let line = laying.under(axis, whole, whole_of(whole));
            laying.lines.haunt(line, at);
        }
        let is_near = place.is_alone && top.is_some_and(|whole| leaves_few(whole, &item.counts, amount, self.k));
        if is_near || place.is_hidden {
            laying.first.push(at);
        }
    }
}

impl Laying {
    fn under(&mut self, axis: usize, whole: u32, counts: Option<Whole>) -> u32 {
        let known = self.lines.under[axis][whole as usize];
        if known != NONE {
            return known;
        }
        let line = self.lines.add(counts, false);
        self.lines.under[axis][whole as usize] = line;
        line
    }

    fn root(&mut self, key: (u32, u32), whole: Option<Whole>, overlaps: bool) -> u32 {
        *self.roots.entry(key).or_insert_with(|| self.lines.add(whole, overlaps))
    }
}

/// Whether the whole without this part is a few visitors' events.
pub(super) fn leaves_few(whole: Whole, part: &Counts, amount: i64, k: u64) -> bool {
    let sure = whole.visitors.saturating_sub(error(whole.visitors));
    whole.amount != amount && sure < part.visitors + error(part.visitors) + k
}

/// In which measure a whole is the sum of its parts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    /// Every event has one value.
    Events,
    /// Every event that is no page view has one: nothing says how many visitors the rest of these has.
    Features,
    /// Every visit has one.
    Visits,
    /// There is no whole.
    Nothing,
}

impl Comparison {
    /// For parts that vary in the second dimension.
    pub fn of([fixed, varying]: [Dimension; 2]) -> Self {
        match (fixed, varying) {
            (_, Dimension::Vital | Dimension::Number | Dimension::Cohort) => Self::Nothing,
            (_, Dimension::NextPage | Dimension::SecondPage | Dimension::ThirdPage) => Self::Nothing,
            (Dimension::ExitPage, _) | (_, Dimension::ExitPage) => Self::Visits,
            (_, Dimension::Event) => Self::Features,
            _ => Self::Events,
        }
    }

    pub fn amount(self, counts: &Counts) -> i64 {
        match self {
            Self::Events => counts.events,
            Self::Features => counts.events.saturating_sub(counts.pageviews),
            Self::Visits => counts.visits,
            Self::Nothing => 0,
        }
    }

    pub fn whole(self, counts: &Counts) -> Option<Whole> {
        let visitors = if self == Self::Features { 0 } else { counts.visitors };
        (self != Self::Nothing).then(|| Whole { visitors, amount: self.amount(counts) })
    }
}

/// More visitors than these are not told apart.
const MOST_VISITORS: u64 = (1 << 48) - 1;

/// By visitors, then by value.
fn sorted_crossings(table: &PairTable<'_>, nodes: &Nodes) -> Vec<Item> {
    let ranks = Nodes::ranks(table.texts);
    let order = |at: &u32| {
        let entry = &table.crossings[*at as usize];
        let [one, other] = entry.dimensions.map(|dimension| u128::from(dimension as u8));
        let [first, second] = entry.values.map(|value| u128::from(ranks[value as usize]));
        // One number to compare: 48 bits of visitors, the dimensions, the ranks of the values.
        let visitors = u128::from(Counts::of_crossing(entry).visitors.min(MOST_VISITORS));
        visitors << 80 | one << 72 | other << 64 | first << 32 | second
    };
    let mut positions: Vec<_> = (0_u32..).take(table.crossings.len()).map(|at| (order(&at), at)).collect();
    positions.sort_unstable();
    let item = |(_, at): &(_, u32)| {
        let entry = &table.crossings[*at as usize];
        let node = |side: usize| nodes.find(entry.dimensions[side], entry.values[side]).unwrap_or(NONE);
        let mut pair = [node(0), node(1)];
        if entry.dimensions[0].family() > entry.dimensions[1].family() {
            pair.swap(0, 1);
        }
        Item { counts: Counts::of_crossing(entry), nodes: pair, at: *at }
    };
    positions.iter().map(item).collect()
}

/// Folded cells of a table.
pub(super) fn cells(table: &PairTable<'_>, k: u64) -> Vec<bool> {
    let nodes = Nodes::of(&PairTable { crossings: &[], ..*table });
    let items = sorted_cells(table);
    let places = places(table, &nodes);
    let is_foldable = |dimension: Dimension| match dimension {
        Dimension::Total | Dimension::OptedOut => false,
        Dimension::Region | Dimension::City => true,
        _ => table.strict,
    };
    let mut by_node = vec![NONE; nodes.list.len()];
    for (at, item) in (0..).zip(&items) {
        by_node[item.nodes[0] as usize] = at;
    }
    let visitors = items.iter().map(|item| item.counts.visitors).collect();
    let mut laying = Laying { lines: Lines::new(visitors, k), roots: HashMap::default(), first: Vec::new() };
    let total = table.cells.iter().find(|cell| cell.dimension == Dimension::Total).map(Counts::of_cell);
    for (at, item) in (0..).zip(&items) {
        laying.lines.next_item();
        let node = nodes.list[item.nodes[0] as usize];
        if is_foldable(node.dimension) {
            let level = Level { items: &items, by_node: &by_node, total, strict: table.strict, k };
            level.lay_cell(&mut laying, (at, node.dimension), &places[item.nodes[0] as usize]);
        }
    }
    if table.strict {
        laying.first.extend(funnels::folded(table, k).map(|cell| by_node[cell]));
    }
    let folded = laying.lines.settle(laying.first);
    scatter(&items, &folded)
}

/// Cells as parts of the site's total and of each other.
struct Level<'t> {
    items: &'t [Item],
    by_node: &'t [u32],
    total: Option<Counts>,
    strict: bool,
    k: u64,
}

impl Level<'_> {
    fn lay_cell(&self, laying: &mut Laying, (at, dimension): (u32, Dimension), place: &Place) {
        let counts = &self.items[at as usize].counts;
        let measure = Comparison::of([Dimension::Total, dimension]);
        let amount = measure.amount(counts);
        let top = self.total.and_then(|total| measure.whole(&total));
        let whole_of = |whole: u32| measure.whole(&self.items[whole as usize].counts);
        let item_of = |node: &u32| self.by_node[*node as usize];
        if counts.visitors < self.k {
            laying.first.push(at);
        }
        if let Some(group) = place.tree {
            match place.ancestors.first().map(item_of) {
                Some(whole) => {
                    let line = laying.under(0, whole, whole_of(whole));
                    laying.lines.join(line, at, amount);
                }
                // Countries beside it are not folded, its own level is a line as well.
                None if !self.strict => {}
                None => {
                    let line = laying.root((NONE, group), top, place.is_alone);
                    laying.lines.join(line, at, amount);
                }
            }
        }
        if let Some(group) = place.flat {
            let line = laying.root((NONE, group), top, false);
            laying.lines.join(line, at, amount);
        }
        for whole in place.partly_in.iter().map(item_of) {
            let line = laying.under(0, whole, whole_of(whole));
            laying.lines.haunt(line, at);
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
