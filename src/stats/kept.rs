//! What is kept, and what is not: which filters a site has, which pairs of attributes, which metrics for which of them.
//! Every refusal says what is kept instead. Pure; called by `egress` before anything is read.

use super::error::QueryError;
use super::fields::{Field, TimeGrain, filterable, name_of};
use super::filter::Filter;
use super::metric::Metric;
use super::query::Query;
use crate::model::{Dimension, Site};

/// Checks a question against what is kept for `site`.
///
/// # Errors
/// 422s that say what is kept.
pub(super) fn check(query: &Query, site: &Site) -> Result<(), QueryError> {
    if let Some(filter) = &query.filter {
        check_filter(&filter.field, site)?;
        if query.time() == Some(TimeGrain::Hour) {
            let message = "filtered series are kept by the day; ask for time:day";
            return Err(QueryError::FilterNotKept(message.to_owned()));
        }
    }
    if let Some(field) = query.field() {
        check_shape(field, query, site)?;
    }
    query.metrics.iter().try_for_each(|metric| check_metric(*metric, query, site))
}

/// Checks that reports of `site` can be filtered by an attribute.
pub(super) fn check_filter(field: &Field, site: &Site) -> Result<(), QueryError> {
    let is_kept = site.crossings.has(field.dimension);
    if is_kept && is_listed(field, site) {
        return Ok(());
    }
    let mut kept: Vec<String> = filterable()
        .filter(|dimension| *dimension != Dimension::Prop && site.crossings.has(*dimension))
        .map(|dimension| name_of(dimension).to_owned())
        .collect();
    if site.crossings.has(Dimension::Prop) {
        kept.extend(site.filter_properties.iter().map(|key| format!("event:props:{key}")));
    }
    let kept = if kept.is_empty() { "none".to_owned() } else { kept.join(", ") };
    Err(QueryError::FilterNotKept(format!(
        "this site keeps filters by {kept}; others would need counts of each pair of values, which are not kept"
    )))
}

/// Whether pairs with a property are kept: only of keys the owner listed.
fn is_listed(field: &Field, site: &Site) -> bool {
    field.key().is_none_or(|_| site.crosses(field.dimension, &field.prefix))
}

fn check_shape(field: &Field, query: &Query, site: &Site) -> Result<(), QueryError> {
    if query.time() == Some(TimeGrain::Hour) {
        let message = "hours are answered for the whole site; ask for time:day beside another dimension";
        return Err(QueryError::CrossingNotKept(message.to_owned()));
    }
    let Some(filter) = &query.filter else {
        return Ok(());
    };
    if field.dimension == Dimension::ExitPage {
        let message = "exit pages are kept by themselves: the exit page of a visit moves on as long as it lasts, so \
                       that the visitors of a pair cannot be counted; visit:entry_page goes with a filter";
        return Err(QueryError::FilterNotKept(message.to_owned()));
    }
    if query.time().is_some() {
        let message = "a filter goes with time or with another dimension, not with both: counts of at most two \
                       attributes at a time are kept; ask for the days one by one";
        return Err(QueryError::CrossingNotKept(message.to_owned()));
    }
    let is_known = filter.field.is(field) || follows(field.dimension, filter.field.dimension);
    if is_known || crosses(field, &filter.field, site) {
        return Ok(());
    }
    let message = format!(
        "{} is not kept together with {}; kept are pairs of which one is among the filters of this site, and of \
         properties only listed keys, one at a time",
        name_of(field.dimension),
        name_of(filter.field.dimension)
    );
    Err(QueryError::CrossingNotKept(message))
}

/// Whether values of `group` belong to values of `filter` by what they are: a page to its sections, a city to its
/// country. Such pairs are read from cells.
pub(super) fn follows(group: Dimension, filter: Dimension) -> bool {
    group.follows(filter)
}

fn crosses(one: &Field, other: &Field, site: &Site) -> bool {
    site.crossings.keeps(one.dimension, other.dimension) && is_listed(one, site) && is_listed(other, site)
}

/// Whether one event, or one visit, can have several values: those of pages, say.
pub(super) const fn is_of_events(dimension: Dimension) -> bool {
    use Dimension::{Event, Goal, Page, Prop, Section};
    matches!(dimension, Page | Section | Event | Goal | Prop)
}

/// Whether one event can have several values, or one of several keys: the rows of such a dimension are no parts of a
/// whole.
pub(super) const fn overlaps(dimension: Dimension) -> bool {
    use Dimension::{Goal, Prop, Section};
    matches!(dimension, Section | Goal | Prop)
}

fn check_metric(metric: Metric, query: &Query, site: &Site) -> Result<(), QueryError> {
    let fields = query.field().into_iter().chain(query.filter.as_ref().map(|filter| &filter.field));
    let dimensions: Vec<Dimension> = fields.map(|field| field.dimension).collect();
    let exits = dimensions.contains(&Dimension::ExitPage);
    if exits && !matches!(metric, Metric::Visitors | Metric::Visits | Metric::Percentage) {
        let message = "of exit pages visits and visitors are kept; visit:entry_page has every metric of visits";
        return Err(QueryError::MetricNotKept(message.to_owned()));
    }
    match metric {
        Metric::ViewsPerVisit | Metric::VisitDuration if dimensions.iter().any(|known| is_of_events(*known)) => {
            let message = format!(
                "{} is kept for what a visit has once: visit:entry_page, visit:source and the other visit: dimensions. \
                 Pages, names, goals and properties have visitors, visits, pageviews, events, time_on_page and \
                 scroll_depth",
                metric.name()
            );
            Err(QueryError::MetricNotKept(message))
        }
        Metric::ConversionRate => check_conversion(query, &dimensions),
        Metric::TotalRevenue | Metric::AverageRevenue => check_revenue(query, site),
        Metric::OptedOut if !dimensions.is_empty() || query.time() == Some(TimeGrain::Hour) => {
            let message = "opted_out is one number per site and day: ask without dimensions and filters, or with \
                           time:day and coarser";
            Err(QueryError::MetricNotKept(message.to_owned()))
        }
        _ => Ok(()),
    }
}

fn check_conversion(query: &Query, dimensions: &[Dimension]) -> Result<(), QueryError> {
    let of_goals = dimensions.iter().any(|known| matches!(known, Dimension::Goal | Dimension::Event));
    if of_goals && !(query.time().is_some() && query.field().is_some()) {
        return Ok(());
    }
    let message = "conversion_rate needs a goal or a feature: event:goal or event:name as the dimension (without time) \
                   or as the filter";
    Err(QueryError::MetricNotKept(message.to_owned()))
}

fn check_revenue(query: &Query, site: &Site) -> Result<(), QueryError> {
    let filter = query.filter.as_ref().map(|Filter { field, .. }| field);
    let (field, is_one) = match (query.field(), filter) {
        (Some(field), Some(filter)) => (Some(field), field.is(filter)),
        (field, filter) => (field.or(filter), !(field.is_some() && query.time().is_some())),
    };
    let in_days = query.time() != Some(TimeGrain::Hour);
    let has_pair = |field: &Field| site.crossings.keeps(field.dimension, Dimension::Currency) && is_listed(field, site);
    if is_one && in_days && field.is_none_or(has_pair) {
        return Ok(());
    }
    let kept: Vec<&str> = filterable().filter(|known| site.crossings.has(*known)).map(name_of).collect();
    Err(QueryError::MetricNotKept(format!(
        "revenue is kept by day for the site, and for one attribute at a time: {}",
        kept.join(", ")
    )))
}
