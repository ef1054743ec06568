//! Which site-local day and hour a moment is.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::reason::Dropped;
use crate::model::{Day, Hour, Site, SiteId};

/// Past days an event may be late.
pub const LATE_DAYS: i64 = 30;

/// The current local day of each site: asking the zone for every hit would cost more than the rest of the pipeline.
#[derive(Default)]
pub struct Calendar {
    today: HashMap<SiteId, (Arc<Site>, Span), foldhash::fast::RandomState>,
}

/// Where a moment lies in a site's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Local {
    /// The day.
    pub day: Day,
    /// The hour of the day.
    pub hour: Hour,
    /// Seconds since the day began.
    pub second: i64,
}

/// A local day as seconds since 1970.
#[derive(Clone, Copy)]
struct Span {
    day: Day,
    begins: i64,
    ends: i64,
}

impl Calendar {
    /// The day and hour of a moment in a site's zone. `None` outside the years the table can hold.
    pub fn local(&mut self, site: &Arc<Site>, unix_seconds: i64) -> Option<Local> {
        let known = self.today.get(&site.id).filter(|(of, _)| Arc::ptr_eq(of, site)).map(|(_, span)| *span);
        let span = match known.filter(|span| span.contains(unix_seconds)) {
            Some(span) => span,
            None => {
                let span = Span::around(site, unix_seconds)?;
                self.today.insert(site.id.clone(), (site.clone(), span));
                span
            }
        };
        let second = unix_seconds - span.begins;
        let hour = Hour(u8::try_from(second / 3600).unwrap_or(24).min(24));
        Some(Local { day: span.day, hour, second })
    }

    /// The moment that stands for what happened at some time of a day: noon of a past day, now for today and what is said
    /// to come.
    pub fn moment_of(&mut self, site: &Arc<Site>, date: Date, now: i64) -> Result<i64, Dropped> {
        let today = self.local(site, now).ok_or(Dropped::TooOld)?.day.date();
        if date >= today {
            return Ok(now);
        }
        if (today - date).get_days() > LATE_DAYS as i32 {
            return Err(Dropped::TooOld);
        }
        let noon = site.timezone.to_ambiguous_zoned(date.at(12, 0, 0, 0)).compatible().map_err(|_| Dropped::TooOld)?;
        Ok(noon.timestamp().as_second())
    }
}

impl Span {
    fn contains(&self, unix_seconds: i64) -> bool {
        (self.begins..self.ends).contains(&unix_seconds)
    }

    fn around(site: &Site, unix_seconds: i64) -> Option<Self> {
        let moment = jiff::Timestamp::from_second(unix_seconds).ok()?.to_zoned(site.timezone.clone());
        let begins = moment.start_of_day().ok()?;
        let ends = begins.tomorrow().ok()?.start_of_day().ok()?;
        let day = Day::from_date(moment.date())?;
        Some(Self { day, begins: begins.timestamp().as_second(), ends: ends.timestamp().as_second() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(zone: &str) -> Arc<Site> {
        Arc::new(Site::new("demo".parse().expect("an id"), jiff::tz::TimeZone::get(zone).expect("a zone")))
    }

    fn local(site: &Arc<Site>, moments: &[&str]) -> Vec<(String, u8)> {
        let mut calendar = Calendar::default();
        let seconds = moments.iter().map(|moment| moment.parse::<jiff::Timestamp>().expect("a time").as_second());
        seconds
            .map(|at| calendar.local(site, at).expect("in range"))
            .map(|local| (local.day.to_string(), local.hour.0))
            .collect()
    }

    fn wanted(days: &[(&str, u8)]) -> Vec<(String, u8)> {
        days.iter().map(|(day, hour)| ((*day).to_owned(), *hour)).collect()
    }

    #[test]
    fn hours_are_counted_from_local_midnight_through_a_long_day() {
        // Berlin: 2026-10-25 has 25 hours; 02:30 comes twice.
        let moments = [
            "2026-10-24T21:59:59Z",
            "2026-10-24T22:00:00Z",
            "2026-10-25T00:30:00Z",
            "2026-10-25T01:30:00Z",
            "2026-10-25T22:59:59Z",
            "2026-10-25T23:00:00Z",
        ];
        let days = [
            ("2026-10-24", 23),
            ("2026-10-25", 0),
            ("2026-10-25", 2),
            ("2026-10-25", 3),
            ("2026-10-25", 24),
            ("2026-10-26", 0),
        ];
        assert_eq!(local(&site("Europe/Berlin"), &moments), wanted(&days));
    }

    #[test]
    fn a_short_day_has_23_hours() {
        let moments = ["2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-03-29T21:59:59Z"];
        assert_eq!(
            local(&site("Europe/Berlin"), &moments),
            wanted(&[("2026-03-29", 1), ("2026-03-29", 2), ("2026-03-29", 22)])
        );
    }

    #[test]
    fn a_site_that_was_changed_is_looked_up_anew() {
        let mut calendar = Calendar::default();
        let noon = 1_795_262_400;
        let hours = ["UTC", "Asia/Tokyo"].map(|zone| calendar.local(&site(zone), noon).map(|local| local.hour.0));
        assert_eq!(hours, [Some(12), Some(21)]);
    }

    #[test]
    fn seconds_are_counted_from_local_midnight() {
        let mut calendar = Calendar::default();
        let moments = ["2026-11-20T23:00:00Z", "2026-11-20T23:29:59Z", "2026-11-21T22:59:59Z"];
        let seconds = moments.map(|moment| {
            let at = moment.parse::<jiff::Timestamp>().expect("a time").as_second();
            calendar.local(&site("Europe/Berlin"), at).map(|local| local.second)
        });
        assert_eq!(seconds, [Some(0), Some(1_799), Some(86_399)]);
    }

    #[test]
    fn a_day_stands_at_noon_today_at_now_and_a_month_is_the_bound() {
        let (mut calendar, site) = (Calendar::default(), site("Asia/Tokyo"));
        // 21 o'clock of 2026-11-21 in Tokyo.
        let now = 1_795_262_400;
        let mut at = |date: &str| calendar.moment_of(&site, date.parse().expect("a date"), now);
        let yesterday = Ok(now - 21 * 3600 - 12 * 3600);
        let days = [
            at("2026-11-21"),
            at("2027-01-01"),
            at("2026-11-20"),
            at("2026-10-22"),
            at("2026-10-21"),
            at("-009999-01-01"),
        ];
        let oldest = Ok(now - 9 * 3600 - 30 * 86_400);
        assert_eq!(days, [Ok(now), Ok(now), yesterday, oldest, Err(Dropped::TooOld), Err(Dropped::TooOld)]);
    }
}
