//! The judgement: one recording, one collector, all questions.

use std::time::{SystemTime, UNIX_EPOCH};

use super::added_up::CAP;
use super::cap::Caps;
use super::compare::Asker;
use super::count::Counter;
use super::fact::Days;
use super::send::Sending;
use super::traffic::{Recorder, Week};
use super::trial::{Trial, rules, set_up, started};

/// The site.
const SITE: &str = "shop";

/// Persons of a recording unless said otherwise.
const PERSONS: usize = 1_500;
/// Of questions with a filter, one of so many is asked in each phase, unless said otherwise; each phase asks others.
const THINNED: usize = 8;

/// A number that somebody who runs the test may choose.
pub(super) fn chosen(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// A zone in which day 0 was yesterday, so that a whole day lies behind us, and is still open, with half past midnight
/// of day 1: its offset from UTC in hours, and midnight of day 0.
fn zone() -> (String, i64) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs() as i64;
    let (hour, minute) = (now / 3600 % 24, now / 60 % 60);
    let local = if minute < 30 { 1 } else { 0 };
    let ahead = (local - hour).rem_euclid(24);
    // The numbers of zones are against the sun: Etc/GMT-3 is three hours ahead.
    let ahead = if ahead > 14 { ahead - 24 } else { ahead };
    let name = match ahead {
        0 => "Etc/GMT".to_owned(),
        ahead if ahead > 0 => format!("Etc/GMT-{ahead}"),
        behind => format!("Etc/GMT+{}", -behind),
    };
    let midnight = (now + ahead * 3600).div_euclid(86_400) * 86_400 - ahead * 3600;
    (name, midnight - 86_400)
}

#[test]
fn every_answer_is_that_of_a_counter_with_full_knowledge() {
    let persons = chosen("HEADCOUNT_ORACLE_PERSONS", PERSONS);
    let (zone, base) = zone();
    let server = started();
    set_up(&server, SITE, &zone, &rules());
    // Who knows the second key knows the first: until then batches would be a stranger's.
    let [write, read] = ["write", "read"].map(|scope| server.create_key(SITE, scope));
    let recording = Recorder::record(persons, Week::of(base, &zone), Days::default());
    let mut counter = Counter::new(rules());
    (counter.caps, counter.closed) = (Caps::of(CAP), [-3].into());
    let sending = Sending { server: &server, site: SITE, key: &write, base };
    let asker = Asker { server: &server, site: SITE, key: &read };
    asker.is_known();

    let added_up = sending.add_up(&recording, "added-up", &recording.added_up[0]);
    let mut delivered = sending.deliver(&recording, &recording.sent, "live");
    delivered.facts.extend(sending.look(&recording));
    added_up.iter().chain(&delivered.facts).for_each(|fact| counter.count(fact));
    eprintln!("{persons} persons, {} events, {} opted out", delivered.facts.len(), delivered.opted_out);
    let trial = Trial {
        asker,
        first: recording.week.date,
        ranges: vec![vec![0], vec![1], vec![0, 1], vec![-3], vec![-3, 0, 1]],
        opted_out: Some(delivered.opted_out),
        hidden: 10,
        thinned: chosen("HEADCOUNT_ORACLE_THINNED", THINNED).max(1),
    };
    trial.judge(&counter, (0, "open"));

    let dates = [0, 1].map(|day| recording.week.date.checked_add(jiff::Span::new().days(day)).expect("a date"));
    for day in [dates[0].to_string().as_str(), "today"] {
        server.succeed(&["seal", "--site", SITE, "--day", day, "--now"]);
    }
    trial.sealed(&dates);
    trial.judge(&counter, (1, "sealed"));

    counter.closed.extend([0, 1]);
    let added_up = sending.add_up(&recording, "added-up-late", &recording.added_up[1]);
    let late = sending.deliver(&recording, &recording.late, "late");
    added_up.iter().chain(&late.facts).for_each(|fact| counter.count(fact));
    trial.judge(&counter, (2, "late"));
    trial.sealed(&dates);
}
