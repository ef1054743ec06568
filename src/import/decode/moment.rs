//! Times as files write them, to seconds since 1970. Called by the decoders.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::TimeZone;

/// `22/Nov/2026:05:37:40 +0000`, as Apache and nginx write it.
pub fn of_log(text: &str) -> Option<i64> {
    let told = BrokenDownTime::parse("%d/%b/%Y:%H:%M:%S %z", text).ok()?;
    told.to_timestamp().ok().map(Timestamp::as_second)
}

/// A date and a time of day in UTC: `2026-11-22 05:37:40`, with or without a fraction or an offset.
pub fn of_text(text: &str) -> Option<i64> {
    let text = text.trim();
    let text = text.strip_suffix(" UTC").unwrap_or(text);
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment.as_second());
    }
    if let Ok(moment) = text.parse::<DateTime>() {
        return Some(moment.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second());
    }
    // `2026-11-22T05:37:40+0000`, as some writers spell the offset.
    let told = BrokenDownTime::parse("%Y-%m-%dT%H:%M:%S%z", text).ok()?;
    told.to_timestamp().ok().map(Timestamp::as_second)
}

/// `2026-11-22` and `05:37:40`, in UTC.
pub fn of_date_and_time(date: &str, time: &str) -> Option<i64> {
    let (date, time): (Date, Time) = (date.parse().ok()?, time.parse().ok()?);
    Some(DateTime::from_parts(date, time).to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
}

/// A number of seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by its size.
pub fn of_number(number: f64) -> Option<i64> {
    if !number.is_finite() || number < 0.0 {
        return None;
    }
    let seconds = match number {
        small if small < 1e11 => small,
        milli if milli < 1e14 => milli / 1e3,
        micro if micro < 1e17 => micro / 1e6,
        nano => nano / 1e9,
    };
    Some(seconds as i64)
}

/// Any of these.
pub fn of_any(text: &str) -> Option<i64> {
    if text.contains('/') {
        return of_log(text);
    }
    match text.parse::<f64>() {
        Ok(number) => of_number(number),
        Err(_) => of_text(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_moment_in_every_spelling() {
        let moment = Some(1_795_325_860);
        let texts = [
            "22/Nov/2026:05:37:40 +0000",
            "22/Nov/2026:06:37:40 +0100",
            "2026-11-22T05:37:40Z",
            "2026-11-22T05:37:40.125Z",
            "2026-11-22T06:37:40+01:00",
            "2026-11-22T06:37:40+0100",
            "2026-11-22 05:37:40",
            "2026-11-22 05:37:40.999 UTC",
            "1795325860",
            "1795325860.75",
            "1795325860750",
            "1795325860750123",
            "1795325860750123456",
        ];
        assert_eq!(texts.map(of_any), [moment; 13]);
        assert_eq!(of_date_and_time("2026-11-22", "05:37:40"), moment);
    }

    #[test]
    fn what_is_no_time_is_none() {
        let texts = ["", "-", "yesterday", "31/Feb/2026:05:37:40 +0000", "2026-13-01", "-5", "NaN", "1/1"];
        assert_eq!(texts.map(of_any), [None; 8]);
    }
}
