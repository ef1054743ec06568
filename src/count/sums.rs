//! Sums that are added to millions of times: what nearly every event adds lies together, the rest apart.
//!
//! Called by [`super::cells`] and [`super::rows`]. A sum with what belongs to it fits into one line of the processor's
//! cache; measures of all kinds would take two, and most of them would be zeros.

use crate::model::{Measure, Measures, packed};

/// Measures that are common, the first of all: page views, events, visits, bounces and seconds of visits.
const COMMON: [Measure; 5] =
    [Measure::Pageviews, Measure::Events, Measure::Visits, Measure::Bounces, Measure::VisitSecs];

/// The common measures.
pub(super) type Common = [i64; COMMON.len()];

/// What is added to several places.
#[derive(Clone)]
#[repr(align(64))]
pub(super) struct Addend {
    common: Common,
    /// All of it, when there is more than the common part.
    all: Option<Box<Measures>>,
}

const _: () = assert!(size_of::<Addend>() == 64);

impl Addend {
    pub fn of(measures: &Measures) -> Self {
        Self { common: common(measures), all: has_rare(measures).then(|| Box::new(*measures)) }
    }

    /// All of it, when there is more than the common part.
    #[inline]
    pub fn rare(&self) -> Option<&Measures> {
        self.all.as_deref()
    }

    /// Whether it adds just these.
    pub fn is(&self, measures: &Measures) -> bool {
        self.common == common(measures) && self.all.as_deref().map_or(!has_rare(measures), |all| all == measures)
    }
}

fn common(measures: &Measures) -> Common {
    COMMON.map(|measure| measures[measure])
}

fn has_rare(measures: &Measures) -> bool {
    measures.numbers()[COMMON.len()..].iter().any(|number| *number != 0)
}

/// Adds the common part to a sum; what is rare has to be noted apart. The numbers of one commit are far from where sums
/// would end.
#[inline]
pub(super) fn add(sum: &mut Common, addend: &Addend) {
    for (mine, theirs) in sum.iter_mut().zip(&addend.common) {
        *mine = mine.wrapping_add(*theirs);
    }
}

/// A place, and the position of an addend that adds more than the common part there; as one number, which is quicker to
/// sort than two.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rare(u64);

impl Rare {
    pub fn new(place: u32, addend: u32) -> Self {
        Self(u64::from(place) << 32 | u64::from(addend))
    }

    fn place(self) -> u32 {
        (self.0 >> 32) as u32
    }

    fn addend(self) -> usize {
        self.0 as u32 as usize
    }
}

/// What is rare, in order of places, each place once or more.
pub(super) type ByPlace<'a> = std::iter::Peekable<std::slice::Iter<'a, Rare>>;

/// Appends the measures of a place, packed. Places must be asked for in order.
#[inline]
pub(super) fn put(out: &mut Vec<u8>, (place, sum): (u32, &Common), (rare, addends): (&mut ByPlace<'_>, &[Addend])) {
    if rare.peek().is_none_or(|next| next.place() != place) {
        return packed::put(out, sum);
    }
    let mut all = measures(sum);
    while let Some(next) = rare.next_if(|next| next.place() == place) {
        addends[next.addend()].rare().into_iter().for_each(|addend| add_rare(&mut all, addend));
    }
    packed::put(out, all.numbers());
}

/// Measures whose common part is `sum`.
pub(super) fn measures(sum: &Common) -> Measures {
    let mut measures = Measures::default();
    COMMON.iter().zip(sum).for_each(|(measure, number)| measures[*measure] = *number);
    measures
}

/// Adds what is rare in `addend`.
pub(super) fn add_rare(measures: &mut Measures, addend: &Measures) {
    let (sums, addends) = (&mut measures.numbers_mut()[COMMON.len()..], &addend.numbers()[COMMON.len()..]);
    sums.iter_mut().zip(addends).for_each(|(sum, number)| *sum = sum.wrapping_add(*number));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_common_comes_first() {
        assert_eq!(COMMON, Measure::ALL[..COMMON.len()]);
    }
}
