//! What is counted in a cell.

use std::ops::{AddAssign, Index, IndexMut};

/// A number kept per cell. Unique visitors are not here: they are a set of hashes until a day is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Measure {
    /// Events of kind page view.
    Pageviews = 0,
    /// All events, page views included.
    Events,
}

impl Measure {
    /// Every measure, in the order of the table's columns.
    pub const ALL: [Self; 2] = [Self::Pageviews, Self::Events];

    /// The column's name in ClickHouse.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pageviews => "pageviews",
            Self::Events => "events",
        }
    }
}

/// One signed number per [`Measure`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Measures([i64; Measure::ALL.len()]);

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
