//! What visitors' browsers remember: the week they first came, and whether they came before in a week or month. Called by
//! [`super::traffic`].

use std::collections::HashSet;

use jiff::ToSpan;
use jiff::civil::Date;

use super::random::Random;

/// Share of visitors whose browser remembers; the others have not agreed.
const AGREED: f64 = 0.75;
/// Mean weeks since the first visit, and the most.
const WEEKS: (f64, i64) = (10.0, 60);
/// Share of those who come again a week after their first, and what of it is left with each further week.
const AGAIN: (f64, f64) = (0.5, 0.88);

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

    /// What visitor `id` says on `day`; nothing when it was said on that day before, and in weeks in which the browser does
    /// not come or has not come yet.
    pub fn say(&mut self, id: u64, day: Date) -> Option<Past> {
        let mut own = Random::of(&[id, u64::from_le_bytes(*b"remember")]);
        if !own.chance(AGREED) {
            return None;
        }
        let week = monday(day);
        let weeks_ago = (own.length(WEEKS.0) as i64).min(WEEKS.1);
        // Counted back from the last day, so that it is the same week on each.
        let first_week = self.newest.saturating_sub(weeks_ago.weeks());
        if !comes(id, first_week, week) || !self.said.insert((id, day)) {
            return None;
        }
        Some(Past {
            first_week,
            first_this_week: self.weeks.insert((id, week)),
            first_this_month: self.months.insert((id, day.first_of_month())),
        })
    }
}

/// Whether a visitor who was first here in one week is here in another.
fn comes(id: u64, first: Date, week: Date) -> bool {
    let days = (week - first).get_days();
    if days <= 0 {
        return days == 0;
    }
    let share = AGAIN.0 * AGAIN.1.powi(days / 7 - 1);
    Random::of(&[id, u64::from_le_bytes(*b"comeback"), days as u64]).chance(share)
}

fn monday(day: Date) -> Date {
    day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: i8) -> Date {
        Date::constant(2026, 11, day)
    }

    #[test]
    fn a_browser_remembers_from_day_to_day() {
        let mut pasts = Pasts::new(day(21));
        let id = (0..)
            .find(|id| pasts.say(*id, day(9)).is_some() && pasts.say(*id, day(16)).is_some())
            .expect("one comes in both weeks");
        assert_eq!(pasts.say(id, day(9)), None);
        let [same_week, next_week] = [day(15), day(17)].map(|day| pasts.say(id, day).expect("a new day"));
        assert_eq!([same_week.first_this_week, same_week.first_this_month], [false, false]);
        assert_eq!([next_week.first_this_week, next_week.first_this_month], [false, false]);
        assert_eq!(same_week.first_week, next_week.first_week);
        assert!(same_week.first_week <= day(9) && same_week.first_week == monday(same_week.first_week));
    }

    #[test]
    fn of_those_who_were_first_here_in_a_week_fewer_and_fewer_come_again() {
        let (first, mut pasts) = (day(2), Pasts::new(day(30)));
        let mut here = |of: Date| {
            let said = (0..4_000).filter_map(|id| pasts.say(id, of));
            said.filter(|past| past.first_week == first).count()
        };
        let counts = [day(1), first, day(9), day(16), day(30)].map(&mut here);
        assert_eq!(counts[0], 0, "nobody is here before the first week");
        assert!(counts[1..].is_sorted_by(|earlier, later| earlier > later) && counts[4] > 0, "{counts:?}");
    }
}
