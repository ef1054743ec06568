//! Days on which the clock of a zone is moved: an hour more, an hour less, half an hour more, no midnight. An owner's past
//! day, with salts of its own, so that there always is one; the zones' rules are written down here, not looked up.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::civil::{Date, Weekday};

use super::added_up::CAP;
use super::cap::Caps;
use super::compare::Asker;
use super::count::Counter;
use super::fact::{DAY, Days};
use super::replay::chosen;
use super::send::Sending;
use super::traffic::{Recorder, Recording, Route, Week};
use super::trial::{Trial, rules, set_up, started};

/// Persons of each day unless said otherwise.
const PERSONS: usize = 300;
/// Of questions with a filter, one of so many is asked in each phase unless said otherwise.
const THINNED: usize = 60;
const HOUR: i64 = 3_600;

/// A day on which the clock is moved.
pub(super) struct Moved {
    /// The site.
    pub site: &'static str,
    /// The zone.
    pub zone: &'static str,
    /// Month, and which Sunday of it: the first, or the last (-1).
    sunday: (i8, i8),
    /// Seconds ahead of UTC before.
    ahead: i64,
    /// The length of the day.
    pub days: Days,
}

/// The day has 25 hours, two o'clock twice.
pub(super) const AUTUMN: Moved = Moved {
    site: "autumn",
    zone: "Europe/Berlin",
    sunday: (10, -1),
    ahead: 2 * HOUR,
    days: Days { length: DAY + HOUR, moved_at: 3 * HOUR },
};
/// The day has 23 hours: two o'clock is left out.
pub(super) const SPRING: Moved = Moved {
    site: "spring",
    zone: "Europe/Berlin",
    sunday: (3, -1),
    ahead: HOUR,
    days: Days { length: DAY - HOUR, moved_at: 2 * HOUR },
};
/// The day begins at one o'clock.
const NO_MIDNIGHT: Moved = Moved {
    site: "no-midnight",
    zone: "Asia/Beirut",
    sunday: (3, -1),
    ahead: 2 * HOUR,
    days: Days { length: DAY - HOUR, moved_at: 0 },
};
/// The day is half an hour longer; its 25th hour is half a one.
const HALF: Moved = Moved {
    site: "half-an-hour",
    zone: "Australia/Lord_Howe",
    sunday: (4, 1),
    ahead: 11 * HOUR,
    days: Days { length: DAY + HOUR / 2, moved_at: 2 * HOUR },
};

impl Moved {
    /// The last time it was so, if the day after was over, wherever one is.
    pub(super) fn date(&self) -> Date {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs() as i64;
        let today = date_of(now);
        let (month, nth) = self.sunday;
        let in_year = |year: i16| {
            let month = Date::new(year, month, 1).expect("a date");
            month.nth_weekday_of_month(nth, Weekday::Sunday).expect("a Sunday")
        };
        let dates = [today.year(), today.year() - 1].map(in_year);
        let is_over = |date: &&Date| (today - **date).get_days() > 3;
        *dates.iter().find(is_over).expect("a year ago it was")
    }

    /// Midnight of the day in seconds since 1970.
    pub(super) fn base(&self) -> i64 {
        i64::from((self.date() - Date::constant(1970, 1, 1)).get_days()) * DAY - self.ahead
    }

    /// Seconds ahead of UTC at a moment of the day or after it.
    pub(super) fn ahead_at(&self, at: i64) -> i64 {
        self.ahead + if at >= self.days.moved_at { DAY - self.days.length } else { 0 }
    }

    /// What happens on the day and early on the next one, all of it sent by relays and apps.
    pub(super) fn record(&self, persons: usize) -> Recording {
        let mut recording = Recorder::record(persons, Week::of(self.base(), self.zone), self.days);
        recording.sent.retain(|sent| sent.fact.at >= 0);
        recording.sent.iter_mut().for_each(|sent| sent.route = Route::Batch);
        recording
    }
}

fn date_of(moment: i64) -> Date {
    jiff::Timestamp::from_second(moment).expect("a time").to_zoned(jiff::tz::TimeZone::UTC).date()
}

#[test]
fn days_on_which_the_clock_is_moved_are_those_of_the_counter() {
    let server = started();
    let persons = chosen("HEADCOUNT_ORACLE_PERSONS", PERSONS);
    for moved in [AUTUMN, SPRING, NO_MIDNIGHT, HALF] {
        set_up(&server, moved.site, moved.zone, &rules());
        let [admin, read] = ["admin", "read"].map(|scope| server.create_key(moved.site, scope));
        let recording = moved.record(persons);
        let mut counter = Counter::new(rules());
        (counter.days, counter.caps) = (moved.days, Caps::of(CAP));
        let sending = Sending { server: &server, site: moved.site, key: &admin, base: moved.base() };
        let asker = Asker { server: &server, site: moved.site, key: &read };
        asker.is_known();
        let delivered = sending.deliver(&recording, &recording.sent, "live");
        delivered.facts.iter().for_each(|fact| counter.count(fact));
        eprintln!("{} on {}: {} events", moved.zone, moved.date(), delivered.facts.len());
        let trial = Trial {
            asker,
            first: moved.date(),
            ranges: vec![vec![0], vec![1], vec![-1, 0, 1]],
            opted_out: None,
            hidden: 10,
            thinned: chosen("HEADCOUNT_ORACLE_THINNED", THINNED).max(1),
        };
        trial.judge(&counter, (0, "open"));

        let dates = [0, 1].map(|day| moved.date().checked_add(jiff::Span::new().days(day)).expect("a date"));
        for date in dates {
            server.succeed(&["seal", "--site", moved.site, "--day", &date.to_string(), "--now"]);
        }
        trial.sealed(&dates);
        trial.judge(&counter, (1, "sealed"));
        if moved.zone != AUTUMN.zone {
            continue;
        }

        counter.closed.extend([0, 1]);
        let late = sending.deliver(&recording, &recording.late, "late");
        late.facts.iter().for_each(|fact| counter.count(fact));
        trial.judge(&counter, (2, "late"));
        trial.sealed(&dates);
    }
}
