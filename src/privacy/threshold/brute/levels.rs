//! Which values lie in which, as somebody may know.

use super::{Set, Value, World};
use crate::model::Dimension;

/// Values of one axis that have nothing in common.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub values: Vec<Value>,
    /// Sources of several channels of which only a part may be among what the values leave.
    pub partly: Vec<Value>,
}

impl Line {
    pub fn of(values: Vec<Value>) -> Self {
        Self { values, partly: Vec::new() }
    }
}

/// Some channels, and instead of the others the sources that lie in these: every choice of channels. Where a source
/// of several channels lies is known from the channels it had that day, as far as they hold more than the sources
/// they have for themselves.
pub(super) fn lines_of_channels(world: &World, occurring: &[(Value, Set)]) -> Vec<Line> {
    let of = |dimension| occurring.iter().filter(move |(value, _)| value.0 == dimension);
    let is_in = |source: &Value, channel: &Value| world.cells[source] & world.cells[channel] != 0;
    let channels: Vec<&(Value, Set)> = of(Dimension::Channel).collect();
    let in_which = |source: &Value| -> Vec<usize> {
        let known = world.cells.keys().filter(|value| value.0 == Dimension::Channel && is_in(source, value));
        let found = |channel: &Value| channels.iter().position(|(value, _)| value == channel);
        known.filter_map(found).collect()
    };
    let own = |at: usize| {
        let alone = of(Dimension::Source).filter(|(source, _)| in_which(source) == [at]);
        alone.fold(0, |all, (_, set)| all | set)
    };
    let has_rest: Vec<bool> = channels.iter().enumerate().map(|(at, (_, set))| set & !own(at) != 0).collect();
    let inside = |source: &Value| {
        let all = in_which(source);
        let some: Vec<usize> = all.iter().copied().filter(|at| all.len() > 1 && has_rest[*at]).collect();
        if some.is_empty() { all } else { some }
    };
    let sources: Vec<(&Value, Vec<usize>)> =
        of(Dimension::Source).map(|(source, _)| (source, inside(source))).collect();
    let choice = |mask: usize| {
        let channels = channels.iter().enumerate().filter(|(at, _)| mask >> at & 1 == 0).map(|(_, (of, _))| of);
        let is_in = |at: &usize| mask >> at & 1 == 1;
        let chosen = sources.iter().filter(|(_, inside)| !inside.is_empty() && inside.iter().all(is_in));
        let partly = sources.iter().filter(|(_, inside)| inside.iter().any(is_in) && !inside.iter().all(is_in));
        let values = channels.chain(chosen.map(|(source, _)| *source)).cloned().collect();
        Line { values, partly: partly.map(|(source, _)| (*source).clone()).collect() }
    };
    (1..1 << channels.len()).map(choice).collect()
}

/// Whether a value is, by its text, a finer one.
pub(super) fn refines(fine: &Value, coarse: &Value) -> bool {
    use Dimension::{Browser, BrowserVersion, City, Country, Page, Region, Section};
    if fine.1 == "(more)" || coarse.1 == "(more)" {
        return false;
    }
    let after = |end: &str| fine.1.strip_prefix(&*coarse.1).is_some_and(|rest| rest.starts_with(end));
    match (fine.0, coarse.0) {
        (Page, Section) => fine.1 == coarse.1 || after("/"),
        (Section, Section) | (City, Region) => after("/"),
        (City | Region, Country) => after("-"),
        (BrowserVersion, Browser) => {
            fine.1 == coarse.1 || fine.1.rsplit_once(' ').is_some_and(|(name, _)| name == coarse.1)
        }
        _ => false,
    }
}

/// Whether a value lies in another one as far as events tell: all of a source came by one channel, all of a host or tag
/// from one source, of a goal from one event.
pub(super) fn is_known_within(fine: &Value, coarse: &Value, world: &World) -> bool {
    use Dimension::{Channel, Event, Goal, Referrer, Source, UtmSource};
    let is_subset = |fine: &Value, coarse: &Value| world.cells[fine] & !world.cells[coarse] == 0;
    match (fine.0, coarse.0) {
        (Source, Channel) => is_subset(fine, coarse),
        (Goal, Event) => coarse.1 != "pageview" && is_subset(fine, coarse),
        (Referrer | UtmSource, Source) => fine.1 != "(more)" && is_subset(fine, coarse),
        (Referrer | UtmSource, Channel) => world
            .cells
            .keys()
            .filter(|value| value.0 == Source)
            .any(|source| is_known_within(fine, source, world) && is_subset(source, coarse)),
        _ => false,
    }
}

/// In which of several ways a value divides what it lies in.
pub(super) fn way(dimension: Dimension) -> Option<Dimension> {
    use Dimension::{Goal, Referrer, UtmSource};
    matches!(dimension, Referrer | UtmSource | Goal).then_some(dimension)
}

/// Whether a value may lie inside another one, as those know who know all events.
pub(super) fn is_inside(fine: &Value, coarse: &Value) -> bool {
    use Dimension::{Browser, BrowserVersion, Channel, City, Country, Region, Source};
    let is_more = coarse.1 == "(more)" && fine.1 != "(more)";
    match (fine.0, coarse.0) {
        (Source, Channel) => true,
        (City | Region, Country) | (BrowserVersion, Browser) => is_more,
        _ => false,
    }
}

/// Whether a value is no part of the tree of its family.
pub(super) fn is_unclean(value: &Value, world: &World) -> bool {
    use Dimension::{BrowserVersion, Channel, City, Page, Referrer, Region, Section, Source, UtmSource};
    let is_more = matches!(value.0, Section | Page | Region | City | BrowserVersion | Source) && value.1 == "(more)";
    if matches!(value.0, Referrer | UtmSource) {
        // A level of its own is looked at apart.
        return true;
    }
    // Inside no channel alone.
    let of_source = world.cells[value];
    let in_one = world.cells.iter().any(|(other, set)| other.0 == Channel && of_source & !set == 0);
    is_more || (value.0 == Source && !in_one)
}
