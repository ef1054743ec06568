//! A visit that goes on past the midnight of its site: one visit, of the day on which it began.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::ordinary;
use crate::site::Site;

/// A zone with a fixed offset in which midnight was half an hour to an hour and a half ago: the day before is still open.
fn after_midnight() -> (String, i64) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs() as i64;
    let (hour, minute) = (now / 3600 % 24, now / 60 % 60);
    let wanted = i64::from(minute < 30);
    let midnight = now - now % 3600 - wanted * 3600;
    // POSIX signs: Etc/GMT-3 is three hours ahead.
    let zone = match (wanted - hour).rem_euclid(24) {
        0 => "Etc/GMT".to_owned(),
        ahead if ahead <= 12 => format!("Etc/GMT-{ahead}"),
        behind => format!("Etc/GMT+{}", 24 - behind),
    };
    (zone, midnight)
}

fn numbers(answer: &Value) -> Vec<Value> {
    answer["results"].as_array().expect("rows").iter().map(|row| row["metrics"].clone()).collect()
}

#[test]
fn a_visit_goes_on_past_midnight_and_belongs_to_the_day_it_began() {
    let (zone, midnight) = after_midnight();
    let site = Site::with(ordinary(), "midnight", &["--timezone", &zone]);
    let view = |visitor: &str, minutes: i64| json!({ "url": "https://a.test/x", "visitor": visitor, "occurred_at": midnight + minutes * 60 });
    // One person within half an hour; one who comes back later; one whose first event of the day is too late.
    let events = [
        view("goes-on", -10),
        view("goes-on", 5),
        view("comes-back", -29),
        view("comes-back", 29),
        view("too-late", -1),
        view("too-late", 30),
    ];
    assert_eq!(site.batch(json!({ "events": events })).json()["accepted"], 6);
    site.settled(6);
    let zone = jiff::tz::TimeZone::get(&zone).expect("a zone");
    let today = jiff::Timestamp::from_second(midnight).expect("a time").to_zoned(zone).date();
    let yesterday = today.yesterday().expect("a day before");
    let range = json!([yesterday.to_string(), today.to_string()]);
    let metrics = ["visits", "pageviews", "visitors", "bounce_rate"];
    let query = json!({ "date_range": range, "metrics": metrics, "dimensions": ["time:day"] });
    assert_eq!(numbers(&site.ask(query)), [json!([3, 3, 3, 66.67]), json!([2, 3, 3, 100])]);
}
