//! When visits begin: the rhythm of days and weeks in the site's zone, up to now and never beyond. Called by
//! [`super::traffic`].

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::random::{Random, Weighted};

/// How busy each hour of a day is; morning, noon, a second rise in the evening.
const HOURS: [f64; 24] = [
    1.6, 1.1, 0.8, 0.7, 0.7, 0.9, 1.5, 2.7, 4.4, 5.9, 6.4, 6.3, 5.5, 5.9, 6.2, 6.1, 5.8, 5.2, 4.7, 4.8, 5.0, 4.6, 3.6,
    2.5,
];
/// How busy each day of a week is, from Monday.
const WEEKDAYS: [f64; 7] = [1.06, 1.12, 1.1, 1.06, 0.96, 0.62, 0.66];
/// The day of the week on which the letter to readers goes out.
const LETTER: Weekday = Weekday::Tuesday;
const HOUR: i64 = 3_600;

/// Moments between the first day's midnight and now.
#[derive(Clone, Debug)]
pub struct Timeline {
    zone: TimeZone,
    begins: i64,
    today: i64,
    now: i64,
    hours: Weighted<i64>,
}

impl Timeline {
    /// The last `days` local days up to `now` (seconds since 1970), today with them.
    ///
    /// # Errors
    /// When the moment is outside the years that calendars know.
    pub fn new(zone: &TimeZone, days: u32, now: i64) -> Result<Self, jiff::Error> {
        let local = |second: i64| Timestamp::from_second(second).map(|moment| moment.to_zoned(zone.clone()));
        let midnight = |moment: Zoned| moment.start_of_day();
        let today = midnight(local(now)?)?;
        let begins = midnight(today.checked_sub(jiff::Span::new().days(days.saturating_sub(1)))?)?;
        let (begins, today) = (begins.timestamp().as_second(), today.timestamp().as_second());
        let mut hours = Vec::new();
        for hour in (begins..=now).step_by(HOUR as usize) {
            let moment = local(hour)?;
            let weekday = usize::try_from(moment.weekday().to_monday_zero_offset()).unwrap_or_default();
            let passed = (now + 1 - hour).min(HOUR) as f64 / HOUR as f64;
            hours.push((HOURS[usize::try_from(moment.hour()).unwrap_or_default()] * WEEKDAYS[weekday] * passed, hour));
        }
        Ok(Self { zone: zone.clone(), begins, today, now, hours: Weighted::new(hours) })
    }

    /// The beginning of a visit that is `seconds` long and ends by now.
    pub fn begin(&self, random: &mut Random, seconds: i64) -> i64 {
        let hour = *self.hours.pick(random);
        let moment = hour + (random.unit() * HOUR as f64) as i64;
        self.fit(moment, seconds)
    }

    /// The beginning nearest to `moment` of a visit that is `seconds` long, so that it ends by now.
    pub fn fit(&self, moment: i64, seconds: i64) -> i64 {
        moment.min(self.now - seconds).max(self.begins)
    }

    /// The same time of the day on which the last letter before it went out; as it is when that was before the first day.
    pub fn after_letter(&self, moment: i64) -> i64 {
        let days = self.day(moment).weekday().since(LETTER);
        let then = moment - i64::from(days) * 24 * HOUR;
        if then < self.begins { moment } else { then }
    }

    /// A number of its own for each current day.
    pub fn dated(&self) -> u64 {
        self.today.unsigned_abs()
    }

    /// A moment, or now if that has not come.
    pub fn passed(&self, moment: i64) -> i64 {
        moment.min(self.now)
    }

    /// The current day.
    pub fn last_day(&self) -> Date {
        self.day(self.now)
    }

    /// The local day of a moment.
    pub fn day(&self, moment: i64) -> Date {
        Timestamp::from_second(moment).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(self.zone.clone()).date()
    }

    /// Whether a moment lies in the current day.
    pub fn is_today(&self, moment: i64) -> bool {
        moment >= self.today
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Saturday, 2026-11-21, noon in UTC.
    const NOON: i64 = 1_795_262_400;

    fn moments(zone: &str, days: u32, now: i64) -> Vec<i64> {
        let timeline =
            Timeline::new(&TimeZone::get(zone).expect("a zone"), days, now).expect("a moment calendars know");
        let mut random = Random::of(&[1]);
        (0..5_000).map(|_| timeline.begin(&mut random, 0)).collect()
    }

    #[test]
    fn one_day_is_today_up_to_now() {
        let found = moments("Europe/Berlin", 1, NOON);
        // 13 hours after midnight in Berlin.
        let (first, last) = (NOON - 13 * HOUR, NOON);
        assert!(found.iter().all(|moment| (first..=last).contains(moment)));
        assert!(found.iter().any(|moment| *moment < first + HOUR) && found.iter().any(|moment| *moment > last - HOUR));
    }

    #[test]
    fn the_first_second_of_a_day_holds_everything() {
        let midnight = NOON - 12 * HOUR;
        assert_eq!(moments("UTC", 1, midnight), vec![midnight; 5_000]);
    }

    #[test]
    fn days_are_busy_by_hour_and_weekday() {
        let found = moments("UTC", 30, NOON);
        let (first, last) = (NOON - 12 * HOUR - 29 * 86_400, NOON);
        assert!(found.iter().all(|moment| (first..=last).contains(moment)));
        let in_hour = |hour| found.iter().filter(|moment| moment.rem_euclid(86_400) / HOUR == hour).count();
        assert!(in_hour(10) > 4 * in_hour(3), "{} {}", in_hour(10), in_hour(3));
        let on = |days: i64| found.iter().filter(|moment| (NOON - **moment + 12 * HOUR) / 86_400 == days).count();
        // The Tuesday before, and the Sunday before it.
        assert!(on(4) > on(6), "{} {}", on(4), on(6));
    }

    #[test]
    fn readers_of_a_letter_come_on_its_day() {
        let timeline = Timeline::new(&TimeZone::UTC, 7, NOON).expect("a moment calendars know");
        let day = |moment| timeline.day(timeline.after_letter(moment)).to_string();
        let days_ago = |days: i64| NOON - days * 24 * HOUR;
        // Tuesday is four days ago; that of Monday and Sunday was before the first day.
        let found = [0, 3, 4, 5, 6].map(|days| day(days_ago(days)));
        assert_eq!(found, ["2026-11-17", "2026-11-17", "2026-11-17", "2026-11-16", "2026-11-15"]);
    }

    #[test]
    fn a_long_visit_begins_earlier_or_with_the_first_day() {
        let timeline = Timeline::new(&TimeZone::UTC, 1, NOON).expect("a moment calendars know");
        let mut random = Random::of(&[2]);
        let latest = (0..1_000).map(|_| timeline.begin(&mut random, HOUR)).max();
        assert_eq!(latest, Some(NOON - HOUR));
        assert_eq!(timeline.begin(&mut random, 100 * HOUR), NOON - 12 * HOUR);
    }
}
