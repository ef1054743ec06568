//! What visitors' browsers remember: the week they first came, and whether they came before in a week or month. Called by
//! [`super::traffic`].

use std::collections::HashSet;

use jiff::ToSpan;
use jiff::civil::Date;

use super::random::Random;

/// Share of visitors whose browser remembers; the others have not agreed.
const AGREED: f64 = 0.6;
/// Mean weeks since the first visit, and the most.
const WEEKS: (f64, i64) = (6.0, 60);

/// What a browser says of its past, once a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// Monday of the week of the first visit.
    pub first_week: Date,
    /// Nothing was said in this week before.
    pub first_this_week: bool,
    /// Nothing was said in this month before.
    pub first_this_month: bool,
}

/// What was said so far, by visitor.
#[derive(Debug)]
pub struct Pasts {
    /// Monday of the last day's week.
    newest: Date,
    said: HashSet<(u64, Date)>,
    weeks: HashSet<(u64, Date)>,
    months: HashSet<(u64, Date)>,
}

impl Pasts {
    /// Nothing was said yet; no day after `last` will come.
    pub fn new(last: Date) -> Self {
        Self { newest: monday(last), said: HashSet::new(), weeks: HashSet::new(), months: HashSet::new() }
    }

    /// What visitor `id` says on `day`; nothing when it was said before that day.
    pub fn say(&mut self, id: u64, day: Date) -> Option<Past> {
        let mut own = Random::of(&[id, u64::from_le_bytes(*b"remember")]);
        if !own.chance(AGREED) || !self.said.insert((id, day)) {
            return None;
        }
        let week = monday(day);
        let weeks_ago = (own.length(WEEKS.0) as i64).min(WEEKS.1);
        // Counted back from the last day, so that it is the same week on each.
        let born = self.newest.saturating_sub(weeks_ago.weeks());
        Some(Past {
            first_week: born.min(week),
            first_this_week: self.weeks.insert((id, week)),
            first_this_month: self.months.insert((id, day.first_of_month())),
        })
    }
}

fn monday(day: Date) -> Date {
    day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_remembers_from_day_to_day() {
        let day = |day| Date::constant(2026, 11, day);
        let mut pasts = Pasts::new(day(21));
        let agreed = (0..100).filter(|id| pasts.say(*id, day(21)).is_some()).count();
        assert!((40..80).contains(&agreed), "{agreed}");
        let id = (100..).find(|id| pasts.say(*id, day(9)).is_some()).expect("one agrees");
        assert_eq!(pasts.say(id, day(9)), None);
        let [same_week, next_week] = [day(15), day(16)].map(|day| pasts.say(id, day).expect("a new day"));
        assert_eq!([same_week.first_this_week, same_week.first_this_month], [false, false]);
        assert_eq!([next_week.first_this_week, next_week.first_this_month], [true, false]);
        assert!(same_week.first_week <= day(9) && same_week.first_week == monday(same_week.first_week));
    }
}
