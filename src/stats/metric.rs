//! The metrics: what is read for each, and how it is made of what was read. Pure; called by `query`, `kept` and `egress`.

use serde::{Serialize, Serializer};

use super::error::QueryError;
use crate::clickhouse::{Numbers, Quantity};
use crate::model::Measure;

/// A metric that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Unique visitors.
    Visitors,
    /// Visits.
    Visits,
    /// Page views.
    Pageviews,
    /// Events, page views included.
    Events,
    /// Page views of a visit.
    ViewsPerVisit,
    /// Percent of visits without a second page view.
    BounceRate,
    /// Seconds of a visit.
    VisitDuration,
    /// Seconds a page was visible and focused, of page views that reported it.
    TimeOnPage,
    /// Percent of a page scrolled to, of page views that reported it.
    ScrollDepth,
    /// Percent of the visitors who reached a goal.
    ConversionRate,
    /// Payments in the main unit of one currency.
    TotalRevenue,
    /// The same by payment.
    AverageRevenue,
    /// Percent of the visitors of the whole answer.
    Percentage,
    /// Hits with DNT or GPC.
    OptedOut,
}

/// A number of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figure(f64);

impl Figure {
    /// Two decimals at most.
    pub fn new(number: f64) -> Self {
        let rounded = (number * 100.0).round() / 100.0;
        // Minus zero would be written as such.
        Self(if rounded.is_finite() { rounded + 0.0 } else { 0.0 })
    }

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Whole numbers up to 2^53 are exact.
        if self.0.fract() == 0.0 { serializer.serialize_i64(self.0 as i64) } else { serializer.serialize_f64(self.0) }
    }
}

/// What the numbers of a row are set against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// Its own numbers.
    pub(super) numbers: Numbers,
    /// Payments of the answer's currency, in its smallest unit.
    pub(super) revenue_minor: i64,
    /// How many payments.
    pub(super) payments: i64,
    /// Visitors of the same group without the goal.
    pub(super) base: i64,
    /// Opted-out hits.
    pub(super) opted_out: i64,
}

impl Line {
    /// Whether nothing was counted.
    pub(super) fn is_zero(&self) -> bool {
        self.numbers.is_zero() && self.revenue_minor == 0 && self.payments == 0
    }
}

/// What all rows of an answer share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Whole {
    /// Visitors of the whole answer.
    pub(super) visitors: i64,
    /// Digits between the main and the smallest unit of the currency.
    pub(super) exponent: u8,
}

const NAMES: [(&str, Metric); 14] = [
    ("visitors", Metric::Visitors),
    ("visits", Metric::Visits),
    ("pageviews", Metric::Pageviews),
    ("events", Metric::Events),
    ("views_per_visit", Metric::ViewsPerVisit),
    ("bounce_rate", Metric::BounceRate),
    ("visit_duration", Metric::VisitDuration),
    ("time_on_page", Metric::TimeOnPage),
    ("scroll_depth", Metric::ScrollDepth),
    ("conversion_rate", Metric::ConversionRate),
    ("total_revenue", Metric::TotalRevenue),
    ("average_revenue", Metric::AverageRevenue),
    ("percentage", Metric::Percentage),
    ("opted_out", Metric::OptedOut),
];

impl Metric {
    /// The metric of this name.
    pub(super) fn of_name(name: &str) -> Result<Self, QueryError> {
        let found = NAMES.into_iter().find(|(known, _)| *known == name);
        found.map(|(_, metric)| metric).ok_or_else(|| {
            let known = NAMES.map(|(known, _)| known).join(", ");
            QueryError::Metric(format!("one of them is not known; known are {known}"))
        })
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        NAMES.into_iter().find(|(_, metric)| *metric == self).map_or("", |(name, _)| name)
    }

    /// Whether it is about payments.
    pub(super) const fn is_revenue(self) -> bool {
        matches!(self, Self::TotalRevenue | Self::AverageRevenue)
    }

    /// The sums it is made of, besides visitors and events, which are always read.
    const fn measures(self) -> &'static [Measure] {
        match self {
            Self::Visits => &[Measure::Visits],
            Self::Pageviews => &[Measure::Pageviews],
            Self::ViewsPerVisit => &[Measure::Visits, Measure::Pageviews],
            Self::BounceRate => &[Measure::Visits, Measure::Bounces],
            Self::VisitDuration => &[Measure::Visits, Measure::VisitSecs],
            Self::TimeOnPage => &[Measure::EngagedSecs, Measure::EngagedN],
            Self::ScrollDepth => &[Measure::ScrollPctSum, Measure::ScrollN],
            _ => &[],
        }
    }

    /// What it says of a row.
    pub(super) fn of(self, line: &Line, whole: &Whole) -> Figure {
        let numbers = &line.numbers;
        let sum = |measure: Measure| numbers.measures[measure];
        match self {
            Self::Visitors => whole_number(numbers.visitors),
            Self::Visits => whole_number(sum(Measure::Visits)),
            Self::Pageviews => whole_number(sum(Measure::Pageviews)),
            Self::Events => whole_number(sum(Measure::Events)),
            Self::ViewsPerVisit => ratio(1.0, sum(Measure::Pageviews), sum(Measure::Visits)),
            Self::BounceRate => ratio(100.0, sum(Measure::Bounces), sum(Measure::Visits)),
            Self::VisitDuration => ratio(1.0, sum(Measure::VisitSecs), sum(Measure::Visits)),
            Self::TimeOnPage => ratio(1.0, sum(Measure::EngagedSecs), sum(Measure::EngagedN)),
            Self::ScrollDepth => ratio(1.0, sum(Measure::ScrollPctSum), sum(Measure::ScrollN)),
            Self::ConversionRate => ratio(100.0, numbers.visitors, line.base),
            Self::TotalRevenue => ratio(minor(whole), line.revenue_minor, 1),
            Self::AverageRevenue => ratio(minor(whole), line.revenue_minor, line.payments),
            Self::Percentage => ratio(100.0, numbers.visitors, whole.visitors),
            Self::OptedOut => whole_number(line.opted_out),
        }
    }
}

/// The quantities that have to be read for some metrics.
pub(super) fn quantities(metrics: &[Metric]) -> Vec<Quantity> {
    let mut wanted = vec![Quantity::Visitors, Quantity::Sum(Measure::Events)];
    for measure in metrics.iter().flat_map(|metric| metric.measures()) {
        let quantity = Quantity::Sum(*measure);
        if !wanted.contains(&quantity) {
            wanted.push(quantity);
        }
    }
    wanted
}

fn whole_number(number: i64) -> Figure {
    Figure::new(number as f64)
}

/// `scale · part / of`; zero when there is nothing to divide by.
fn ratio(scale: f64, part: i64, of: i64) -> Figure {
    if of == 0 { Figure::default() } else { Figure::new(scale * part as f64 / of as f64) }
}

/// What the smallest unit is worth in main units.
fn minor(whole: &Whole) -> f64 {
    0.1_f64.powi(i32::from(whole.exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(visitors: i64, sums: &[(Measure, i64)]) -> Line {
        let mut line = Line { numbers: Numbers { visitors, ..Numbers::default() }, ..Line::default() };
        for (measure, sum) in sums {
            line.numbers.measures[*measure] = *sum;
        }
        line
    }

    fn said(metric: Metric, line: &Line, whole: &Whole) -> String {
        serde_json::to_string(&metric.of(line, whole)).expect("a number")
    }

    #[test]
    fn rates_have_two_decimals_and_whole_numbers_none() {
        let line = line(3, &[(Measure::Visits, 3), (Measure::Bounces, 1), (Measure::Pageviews, 6)]);
        let whole = Whole { visitors: 7, exponent: 2 };
        let told = [Metric::BounceRate, Metric::ViewsPerVisit, Metric::Percentage, Metric::Visitors]
            .map(|metric| said(metric, &line, &whole));
        assert_eq!(told, ["33.33", "2", "42.86", "3"]);
    }

    #[test]
    fn nothing_divided_by_nothing_is_zero() {
        let told = NAMES.map(|(_, metric)| said(metric, &Line::default(), &Whole::default()));
        assert_eq!(told, ["0"; 14]);
    }

    #[test]
    fn money_is_told_in_main_units() {
        let line = Line { revenue_minor: 12_345, payments: 2, ..Line::default() };
        let told = [0, 2, 3].map(|exponent| {
            let whole = Whole { visitors: 0, exponent };
            (said(Metric::TotalRevenue, &line, &whole), said(Metric::AverageRevenue, &line, &whole))
        });
        let expected = [("12345", "6172.5"), ("123.45", "61.73"), ("12.35", "6.17")];
        assert_eq!(told, expected.map(|(total, average)| (total.to_owned(), average.to_owned())));
    }

    #[test]
    fn negative_zero_is_zero() {
        assert_eq!(serde_json::to_string(&Figure::new(-0.001)).expect("a number"), "0");
    }
}
