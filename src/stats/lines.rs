//! The rows of one period before they become an answer: which cells or crossings a question is answered from, what is
//! left over for `(other)`, and what rates are set against. Called by `egress`.

use std::collections::BTreeMap;

use super::error::ReadError;
use super::fields::Field;
use super::filter::Filter;
use super::hierarchy;
use super::kept::{follows, is_of_events, overlaps};
use super::metric::{Line, Metric, Whole};
use super::query::Query;
use super::reading::{Cut, Key, Reading, Sums};
use super::result::{Remainder, Revenue, Suppressed};
use super::revenue;
use crate::clickhouse::{Numbers, OTHER, Pick, Side};
use crate::model::{Currency, Dimension, Measure};

/// The name of page views among events.
const PAGEVIEW: &str = "pageview";

/// The rows of one period.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) rows: BTreeMap<Key, Line>,
    pub(super) whole: Whole,
    pub(super) suppressed: Suppressed,
    /// Whether visitors of some row may count one person more than once a day.
    pub(super) is_upper_bound: bool,
    /// What `(other)` means, where rows come from pairs.
    pub(super) remainder: Option<Remainder>,
    pub(super) revenue: Option<Revenue>,
}

/// Sums on their way to rows.
#[derive(Default)]
pub(super) struct Found {
    sums: Sums,
    is_upper_bound: bool,
    remainder: Option<Remainder>,
}

/// Reads the rows of `query`. `currency` is the one of revenue, where it is settled.
pub(super) async fn read(reading: &Reading<'_>, query: &Query, currency: Option<Currency>) -> Result<Lines, ReadError> {
    let cut = Cut { time: query.time().is_some(), label: query.field().is_some() };
    let found = found(reading, query, cut).await?;
    let mut lines = Lines {
        is_upper_bound: found.is_upper_bound,
        suppressed: found.sums.folded,
        remainder: found.remainder,
        ..Lines::default()
    };
    for (key, numbers) in found.sums.rows {
        lines.rows.entry(key).or_default().numbers = numbers;
    }
    fill(reading, &mut lines, cut);
    if query.wants(Metric::Percentage) {
        lines.whole.visitors = total(reading, query, Cut::NONE).await?.total().visitors;
    }
    if query.wants(Metric::ConversionRate) {
        put_bases(reading, query, cut, &mut lines).await?;
    }
    if query.wants(Metric::OptedOut) {
        let sums = reading.cells(&Side::all(Dimension::OptedOut), cut).await?;
        for (key, numbers) in sums.rows {
            lines.rows.entry(key).or_default().opted_out = numbers.measures[Measure::Events];
        }
    }
    if query.wants_revenue() {
        revenue::put(reading, query, (cut, currency), &mut lines).await?;
    }
    if cut.label {
        lines.rows.retain(|_, line| !line.is_zero());
    }
    Ok(lines)
}

/// Every bucket has a row; without labels there is exactly one.
fn fill(reading: &Reading<'_>, lines: &mut Lines, cut: Cut) {
    if cut.label {
        return;
    }
    let buckets = reading.buckets.map_or(1, |buckets| buckets.labels.len());
    for bucket in 0..buckets {
        lines.rows.entry((bucket, String::new())).or_default();
    }
}

async fn found(reading: &Reading<'_>, query: &Query, cut: Cut) -> Result<Found, ReadError> {
    match (query.field(), &query.filter) {
        (Some(field), Some(filter)) if filter.field.is(field) => {
            let sums = reading.cells(&filter.field.side(filter.pick.clone()), cut).await?;
            Ok(Found { sums, ..Found::default() })
        }
        (Some(field), Some(filter)) if follows(field.dimension, filter.field.dimension) => {
            refined(reading, field, filter).await
        }
        (Some(field), Some(filter)) => paired(reading, field, filter).await,
        (Some(field), None) => listed(reading, field, cut).await,
        (None, Some(filter)) => {
            let sums = reading.cells(&filter.field.side(filter.pick.clone()), cut).await?;
            Ok(Found { sums, is_upper_bound: !filter.is_single(), remainder: None })
        }
        (None, None) => {
            let sums = reading.cells(&Side::all(Dimension::Total), cut).await?;
            Ok(Found { sums, ..Found::default() })
        }
    }
}

/// Every value of a dimension: from cells. Where k applies to them, what is missing is given as a whole.
async fn listed(reading: &Reading<'_>, field: &Field, cut: Cut) -> Result<Found, ReadError> {
    let sums = reading.cells(&field.side(Pick::All), cut).await?;
    let mut found = Found { sums, ..Found::default() };
    let dimension = field.dimension;
    if !reading.judges(dimension) || overlaps(dimension) {
        return Ok(found);
    }
    // Where a seal folded all of them, its row alone tells the day from that of a site without any.
    found.sums.folded.rows += reading.sealed_folds([dimension; 2]).await?;
    if found.sums.rows.is_empty() && found.sums.folded.rows == 0 {
        return Ok(found);
    }
    let place = matches!(dimension, Dimension::Region | Dimension::City);
    let whole = Side::all(if place { Dimension::Country } else { Dimension::Total });
    let whole = reading.cells(&whole, Cut { label: false, ..cut }).await?;
    put_remainder(&mut found, dimension, &whole);
    Ok(found)
}

/// The values of a dimension that belong to those of a coarser one, or the sections of pages: from cells.
async fn refined(reading: &Reading<'_>, field: &Field, filter: &Filter) -> Result<Found, ReadError> {
    let picked = filter.field.side(filter.pick.clone());
    if filter.field.dimension == Dimension::Page {
        let pages = reading.cells(&picked, Cut::LABEL).await?;
        let mut found = Found { is_upper_bound: true, remainder: Some(Remainder::NotGiven), ..Found::default() };
        for ((bucket, page), numbers) in pages.rows {
            for section in hierarchy::sections(&page) {
                *found.sums.rows.entry((bucket, section.to_owned())).or_default() += numbers;
            }
        }
        return Ok(found);
    }
    let mut all = reading.cells(&field.side(Pick::All), Cut::LABEL).await?;
    all.rows.retain(|(_, label), _| hierarchy::belongs(field.dimension, label, &filter.pick));
    all.folded = Suppressed::default();
    let mut found = Found { sums: all, is_upper_bound: false, remainder: Some(Remainder::NotGiven) };
    // Sections lie within each other: several of them count a page twice, its cell counts it once.
    if filter.is_single() || filter.field.dimension != Dimension::Section {
        let whole = reading.cells(&picked, Cut::NONE).await?;
        put_remainder(&mut found, field.dimension, &whole);
    }
    Ok(found)
}

/// The values of a dimension among events of some values of another: from crossings.
async fn paired(reading: &Reading<'_>, field: &Field, filter: &Filter) -> Result<Found, ReadError> {
    let picked = filter.field.side(filter.pick.clone());
    let sums = reading.crossed(&field.side(Pick::All), &picked, Cut::LABEL).await?;
    let mut found = Found { sums, is_upper_bound: !filter.is_single(), remainder: Some(Remainder::NotGiven) };
    let by_name = filter.field.dimension == Dimension::Event;
    let mut whole = reading.cells(&picked, Cut { time: false, label: by_name }).await?;
    if by_name {
        whole.rows.remove(&(0, PAGEVIEW.to_owned()));
    }
    let whole = whole.total();
    if field.dimension == Dimension::Event {
        put_views(&mut found, (0, PAGEVIEW.to_owned()), whole, field.dimension);
    }
    if overlaps(field.dimension) {
        let folded = reading.folded_pairs([field.dimension, filter.field.dimension]).await?;
        found.sums.folded = at_most(field.dimension, (&whole, &found.sums), folded);
    } else {
        let whole = Sums { rows: [((0, String::new()), whole)].into(), ..Sums::default() };
        put_remainder(&mut found, field.dimension, &whole);
    }
    if by_name && filter.pick.holds(PAGEVIEW) {
        let cells = reading.cells(&field.side(Pick::All), Cut::LABEL).await?;
        for (key, numbers) in cells.rows {
            put_views(&mut found, key, numbers, field.dimension);
        }
    }
    Ok(found)
}

/// What was folded of rows that are no parts of a whole: `rows` of the whole table, and what is left when those shown are
/// taken away, as far as no event is in two of them.
fn at_most(dimension: Dimension, (whole, shown): (&Numbers, &Sums), rows: u64) -> Suppressed {
    let is_apart = |label: &str| match dimension {
        Dimension::Goal => false,
        // Those of one segment are shown above folded ones; those of two are the finest.
        Dimension::Section => label.matches('/').count() > 1,
        _ => true,
    };
    let mut sum = Numbers::default();
    shown.rows.iter().filter(|((_, label), _)| is_apart(label)).for_each(|(_, numbers)| sum += *numbers);
    let mut folded = Suppressed { rows, ..Suppressed::default() };
    if rows > 0 {
        folded.add(&rest(dimension, whole, &sum));
    }
    folded
}

/// Pairs with the event `pageview` are not kept: a cell says how often its value was looked at. Of its visitors some may
/// have looked at nothing.
fn put_views(found: &mut Found, key: Key, mut numbers: Numbers, dimension: Dimension) {
    let views = numbers.measures[Measure::Pageviews];
    if views <= 0 && dimension != Dimension::ExitPage {
        return;
    }
    found.is_upper_bound = true;
    numbers.measures[Measure::Events] = views;
    *found.sums.rows.entry(key).or_default() += numbers;
}

/// What the whole has beyond the rows shown, bucket by bucket: folded groups, and events without a value.
fn put_remainder(found: &mut Found, dimension: Dimension, whole: &Sums) {
    let mut shown: BTreeMap<usize, Numbers> = BTreeMap::new();
    for ((bucket, _), numbers) in &found.sums.rows {
        *shown.entry(*bucket).or_default() += *numbers;
    }
    let mut folded = Suppressed { rows: found.sums.folded.rows.max(1), ..Suppressed::default() };
    let mut is_any = false;
    for ((bucket, _), whole) in &whole.rows {
        let rest = rest(dimension, whole, &shown.remove(bucket).unwrap_or_default());
        if !rest.is_zero() {
            is_any = true;
            folded.add(&rest);
            *found.sums.rows.entry((*bucket, OTHER.to_owned())).or_default() += rest;
        }
    }
    found.remainder = Some(Remainder::Exact);
    found.is_upper_bound |= is_any;
    if is_any {
        found.sums.folded = folded;
    }
}

fn rest(dimension: Dimension, whole: &Numbers, shown: &Numbers) -> Numbers {
    let mut rest = Numbers::default();
    for measure in Measure::ALL {
        rest.measures[measure] = whole.measures[measure].saturating_sub(shown.measures[measure]).max(0);
    }
    let exits = dimension == Dimension::ExitPage;
    if exits {
        let visits = rest.measures[Measure::Visits];
        rest = Numbers::default();
        rest.measures[Measure::Visits] = visits;
    }
    // Nobody is there without an event, or a visit that ended.
    let most = rest.measures[if exits { Measure::Visits } else { Measure::Events }];
    rest.visitors = whole.visitors.min(most);
    if is_of_events(dimension) {
        // A visit sees several pages: it may be among those shown and among the rest.
        rest.measures[Measure::Visits] = whole.measures[Measure::Visits].min(most);
    }
    rest
}

/// The whole of an answer: the filter's own cells, or the site.
async fn total(reading: &Reading<'_>, query: &Query, cut: Cut) -> Result<Sums, ReadError> {
    let side = query
        .filter
        .as_ref()
        .map_or_else(|| Side::all(Dimension::Total), |filter| filter.field.side(filter.pick.clone()));
    Ok(reading.cells(&side, cut).await?)
}

/// Visitors of the same groups without the goal.
async fn put_bases(reading: &Reading<'_>, query: &Query, cut: Cut, lines: &mut Lines) -> Result<(), ReadError> {
    let is_goal = |field: &Field| matches!(field.dimension, Dimension::Goal | Dimension::Event);
    let by_goal = query.filter.as_ref().filter(|filter| is_goal(&filter.field));
    let field = query.field().filter(|field| by_goal.is_none_or(|filter| !filter.field.is(field)));
    let bases = match (by_goal, field) {
        (Some(_), Some(field)) => reading.cells(&field.side(Pick::All), Cut::LABEL).await?,
        (Some(_), None) => reading.cells(&Side::all(Dimension::Total), Cut { label: false, ..cut }).await?,
        (None, _) => total(reading, query, Cut::NONE).await?,
    };
    let one = bases.total().visitors;
    let per_row = by_goal.is_some() && (field.is_some() || cut.time);
    for (key, line) in &mut lines.rows {
        let own = || bases.rows.get(key).map_or(0, |numbers| numbers.visitors);
        line.base = if per_row { own() } else { one };
    }
    Ok(())
}
