//! From a question to what is read: dates, buckets, quantities. Pure; now and the site are parameters.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, civil::Date};

use super::buckets::{Buckets, Width};
use super::error::QueryError;
use super::fields::TimeGrain;
use super::metric::{Metric, quantities};
use super::period::Period;
use super::query::Query;
use crate::clickhouse::{Grain, Quantity};
use crate::model::{Day, Dimension, Measure, Site};

/// Most days a series of hours may have.
const HOURLY_DAYS: i32 = 366;

/// What to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// First and last day.
    pub period: Period,
    /// The days it is compared with.
    pub compared: Option<Period>,
    /// The numbers read.
    pub(super) quantities: Vec<Quantity>,
    /// How time is cut.
    pub(super) width: Option<Width>,
}

/// The site's date at a moment.
pub fn today(zone: &TimeZone, now: Timestamp) -> Date {
    zone.to_datetime(now).date()
}

/// The first day of which sealed counts are kept.
pub(super) fn first_kept(site: &Site, today: Date) -> Date {
    today.saturating_sub(Span::new().months(i64::from(site.retention_months)))
}

impl Plan {
    /// Plans `query` for `site` at `now`. `first` is the day of the site's first count, where it is asked for.
    ///
    /// # Errors
    /// The range begins in the future or before what is kept, or has too many hours.
    pub fn new(query: &Query, site: &Site, now: Timestamp, first: Option<Day>) -> Result<Self, QueryError> {
        let today = today(&site.timezone, now);
        let kept = first_kept(site, today);
        let period = query.range.resolve(today, first.map(Day::date), kept)?;
        let width = query.time().map(|grain| width(grain, period, query)).transpose()?;
        query.comparison.as_ref().map_or(Ok(()), |(comparison, _)| comparison.check(kept))?;
        let compared = query.comparison.as_ref().map(|(comparison, _)| comparison.resolve(period));
        let mut quantities = quantities(&query.metrics);
        let mut want = |measure: Measure| {
            let quantity = Quantity::Sum(measure);
            if !quantities.contains(&quantity) {
                quantities.push(quantity);
            }
        };
        // Page views of a value stand in for its pairs with the event `pageview`, which are not kept.
        let filter = query.filter.as_ref().map(|filter| filter.field.dimension);
        let field = query.field().map(|field| field.dimension);
        if filter.is_some() && (filter == Some(Dimension::Event) || field == Some(Dimension::Event)) {
            want(Measure::Pageviews);
        }
        // Of exit pages there is nothing else to tell what is left over.
        if field == Some(Dimension::ExitPage) {
            want(Measure::Visits);
        }
        Ok(Self { period, compared, quantities, width })
    }

    /// How finely the store cuts time.
    pub(super) fn grain(&self) -> Grain {
        match self.width {
            None => Grain::Whole,
            Some(Width::Hour) => Grain::Hour,
            Some(_) => Grain::Day,
        }
    }

    /// The buckets of a period, where time is cut.
    pub(super) fn buckets(&self, period: Period, site: &Site, now: Timestamp) -> Option<Buckets> {
        self.width.map(|width| Buckets::new(width, period, &site.timezone, now))
    }
}

/// First and last day as they are stored.
pub(super) fn days(period: Period) -> Result<(Day, Day), QueryError> {
    let day = |date: Date| Day::from_date(date).ok_or_else(|| QueryError::Range(format!("{date} cannot be stored")));
    Ok((day(period.from)?, day(period.to)?))
}

fn width(grain: TimeGrain, period: Period, query: &Query) -> Result<Width, QueryError> {
    // Hours are kept of the whole site only, and not of everything.
    let is_daily =
        query.filter.is_some() || query.field().is_some() || query.wants_revenue() || query.wants(Metric::OptedOut);
    let width = match grain {
        TimeGrain::Hour if period.days() > HOURLY_DAYS => {
            let message = format!("hours are given for at most {HOURLY_DAYS} days; ask for time:day");
            return Err(QueryError::Range(message));
        }
        TimeGrain::Hour => Width::Hour,
        TimeGrain::Day => Width::Day,
        TimeGrain::Week => Width::Week,
        TimeGrain::Month => Width::Month,
        TimeGrain::Auto if period.days() == 1 && !is_daily => Width::Hour,
        TimeGrain::Auto if period.is_long() => Width::Month,
        TimeGrain::Auto => Width::Day,
    };
    Ok(width)
}
