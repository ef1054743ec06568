//! Which attributes, and which pairs of them, a visit has had already: the first of each counts as a visit.
//!
//! Owned by a visit. Kept are the attributes of its first event and, for each later kind of event, what it had more and
//! what it lacked; items are compared, texts never seen.

/// Kinds of events a visit remembers; what comes new after that many begins no count of visits any more.
const MAX_KINDS: usize = 128;

/// What an event brought into its visit.
#[derive(Default)]
pub(super) struct Novel {
    /// Items that came for the first time.
    pub fresh: Vec<u32>,
    /// Pairs of items that had come before, but never together.
    pub pairs: Vec<(u32, u32)>,
    added: Vec<u32>,
    missing: Vec<u32>,
}

/// What a visit has had. Sets are sorted.
#[derive(Clone, Default)]
pub(super) struct Seen {
    first: Vec<u32>,
    /// Lengths of both lists, then the lists: items more than, and items less than, those of the first event.
    kinds: Vec<u32>,
    count: usize,
}

struct Kind<'a> {
    added: &'a [u32],
    missing: &'a [u32],
}

impl Kind<'_> {
    /// Whether an event of this kind had `item`, which is none of `added`.
    fn kept(&self, first: &[u32], item: u32) -> bool {
        has(first, item) && !has(self.missing, item)
    }
}

impl Seen {
    /// A visit whose first event has these items.
    pub fn begin(first: &[u32]) -> Self {
        Self { first: first.to_vec(), kinds: Vec::new(), count: 0 }
    }

    /// Items of the first event, and the entry page.
    pub fn first(&self) -> &[u32] {
        &self.first
    }

    /// Every item the visit has had; some more than once.
    pub fn items(&self) -> impl Iterator<Item = u32> {
        self.first.iter().chain(self.kinds().flat_map(|kind| kind.added)).copied()
    }

    /// Takes in an item that belongs to the visit as a whole from now on.
    pub fn put_first(&mut self, item: u32) {
        let Err(place) = self.first.binary_search(&item) else { return };
        let mut kinds = Vec::with_capacity(self.kinds.len() + self.count);
        for kind in self.kinds() {
            let mut missing = kind.missing.to_vec();
            missing.insert(missing.partition_point(|known| *known < item), item);
            put_kind(&mut kinds, kind.added, &missing);
        }
        self.kinds = kinds;
        self.first.insert(place, item);
    }

    /// Takes in a later event; `novel` holds afterwards what it brought.
    pub fn note(&mut self, set: &[u32], novel: &mut Novel) {
        let Novel { fresh, pairs, added, missing } = novel;
        fresh.clear();
        pairs.clear();
        difference(set, &self.first, added);
        if added.is_empty() || self.count >= MAX_KINDS {
            return;
        }
        difference(&self.first, set, missing);
        if self.kinds().any(|kind| kind.added == *added && kind.missing == *missing) {
            return;
        }
        for item in added.iter() {
            let mut had = self.kinds().filter(|kind| has(kind.added, *item)).peekable();
            if had.peek().is_none() {
                fresh.push(*item);
            }
        }
        for item in added.iter().filter(|item| !has(fresh, **item)) {
            let meets_once = |other: &&u32| **other > *item || !has(added, **other);
            for other in set.iter().filter(|other| !has(fresh, **other)).filter(meets_once) {
                let together = |kind: Kind<'_>| {
                    has(kind.added, *item) && (has(kind.added, *other) || kind.kept(&self.first, *other))
                };
                if item != other && !self.kinds().any(together) {
                    pairs.push((*item, *other));
                }
            }
        }
        put_kind(&mut self.kinds, added, missing);
        self.count += 1;
    }

    /// Every item remembered, for a table that is rebuilt. Sets are sorted anew.
    pub fn renumber(&mut self, mut renumber: impl FnMut(u32) -> u32) {
        self.first.iter_mut().for_each(|item| *item = renumber(*item));
        self.first.sort_unstable();
        let mut kinds = Vec::with_capacity(self.kinds.len());
        for kind in self.kinds() {
            let [mut added, mut missing] = [kind.added, kind.missing].map(<[u32]>::to_vec);
            for list in [&mut added, &mut missing] {
                list.iter_mut().for_each(|item| *item = renumber(*item));
                list.sort_unstable();
            }
            put_kind(&mut kinds, &added, &missing);
        }
        self.kinds = kinds;
    }

    /// What [`Seen::of_parts`] takes: the first event's items and, for each kind, what it had more and less.
    pub fn parts(&self) -> (Vec<u32>, Vec<[Vec<u32>; 2]>) {
        let kinds = self.kinds().map(|kind| [kind.added.to_vec(), kind.missing.to_vec()]).collect();
        (self.first.clone(), kinds)
    }

    /// A visit as it was.
    pub fn of_parts(first: Vec<u32>, kinds: Vec<[Vec<u32>; 2]>) -> Self {
        let mut seen = Self { first, kinds: Vec::new(), count: kinds.len() };
        seen.first.sort_unstable();
        for [mut added, mut missing] in kinds {
            added.sort_unstable();
            missing.sort_unstable();
            put_kind(&mut seen.kinds, &added, &missing);
        }
        seen
    }

    fn kinds(&self) -> impl Iterator<Item = Kind<'_>> {
        let mut rest = self.kinds.as_slice();
        std::iter::from_fn(move || {
            let [added, missing, lists @ ..] = rest else { return None };
            let (added, after) = lists.split_at_checked(*added as usize)?;
            let (missing, after) = after.split_at_checked(*missing as usize)?;
            rest = after;
            Some(Kind { added, missing })
        })
    }
}

fn put_kind(kinds: &mut Vec<u32>, added: &[u32], missing: &[u32]) {
    kinds.extend([added.len() as u32, missing.len() as u32]);
    kinds.extend_from_slice(added);
    kinds.extend_from_slice(missing);
}

fn has(sorted: &[u32], item: u32) -> bool {
    sorted.binary_search(&item).is_ok()
}

/// What is in `one` and not in `other`; both are sorted.
fn difference(one: &[u32], other: &[u32], out: &mut Vec<u32>) {
    out.clear();
    let mut other = other.iter().copied().peekable();
    for item in one {
        while other.next_if(|known| known < item).is_some() {}
        if other.peek() != Some(item) {
            out.push(*item);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::collection::{btree_set, vec};
    use proptest::prelude::*;

    use super::*;

    fn pairs_of(set: &[u32]) -> impl Iterator<Item = (u32, u32)> {
        set.iter().flat_map(|one| set.iter().map(|other| (*one, *other))).filter(|(one, other)| one < other)
    }

    proptest! {
        /// Items and pairs are new exactly when no earlier event had them.
        #[test]
        fn what_is_new_is_what_no_event_had(sets in vec(btree_set(0u32..12, 1..8), 1..10)) {
            let sets: Vec<Vec<u32>> = sets.into_iter().map(|set| set.into_iter().collect()).collect();
            let mut seen = Seen::begin(&sets[0]);
            let mut items: BTreeSet<u32> = sets[0].iter().copied().collect();
            let mut pairs: BTreeSet<(u32, u32)> = pairs_of(&sets[0]).collect();
            let mut novel = Novel::default();
            for set in &sets[1..] {
                seen.note(set, &mut novel);
                let fresh: Vec<u32> = set.iter().copied().filter(|item| items.insert(*item)).collect();
                let of_known = |pair: &(u32, u32)| !fresh.contains(&pair.0) && !fresh.contains(&pair.1);
                let new: BTreeSet<(u32, u32)> =
                    pairs_of(set).filter(|pair| pairs.insert(*pair)).filter(of_known).collect();
                let noted: Vec<(u32, u32)> =
                    novel.pairs.iter().map(|(one, other)| (*one.min(other), *one.max(other))).collect();
                prop_assert_eq!(noted.len(), new.len());
                prop_assert_eq!(noted.into_iter().collect::<BTreeSet<_>>(), new);
                prop_assert_eq!(&novel.fresh, &fresh);
            }
        }
    }

    #[test]
    fn an_item_put_first_was_lacked_by_what_came_before() {
        let mut seen = Seen::begin(&[1, 2]);
        let mut novel = Novel::default();
        seen.note(&[1, 2, 5], &mut novel);
        seen.put_first(9);
        seen.note(&[1, 2, 5, 9], &mut novel);
        assert_eq!((&novel.fresh, &novel.pairs), (&vec![], &vec![(5, 9)]));
        assert_eq!(seen.parts(), (vec![1, 2, 9], vec![[vec![5], vec![9]], [vec![5], vec![]]]));
    }

    #[test]
    fn a_visit_of_too_many_kinds_finds_nothing_new() {
        let mut seen = Seen::begin(&[0]);
        let mut novel = Novel::default();
        let fresh = (1..=MAX_KINDS as u32 + 1).map(|item| {
            seen.note(&[0, item], &mut novel);
            novel.fresh.len()
        });
        assert_eq!(fresh.sum::<usize>(), MAX_KINDS);
    }
}
