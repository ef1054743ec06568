//! Which attributes, and which pairs of them, a visit has had already: the first of each counts as a visit.
//!
//! Owned by a visit. Kept are the attributes of its first event and, for each later kind of event, what it had more and
//! what it lacked; items are compared, texts never seen. Memory and work are bounded for events of any make.

/// Kinds of events a visit remembers; what comes new after that many begins no count of visits any more.
const MAX_KINDS: usize = 128;
/// The same for what all kinds have more and lack together: kinds of ordinary events take eight places each, those of
/// events with thirty properties thirty or more.
const MAX_PLACES: usize = 1_024;
/// Items of one event that are looked at; an event of more lies beyond what clients may send.
const MAX_SET: usize = Bits::BITS as usize;

/// Positions in an event's items.
type Bits = u128;

/// What an event brought into its visit.
#[derive(Default)]
pub(super) struct Novel {
    /// Items that came for the first time.
    pub fresh: Vec<u32>,
    /// Pairs of items that had come before, but never together.
    pub pairs: Vec<(u32, u32)>,
    added: Vec<u32>,
    missing: Vec<u32>,
    /// For each position of the event, what kinds before that had its item had beside it.
    beside: Vec<Bits>,
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
    /// Of items that have no part in crossings it is not known.
    missing: &'a [u32],
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

    /// Takes in a later event; `novel` holds afterwards what it brought. `crosses` tells items that have a part in
    /// crossings: of others no pair matters.
    pub fn note(&mut self, set: &[u32], crosses: impl Fn(u32) -> bool, novel: &mut Novel) {
        let set = &set[..set.len().min(MAX_SET)];
        let Novel { fresh, pairs, added, missing, .. } = &mut *novel;
        fresh.clear();
        pairs.clear();
        difference(set, &self.first, added);
        if added.is_empty() || self.count >= MAX_KINDS {
            return;
        }
        difference(&self.first, set, missing);
        missing.retain(|item| crosses(*item));
        let is_full = self.kinds.len() + 2 + added.len() + missing.len() > MAX_PLACES;
        if is_full || self.kinds().any(|kind| kind.added == *added && kind.missing == *missing) {
            return;
        }
        self.compare(set, crosses, novel);
        put_kind(&mut self.kinds, &novel.added, &novel.missing);
        self.count += 1;
    }

    /// Finds what is new in `set`, looking at each kind once.
    fn compare(&self, set: &[u32], crosses: impl Fn(u32) -> bool, novel: &mut Novel) {
        let Novel { fresh, pairs, added, beside, .. } = novel;
        let (new, crossed) = (positions(set, added), marked(set, crosses));
        let old = marked(set, |_| true) & !new;
        beside.clear();
        beside.resize(set.len(), 0);
        let mut met = 0;
        for kind in self.kinds() {
            let more = positions(set, kind.added);
            met |= more;
            let held = more | (old & !positions(set, kind.missing));
            each(more & crossed, |at| beside[at] |= held);
        }
        each(new & !met, |at| fresh.push(set[at]));
        let known = (old | met) & crossed;
        each(new & met & crossed, |at| {
            // Two new ones meet once.
            let others = known & !beside[at] & (old | later(at));
            each(others, |other| pairs.push((set[at], set[other])));
        });
    }

    /// Bytes it takes.
    pub fn bytes(&self) -> usize {
        (self.first.capacity() + self.kinds.capacity()) * size_of::<u32>()
    }

    /// Forgets what later events had. From now on nothing is new any more.
    pub fn freeze(&mut self) {
        self.kinds = Vec::new();
        self.count = MAX_KINDS;
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
    // Few come, and there is a list for everybody who is here: no room is taken beforehand.
    kinds.reserve_exact(2 + added.len() + missing.len());
    kinds.extend([added.len() as u32, missing.len() as u32]);
    kinds.extend_from_slice(added);
    kinds.extend_from_slice(missing);
}

/// The positions in `set` of what is in `list`; both are sorted.
fn positions(set: &[u32], list: &[u32]) -> Bits {
    let mut bits = 0;
    let mut at = 0;
    for item in list {
        while set.get(at).is_some_and(|of| of < item) {
            at += 1;
        }
        if set.get(at) == Some(item) {
            bits |= 1 << at;
        }
    }
    bits
}

/// The positions of items of which something holds.
fn marked(set: &[u32], holds: impl Fn(u32) -> bool) -> Bits {
    set.iter().enumerate().filter(|(_, item)| holds(**item)).fold(0, |bits, (at, _)| bits | 1 << at)
}

/// The positions after one.
fn later(at: usize) -> Bits {
    (Bits::MAX << at) << 1
}

/// Does something for each position.
fn each(mut bits: Bits, mut act: impl FnMut(usize)) {
    while bits != 0 {
        act(bits.trailing_zeros() as usize);
        bits &= bits - 1;
    }
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
mod tests;
