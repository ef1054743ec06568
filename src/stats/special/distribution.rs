//! Percentiles and shares of a number that is only kept as counts per bucket. Pure.

use std::collections::BTreeMap;

use super::source::Group;
use super::{percent, rounded};
use crate::model::bucket_floor;

/// Counts per bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Distribution(BTreeMap<u8, u64>);

impl Distribution {
    /// Adds samples. Days correct each other, so a number may be negative for a while; nothing is there then.
    pub(super) fn add(&mut self, bucket: u8, samples: i64) {
        *self.0.entry(bucket).or_default() += samples.max(0).unsigned_abs();
    }

    /// How many samples there are.
    pub(super) fn samples(&self) -> u64 {
        self.0.values().sum()
    }

    /// Where each bucket that has samples begins and ends, and how many they are; ascending.
    pub(super) fn buckets(&self) -> impl Iterator<Item = (f64, f64, u64)> + '_ {
        self.0.iter().filter(|(_, samples)| **samples > 0).map(|(bucket, samples)| {
            let (from, to) = bounds(*bucket);
            (from, to, *samples)
        })
    }

    /// The number that `share` (0 to 1) of the samples do not exceed; within a bucket samples are taken to lie evenly.
    pub(super) fn percentile(&self, share: f64) -> f64 {
        let rank = share * self.samples() as f64;
        let mut before = 0.0;
        for (bucket, samples) in self.0.iter().filter(|(_, samples)| **samples > 0) {
            let samples = *samples as f64;
            if before + samples >= rank {
                let (floor, end) = bounds(*bucket);
                return rounded(floor + (end - floor) * ((rank - before) / samples).max(0.0));
            }
            before += samples;
        }
        0.0
    }

    /// Percent of the samples up to `low`, up to `high`, and above.
    pub(super) fn shares(&self, low: f64, high: f64) -> [f64; 3] {
        let all = self.samples();
        let (low, high) = (self.below(low), self.below(high));
        [percent(low, all), percent(high - low, all), percent(all - high, all)]
    }

    /// Samples up to `limit`, those of its own bucket in proportion.
    fn below(&self, limit: f64) -> u64 {
        let part = |(bucket, samples): (&u8, &u64)| {
            let (floor, end) = bounds(*bucket);
            let inside = if end > floor { ((limit - floor) / (end - floor)).clamp(0.0, 1.0) } else { 1.0 };
            *samples as f64 * inside
        };
        // A sum of counts in proportion: never above all of them.
        (self.0.iter().map(part).sum::<f64>().round() as u64).min(self.samples())
    }
}

/// From `key=bucket` rows to one distribution per key.
pub(super) fn distributions<'g>(groups: impl IntoIterator<Item = &'g Group>) -> BTreeMap<&'g str, Distribution> {
    let mut all: BTreeMap<&str, Distribution> = BTreeMap::new();
    for group in groups {
        // What is beyond the cap of a day is `(more)` and has no bucket.
        if let Some((key, bucket)) = group.value.rsplit_once('=')
            && let Ok(bucket) = bucket.parse()
        {
            all.entry(key).or_default().add(bucket, group.events);
        }
    }
    all.retain(|_, distribution| distribution.samples() > 0);
    all
}

/// Where a bucket begins and ends. The first holds what is not above zero, the last has no end.
fn bounds(bucket: u8) -> (f64, f64) {
    let floor = bucket_floor(bucket);
    match bucket {
        0 | u8::MAX => (floor, floor),
        _ => (floor, bucket_floor(bucket + 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::bucket_of;

    fn of(numbers: impl IntoIterator<Item = f64>) -> Distribution {
        let mut all = Distribution::default();
        for number in numbers {
            all.add(bucket_of(number), 1);
        }
        all
    }

    #[test]
    fn percentiles_of_nothing_are_zero() {
        assert_eq!((of([]).percentile(0.5), of([]).shares(1.0, 2.0), of([]).samples()), (0.0, [0.0; 3], 0));
        assert_eq!(of([0.0, 0.0]).percentile(0.95), 0.0);
    }

    #[test]
    fn buckets_tell_where_they_begin_and_end_unless_they_are_empty() {
        let mut all = Distribution::default();
        all.add(84, 3);
        all.add(80, 2);
        all.add(88, -1);
        let buckets: Vec<_> = all.buckets().map(|(from, to, samples)| (from, to > from, samples)).collect();
        assert_eq!(buckets, [(1.0, true, 2), (2.0, true, 3)]);
    }

    #[test]
    fn samples_lie_evenly_within_a_bucket() {
        let mut all = Distribution::default();
        all.add(80, 2);
        all.add(84, 2);
        all.add(88, -3);
        // Bucket 80 is 1 to 1.19, bucket 84 is 2 to 2.38.
        assert_eq!([0.25, 0.5, 0.75, 1.0].map(|share| all.percentile(share)), [1.09, 1.19, 2.19, 2.38]);
        assert_eq!((all.samples(), all.shares(1.5, 2.19)), (4, [50.0, 25.0, 25.0]));
    }

    fn of_bucket(value: &str, events: i64) -> Group {
        Group { value: value.to_owned(), events, ..Group::default() }
    }

    #[test]
    fn rows_of_buckets_become_one_distribution_per_key() {
        let groups = [
            of_bucket("a=80", 3),
            of_bucket("a=84", 1),
            of_bucket("b=c=80", 1),
            of_bucket("(more)", 9),
            of_bucket("z=80", 0),
        ];
        let all = distributions(&groups);
        let counts: Vec<_> = all.iter().map(|(key, all)| (*key, all.samples())).collect();
        assert_eq!(counts, [("a", 4), ("b=c", 1)]);
    }

    proptest::proptest! {
        #[test]
        fn a_percentile_is_right_to_a_fifth(mut numbers in proptest::collection::vec(0.5f64..100_000.0, 1..200)) {
            numbers.sort_by(f64::total_cmp);
            let found = of(numbers.iter().copied()).percentile(0.75);
            let at = (numbers.len() as f64 * 0.75).ceil() as usize;
            let true_one = numbers[at.saturating_sub(1)];
            proptest::prop_assert!(found > true_one * 0.83 - 0.01 && found < true_one * 1.2 + 0.01, "{found} {true_one}");
        }

        #[test]
        fn shares_add_up(numbers in proptest::collection::vec(0.0f64..10_000.0, 1..100)) {
            let sum: f64 = of(numbers).shares(200.0, 500.0).iter().sum();
            proptest::prop_assert!((sum - 100.0).abs() < 0.03, "{sum}");
        }
    }
}
