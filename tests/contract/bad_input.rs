//! Questions and definitions that cannot be: each is a problem document of 4xx that says what may be asked, or what is kept and
//! why. Those of `POST /api/v2/query` are in `reading`.

use serde_json::{Value, json};

use crate::ordinary;
use crate::site::Site;
use crate::support::http::Answer;
use crate::support::until;

/// A site with two goals and a key for everything.
struct Owned {
    site: Site,
    admin: String,
}

impl Owned {
    fn new(id: &str) -> Self {
        let site = Site::new(ordinary(), id);
        let admin = ordinary().create_key(id, "admin");
        let owned = Self { site, admin };
        until("the newest key is known", || (owned.send("GET", "sites", &Value::Null).status == 200).then_some(()));
        for name in ["A", "B"] {
            let goal = json!({ "name": name, "page": format!("/{name}") });
            assert_eq!(owned.send("POST", &format!("goals?site={id}"), &goal).status, 201);
        }
        owned
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {}", self.admin);
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        ordinary().send(method, &format!("/api/v1/{path}"), &headers, body.as_bytes())
    }

    /// The answer is a problem of this status and code, whose detail holds a part.
    #[track_caller]
    fn refuses(&self, (method, path): (&str, &str), body: &Value, (status, code, part): (u16, &str, &str)) {
        let answer = self.send(method, path, body);
        let problem = answer.json();
        let told = (answer.status, answer.header("content-type"), problem["code"].as_str());
        assert_eq!(told, (status, Some("application/problem+json"), Some(code)), "{path} {body}: {problem}");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(part)), "{path} {body}: {problem}");
    }
}

#[test]
fn funnels_that_lead_nowhere_and_goals_that_are_none_are_refused_with_a_reason() {
    let owned = Owned::new("bad-definitions");
    let funnels: [(&[&str], &str); 4] = [
        (&[], "a funnel without steps counts nothing; name 2 to 8 goals"),
        (&["A"], "a funnel of one step is a goal"),
        (&["A", "B", "A"], "a funnel that goes in a circle has no end; name each goal once"),
        (&["A", "Way"], "a step is not a goal of this site; add the goal first"),
    ];
    for (steps, part) in funnels {
        let body = json!({ "name": "Way", "steps": steps });
        owned.refuses(("POST", "funnels?site=bad-definitions"), &body, (422, "bad_funnel", part));
    }
    for goal in [json!({ "name": "C" }), json!({ "name": "C", "page": "no/path" }), json!({ "name": "", "page": "/" })]
    {
        owned.refuses(("POST", "goals?site=bad-definitions"), &goal, (422, "bad_goal", ""));
    }
    // What goals could go in a circle by does not exist: they are of pages and events alone.
    let circle = json!({ "name": "C", "goal": "C" });
    let known = "known are `name`, `page`, `event`, `property`";
    owned.refuses(("POST", "goals?site=bad-definitions"), &circle, (400, "bad_json", known));
}

#[test]
fn zones_that_do_not_exist_are_refused_with_a_reason() {
    let owned = Owned::new("bad-zones");
    for zone in ["Mars/Olympus", "europe berlin", "", "+25:00", "../../etc/passwd"] {
        let expected = (422, "bad_timezone", "give an IANA name such as Europe/Berlin or UTC");
        owned.refuses(("PATCH", "sites/bad-zones"), &json!({ "timezone": zone }), expected);
        let typed = ordinary().command(&["site", "edit", "bad-zones", &format!("--timezone={zone}")]);
        assert_eq!(typed.status.code(), Some(1), "{zone}");
        assert!(String::from_utf8_lossy(&typed.stderr).contains("give an IANA name such as Europe/Berlin"), "{zone}");
    }
}

#[test]
fn ranges_backwards_in_the_future_or_outside_retention_are_refused_on_every_route() {
    let owned = Owned::new("bad-ranges");
    let funnel = owned.send("POST", "funnels?site=bad-ranges", &json!({ "name": "Way", "steps": ["A", "B"] }));
    let of_funnel = format!("funnels?funnel={}&", funnel.json()["id"].as_str().expect("an id"));
    let ranges = [
        (("2026-01-02", "2026-01-01"), (400, "bad_date_range", "")),
        (("2120-01-01", "2120-01-02"), (400, "bad_date_range", "is in the future; today is")),
        (
            ("2001-01-01", "2001-01-02"),
            (422, "outside_retention", "are not kept any more; that is the first day to ask for"),
        ),
    ];
    let routes = [
        "journeys?",
        "retention?",
        "vitals?",
        "numbers?",
        "properties?",
        "export.csv?",
        "export.json?",
        "export.parquet?",
    ];
    for route in routes.into_iter().chain([of_funnel.as_str()]) {
        for ((from, to), expected) in ranges {
            let path = format!("{route}site=bad-ranges&from={from}&to={to}");
            owned.refuses(("GET", &path), &Value::Null, expected);
        }
    }
    // Nor does anything compare with days that are gone, as if nobody had come.
    let path = format!("{of_funnel}site=bad-ranges&comparison=2001-01-01,2001-01-02");
    owned.refuses(("GET", &path), &Value::Null, (422, "outside_retention", "the first day to ask for"));
    let answer = owned.site.try_ask(&json!({ "include": { "comparison": ["2001-01-01", "2001-01-02"] } }));
    assert_eq!((answer.status, answer.code()), (422, "outside_retention".to_owned()));
}

#[test]
fn patterns_that_explode_are_refused_and_others_take_no_time() {
    let owned = Owned::new("bad-patterns");
    owned.site.beacon(json!({ "url": format!("https://a.test/{}!", "a".repeat(200)) }));
    owned.site.settled(1);
    let ask = |pattern: &str| {
        let filters = json!([["matches", "event:page", [pattern]]]);
        owned.site.try_ask(&json!({ "metrics": ["pageviews"], "filters": filters }))
    };
    for pattern in ["(a{99}){99}", "((a{30}){30}){30}", "(?=a)a", "(a)\\1", "(", &"a".repeat(1_001)] {
        let answer = ask(pattern);
        assert_eq!((answer.status, answer.code()), (400, "bad_filter".to_owned()), "{pattern}");
    }
    // What takes other engines longer than the world stands: RE2 does not go back.
    let answer = ask("^/(((a+)+)+)+$");
    assert_eq!((answer.status, &answer.json()["results"][0]["metrics"]), (200, &json!([0])));
}
