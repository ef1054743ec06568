//! The page `/metrics` as a map.

use std::collections::BTreeMap;

/// Samples by name with labels, as they are written: `headcount_hits_shed_total{reason="spool_full"}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples(pub BTreeMap<String, f64>);

impl Samples {
    /// Reads a page.
    pub fn parse(page: &str) -> Self {
        let samples = page.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.rsplit_once(' '));
        Self(samples.filter_map(|(name, value)| Some((name.to_owned(), value.parse().ok()?))).collect())
    }

    /// One number: of a sample without labels, or the sum over all labels. 0 when there is none.
    pub fn sum(&self, name: &str) -> u64 {
        let of = |sample: &str| sample.split('{').next() == Some(name);
        self.0.iter().filter(|(sample, _)| of(sample)).map(|(_, value)| *value as u64).sum()
    }

    /// The number of one reason.
    pub fn reason(&self, name: &str, reason: &str) -> u64 {
        self.0.get(&format!("{name}{{reason=\"{reason}\"}}")).map_or(0, |value| *value as u64)
    }

    /// Received hits, and the sum of everything a hit can become: always equal.
    pub fn identity(&self) -> (u64, u64) {
        let outcomes = ["rejected", "dropped", "shed", "duplicate", "recorded"];
        let of = |outcome: &&str| self.sum(&format!("headcount_hits_{outcome}_total"));
        (self.sum("headcount_hits_received_total"), outcomes.iter().map(of).sum())
    }
}
