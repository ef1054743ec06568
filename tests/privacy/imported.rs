//! The canary for files: marks in everything a log or an export says of a person; after the import every byte at rest, and
//! everything the command said, is searched for them.

use serde_json::json;

use crate::engine::dump;
use crate::marks::Marks;
use crate::support::scratch::Scratch;
use crate::support::server::{BROWSER, Server};
use crate::support::{until, until_equal};

/// What must be found, so that the search is known to find something.
const CONTROL: &str = "zq-imported-control";

/// What people leave in files, and what it is called here.
const MARKS: [(&str, &str); 15] = [
    ("address of a log", "2001:db8:6a7:1::9d"),
    ("address of an IPv4 client", "203.0.113.217"),
    ("user of a log", "zqloguser"),
    ("query of a log", "zqlogquery"),
    ("e-mail in a path", "zqpath@mail.test"),
    ("path of a referrer", "zqreferrerpath"),
    ("user agent", "ZqImportedAgent"),
    ("distinct id", "zq-distinct-id"),
    ("e-mail in a property", "zqprop@mail.test"),
    ("insert id", "zq-insert-id"),
    ("session id", "zq-session-id"),
    ("title", "zq-page-title"),
    ("pseudo id", "zq-pseudo-id"),
    ("visitor id", "zq-matomo-visitor"),
    ("bad line", "zq-malformed-line"),
];

fn files(day: jiff::civil::Date) -> Vec<(&'static str, &'static str, String)> {
    let [v6, v4, user, query, path, referrer, agent, distinct, prop, insert, session, title, pseudo, visitor, bad] =
        MARKS.map(|(_, mark)| mark);
    let (when, at) = (day.strftime("%d/%b/%Y:09:00:00 +0000").to_string(), format!("{day}T09:00:00Z"));
    let log = |address: &str, page: &str| {
        format!(
            "{address} - {user} [{when}] \"GET {page}?secret={query} HTTP/1.1\" 200 1 \"https://b.test/{referrer}?q={query}\" \
             \"{BROWSER} {agent}\"\n"
        )
    };
    let combined = [log(v6, &format!("/{CONTROL}")), log(v4, &format!("/users/{path}")), format!("{bad}\n")].concat();
    let caddy = json!({ "ts": at, "status": 200, "request": { "client_ip": v6, "method": "GET", "host": "a.test",
        "uri": format!("/x?{query}=1"), "headers": { "User-Agent": [format!("{BROWSER} {agent}")], "Cookie": [session] } } });
    let jsonl = json!({ "time": at, "remote_addr": v4, "method": "GET", "uri": "/y", "status": 200, "remote_user": user,
        "http_user_agent": format!("{BROWSER} {agent}") });
    let cloudfront = format!(
        "#Fields: date time c-ip cs-method cs-uri-stem sc-status cs(User-Agent) cs-uri-query cs(Cookie)\n\
         {day}\t09:00:00\t{v4}\tGET\t/z\t200\t{}%20{agent}\t{query}={query}\t{session}\n{bad}\n",
        BROWSER.replace(' ', "%20")
    );
    let mixpanel = json!({ "event": "Signed up", "properties": { "time": at, "distinct_id": distinct,
        "$insert_id": insert, "note": prop, "$user_id": distinct, "ip": v4, "$city": "Munich" } });
    let ga4 = json!({ "event_name": "page_view", "event_timestamp": at, "user_pseudo_id": pseudo, "user_id": distinct,
        "event_params": [{ "key": "page_location", "value": { "string_value": format!("https://a.test/u/{path}?s={query}") } },
            { "key": "page_title", "value": { "string_value": title } }] });
    let umami = format!(
        "session_id,hostname,url_path,url_query,referrer_domain,referrer_path,page_title,event_type,event_name,distinct_id,created_at\n\
         {session},a.test,/w,s={query},b.test,/{referrer},{title},1,,{distinct},{day} 09:00:00\n"
    );
    let umami = umami.replace("session_id,", "event_id,session_id,").replace(session, &format!("{insert},{session}"));
    let data = format!(
        "event_id,session_id,data_key,string_value,data_type\n{insert},{session},note,{prop},1\n\
         {insert},{session},user.name,{distinct},1\n{bad}\n"
    );
    let matomo = json!({ "visitorId": visitor, "visitIp": v4, "userId": distinct, "referrerUrl": format!("https://b.test/{referrer}"),
        "actionDetails": [{ "type": "action", "url": format!("https://a.test/v?x={query}"), "pageTitle": title, "timestamp": at }] });
    let plausible = format!("date,visitors,pageviews\n{},9,9\n", day.saturating_sub(jiff::Span::new().days(1)));
    let report = format!(
        "# {user}\nDate,Page path,Views,Total users\n{},/users/{path}?{query}=1,9,9\n{bad}\n",
        day.saturating_sub(jiff::Span::new().days(2)).strftime("%Y%m%d")
    );
    let pages =
        format!("date,page,visitors,pageviews\n{},/users/{path},9,9\n", day.saturating_sub(jiff::Span::new().days(1)));
    vec![
        ("combined", "a.log", combined),
        ("caddy", "b.log", format!("{caddy}\n")),
        ("jsonl", "c.log", format!("{jsonl}\n{{\"{bad}\n")),
        ("cloudfront", "d.log", cloudfront),
        ("mixpanel", "e.jsonl", format!("{mixpanel}\n{bad}\n")),
        ("ga4", "f.jsonl", format!("{ga4}\n")),
        ("umami", "website_event.csv", umami),
        ("umami", "event_data.csv", data),
        ("matomo", "g.jsonl", format!("{matomo}\n")),
        ("plausible", "imported_visitors.csv", plausible),
        ("plausible", "imported_pages.csv", pages),
        ("ga4-csv", "report.csv", report),
    ]
}

#[test]
fn canary_nothing_of_a_person_in_imported_files_is_found_at_rest() {
    let mut server = Server::start_with(&[("HEADCOUNT_LOG__LEVEL", "trace"), ("HEADCOUNT_LOG__FORMAT", "json")]);
    server.succeed(&["site", "add", "files", "--domain", "a.test", "--timezone", "UTC"]);
    let key = server.create_key("files", "read");
    let folder = Scratch::new();
    let mut marks = Marks::default();
    MARKS.iter().for_each(|(what, mark)| marks.text(what, mark));
    let searcher = marks.searcher();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    let now = jiff::Timestamp::from_second(now as i64).expect("a time").to_zoned(jiff::tz::TimeZone::UTC);
    let mut imports: Vec<(&str, Vec<String>)> = Vec::new();
    for (format, name, text) in files(now.date().saturating_sub(jiff::Span::new().days(9))) {
        let path = folder.path().join(name);
        assert!(format == "plausible" || searcher.look("control", text.as_bytes()).len() > 1, "{format}");
        std::fs::write(&path, text).expect("written");
        match imports.last_mut() {
            Some((last, paths)) if *last == format => paths.push(path.display().to_string()),
            _ => imports.push((format, vec![path.display().to_string()])),
        }
    }
    for (format, paths) in imports {
        let mut arguments = vec!["import", "--site", "files", "--format", format];
        arguments.extend(paths.iter().map(String::as_str));
        let output = server.command(&arguments);
        assert!(output.status.success(), "{format}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(searcher.look(format, &[output.stdout, output.stderr].concat()), []);
    }
    let query = json!({ "site_id": "files", "metrics": ["events"], "date_range": "30d" });
    let events = || server.query(&key, &query)["results"][0]["metrics"][0].as_u64();
    until_equal("all of it is counted", &Some(27), events);
    until_equal("the spool is empty", &0, || server.metrics().sum("headcount_spool_bytes"));
    let told = dump(&server);
    assert!(told.contains(CONTROL), "the search would find something");
    assert_eq!(searcher.look("tables", told.as_bytes()), []);
    assert_eq!(searcher.look("metrics", server.ops_get("/metrics").text().as_bytes()), []);
    let below = server.state_dir().parent().expect("a directory").to_owned();
    assert_eq!(searcher.look_below(&below), []);
    assert!(server.state_dir().join("imports/files.json").is_file());
    let audit = until("an audit", || Some(server.succeed(&["audit"])));
    assert_eq!(searcher.look("audit", audit.as_bytes()), []);
    server.end(libc::SIGKILL);
    assert_eq!(searcher.look_below(&below), []);
}
