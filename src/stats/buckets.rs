//! The buckets of a series, zeros included: labels, and the bucket a day and hour falls into. Pure.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::period::Period;
use crate::model::{Day, Hour};

/// What one bucket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    Hour,
    Day,
    Week,
    Month,
}

/// Every bucket of a period, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Buckets {
    pub(super) labels: Vec<String>,
    width: Width,
    from: Date,
    /// For hours: where each day's buckets begin.
    starts: Vec<usize>,
}

impl Buckets {
    /// The buckets of `period` up to `now`.
    pub(super) fn new(width: Width, period: Period, zone: &TimeZone, now: Timestamp) -> Self {
        let mut buckets = Self { labels: Vec::new(), width, from: period.from, starts: Vec::new() };
        if width == Width::Hour {
            buckets.put_hours(period, zone, now);
            return buckets;
        }
        let mut day = first_of(width, period.from);
        while day <= period.to {
            buckets.labels.push(day.to_string());
            let Ok(next) = day.checked_add(match width {
                Width::Month => 1.month(),
                Width::Week => 1.week(),
                Width::Day | Width::Hour => 1.day(),
            }) else {
                break;
            };
            day = next;
        }
        buckets
    }

    /// The bucket of a day and hour; `None` outside the range.
    pub(super) fn position(&self, day: Day, hour: Hour) -> Option<usize> {
        let date = day.date();
        let days = usize::try_from((date - self.from).get_days()).ok()?;
        let position = match self.width {
            Width::Hour => return self.hour_position(days, hour),
            Width::Day => days,
            Width::Week => usize::try_from((date - first_of(Width::Week, self.from)).get_days() / 7).ok()?,
            Width::Month => usize::try_from(months(date) - months(self.from)).ok()?,
        };
        (position < self.labels.len()).then_some(position)
    }

    fn hour_position(&self, days: usize, hour: Hour) -> Option<usize> {
        let position = self.starts.get(days)? + usize::from(hour.0);
        let end = self.starts.get(days + 1).copied().unwrap_or(self.labels.len());
        (position < end).then_some(position)
    }

    /// Hours elapsed since each local midnight, labelled by the clock on the wall: 23 or 25 of them when it is moved.
    fn put_hours(&mut self, period: Period, zone: &TimeZone, now: Timestamp) {
        let mut day = period.from;
        while day <= period.to {
            self.starts.push(self.labels.len());
            let next = day.saturating_add(1.day());
            let (Ok(begin), Ok(end)) = (day.to_zoned(zone.clone()), next.to_zoned(zone.clone())) else {
                return;
            };
            let (mut at, end) = (begin.timestamp(), end.timestamp());
            while at < end && at <= now {
                let wall = zone.to_datetime(at);
                self.labels.push(wall.strftime("%Y-%m-%d %H:%M:00").to_string());
                at = at.saturating_add(1.hour()).unwrap_or(end);
            }
            day = next;
        }
    }
}

/// First day of the bucket a date is in.
fn first_of(width: Width, date: Date) -> Date {
    match width {
        Width::Week => date.saturating_sub(i64::from(date.weekday().to_monday_zero_offset()).days()),
        Width::Month => date.first_of_month(),
        Width::Day | Width::Hour => date,
    }
}

fn months(date: Date) -> i32 {
    i32::from(date.year()) * 12 + i32::from(date.month())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn buckets(width: Width, from: Date, to: Date, zone: &str) -> Buckets {
        let zone = TimeZone::get(zone).expect("a known zone");
        let now = date(2026, 12, 1).to_zoned(zone.clone()).expect("a time").timestamp();
        Buckets::new(width, Period { from, to }, &zone, now)
    }

    fn day(y: i16, m: i8, d: i8) -> Day {
        Day::from_date(date(y, m, d)).expect("in range")
    }

    #[test]
    fn a_day_has_as_many_hours_as_its_clock_shows() {
        let lengths = [(2026, 3, 29), (2026, 3, 30), (2026, 10, 25)].map(|(y, m, d)| {
            let labels = buckets(Width::Hour, date(y, m, d), date(y, m, d), "Europe/Berlin").labels;
            (labels.len(), labels[2].clone(), labels[3].clone())
        });
        let expected = [
            (23, "2026-03-29 03:00:00".to_owned(), "2026-03-29 04:00:00".to_owned()),
            (24, "2026-03-30 02:00:00".to_owned(), "2026-03-30 03:00:00".to_owned()),
            (25, "2026-10-25 02:00:00".to_owned(), "2026-10-25 02:00:00".to_owned()),
        ];
        assert_eq!(lengths, expected);
    }

    #[test]
    fn hours_of_several_days_follow_each_other() {
        let hours = buckets(Width::Hour, date(2026, 3, 29), date(2026, 3, 30), "Europe/Berlin");
        let positions = [
            hours.position(day(2026, 3, 29), Hour(22)),
            hours.position(day(2026, 3, 29), Hour(23)),
            hours.position(day(2026, 3, 30), Hour(0)),
            hours.position(day(2026, 3, 30), Hour(24)),
            hours.position(day(2026, 3, 31), Hour(0)),
            hours.position(day(2026, 3, 28), Hour(0)),
        ];
        assert_eq!(positions, [Some(22), None, Some(23), None, None, None]);
    }

    #[test]
    fn hours_end_now() {
        let today = buckets(Width::Hour, date(2026, 12, 1), date(2026, 12, 1), "Asia/Kolkata");
        assert_eq!(today.labels, ["2026-12-01 00:00:00"]);
    }

    #[test]
    fn weeks_begin_on_monday_and_months_on_the_first() {
        let weeks = buckets(Width::Week, date(2026, 11, 1), date(2026, 11, 15), "UTC");
        assert_eq!(weeks.labels, ["2026-10-26", "2026-11-02", "2026-11-09"]);
        let whole = Hour::WHOLE_DAY;
        assert_eq!(weeks.position(day(2026, 11, 1), whole), Some(0));
        assert_eq!(weeks.position(day(2026, 11, 2), whole), Some(1));
        let months = buckets(Width::Month, date(2025, 12, 31), date(2026, 2, 1), "UTC");
        assert_eq!(months.labels, ["2025-12-01", "2026-01-01", "2026-02-01"]);
        assert_eq!(months.position(day(2026, 1, 15), whole), Some(1));
        assert_eq!(months.position(day(2026, 3, 1), whole), None);
    }
}
