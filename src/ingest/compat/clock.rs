//! When something happened, by the clocks of clients: they write moments in many ways, and their clocks are wrong. Called by
//! the decoders of this folder.

use serde_json::Value;
use serde_json::value::RawValue;

use super::json::Object;
use crate::ingest::hit::Moment;

/// A moment in seconds since 1970: a time with or without a zone (then in UTC), or a number of seconds, milliseconds,
/// microseconds or nanoseconds, told apart by their size.
pub fn seconds(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_f64().map(of_number),
        Value::String(text) => of_text(text),
        _ => None,
    }
}

/// A moment in a field.
pub fn of(object: &Object, key: &str) -> Option<i64> {
    seconds(object.get(key)?)
}

/// A moment that is still raw.
pub fn of_raw(raw: Option<&RawValue>) -> Option<i64> {
    seconds(&serde_json::from_str(raw?.get()).ok()?)
}

/// A moment as text: a time, or a number.
pub fn of_text(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Some(number) = text.parse().ok().filter(|number: &f64| number.is_finite()) {
        return Some(of_number(number));
    }
    if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        return Some(moment.as_second());
    }
    let local: jiff::civil::DateTime = text.parse().ok()?;
    Some(local.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second())
}

fn of_number(number: f64) -> i64 {
    // Each unit's range ends where the years of the next smaller one begin to make sense: 5138.
    let divisor = match number.abs() {
        size if size >= 1e17 => 1e9,
        size if size >= 1e14 => 1e6,
        size if size >= 1e11 => 1e3,
        _ => 1.0,
    };
    (number / divisor).floor() as i64
}

/// When it happened by our clock: the client's two moments differ by as much as ours do.
pub fn repaired(at: Option<i64>, sent: Option<i64>, received: i64) -> Option<Moment> {
    let at = at?;
    let off = sent.map_or(0, |sent| received.saturating_sub(sent));
    Some(Moment(at.saturating_add(off)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn one_moment_in_every_spelling() {
        let spellings = [
            json!("2026-11-21T12:00:00Z"),
            json!("2026-11-21T13:00:00.123456+01:00"),
            json!("2026-11-21 12:00:00"),
            json!("2026-11-21T12:00:00.5"),
            json!(1_795_262_400),
            json!(1_795_262_400.9),
            json!("1795262400"),
            json!(1_795_262_400_123_u64),
            json!(1_795_262_400_123_456_u64),
            json!(1_795_262_400_123_456_789_u64),
        ];
        assert_eq!(spellings.map(|spelling| seconds(&spelling)), [Some(1_795_262_400); 10]);
        assert_eq!([json!("soon"), json!([]), json!(null), json!("")].map(|wrong| seconds(&wrong)), [None; 4]);
    }

    #[test]
    fn a_clock_that_is_wrong_is_put_right() {
        // Happened 60 s before it was sent, on a machine that lives in 1970.
        assert_eq!(repaired(Some(1_000), Some(1_060), 1_795_262_400), Some(Moment(1_795_262_340)));
        assert_eq!(repaired(Some(1_000), None, 1_795_262_400), Some(Moment(1_000)));
        assert_eq!(repaired(None, Some(1_060), 1_795_262_400), None);
        assert_eq!(repaired(Some(i64::MAX), Some(i64::MIN), 1), Some(Moment(i64::MAX)));
    }

    proptest! {
        #[test]
        fn any_text_is_a_moment_or_none(text in "\\PC{0,40}", number: f64) {
            let _ = of_text(&text);
            let _ = seconds(&json!(number));
        }
    }
}
