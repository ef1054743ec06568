//! Lines while they are laid: into which line an item goes. Called by the plans of crossings and of cells; knows the
//! dimensions, folds nothing.

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use smallvec::SmallVec;

use super::lines::{Lines, NONE, Whole, error};
use super::nodes::Counts;
use super::several::{Part, Shared};
use super::tree::Place;
use crate::model::Dimension;

/// An item in the order the lines want.
pub(super) struct Item {
    pub counts: Counts,
    /// Ordered by family, so that equal axes mean equal families. A cell has one node twice.
    pub nodes: [u32; 2],
    /// Position in the table.
    pub at: u32,
}

pub(super) fn scatter(items: &[Item], folded: &[bool]) -> Vec<bool> {
    let mut by_position = vec![false; items.len()];
    for (item, folded) in items.iter().zip(folded) {
        by_position[item.at as usize] = *folded;
    }
    by_position
}

/// Lines while they are laid.
pub(super) struct Laying {
    pub lines: Lines,
    /// (fixed node, name of the line) → line.
    roots: HashMap<(u32, u32), u32, FixedState>,
    shared: Shared,
    /// What is folded to begin with.
    pub first: Vec<u32>,
    k: u64,
}

/// An item along one axis.
pub(super) struct Spot<'p> {
    pub at: u32,
    pub axis: usize,
    /// What the item is combined with: the fixed node.
    pub group: u32,
    /// Of its value on this axis.
    pub dimension: Dimension,
    pub amount: i64,
    pub place: &'p Place,
    /// What the fixed node comes to.
    pub top: Option<Whole>,
    /// Whether the coarsest values are held to each other.
    pub has_root: bool,
}

impl Laying {
    /// No lines yet. `visitors` of each item, ascending.
    pub fn new(visitors: Vec<u64>, k: u64) -> Self {
        let (lines, shared) = (Lines::new(visitors, k), Shared::default());
        Self { lines, roots: HashMap::default(), shared, first: Vec::new(), k }
    }

    /// Adds the lines of sources of several channels, before any item is put.
    pub fn share(&mut self, parts: &[Part], whole_of: impl Fn(u32) -> Option<Whole>) {
        self.shared = Shared::of(parts, whole_of, (&mut self.lines, self.k));
        self.first.append(&mut self.shared.hidden);
    }

    /// Puts an item into the lines along one axis. `whole`: the next coarser item, if there is one.
    pub fn put(&mut self, spot: &Spot<'_>, whole: Option<u32>, whole_of: impl Fn(u32) -> Option<Whole>) {
        let Spot { at, axis, group, dimension, amount, place, top, has_root } = *spot;
        let wholes = if place.channels.is_empty() { whole.as_slice() } else { self.shared.inside(at) };
        let (first, count) = (wholes.first().copied(), wholes.len());
        let sets: SmallVec<[u32; 4]> = match dimension {
            Dimension::Source => self.shared.lines(group, wholes).collect(),
            _ => SmallVec::new(),
        };
        let is_part = place.tree.is_some() || place.way > 0;
        let line = match (place.tree, first) {
            (_, Some(whole)) if count == 1 && is_part => Some(self.under((axis, place.way), whole, whole_of(whole))),
            (Some(tree), None) if has_root => Some(self.root((group, tree), top, place.is_alone)),
            _ => None,
        };
        if let Some(line) = line {
            let is_weak = dimension == Dimension::Channel && self.shared.is_weak(at);
            self.lines.join(line, (at, is_weak), amount);
        }
        if let Some(flat) = place.flat {
            let line = *self.roots.entry((group, flat)).or_insert_with(|| self.lines.add_finer(top, axis));
            self.lines.join(line, (at, false), amount);
        }
        for line in sets {
            self.lines.join(line, (at, false), amount);
        }
        for (channel, rest) in self.shared.rests_of(at) {
            let line = self.under((axis, 0), channel, whole_of(channel));
            self.lines.set_rest(line, rest);
        }
    }

    /// Folds what must be folded.
    pub fn settle(self) -> Vec<bool> {
        self.lines.settle(self.first)
    }

    /// A goal lies in the event that reaches it: it is folded with that, and when it leaves few of its visitors.
    pub fn reach(&mut self, at: u32, event: (u32, &Counts), goal: &Counts) {
        self.lines.bind(event.0, at);
        let whole = Comparison::Events.whole(event.1);
        if whole.is_some_and(|whole| leaves_few(whole, goal, goal.events, self.k)) {
            self.first.push(at);
        }
    }

    fn under(&mut self, (axis, way): (usize, u8), whole: u32, counts: Option<Whole>) -> u32 {
        let known = self.lines.under(axis, way, whole);
        if known != NONE {
            return known;
        }
        let line = self.lines.add(counts, false);
        self.lines.set_under((axis, way), whole, line);
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
