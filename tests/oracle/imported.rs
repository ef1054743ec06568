//! Imported days beside counted ones: an access log of the days around a change of the clock, totals of another product for
//! the day before them, hits of today. What was imported is judged open, sealed, and after more lines of the same days.

use jiff::civil::Date;
use serde_json::json;

use super::added_up::CAP;
use super::cap::Caps;
use super::compare::Asker;
use super::count::Counter;
use super::engine::sql;
use super::fact::{
    CHANNEL, CITY, COHORT, COUNTRY, DAY, Dim, EVENT, Kind, LANGUAGE, PAGE, REFERRER, REGION, SCREEN, SOURCE, TOTAL,
};
use super::group::{Group, Sums};
use super::replay::chosen;
use super::send::Sending;
use super::support::scratch::Scratch;
use super::support::server::Server;
use super::support::until_equal;
use super::traffic::{Recording, Sent};
use super::trial::{Trial, rules, set_up, started};
use super::world::{AGENTS, HOST};
use super::zones::{AUTUMN, Moved, SPRING};

const SITE: &str = "imported";
/// Persons unless said otherwise: some six of ten are without an app and an id, and stand in the log.
const PERSONS: usize = 1_500;
/// Of questions with a filter, one of so many is asked in each phase unless said otherwise.
const THINNED: usize = 40;
/// The day of which only totals are known.
const TOTALS: i64 = -2;

/// The change that was last: between it and today there is no other.
fn last_change() -> Moved {
    if AUTUMN.date() > SPRING.date() { AUTUMN } else { SPRING }
}

/// A line of the combined format, in the time of the zone.
fn line(moved: &Moved, recording: &Recording, sent: &Sent) -> String {
    let person = &recording.persons[sent.person];
    let (day, at) = (moved.days.day(sent.fact.at), sent.fact.at);
    let wall = moved.days.wall(day, at);
    let date = moved.date().checked_add(jiff::Span::new().days(day)).expect("a date").strftime("%d/%b/%Y");
    let clock = format!("{:02}:{:02}:{:02}", wall / 3600, wall / 60 % 60, wall % 60);
    let ahead = moved.ahead_at(at) / 3600;
    let text = |field: &str| sent.hit[field].as_str().unwrap_or_default();
    let page = text("url").strip_prefix(&format!("https://{HOST}")).expect("a page of the site");
    let referrer = if sent.hit["referrer"].is_string() { text("referrer") } else { "-" };
    let (address, agent) = (&person.address, AGENTS[person.agent].0);
    format!("{address} - - [{date}:{clock} +{ahead:02}00] \"GET {page} HTTP/1.1\" 200 512 \"{referrer}\" \"{agent}\"\n")
}

/// Of what was recorded, what stands in a log: page views of browsers that have no id.
fn logged(recording: &Recording, sent: &[Sent]) -> Vec<Sent> {
    let is_logged = |sent: &&Sent| {
        let person = &recording.persons[sent.person];
        let is_view = sent.fact.kind == Kind::Pageview && sent.dropped.is_none();
        is_view && person.app.is_none() && person.id.is_none() && sent.fact.at >= 0
    };
    let mut logged: Vec<Sent> = sent.iter().filter(is_logged).cloned().collect();
    logged.sort_by_key(|sent| sent.fact.at);
    for Sent { fact, .. } in &mut logged {
        fact.attributes.retain(|(of, _)| ![LANGUAGE, SCREEN, COHORT].contains(of));
    }
    logged
}

/// What totals of a day become: a dimension, a value, numbers.
type Row = (Dim, &'static str, [i64; 6]);

/// Visitors, page views, events, visits, bounces, seconds of each group.
const GROUPS: [Row; 13] = [
    (TOTAL, "", [100, 250, 262, 120, 40, 3_600]),
    (EVENT, "pageview", [100, 250, 250, 120, 40, 3_600]),
    (EVENT, "signup", [10, 0, 12, 0, 0, 0]),
    (PAGE, "/pricing", [80, 200, 200, 90, 0, 0]),
    (PAGE, "/", [60, 50, 50, 70, 0, 0]),
    (SOURCE, "Google", [60, 150, 150, 70, 5, 10]),
    (SOURCE, "(direct)", [40, 100, 100, 50, 5, 20]),
    (CHANNEL, "Organic Search", [60, 150, 150, 70, 5, 10]),
    (CHANNEL, "Direct", [40, 100, 100, 50, 5, 20]),
    (REFERRER, "google.com", [60, 150, 150, 70, 5, 10]),
    (COUNTRY, "DE", [60, 150, 150, 70, 5, 10]),
    (COUNTRY, "AT", [37, 90, 90, 47, 4, 19]),
    (COUNTRY, "LI", [3, 10, 10, 3, 1, 1]),
];

/// The tables of an export that say so.
fn tables(date: Date) -> [(&'static str, String); 5] {
    [
        ("visitors", format!("date,visitors,pageviews,bounces,visits,visit_duration\n{date},100,250,40,120,3600\n")),
        ("pages", format!("date,page,visits,visitors,pageviews\n{date},/pricing,90,80,200\n{date},/,70,60,50\n")),
        (
            "sources",
            format!(
                "date,source,referrer,channel,pageviews,visitors,visits,visit_duration,bounces\n\
                 {date},Google,google.com,Organic Search,150,60,70,10,5\n{date},,,Direct,100,40,50,20,5\n"
            ),
        ),
        (
            "locations",
            format!(
                "date,country,visitors,visits,visit_duration,bounces,pageviews\n\
                 {date},DE,60,70,10,5,150\n{date},AT,37,47,19,4,90\n{date},LI,3,3,1,1,10\n"
            ),
        ),
        ("custom_events", format!("date,name,visitors,events\n{date},signup,10,12\n")),
    ]
}

/// Enters the totals into the books of the counter.
fn enter_totals(counter: &mut Counter) {
    for (dimension, value, [visitors, pageviews, events, visits, bounces, visit_secs]) in GROUPS {
        let id = counter.id(&(dimension, value.to_owned()));
        let sums = Sums { pageviews, events, visits, bounces, visit_secs, ..Sums::default() };
        let group = Group { sums, visitors: (0..visitors as u32).collect() };
        counter.books.entry(TOTALS).or_default().cells.insert(id, group);
    }
}

/// Files that are imported.
struct Files<'s> {
    server: &'s Server,
    folder: Scratch,
}

impl Files<'_> {
    /// Imports files; returns how many records were read, and how many events were counted.
    #[track_caller]
    fn import(&self, format: &str, files: &[(String, String)]) -> [u64; 2] {
        let mut arguments = ["import", "--site", SITE, "--format", format, "--host", HOST].map(str::to_owned).to_vec();
        for (name, text) in files {
            let path = self.folder.path().join(name);
            std::fs::write(&path, text).expect("written");
            arguments.push(path.display().to_string());
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let said = self.server.succeed(&arguments);
        ["read", "counted"].map(|name| {
            let row = said.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{said}"));
            row.split_whitespace().next().and_then(|number| number.parse().ok()).expect("a number")
        })
    }
}

#[test]
fn imported_days_beside_counted_ones_are_those_of_the_counter() {
    let server = started();
    let moved = last_change();
    set_up(&server, SITE, moved.zone, &rules());
    let [write, read] = ["write", "read"].map(|scope| server.create_key(SITE, scope));
    let recording = moved.record(chosen("HEADCOUNT_ORACLE_PERSONS", PERSONS));
    let mut counter = Counter::new(rules());
    (counter.days, counter.caps) = (moved.days, Caps::of(CAP));
    let asker = Asker { server: &server, site: SITE, key: &read };
    asker.is_known();
    let files = Files { server: &server, folder: Scratch::new() };
    let import = |counter: &mut Counter, name: &str, sent: &[Sent]| {
        let log: String = sent.iter().map(|sent| line(&moved, &recording, sent)).collect();
        let lines = sent.len() as u64;
        assert_eq!(files.import("combined", &[(name.to_owned(), log)]), [lines, lines], "{name}");
        sent.iter().for_each(|sent| counter.count(&sent.fact));
    };

    let date = |day: i64| moved.date().checked_add(jiff::Span::new().days(day)).expect("a date");
    import(&mut counter, "access.log", &logged(&recording, &recording.sent));
    let tables = tables(date(TOTALS)).map(|(kind, text)| (format!("imported_{kind}.csv"), text));
    assert_eq!(files.import("plausible", &tables), [9, 262]);
    enter_totals(&mut counter);
    let sending = Sending { server: &server, site: SITE, key: &write, base: moved.base() };
    let today = sending.look(&recording);
    today.iter().for_each(|fact| counter.count(fact));
    let last = moved.days.day(today.last().expect("somebody").at);
    let dates = [date(0), date(1)];
    let trial = Trial {
        asker,
        first: moved.date(),
        ranges: vec![vec![TOTALS], vec![0], vec![last], (TOTALS..=1).collect(), (TOTALS..=last).collect()],
        opted_out: None,
        // A log tells few things apart: in tables of few rows, large ones hide small ones.
        hidden: 8,
        thinned: chosen("HEADCOUNT_ORACLE_THINNED", THINNED).max(1),
    };
    trial.judge(&counter, (0, "open"));
    let formats = ["combined", "plausible"].map(str::to_owned).to_vec();
    until_equal("imports are told", &formats, || told(&trial, last));

    server.succeed(&["seal", "--site", SITE, "--filled"]);
    let open = format!("SELECT count() FROM cells_open WHERE site = '{SITE}' AND day <= '{}'", date(1));
    until_equal("the days that were filled in are sealed", &"0\n".to_owned(), || sql(&server, &open));
    trial.sealed(&dates);
    trial.judge(&counter, (1, "sealed"));

    counter.closed.extend([TOTALS, 0, 1]);
    let mut late = logged(&recording, &recording.late);
    late.iter_mut().for_each(|sent| sent.fact.who = None);
    assert!(late.len() > 10, "there are late lines");
    // Of the day of totals, too.
    let of_totals: Vec<Sent> = late.iter().take(5).cloned().map(of_day_of_totals).collect();
    import(&mut counter, "late.log", &[of_totals, late].concat());
    trial.judge(&counter, (2, "late"));
    trial.sealed(&dates);
}

/// The same on the day of totals. Nothing finer than countries is kept of that, and nothing finer begins late.
fn of_day_of_totals(mut sent: Sent) -> Sent {
    sent.fact.attributes.retain(|(of, _)| ![REGION, CITY].contains(of));
    sent.fact.at = TOTALS * DAY + sent.fact.at % DAY;
    sent
}

/// Formats of imports that an answer about all days names.
fn told(trial: &Trial<'_>, last: i64) -> Vec<String> {
    let range = [TOTALS, last].map(|day| trial.first.checked_add(jiff::Span::new().days(day)).expect("a date"));
    let body = json!({ "site_id": SITE, "metrics": ["events"], "date_range": range });
    let (_, answer) = trial.asker.ask(&mut trial.asker.server.client(), "POST", "/api/v2/query", &body);
    let imports = answer["meta"]["imported"].as_array().cloned().unwrap_or_default();
    let mut formats: Vec<String> = imports.iter().filter_map(|of| of["format"].as_str()).map(str::to_owned).collect();
    formats.sort();
    formats.dedup();
    formats
}
