//! Funnels: how many came as far as each step.

use serde::Serialize;
use utoipa::ToSchema;

use super::source::{Group, Source};
use super::{Meta, ReadError, percent};
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
    /// What to know about them.
    pub meta: Meta,
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

pub(super) async fn answer(source: &Source<'_>, funnel: &Funnel) -> Result<FunnelAnswer, ReadError> {
    let (groups, meta) = source.cells(Dimension::Funnel, &format!("{}=", funnel.id)).await?;
    Ok(FunnelAnswer {
        funnel: funnel.id.to_string(),
        name: funnel.name.to_string(),
        steps: steps(funnel, &groups),
        meta,
    })
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
