//! The check of the rules' promise, by brute force: from events with full knowledge of who did what. Tests only.

mod combined;
mod levels;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use self::levels::{Line, is_inside, is_known_within, is_unclean, lines_of_channels, refines, way};
use super::{CellEntry, CrossingEntry, PairTable, Tie, folded_cells, folded_crossings};
use crate::model::Dimension;

/// A set of events, one bit each.
pub(super) type Set = u128;

/// What one event is counted under.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub visitor: usize,
    pub is_view: bool,
    pub attributes: Vec<(Dimension, String)>,
}

pub(super) type Value = (Dimension, String);

/// Events of a site-day, and which of them each cell and crossing counts.
pub(super) struct World {
    events: Vec<Event>,
    pub cells: BTreeMap<Value, Set>,
    pub crossings: BTreeMap<[Value; 2], Set>,
}

impl World {
    /// Counts events; crossings between the dimensions of `one` and those of `other`.
    pub fn of(events: Vec<Event>, one: &[Dimension], other: &[Dimension]) -> Self {
        assert!(events.len() <= Set::BITS as usize);
        let (mut cells, mut crossings) = (BTreeMap::new(), BTreeMap::new());
        for (bit, event) in events.iter().enumerate() {
            let bit: Set = 1 << bit;
            *cells.entry((Dimension::Total, String::new())).or_default() |= bit;
            for a in &event.attributes {
                *cells.entry(a.clone()).or_default() |= bit;
                for b in &event.attributes {
                    let is_wanted =
                        (one.contains(&a.0) && other.contains(&b.0)) || (one.contains(&b.0) && other.contains(&a.0));
                    if a.0 < b.0 && is_wanted && a.0.crosses(b.0) && b.1 != "pageview" && a.1 != "pageview" {
                        *crossings.entry([a.clone(), b.clone()]).or_default() |= bit;
                    }
                }
            }
        }
        Self { events, cells, crossings }
    }

    /// How many visitors a set of events comes from.
    pub fn visitors(&self, set: Set) -> u64 {
        let of = |bit: &usize| set >> bit & 1 == 1;
        let who: BTreeSet<usize> = (0..self.events.len()).filter(of).map(|bit| self.events[bit].visitor).collect();
        who.len() as u64
    }

    /// The events that are no page views.
    fn features(&self) -> Set {
        let feature = |(bit, event): (usize, &Event)| if event.is_view { 0 } else { 1 << bit };
        self.events.iter().enumerate().map(feature).fold(0, |all, bit| all | bit)
    }

    /// Runs the rules; what is shown.
    pub fn shown(&self, k: u32, strict: bool) -> Shown {
        let mut texts: Vec<Box<str>> = Vec::new();
        let mut text = |value: &str| {
            let at = texts.iter().position(|known| **known == *value).unwrap_or_else(|| {
                texts.push(value.into());
                texts.len() - 1
            });
            at as u32
        };
        let count = |set: &Set| {
            (self.visitors(*set), i64::from(set.count_ones()), i64::from((set & !self.features()).count_ones()))
        };
        let cells: Vec<CellEntry> = self
            .cells
            .iter()
            .map(|((dimension, value), set)| {
                let (visitors, events, pageviews) = count(set);
                CellEntry { dimension: *dimension, value: text(value), visitors, events, pageviews, visits: 0 }
            })
            .collect();
        let crossings: Vec<CrossingEntry> = self
            .crossings
            .iter()
            .map(|([a, b], set)| {
                let (visitors, events, pageviews) = count(set);
                CrossingEntry {
                    dimensions: [a.0, b.0],
                    values: [text(&a.1), text(&b.1)],
                    visitors,
                    events,
                    pageviews,
                    visits: 0,
                }
            })
            .collect();
        let mut ties = Vec::new();
        for event in &self.events {
            // Page views are crossed with nothing: nobody says that a goal lies in them.
            let crossed = || event.attributes.iter().filter(|(_, value)| value != "pageview");
            for (one, other) in crossed().flat_map(|one| crossed().map(move |other| (one, other))) {
                if one.0 < other.0 {
                    ties.extend(Tie::between([one.0, other.0], [text(&one.1), text(&other.1)]));
                }
            }
        }
        let table = PairTable { texts: &texts, cells: &cells, crossings: &crossings, ties: &ties, strict };
        let keep = |folded: Vec<bool>| folded.into_iter().map(|folded| !folded).collect::<Vec<bool>>();
        let (cells, crossings) = (keep(folded_cells(&table, k)), keep(folded_crossings(&table, k)));
        Shown {
            cells: self.cells.keys().cloned().zip(cells).collect(),
            crossings: self.crossings.keys().cloned().zip(crossings).collect(),
        }
    }
}

/// Whether each cell and crossing is shown.
pub(super) struct Shown {
    pub cells: HashMap<Value, bool>,
    pub crossings: HashMap<[Value; 2], bool>,
}

/// A published group: a pair of values; `None` where nothing is asked for.
type Group = [Option<Value>; 2];

/// The check of one world: no published group minus published descendants is a few people's.
pub(super) struct Check<'t> {
    world: &'t World,
    shown: &'t Shown,
    k: u64,
    families: [Vec<Dimension>; 2],
    /// Whether small cells are folded in every dimension.
    is_strict: bool,
    small: HashMap<Group, BTreeSet<Set>>,
}

impl<'t> Check<'t> {
    pub fn new(world: &'t World, shown: &'t Shown, (k, is_strict): (u32, bool), families: [&[Dimension]; 2]) -> Self {
        let families = families.map(<[_]>::to_vec);
        Self { world, shown, k: k.into(), families, is_strict, small: HashMap::new() }
    }

    /// Every published group of the table that is no small cell.
    pub fn groups(&self) -> Vec<Group> {
        let is_large = |group: &Group| self.world.visitors(self.look(group).expect("occurs").0) >= self.k;
        self.published().into_iter().filter(is_large).collect()
    }

    /// Every published group of the table.
    fn published(&self) -> Vec<Group> {
        let crossings = self.shown.crossings.iter().filter(|(_, shown)| **shown).map(|(pair, _)| self.group(pair));
        let cells = self.shown.cells.iter().filter(|(_, shown)| **shown).flat_map(|(value, _)| {
            let sides = [0, 1].into_iter().filter(|side| self.families[*side].contains(&value.0));
            sides.map(|side| if side == 0 { [Some(value.clone()), None] } else { [None, Some(value.clone())] })
        });
        crossings.chain(cells).chain(self.is_strict.then_some([None, None])).collect()
    }

    fn group(&self, [a, b]: &[Value; 2]) -> Group {
        if self.families[0].contains(&a.0) && self.families[1].contains(&b.0) {
            return [Some(a.clone()), Some(b.clone())];
        }
        [Some(b.clone()), Some(a.clone())]
    }

    /// Events and whether they are shown; `None` when the group does not occur.
    fn look(&self, group: &Group) -> Option<(Set, bool)> {
        match group {
            [None, None] => Some((self.world.cells[&(Dimension::Total, String::new())], true)),
            [Some(one), None] | [None, Some(one)] => Some((*self.world.cells.get(one)?, self.shown.cells[one])),
            [Some(one), Some(other)] => {
                let mut pair = [one.clone(), other.clone()];
                pair.sort();
                Some((*self.world.crossings.get(&pair)?, self.shown.crossings[&pair]))
            }
        }
    }

    /// All that can be left of a published group by subtracting published descendants, as far as it comes from fewer
    /// than k visitors. What is left only grows with each part that is not subtracted, so that nothing is missed.
    pub fn left_overs(&mut self, group: &Group) -> BTreeSet<Set> {
        if let Some(known) = self.small.get(group) {
            return known.clone();
        }
        let mut found = BTreeSet::new();
        for axis in 0..2 {
            // Small cells of most dimensions are published: nothing is promised of their differences.
            if !self.is_strict && group[1 - axis].is_none() && !self.families[axis].contains(&Dimension::City) {
                continue;
            }
            for line in self.lines(group, axis) {
                found.extend(self.left_of_line(group, axis, &line.values));
            }
        }
        self.small.insert(group.clone(), found.clone());
        found
    }

    fn left_of_line(&mut self, group: &Group, axis: usize, line: &[Value]) -> BTreeSet<Set> {
        let mut whole = self.look(group).expect("occurs").0;
        if line.iter().any(|value| value.0 == Dimension::Event) {
            whole &= self.world.features();
        }
        let mut rest = whole;
        let mut choices: Vec<BTreeSet<Set>> = Vec::new();
        for value in line {
            let mut part = group.clone();
            part[axis] = Some(value.clone());
            let (set, is_shown) = self.look(&part).expect("occurs");
            assert_eq!(set & !whole, 0, "{value:?} is no part");
            rest &= !set;
            let mut choice = BTreeSet::from([set]);
            if is_shown {
                choice.insert(0);
                choice.extend(self.left_overs(&part));
            } else {
                assert_eq!(self.published_below(&part), None, "below {part:?}");
            }
            choices.push(choice);
        }
        let mut left = BTreeSet::from([rest]);
        left.retain(|left| self.world.visitors(*left) < self.k);
        for choice in choices {
            left = left.iter().flat_map(|left| choice.iter().map(move |more| left | more)).collect();
            left.retain(|left| self.world.visitors(*left) < self.k);
        }
        // Nothing was subtracted: how many of a group's events are features every group says itself.
        left.remove(&whole);
        left
    }

    /// A published crossing that refines a folded group.
    fn published_below(&self, group: &Group) -> Option<Group> {
        let is_below = |found: &Group| {
            (0..2).all(|axis| match (&group[axis], &found[axis]) {
                (None, _) => true,
                (Some(coarse), Some(fine)) => {
                    coarse == fine || refines(fine, coarse) || is_known_within(fine, coarse, self.world)
                }
                (Some(_), None) => false,
            })
        };
        let shown = self.shown.crossings.iter().filter(|(_, shown)| **shown);
        shown.map(|(pair, _)| self.group(pair)).find(|found| found != group && is_below(found))
    }

    /// The lines of a group along an axis: the values next below it, and every level of its own from the top.
    fn lines(&self, group: &Group, axis: usize) -> Vec<Line> {
        let mut occurring = Vec::new();
        for value in self.world.cells.keys().filter(|value| self.families[axis].contains(&value.0)) {
            let mut part = group.clone();
            part[axis] = Some(value.clone());
            // Every group says how many page views it has.
            if self.look(&part).is_some() && part != *group && value.1 != "pageview" {
                occurring.push((value.clone(), self.look(&part).expect("occurs").0));
            }
        }
        let whole = self.look(group).expect("occurs").0;
        let is_below = |(fine, set): &(Value, Set), coarse: &Value, of: Set| match fine.0 {
            // Of several channels, it lies in none of them alone.
            Dimension::Source | Dimension::Referrer | Dimension::UtmSource | Dimension::Goal => {
                is_known_within(fine, coarse, self.world)
            }
            _ => refines(fine, coarse) || (is_inside(fine, coarse) && set & !of == 0),
        };
        let clean = |value: &Value| !is_unclean(value, self.world);
        let below: Vec<&(Value, Set)> = match &group[axis] {
            Some(coarse) => occurring.iter().filter(|part| is_below(part, coarse, whole)).collect(),
            None => occurring.iter().filter(|part| clean(&part.0)).collect(),
        };
        let is_direct = |part: &&&(Value, Set)| {
            !below.iter().any(|(between, set)| *between != part.0 && is_below(part, between, *set))
        };
        let direct: Vec<Value> = below.iter().filter(is_direct).map(|(value, _)| value.clone()).collect();
        // Hosts and tags divide a source in two ways.
        let ways: BTreeSet<Option<Dimension>> = direct.iter().map(|value| way(value.0)).collect();
        let of_way = |of: &Option<Dimension>| direct.iter().filter(|value| way(value.0) == *of).cloned().collect();
        let mut lines: Vec<Line> = ways.iter().map(|way| Line::of(of_way(way))).collect();
        if group[axis].is_none() {
            let levels = self.families[axis].iter().filter(|dimension| **dimension != Dimension::Section);
            lines.extend(levels.map(|level| {
                Line::of(occurring.iter().map(|(value, _)| value.clone()).filter(|value| value.0 == *level).collect())
            }));
        }
        if group[axis].is_none() && self.families[axis].contains(&Dimension::Source) {
            lines.extend(lines_of_channels(self.world, &occurring));
        }
        // Goals overlap.
        let apart = |line: Line| match line.values.first() {
            Some((Dimension::Goal, _)) => line.values.into_iter().map(|goal| Line::of(vec![goal])).collect(),
            _ => vec![line],
        };
        lines.into_iter().flat_map(apart).collect()
    }
}
