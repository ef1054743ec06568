//! Sorted ranges of networks with an index over their upper 16 bits. Owned by the place table; knows numbers only.

/// No place: a gap in the file.
pub const NOWHERE: u32 = u32::MAX;

/// Ranges that cover every network from 0 up; each begins where the one before ends.
#[derive(Debug, PartialEq)]
pub struct Ranges<K> {
    starts: Vec<K>,
    places: Vec<u32>,
    /// For each value of the upper 16 bits, how many ranges start below it.
    below: Vec<u32>,
    /// How far to shift a network to get its upper 16 bits.
    shift: u32,
}

impl<K: Copy + Ord + Into<u64>> Ranges<K> {
    /// The place of a network.
    pub fn find(&self, network: K) -> Option<u32> {
        let upper = usize::try_from(network.into() >> self.shift).ok()?;
        let from = *self.below.get(upper)? as usize;
        let to = *self.below.get(upper + 1)? as usize;
        let before = from + self.starts[from..to].partition_point(|start| *start <= network);
        let place = *self.places.get(before.checked_sub(1)?)?;
        (place != NOWHERE).then_some(place)
    }

    /// How many ranges have a place.
    pub fn len(&self) -> usize {
        self.places.iter().filter(|place| **place != NOWHERE).count()
    }
}

/// Collects ranges that arrive in ascending order.
#[derive(Debug)]
pub struct Builder<K> {
    starts: Vec<K>,
    places: Vec<u32>,
    /// The first network no range has covered yet.
    next: u64,
}

impl<K: Copy + Ord + Into<u64> + TryFrom<u64>> Builder<K> {
    /// No ranges yet.
    pub fn new() -> Self {
        Self { starts: Vec::new(), places: Vec::new(), next: 0 }
    }

    /// Adds the networks `first..=last`. What an earlier range covered stays; an empty range is nothing.
    pub fn push(&mut self, first: u64, last: u64, place: u32) {
        let first = first.max(self.next);
        if first > last {
            return;
        }
        if first > self.next {
            self.start(self.next, NOWHERE);
        }
        self.start(first, place);
        self.next = last + 1;
    }

    fn start(&mut self, at: u64, place: u32) {
        if self.places.last() == Some(&place) {
            return;
        }
        if let Ok(start) = K::try_from(at) {
            self.starts.push(start);
            self.places.push(place);
        }
    }

    /// Closes the last range and indexes all for networks of `bits` bits.
    pub fn finish(mut self, bits: u32) -> Ranges<K> {
        self.start(self.next, NOWHERE);
        let shift = bits - 16;
        let mut below = Vec::with_capacity((1 << 16) + 1);
        let mut position = 0;
        for upper in 0..=1_u64 << 16 {
            position += self.starts[position..].iter().take_while(|start| ((**start).into() >> shift) < upper).count();
            below.push(u32::try_from(position).unwrap_or(u32::MAX));
        }
        Ranges { starts: self.starts, places: self.places, below, shift }
    }
}
