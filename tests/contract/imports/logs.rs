//! Access logs: what counts, twice is once, growth, rotation, a kill in the middle, bad lines.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Stdio;

use jiff::civil::Date;
use serde_json::json;

use super::{Importing, PHONE, day, only};
use crate::ordinary;
use crate::support::server::BROWSER;
use crate::support::until;

/// A line of the combined format, so many seconds after midnight.
fn line(day: Date, second: u32, address: &str, request: &str, agent: &str) -> String {
    let day = day.strftime("%d/%b/%Y");
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!(
        "{address} - - [{day}:{hour:02}:{minute:02}:{second:02} +0000] \"{request} HTTP/1.1\" 200 512 \
         \"https://duckduckgo.com/\" \"{agent}\"\n"
    )
}

/// Many lines of 400 visitors, few enough for an exact count, who look at a page a second.
fn many(day: Date, lines: u32) -> String {
    (0..lines).fold(String::new(), |mut text, at| {
        let address = format!("10.{}.{}.1", at % 400 / 200, at % 200);
        let _ = write!(text, "{}", line(day, at, &address, &format!("GET /page/{}", at % 7), BROWSER));
        text
    })
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).expect("memory");
    encoder.finish().expect("memory")
}

#[test]
fn a_combined_log_becomes_page_views_with_visitors_and_visits_of_its_days() {
    let importing = Importing::new("import-combined");
    let (one, other) = (day(400), day(399));
    let text = [
        line(one, 60, "192.0.2.7", "GET /a?utm_source=news&secret=1", BROWSER),
        line(one, 90, "192.0.2.7", "GET /b", BROWSER),
        line(one, 95, "192.0.2.7", "GET /b.css", BROWSER),
        line(one, 96, "192.0.2.7", "POST /b", BROWSER),
        line(
            one,
            97,
            "192.0.2.9",
            "GET /a",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        ),
        line(one, 98, "192.0.2.9", "GET /a", "-"),
        line(one, 99, "192.0.2.9", "GET /a", BROWSER).replace(" 200 ", " 404 "),
        "nonsense\n".to_owned(),
        line(other, 1, "198.51.100.7", "GET /a", PHONE).replace(":00:00:01", ":00:61:01"),
        line(other, 10, "198.51.100.7", "GET /a", PHONE),
    ]
    .concat();
    importing.file("access.log", text);
    let said = importing.import("combined", &["access.log"]);
    assert_eq!(said.numbers(), [10, 0, 3, 0, 7], "{}", said.0);
    let wanted = [
        "dropped as asset: 1",
        "dropped as bad_time: 1",
        "dropped as bot: 1",
        "dropped as malformed: 1",
        "dropped as method: 1",
        "dropped as no_agent: 1",
        "dropped as status: 1",
        "bad_time in access.log: line 9",
        "malformed in access.log: line 8",
    ];
    assert_eq!(said.rest(), wanted);
    assert_eq!(importing.numbers(&only(one), 2), [1, 2, 2]);
    assert_eq!(importing.numbers(&only(other), 1), [1, 1, 1]);
    let range = json!([one.to_string(), other.to_string()]);
    assert_eq!(importing.rows(&range, "event:page"), ["/a: 2 2 2", "/b: 1 1 1"]);
    assert_eq!(importing.rows(&range, "visit:source"), ["DuckDuckGo: 1 1 1", "news: 1 2 2"]);
    assert_eq!(importing.rows(&range, "visit:device"), ["Desktop: 1 2 2", "Mobile: 1 1 1"]);
    let visits = importing.site.ask(json!({ "date_range": only(one), "metrics": ["visits", "visit_duration"] }));
    assert_eq!(visits["results"][0]["metrics"], json!([1, 30]));
}

#[test]
fn what_was_imported_is_not_counted_again_under_any_name_and_growth_goes_on() {
    let importing = Importing::new("import-again");
    let past = day(40);
    let text = many(past, 2_500);
    importing.file("access.log", &text);
    assert_eq!(importing.import("combined", &["access.log"]).numbers(), [2_500, 0, 2_500, 0, 0]);
    assert_eq!(importing.import("combined", &["access.log"]).numbers(), [0, 2_500, 0, 0, 0]);
    importing.file("access.log.1.gz", gzip(&text));
    assert_eq!(importing.import("combined", &["access.log.1.gz"]).numbers(), [0, 2_500, 0, 0, 0]);
    let grown = text + &line(past, 80_000, "172.16.0.1", "GET /late", PHONE);
    importing.file("access.log", grown);
    assert_eq!(importing.import("combined", &["access.log"]).numbers(), [1, 2_500, 1, 0, 0]);
    assert_eq!(importing.numbers(&only(past), 2_501), [401, 2_501, 2_501]);
}

#[test]
fn a_ledger_that_is_lost_or_behind_counts_nothing_twice() {
    let importing = Importing::new("import-lost-ledger");
    let past = day(41);
    importing.file("access.log", many(past, 1_200));
    assert_eq!(importing.import("combined", &["access.log"]).numbers(), [1_200, 0, 1_200, 0, 0]);
    // As if it had been killed before any of it was written down: the server knows the batches.
    let ledger = ordinary().state_dir().join("imports/import-lost-ledger.json");
    let kept = std::fs::read_to_string(&ledger).expect("a ledger");
    let key = kept.split("\"marks\"").next().expect("a key");
    std::fs::write(&ledger, format!("{key}\"marks\":[]}}")).expect("written");
    assert_eq!(importing.import("combined", &["access.log"]).numbers(), [1_200, 0, 0, 1_200, 0]);
    assert_eq!(importing.numbers(&only(past), 1_200), [400, 1_200, 1_200]);
}

#[test]
fn a_removed_site_takes_the_marks_of_its_imports_along() {
    let importing = Importing::new("import-removed");
    let past = day(43);
    importing.file("access.log", many(past, 300));
    assert_eq!(importing.import("combined", &["access.log"]).numbers(), [300, 0, 300, 0, 0]);
    let ledger = ordinary().state_dir().join("imports/import-removed.json");
    assert!(ledger.exists());
    assert!(ordinary().succeed(&["site", "remove", "import-removed"]).contains("erased"));
    assert!(!ledger.exists(), "how far a file was read is kept until the site is removed");
    // A new site of that name knows nothing of it.
    ordinary().succeed(&["site", "add", "import-removed", "--timezone", "UTC"]);
    assert_eq!(importing.import("combined", &["access.log"]).numbers()[..2], [300, 0]);
}

#[test]
fn an_import_that_is_killed_goes_on_and_counts_every_line_once() {
    let importing = Importing::new("import-killed");
    let past = day(42);
    importing.file("access.log", many(past, 40_000));
    let arguments = importing.arguments("combined", &["access.log"]);
    let mut child =
        ordinary().base_command().args(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("spawns");
    let events = || importing.numbers(&only(past), 0)[2];
    until("some of it is counted", || (events() > 0).then_some(()));
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    let said = importing.import("combined", &["access.log"]);
    let [read, before, counted, duplicates, dropped] = said.numbers();
    assert_eq!((read + before, dropped), (40_000, 0), "{}", said.0);
    assert!(counted + duplicates == read && counted < 40_000, "{}", said.0);
    assert_eq!(importing.numbers(&only(past), 40_000), [400, 40_000, 40_000]);
}

#[test]
fn a_followed_log_is_counted_through_its_rotation() {
    let importing = Importing::new("import-followed");
    let today = day(0);
    let path = importing.file("access.log", line(today, 1, "192.0.2.1", "GET /before", BROWSER));
    let arguments = importing.arguments("combined", &["--follow", "access.log"]);
    let mut child = ordinary()
        .base_command()
        .args(&arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("spawns");
    let append = |path: &std::path::Path, text: &str| {
        let mut file = std::fs::File::options().append(true).create(true).open(path).expect("opens");
        file.write_all(text.as_bytes()).expect("appended");
    };
    assert_eq!(importing.numbers(&only(today), 1)[1], 1);
    let second = line(today, 2, "192.0.2.1", "GET /half", BROWSER);
    append(&path, &second[..40]);
    append(&path, &second[40..]);
    assert_eq!(importing.numbers(&only(today), 2)[1], 2);
    std::fs::rename(&path, path.with_extension("log.1")).expect("renamed");
    append(&path.with_extension("log.1"), &line(today, 3, "192.0.2.1", "GET /to-the-old-one", BROWSER));
    append(&path, &line(today, 4, "192.0.2.1", "GET /to-the-new-one", BROWSER));
    assert_eq!(importing.numbers(&only(today), 4), [1, 4, 4]);
    assert!(crate::support::process::signal(child.id() as i32, libc::SIGTERM));
    assert!(child.wait().expect("ends").success());
    // Both files are known by now.
    assert_eq!(importing.import("combined", &["access.log.1", "access.log"]).numbers(), [0, 4, 0, 0, 0]);
    let pages = ["/before: 1 1 1", "/half: 1 1 1", "/to-the-new-one: 1 1 1", "/to-the-old-one: 1 1 1"];
    assert_eq!(importing.rows(&only(today), "event:page"), pages);
}

#[test]
fn json_lines_caddy_and_cloudfront_are_logs_too() {
    let importing = Importing::new("import-json");
    let past = day(43);
    let nginx = json!({ "time_iso8601": format!("{past}T01:00:00+00:00"), "remote_addr": "192.0.2.1",
        "request": "GET /nginx HTTP/1.1", "status": 200, "http_user_agent": BROWSER, "http_host": "a.test" });
    let traefik = json!({ "StartUTC": format!("{past}T01:00:01.5Z"), "ClientHost": "192.0.3.1", "RequestMethod": "GET",
        "RequestPath": "/traefik", "DownstreamStatus": 200, "RequestHost": "a.test", "request_User-Agent": BROWSER });
    importing.file("a.jsonl", format!("{nginx}\n{traefik}\n{{\n"));
    let said = importing.import("jsonl", &["a.jsonl"]);
    assert_eq!((said.numbers(), said.rest().pop()), ([3, 0, 2, 0, 1], Some("malformed in a.jsonl: line 3")));
    let own = json!({ "t": format!("{past}T01:00:02Z"), "ip": "192.0.4.1", "m": "GET", "u": "/own", "status": 200,
        "http": { "ua": BROWSER } });
    importing.file("own.jsonl", own.to_string());
    let fields = ["--field=time=t", "--field=method=m", "--field=uri=u", "--field=agent=http.ua", "own.jsonl"];
    assert_eq!(importing.import("jsonl", &fields).numbers(), [1, 0, 1, 0, 0]);
    let seconds = past.at(1, 0, 3, 0).to_zoned(jiff::tz::TimeZone::UTC).expect("a time").timestamp().as_second();
    let headers = json!({ "User-Agent": [BROWSER], "Accept-Language": ["de-AT,de;q=0.9"] });
    let caddy = json!({ "level": "info", "ts": seconds as f64 + 0.25, "status": 200, "request": {
        "remote_ip": "192.0.5.1", "method": "GET", "host": "a.test", "uri": "/caddy", "headers": headers } });
    importing.file("caddy.log", format!("{caddy}\n"));
    assert_eq!(importing.import("caddy", &["caddy.log"]).numbers(), [1, 0, 1, 0, 0]);
    let agent = BROWSER.replace(' ', "%20");
    let heading =
        "#Version: 1.0\n#Fields: date time c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent)\n";
    let row = format!("{past}\t01:00:04\t192.0.6.1\tGET\td.cloudfront.net\t/cloudfront\t200\t-\t{agent}\n");
    importing.file("cf.gz", gzip(&format!("{heading}{row}")));
    assert_eq!(importing.import("cloudfront", &["cf.gz"]).numbers(), [1, 0, 1, 0, 0]);
    assert_eq!(importing.numbers(&only(past), 5), [5, 5, 5]);
    let pages = ["/caddy: 1 1 1", "/cloudfront: 1 1 1", "/nginx: 1 1 1", "/own: 1 1 1", "/traefik: 1 1 1"];
    assert_eq!(importing.rows(&only(past), "event:page"), pages);
    assert_eq!(importing.rows(&only(past), "visit:language"), ["de: 1 1 1"]);
}

#[test]
fn what_cannot_be_imported_says_why_and_what_to_do() {
    let importing = Importing::new("import-refused");
    importing.file("access.log", "");
    let said = |format: &str, names: &[&str], site: Option<&str>| {
        let mut arguments = importing.arguments(format, names);
        if let Some(site) = site {
            arguments[2] = site.to_owned();
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = ordinary().command(&arguments);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let folder = importing.arguments("", &["x"]).pop().expect("a path");
        (output.status.code(), text.replace(folder.trim_end_matches('x'), ""))
    };
    let refused = |text: &str| (Some(1), format!("headcount: {text}\n"));
    assert_eq!(
        said("combined", &["access.log"], Some("nobody")),
        refused("there is no site `nobody`: add it with `headcount site add nobody`")
    );
    let (code, text) = said("combined", &["gone.log"], None);
    assert!(code == Some(1) && text.starts_with("headcount: gone.log cannot be read"), "{text}");
    importing.file("x.gz", gzip("x"));
    let packed = "--follow goes on with plain files, not with those that are packed";
    assert_eq!(said("combined", &["--follow", "x.gz"], None), refused(packed));
    assert_eq!(said("nothing", &["access.log"], None).0, Some(2));
    assert_eq!(said("jsonl", &["--field=colour=x", "access.log"], None).0, Some(2));
}
