//! Events that other products exported: each counts as if it had been sent here, on its day, with its visitor.

use serde_json::{Value, json};

use super::{Importing, day, only};
use crate::ordinary;

/// A zip of files that are not packed.
pub fn zip(members: &[(&str, &str)]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in members {
        let (size, from) = ((text.len() as u32).to_le_bytes(), (file.len() as u32).to_le_bytes());
        let length = (name.len() as u16).to_le_bytes();
        let shared = [&[20, 0, 0, 0, 0, 0], &[0; 8][..], &size, &size, &length, &[0, 0]].concat();
        directory.extend([b"PK\x01\x02\x14\0".as_slice(), &shared, &[0; 10], &from, name.as_bytes()].concat());
        file.extend([b"PK\x03\x04".as_slice(), &shared, name.as_bytes(), text.as_bytes()].concat());
    }
    let (from, count) = ((file.len() as u32).to_le_bytes(), (members.len() as u16).to_le_bytes());
    let size = (directory.len() as u32).to_le_bytes();
    file.extend([&directory[..], b"PK\x05\x06\0\0\0\0", &count, &count, &size, &from, &[0, 0]].concat());
    file
}

/// Seconds since 1970 of a time of a day.
fn seconds(day: jiff::civil::Date, hour: i8, minute: i8) -> i64 {
    day.at(hour, minute, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).expect("a time").timestamp().as_second()
}

fn lines(values: &[Value]) -> String {
    values.iter().map(|value| format!("{value}\n")).collect()
}

#[test]
fn mixpanels_raw_export() {
    let importing = Importing::new("import-mixpanel");
    let past = day(500);
    let event = |name: &str, minute: i8, who: &str, more: Value| {
        let mut properties = json!({ "time": seconds(past, 9, minute), "distinct_id": who, "$insert_id": format!("{minute}"),
            "$browser": "Mobile Safari", "$browser_version": 18, "$os": "iOS", "$device": "iPhone", "mp_lib": "web",
            "mp_country_code": "DE", "$region": "Bavaria", "$city": "Munich" });
        properties.as_object_mut().expect("an object").extend(more.as_object().cloned().expect("an object"));
        json!({ "event": name, "properties": properties })
    };
    let text = lines(&[
        event("$mp_web_page_view", 0, "jane", json!({ "$current_url": "https://a.test/pricing" })),
        event("Signed up", 1, "jane", json!({ "plan": "pro", "revenue": 9.5, "currency": "EUR" })),
        event("Signed up", 2, "john", json!({ "plan": "free", "email": "john@a.test" })),
        event("$identify", 3, "john", json!({})),
        json!({ "event": "Signed up", "properties": { "time": "soon" } }),
    ]);
    importing.file("events.jsonl", &text);
    let said = importing.import("mixpanel", &["events.jsonl"]);
    assert_eq!(said.numbers(), [5, 0, 3, 0, 2], "{}", said.0);
    let wanted = ["dropped as bad_time: 1", "dropped as not_kept: 1", "bad_time in events.jsonl: line 5"];
    assert_eq!(said.rest(), wanted);
    assert_eq!(importing.numbers(&only(past), 3), [2, 1, 3]);
    assert_eq!(importing.rows(&only(past), "event:name"), ["Signed up: 2 0 2", "pageview: 1 1 1"]);
    assert_eq!(importing.rows(&only(past), "event:props:plan"), ["free: 1 0 1", "pro: 1 0 1"]);
    assert_eq!(importing.rows(&only(past), "visit:country"), ["DE: 2 1 3"]);
    assert_eq!(importing.rows(&only(past), "visit:browser_version"), ["Safari 18: 2 1 3"]);
    assert_eq!(importing.rows(&only(past), "visit:os"), ["iOS: 2 1 3"]);
    assert_eq!(importing.rows(&only(past), "visit:device"), ["Mobile: 2 1 3"]);
    let paid = importing.site.ask(json!({ "date_range": only(past), "metrics": ["total_revenue"] }));
    assert_eq!(paid["results"][0]["metrics"], json!([9.5]));
    assert_eq!(importing.import("mixpanel", &["events.jsonl"]).numbers(), [0, 5, 0, 0, 0]);
}

#[test]
fn ga4s_events_as_bigquery_writes_them() {
    let importing = Importing::new("import-ga4");
    let past = day(90);
    let event = |name: &str, minute: i8, params: Value| {
        let place = if name == "sign_up" { "Atlantis" } else { "Austria" };
        json!({ "event_date": past.strftime("%Y%m%d").to_string(), "event_name": name, "event_params": params,
            "event_timestamp": (seconds(past, 9, minute) * 1_000_000).to_string(), "user_pseudo_id": "1.2",
            "device": { "category": "mobile", "operating_system": "Android", "operating_system_version": "Android 14",
                "language": "de-at", "web_info": { "browser": "Chrome", "browser_version": "140.0" } },
            "geo": { "country": place, "region": "Vienna", "city": "(not set)" }, "user_id": null })
    };
    let url = json!({ "key": "page_location", "value": { "string_value": "https://a.test/shop?utm_source=news" } });
    let time = json!({ "key": "engagement_time_msec", "value": { "int_value": "30000" } });
    let plan = json!({ "key": "plan", "value": { "string_value": "pro", "int_value": null } });
    importing.file(
        "ga4.json",
        lines(&[
            event("session_start", 0, json!([url])),
            event("page_view", 0, json!([url])),
            event("user_engagement", 1, json!([url, time])),
            event("sign_up", 2, json!([url, plan])),
        ]),
    );
    let said = importing.import("ga4", &["ga4.json"]);
    let rest = vec!["dropped as not_kept: 1", "without country, its name is not known: 1"];
    assert_eq!((said.numbers(), said.rest()), ([4, 0, 3, 0, 1], rest));
    assert_eq!(importing.numbers(&only(past), 2), [1, 1, 2]);
    assert_eq!(importing.rows(&only(past), "visit:source"), ["news: 1 1 2"]);
    assert_eq!(importing.rows(&only(past), "visit:os_version"), ["Android 14: 1 1 2"]);
    assert_eq!(importing.rows(&only(past), "visit:language"), ["de: 1 1 2"]);
    assert_eq!(importing.rows(&only(past), "visit:country"), ["AT: 1 1 1"]);
    let time = importing.site.ask(json!({ "date_range": only(past), "metrics": ["time_on_page", "visit_duration"] }));
    assert_eq!(time["results"][0]["metrics"], json!([30, 120]));
}

#[test]
fn umamis_data_export_as_a_zip() {
    let importing = Importing::new("import-umami");
    let past = day(200);
    let heading = "website_id,session_id,visit_id,event_id,hostname,browser,os,device,screen,language,country,region,city,\
                   url_path,url_query,referrer_domain,page_title,event_type,event_name,created_at";
    let row = |session: &str, path: &str, kind: &str, time: &str| {
        let event = if kind == "1," { "e" } else { "e4" };
        format!(
            "w,{session},v,{event},a.test,edge-chromium,Windows 10,laptop,1440x900,de-DE,DE,DE-BY,Munich,{path},,duckduckgo.com,\
             \"A, \"\"title\"\"\nof two lines\",{kind},{past} {time}"
        )
    };
    let rows = [
        row("s1", "/a", "1,", "10:00:00"),
        row("s1", "/b", "1,", "10:05:00"),
        row("s2", "/a", "1,", "10:00:00"),
        row("s2", "/a", "2,vote", "10:01:00"),
        "half,a,row".to_owned(),
    ];
    let csv = format!("{heading}\n{}\n", rows.join("\n"));
    let data = "website_id,event_id,data_key,string_value,number_value,date_value,data_type\n\
                w,e4,plan,pro,,,1\nw,e4,seats,3.0000,3.0000,,2\nw,e4,revenue,,9.5000,,2\nw,e4,currency,EUR,,,1\n\
                w,e4,tags,[1],,,5\nw,e4\n";
    let members = [("session_data.csv", "x\ny\n"), ("website_event.csv", &csv), ("event_data.csv", data)];
    importing.file("export.zip", zip(&members));
    let said = importing.import("umami", &["export.zip"]);
    assert_eq!(said.numbers(), [5, 0, 4, 0, 3], "{}", said.0);
    let wanted = [
        "dropped as malformed: 2",
        "dropped as not_kept: 1",
        "malformed in event_data.csv: line 7",
        "malformed in website_event.csv: line 10",
    ];
    assert_eq!(said.rest(), wanted);
    assert_eq!(importing.numbers(&only(past), 4), [2, 3, 4]);
    assert_eq!(importing.rows(&only(past), "event:props:plan"), ["pro: 1 0 1"]);
    assert_eq!(importing.rows(&only(past), "event:props:seats"), ["3: 1 0 1"]);
    let paid = importing.site.ask(json!({ "date_range": only(past), "metrics": ["total_revenue"] }));
    assert_eq!(paid["results"][0]["metrics"], json!([9.5]));
    assert_eq!(importing.rows(&only(past), "event:page"), ["/a: 2 2 3", "/b: 1 1 1"]);
    assert_eq!(importing.rows(&only(past), "visit:source"), ["DuckDuckGo: 2 3 4"]);
    assert_eq!(importing.rows(&only(past), "visit:browser"), ["Edge: 2 3 4"]);
    assert_eq!(importing.rows(&only(past), "visit:screen"), ["Desktop: 2 3 4"]);
    // The same rows, unpacked, are the same file.
    importing.file("website_event.csv", &csv);
    assert_eq!(importing.import("umami", &["website_event.csv"]).numbers(), [0, 6, 0, 0, 0]);
    importing.file("event_data.csv", data);
    let arguments = importing.arguments("umami", &["event_data.csv"]);
    let refused = ordinary().command(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(refused.status.code(), Some(1));
    let text = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(text.contains("event_data.csv: it holds properties of events"), "{text}");
}

#[test]
fn matomos_visits() {
    let importing = Importing::new("import-matomo");
    let past = day(300);
    let action = |kind: &str, path: &str, minute: i8| json!({ "type": kind, "url": format!("https://a.test{path}"), "timestamp": seconds(past, 8, minute), "eventAction": "vote", "revenue": "19.90" });
    let visit = |who: &str, actions: Value| {
        json!({ "visitorId": who, "visitIp": "192.0.2.7", "referrerUrl": "https://duckduckgo.com/", "countryCode": "de",
            "browserName": "Firefox", "operatingSystemName": "GNU/Linux", "deviceType": "Desktop", "siteCurrency": "EUR",
            "actionDetails": actions })
    };
    importing.file(
        "visits.jsonl",
        lines(&[
            visit("a", json!([action("action", "/a", 0), action("event", "/a", 1), action("outlink", "/out", 2)])),
            visit("b", json!([action("action", "/b", 0), action("ecommerceOrder", "/b", 1), action("goal", "/b", 2)])),
            visit("c", json!([])),
        ]),
    );
    let said = importing.import("matomo", &["visits.jsonl"]);
    assert_eq!((said.numbers(), said.rest()), ([3, 0, 6, 0, 1], vec!["dropped as not_kept: 1"]));
    assert_eq!(importing.numbers(&only(past), 6), [2, 2, 6]);
    let names = ["goal: 1 0 1", "outbound: 1 0 1", "pageview: 2 2 2", "purchase: 1 0 1", "vote: 1 0 1"];
    assert_eq!(importing.rows(&only(past), "event:name"), names);
    assert_eq!(importing.rows(&only(past), "visit:source"), ["DuckDuckGo: 2 2 6"]);
    assert_eq!(importing.rows(&only(past), "visit:os"), ["GNU/Linux: 2 2 6"]);
    let paid = importing.site.ask(json!({ "date_range": only(past), "metrics": ["total_revenue", "average_revenue"] }));
    assert_eq!(paid["results"][0]["metrics"], json!([39.8, 19.9]));
}
