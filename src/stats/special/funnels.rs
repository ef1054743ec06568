//! Funnels: how many came as far as each step.

use serde::Serialize;
use utoipa::ToSchema;

use super::source::{Group, Source};
use super::{Comparison, Interval, Meta, Period, ReadError, percent};
use crate::model::{Dimension, Funnel};

/// The steps of a funnel.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FunnelAnswer {
    /// The funnel's id.
    pub funnel: String,
    /// Its name.
    pub name: String,
    /// Its steps, in order.
    pub steps: Vec<FunnelStep>,
    /// With `interval`: how far visitors came in each day, week or month, oldest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub series: Option<Vec<FunnelSpan>>,
    /// With `comparison`: the same of the days compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub comparison: Option<FunnelBefore>,
    /// What to know about them.
    pub meta: Meta,
}

/// A day, week or month of a funnel.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FunnelSpan {
    /// Its first day.
    #[schema(format = Date)]
    pub from: String,
    /// Visitors of each step, each once a day.
    pub visitors: Vec<u64>,
    /// Percent of those who took the first step that took the last one.
    pub conversion_rate: f64,
}

/// A funnel in the days compared with.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FunnelBefore {
    /// First and last day, in the site's zone.
    pub date_range: [String; 2],
    /// The steps then.
    pub steps: Vec<FunnelStep>,
    /// With `interval`: as in the answer, by position.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub series: Option<Vec<FunnelSpan>>,
}

/// What is asked about a funnel.
#[derive(Clone, Debug, PartialEq)]
pub struct FunnelAsked {
    /// The funnel.
    pub funnel: Funnel,
    /// Also by time.
    pub interval: Option<Interval>,
    /// Also of other days.
    pub comparison: Option<Comparison>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FunnelStep {
    /// The goal.
    pub name: String,
    /// Visitors who came this far, each once a day.
    pub visitors: u64,
    /// Times somebody came this far: once per visitor and day.
    pub events: u64,
    /// Percent of those who took the first step.
    pub conversion_rate: f64,
    /// Percent of those who took the step before; of the first step 100, or 0 when nobody took it.
    pub step_rate: f64,
}

pub(super) async fn answer(source: &Source<'_>, asked: &FunnelAsked) -> Result<FunnelAnswer, ReadError> {
    let FunnelAsked { funnel, interval, comparison } = asked;
    let (steps, series, meta) = read(source, funnel, *interval).await?;
    let comparison = match comparison {
        Some(comparison) => Some(before(source, funnel, (*interval, *comparison)).await?),
        None => None,
    };
    let (id, name) = (funnel.id.to_string(), funnel.name.to_string());
    Ok(FunnelAnswer { funnel: id, name, steps, series, comparison, meta })
}

async fn before(
    source: &Source<'_>,
    funnel: &Funnel,
    (interval, comparison): (Option<Interval>, Comparison),
) -> Result<FunnelBefore, ReadError> {
    let period = comparison.resolve(source.period);
    let (steps, series, _) = read(&source.at(period), funnel, interval).await?;
    Ok(FunnelBefore { date_range: [period.from.to_string(), period.to.to_string()], steps, series })
}

/// The days that are read: those asked for, and those they are compared with.
pub(super) fn reach(asked: &FunnelAsked, period: Period) -> Period {
    let then = asked.comparison.map_or(period, |comparison| comparison.resolve(period));
    Period { from: period.from.min(then.from), to: period.to.max(then.to) }
}

/// Steps, series and what to know about them, of the days of `source`.
async fn read(source: &Source<'_>, funnel: &Funnel, interval: Option<Interval>) -> Result<Read, ReadError> {
    let buckets = interval.map(|interval| source.buckets(interval));
    let prefix = format!("{}=", funnel.id);
    let (groups, meta) = source.cells((Dimension::Funnel, &prefix), buckets.as_ref()).await?;
    let series = buckets.map(|buckets| series(funnel, &groups, buckets.labels));
    Ok((steps(funnel, &groups), series, meta))
}

type Read = (Vec<FunnelStep>, Option<Vec<FunnelSpan>>, Meta);

fn series(funnel: &Funnel, groups: &[Group], labels: Vec<String>) -> Vec<FunnelSpan> {
    let span = |(bucket, from): (usize, String)| {
        let of_bucket: Vec<Group> = groups.iter().filter(|group| group.bucket == bucket).cloned().collect();
        let steps = steps(funnel, &of_bucket);
        FunnelSpan {
            from,
            visitors: steps.iter().map(|step| step.visitors).collect(),
            conversion_rate: steps.last().map_or(0.0, |step| step.conversion_rate),
        }
    };
    labels.into_iter().enumerate().map(span).collect()
}

fn steps(funnel: &Funnel, groups: &[Group]) -> Vec<FunnelStep> {
    let reached = |number: usize| {
        let value = format!("{}={number}", funnel.id);
        let found = groups.iter().filter(|group| group.value == value);
        found.fold((0, 0), |sum: (u64, u64), group| {
            (sum.0 + group.visitors.max(0).unsigned_abs(), sum.1 + group.events.max(0).unsigned_abs())
        })
    };
    let (first, _) = reached(1);
    let mut before = first;
    let step = |(position, name): (usize, &str)| {
        let (visitors, events) = reached(position + 1);
        let step_rate = percent(visitors, before);
        before = visitors;
        FunnelStep { name: name.to_string(), visitors, events, conversion_rate: percent(visitors, first), step_rate }
    };
    funnel.steps.iter().map(AsRef::as_ref).enumerate().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(value: &str, visitors: i64) -> Group {
        Group { value: value.to_owned(), visitors, events: visitors, ..Group::default() }
    }

    #[test]
    fn a_span_has_the_visitors_of_every_step_and_the_rate_of_the_last() {
        let funnel = Funnel { id: "f1".into(), name: "Way".into(), steps: vec!["A".into(), "B".into()] };
        let of = |bucket, value, visitors| Group { bucket, ..group(value, visitors) };
        let groups = [of(0, "f1=1", 8), of(0, "f1=2", 2), of(2, "f1=1", 3)];
        let told = series(&funnel, &groups, ["a", "b", "c"].map(str::to_owned).to_vec());
        let span = |from: &str, visitors: [u64; 2], conversion_rate| FunnelSpan {
            from: from.to_owned(),
            visitors: visitors.to_vec(),
            conversion_rate,
        };
        assert_eq!(told, [span("a", [8, 2], 25.0), span("b", [0, 0], 0.0), span("c", [3, 0], 0.0)]);
    }

    #[test]
    fn what_is_compared_with_is_read_too() {
        let day = |text: &str| text.parse::<jiff::civil::Date>().expect("a date");
        let period = Period { from: day("2026-11-10"), to: day("2026-11-16") };
        let funnel = Funnel { id: "f1".into(), name: "Way".into(), steps: Vec::new() };
        let reached = |comparison| {
            let asked = FunnelAsked { funnel: funnel.clone(), interval: None, comparison };
            let Period { from, to } = reach(&asked, period);
            [from.to_string(), to.to_string()]
        };
        assert_eq!(reached(None), ["2026-11-10", "2026-11-16"]);
        assert_eq!(reached(Some(Comparison::PreviousPeriod)), ["2026-11-03", "2026-11-16"]);
        let later = Comparison::Custom(day("2026-11-12"), day("2026-11-20"));
        assert_eq!(reached(Some(later)), ["2026-11-10", "2026-11-20"]);
    }

    #[test]
    fn rates_are_of_the_first_step_and_of_the_step_before() {
        let funnel = Funnel { id: "f1".into(), name: "Way".into(), steps: vec!["A".into(), "B".into(), "C".into()] };
        let groups = [group("f1=1", 10), group("f1=2", 5), group("f1=3", 1), group("f11=1", 99)];
        let rates: Vec<_> = steps(&funnel, &groups)
            .into_iter()
            .map(|step| (step.name, step.visitors, step.conversion_rate, step.step_rate))
            .collect();
        let expected = [("A", 10, 100.0, 100.0), ("B", 5, 50.0, 50.0), ("C", 1, 10.0, 20.0)];
        assert_eq!(rates, expected.map(|(name, visitors, first, before)| (name.to_owned(), visitors, first, before)));
        let none: Vec<_> = steps(&funnel, &[]).into_iter().map(|step| (step.visitors, step.step_rate)).collect();
        assert_eq!(none, [(0, 0.0); 3]);
    }
}
