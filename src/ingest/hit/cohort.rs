//! What a client says of its own past, coarsely: the week it was first seen in, and whether this is its first hit of a
//! week or month. Called by serde through [`super::Hit`]; knows nothing of events.

use std::fmt;

use jiff::civil::{Date, ISOWeekDate, Weekday};
use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};

use crate::model::Day;

/// What a client says of its own past. It was settled before that nobody opted out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Cohort {
    /// The week of its first visit ever.
    pub first_week: Option<Week>,
    /// Whether this is its first hit of the week.
    pub first_this_week: bool,
    /// Whether this is its first hit of the month.
    pub first_this_month: bool,
}

/// A week, by its Monday. Written as `2026-W47`, or as any date in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Week(Day);

impl Week {
    /// The week a day is in. The first days of 1970 are in the week of their Thursday.
    pub fn of(day: Day) -> Self {
        let offset = day.date().weekday().to_monday_zero_offset();
        Self(day.plus(-i32::from(offset)))
    }

    /// Its Monday.
    pub fn monday(self) -> Day {
        self.0
    }

    fn parse(text: &str) -> Option<Self> {
        let date = match text.split_once("-W") {
            Some((year, week)) if year.len() == 4 && week.len() == 2 => {
                ISOWeekDate::new(year.parse().ok()?, week.parse().ok()?, Weekday::Monday).ok()?.date()
            }
            _ if text.len() == 10 => text.parse::<Date>().ok()?,
            _ => return None,
        };
        // Days that cannot be represented are as far away as any.
        let farthest = if date.year() < 1970 { Day(0) } else { Day(u16::MAX) };
        Some(Self::of(Day::from_date(date).unwrap_or(farthest)))
    }
}

impl<'de> Deserialize<'de> for Week {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WeekVisitor;
        impl Visitor<'_> for WeekVisitor {
            type Value = Week;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a week or a date")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Week, E> {
                Week::parse(text).ok_or_else(|| E::custom("not a week"))
            }
        }
        deserializer.deserialize_str(WeekVisitor)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn monday(text: &str) -> Option<String> {
        Week::parse(text).map(|week| week.monday().to_string())
    }

    #[test]
    fn weeks_and_dates_are_named_by_their_monday() {
        let weeks = ["2026-W47", "2026-11-16", "2026-11-22", "2026-W01", "2027-01-03", "2020-W53"].map(monday);
        let mondays = ["2026-11-16", "2026-11-16", "2026-11-16", "2025-12-29", "2026-12-28", "2020-12-28"];
        assert_eq!(weeks, mondays.map(|monday| Some(monday.to_owned())));
    }

    #[test]
    fn weeks_that_no_day_can_hold_are_the_farthest() {
        let weeks = ["0001-01-01", "9999-12-31", "9999-W10"].map(monday);
        assert_eq!(weeks, ["1970-01-01", "2149-06-02", "2149-06-02"].map(|monday| Some(monday.to_owned())));
    }

    #[test]
    fn other_texts_are_no_weeks() {
        let wrong = ["", "2026", "2026-W54", "2026-W00", "2026-W4", "2026-13-01", "20261116", "2026-Wxx"];
        assert_eq!(wrong.map(monday), [const { None }; 8]);
    }

    #[test]
    fn what_is_not_said_is_not_so() {
        let cohort: Cohort = serde_json::from_str(r#"{"first_week":null,"first_this_week":true}"#).expect("a cohort");
        assert_eq!(cohort, Cohort { first_this_week: true, ..Cohort::default() });
        assert!(serde_json::from_str::<Cohort>(r#"{"first_this_week":1}"#).is_err());
    }

    proptest! {
        #[test]
        fn every_day_is_in_the_week_of_its_monday(day in 4_u16..60_000) {
            let week = Week::of(Day(day));
            prop_assert_eq!(week.monday().date().weekday(), Weekday::Monday);
            prop_assert!((0..7).contains(&(day - week.monday().0)));
            prop_assert_eq!(Week::parse(&Day(day).to_string()), Some(week));
        }

        #[test]
        fn any_text_is_a_week_or_none(text in "\\PC{0,12}") {
            let _ = Week::parse(&text);
        }
    }
}
