//! Web vitals and numeric properties: percentiles out of counts per bucket.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::distribution::Distribution;
use super::source::{Group, Source};
use super::{Filter, Meta, ReadError};
use crate::model::Dimension;

/// Percentiles of web vitals.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct VitalsAnswer {
    /// One row per vital that was reported.
    pub vitals: Vec<VitalRow>,
    /// What to know about them.
    pub meta: Meta,
}

/// One web vital.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct VitalRow {
    /// `LCP`, `FCP`, `INP`, `TTFB` in milliseconds; `CLS`, a number.
    pub name: &'static str,
    /// How many page views reported it.
    pub samples: u64,
    /// Half of them are not above this.
    pub p50: f64,
    /// Three quarters are not above this: the number by which a page is judged.
    pub p75: f64,
    /// Nineteen of twenty are not above this.
    pub p95: f64,
    /// Percent that are good by the thresholds of web.dev.
    pub good: f64,
    /// Percent that need improvement.
    pub needs_improvement: f64,
    /// Percent that are poor.
    pub poor: f64,
    /// How the values are spread: the buckets they were counted in, ascending, none of them empty.
    pub buckets: Vec<VitalBucket>,
}

/// Page views with a value in one bucket.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct VitalBucket {
    /// The smallest value, in the unit of the vital.
    pub from: f64,
    /// Values are below this; the same as `from` where all are zero, and in the last bucket there can be, which has no end.
    pub to: f64,
    /// How many page views.
    pub samples: u64,
}

/// Percentiles of numeric properties.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct NumbersAnswer {
    /// One row per key that was sent.
    pub numbers: Vec<NumberRow>,
    /// What to know about them.
    pub meta: Meta,
}

/// One numeric property.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct NumberRow {
    /// The property.
    pub key: String,
    /// How many events carried it.
    pub samples: u64,
    /// Half of the numbers are not above this.
    pub p50: f64,
    /// Three quarters are not above this.
    pub p75: f64,
    /// Nineteen of twenty are not above this.
    pub p95: f64,
}

struct Vital {
    name: &'static str,
    /// Up to this it is good, up to the second it needs improvement (web.dev/articles/vitals), in the unit stored.
    limits: [f64; 2],
    /// Units stored per unit shown: a shift is stored in thousandths.
    scale: f64,
}

const VITALS: [Vital; 5] = [
    Vital { name: "LCP", limits: [2_500.0, 4_000.0], scale: 1.0 },
    Vital { name: "INP", limits: [200.0, 500.0], scale: 1.0 },
    Vital { name: "CLS", limits: [100.0, 250.0], scale: 1_000.0 },
    Vital { name: "FCP", limits: [1_800.0, 3_000.0], scale: 1.0 },
    Vital { name: "TTFB", limits: [800.0, 1_800.0], scale: 1.0 },
];

pub(super) async fn answer(source: &Source<'_>, filter: Option<&Filter>) -> Result<VitalsAnswer, ReadError> {
    let (groups, meta) = source.samples(Dimension::Vital, "", filter).await?;
    let all = distributions(&groups);
    let rows = VITALS.iter().filter_map(|vital| Some(row(vital, all.get(vital.name)?)));
    Ok(VitalsAnswer { vitals: rows.collect(), meta })
}

pub(super) async fn numbers(
    source: &Source<'_>,
    key: Option<&str>,
    filter: Option<&Filter>,
) -> Result<NumbersAnswer, ReadError> {
    let prefix = key.map(|key| format!("{key}=")).unwrap_or_default();
    let (groups, meta) = source.samples(Dimension::Number, &prefix, filter).await?;
    let rows = distributions(&groups).into_iter().map(|(key, all)| NumberRow {
        key: key.to_owned(),
        samples: all.samples(),
        p50: all.percentile(0.5),
        p75: all.percentile(0.75),
        p95: all.percentile(0.95),
    });
    Ok(NumbersAnswer { numbers: rows.collect(), meta })
}

/// From `key=bucket` rows to one distribution per key.
fn distributions(groups: &[Group]) -> BTreeMap<&str, Distribution> {
    let mut all: BTreeMap<&str, Distribution> = BTreeMap::new();
    for group in groups {
        // What is beyond the cap of a day is `(more)` and has no bucket.
        if let Some((key, bucket)) = group.value.rsplit_once('=')
            && let Ok(bucket) = bucket.parse()
        {
            all.entry(key).or_default().add(bucket, group.events);
        }
    }
    all.retain(|_, distribution| distribution.samples() > 0);
    all
}

fn row(vital: &Vital, all: &Distribution) -> VitalRow {
    // Whole milliseconds, and thousandths of a shift: buckets know no more.
    let shown = |share| all.percentile(share).round() / vital.scale;
    // Hundredths of the unit stored, divided once, so that no digits come up that nobody measured.
    let edge = |value: f64| (value * 100.0).round() / (100.0 * vital.scale);
    let bucket = |(from, to, samples)| VitalBucket { from: edge(from), to: edge(to), samples };
    let [good, needs_improvement, poor] = all.shares(vital.limits[0], vital.limits[1]);
    VitalRow {
        name: vital.name,
        samples: all.samples(),
        p50: shown(0.5),
        p75: shown(0.75),
        p95: shown(0.95),
        good,
        needs_improvement,
        poor,
        buckets: all.buckets().map(bucket).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::bucket_of;

    fn group(value: &str, events: i64) -> Group {
        Group { value: value.to_owned(), events, ..Group::default() }
    }

    #[test]
    fn rows_of_buckets_become_one_distribution_per_key() {
        let groups = [group("a=80", 3), group("a=84", 1), group("b=c=80", 1), group("(more)", 9), group("z=80", 0)];
        let all = distributions(&groups);
        let counts: Vec<_> = all.iter().map(|(key, all)| (*key, all.samples())).collect();
        assert_eq!(counts, [("a", 4), ("b=c", 1)]);
    }

    #[test]
    fn a_vital_is_judged_by_the_thresholds_of_web_dev() {
        let mut all = Distribution::default();
        for (shift, samples) in [(0.0, 6), (50.0, 2), (200.0, 1), (900.0, 1)] {
            all.add(bucket_of(shift), samples);
        }
        let seen = row(&VITALS[2], &all);
        assert_eq!(
            (seen.name, seen.samples, seen.good, seen.needs_improvement, seen.poor),
            ("CLS", 10, 80.0, 10.0, 10.0)
        );
        assert_eq!(seen.p50, 0.0);
        let spread: Vec<_> = seen.buckets.iter().map(|bucket| (bucket.from, bucket.samples)).collect();
        assert_eq!(spread, [(0.0, 6), (0.04525, 2), (0.18102, 1), (0.86108, 1)]);
        assert!(seen.p75 > 0.045 && seen.p75 < 0.054, "{}", seen.p75);
    }
}
