//! Sources of several channels: parts of what these channels have together, of none of them alone. Called by the plans;
//! says in which lines such a source lies. Knows neither texts nor dimensions.
//!
//! Shown sources of several channels can be subtracted from all of their channels together, and so on: from each *set* of
//! channels that such sources tie together. Each set is a line: its sources are the parts, its channels the whole. A
//! channel alone is a line of the sources it has for itself, as ever; the others are its rest.

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};
use smallvec::SmallVec;

use super::exposed::{self, Channels, Rest};
use super::lines::{Lines, Whole, error};

/// Most sets of one group. Beyond them the sources that tie channels together are not shown.
const MOST_SETS: usize = 32;

/// Items of channels, sorted.
pub(super) type Set = SmallVec<[u32; 4]>;

/// A source among the events of a group.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub item: u32,
    /// The group: what is combined with it.
    pub group: u32,
    pub visitors: u64,
    pub amount: i64,
    /// The items of its channels in the group.
    pub channels: Set,
    /// Elsewhere it has several channels.
    pub is_shared: bool,
    /// It is never shown.
    pub is_closed: bool,
}

/// What follows from sources of several channels.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// Group → sets of channels and their lines.
    sets: HashMap<u32, Vec<(Set, u32)>, FixedState>,
    /// Source of several channels → those of them it may lie in.
    inside: HashMap<u32, Set, FixedState>,
    /// Channels of which sources of several channels leave few visitors.
    weak: HashSet<u32, FixedState>,
    /// Channel → the only source of several channels that lies in it.
    rests: HashMap<u32, Rest, FixedState>,
    /// Sources that are not shown.
    pub hidden: Vec<u32>,
}

/// What the sources that one channel has for itself come to.
#[derive(Clone, Copy, Default)]
pub(super) struct Own {
    pub amount: i64,
    /// Most they can have together.
    pub visitors: u64,
    largest: u64,
}

impl Shared {
    /// Of all sources of the groups in which a source of several channels occurs, in the order of items. `whole_of` an item
    /// of a channel. Adds lines.
    pub fn of(parts: &[Part], whole_of: impl Fn(u32) -> Option<Whole>, (lines, k): (&mut Lines, u64)) -> Self {
        let mut shared = Self::default();
        let mut own: HashMap<u32, Own, FixedState> = HashMap::default();
        for part in parts {
            if let [channel] = part.channels[..] {
                own.entry(channel).or_default().add(part);
            }
        }
        // A channel that is nothing but its own sources has none of the others.
        let has_rest = |channel: &u32| {
            let own = own.get(channel).copied().unwrap_or_default();
            whole_of(*channel).is_none_or(|whole| whole.amount != own.amount)
        };
        let mut narrowed: HashMap<u32, Own, FixedState> = HashMap::default();
        let mut burden: HashMap<u32, u64, FixedState> = HashMap::default();
        let mut groups: Vec<(u32, Vec<&Part>)> = Vec::new();
        let mut positions: HashMap<u32, usize, FixedState> = HashMap::default();
        for part in parts.iter().filter(|part| part.is_shared) {
            let mut inside: Set = part.channels.iter().copied().filter(has_rest).collect();
            if inside.is_empty() || part.channels.len() == 1 {
                inside = part.channels.clone();
            }
            if let [channel] = inside[..]
                && part.channels.len() > 1
            {
                narrowed.entry(channel).or_default().add(part);
            }
            if inside.len() > 1 {
                let position = *positions.entry(part.group).or_insert(groups.len());
                if position == groups.len() {
                    groups.push((part.group, Vec::new()));
                }
                groups[position].1.push(part);
            }
            if inside.len() > 1 && !part.is_closed {
                for channel in &inside {
                    *burden.entry(*channel).or_default() += part.visitors + error(part.visitors);
                }
            }
            shared.inside.insert(part.item, inside);
        }
        for (group, parts) in groups {
            shared.put_sets(group, &parts, (&whole_of, lines));
            let own_of = |channel: &u32| {
                let mut all = own.get(channel).copied().unwrap_or_default();
                all.join(narrowed.get(channel).copied().unwrap_or_default());
                all
            };
            shared.put_rests(group, &parts, (&whole_of, own_of), (lines, k));
        }
        let leaves_few = |(channel, burden): &(&u32, &u64)| {
            let visitors = whole_of(**channel).map_or(0, |whole| whole.visitors);
            let left = visitors.saturating_sub(error(visitors)).saturating_sub(**burden);
            left.max(own.get(*channel).map_or(0, |own| own.largest)) < k
        };
        shared.weak = burden.iter().filter(leaves_few).map(|(channel, _)| *channel).collect();
        shared
    }

    fn put_sets(
        &mut self,
        group: u32,
        parts: &[&Part],
        (whole_of, lines): (impl Fn(u32) -> Option<Whole>, &mut Lines),
    ) {
        let mut sets: Vec<Set> = Vec::new();
        for part in parts.iter().filter(|part| !part.is_closed) {
            let inside = &self.inside[&part.item];
            if !sets.contains(inside) {
                sets.push(inside.clone());
            }
        }
        let Some(sets) = unions(&sets) else {
            self.hidden.extend(parts.iter().filter(|part| !part.is_closed).map(|part| part.item));
            return;
        };
        let line = |set: Set| {
            let line = lines.add_set(together(set.iter().map(|channel| whole_of(*channel))), &set);
            (set, line)
        };
        self.sets.insert(group, sets.into_iter().map(line).collect());
    }

    /// Finds channels and sets whose rest is known to be of one source.
    fn put_rests(
        &mut self,
        group: u32,
        parts: &[&Part],
        (whole_of, own_of): (impl Fn(u32) -> Option<Whole>, impl Fn(&u32) -> Own),
        (lines, k): (&mut Lines, u64),
    ) {
        let parts: Vec<(&Part, &Set)> = parts.iter().map(|part| (*part, &self.inside[&part.item])).collect();
        let mut single: Vec<u32> = parts.iter().flat_map(|(_, inside)| inside.iter().copied()).collect();
        single.sort_unstable();
        single.dedup();
        let sets: &[(Set, u32)] = self.sets.get(&group).map_or(&[], |sets| sets);
        let tied = |items: Set| {
            let whole_of = |channel: &u32| whole_of(*channel).filter(|whole| whole.visitors >= k);
            let whole = together(items.iter().map(whole_of));
            let mut own = Own::default();
            items.iter().for_each(|channel| own.join(own_of(channel)));
            Channels { items, whole, own }
        };
        let all =
            single.iter().map(|channel| Set::from_slice(&[*channel])).chain(sets.iter().map(|(set, _)| set.clone()));
        let all: Vec<Channels> = all.map(tied).collect();
        let rests = exposed::rests(&all, &parts, k);
        for (channel, rest) in single.iter().zip(&rests) {
            self.rests.extend(rest.map(|rest| (*channel, rest)));
        }
        for ((_, line), rest) in sets.iter().zip(&rests[single.len()..]) {
            rest.inspect(|rest| lines.set_rest(*line, *rest));
        }
    }

    /// Channels of a source of several in which nothing but it lies partly.
    pub fn rests_of(&self, item: u32) -> SmallVec<[(u32, Rest); 4]> {
        let rests = self.inside(item).iter().filter_map(|channel| Some((*channel, *self.rests.get(channel)?)));
        rests.filter(|(_, rest)| rest.source == item).collect()
    }

    /// Of the channels of a source of several those it may lie in. Empty when they do not occur.
    pub fn inside(&self, item: u32) -> &[u32] {
        self.inside.get(&item).map_or(&[], |inside| inside)
    }

    /// The lines of sets that a source of these channels lies in.
    pub fn lines(&self, group: u32, channels: &[u32]) -> impl Iterator<Item = u32> {
        let sets = self.sets.get(&group).filter(|_| !channels.is_empty());
        let holds = |set: &Set| channels.iter().all(|channel| set.contains(channel));
        sets.into_iter().flatten().filter(move |(set, _)| holds(set)).map(|(_, line)| *line)
    }

    /// Whether the sources of several channels leave few visitors of a channel.
    pub fn is_weak(&self, channel: u32) -> bool {
        self.weak.contains(&channel)
    }
}

impl Own {
    pub fn add(&mut self, part: &Part) {
        self.amount += part.amount;
        self.visitors += part.visitors + error(part.visitors);
        self.largest = self.largest.max(part.visitors);
    }

    fn join(&mut self, other: Self) {
        self.amount += other.amount;
        self.visitors += other.visitors;
        self.largest = self.largest.max(other.largest);
    }
}

/// What channels have together. A visitor may be in several: at least as many as the largest has.
fn together(wholes: impl Iterator<Item = Option<Whole>>) -> Option<Whole> {
    wholes.reduce(|one, other| {
        let (one, other) = (one?, other?);
        Some(Whole { visitors: one.visitors.max(other.visitors), amount: one.amount + other.amount })
    })?
}

/// Every union of sets that overlap; `None` when there are too many.
fn unions(sets: &[Set]) -> Option<Vec<Set>> {
    let mut found = sets.to_vec();
    let mut at = 0;
    while at < found.len() {
        for set in sets {
            let overlaps = set.iter().any(|channel| found[at].contains(channel));
            let mut joined: Set = found[at].iter().chain(set).copied().collect();
            joined.sort_unstable();
            joined.dedup();
            if overlaps && !found.contains(&joined) {
                found.push(joined);
            }
        }
        if found.len() > MOST_SETS {
            return None;
        }
        at += 1;
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sets<const N: usize>(of: [&[u32]; N]) -> Vec<Set> {
        of.into_iter().map(SmallVec::from_slice).collect()
    }

    #[test]
    fn sets_that_overlap_are_joined_and_others_stay_apart() {
        let all = unions(&sets([&[1, 2], &[2, 3], &[7, 8]]));
        assert_eq!(all, Some(sets([&[1, 2], &[2, 3], &[7, 8], &[1, 2, 3]])));
    }

    #[test]
    fn too_many_sets_are_none() {
        let pairs: Vec<Set> = (0..8).flat_map(|a| (a + 1..8).map(move |b| SmallVec::from_slice(&[a, b]))).collect();
        assert_eq!(unions(&pairs), None);
    }
}
