//! Who comes back, out of what browsers say of their own past, coarsely, once a week and once a month. There is no
//! identifier behind any of it.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::source::{Group, Source};
use super::{Meta, ReadError, percent};
use crate::model::Dimension;
use crate::stats::period::Period;

const NOTE: &str = "only browsers of pages whose tracker has data-cohorts say when they were first here; all numbers of \
                    this answer are of those";

/// Who comes back.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RetentionAnswer {
    /// One row per week in which visitors came for the first time, oldest first.
    pub cohorts: Vec<Cohort>,
    /// Active visitors of each day.
    pub daily: Vec<ActiveDay>,
    /// Active visitors of each week, each once.
    pub weekly: Vec<ActiveSpan>,
    /// Active visitors of each calendar month, each once.
    pub monthly: Vec<ActiveSpan>,
    /// What to know about them.
    pub meta: Meta,
}

/// Visitors who came for the first time in one week.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Cohort {
    /// Monday of that week.
    #[schema(format = Date)]
    pub week: String,
    /// How many they are, as far as that week is within what is kept; 0 when it is not known.
    pub visitors: u64,
    /// How many came again, week by week; the first is that week itself.
    pub weeks: Vec<CohortWeek>,
}

/// One week of a cohort.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CohortWeek {
    /// Weeks since the first.
    pub since: u32,
    /// Visitors of the cohort who came in it.
    pub visitors: u64,
    /// Percent of the cohort; null when it is not known how many they are.
    #[schema(required)]
    pub share: Option<f64>,
}

/// Active visitors of a day.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ActiveDay {
    /// The day.
    #[schema(format = Date)]
    pub day: String,
    /// Visitors.
    pub active: u64,
    /// Those whose first week it is.
    pub new: u64,
    /// The others.
    pub returning: u64,
}

/// Active visitors of a week or month.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ActiveSpan {
    /// Its first day.
    #[schema(format = Date)]
    pub from: String,
    /// Visitors.
    pub active: u64,
}

/// Visitors by day and by what they said.
type Counts<'a> = BTreeMap<(Date, &'a str), u64>;

pub(super) async fn answer(source: &Source<'_>) -> Result<RetentionAnswer, ReadError> {
    let period = source.period;
    let (groups, mut meta) = source.cells_by_day(Dimension::Cohort, reach(period)).await?;
    meta.note = Some(NOTE);
    let counts = counted(&groups);
    Ok(RetentionAnswer {
        cohorts: cohorts(&counts, period),
        daily: daily(&counts, period),
        weekly: spans(&counts, "active=week", monday(period.from), period.to, monday),
        monthly: spans(&counts, "active=month", period.from.first_of_month(), period.to, Date::first_of_month),
        meta,
    })
}

/// Weeks and months are told whole: what lies before the range in its first week and month is read, too.
pub(super) fn reach(period: Period) -> Period {
    Period { from: monday(period.from).min(period.from.first_of_month()), to: period.to }
}

fn counted(groups: &[Group]) -> Counts<'_> {
    let mut counts = Counts::new();
    for group in groups {
        let visitors = group.visitors.max(0).unsigned_abs();
        *counts.entry((group.day.date(), group.value.as_str())).or_default() += visitors;
    }
    counts
}

fn daily(counts: &Counts<'_>, period: Period) -> Vec<ActiveDay> {
    let of = |day, value| counts.get(&(day, value)).copied().unwrap_or(0);
    let day = |day: Date| {
        let (new, returning) = (of(day, "age=new"), of(day, "age=returning"));
        ActiveDay { day: day.to_string(), active: new + returning, new, returning }
    };
    let days = period.from.series(1.day()).take_while(|day| *day <= period.to);
    days.map(day).collect()
}

/// Each is counted once in its span, so the days of a span add up.
fn spans(counts: &Counts<'_>, value: &str, from: Date, to: Date, first: impl Fn(Date) -> Date) -> Vec<ActiveSpan> {
    let mut sums: BTreeMap<Date, u64> = BTreeMap::new();
    for day in from.series(1.day()).take_while(|day| *day <= to) {
        *sums.entry(first(day)).or_default() += counts.get(&(day, value)).copied().unwrap_or(0);
    }
    sums.into_iter().map(|(from, active)| ActiveSpan { from: from.to_string(), active }).collect()
}

fn cohorts(counts: &Counts<'_>, period: Period) -> Vec<Cohort> {
    let mut table: BTreeMap<Date, BTreeMap<i32, u64>> = BTreeMap::new();
    for ((day, value), visitors) in counts {
        let Some(first) = value.strip_prefix("week=").and_then(|date| date.parse::<Date>().ok()) else {
            continue;
        };
        let since = (monday(*day) - first).get_days() / 7;
        if first >= monday(period.from) && since >= 0 {
            *table.entry(first).or_default().entry(since).or_default() += visitors;
        }
    }
    let last = monday(period.to);
    let cohort = |(first, weeks): (Date, BTreeMap<i32, u64>)| {
        let base = weeks.get(&0).copied().unwrap_or(0);
        let all = 0..=(last - first).get_days() / 7;
        let week = |since: i32| {
            let visitors = weeks.get(&since).copied().unwrap_or(0);
            let share = (base > 0).then(|| percent(visitors, base));
            CohortWeek { since: since.unsigned_abs(), visitors, share }
        };
        Cohort { week: first.to_string(), visitors: base, weeks: all.map(week).collect() }
    };
    table.into_iter().map(cohort).collect()
}

fn monday(day: Date) -> Date {
    day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Day;
    use jiff::civil::date;

    fn group(day: Date, value: &str, visitors: i64) -> Group {
        let day = Day::from_date(day).expect("in range");
        Group { day, value: value.to_owned(), visitors, ..Group::default() }
    }

    fn groups() -> Vec<Group> {
        vec![
            group(date(2026, 11, 2), "week=2026-11-02", 8),
            group(date(2026, 11, 4), "week=2026-11-02", 2),
            group(date(2026, 11, 10), "week=2026-11-02", 5),
            group(date(2026, 11, 16), "week=2026-11-09", 3),
            group(date(2026, 11, 11), "week=2026-10-26", 7),
            group(date(2026, 11, 4), "age=new", 2),
            group(date(2026, 11, 4), "age=returning", 1),
            group(date(2026, 11, 1), "active=month", 4),
            group(date(2026, 11, 4), "active=month", 6),
            group(date(2026, 11, 4), "active=week", 9),
        ]
    }

    const PERIOD: Period = Period { from: date(2026, 11, 3), to: date(2026, 11, 17) };

    #[test]
    fn cohorts_are_followed_week_by_week() {
        let groups = groups();
        let told: Vec<_> = cohorts(&counted(&groups), PERIOD)
            .into_iter()
            .flat_map(|Cohort { week, weeks, .. }| {
                weeks.into_iter().map(move |of| format!("{week}+{}: {} {:?}", of.since, of.visitors, of.share))
            })
            .collect();
        let expected = [
            "2026-11-02+0: 10 Some(100.0)",
            "2026-11-02+1: 5 Some(50.0)",
            "2026-11-02+2: 0 Some(0.0)",
            "2026-11-09+0: 0 None",
            "2026-11-09+1: 3 None",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn days_weeks_and_months_have_their_active_visitors() {
        let groups = groups();
        let counts = counted(&groups);
        let days = daily(&counts, PERIOD);
        assert_eq!(
            (days.len(), &days[1]),
            (15, &ActiveDay { day: "2026-11-04".into(), active: 3, new: 2, returning: 1 })
        );
        let weeks = spans(&counts, "active=week", monday(PERIOD.from), PERIOD.to, monday);
        let told: Vec<_> = weeks.iter().map(|week| (week.from.as_str(), week.active)).collect();
        assert_eq!(told, [("2026-11-02", 9), ("2026-11-09", 0), ("2026-11-16", 0)]);
        let months = spans(&counts, "active=month", date(2026, 11, 1), PERIOD.to, Date::first_of_month);
        assert_eq!(months, [ActiveSpan { from: "2026-11-01".into(), active: 10 }]);
    }
}
