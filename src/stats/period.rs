//! Date ranges: words and dates in, first and last day in the site's zone out. Pure; today is a parameter.

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use serde_json::Value;

use super::error::QueryError;

/// A range as asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateRange {
    /// So many days, today included.
    Days(u16),
    /// So many calendar months, the current one included.
    Months(u8),
    /// The current calendar year.
    Year,
    /// Since the first count.
    All,
    /// From a date to a date, both included.
    Custom(Date, Date),
}

/// What a range is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// As many days just before.
    PreviousPeriod,
    /// The same dates a year earlier.
    YearOverYear,
    /// From a date to a date, both included.
    Custom(Date, Date),
}

/// First and last day of a range, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// Last day; never after today.
    pub to: Date,
}

const WORDS: [(&str, DateRange); 10] = [
    ("day", DateRange::Days(1)),
    ("7d", DateRange::Days(7)),
    ("28d", DateRange::Days(28)),
    ("30d", DateRange::Days(30)),
    ("91d", DateRange::Days(91)),
    ("month", DateRange::Months(1)),
    ("6mo", DateRange::Months(6)),
    ("12mo", DateRange::Months(12)),
    ("year", DateRange::Year),
    ("all", DateRange::All),
];

/// First date that can be stored.
const FIRST: Date = jiff::civil::date(1970, 1, 1);

impl DateRange {
    /// Reads a range: one of the words, or two ISO dates.
    pub(super) fn parse(value: &Value) -> Result<Self, QueryError> {
        match value {
            Value::String(word) => WORDS
                .into_iter()
                .find(|(known, _)| known == word)
                .map(|(_, range)| range)
                .ok_or_else(|| unknown("there is no such word")),
            Value::Array(ends) => match ends.as_slice() {
                [Value::String(from), Value::String(to)] => custom(from, to),
                _ => Err(unknown("an array that is not two dates")),
            },
            _ => Err(unknown("neither a word nor two dates")),
        }
    }

    /// First and last day, as seen on `today`. `first` is the day of the first count, for [`DateRange::All`]; `kept` the
    /// first day that is kept. A range that ends after today ends today; one that is a word begins with what is kept.
    ///
    /// # Errors
    /// The range begins in the future, or its first date is before what is kept.
    pub fn resolve(self, today: Date, first: Option<Date>, kept: Date) -> Result<Period, QueryError> {
        let from = match self {
            Self::Days(days) => today.saturating_sub(Span::new().days(i64::from(days.saturating_sub(1)))),
            Self::Months(months) => {
                let back = Span::new().months(i64::from(months.saturating_sub(1)));
                today.first_of_month().saturating_sub(back)
            }
            Self::Year => today.first_of_year(),
            Self::All => first.unwrap_or(today).min(today),
            Self::Custom(from, _) if from < kept => return Err(QueryError::OutsideRetention(kept)),
            Self::Custom(from, _) => from,
        };
        if from > today {
            let message = format!("{from} is in the future; today is {today} in the site's time zone");
            return Err(QueryError::Range(message));
        }
        let to = match self {
            Self::Custom(_, to) => to.min(today),
            _ => today,
        };
        Ok(Period { from: from.max(kept).max(FIRST), to })
    }
}

impl Comparison {
    /// Reads a comparison: one of the words, or two ISO dates.
    pub(super) fn parse(value: &Value) -> Result<Self, QueryError> {
        match value.as_str() {
            Some("previous_period") => return Ok(Self::PreviousPeriod),
            Some("year_over_year") => return Ok(Self::YearOverYear),
            _ => {}
        }
        match value.is_array().then(|| DateRange::parse(value)).transpose()? {
            Some(DateRange::Custom(from, to)) => Ok(Self::Custom(from, to)),
            _ => {
                let message = "include.comparison is `previous_period`, `year_over_year` or two dates";
                Err(QueryError::Malformed(message.to_owned()))
            }
        }
    }

    /// Whether the days that are named are kept; what follows from a period has what there is.
    ///
    /// # Errors
    /// The first date is before `kept`, the first day that is.
    pub fn check(self, kept: Date) -> Result<(), QueryError> {
        match self {
            Self::Custom(from, _) if from < kept => Err(QueryError::OutsideRetention(kept)),
            _ => Ok(()),
        }
    }

    /// The days that `period` is compared with.
    pub fn resolve(self, period: Period) -> Period {
        let (from, to) = match self {
            Self::PreviousPeriod => {
                let back = Span::new().days(i64::from(period.days()));
                (period.from.saturating_sub(back), period.to.saturating_sub(back))
            }
            Self::YearOverYear => (period.from.saturating_sub(1.year()), period.to.saturating_sub(1.year())),
            Self::Custom(from, to) => (from, to),
        };
        Period { from: from.max(FIRST), to: to.max(FIRST) }
    }
}

impl Period {
    /// How many days it has.
    pub fn days(self) -> i32 {
        (self.to - self.from).get_days() + 1
    }

    /// Whether it is longer than six months.
    pub(super) fn is_long(self) -> bool {
        self.from.checked_add(6.months()).is_ok_and(|end| self.to >= end)
    }
}

fn custom(from: &str, to: &str) -> Result<DateRange, QueryError> {
    let (from, to) = (date(from)?, date(to)?);
    if from > to {
        return Err(QueryError::Range(format!("{from} comes after {to}; the earlier date stands first")));
    }
    Ok(DateRange::Custom(from, to))
}

/// Reads `YYYY-MM-DD` and nothing else: counts are kept for whole days.
fn date(text: &str) -> Result<Date, QueryError> {
    let plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let date = plain.then(|| text.parse::<Date>().ok()).flatten();
    date.filter(|date| *date >= FIRST)
        .ok_or_else(|| QueryError::Range("a date is written like 2026-11-21 and lies after 1970".to_owned()))
}

fn unknown(what: &str) -> QueryError {
    let words = WORDS.map(|(word, _)| word).join(", ");
    QueryError::Range(format!("{what}; allowed are {words} or two dates like [\"2026-11-01\", \"2026-11-21\"]"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as ymd;

    fn resolved(range: &Value) -> Result<(String, String), String> {
        let kept = ymd(2024, 2, 29);
        let period =
            DateRange::parse(range).and_then(|range| range.resolve(ymd(2026, 3, 31), Some(ymd(2025, 2, 3)), kept));
        period.map(|period| (period.from.to_string(), period.to.to_string())).map_err(|error| error.to_string())
    }

    #[test]
    fn words_end_today() {
        let cases = [
            ("day", "2026-03-31"),
            ("7d", "2026-03-25"),
            ("28d", "2026-03-04"),
            ("30d", "2026-03-02"),
            ("91d", "2025-12-31"),
            ("month", "2026-03-01"),
            ("6mo", "2025-10-01"),
            ("12mo", "2025-04-01"),
            ("year", "2026-01-01"),
            ("all", "2025-02-03"),
        ];
        for (word, from) in cases {
            assert_eq!(resolved(&word.into()), Ok((from.to_owned(), "2026-03-31".to_owned())), "{word}");
        }
    }

    #[test]
    fn dates_are_taken_as_they_are_and_cut_at_today() {
        let range = serde_json::json!(["2024-02-29", "2030-01-01"]);
        assert_eq!(resolved(&range), Ok(("2024-02-29".to_owned(), "2026-03-31".to_owned())));
    }

    #[test]
    fn nonsense_is_named() {
        let cases = [
            (serde_json::json!(["2026-03-02", "2026-03-01"]), "comes after"),
            (serde_json::json!(["2026-04-01", "2026-04-02"]), "in the future"),
            (serde_json::json!(["2026-02-30", "2026-03-01"]), "a date is written like"),
            (serde_json::json!(["2026-03-01T00:00:00Z", "2026-03-01"]), "a date is written like"),
            (serde_json::json!(["1969-12-31", "2026-03-01"]), "a date is written like"),
            (serde_json::json!(["2026-03-01"]), "not two dates"),
            (serde_json::json!("yesterday"), "there is no such word; allowed are day, 7d"),
            (serde_json::json!(7), "neither"),
            (serde_json::json!(["2024-02-28", "2026-03-01"]), "days before 2024-02-29 are not kept"),
        ];
        for (range, expected) in cases {
            let error = resolved(&range).expect_err("nonsense");
            assert!(error.starts_with("date_range: ") && error.contains(expected), "{error}");
        }
    }

    #[test]
    fn words_begin_with_what_is_kept() {
        let period = DateRange::Year.resolve(ymd(2026, 3, 31), None, ymd(2026, 2, 28));
        assert_eq!(period, Ok(Period { from: ymd(2026, 2, 28), to: ymd(2026, 3, 31) }));
    }

    #[test]
    fn comparisons_are_as_long_or_a_year_earlier() {
        let period = Period { from: ymd(2024, 2, 26), to: ymd(2024, 2, 29) };
        let words = ["previous_period", "year_over_year"].map(|word| Comparison::parse(&word.into()));
        let days = words.map(|word| word.map(|word| word.resolve(period)));
        let earlier = Period { from: ymd(2024, 2, 22), to: ymd(2024, 2, 25) };
        let last_year = Period { from: ymd(2023, 2, 26), to: ymd(2023, 2, 28) };
        assert_eq!(days, [Ok(earlier), Ok(last_year)]);
        let dates = Comparison::parse(&serde_json::json!(["2024-01-01", "2024-01-02"]));
        assert_eq!(dates, Ok(Comparison::Custom(ymd(2024, 1, 1), ymd(2024, 1, 2))));
        let kept = |first| Comparison::Custom(ymd(2024, 1, 1), ymd(2024, 1, 2)).check(first);
        let refused = Err(QueryError::OutsideRetention(ymd(2024, 1, 2)));
        assert_eq!((kept(ymd(2024, 1, 1)), kept(ymd(2024, 1, 2))), (Ok(()), refused));
        assert_eq!(Comparison::YearOverYear.check(ymd(2024, 2, 29)), Ok(()));
        for nonsense in [serde_json::json!("last_week"), serde_json::json!(["2024-01-02", "2024-01-01"]), Value::Null] {
            assert!(Comparison::parse(&nonsense).is_err(), "{nonsense}");
        }
    }

    #[test]
    fn long_means_more_than_six_months() {
        let until = |to| Period { from: ymd(2026, 1, 1), to }.is_long();
        assert_eq!((until(ymd(2026, 6, 30)), until(ymd(2026, 7, 1))), (false, true));
    }
}
