//! Measures as few bytes: which of them are not zero, as bits, then those. In memory for the rows of crossings, which are
//! many and have few measures each; on disk in the spool.
//!
//! Numbers are LEB128; signed ones are folded first, so that small negative ones are short (0, -1, 1, -2 … as 0, 1, 2, 3 …).

use super::{Measure, Measures};

/// Appends an unsigned number.
#[inline]
pub fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number as u8) | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Takes an unsigned number from the front of `bytes`; nothing when they end before it does or it is too long.
#[inline]
pub fn number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// Appends the first measures, in the order of [`Measure::ALL`]; those behind are zero.
#[inline]
pub fn put(out: &mut Vec<u8>, numbers: &[i64]) {
    let bits = numbers.iter().zip(0..).fold(0, |bits, (number, at)| bits | u64::from(*number != 0) << at);
    put_number(out, bits);
    let mut left = bits;
    while left != 0 {
        put_number(out, fold(numbers[left.trailing_zeros() as usize]));
        left &= left - 1;
    }
}

/// Takes measures from the front of `bytes` and shows each that is not zero; nothing when the bytes are no measures. A
/// measure that is not known here is none: they are only ever added.
#[inline]
pub fn take(bytes: &mut &[u8], mut show: impl FnMut(Measure, i64)) -> Option<()> {
    let mut left = number(bytes)?;
    while left != 0 {
        let measure = Measure::ALL.get(left.trailing_zeros() as usize)?;
        show(*measure, unfold(number(bytes)?));
        left &= left - 1;
    }
    Some(())
}

/// Adds what `bytes` hold to `sum`.
#[inline]
pub fn add(sum: &mut Measures, mut bytes: &[u8]) {
    let _ = take(&mut bytes, |measure, number| sum[measure] = sum[measure].saturating_add(number));
}

const fn fold(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

const fn unfold(number: u64) -> i64 {
    ((number >> 1) as i64) ^ -((number & 1) as i64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn measures_come_back(numbers: [i64; Measure::ALL.len()], zeros: u16, rest: Vec<u8>) {
            let mut measures = Measures::default();
            for (at, measure) in Measure::ALL.into_iter().enumerate() {
                measures[measure] = if zeros >> at & 1 == 1 { 0 } else { numbers[at] };
            }
            let mut bytes = Vec::new();
            put(&mut bytes, measures.numbers());
            let mut sum = Measures::default();
            add(&mut sum, &bytes);
            prop_assert_eq!(sum, measures);
            bytes.extend_from_slice(&rest);
            let mut left = &bytes[..];
            prop_assert!(take(&mut left, |_, _| ()).is_some());
            prop_assert_eq!(left, &rest[..]);
        }

        #[test]
        fn any_bytes_are_taken_or_refused(bytes: Vec<u8>) {
            let mut left = &bytes[..];
            let _ = take(&mut left, |_, _| ());
            prop_assert!(bytes.ends_with(left));
        }
    }

    #[test]
    fn small_numbers_are_short() {
        let mut bytes = Vec::new();
        put(&mut bytes, &[1, 1, 0, -1]);
        assert_eq!(bytes, [0b1011, 2, 2, 1]);
    }
}
