//! The values of a table as small numbers: one node for each (dimension, value). Called by the plan and the tree; knows no
//! rule.

use super::{CellEntry, CrossingEntry, PairTable};
use crate::model::Dimension;

/// No node.
const NONE: u32 = u32::MAX;

/// A value of a dimension.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub dimension: Dimension,
    /// Position of the text.
    pub value: u32,
    /// Its cell; values that occur in crossings only (steps of journeys) have none.
    pub cell: Option<Counts>,
}

/// What the rules look at.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub visitors: u64,
    pub pageviews: i64,
    pub events: i64,
    pub visits: i64,
}

impl Counts {
    /// Of a cell.
    pub fn of_cell(cell: &CellEntry) -> Self {
        let CellEntry { visitors, pageviews, events, visits, .. } = *cell;
        Self { visitors, pageviews, events, visits }.at_most_visits(cell.dimension == Dimension::ExitPage)
    }

    /// Of a crossing.
    pub fn of_crossing(crossing: &CrossingEntry) -> Self {
        let CrossingEntry { visitors, pageviews, events, visits, .. } = *crossing;
        Self { visitors, pageviews, events, visits }
    }

    /// The sketch of an exit page also holds visitors whose visit went on: at most its visits count.
    fn at_most_visits(mut self, is_exit: bool) -> Self {
        if is_exit {
            self.visitors = self.visitors.min(u64::try_from(self.visits).unwrap_or(0));
        }
        self
    }
}

/// Every node of a table.
pub(super) struct Nodes {
    pub list: Vec<Node>,
    /// For each dimension that occurs: text → node.
    places: [Vec<u32>; Dimension::ALL.len()],
    texts: usize,
}

impl Nodes {
    /// One node for each value of a cell or a crossing. Cells come first, in their order.
    pub fn of(table: &PairTable<'_>) -> Self {
        let places = std::array::from_fn(|_| Vec::new());
        let mut nodes = Self { list: Vec::with_capacity(table.cells.len()), places, texts: table.texts.len() };
        for cell in table.cells {
            let node = nodes.put(cell.dimension, cell.value);
            nodes.list[node as usize].cell = Some(Counts::of_cell(cell));
        }
        for crossing in table.crossings {
            nodes.put(crossing.dimensions[0], crossing.values[0]);
            nodes.put(crossing.dimensions[1], crossing.values[1]);
        }
        nodes
    }

    fn put(&mut self, dimension: Dimension, value: u32) -> u32 {
        let places = &mut self.places[dimension as usize];
        if places.is_empty() {
            places.resize(self.texts, NONE);
        }
        let place = &mut places[value as usize];
        if *place == NONE {
            *place = u32::try_from(self.list.len()).unwrap_or(NONE);
            self.list.push(Node { dimension, value, cell: None });
        }
        *place
    }

    /// The node of a value.
    pub fn find(&self, dimension: Dimension, value: u32) -> Option<u32> {
        self.places[dimension as usize].get(value as usize).copied().filter(|node| *node != NONE)
    }

    /// Position of each text in the order of texts: ties are broken by value, whatever the order of the input.
    pub fn ranks(texts: &[Box<str>]) -> Vec<u32> {
        let mut order: Vec<u32> = (0..).take(texts.len()).collect();
        order.sort_unstable_by(|a, b| texts[*a as usize].cmp(&texts[*b as usize]));
        let mut ranks = vec![0; texts.len()];
        for (rank, text) in (0..).zip(order) {
            ranks[text as usize] = rank;
        }
        ranks
    }
}
