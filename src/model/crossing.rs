//! Crossings: two attributes of the same events, per day. They make filters possible.
//!
//! Which pairs are kept is decided here, once, for counting, suppression and reading alike.

use super::{Day, Dimension, Measures, SiteId};

/// Dimensions that say the same at several grains; a finer one refines the coarser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Section, page.
    Pages,
    /// Channel, source; within a source the host of the referrer and `utm_source`.
    Sources,
    /// Country, region, city.
    Places,
    /// Browser, browser version.
    Browsers,
    /// Operating system, its version.
    Systems,
    /// Event, and the goals it reaches.
    Events,
    /// A dimension that stands alone.
    Alone(Dimension),
}

impl Dimension {
    /// Whether reports can be filtered by a value of this dimension. Of properties, only the keys the owner listed.
    pub const fn filterable(self) -> bool {
        matches!(
            self,
            Self::Page
                | Self::Section
                | Self::Source
                | Self::Channel
                | Self::Country
                | Self::Device
                | Self::Browser
                | Self::Os
                | Self::UtmCampaign
                | Self::Event
                | Self::Goal
                | Self::Prop
        )
    }

    /// The family of this dimension.
    pub const fn family(self) -> Family {
        match self {
            Self::Section | Self::Page => Family::Pages,
            Self::Channel | Self::Source | Self::Referrer | Self::UtmSource => Family::Sources,
            Self::Country | Self::Region | Self::City => Family::Places,
            Self::Browser | Self::BrowserVersion => Family::Browsers,
            Self::Os | Self::OsVersion => Family::Systems,
            Self::Event | Self::Goal => Family::Events,
            alone => Family::Alone(alone),
        }
    }

    /// Whether crossings of this dimension and `other` are kept: one of them must be filterable. Pairs of which one
    /// value follows from the other (a page has its sections, a version its browser) are read from cells instead. Exit
    /// pages move on as long as a visit lasts, and no sketch forgets who left one again: how many visitors a pair with one
    /// has cannot be known, nor whether it may be shown.
    pub fn crosses(self, other: Self) -> bool {
        use Dimension::{EntryPage, NextPage, Page, SecondPage, ThirdPage};
        let pair = if self <= other { (self, other) } else { (other, self) };
        if pair.0.is_step() || pair.1.is_step() {
            return matches!(pair, (Page, NextPage) | (EntryPage, SecondPage) | (SecondPage, ThirdPage));
        }
        if pair.0.is_alone() || pair.1.is_alone() || !(self.filterable() || other.filterable()) {
            return false;
        }
        self != other && !self.follows(other)
    }

    /// Whether a value of one of these belongs to a value of the other by what it is: a page to its sections, a city to its
    /// country. Where a source lies, and what reaches a goal, only events tell.
    pub fn follows(self, other: Self) -> bool {
        let family = self.family();
        self != other && family == other.family() && !matches!(family, Family::Sources | Family::Events)
    }

    /// Whether this is a step of a journey.
    const fn is_step(self) -> bool {
        matches!(self, Self::NextPage | Self::SecondPage | Self::ThirdPage)
    }

    /// Whether cells of this dimension are never crossed.
    const fn is_alone(self) -> bool {
        matches!(self, Self::Total | Self::OptedOut | Self::Funnel | Self::Cohort | Self::ExitPage)
    }
}

/// What a crossing counts. `dimensions` are in wire order, so that each pair has one form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CrossingKey {
    /// The site.
    pub site: SiteId,
    /// The site-local day.
    pub day: Day,
    /// The two dimensions, the one with the smaller wire number first.
    pub dimensions: [Dimension; 2],
    /// Their values, in the same order.
    pub values: [Box<str>; 2],
}

/// Counts of one group of two attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crossing {
    /// The group.
    pub key: CrossingKey,
    /// The counts; they may be negative, since later crossings correct earlier ones.
    pub measures: Measures,
    /// PRF(crossing key, visitor) of each visitor, sorted, without repeats. Empty for late days. 32 bits are enough: of
    /// 100,000 visitors of one crossing about one is lost to a collision.
    pub hashes: Vec<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_have_no_order() {
        for a in Dimension::ALL {
            for b in Dimension::ALL {
                assert_eq!(a.crosses(b), b.crosses(a), "{} {}", a.code(), b.code());
            }
        }
    }

    #[test]
    fn one_of_a_pair_can_be_filtered_by_unless_it_is_a_journey() {
        use Dimension::{
            Browser, BrowserVersion, Channel, Country, EntryPage, NextPage, Page, Region, Section, Source,
        };
        let kept = [(Page, Country), (Region, Page), (Source, Channel), (EntryPage, Source), (Page, NextPage)];
        let not_kept = [
            (Page, Section),
            (Browser, BrowserVersion),
            (Country, Region),
            (Region, BrowserVersion),
            (Page, Page),
            (Dimension::Total, Page),
            (Dimension::Funnel, Page),
            (NextPage, Country),
            (Dimension::ExitPage, Country),
        ];
        assert_eq!(kept.map(|(a, b)| a.crosses(b)), [true; 5]);
        assert_eq!(not_kept.map(|(a, b)| a.crosses(b)), [false; 9]);
    }
}
