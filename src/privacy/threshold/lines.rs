//! Folds until every line is safe. Called by the plan, which says what lies in which line; knows neither texts nor
//! dimensions.
//!
//! Items are numbered by visitors, then by value, so that the smallest of a line is its first. Each item is folded once
//! and each membership visited once for it: the work grows with the number of memberships.

mod told;

use std::collections::VecDeque;

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use smallvec::SmallVec;

use super::exposed::Rest;

/// No line.
pub(super) const NONE: u32 = u32::MAX;
/// Sketches are exact up to here …
const EXACT: u64 = 500;
/// … and within one part in so many above.
const ERROR: u64 = 33;

/// In so many ways an item may be divided along one axis.
const WAYS: u8 = 3;

/// How far a count of visitors may be off.
pub(super) fn error(visitors: u64) -> u64 {
    if visitors <= EXACT { 0 } else { visitors.div_ceil(ERROR) }
}

/// What a line adds up to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whole {
    pub visitors: u64,
    /// Events or visits: what its parts add up to as well.
    pub amount: i64,
}

/// Parts of one whole.
#[derive(Clone, Debug)]
struct Line {
    /// `None`: nothing published is the sum of these.
    whole: Option<Whole>,
    /// The item that is the whole, and the axis along which it is divided.
    item: u32,
    axis: usize,
    /// Parts may overlap.
    overlaps: bool,
    /// Parts may lie, along this axis, in items that are no parts of this line: it is of a finer level.
    finer: Option<usize>,
    /// All that the whole has beyond its parts.
    rest: Option<Rest>,
    /// Sum of the parts' amounts.
    amount: i64,
    /// Upper bound of the visitors of all shown members.
    shown: u64,
    folded: u32,
    /// Of these the ones that cannot be subtracted by other ways.
    firm: u32,
    /// Most visitors of a folded part that covers what is folded beside it.
    largest: u64,
    is_queued: bool,
    /// Where to look for the smallest shown part of each kind.
    next: [u32; 2],
}

/// That an item lies in a line.
#[derive(Clone, Copy, Debug)]
struct Member {
    line: u32,
    item: u32,
    /// Nearly all of it can be subtracted by other ways: folded, it covers nothing.
    is_weak: bool,
}

/// Items, lines and what is folded.
#[derive(Debug)]
pub(super) struct Lines {
    k: u64,
    visitors: Vec<u64>,
    lines: Vec<Line>,
    /// In the order of items.
    members: Vec<Member>,
    /// Where each item's memberships begin.
    of_item: Vec<u32>,
    /// Positions in `members`, line by line.
    of_line: Vec<u32>,
    line_begins: Vec<u32>,
    /// For each item and each of two axes: the line of which it is the whole.
    under: [Vec<u32>; 2],
    /// The same for items that are divided along an axis in further ways: (item, axis, way) → line.
    ways: HashMap<(u32, usize, u8), u32, FixedState>,
    /// Item → items that are folded with it.
    bound: HashMap<u32, SmallVec<[u32; 2]>, FixedState>,
    /// Item → the lines of sets of which it is a part of the whole.
    sets: HashMap<u32, SmallVec<[u32; 2]>, FixedState>,
    /// Items that are shown whatever they are.
    fixed: Vec<bool>,
    folded: Vec<bool>,
    stack: Vec<u32>,
    queue: VecDeque<u32>,
}

impl Lines {
    /// No lines yet. `visitors` of each item, ascending.
    pub fn new(visitors: Vec<u64>, k: u64) -> Self {
        let count = visitors.len();
        let under = [vec![NONE; count], vec![NONE; count]];
        Self {
            k,
            lines: Vec::new(),
            members: Vec::with_capacity(2 * count),
            of_item: Vec::with_capacity(count + 1),
            of_line: Vec::new(),
            line_begins: Vec::new(),
            under,
            ways: HashMap::default(),
            bound: HashMap::default(),
            sets: HashMap::default(),
            fixed: vec![false; count],
            folded: vec![false; count],
            stack: Vec::new(),
            queue: VecDeque::new(),
            visitors,
        }
    }

    /// A new line.
    pub fn add(&mut self, whole: Option<Whole>, overlaps: bool) -> u32 {
        let number = u32::try_from(self.lines.len()).unwrap_or(NONE);
        let (amount, shown, folded, firm, largest) = (0, 0, 0, 0, 0);
        let (item, axis, rest, finer, is_queued, next) = (NONE, 0, None, None, false, [0, 0]);
        self.lines.push(Line {
            whole,
            item,
            axis,
            overlaps,
            finer,
            rest,
            amount,
            shown,
            folded,
            firm,
            largest,
            is_queued,
            next,
        });
        number
    }

    /// A new line of one finer level, from the very top.
    pub fn add_finer(&mut self, whole: Option<Whole>, axis: usize) -> u32 {
        let number = self.add(whole, false);
        self.lines[number as usize].finer = Some(axis);
        number
    }

    /// The line of which an item is the whole along an axis; [`NONE`] until there is one.
    pub fn under(&self, axis: usize, way: u8, item: u32) -> u32 {
        match way {
            0 => self.under[axis][item as usize],
            way => self.ways.get(&(item, axis, way)).copied().unwrap_or(NONE),
        }
    }

    /// The item is the whole of the line.
    pub fn set_under(&mut self, (axis, way): (usize, u8), item: u32, line: u32) {
        match way {
            0 => self.under[axis][item as usize] = line,
            way => drop(self.ways.insert((item, axis, way), line)),
        }
        let state = &mut self.lines[line as usize];
        (state.item, state.axis) = (item, axis);
    }

    /// The one is folded when the other is.
    pub fn bind(&mut self, to: u32, item: u32) {
        self.bound.entry(to).or_default().push(item);
    }

    /// A new line of which several items are the whole together.
    pub fn add_set(&mut self, whole: Option<Whole>, items: &[u32]) -> u32 {
        let line = self.add(whole, false);
        for item in items {
            self.sets.entry(*item).or_default().push(line);
        }
        line
    }

    /// All that the whole of the line has beyond its parts lies in one item.
    pub fn set_rest(&mut self, line: u32, rest: Rest) {
        self.lines[line as usize].rest = Some(rest);
    }

    /// The item is shown whatever it is.
    pub fn fix(&mut self, item: u32) {
        self.fixed[item as usize] = true;
    }

    /// Begins the memberships of the next item. Items come in their order.
    pub fn next_item(&mut self) {
        self.of_item.push(u32::try_from(self.members.len()).unwrap_or(NONE));
    }

    /// The item is a part of the line. A weak one covers nothing when it is folded.
    pub fn join(&mut self, line: u32, (item, is_weak): (u32, bool), amount: i64) {
        let visitors = self.visitors[item as usize];
        let state = &mut self.lines[line as usize];
        state.shown += visitors + error(visitors);
        state.amount += amount;
        self.members.push(Member { line, item, is_weak });
    }

    /// Folds `first` and what follows from it; says what is folded.
    pub fn settle(mut self, first: impl IntoIterator<Item = u32>) -> Vec<bool> {
        self.next_item();
        self.index();
        for item in first {
            self.fold(item);
        }
        for line in 0..self.lines.len() {
            self.enqueue(line);
        }
        while !self.queue.is_empty() {
            self.settle_queue();
            // Something coarser may have been folded after all that lies in it: that changes what these lines tell.
            for line in 0..self.lines.len() {
                let may_change = self.lines[line].finer.is_some() || self.lines[line].rest.is_some();
                if may_change && self.is_told(line) && self.next_to_fold(line).is_some() {
                    self.enqueue(line);
                }
            }
        }
        self.folded
    }

    fn settle_queue(&mut self) {
        while let Some(line) = self.queue.pop_front() {
            self.lines[line as usize].is_queued = false;
            while let Some(item) = self.next_to_fold(line as usize) {
                self.fold(item);
            }
        }
    }

    /// Sorts memberships by line, keeping the order of items.
    fn index(&mut self) {
        let mut begins = vec![0_u32; self.lines.len() + 1];
        for member in &self.members {
            begins[member.line as usize + 1] += 1;
        }
        for line in 0..self.lines.len() {
            begins[line + 1] += begins[line];
        }
        let mut next = begins.clone();
        self.of_line = vec![0; self.members.len()];
        for (at, member) in (0..).zip(&self.members) {
            let place = &mut next[member.line as usize];
            self.of_line[*place as usize] = at;
            *place += 1;
        }
        for (line, begin) in self.lines.iter_mut().zip(&begins) {
            line.next = [*begin; 2];
        }
        self.line_begins = begins;
    }

    fn enqueue(&mut self, line: usize) {
        if !std::mem::replace(&mut self.lines[line].is_queued, true) {
            self.queue.push_back(u32::try_from(line).unwrap_or(NONE));
        }
    }

    /// Folds an item and all that lies under it.
    fn fold(&mut self, item: u32) {
        self.stack.push(item);
        while let Some(item) = self.stack.pop() {
            let at = item as usize;
            if std::mem::replace(&mut self.folded[at], true) {
                continue;
            }
            for member in self.of_item[at]..self.of_item[at + 1] {
                self.leave(self.members[member as usize]);
            }
            for axis in 0..2 {
                for way in 0..if self.ways.is_empty() { 1 } else { WAYS } {
                    let line = self.under(axis, way, item);
                    if line != NONE {
                        self.fold_parts(line as usize);
                    }
                }
            }
            self.stack.extend(self.bound.get(&item).into_iter().flatten());
        }
    }

    fn leave(&mut self, member: Member) {
        let visitors = self.visitors[member.item as usize];
        let line = &mut self.lines[member.line as usize];
        line.shown -= visitors + error(visitors);
        line.folded += 1;
        if !member.is_weak {
            line.firm += 1;
            line.largest = line.largest.max(visitors);
        }
        self.enqueue(member.line as usize);
    }

    fn fold_parts(&mut self, line: usize) {
        for place in self.line_begins[line]..self.line_begins[line + 1] {
            self.stack.push(self.members[self.of_line[place as usize] as usize].item);
        }
    }

    /// What must be folded for the line to be safe; `None` when it is.
    fn next_to_fold(&mut self, line: usize) -> Option<u32> {
        let state = &self.lines[line];
        let is_told = self.is_told(line);
        let is_covered = state.largest >= self.k || (state.folded == 0 && !state.is_rest_small(self.k));
        if is_covered && !is_told {
            return None;
        }
        let whole = state.item;
        // What covers nothing is folded only when nothing else is left.
        let next = self.smallest(line, false).or_else(|| self.smallest(line, true));
        // A whole that is nothing but what is folded tells it.
        next.or_else(|| {
            let is_open = |at: usize| !self.fixed[at] && !self.folded[at];
            (is_told && whole != NONE && is_open(whole as usize)).then_some(whole)
        })
    }

    fn smallest(&mut self, line: usize, is_weak: bool) -> Option<u32> {
        let end = self.line_begins[line + 1];
        let next = &mut self.lines[line].next[usize::from(is_weak)];
        while *next < end {
            let member = self.members[self.of_line[*next as usize] as usize];
            if member.is_weak == is_weak && !self.folded[member.item as usize] {
                return Some(member.item);
            }
            *next += 1;
        }
        None
    }
}

impl Line {
    /// Whether the parts are all there is: what is folded is the whole minus what is shown.
    fn has_no_rest(&self) -> bool {
        !self.overlaps && self.whole.is_some_and(|whole| whole.amount == self.amount)
    }

    /// Whether the whole minus what is shown is something, and not proven to hold k visitors. `largest` is below k.
    fn is_rest_small(&self, k: u64) -> bool {
        let Some(whole) = self.whole else { return false };
        let has_rest = self.folded > 0 || whole.amount != self.amount;
        if !has_rest || (self.overlaps && self.amount > whole.amount) {
            return false;
        }
        whole.visitors.saturating_sub(error(whole.visitors)) < self.shown.saturating_add(k)
    }
}
