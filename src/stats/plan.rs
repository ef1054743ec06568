//! From a question to what is read: dates, buckets, requests to the store. Pure; now and the zone are parameters.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::buckets::{Buckets, Width};
use super::error::QueryError;
use super::fields::{Grouping, TimeGrain};
use super::period::Period;
use super::query::{Query, Sort};
use crate::clickhouse::{Grain, Order, OrderBy, Quantity, Scope, TableRequest};
use crate::model::{Day, Dimension};

/// Most days a series of hours may have.
const HOURLY_DAYS: i32 = 366;

/// What to read, and how rows are made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// First and last day.
    pub period: Period,
    /// The numbers read, in the order of the metrics.
    pub quantities: Vec<Quantity>,
    /// The form of the answer.
    pub(super) shape: Shape,
}

/// The form of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One row.
    Totals(Scope),
    /// One row per bucket.
    Series { scope: Scope, grain: Grain, buckets: Buckets },
    /// One row per value.
    Table(TableRequest),
}

/// The site's date at a moment.
pub fn today(zone: &TimeZone, now: Timestamp) -> Date {
    zone.to_datetime(now).date()
}

impl Plan {
    /// Plans `query` for a site in `zone` at `now`. `first` is the day of the site's first count, where it is asked for.
    ///
    /// # Errors
    /// The range begins in the future, or has too many hours.
    pub fn new(query: &Query, zone: &TimeZone, now: Timestamp, first: Option<Day>) -> Result<Self, QueryError> {
        let period = query.range.resolve(today(zone, now), first.map(Day::date))?;
        let quantities: Vec<Quantity> = query.metrics.iter().map(|metric| metric.quantity).collect();
        let scope = scope(query, period)?;
        let Some((_, Grouping::Time(grain))) = &query.grouping else {
            let shape = match query.grouping {
                None => Shape::Totals(scope),
                Some(_) => Shape::Table(table(query, scope, &quantities)),
            };
            return Ok(Self { period, quantities, shape });
        };
        let width = width(*grain, period)?;
        let grain = if width == Width::Hour { Grain::Hour } else { Grain::Day };
        let buckets = Buckets::new(width, period, zone, now);
        Ok(Self { period, quantities, shape: Shape::Series { scope, grain, buckets } })
    }
}

fn scope(query: &Query, period: Period) -> Result<Scope, QueryError> {
    let (dimension, prefix) = match &query.grouping {
        None | Some((_, Grouping::Time(_))) => (Dimension::Total, String::new()),
        Some((_, Grouping::Attribute(dimension))) => (*dimension, String::new()),
        Some((_, Grouping::Property(key))) => (Dimension::Prop, format!("{key}=")),
    };
    let day = |date: Date| Day::from_date(date).ok_or_else(|| QueryError::Range(format!("{date} cannot be stored")));
    Ok(Scope { site: query.site.clone(), dimension, prefix, from: day(period.from)?, to: day(period.to)? })
}

/// The order asked for, else the first metric from its largest value down.
fn table(query: &Query, scope: Scope, quantities: &[Quantity]) -> TableRequest {
    let first_metric = [Sort { metric: Some(0), descending: true }];
    let asked = if query.order.is_empty() { &first_metric[..] } else { &query.order[..] };
    let order = asked
        .iter()
        .map(|sort| Order { by: sort.metric.map_or(OrderBy::Value, OrderBy::Quantity), descending: sort.descending });
    TableRequest {
        scope,
        quantities: quantities.to_vec(),
        order: order.collect(),
        limit: query.limit,
        offset: query.offset,
    }
}

fn width(grain: TimeGrain, period: Period) -> Result<Width, QueryError> {
    let width = match grain {
        TimeGrain::Hour if period.days() > HOURLY_DAYS => {
            let message = format!("hours are given for at most {HOURLY_DAYS} days; ask for time:day");
            return Err(QueryError::Range(message));
        }
        TimeGrain::Hour => Width::Hour,
        TimeGrain::Day => Width::Day,
        TimeGrain::Week => Width::Week,
        TimeGrain::Month => Width::Month,
        TimeGrain::Auto if period.days() == 1 => Width::Hour,
        TimeGrain::Auto if period.is_long() => Width::Month,
        TimeGrain::Auto => Width::Day,
    };
    Ok(width)
}
