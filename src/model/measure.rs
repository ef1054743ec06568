//! What is counted in a cell.

use std::ops::{AddAssign, Index, IndexMut};

/// A number kept per cell. Unique visitors are not here: they are a set of hashes until a day is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Measure {
    /// Events of kind page view.
    Pageviews = 0,
    /// All events, page views included. In a cell of a sample ([`super::Dimension::Vital`], [`super::Dimension::Number`])
    /// the number of samples.
    Events,
    /// Visits: runs of events of one visitor with less than 30 minutes between them.
    Visits,
    /// Visits that have no second page view so far.
    Bounces,
    /// Seconds between the first and the last event of visits.
    VisitSecs,
    /// Seconds a page was visible and focused.
    EngagedSecs,
    /// Page views that reported engagement.
    EngagedN,
    /// Sum of the furthest scroll positions, in percent of the page.
    ScrollPctSum,
    /// Page views that reported a scroll position.
    ScrollN,
    /// Payments, in the smallest unit of the currency.
    RevenueMinor,
}

impl Measure {
    /// Every measure, in the order of the table's columns.
    pub const ALL: [Self; 10] = [
        Self::Pageviews,
        Self::Events,
        Self::Visits,
        Self::Bounces,
        Self::VisitSecs,
        Self::EngagedSecs,
        Self::EngagedN,
        Self::ScrollPctSum,
        Self::ScrollN,
        Self::RevenueMinor,
    ];

    /// The column's name in ClickHouse.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pageviews => "pageviews",
            Self::Events => "events",
            Self::Visits => "visits",
            Self::Bounces => "bounces",
            Self::VisitSecs => "visit_secs",
            Self::EngagedSecs => "engaged_secs",
            Self::EngagedN => "engaged_n",
            Self::ScrollPctSum => "scroll_pct_sum",
            Self::ScrollN => "scroll_n",
            Self::RevenueMinor => "revenue_minor",
        }
    }
}

/// One signed number per [`Measure`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Measures([i64; Measure::ALL.len()]);

impl Measures {
    /// The numbers in the order of [`Measure::ALL`].
    pub fn numbers(&self) -> &[i64; Measure::ALL.len()] {
        &self.0
    }

    /// The same, to be changed.
    pub fn numbers_mut(&mut self) -> &mut [i64; Measure::ALL.len()] {
        &mut self.0
    }

    /// Whether every number is zero.
    pub fn is_zero(&self) -> bool {
        self.0.iter().all(|number| *number == 0)
    }
}

impl Measures {
    /// Adds numbers of one commit, which are far from where sums would end ([`Measures::add_assign`] looks out for
    /// that): there are a hundred such sums for each page view.
    pub fn gather(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine = mine.wrapping_add(*theirs);
        }
    }
}

impl Index<Measure> for Measures {
    type Output = i64;
    fn index(&self, measure: Measure) -> &i64 {
        &self.0[measure as usize]
    }
}

impl IndexMut<Measure> for Measures {
    fn index_mut(&mut self, measure: Measure) -> &mut i64 {
        &mut self.0[measure as usize]
    }
}

impl AddAssign for Measures {
    fn add_assign(&mut self, other: Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine = mine.saturating_add(theirs);
        }
    }
}
