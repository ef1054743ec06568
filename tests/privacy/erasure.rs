//! Ways out and ends of counts: exports, retention, erasure, and the audit that proves the rules. On collectors of their
//! own, since sites go and databases are away.

use serde_json::{Value, json};

use super::engine::{dump, sql};
use super::site::SiteOf;
use super::support::server::Server;
use super::support::until;

/// Seven people on `/a`, one on `/canary-b`, nine on `/canary-c`, all with the same system.
fn visit(site: &SiteOf<'_>) -> u64 {
    let pages = [("/a", 7), ("/canary-b", 1), ("/canary-c", 9)];
    let mut events = Vec::new();
    for (page, people) in pages {
        for person in 0..people {
            events.push(json!({ "path": page, "visitor": format!("{page}-{person}") }));
        }
    }
    let count = events.len() as u64;
    let body = json!({ "batch_id": format!("b-{}", site.id), "context": { "os": "iOS", "device": "Mobile" }, "events": events });
    assert_eq!(site.batch(body).json()["accepted"], json!(count));
    site.settled(count);
    count
}

fn export(site: &SiteOf<'_>, file: &str, parameters: &str) -> super::support::http::Answer {
    let days = if parameters.contains("from=") { "" } else { "&from=2020-01-01&to=2027-12-31" };
    let path = format!("/api/v1/export.{file}?site={}{days}{parameters}", site.id);
    let bearer = format!("Bearer {}", site.key);
    site.server.send("GET", &path, &[("Authorization", bearer.as_str())], b"")
}

fn pages_of_crossings(csv: &str) -> Vec<String> {
    let rows = csv.lines().filter(|line| line.contains(",\"page\",") && line.contains(",\"os\",\"iOS\","));
    let mut pages: Vec<String> = rows.filter_map(|row| Some(row.split('"').nth(5)?.to_owned())).collect();
    pages.sort();
    pages
}

#[test]
fn exports_hold_what_is_published_before_and_after_the_seal() {
    let server = Server::start();
    let site = SiteOf::new(&server, "shop");
    visit(&site);
    let open = until("crossings are there", || {
        let csv = export(&site, "csv", "&table=crossings").text();
        (!pages_of_crossings(&csv).is_empty()).then_some(csv)
    });
    // The one visitor of /canary-b is hidden, and next to it the smallest group.
    assert_eq!(pages_of_crossings(&open), ["/canary-c"]);
    server.succeed(&["seal", "--site", "shop", "--day", "today", "--now"]);
    let sealed = export(&site, "csv", "&table=crossings").text();
    assert_eq!((pages_of_crossings(&sealed), sealed.contains(",false\n")), (vec!["/canary-c".to_owned()], false));
    let cells = export(&site, "json", "").text();
    let total = cells.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let total: Vec<_> = total.filter(|row| row["dimension"] == "total" && row["hour"].is_null()).collect();
    assert_eq!((total.len(), &total[0]["visitors"], &total[0]["sealed"]), (1, &json!(17), &json!(true)));
    let parquet = export(&site, "parquet", "");
    assert_eq!((parquet.status, &parquet.body[..4]), (200, &b"PAR1"[..]));
    for file in ["csv", "json", "parquet"] {
        let streamed = export(&site, file, "");
        let told = ["content-length", "transfer-encoding"].map(|name| streamed.header(name).map(str::to_owned));
        assert_eq!(told, [None, Some("chunked".to_owned())], "{file}");
    }
    assert_eq!((export(&site, "csv", "&table=people").status, export(&site, "txt", "").status), (400, 404));
    assert_eq!(server.send("GET", "/api/v1/export.csv?site=shop", &[], b"").status, 401);
    let typed =
        server.succeed(&["export", "--site", "shop", "--from", "2020-01-01", "--to", "today", "--table", "crossings"]);
    assert_eq!(pages_of_crossings(&typed), ["/canary-c"]);
    // A file of days of which nothing is kept would look like days without visitors.
    let days = [("2020-01-01", "2020-12-31"), ("2120-01-01", "2120-01-01"), ("2026-01-02", "2026-01-01")];
    let refused = days.map(|(from, to)| {
        let answer = export(&site, "csv", &format!("&from={from}&to={to}"));
        (answer.status, answer.code())
    });
    let wanted = [(422, "outside_retention"), (400, "bad_date_range"), (400, "bad_date_range")];
    assert_eq!(refused, wanted.map(|(status, code)| (status, code.to_owned())));
    let typed = server.command(&["export", "--site", "shop", "--from", "2020-01-01", "--to", "2020-12-31"]);
    assert_eq!((typed.status.code(), typed.stdout), (Some(1), Vec::new()));
    assert!(String::from_utf8_lossy(&typed.stderr).contains("are not kept any more; that is the first day to ask for"));
    assert!(dump(&server).contains("/canary-c"), "the dump would show the rest");
    server.succeed(&["audit"]);
}

#[test]
fn a_removed_site_leaves_nothing_and_begins_empty_when_it_is_added_again() {
    let server = Server::start();
    let (gone, stays) = (SiteOf::new(&server, "gone"), SiteOf::new(&server, "stays"));
    visit(&gone);
    assert_eq!(stays.beacon(json!({ "path": "/kept" })).status, 202);
    stays.settled(1);
    assert!(server.succeed(&["site", "remove", "gone"]).contains("erased"));
    assert_eq!(dump(&server).matches("canary").count(), 0);
    let again = SiteOf::new(&server, "gone");
    assert_eq!((again.totals(), stays.totals()), ([0, 0, 0], [1, 1, 1]));
    let report: Value = serde_json::from_str(&server.succeed(&["audit", "--json"])).expect("JSON");
    assert_eq!(report["holds"], json!(true), "{report}");
}

#[test]
fn an_erasure_that_cannot_be_done_is_noted_and_done_later() {
    let mut server = Server::start();
    visit(&SiteOf::new(&server, "gone"));
    server.end(libc::SIGTERM);
    server.set("HEADCOUNT_CLICKHOUSE__URL", "http://127.0.0.1:9");
    assert!(server.succeed(&["site", "remove", "gone"]).contains("not erased yet"));
    server.unset("HEADCOUNT_CLICKHOUSE__URL");
    assert_eq!(server.command(&["site", "add", "gone"]).status.code(), Some(1));
    server.start_again();
    until("the site is erased", || server.command(&["site", "add", "gone"]).status.success().then_some(()));
    assert_eq!(dump(&server).matches("canary").count(), 0);
}

#[test]
fn without_a_server_a_site_is_erased_and_exported_all_the_same() {
    let mut server = Server::start();
    visit(&SiteOf::new(&server, "gone"));
    server.end(libc::SIGTERM);
    let typed = server.succeed(&["export", "--site", "gone", "--from", "yesterday", "--to", "today"]);
    assert!(typed.contains("\"/canary-c\""), "{typed}");
    assert!(server.succeed(&["site", "remove", "gone"]).contains("is erased"));
    server.succeed(&["site", "add", "gone"]);
    server.start_again();
    assert_eq!(dump(&server).matches("canary").count(), 0);
}

#[test]
fn a_shorter_retention_removes_old_days() {
    let server = Server::start();
    server.add_site("shop");
    for day in ["2020-01-05", "today() - 40"] {
        let day = if day.contains('(') { day.to_owned() } else { format!("toDate('{day}')") };
        sql(
            &server,
            &format!(
                "INSERT INTO cells (site, day, dim, value, hour, generation, events_over, visitors, keep_days) \
                 SELECT 'shop', {day}, 'page', '/old', 255, 7, 9, 9, 760 SETTINGS async_insert = 0"
            ),
        );
    }
    let left = || sql(&server, "SELECT count() FROM cells WHERE value = '/old'").trim().to_owned();
    until("what nobody keeps is gone", || {
        server.succeed(&["site", "edit", "shop", "--retention-months", "24"]);
        (left() == "1").then_some(())
    });
    server.succeed(&["site", "edit", "shop", "--retention-months", "1"]);
    until("the rest is gone", || (left() == "0").then_some(()));
}

#[test]
fn an_audit_finds_a_crossing_below_k() {
    let server = Server::start();
    server.add_site("shop");
    server.succeed(&["audit"]);
    sql(
        &server,
        "INSERT INTO seals (site, day, generation, k) SELECT 'shop', today() - 9, 7, 5 SETTINGS async_insert = 0",
    );
    sql(
        &server,
        "INSERT INTO crossings (site, day, dim, value, dim2, value2, generation, events_over, visitors, keep_days) \
         SELECT 'shop', today() - 9, 'page', '/', 'country', 'DE', 7, 9, 4, 100 SETTINGS async_insert = 0",
    );
    let mut elsewhere = server.base_command();
    let missing = server.state_dir().join("no-such-directory");
    let output = elsewhere.env("HEADCOUNT_STATE_DIR", missing).arg("audit").output().expect("it spawns");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), said.contains("no-such-directory")), (Some(1), true), "{said}");
    let output = server.command(&["audit"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("BROKEN  no crossing of a sealed day has fewer visitors than its k"), "{said}");
}
