//! Web vitals: percentiles out of counts per bucket, of a range, by time and by page.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::distribution::{Distribution, distributions};
use super::source::{Group, Pairs, Source};
use super::{Filter, Interval, Meta, QueryError, ReadError};
use crate::model::{Dimension, Measure};

/// Percentiles of web vitals.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct VitalsAnswer {
    /// One row per vital that was reported.
    pub vitals: Vec<VitalRow>,
    /// With `interval`: the same of each day, week or month, oldest first, those without reports too.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub series: Option<Vec<VitalSpan>>,
    /// With `pages`: the same of each page, those with most reports first. Made of the pairs of page and bucket that
    /// enough visitors stand behind: of a page with few reports the rare values are missing, slow ones first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub pages: Option<Vec<VitalPage>>,
    /// What to know about them. With `pages`, `suppressed.rows` counts folded pairs of page and bucket, too.
    pub meta: Meta,
}

/// The vitals of a day, week or month.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct VitalSpan {
    /// Its first day.
    #[schema(format = Date)]
    pub from: String,
    /// One row per vital that was reported, without `buckets`.
    pub vitals: Vec<VitalRow>,
}

/// The vitals of a page.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct VitalPage {
    /// The page.
    pub page: String,
    /// One row per vital that was reported, without `buckets`.
    pub vitals: Vec<VitalRow>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub buckets: Option<Vec<VitalBucket>>,
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

/// What is asked about web vitals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VitalsAsked {
    /// Only of page views this names.
    pub filter: Option<Filter>,
    /// Also by time.
    pub interval: Option<Interval>,
    /// Also of so many pages.
    pub pages: Option<usize>,
}

pub(super) async fn answer(source: &Source<'_>, asked: &VitalsAsked) -> Result<VitalsAnswer, ReadError> {
    if asked.pages.is_some() {
        check_pages(source, asked)?;
    }
    let buckets = asked.interval.map(|interval| source.buckets(interval));
    let (groups, mut meta) = source.samples((Dimension::Vital, ""), asked.filter.as_ref(), buckets.as_ref()).await?;
    let all = distributions(&groups);
    let pages = match asked.pages {
        Some(most) => {
            meta.suppressed.rows += source.folded_pairs(OF_PAGES).await?;
            Some(pages(&source.pairs(OF_PAGES, None).await?, most))
        }
        None => None,
    };
    let with_buckets = |vital: &Vital| {
        Some(VitalRow { buckets: Some(spread(vital, all.get(vital.name)?)), ..row(vital, all.get(vital.name)?) })
    };
    Ok(VitalsAnswer {
        vitals: VITALS.iter().filter_map(with_buckets).collect(),
        series: buckets.map(|buckets| series(&groups, buckets.labels)),
        pages,
        meta,
    })
}

const OF_PAGES: [Dimension; 2] = [Dimension::Page, Dimension::Vital];

/// Pages are pairs already: a filter would make them triples.
fn check_pages(source: &Source<'_>, asked: &VitalsAsked) -> Result<(), QueryError> {
    if asked.filter.is_some() {
        let message = "pages go without a filter: counts of at most two attributes at a time are kept, here of page \
                       and vital; ask for one page with dimension=event:page";
        return Err(QueryError::FilterNotKept(message.to_owned()));
    }
    source.check_kept(Dimension::Page)
}

/// The vitals of each bucket of time.
fn series(groups: &[Group], labels: Vec<String>) -> Vec<VitalSpan> {
    let mut of_spans: Vec<Vec<&Group>> = labels.iter().map(|_| Vec::new()).collect();
    for group in groups {
        if let Some(span) = of_spans.get_mut(group.bucket) {
            span.push(group);
        }
    }
    let spans = labels.into_iter().zip(of_spans);
    spans.map(|(from, groups)| VitalSpan { from, vitals: rows(&distributions(groups)) }).collect()
}

/// The vitals of the pages with most samples.
fn pages(pairs: &Pairs, most: usize) -> Vec<VitalPage> {
    let mut groups: BTreeMap<&str, Vec<Group>> = BTreeMap::new();
    for ([page, value], numbers) in pairs {
        let group = Group { value: value.clone(), events: numbers.measures[Measure::Events], ..Group::default() };
        groups.entry(page).or_default().push(group);
    }
    let page =
        |(page, groups): (&str, Vec<Group>)| VitalPage { page: page.to_owned(), vitals: rows(&distributions(&groups)) };
    let mut pages: Vec<VitalPage> = groups.into_iter().map(page).filter(|page| !page.vitals.is_empty()).collect();
    let reports = |page: &VitalPage| page.vitals.iter().map(|row| row.samples).max();
    pages.sort_by(|a, b| reports(b).cmp(&reports(a)).then_with(|| a.page.cmp(&b.page)));
    pages.truncate(most);
    pages
}

fn rows(all: &BTreeMap<&str, Distribution>) -> Vec<VitalRow> {
    VITALS.iter().filter_map(|vital| Some(row(vital, all.get(vital.name)?))).collect()
}

fn row(vital: &Vital, all: &Distribution) -> VitalRow {
    // Whole milliseconds, and thousandths of a shift: buckets know no more.
    let shown = |share| all.percentile(share).round() / vital.scale;
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
        buckets: None,
    }
}

fn spread(vital: &Vital, all: &Distribution) -> Vec<VitalBucket> {
    // Hundredths of the unit stored, divided once, so that no digits come up that nobody measured.
    let edge = |value: f64| (value * 100.0).round() / (100.0 * vital.scale);
    let bucket = |(from, to, samples)| VitalBucket { from: edge(from), to: edge(to), samples };
    all.buckets().map(bucket).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::bucket_of;

    fn group(value: &str, events: i64) -> Group {
        Group { value: value.to_owned(), events, ..Group::default() }
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
        let buckets: Vec<_> = spread(&VITALS[2], &all).iter().map(|bucket| (bucket.from, bucket.samples)).collect();
        assert_eq!(buckets, [(0.0, 6), (0.04525, 2), (0.18102, 1), (0.86108, 1)]);
        assert!(seen.p75 > 0.045 && seen.p75 < 0.054, "{}", seen.p75);
    }

    #[test]
    fn spans_without_reports_stay_and_pages_stand_by_their_reports() {
        let in_span = |bucket, value: &str, events| Group { bucket, ..group(value, events) };
        let groups =
            [in_span(0, "LCP=80", 3), in_span(2, "LCP=80", 1), in_span(2, "INP=84", 2), in_span(9, "LCP=80", 1)];
        let told: Vec<_> = series(&groups, ["a", "b", "c"].map(str::to_owned).to_vec())
            .into_iter()
            .map(|VitalSpan { from, vitals }| (from, vitals.iter().map(|row| (row.name, row.samples)).collect()))
            .collect();
        let expected: [(String, Vec<_>); 3] =
            [("a".into(), vec![("LCP", 3)]), ("b".into(), vec![]), ("c".into(), vec![("LCP", 1), ("INP", 2)])];
        assert_eq!(told, expected);

        let pair = |page: &str, value: &str, events| {
            let mut numbers = crate::clickhouse::Numbers::default();
            numbers.measures[Measure::Events] = events;
            ([page.to_owned(), value.to_owned()], numbers)
        };
        let pairs = Pairs::from([
            pair("/a", "LCP=80", 3),
            pair("/a", "TTFB=80", 3),
            pair("/b", "LCP=80", 5),
            pair("/c", "(more)", 9),
            pair("/d", "INP=80", 5),
        ]);
        let told: Vec<_> = pages(&pairs, 2).into_iter().map(|page| (page.page, page.vitals.len())).collect();
        assert_eq!(told, [("/b".to_owned(), 1), ("/d".to_owned(), 1)]);
        assert_eq!(pages(&pairs, 9).last().map(|page| page.vitals.len()), Some(2));
    }
}
