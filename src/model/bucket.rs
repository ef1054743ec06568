//! Buckets of numbers: percentiles without keeping a number.
//!
//! Four buckets per doubling, so that a percentile is right to a fifth of its value at worst. The bounds never change: counts of
//! different days add up.

/// Buckets per doubling.
const PER_OCTAVE: f64 = 4.0;
/// The bucket of 1.0.
const ONE: f64 = 80.0;
/// The largest bucket.
const LAST: f64 = 255.0;

/// The bucket of a number: 0 for what is not above zero, 80 for 1, four more for each doubling, 255 at the most.
pub fn bucket_of(number: f64) -> u8 {
    if number.is_nan() || number <= 0.0 {
        return 0;
    }
    // In range after the clamp, so that nothing is cut.
    (number.log2() * PER_OCTAVE + ONE).floor().clamp(1.0, LAST) as u8
}

/// The smallest number of a bucket; 0 for bucket 0.
pub fn bucket_floor(bucket: u8) -> f64 {
    if bucket == 0 {
        return 0.0;
    }
    ((f64::from(bucket) - ONE) / PER_OCTAVE).exp2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lie_between_the_floors_of_their_buckets() {
        for number in [0.000_002, 0.03, 1.0, 1.5, 99.0, 2_500.0, 1e12] {
            let bucket = bucket_of(number);
            assert!(bucket_floor(bucket) <= number && number < bucket_floor(bucket + 1), "{number} {bucket}");
        }
    }

    #[test]
    fn what_is_no_amount_is_bucket_zero_and_what_is_huge_the_last() {
        let buckets = [0.0, -3.0, f64::NAN, f64::NEG_INFINITY, f64::INFINITY, 1e300].map(bucket_of);
        assert_eq!((buckets, bucket_floor(0)), ([0, 0, 0, 0, 255, 255], 0.0));
    }
}
