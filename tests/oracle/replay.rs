//! The judgement: one recording, one collector, all questions.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::civil::Date;
use serde_json::json;

use super::added_up::{CAP, RARE_NAMES};
use super::cap::Caps;
use super::compare::Asker;
use super::count::Counter;
use super::engine::sql;
use super::exported;
use super::money;
use super::places::mmdb;
use super::questions::Asking;
use super::rules::{Rules, Wanted};
use super::send::Sending;
use super::special::Special;
use super::support::server::Server;
use super::support::{until, until_equal};
use super::traffic::{Recorder, Week};
use super::world;

/// The site.
const SITE: &str = "shop";

/// Persons of a recording unless said otherwise.
const PERSONS: usize = 1_500;
/// Of questions with a filter, one of so many is asked in each phase, unless said otherwise; each phase asks others.
const THINNED: usize = 8;

/// A number that somebody who runs the test may choose.
fn chosen(name: &str, usual: usize) -> usize {
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

/// What the owner of the site has set up.
fn rules() -> Rules {
    Rules {
        goals: vec![
            ("Pricing", Wanted::Page("/pricing")),
            ("Reads", Wanted::Page("/blog/**")),
            ("Docs", Wanted::Page("/docs/*")),
            ("Signup", Wanted::Feature("signup")),
            ("Pro", Wanted::FeatureWith("signup", "plan=pro")),
            ("Purchase", Wanted::Feature("purchase")),
            ("Renamed", Wanted::Feature(RARE_NAMES[0])),
        ],
        funnels: vec![("buy", vec!["Pricing", "Signup", "Purchase"]), ("read", vec!["Reads", "Pro"])],
        filter_properties: vec!["plan"],
    }
}

fn set_up(server: &Server, rules: &Rules, zone: &str) {
    let numbers = ["--filter-property", "plan", "--number", "load_ms"];
    server.succeed(&[&["site", "add", SITE, "--timezone", zone][..], &numbers].concat());
    for (name, wanted) in &rules.goals {
        let wanted = match wanted {
            Wanted::Page(pattern) => vec!["--page", pattern],
            Wanted::Feature(name) => vec!["--event", name],
            Wanted::FeatureWith(name, property) => vec!["--event", name, "--property", property],
        };
        server.succeed(&[&["goal", "add", name, "--site", SITE][..], &wanted].concat());
    }
    for (name, steps) in &rules.funnels {
        let steps = steps.iter().flat_map(|step| ["--step", step]).collect::<Vec<_>>();
        server.succeed(&[&["funnel", "add", name, "--site", SITE][..], &steps].concat());
    }
}

/// A collector that knows the places of the made-up world and trusts this machine to say whose hits it passes on.
fn started() -> Server {
    // A machine that is busy with other tests may take its time.
    let settings =
        [("HEADCOUNT_LISTEN__TRUSTED_PROXIES", "127.0.0.1/32"), ("HEADCOUNT_CLICKHOUSE__TIMEOUT_SECONDS", "60")];
    let mut server = Server::prepare(&settings);
    let file = server.state_dir().parent().expect("a directory").join("world.mmdb");
    std::fs::write(&file, mmdb(&world::places())).expect("a file");
    server.set("HEADCOUNT_GEO__FILE", &file.display().to_string());
    server.set("HEADCOUNT_INGEST__MAX_VALUES_PER_DIMENSION", &CAP.to_string());
    server.start_again();
    server
}

#[test]
fn every_answer_is_that_of_a_counter_with_full_knowledge() {
    let persons = chosen("HEADCOUNT_ORACLE_PERSONS", PERSONS);
    let thinned = chosen("HEADCOUNT_ORACLE_THINNED", THINNED).max(1);
    let (zone, base) = zone();
    let server = started();
    set_up(&server, &rules(), &zone);
    // Who knows the second key knows the first: until then batches would be a stranger's.
    let [write, read] = ["write", "read"].map(|scope| server.create_key(SITE, scope));
    let recording = Recorder::record(persons, Week::of(base, &zone));
    let mut counter = Counter::new(rules());
    (counter.caps, counter.closed) = (Caps::of(CAP), [-3].into());
    let sending = Sending { server: &server, site: SITE, key: &write, base };
    let asker = Asker { server: &server, site: SITE, key: &read };
    let known = json!({ "site_id": SITE, "metrics": ["events"], "date_range": "day" });
    until("the site is known", || server.try_query(&read, &known));

    let added_up = sending.add_up(&recording, "added-up", &recording.added_up[0]);
    let mut delivered = sending.deliver(&recording, &recording.sent, "live");
    delivered.facts.extend(sending.look(&recording));
    added_up.iter().chain(&delivered.facts).for_each(|fact| counter.count(fact));
    eprintln!("{persons} persons, {} events, {} opted out", delivered.facts.len(), delivered.opted_out);
    let judge = |counter: &Counter, (number, phase): (usize, &str)| {
        // Only when all is loaded is anything asked: what is folded on an open day is decided once a minute.
        until_equal("the spool is empty", &0, || server.metrics().sum("headcount_spool_bytes"));
        let asking = Asking { counter, first: recording.week.date, opted_out: delivered.opted_out };
        let special = [0, 1].into_iter().flat_map(|day| {
            let special = Special::all(&asker, &asking, day);
            [special, money::all(&asker, &asking, day), exported::all(&asker, &asking, day)].concat()
        });
        asker.judge(phase, &asking.all((number, thinned)), special.collect());
    };
    judge(&counter, (0, "open"));

    let dates = [0, 1].map(|day| recording.week.date.checked_add(jiff::Span::new().days(day)).expect("a date"));
    for day in [dates[0].to_string().as_str(), "today"] {
        server.succeed(&["seal", "--site", SITE, "--day", day, "--now"]);
    }
    sealed(&server, dates);
    judge(&counter, (1, "sealed"));

    counter.closed.extend([0, 1]);
    let added_up = sending.add_up(&recording, "added-up-late", &recording.added_up[1]);
    let late = sending.deliver(&recording, &recording.late, "late");
    added_up.iter().chain(&late.facts).for_each(|fact| counter.count(fact));
    judge(&counter, (2, "late"));
    sealed(&server, dates);
}

/// Nothing of a sealed day is left but integers that enough visitors stand behind.
fn sealed(server: &Server, dates: [Date; 2]) {
    for date in dates {
        let count = |of: &str| sql(server, &format!("SELECT count() FROM {of} AND site = '{SITE}' AND day = '{date}'"));
        let left = [
            "cells_open WHERE 1",
            "crossings_open WHERE 1",
            // What comes late is a row of its own until it is merged with the one it adds to.
            "(SELECT site, day, sum(visitors) AS n FROM crossings GROUP BY site, day, dim, value, dim2, value2) WHERE n < 5",
            "(SELECT site, day, dim, sum(visitors) AS n FROM cells GROUP BY site, day, dim, value, hour) \
             WHERE dim IN ('region', 'city') AND n < 5",
        ];
        assert_eq!(left.map(|of| (of, count(of))), left.map(|of| (of, "0\n".to_owned())), "{date}");
        assert_eq!(
            sql(server, &format!("SELECT count() FROM seals FINAL WHERE site = '{SITE}' AND day = '{date}'")),
            "1\n"
        );
        let salt = server.state_dir().join("salts").join(SITE).join(date.to_string());
        assert!(!salt.exists(), "the salt of {date} is still there");
    }
    let sketches =
        "SELECT count() FROM system.columns WHERE table IN ('cells', 'crossings') AND type LIKE '%Aggregate%'";
    assert_eq!(sql(server, sketches), "0\n");
    server.succeed(&["audit"]);
}
