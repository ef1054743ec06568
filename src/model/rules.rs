//! Under which rules groups of few visitors are folded: those of a site, of a reader, or of a day when it was sealed. The
//! rules themselves are in `privacy::threshold`.

use super::{Dimension, Site};

/// k, and whether it applies to cells of every dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rules {
    /// Groups of fewer visitors are not shown.
    pub k: u32,
    /// k applies to cells of every dimension, not only to crossings and places finer than a country.
    pub strict: bool,
}

impl Rules {
    /// The rules under which its owner reads a site, and under which its days are sealed.
    pub fn of(site: &Site) -> Self {
        Self { k: site.min_visitors, strict: site.strict }
    }

    /// Whether cells of this dimension are subject to k by themselves, so that not all of them are shown.
    pub fn judge(self, dimension: Dimension) -> bool {
        match dimension {
            Dimension::Total | Dimension::OptedOut => false,
            Dimension::Region | Dimension::City => true,
            _ => self.strict,
        }
    }

    /// Whether what was folded under `sealed` leaves nothing that must be folded under these.
    pub fn are_met_by(self, sealed: Self) -> bool {
        sealed.k >= self.k && (sealed.strict || !self.strict)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_meets_rules_that_are_no_stricter() {
        let rules = |k, strict| Rules { k, strict };
        let met = |sealed: Rules| {
            [rules(5, false), rules(9, false), rules(5, true), rules(9, true)].map(|own| own.are_met_by(sealed))
        };
        assert_eq!(met(rules(5, false)), [true, false, false, false]);
        assert_eq!(met(rules(9, false)), [true, true, false, false]);
        assert_eq!(met(rules(5, true)), [true, false, true, false]);
        assert_eq!(met(rules(9, true)), [true; 4]);
    }
}
