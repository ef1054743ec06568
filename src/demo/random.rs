//! Random choices that are the same for the same seed, on every machine. Called by the rest of `demo`. Not for secrets.

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A sequence that depends on all of `parts` and on their order.
    pub fn of(parts: &[u64]) -> Self {
        let mut state = Self(0);
        for part in parts {
            state.0 ^= *part;
            state.0 = state.bits();
        }
        state
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to below 1.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A whole number from 0 to below `end`; 0 when that is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(end)) >> 64) as u64
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// An exponentially distributed length with this mean.
    pub fn length(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }
}

/// Things to choose from, each as often as its weight says.
#[derive(Clone, Debug)]
pub struct Weighted<T> {
    items: Vec<T>,
    /// Sums of the weights up to and with each thing.
    ends: Vec<f64>,
}

impl<T> Weighted<T> {
    /// From things with weights, of which there is at least one.
    pub fn new(weighted: impl IntoIterator<Item = (f64, T)>) -> Self {
        let (mut items, mut ends, mut sum) = (Vec::new(), Vec::new(), 0.0);
        for (weight, item) in weighted {
            sum += weight;
            ends.push(sum);
            items.push(item);
        }
        assert!(sum > 0.0, "there is something to choose from");
        Self { items, ends }
    }

    /// Chooses one.
    pub fn pick(&self, random: &mut Random) -> &T {
        let point = random.unit() * self.ends.last().copied().unwrap_or_default();
        let index = self.ends.partition_point(|end| *end <= point);
        &self.items[index.min(self.items.len() - 1)]
    }

    /// Everything there is, with weights.
    #[cfg(test)]
    pub fn all(&self) -> impl Iterator<Item = (f64, &T)> {
        let begins = std::iter::once(0.0).chain(self.ends.iter().copied());
        begins.zip(&self.ends).map(|(begin, end)| end - begin).zip(&self.items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_the_published_one() {
        // The first numbers of the reference implementation for the seed 1234567.
        let mut random = Random(1_234_567);
        assert_eq!([random.bits(), random.bits()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    #[test]
    fn parts_and_their_order_matter() {
        let firsts = [Random::of(&[1, 2]).bits(), Random::of(&[2, 1]).bits(), Random::of(&[1, 2]).bits()];
        assert!(firsts[0] == firsts[2] && firsts[0] != firsts[1]);
    }

    #[test]
    fn choices_follow_their_weights() {
        let choices = Weighted::new([(1.0, 'a'), (0.0, 'b'), (3.0, 'c')]);
        let mut random = Random::of(&[7]);
        let picked: Vec<char> = (0..4_000).map(|_| *choices.pick(&mut random)).collect();
        let count = |wanted| picked.iter().filter(|c| **c == wanted).count();
        assert!((900..1_100).contains(&count('a')) && count('b') == 0, "{} {}", count('a'), count('b'));
    }
}
