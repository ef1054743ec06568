//! P7, the threshold: which groups of a site-day must not be shown, so that what is shown cannot be subtracted down to a
//! few people. Pure: integers in, flags out. Called by the seal (for good) and by reading (open days, public pages).
//! Knows neither sketches nor SQL.
//!
//! # What holds
//! A *whole* is a cell or a crossing; its *parts* are the groups that refine it along one attribute: `page=/blog` has the
//! parts `page=/blog, country=DE`, …; `section=/blog, country=DE` has the parts `section=/blog/news, country=DE`, … and
//! `section=/blog, region=DE-Bavaria`, …. Sections refine into pages, channels into sources, sources into hosts of
//! referrers and, another way, into `utm_source`, countries into regions and cities, browsers and systems into versions.
//! 1. A crossing of fewer than k visitors is folded.
//! 2. Among the parts of one whole either none is folded or one of the folded has at least k visitors; else the smallest
//!    shown part is folded, too.
//! 3. A value whose own cell has fewer than k visitors, or is folded, has no crossings.
//! 4. Parts of what is folded are folded.
//! 5. What a whole has beyond all its parts (events without a country, pages beyond the cap) counts as one more hidden
//!    part: either it is empty, or visitors of the whole minus visitors of the parts prove it to hold k visitors, or a
//!    part of at least k visitors is folded beside it.
//! 6. A source of several channels lies in none of them alone, but in all of them together: in the rest (5) of each, and
//!    as a part of every set of channels that such sources tie together. Rules 2 and 5 hold for these sets like for any
//!    whole. A folded channel covers other folded channels only as far as such sources leave k visitors of it.
//! 7. What a whole leaves without its shown parts is never one folded group: the smallest shown part is folded with it,
//!    or, when there is none, the whole. Otherwise the line would publish what it folded, and a row could be subtracted
//!    from a column. Of a finer level (versions, cities) it is never all in one folded value of a coarser one.
//! 8. What a channel, or a set of (6), has beyond its own sources may be known to be of one source: then a part of that
//!    source is known. It is not told when the source is folded, nor when such parts leave few visitors of it.
//!
//! 9. A host or tag that came with several sources is a part of none of them, and never shown in a crossing: it could be
//!    subtracted from all of them together.
//! 10. A goal lies in the event that reaches it: it is folded with that, and where the event without it is few visitors'.
//!
//! So the events of a published group minus those of any set of published groups, got by refining it step by step along
//! either attribute (a union of published descendants, levels mixed at will), are zero or come from at least k visitors:
//! take the coarsest place where the set leaves something out. It is a shown part that was left out (at least k), a
//! folded one of at least k beside others (nothing below it is shown), or the rest proven in 5. (Of channels: those left
//! out fall into sets tied together by what is subtracted, each of which leaves nothing or at least k.) Equal numbers (a
//! part that is all of its whole) reveal nothing that is not already said and stay.
//!
//! # What does not hold
//! - Sums and differences over several lines at once (the equations of a whole table) are not solved: k protects each
//!   difference of a whole and its descendants, and what is left of a row minus what is left of a column (7), not every
//!   linear combination. Descendants that cannot be cut apart line
//!   by line (a pinwheel of rectangles) are such a combination.
//! - Goals overlap, and so do properties of different keys: one event may have several. The rest outside each single goal
//!   is empty or at least k; a difference over several goals is no group of people and is held to 2 and 5 only where the
//!   goals cannot overlap by their numbers. Each property key is a line of its own.
//! - Channels, sources, hosts and tags crossed with each other: 7 holds of each line; what two levels of one channel leave is
//!   not subtracted from each other.
//! - A goal of pages, and a property, are not held to the pages or the event they come with. Hosts and tags are held to
//!   sources, not to single channels of a source that has several.
//! - A source of several channels is held to lie in all of them that have events beyond the sources they have for
//!   themselves. Who knows from elsewhere that all who came to a page from it came by one channel can subtract it there.
//! - Crossings of the section `(more)` are never shown. Nothing is held to whoever knows which sections lie in it.
//! - `(more)` of a finer level (regions, cities, pages, versions) belongs to no single coarser value. It is held
//!   to the rules among the values of its own level, not mixed with coarser ones (but for 7).
//! - Vitals, numbers and steps of journeys are samples: no whole has as many. Rules 1 to 4 hold for them.
//! - k is compared with sketches: exact to 500 visitors. Rule 5 leaves room for their error above that.
//! - One table is one site and one day. Who polls an open day sees it grow; late events add counts (never visitors) to
//!   days that were judged before.

mod cells;
mod exposed;
mod funnels;
mod laying;
mod lines;
mod nodes;
mod plan;
mod several;
mod tree;

#[cfg(test)]
mod brute;
#[cfg(test)]
mod tests;

use crate::model::{Dimension, Family, Site};

/// A cell of the whole day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellEntry {
    /// The dimension.
    pub dimension: Dimension,
    /// Position of its value in [`PairTable::texts`].
    pub value: u32,
    /// Unique visitors.
    pub visitors: u64,
    /// [`crate::model::Measure::Pageviews`].
    pub pageviews: i64,
    /// [`crate::model::Measure::Events`].
    pub events: i64,
    /// [`crate::model::Measure::Visits`].
    pub visits: i64,
}

/// A crossing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrossingEntry {
    /// The two dimensions.
    pub dimensions: [Dimension; 2],
    /// Positions of their values in [`PairTable::texts`].
    pub values: [u32; 2],
    /// Unique visitors.
    pub visitors: u64,
    /// [`crate::model::Measure::Pageviews`].
    pub pageviews: i64,
    /// [`crate::model::Measure::Events`].
    pub events: i64,
    /// [`crate::model::Measure::Visits`].
    pub visits: i64,
}

/// One site-day, one pair of families: all cells of both families and all crossings between them. More than one pair at
/// once gives the same answer.
#[derive(Clone, Copy, Debug)]
pub struct PairTable<'t> {
    /// Values; each text once.
    pub texts: &'t [Box<str>],
    /// Every cell of both families (whole day), and the one of [`Dimension::Total`].
    pub cells: &'t [CellEntry],
    /// Every crossing between them.
    pub crossings: &'t [CrossingEntry],
    /// Which values lie in which, as far as only events tell. Needed where sources or goals take part, see [`tied`].
    pub ties: &'t [Tie],
    /// Whether k applies to cells of every dimension.
    pub strict: bool,
}

/// That two values of one family occurred together that day: the one lies in the other, at least in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tie {
    /// The finer dimension, and the position of its value in [`PairTable::texts`].
    pub fine: (Dimension, u32),
    /// The coarser one.
    pub coarse: (Dimension, u32),
}

impl Tie {
    /// What a crossing of two values tells, whichever is named first.
    pub fn between(dimensions: [Dimension; 2], values: [u32; 2]) -> Option<Self> {
        let ends = [0, 1].map(|at| (dimensions[at], values[at]));
        let is_tied = |fine: Dimension, coarse: Dimension| {
            use Dimension::{Channel, Event, Goal, Referrer, Source, UtmSource};
            matches!((fine, coarse), (Source, Channel) | (Referrer | UtmSource, Source) | (Goal, Event))
        };
        [ends, [ends[1], ends[0]]]
            .into_iter()
            .find(|[fine, coarse]| is_tied(fine.0, coarse.0))
            .map(|[fine, coarse]| Self { fine, coarse })
    }
}

/// The crossings that tell which values of a family lie in which: those between the first dimension and the others.
pub fn tied(family: Family) -> Option<(Dimension, &'static [Dimension])> {
    match family {
        Family::Sources => Some((Dimension::Source, &[Dimension::Channel, Dimension::Referrer, Dimension::UtmSource])),
        Family::Events => Some((Dimension::Event, &[Dimension::Goal])),
        _ => None,
    }
}

/// For each crossing: whether it must not be shown.
pub fn folded_crossings(table: &PairTable<'_>, k: u32) -> Vec<bool> {
    plan::crossings(table, u64::from(k))
}

/// For each cell: whether it must not be shown. Cells of regions and cities, and with `strict` those of every dimension
/// but the site's totals.
pub fn folded_cells(table: &PairTable<'_>, k: u32) -> Vec<bool> {
    cells::folded(table, u64::from(k))
}

/// The dimensions of a family, coarsest first.
pub fn dimensions_of(family: Family) -> &'static [Dimension] {
    match family {
        Family::Pages => &[Dimension::Section, Dimension::Page],
        Family::Sources => &[Dimension::Channel, Dimension::Source, Dimension::Referrer, Dimension::UtmSource],
        Family::Places => &[Dimension::Country, Dimension::Region, Dimension::City],
        Family::Browsers => &[Dimension::Browser, Dimension::BrowserVersion],
        Family::Systems => &[Dimension::Os, Dimension::OsVersion],
        Family::Events => &[Dimension::Event, Dimension::Goal],
        // In wire order, so that a slice of one is at its number.
        Family::Alone(dimension) => &(&Dimension::ALL)[dimension as usize..=dimension as usize],
    }
}

/// Every family.
fn families() -> Vec<Family> {
    let mut all: Vec<Family> = Dimension::ALL.into_iter().map(Dimension::family).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Every pair of families between which the site keeps crossings.
pub fn family_pairs(site: &Site) -> Vec<[Family; 2]> {
    let all = families();
    let kept = |one: Family, other: Family| {
        let pairs = dimensions_of(one).iter().flat_map(|a| dimensions_of(other).iter().map(move |b| (*a, *b)));
        // Journeys name the earlier step first.
        pairs.into_iter().any(|(a, b)| site.crossings.keeps(a.min(b), a.max(b)))
    };
    let pairs = all.iter().enumerate().flat_map(|(at, one)| all[at..].iter().map(move |other| [*one, *other]));
    pairs.filter(|[one, other]| kept(*one, *other)).collect()
}
