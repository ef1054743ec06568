//! Lays crossings out as lines: which is a part of which whole, and what must be folded to begin with. Called by the
//! function of the module; knows the dimensions, leaves the folding to [`super::lines`].

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};

use super::PairTable;
use super::cells;
use super::laying::{Comparison, Item, Laying, Spot, leaves_few, scatter};
use super::lines::NONE;
use super::nodes::{Counts, Nodes};
use super::several::{Part, Set};
use super::tree::{Place, places};
use crate::model::Dimension;

/// Folded crossings of a table.
pub(super) fn crossings(table: &PairTable<'_>, k: u64) -> Vec<bool> {
    let nodes = Nodes::of(table);
    let folded_values = closed_values(table, &nodes, k);
    let plan = Plan::new(table, &nodes, k);
    let is_closed =
        |item: &Item| item.counts.visitors < k || item.nodes.iter().any(|node| folded_values[*node as usize]);
    let closed: Vec<bool> = plan.items.iter().map(is_closed).collect();
    let mut laying = plan.lay(&closed);
    laying.first.extend((0..).zip(&closed).filter(|(_, closed)| **closed).map(|(at, _)| at));
    let folded = laying.settle();
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
    for (closed, folded) in closed.iter_mut().zip(cells::folded(table, k)) {
        *closed |= folded;
    }
    closed
}

struct Plan<'t> {
    nodes: &'t Nodes,
    places: Vec<Place>,
    items: Vec<Item>,
    /// Pair of nodes → item; empty when nothing refines anything.
    by_nodes: HashMap<[u32; 2], u32, FixedState>,
    k: u64,
}

impl<'t> Plan<'t> {
    fn new(table: &PairTable<'_>, nodes: &'t Nodes, k: u64) -> Self {
        let places = places(table, nodes);
        let items = sorted_crossings(table, nodes);
        let has_level =
            |place: &Place| !place.ancestors.is_empty() || !place.channels.is_empty() || place.event.is_some();
        let has_levels = places.iter().any(has_level);
        let mut by_nodes = HashMap::default();
        if has_levels {
            by_nodes.reserve(items.len());
            by_nodes.extend((0..).zip(&items).map(|(at, item)| (item.nodes, at)));
        }
        Self { nodes, places, items, by_nodes, k }
    }

    fn lay(&self, closed: &[bool]) -> Laying {
        let visitors = self.items.iter().map(|item| item.counts.visitors).collect();
        let mut laying = Laying::new(visitors, self.k);
        let parts = self.parts(closed);
        laying.share(&parts, |channel| {
            let item = &self.items[channel as usize];
            let is_channel = |node: u32| self.nodes.list[node as usize].dimension == Dimension::Channel;
            let [one, other] = item.nodes;
            let nodes = if is_channel(one) { [other, one] } else { [one, other] };
            self.measure(nodes).whole(&item.counts)
        });
        for at in (0..).take(self.items.len()) {
            laying.lines.next_item();
            self.lay_item(&mut laying, at, 0);
            self.lay_item(&mut laying, at, 1);
        }
        laying
    }

    /// All sources of groups in which a source of several channels occurs.
    fn parts(&self, closed: &[bool]) -> Vec<Part> {
        if self.places.iter().all(|place| place.channels.is_empty()) {
            return Vec::new();
        }
        let axes = |item: &Item| [0, 1].map(|axis| (axis, item.nodes[axis], item.nodes[1 - axis]));
        let is_shared = |(_, varying, _): &(usize, u32, u32)| !self.places[*varying as usize].channels.is_empty();
        let groups: HashSet<u32, FixedState> =
            self.items.iter().flat_map(axes).filter(is_shared).map(|(_, _, fixed)| fixed).collect();
        let mut parts = Vec::new();
        for (at, item) in (0..).zip(&self.items) {
            for (axis, varying, fixed) in axes(item) {
                let is_source = self.nodes.list[varying as usize].dimension == Dimension::Source;
                if !is_source || !groups.contains(&fixed) {
                    continue;
                }
                let channels = self.channels(axis, (varying, fixed));
                if !channels.is_empty() {
                    let visitors = item.counts.visitors;
                    let amount = self.measure([fixed, varying]).amount(&item.counts);
                    let (is_shared, is_closed) = (is_shared(&(axis, varying, fixed)), closed[at as usize]);
                    parts.push(Part { item: at, group: fixed, visitors, amount, channels, is_shared, is_closed });
                }
            }
        }
        parts
    }

    /// The channels of a source that occur in its group.
    fn channels(&self, axis: usize, (source, fixed): (u32, u32)) -> Set {
        let place = &self.places[source as usize];
        let find = |node: &u32| self.find(axis, *node, fixed);
        let mut channels: Set = place.channels.iter().filter_map(find).collect();
        channels.extend(place.ancestors.iter().find_map(find));
        channels.sort_unstable();
        channels
    }

    /// The crossing of two nodes, of which one is on an axis. Of two of one family it may be the other one.
    fn find(&self, axis: usize, varying: u32, fixed: u32) -> Option<u32> {
        let nodes = if axis == 0 { [varying, fixed] } else { [fixed, varying] };
        let found = self.by_nodes.get(&nodes).copied();
        let [one, other] = nodes.map(|node| self.nodes.list[node as usize].dimension.family());
        found.or_else(|| self.by_nodes.get(&[nodes[1], nodes[0]]).copied().filter(|_| one == other))
    }

    fn measure(&self, nodes: [u32; 2]) -> Comparison {
        Comparison::of(nodes.map(|node| self.nodes.list[node as usize].dimension))
    }

    /// Puts an item into the lines along one axis.
    fn lay_item(&self, laying: &mut Laying, at: u32, axis: usize) {
        let item = &self.items[at as usize];
        let (varying, fixed) = (item.nodes[axis], item.nodes[1 - axis]);
        let place = &self.places[varying as usize];
        let measure = self.measure([fixed, varying]);
        let amount = measure.amount(&item.counts);
        let top = self.nodes.list[fixed as usize].cell.and_then(|cell| measure.whole(&cell));
        let dimension = self.nodes.list[varying as usize].dimension;
        let spot = Spot { at, axis, group: fixed, dimension, amount, place, top, has_root: true };
        let whole = if place.channels.is_empty() {
            place.ancestors.iter().find_map(|node| self.find(axis, *node, fixed))
        } else {
            None
        };
        laying.put(&spot, whole, |whole| measure.whole(&self.items[whole as usize].counts));
        if let Some(event) = place.event.and_then(|event| self.find(axis, event, fixed)) {
            laying.reach(at, (event, &self.items[event as usize].counts), &item.counts);
        }
        let is_near = place.is_alone && top.is_some_and(|whole| leaves_few(whole, &item.counts, amount, self.k));
        if is_near || place.is_hidden {
            laying.first.push(at);
        }
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
