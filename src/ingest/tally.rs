//! The books: what became of every hit. `received` is not a counter but the sum of the others, so that the identity
//! `received = rejected + dropped + shed + duplicate + recorded` holds at every moment.

use std::sync::atomic::{AtomicU64, Ordering};

use super::reason::{Dropped, Outcome, Rejected, Shed};

/// One number per outcome and reason.
#[derive(Default)]
pub struct Tally {
    recorded: AtomicU64,
    duplicate: AtomicU64,
    rejected: [AtomicU64; Rejected::ALL.len()],
    dropped: [AtomicU64; Dropped::ALL.len()],
    shed: [AtomicU64; Shed::ALL.len()],
}

impl Tally {
    /// Notes the fate of `hits` hits.
    pub fn add(&self, outcome: Outcome, hits: u64) {
        let counter = match outcome {
            Outcome::Recorded => &self.recorded,
            Outcome::Duplicate => &self.duplicate,
            Outcome::Rejected(reason) => &self.rejected[reason as usize],
            Outcome::Dropped(reason) => &self.dropped[reason as usize],
            Outcome::Shed(reason) => &self.shed[reason as usize],
        };
        counter.fetch_add(hits, Ordering::Relaxed);
    }

    /// Every outcome that has reasons, and how many hits had it: (outcome, reason, hits).
    pub fn snapshot(&self) -> Vec<(&'static str, &'static str, u64)> {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let mut all = vec![("recorded", "", read(&self.recorded)), ("duplicate", "", read(&self.duplicate))];
        all.extend(Rejected::ALL.map(|reason| ("rejected", reason.code(), read(&self.rejected[reason as usize]))));
        all.extend(Dropped::ALL.map(|reason| ("dropped", reason.code(), read(&self.dropped[reason as usize]))));
        all.extend(Shed::ALL.map(|reason| ("shed", reason.code(), read(&self.shed[reason as usize]))));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_counter_of_its_own() {
        let tally = Tally::default();
        Rejected::ALL.into_iter().for_each(|reason| tally.add(Outcome::Rejected(reason), 1));
        Dropped::ALL.into_iter().for_each(|reason| tally.add(Outcome::Dropped(reason), 1));
        Shed::ALL.into_iter().for_each(|reason| tally.add(Outcome::Shed(reason), 1));
        tally.add(Outcome::Recorded, 1);
        tally.add(Outcome::Duplicate, 1);
        assert!(tally.snapshot().iter().all(|(_, _, hits)| *hits == 1));
    }
}
