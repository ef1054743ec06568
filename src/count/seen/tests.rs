//! Tests of [`super`].

use std::collections::BTreeSet;

use proptest::collection::{btree_set, vec};
use proptest::prelude::*;

use super::*;

fn pairs_of(set: &[u32]) -> impl Iterator<Item = (u32, u32)> {
    set.iter().flat_map(|one| set.iter().map(|other| (*one, *other))).filter(|(one, other)| one < other)
}

proptest! {
    /// Items and pairs of such that cross are new exactly when no earlier event had them.
    #[test]
    fn what_is_new_is_what_no_event_had(sets in vec(btree_set(0u32..12, 1..8), 1..10)) {
        let sets: Vec<Vec<u32>> = sets.into_iter().map(|set| set.into_iter().collect()).collect();
        let mut seen = Seen::begin(&sets[0]);
        let mut items: BTreeSet<u32> = sets[0].iter().copied().collect();
        let mut pairs: BTreeSet<(u32, u32)> = pairs_of(&sets[0]).collect();
        let mut novel = Novel::default();
        for set in &sets[1..] {
            seen.note(set, |item| item != 5, &mut novel);
            let fresh: Vec<u32> = set.iter().copied().filter(|item| items.insert(*item)).collect();
            let of_known = |pair: &(u32, u32)| {
                [pair.0, pair.1].iter().all(|item| !fresh.contains(item) && *item != 5)
            };
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
    seen.note(&[1, 2, 5], |_| true, &mut novel);
    seen.put_first(9);
    seen.note(&[1, 2, 5, 9], |_| true, &mut novel);
    assert_eq!((&novel.fresh, &novel.pairs), (&vec![], &vec![(5, 9)]));
    assert_eq!(seen.parts(), (vec![1, 2, 9], vec![[vec![5], vec![9]], [vec![5], vec![]]]));
}

#[test]
fn a_visit_of_too_many_kinds_finds_nothing_new() {
    let mut seen = Seen::begin(&[0]);
    let mut novel = Novel::default();
    let fresh = (1..=MAX_KINDS as u32 + 1).map(|item| {
        seen.note(&[0, item], |_| true, &mut novel);
        novel.fresh.len()
    });
    assert_eq!(fresh.sum::<usize>(), MAX_KINDS);
}

/// Thirty properties of new values each, in every event.
#[test]
fn memory_and_pairs_of_a_visit_are_bounded() {
    let mut seen = Seen::begin(&(0..30).collect::<Vec<u32>>());
    let mut novel = Novel::default();
    let mut most = 0;
    for event in 0..1_000 {
        let set: Vec<u32> = (0..10).chain((0..30).map(|item| 100 + (event * 7 + item * 13) % 900)).collect();
        let set: Vec<u32> = set.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        seen.note(&set, |item| item < 200, &mut novel);
        most = most.max(novel.pairs.len());
    }
    assert!(seen.kinds.len() <= MAX_PLACES && seen.bytes() <= 4 * (30 + 2 * MAX_PLACES), "{}", seen.bytes());
    assert!(most < 40 * 40 / 2, "{most}");
    seen.freeze();
    seen.note(&[5_000], |_| true, &mut novel);
    assert_eq!((novel.fresh.len(), seen.bytes()), (0, 4 * 30));
}

#[test]
fn an_event_of_very_many_items_is_looked_at_as_far_as_it_goes() {
    let mut seen = Seen::begin(&[0]);
    let mut novel = Novel::default();
    let set: Vec<u32> = (0..MAX_SET as u32 + 50).collect();
    seen.note(&set, |_| true, &mut novel);
    assert_eq!(novel.fresh.len(), MAX_SET - 1);
    seen.note(&set[1..], |_| true, &mut novel);
    assert_eq!((novel.fresh.as_slice(), novel.pairs.len()), (&[MAX_SET as u32][..], 0));
}
