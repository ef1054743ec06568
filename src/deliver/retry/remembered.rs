//! Ids of one kind in memory: bounded, oldest forgotten first.

use std::collections::{HashSet, VecDeque};

use foldhash::fast::RandomState;

/// Into how many chunks the room is parted: so much of it is forgotten at once.
const CHUNKS: usize = 50;

/// Ids in order of arrival, in chunks of one day each.
pub(super) struct Remembered {
    max: usize,
    len: usize,
    chunks: VecDeque<Chunk>,
    forgotten: u64,
}

struct Chunk {
    day: u16,
    ids: HashSet<u64, RandomState>,
}

impl Remembered {
    /// Room for about `max` ids.
    pub fn new(max: usize) -> Self {
        Self { max, len: 0, chunks: VecDeque::new(), forgotten: 0 }
    }

    /// Whether an id is remembered.
    pub fn contains(&self, id: u64) -> bool {
        self.chunks.iter().any(|chunk| chunk.ids.contains(&id))
    }

    /// Remembers an id that came on `day`; beyond the room the oldest chunk is forgotten.
    pub fn insert(&mut self, id: u64, day: u16) {
        let room = (self.max / CHUNKS).max(1);
        let fits = |chunk: &mut Chunk| chunk.day == day && chunk.ids.len() < room;
        if self.chunks.back_mut().is_none_or(|chunk| !fits(chunk)) {
            self.chunks.push_back(Chunk { day, ids: HashSet::default() });
        }
        if let Some(chunk) = self.chunks.back_mut() {
            self.len += usize::from(chunk.ids.insert(id));
        }
        while self.len > self.max
            && let Some(oldest) = self.chunks.pop_front()
        {
            self.len -= oldest.ids.len();
            self.forgotten += oldest.ids.len() as u64;
        }
    }

    /// Forgets every id of which `keep` does not want the day.
    pub fn retain(&mut self, keep: impl Fn(u16) -> bool) {
        self.chunks.retain(|chunk| keep(chunk.day));
        self.len = self.chunks.iter().map(|chunk| chunk.ids.len()).sum();
    }

    /// The day of the oldest id; logs of earlier days are of no use.
    pub fn oldest_day(&self) -> Option<u16> {
        self.chunks.iter().map(|chunk| chunk.day).min()
    }

    /// How many ids were forgotten for want of room.
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// How many ids are remembered.
    pub fn len(&self) -> usize {
        self.len
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_are_forgotten_first_and_the_newest_never() {
        let mut remembered = Remembered::new(100);
        for id in 0..250 {
            remembered.insert(id, 7);
            assert!(remembered.contains(id) && remembered.len() <= 100);
        }
        assert!(remembered.forgotten() == 250 - remembered.len() as u64);
        assert_eq!((remembered.contains(0), remembered.contains(151), remembered.oldest_day()), (false, true, Some(7)));
    }

    #[test]
    fn days_go_as_a_whole() {
        let mut remembered = Remembered::new(100);
        for (id, day) in [(1, 5), (2, 6), (3, 6)] {
            remembered.insert(id, day);
        }
        remembered.retain(|day| day > 5);
        assert_eq!((remembered.len(), remembered.contains(1), remembered.oldest_day()), (2, false, Some(6)));
    }
}
