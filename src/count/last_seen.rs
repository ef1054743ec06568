//! Who was seen, and in which minute last. Part of what [`super::live`] holds.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::model::Visitor;

/// Visitors, and the minute each was seen last.
///
/// Half of a pseudonym tells visitors apart: of 200,000 two share one once in a billion times.
#[derive(Default)]
pub(super) struct LastSeen {
    minutes: HashMap<u64, u32, RandomState>,
}

impl LastSeen {
    /// Notes a visitor unless it is another one and none is `free`; says whether it was another one.
    pub fn note(&mut self, visitor: Visitor, minute: i64, free: usize) -> bool {
        let (visitor, minute) = (visitor.0 as u64, u32::try_from(minute).unwrap_or(0));
        if let Some(known) = self.minutes.get_mut(&visitor) {
            *known = minute;
            return false;
        }
        if free > 0 {
            self.minutes.insert(visitor, minute);
        }
        free > 0
    }

    /// Who was seen less than so many minutes before `minute`.
    pub fn since(&self, minute: i64, minutes: i64) -> impl Iterator<Item = u64> {
        let seen = self.minutes.iter().filter(move |(_, last)| minute - i64::from(**last) < minutes);
        seen.map(|(visitor, _)| *visitor)
    }

    /// Forgets everybody else, and gives back the room of a crowd that has left.
    pub fn forget(&mut self, minute: i64, minutes: i64) {
        self.minutes.retain(|_, last| minute - i64::from(*last) < minutes);
        give_back(&mut self.minutes);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.minutes.len()
    }
}

/// Gives back the room of a table that has come to hold little. What comes next finds room for twice as many.
pub(super) fn give_back<K: Eq + std::hash::Hash, V>(table: &mut HashMap<K, V, RandomState>) {
    if table.capacity() > 8 * table.len() {
        table.shrink_to(2 * table.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_room_of_a_crowd_is_given_back() {
        let mut seen = LastSeen::default();
        for visitor in 0..10_000 {
            seen.note(Visitor(visitor), 1, 1);
        }
        seen.note(Visitor(7), 20, 0);
        seen.note(Visitor(10_001), 20, 0);
        assert!(seen.minutes.capacity() >= 10_000 && seen.len() == 10_000);
        seen.forget(30, 30);
        assert_eq!(seen.len(), 10_000);
        seen.forget(31, 30);
        assert_eq!(seen.since(31, 30).collect::<Vec<u64>>(), [7]);
        assert!(seen.minutes.capacity() < 100, "{}", seen.minutes.capacity());
    }
}
