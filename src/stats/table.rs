//! From rows to the answer: metrics, comparison, order, page. Pure; called by `egress`.

use std::cmp::Ordering;

use super::buckets::Buckets;
use super::fields::Grouping;
use super::lines::Lines;
use super::metric::{Figure, Line, Whole};
use super::period::Period;
use super::plan::Plan;
use super::query::{Column, Query, Sort};
use super::reading::Key;
use super::result::{Answer, Compared, Echo, EchoInclude, EchoPagination, Imported, Meta, ResultRow, VisitorsKind};
use crate::model::Site;

/// Rows of a period, and the buckets they are in.
#[derive(Clone, Copy)]
pub(super) struct Told<'a> {
    pub(super) lines: &'a Lines,
    pub(super) buckets: Option<&'a Buckets>,
}

/// A row on its way to the answer.
struct Row<'a> {
    key: &'a Key,
    metrics: Vec<Figure>,
}

/// The answer made of the rows of the range, and of those it is compared with.
pub(super) fn answer(site: &Site, query: &Query, plan: &Plan, (now, then): (Told<'_>, Option<Told<'_>>)) -> Answer {
    let order = order(query);
    let lines = now.lines;
    let mut rows: Vec<Row<'_>> =
        lines.rows.iter().map(|(key, line)| Row { key, metrics: figures(query, line, &lines.whole) }).collect();
    let total = rows.len() as u64;
    // A stable sort: rows that are equal stay oldest first, and by name.
    rows.sort_by(|a, b| compare(a, b, (query, &order)));
    // Without dimensions there is one row, on every page.
    let offset = if query.dimensions.is_empty() { 0 } else { query.offset };
    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    let page = rows.into_iter().skip(offset).take(limit);
    let results = page.map(|row| result(query, row, (now, then))).collect();
    let is_upper_bound = lines.is_upper_bound || then.is_some_and(|then| then.lines.is_upper_bound);
    let meta = Meta {
        suppressed: lines.suppressed,
        visitors: if is_upper_bound { VisitorsKind::UpperBound } else { VisitorsKind::DailySum },
        timezone: site.timezone.iana_name().unwrap_or("UTC").to_owned(),
        other: lines.remainder,
        revenue: lines.revenue.clone(),
        total_rows: query.total_rows.then_some(total),
        time_labels: now.buckets.filter(|_| query.time_labels).map(|buckets| buckets.labels.clone()),
        imported: Imported::within(site, plan.period),
    };
    Answer { results, meta, query: echo(query, plan, &order) }
}

fn figures(query: &Query, line: &Line, whole: &Whole) -> Vec<Figure> {
    query.metrics.iter().map(|metric| metric.of(line, whole)).collect()
}

fn result(query: &Query, row: Row<'_>, (now, then): (Told<'_>, Option<Told<'_>>)) -> ResultRow {
    let dimensions = labels(query, row.key, now.buckets);
    // Some ranges have a bucket more than others: what lies in it is compared with nothing.
    let is_there = |then: &Told<'_>| then.buckets.is_none_or(|buckets| row.key.0 < buckets.labels.len());
    let comparison = then.filter(is_there).map(|then| {
        let line = then.lines.rows.get(row.key).copied().unwrap_or_default();
        let before = figures(query, &line, &then.lines.whole);
        let change = row.metrics.iter().zip(&before).map(|(now, before)| change(now.get(), before.get())).collect();
        Compared { dimensions: labels(query, row.key, then.buckets), metrics: before, change }
    });
    ResultRow { dimensions, metrics: row.metrics, comparison }
}

/// The change in percent; none from nothing.
fn change(now: f64, before: f64) -> Option<Figure> {
    (before != 0.0).then(|| Figure::new(100.0 * (now - before) / before))
}

/// The values of a row's dimensions.
fn labels(query: &Query, (bucket, label): &Key, buckets: Option<&Buckets>) -> Vec<String> {
    let time = || buckets.and_then(|buckets| buckets.labels.get(*bucket)).cloned().unwrap_or_default();
    let value = |(_, grouping): &(String, Grouping)| match grouping {
        Grouping::Time(_) => time(),
        Grouping::Field(_) => label.clone(),
    };
    query.dimensions.iter().map(value).collect()
}

/// The order asked for; else oldest first, then the first metric from its largest value down.
fn order(query: &Query) -> Vec<Sort> {
    if !query.order.is_empty() {
        return query.order.clone();
    }
    let is_time = |(_, grouping): &(String, Grouping)| matches!(grouping, Grouping::Time(_));
    let time = query.dimensions.iter().position(is_time);
    let time = time.map(|position| Sort { column: Column::Dimension(position), descending: false });
    let first_metric = Sort { column: Column::Metric(0), descending: true };
    time.into_iter().chain(query.field().map(|_| first_metric)).collect()
}

fn compare(a: &Row<'_>, b: &Row<'_>, (query, order): (&Query, &[Sort])) -> Ordering {
    let by = |sort: &Sort| {
        let ascending = match sort.column {
            Column::Metric(position) => {
                let of = |row: &Row<'_>| row.metrics.get(position).map_or(0.0, |figure| figure.get());
                of(a).total_cmp(&of(b))
            }
            Column::Dimension(position) => match query.dimensions.get(position) {
                Some((_, Grouping::Time(_))) => a.key.0.cmp(&b.key.0),
                _ => a.key.1.cmp(&b.key.1),
            },
        };
        if sort.descending { ascending.reverse() } else { ascending }
    };
    order.iter().map(by).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

fn echo(query: &Query, plan: &Plan, order: &[Sort]) -> Echo {
    let ends = |period: Period| [period.from.to_string(), period.to.to_string()];
    Echo {
        site_id: query.site.to_string(),
        metrics: query.metrics.iter().map(|metric| metric.name()).collect(),
        date_range: ends(plan.period),
        comparison_date_range: plan.compared.map(ends),
        dimensions: query.dimensions.iter().map(|(name, _)| name.clone()).collect(),
        filters: query.filter.iter().map(|filter| filter.echo.clone()).collect(),
        order_by: order.iter().map(|sort| order_echo(query, sort)).collect(),
        include: EchoInclude {
            total_rows: query.total_rows,
            time_labels: query.time_labels,
            comparison: query.comparison.as_ref().map(|(_, written)| written.clone()),
            currency: query.currency.map(|currency| currency.code()),
        },
        pagination: EchoPagination { limit: query.limit, offset: query.offset },
    }
}

fn order_echo(query: &Query, sort: &Sort) -> (String, &'static str) {
    let column = match sort.column {
        Column::Metric(position) => query.metrics.get(position).map_or("", |metric| metric.name()),
        Column::Dimension(position) => query.dimensions.get(position).map_or("", |(name, _)| name.as_str()),
    };
    (column.to_owned(), if sort.descending { "desc" } else { "asc" })
}
