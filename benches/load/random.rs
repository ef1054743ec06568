//! Numbers that look random and are the same in each run (SplitMix64).

/// A source of numbers.
#[derive(Clone)]
pub struct Random(u64);

impl Random {
    /// The source that begins with `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to below 1.
    pub fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Below `n`, all alike.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// Below `n`, the k-th about as often as 1/k: Zipf's law with exponent 1.
    pub fn zipf(&mut self, n: usize) -> usize {
        let rank = (n as f64 + 1.0).powf(self.part()) - 1.0;
        (rank as usize).min(n.saturating_sub(1))
    }

    /// Whether something happens that does so this often.
    pub fn chance(&mut self, part: f64) -> bool {
        self.part() < part
    }
}
