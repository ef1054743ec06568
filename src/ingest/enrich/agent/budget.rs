//! Rations dear work by the second.

/// So many takings a second.
#[derive(Debug)]
pub struct Budget {
    per_second: u32,
    left: u32,
    second: i64,
}

impl Budget {
    /// A budget that is full in every second.
    pub const fn new(per_second: u32) -> Self {
        Self { per_second, left: per_second, second: i64::MIN }
    }

    /// Takes one, if the second `now` has any left.
    pub fn take(&mut self, now: i64) -> bool {
        if now != self.second {
            self.second = now;
            self.left = self.per_second;
        }
        let any = self.left > 0;
        self.left = self.left.saturating_sub(1);
        any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_second_has_its_own() {
        let mut budget = Budget::new(2);
        assert_eq!([7, 7, 7, 8, 8, 8, 7].map(|now| budget.take(now)), [true, true, false, true, true, false, true]);
    }
}
