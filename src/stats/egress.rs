//! The single way out (P7): every reader of counts, whatever it looks like, goes through [`answer`]. Suppression
//! belongs here, between reading and answering, and nowhere else.

use std::cmp::Ordering;

use jiff::Timestamp;

use super::buckets::Buckets;
use super::error::ReadError;
use super::period::DateRange;
use super::plan::{Plan, Shape};
use super::query::{Query, Sort};
use super::result::{Answer, Echo, EchoInclude, EchoPagination, Meta, ResultRow, Suppressed, VisitorsKind};
use crate::clickhouse::{DayRow, Store, StoreError, ValueRow};
use crate::model::Site;

/// The rows of one answer, before they are looked at for suppression.
struct Rows {
    page: Vec<ResultRow>,
    total: Option<u64>,
    labels: Option<Vec<String>>,
}

/// Answers `query` about `site` at `now` (seconds since 1970). The caller has checked that the asker may read the site.
///
/// # Errors
/// The question asks for something impossible, or the database is away.
pub async fn answer(store: &Store, site: &Site, query: &Query, now: i64) -> Result<Answer, ReadError> {
    let now = Timestamp::from_second(now).unwrap_or(Timestamp::UNIX_EPOCH);
    let first = match query.range {
        DateRange::All => store.first_day(&site.id).await?,
        _ => None,
    };
    let plan = Plan::new(query, &site.timezone, now, first)?;
    let rows = read(store, &plan, query).await?;
    let (page, suppressed) = suppress(rows.page);
    let visitors = VisitorsKind::DailySum;
    let meta = Meta {
        suppressed,
        visitors,
        timezone: site.timezone.iana_name().unwrap_or("UTC").to_owned(),
        total_rows: rows.total,
        time_labels: rows.labels,
    };
    Ok(Answer { results: page, meta, query: echo(query, &plan) })
}

/// Folds what too few visitors stand behind. Cells of one dimension of finished or open days are shown whole; the rules
/// for crossings and strict sites take their place here.
fn suppress(rows: Vec<ResultRow>) -> (Vec<ResultRow>, Suppressed) {
    (rows, Suppressed::default())
}

async fn read(store: &Store, plan: &Plan, query: &Query) -> Result<Rows, StoreError> {
    match &plan.shape {
        Shape::Totals(scope) => {
            let metrics = store.totals(scope, &plan.quantities).await?;
            let row = ResultRow { dimensions: Vec::new(), metrics };
            Ok(cut(vec![row], query))
        }
        Shape::Series { scope, grain, buckets } => {
            let rows = store.series(scope, &plan.quantities, *grain).await?;
            let mut filled = fill(buckets, &rows, plan.quantities.len());
            filled.sort_by(|a, b| compare(a, b, &query.order));
            let mut rows = cut(filled, query);
            rows.labels = query.time_labels.then(|| buckets.labels.clone());
            Ok(rows)
        }
        Shape::Table(request) => {
            let page = store.table(request).await?.into_iter().map(value_row).collect();
            let total = match query.total_rows {
                true => Some(store.table_size(&request.scope).await?),
                false => None,
            };
            Ok(Rows { page, total, labels: None })
        }
    }
}

fn value_row(row: ValueRow) -> ResultRow {
    ResultRow { dimensions: vec![row.value], metrics: row.numbers }
}

/// One row per bucket, zeros where nothing was counted.
fn fill(buckets: &Buckets, rows: &[DayRow], width: usize) -> Vec<ResultRow> {
    let empty = |label: &String| ResultRow { dimensions: vec![label.clone()], metrics: vec![0; width] };
    let mut filled: Vec<ResultRow> = buckets.labels.iter().map(empty).collect();
    for row in rows {
        let Some(bucket) = buckets.position(row.day, row.hour).and_then(|at| filled.get_mut(at)) else {
            continue;
        };
        for (sum, number) in bucket.metrics.iter_mut().zip(&row.numbers) {
            *sum = sum.saturating_add(*number);
        }
    }
    filled
}

/// Rows that are equal in the order asked for stay oldest first.
fn compare(a: &ResultRow, b: &ResultRow, order: &[Sort]) -> Ordering {
    let by = |sort: &Sort| {
        let ascending = match sort.metric {
            Some(position) => a.metrics.get(position).cmp(&b.metrics.get(position)),
            None => a.dimensions.cmp(&b.dimensions),
        };
        if sort.descending { ascending.reverse() } else { ascending }
    };
    order.iter().map(by).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// The page asked for, of rows that are all here.
fn cut(rows: Vec<ResultRow>, query: &Query) -> Rows {
    let total = query.total_rows.then_some(rows.len() as u64);
    let offset = usize::try_from(query.offset).unwrap_or(usize::MAX);
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    let page = rows.into_iter().skip(offset).take(limit).collect();
    Rows { page, total, labels: None }
}

fn echo(query: &Query, plan: &Plan) -> Echo {
    let dimension = query.grouping.as_ref().map(|(name, _)| name.clone());
    Echo {
        site_id: query.site.to_string(),
        metrics: query.metrics.iter().map(|metric| metric.name).collect(),
        date_range: [plan.period.from.to_string(), plan.period.to.to_string()],
        dimensions: dimension.into_iter().collect(),
        filters: Vec::new(),
        order_by: order_echo(query, &plan.shape),
        include: EchoInclude { total_rows: query.total_rows, time_labels: query.time_labels },
        pagination: EchoPagination { limit: query.limit, offset: query.offset },
    }
}

fn order_echo(query: &Query, shape: &Shape) -> Vec<(String, &'static str)> {
    let first_metric = Sort { metric: Some(0), descending: true };
    let time = Sort { metric: None, descending: false };
    let asked: &[Sort] = match shape {
        _ if !query.order.is_empty() => &query.order,
        Shape::Totals(_) => &[],
        Shape::Series { .. } => &[time],
        Shape::Table(_) => &[first_metric],
    };
    let dimension = query.grouping.as_ref().map_or("", |(name, _)| name.as_str());
    let name = |sort: &Sort| {
        let metric = sort.metric.and_then(|position| query.metrics.get(position));
        let column = metric.map_or(dimension, |metric| metric.name);
        (column.to_owned(), if sort.descending { "desc" } else { "asc" })
    };
    asked.iter().map(name).collect()
}
