//! The owner's day: calendar dates and hours in a site's own time zone.

use std::fmt;

/// A calendar date in a site's time zone, as days since 1970-01-01 (the `Date` of ClickHouse).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub u16);

impl Day {
    /// The day of a civil date; `None` outside 1970-01-01 ..= 2149-06-06.
    pub fn from_date(date: jiff::civil::Date) -> Option<Self> {
        let epoch = jiff::civil::date(1970, 1, 1);
        let days = (date - epoch).get_days();
        u16::try_from(days).ok().map(Self)
    }

    /// The civil date of this day.
    pub fn date(self) -> jiff::civil::Date {
        let epoch = jiff::civil::date(1970, 1, 1);
        epoch.saturating_add(jiff::Span::new().days(i64::from(self.0)))
    }

    /// The day `n` days later (earlier when negative), clamped to the representable range.
    pub fn plus(self, n: i32) -> Self {
        let day = i32::from(self.0).saturating_add(n);
        Self(u16::try_from(day.max(0)).unwrap_or(u16::MAX))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().fmt(f)
    }
}

/// Hours elapsed since local midnight, 0–24: a day on which clocks go back has 25 of them.
/// [`Hour::WHOLE_DAY`] marks a cell that is kept per day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hour(pub u8);

impl Hour {
    /// The cell covers the whole day.
    pub const WHOLE_DAY: Self = Self(255);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_its_date_and_back() {
        let date = jiff::civil::date(2026, 11, 21);
        let day = Day::from_date(date).expect("in range");
        assert_eq!((day.date(), day.to_string()), (date, "2026-11-21".to_owned()));
        assert_eq!(day.plus(10).to_string(), "2026-12-01");
    }

    #[test]
    fn dates_before_the_epoch_are_none() {
        assert_eq!(Day::from_date(jiff::civil::date(1969, 12, 31)), None);
    }
}
