//! Sums that are added to millions of times: what nearly every event adds lies together, the rest apart.
//!
//! Called by [`super::cells`] and [`super::rows`]. A sum with what belongs to it fits into one line of the processor's
//! cache; measures of all kinds would take two, and most of them would be zeros.

use crate::model::{Measure, Measures};

/// Measures that are common: page views, events, visits, bounces and seconds of visits.
const COMMON: [Measure; 5] =
    [Measure::Pageviews, Measure::Events, Measure::Visits, Measure::Bounces, Measure::VisitSecs];

/// The common measures.
pub(super) type Common = [i64; COMMON.len()];

/// What is added to several places.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(super) struct Addend {
    common: Common,
    has_rare: bool,
    all: Measures,
}

impl Addend {
    pub fn of(measures: &Measures) -> Self {
        let common = COMMON.map(|measure| measures[measure]);
        let rare = |measure: &Measure| !COMMON.contains(measure) && measures[*measure] != 0;
        Self { common, has_rare: Measure::ALL.iter().any(rare), all: *measures }
    }

    pub fn measures(&self) -> &Measures {
        &self.all
    }
}

/// What is rare, by place: to be added at the end.
pub(super) type Rare = Vec<(u32, Measures)>;

/// Adds to the sum at `place`. The numbers of one commit are far from where sums would end.
pub(super) fn add(sum: &mut Common, place: u32, addend: &Addend, rare: &mut Rare) {
    for (mine, theirs) in sum.iter_mut().zip(&addend.common) {
        *mine = mine.wrapping_add(*theirs);
    }
    if addend.has_rare {
        rare.push((place, addend.all));
    }
}

/// Measures whose common part is `sum`.
pub(super) fn measures(sum: &Common) -> Measures {
    let mut measures = Measures::default();
    COMMON.iter().zip(sum).for_each(|(measure, number)| measures[*measure] = *number);
    measures
}

/// Adds what is rare in `addend`.
pub(super) fn add_rare(measures: &mut Measures, addend: &Measures) {
    for measure in Measure::ALL.into_iter().filter(|measure| !COMMON.contains(measure)) {
        measures[measure] = measures[measure].wrapping_add(addend[measure]);
    }
}
