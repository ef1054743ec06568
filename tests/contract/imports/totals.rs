//! Totals of another product: they fill days that were not counted here, are marked, and can be removed again.

use serde_json::{Value, json};

use super::exports::zip;
use super::{Importing, day, only};
use crate::ordinary;
use crate::support::{until, until_equal};

fn export(days: &[jiff::civil::Date]) -> Vec<u8> {
    let rows = |heading: &str, row: &dyn Fn(&str) -> String| {
        let rows: Vec<String> = days.iter().map(|day| row(&day.to_string())).collect();
        format!("{heading}\n{}\n", rows.join("\n"))
    };
    let visitors = rows("\"date\",\"visitors\",\"pageviews\",\"bounces\",\"visits\",\"visit_duration\"", &|day| {
        format!("\"{day}\",100,250,40,120,3600")
    });
    let pages = rows("\"date\",\"hostname\",\"page\",\"visits\",\"visitors\",\"pageviews\"", &|day| {
        format!(
            "\"{day}\",\"a.test\",\"/a\",90,80,200\n\"{day}\",\"a.test\",\"/users/jane@a.test\",9,7,20\n\"{day}\",\"a.test\",\"/users/john@a.test\",9,8,30"
        )
    });
    let sources = rows("date,source,referrer,utm_source,pageviews,visitors,visits,visit_duration,bounces", &|day| {
        format!("{day},Google,google.com,,150,60,70,10,5\n{day},,,,100,40,50,10,5")
    });
    let places = rows("date,country,region,city,visitors,visits,visit_duration,bounces,pageviews", &|day| {
        format!("{day},DE,DE-BY,2867714,60,70,10,5,150\n{day},AT,,,40,50,10,5,100")
    });
    let events = rows("date,name,link_url,path,visitors,events", &|day| format!("{day},Signup,,,10,12"));
    zip(&[
        ("imported_visitors_1_2.csv", &visitors),
        ("imported_pages_1_2.csv", &pages),
        ("imported_sources_1_2.csv", &sources),
        ("imported_locations_1_2.csv", &places),
        ("imported_custom_events_1_2.csv", &events),
        ("imported_other_1_2.csv", "date\n"),
    ])
}

fn send(importing: &Importing, method: &str, path: &str, key: &str) -> crate::support::http::Answer {
    let bearer = format!("Bearer {key}");
    let path = format!("/api/v1/sites/{}/imports{path}", importing.site.id);
    ordinary().send(method, &path, &[("Authorization", &bearer)], b"")
}

#[test]
fn plausibles_export_fills_days_that_were_not_counted_and_can_be_removed() {
    let importing = Importing::new("import-plausible");
    let days = [day(60), day(59), day(3), day(2)];
    // A day with counts of our own, though of nobody: it stays as it is.
    let noon = days[3].at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).expect("a time").timestamp();
    importing.site.batch(json!({ "events": [{ "name": "own", "occurred_at": noon.to_string() }] }));
    importing.site.settled(1);
    importing.file("export.zip", export(&days));
    let said = importing.import("plausible", &["export.zip"]);
    // 4 days of 1 + 3 + 2 + 2 + 1 rows; 250 page views and 12 events each.
    assert_eq!(said.numbers(), [36, 0, 786, 0, 262], "{}", said.0);
    assert_eq!(said.rest(), ["dropped as day_counted: 262", "days day_counted: 1", "days imported: 3"]);
    assert_eq!(importing.numbers(&only(days[0]), 262), [100, 250, 262]);
    assert_eq!(importing.numbers(&only(days[2]), 262), [100, 250, 262]);
    assert_eq!(importing.numbers(&only(days[3]), 1), [0, 0, 1]);
    assert_eq!(importing.rows(&only(days[0]), "event:page"), ["/a: 80 200 200", "/users/:email: 15 50 50"]);
    assert_eq!(importing.rows(&only(days[0]), "visit:source"), ["(direct): 40 100 100", "Google: 60 150 150"]);
    assert_eq!(importing.rows(&only(days[0]), "visit:country"), ["AT: 40 100 100", "DE: 60 150 150"]);
    assert_eq!(importing.rows(&only(days[0]), "visit:region"), [""; 0]);
    assert_eq!(importing.rows(&only(days[0]), "event:name"), ["Signup: 10 0 12", "pageview: 100 250 250"]);
    let metrics = ["visits", "bounce_rate", "visit_duration"];
    let answer = importing.site.ask(json!({ "date_range": only(days[0]), "metrics": metrics }));
    assert_eq!(answer["results"][0]["metrics"], json!([120, 33.33, 30]));
    // It is said of the answer, and listed.
    let marked = |range: Value| importing.site.ask(json!({ "date_range": range }))["meta"]["imported"].clone();
    let [first, last] = [days[0].to_string(), days[2].to_string()];
    let wanted = json!([{ "format": "plausible", "kind": "totals", "date_range": [first, first] }]);
    // The server reads the list of imports anew within two seconds.
    until_equal("the import is told", &wanted, || marked(only(days[0])));
    assert_eq!(marked(json!("day")), Value::Null);
    let listed = until("the end of the import is told", || {
        let listed = send(&importing, "GET", "", &importing.site.key).json();
        listed["imports"][0]["ended_at"].is_string().then_some(listed)
    });
    let import = &listed["imports"][0];
    assert_eq!(
        (&import["format"], &import["kind"], &import["first_day"], &import["last_day"], &import["events"]),
        (&json!("plausible"), &json!("totals"), &json!(first), &json!(last), &json!(786))
    );
    assert!(listed["imports"].as_array().map(Vec::len) == Some(1), "{listed}");
    // Again it is the same import.
    let said = importing.import("plausible", &["export.zip"]);
    assert_eq!(said.numbers(), [36, 0, 0, 786, 262], "{}", said.0);
    assert_eq!(said.rest().split_off(1), ["days day_counted: 1", "days imported_before: 3"]);
    // Counts that come late for such a day are added, as to any finished day.
    let noon = days[2].at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).expect("a time").timestamp();
    importing.site.batch(json!({ "events": [{ "name": "late", "occurred_at": noon.to_string() }] }));
    assert_eq!(importing.numbers(&only(days[2]), 263), [100, 250, 263]);

    let id = import["id"].as_str().expect("an id");
    let own = ordinary().create_key(&importing.site.id, "admin");
    until_equal("the key is known, the import is not", &404, || send(&importing, "DELETE", "/i-nothing", &own).status);
    assert_eq!(send(&importing, "DELETE", &format!("/{id}"), &importing.site.key).status, 403);
    assert_eq!(send(&importing, "DELETE", &format!("/{id}"), &own).status, 204);
    until_equal("nothing is left", &[0, 0, 0], || importing.numbers(&only(days[0]), 0));
    assert_eq!(send(&importing, "GET", "", &importing.site.key).json(), json!({ "imports": [] }));
    // What was removed can be brought in anew.
    assert_eq!(importing.import("plausible", &["export.zip"]).numbers()[2], 786);
    // A file of another make is no empty export.
    importing.file("access.log", "192.0.2.1 - - [21/Nov/2026:12:00:00 +0000] \"GET / HTTP/1.1\" 200 1\n");
    let arguments = importing.arguments("plausible", &["access.log"]);
    let refused = ordinary().command(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let text = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(1) && text.contains("access.log: it has no name of a file"), "{text}");
}

#[test]
fn tables_that_ga4_downloads_become_totals_of_their_days() {
    let importing = Importing::new("import-ga4-csv");
    let (first, second) = (day(70), day(69));
    let [one, two] = [first, second].map(|day| day.strftime("%Y%m%d").to_string());
    let pages = format!(
        "# ---\n# Free form 1, \"mine\n# Shop - GA4\n# {one}-{two}\n# ---\n\n\
         Date,Page path and screen class,Event name,Views,Event count\n,,,9,14,Grand total\n\
         {one},/pricing?x=1,page_view,4,4\n{one},/pricing,sign_up,0,2\n{one},/users/jane@a.test,page_view,1,1\n\
         {one},/,session_start,0,3\n{two},/,page_view,4,4\n{two},half\n"
    );
    let days = format!("Date,Total users,Sessions,Engaged sessions,Views\n{one},3,4,3,5\n{two},2,2,2,4\n");
    let countries = format!("Date,Country,Total users,Sessions,Views\n{one},Türkiye,3,4,5\n{two},Atlantis,2,2,4\n");
    importing.file("pages.csv", pages);
    importing.file("days.csv", days);
    importing.file("countries.csv", countries);
    let files = ["pages.csv", "days.csv", "countries.csv"];
    let said = importing.import("ga4-csv", &files);
    assert_eq!(said.numbers(), [10, 0, 11, 0, 2], "{}", said.0);
    let wanted = [
        "dropped as malformed: 1",
        "dropped as not_kept: 1",
        "without country, its name is not known: 4",
        "malformed in pages.csv: line 14",
        "days imported: 2",
    ];
    assert_eq!(said.rest(), wanted);
    assert_eq!(importing.numbers(&only(first), 7), [3, 5, 7]);
    assert_eq!(importing.numbers(&only(second), 4), [2, 4, 4]);
    assert_eq!(importing.rows(&only(first), "event:page"), ["/pricing: 0 4 6", "/users/:email: 0 1 1"]);
    assert_eq!(importing.rows(&only(first), "event:name"), ["pageview: 3 5 5", "sign_up: 0 0 2"]);
    assert_eq!(importing.rows(&only(first), "visit:country"), ["TR: 3 5 5"]);
    assert_eq!(importing.rows(&only(second), "visit:country"), [""; 0]);
    let visits = importing.site.ask(json!({ "date_range": only(first), "metrics": ["visits", "bounce_rate"] }));
    assert_eq!(visits["results"][0]["metrics"], json!([4, 25]));
    let wanted =
        json!([{ "format": "ga4-csv", "kind": "totals", "date_range": [first.to_string(), first.to_string()] }]);
    until_equal("the import is told", &wanted, || {
        importing.site.ask(json!({ "date_range": only(first) }))["meta"]["imported"].clone()
    });
    assert_eq!(importing.import("ga4-csv", &files).numbers(), [10, 0, 0, 11, 2]);
    // A report of many days, and one in another language, say what to do and import nothing.
    let report =
        "# Start date: 20260101\n# End date: 20260131\n\nPage path and screen class,Views,Active users\n/,5,3\n";
    importing.file("report.csv", report);
    importing.file("german.csv", "Datum,Seitenpfad,Aufrufe\n20260101,/,5\n");
    for (name, why) in [("report.csv", "it has no column Date"), ("german.csv", "there is no table in it")] {
        let arguments = importing.arguments("ga4-csv", &["days.csv", name]);
        let refused = ordinary().command(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        let text = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(refused.status.code() == Some(1) && text.contains(&format!("{name}: {why}")), "{text}");
    }
}

#[test]
fn events_that_were_imported_are_marked_and_cannot_be_removed() {
    let importing = Importing::new("import-marked");
    let past = day(30);
    let line = format!(
        "192.0.2.1 - - [{}:10:00:00 +0000] \"GET /a HTTP/1.1\" 200 1 \"-\" \"{}\"\n",
        past.strftime("%d/%b/%Y"),
        crate::support::server::BROWSER
    );
    importing.file("access.log", line);
    importing.import("combined", &["access.log"]);
    assert_eq!(importing.numbers(&only(past), 1), [1, 1, 1]);
    let range = json!([past.to_string(), day(0).to_string()]);
    let days = [past.to_string(), past.to_string()];
    let wanted = json!([{ "format": "combined", "kind": "events", "date_range": days }]);
    until_equal("the import is told", &wanted, || {
        importing.site.ask(json!({ "date_range": range }))["meta"]["imported"].clone()
    });
    let listed = send(&importing, "GET", "", &importing.site.key).json();
    let id = listed["imports"][0]["id"].as_str().expect("an id");
    let own = ordinary().create_key(&importing.site.id, "admin");
    until("the key is known", || {
        let refused = send(&importing, "DELETE", &format!("/{id}"), &own);
        (refused.status != 401).then(|| assert_eq!((refused.status, refused.code()), (409, "not_removable".to_owned())))
    });
}
