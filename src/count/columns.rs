//! What was taken in for the crossings of a commit, in columns by dimension.
//!
//! Filled by [`super::cross`], read by [`super::rows`]. Within a dimension, items have small numbers of their own, in
//! order of appearance: tables over them are short.

use super::alike::Member;
use super::items::NONE;
use crate::model::Dimension;

const DIMENSIONS: usize = Dimension::ALL.len();
/// Parts of which a column keeps the space.
const KEPT_PARTS: usize = 16_384;

/// The position of measures, and the number of a visitor or [`NONE`].
pub(super) type Share = (u32, u32);

/// What an item gets from a run: all of its crossings with what is common to the run get that.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub own: u32,
    /// The run; in a record of a single pair, the other one of the pair.
    pub other: u32,
    pub share: Share,
}

/// A dimension's items.
#[derive(Default)]
struct Column {
    /// By own number.
    items: Vec<u32>,
    /// For each run, the own number of what all its entries have.
    common: Vec<u32>,
    /// What only some entries of a run have, and what they have beside a first one.
    rest: Vec<Part>,
}

/// The columns of a commit.
pub(super) struct Columns {
    columns: Vec<Column>,
    /// What runs add, by run.
    runs: Vec<Share>,
    /// Single pairs, by both dimensions in wire order.
    pairs: Vec<Vec<Part>>,
    /// By item, its own number in its dimension.
    numbers: Vec<u32>,
    /// Additions to crossings, estimated.
    records: usize,
    commons: usize,
}

impl Default for Columns {
    fn default() -> Self {
        Self {
            columns: (0..DIMENSIONS).map(|_| Column::default()).collect(),
            runs: Vec::new(),
            pairs: (0..DIMENSIONS * DIMENSIONS).map(|_| Vec::new()).collect(),
            numbers: Vec::new(),
            records: 0,
            commons: 0,
        }
    }
}

impl Columns {
    /// Begins a run, in which everything common gets this.
    pub fn run(&mut self, share: Share) -> u32 {
        self.runs.push(share);
        self.commons = 0;
        self.runs.len() as u32 - 1
    }

    /// Takes in what all entries of the last run have. Returns whether it is the first of its dimension; others are not
    /// taken in.
    pub fn common(&mut self, run: u32, member: &Member) -> bool {
        let number = self.number(member.item, member.dimension);
        let column = &mut self.columns[member.dimension as usize].common;
        if column.len() > run as usize {
            return false;
        }
        column.resize(run as usize, NONE);
        column.push(number);
        self.records += self.commons;
        self.commons += 1;
        true
    }

    /// Takes in what some entries of the last run have.
    pub fn rest(&mut self, run: u32, member: &Member, share: Share) {
        let own = self.number(member.item, member.dimension);
        self.columns[member.dimension as usize].rest.push(Part { own, other: run, share });
        self.records += self.commons;
    }

    /// Takes in a single pair.
    pub fn pair(&mut self, one: (u32, Dimension), other: (u32, Dimension), share: Share) {
        let (one, other) = if one.1 <= other.1 { (one, other) } else { (other, one) };
        let part = Part { own: self.number(one.0, one.1), other: self.number(other.0, other.1), share };
        self.pairs[one.1 as usize * DIMENSIONS + other.1 as usize].push(part);
        self.records += 1;
    }

    /// How many additions to crossings are held.
    pub fn records(&self) -> usize {
        self.records
    }

    /// Dimensions that have items, in wire order.
    pub fn dimensions(&self) -> Vec<Dimension> {
        Dimension::ALL.into_iter().filter(|of| !self.items(*of).is_empty()).collect()
    }

    /// The items of a dimension, by own number.
    pub fn items(&self, dimension: Dimension) -> &[u32] {
        &self.columns[dimension as usize].items
    }

    /// For each run, what all its entries have; runs at the end that have nothing may be missing.
    pub fn commons(&self, dimension: Dimension) -> &[u32] {
        &self.columns[dimension as usize].common
    }

    /// What only some entries of runs have.
    pub fn rests(&self, dimension: Dimension) -> &[Part] {
        &self.columns[dimension as usize].rest
    }

    /// Everything of a dimension: what is common to runs, and the rest.
    pub fn parts(&self, dimension: Dimension) -> impl Iterator<Item = Part> + Clone {
        let common = self.commons(dimension).iter().zip(&self.runs).zip(0..);
        let common = common.filter(|((own, _), _)| **own != NONE);
        let common = common.map(|((own, share), run)| Part { own: *own, other: run, share: *share });
        common.chain(self.rests(dimension).iter().copied())
    }

    /// Single pairs of `major` and `minor`, seen from `major`: those taken in as such, and those of what only some
    /// entries have under `minor` with what is common under `major`.
    pub fn singles(&self, major: Dimension, minor: Dimension) -> impl Iterator<Item = Part> + Clone {
        let in_order = major <= minor;
        let (one, other) = if in_order { (major, minor) } else { (minor, major) };
        let pairs = self.pairs[one as usize * DIMENSIONS + other as usize].iter();
        let pairs = pairs.map(move |part| if in_order { *part } else { part.turned(part.other) });
        let commons = self.commons(major);
        let rest = self.rests(minor).iter().filter_map(|part| {
            let common = commons.get(part.other as usize).copied().filter(|common| *common != NONE)?;
            Some(part.turned(common))
        });
        pairs.chain(rest)
    }

    /// Forgets everything. Space of a large window is given back, that of ordinary ones kept.
    pub fn clear(&mut self) {
        for column in &mut self.columns {
            column.items.drain(..).for_each(|item| self.numbers[item as usize] = NONE);
            column.common.clear();
            column.rest.clear();
            column.rest.shrink_to(KEPT_PARTS);
        }
        for pairs in &mut self.pairs {
            pairs.clear();
            pairs.shrink_to(KEPT_PARTS);
        }
        self.runs.clear();
        self.records = 0;
    }

    fn number(&mut self, item: u32, dimension: Dimension) -> u32 {
        if self.numbers.len() <= item as usize {
            self.numbers.resize(item as usize + 1, NONE);
        }
        let number = &mut self.numbers[item as usize];
        if *number == NONE {
            let items = &mut self.columns[dimension as usize].items;
            *number = items.len() as u32;
            items.push(item);
        }
        *number
    }
}

impl Part {
    /// The same, seen from the other one of the pair.
    fn turned(self, own: u32) -> Self {
        Self { own, other: self.own, share: self.share }
    }
}
