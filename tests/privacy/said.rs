//! P11: what is done is said, out of what runs.

use serde_json::{Value, json};

use crate::engine::sql;
use crate::ordinary;
use crate::site::Site;
use crate::support::http::Answer;
use crate::support::server::BROWSER;
use crate::support::until_equal;

/// With a public link, a site tells its own numbers, and only those.
#[test]
fn p11_a_site_that_everybody_may_read_tells_how_it_is_set() {
    let options = ["--domain", "told-domain.test", "--min-visitors", "9", "--strict", "--retention-months", "3"];
    let site = Site::with(ordinary(), "told-site", &options);
    let told = || get("/privacy.json?site=told-site").json()["site"].clone();
    let share = |options: &[&str]| {
        let made = [&["share", "add", "Press", "--site", "told-site"], options].concat();
        ordinary().succeed(&made);
    };
    assert_eq!(told(), Value::Null);
    share(&[]);
    let mut expected = json!({ "id": "told-site", "min_visitors": 9, "strict": true, "retention_months": 3,
        "timezone": "UTC", "cohorts": false });
    until_equal("the link is known", &expected, told);
    let cohort = json!({ "first_week": "2026-W01", "first_this_week": true });
    assert_eq!(site.beacon(json!({ "url": "https://told-domain.test/", "cohort": cohort })).status, 202);
    expected["cohorts"] = json!(true);
    until_equal("the cohort is counted", &expected, told);
    let page = get("/privacy?site=told-site").text();
    assert!(page.contains("<h2>told-site</h2>") && page.contains("at least 9 visitors"), "{page}");
    assert!(!page.contains("told-domain"), "{page}");
}

#[test]
fn p11_every_answer_says_that_nobody_is_tracked() {
    let site = Site::new(ordinary(), "untracked");
    let body = json!({ "site": site.id, "url": "https://a.test/", "events": [{}], "days": [] }).to_string();
    let asked = [
        ("POST", "/e", 202),
        ("POST", "/v1/events", 200),
        ("POST", "/v1/counts", 200),
        ("GET", "/p.gif?site=untracked&url=https://a.test/", 200),
        ("GET", "/n.gif?site=untracked&url=https://a.test/", 200),
        ("OPTIONS", "/e", 204),
        ("PUT", "/e", 405),
        ("GET", "/hc.js", 200),
        ("GET", "/privacy", 200),
        ("GET", "/privacy.json", 200),
        ("GET", "/.well-known/dnt/", 200),
        ("GET", "/.well-known/gpc.json", 200),
        ("GET", "/sign-in", 200),
        ("POST", "/api/v2/query", 401),
        ("GET", "/no/such/page.txt", 404),
    ];
    for (method, path, status) in asked {
        let body = if method == "POST" { body.as_bytes() } else { b"" };
        let answer = ordinary().send(method, path, &[("User-Agent", BROWSER)], body);
        assert_eq!((answer.status, answer.header("tk")), (status, Some("N")), "{method} {path}");
    }
    assert_eq!(get("/.well-known/dnt/").json()["tracking"], json!("N"));
    assert_eq!(get("/.well-known/gpc.json").json()["gpc"], json!(true));
}

fn get(path: &str) -> Answer {
    ordinary().send("GET", path, &[], b"")
}

#[test]
fn p11_the_statement_shows_every_column_that_runs_and_no_site() {
    let site = Site::with(ordinary(), "stated-site", &["--domain", "stated-domain.test"]);
    assert_eq!(site.beacon(json!({ "url": "https://stated-domain.test/stated-page" })).status, 202);
    site.settled(1);
    let told = get("/privacy.json");
    assert_eq!((told.status, told.header("content-type")), (200, Some("application/json")));
    let page = get("/privacy");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'self';"), "{policy}");
    let statement = told.json();
    let strings = |list: &Value, of: &str| -> Vec<String> {
        list.as_array().expect("a list").iter().map(|item| item[of].as_str().expect("a text").to_owned()).collect()
    };
    let mut stored = Vec::new();
    for table in statement["tables"].as_array().expect("tables") {
        let name = table["name"].as_str().expect("a name");
        stored.extend(strings(&table["columns"], "name").into_iter().map(|column| format!("{name}\t{column}")));
    }
    let columns = "SELECT table, name FROM system.columns WHERE database = 'headcount' ORDER BY table, position";
    let running = sql(ordinary(), columns);
    assert_eq!(stored, running.lines().collect::<Vec<_>>());
    assert!(stored.len() > 50 && stored.contains(&"cells_open\tvisitors".to_owned()), "{stored:?}");
    let (page, told) = (page.text(), told.text());
    for column in &stored {
        let (table, column) = column.split_once('\t').expect("two");
        assert!(
            page.contains(&format!("<h3>{table}</h3>")) && page.contains(&format!("<code>{column}</code>")),
            "{column}"
        );
    }
    assert_eq!((&statement["tracking"], &statement["site"]), (&json!("N"), &Value::Null));
    assert!(statement["salts"]["number"].as_u64() >= Some(1), "{told}");
    for text in [page, told, get("/privacy?site=stated-site").text(), get("/privacy.json?site=no-such").text()] {
        for secret in ["stated-site", "stated-domain", "stated-page", "no-such"] {
            assert!(!text.contains(secret), "{secret}");
        }
        assert!(!text.contains("<script") && !text.contains("style="), "{text}");
    }
}

/// `<h3>` of every table, `<code>` of every column, and no word of the schema left in English.
#[test]
fn p11_the_page_says_all_of_the_schema_in_every_language() {
    let column = regex::Regex::new("<h3>[a-z_]+</h3>|<tr><td><code>[a-z_0-9]+</code>").expect("a pattern");
    let shown = |page: &str| column.find_iter(page).map(|found| found.as_str().to_owned()).collect::<Vec<_>>();
    let english = get("/privacy?lang=en");
    assert_eq!(english.header("content-language"), Some("en"));
    let expected = shown(&english.text());
    assert!(expected.len() > 50, "{expected:?}");
    for language in ["de", "fr", "es", "ja"] {
        let asked = get(&format!("/privacy?lang={language}"));
        let headers = [asked.header("content-language"), asked.header("vary")];
        assert_eq!(headers, [Some(language), Some("accept-language")]);
        let page = asked.text();
        assert!(page.contains(&format!("<html lang=\"{language}\">")), "{page}");
        assert_eq!(shown(&page), expected, "{language}");
        assert!(!page.contains("<span lang=\"en\">"), "{language}: {page}");
        let accepting = format!("nl, {language};q=0.8, en;q=0.7");
        let negotiated = ordinary().send("GET", "/privacy", &[("accept-language", &accepting)], b"");
        assert_eq!(negotiated.header("content-language"), Some(language));
    }
}
