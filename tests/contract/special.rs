//! Goals, funnels, journeys, retention, vitals and numbers: defined, counted, read; who may do what.

use serde_json::{Value, json};

use crate::ordinary;
use crate::site::Site;
use crate::support::http::Answer;
use crate::support::until;

/// A site on the shared collector, with keys for reading and for everything.
struct Defined {
    site: Site,
    admin: String,
}

impl Defined {
    fn new(id: &str) -> Self {
        let site = Site::new(ordinary(), id);
        let admin = ordinary().create_key(id, "admin");
        let defined = Self { site, admin };
        until("the newest key is known", || (defined.send("GET", "/api/v1/sites", None).status == 200).then_some(()));
        defined
    }

    fn send(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.send_with(&self.admin, method, path, body)
    }

    fn send_with(&self, key: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        let bearer = format!("Bearer {key}");
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        ordinary().send(method, path, &headers, body.as_bytes())
    }

    fn define(&self, what: &str, body: Value) -> Value {
        let answer = self.send("POST", &format!("/api/v1/{what}?site={}", self.site.id), Some(body));
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()
    }

    fn read(&self, path: &str) -> Value {
        let joined = if path.contains('?') { "&" } else { "?" };
        let path = format!("/api/v1/{path}{joined}site={}&date_range=day", self.site.id);
        let answer = self.send_with(&self.site.key, "GET", &path, None);
        assert_eq!(answer.status, 200, "{path} {}", answer.text());
        answer.json()
    }
}

/// So many visitors who look at `/a` and then at `next`, each with vitals and a number.
fn walk(site: &Site, first: usize, people: usize, next: &str) {
    let events = (first..first + people).flat_map(|number| {
        let visitor = format!("v{number}");
        let page = |path: &str| json!({ "url": format!("https://walk.test{path}"), "visitor": visitor });
        let mut first = page("/a");
        first["cohort"] = json!({ "first_week": this_week(), "first_this_week": true, "first_this_month": true });
        let mut vitals = page("/a");
        (vitals["name"], vitals["vitals"]) = (json!("vitals"), json!({ "LCP": 1_200, "CLS": 0.05 }));
        let mut load = page(next);
        (load["name"], load["props"]) = (json!("load"), json!({ "load_ms": 100 }));
        [first, vitals, page(next), load]
    });
    let events: Vec<Value> = events.collect();
    let answer = site.batch(json!({ "events": events }));
    assert_eq!(answer.json()["accepted"], events.len(), "{}", answer.text());
}

/// Today, a date of this week.
fn this_week() -> String {
    jiff::Timestamp::try_from(std::time::SystemTime::now()).expect("now").strftime("%Y-%m-%d").to_string()
}

#[test]
fn what_is_defined_is_counted_and_read() {
    let here = Defined::new("special");
    let patched = here.send("PATCH", "/api/v1/sites/special", Some(json!({ "numbers": ["load_ms"] })));
    assert_eq!((patched.status, &patched.json()["numbers"]), (200, &json!(["load_ms"])));
    here.define("goals", json!({ "name": "Start", "page": "/a" }));
    here.define("goals", json!({ "name": "End", "page": "/b*" }));
    let funnel = here.define("funnels", json!({ "name": "Way", "steps": ["Start", "End"] }));
    walk(&here.site, 0, 8, "/b");
    walk(&here.site, 8, 6, "/c");
    walk(&here.site, 14, 1, "/z");
    here.site.settled(45);

    let id = funnel["id"].as_str().expect("an id");
    let steps = here.read(&format!("funnels?funnel={id}"));
    let expected = json!([
        { "name": "Start", "visitors": 15, "events": 15, "conversion_rate": 100.0, "step_rate": 100.0 },
        { "name": "End", "visitors": 8, "events": 8, "conversion_rate": 53.33, "step_rate": 53.33 },
    ]);
    assert_eq!((&steps["steps"], &steps["meta"]["visitors"]), (&expected, &json!("daily_sum")));
    let cut = here.read(&format!("funnels?funnel={id}&interval=day&comparison=previous_period"));
    let [today, _] = [0, 1].map(|end| cut["meta"]["date_range"][end].clone());
    let series = json!([{ "from": today, "visitors": [15, 8], "conversion_rate": 53.33 }]);
    assert_eq!((&cut["steps"], &cut["series"]), (&expected, &series));
    let then = &cut["comparison"];
    let nobody =
        |name: &str| json!({ "name": name, "visitors": 0, "events": 0, "conversion_rate": 0.0, "step_rate": 0.0 });
    assert_eq!(then["steps"], json!([nobody("Start"), nobody("End")]));
    assert_eq!((&then["series"][0]["visitors"], &then["date_range"][0]), (&json!([0, 0]), &then["series"][0]["from"]));
    // Today as the days compared with is today.
    let day = today.as_str().expect("a day");
    let same = here.read(&format!("funnels?funnel={id}&interval=month&comparison={day},{day}"));
    assert_eq!((&same["comparison"]["steps"], &same["comparison"]["date_range"]), (&expected, &json!([day, day])));
    assert_eq!(same["comparison"]["series"], same["series"]);
    let refused = here.send("GET", &format!("/api/v1/funnels?site=special&funnel={id}&comparison=before"), None);
    assert_eq!((refused.status, refused.code()), (400, "bad_query".to_owned()));

    let vitals = here.read("vitals");
    let shown: Vec<_> = vitals["vitals"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| (&row["name"], &row["samples"], &row["good"]))
        .collect();
    assert_eq!(shown, [(&json!("LCP"), &json!(15), &json!(100.0)), (&json!("CLS"), &json!(15), &json!(100.0))]);
    let p75 = vitals["vitals"][0]["p75"].as_f64().expect("a number");
    assert!((1_000.0..1_450.0).contains(&p75), "{p75}");

    let numbers = here.read("numbers?key=load_ms");
    assert_eq!((&numbers["numbers"][0]["key"], &numbers["numbers"][0]["samples"]), (&json!("load_ms"), &json!(15)));
    assert_eq!(here.read("numbers?key=other")["numbers"], json!([]));

    let retention = here.read("retention");
    assert_eq!(retention["daily"][0]["active"], 15);
    assert_eq!(retention["cohorts"][0]["visitors"], 15);
    assert!(retention["meta"]["note"].as_str().is_some_and(|note| note.contains("data-cohorts")));
}

#[test]
fn pairs_of_pages_are_held_against_k() {
    let here = Defined::new("journeys");
    walk(&here.site, 0, 8, "/b");
    walk(&here.site, 8, 6, "/c");
    walk(&here.site, 14, 1, "/z");
    here.site.settled(45);
    let rows = |list: &Value| -> Vec<(String, u64)> {
        let rows = list.as_array().expect("rows").iter();
        rows.map(|row| (row["to"].as_str().expect("text").to_owned(), row["events"].as_u64().expect("a number")))
            .collect()
    };
    let journeys = until("crossings are loaded", || {
        let answer = here.read("journeys?from_page=/a");
        (rows(&answer["next"]).len() > 1).then_some(answer)
    });
    // One visitor went to /z: with that alone folded it could be told, so the smallest shown goes with it.
    let expected = [("/b".to_owned(), 8), ("(other)".to_owned(), 7)];
    assert_eq!((rows(&journeys["next"]), rows(&journeys["second"])), (expected.to_vec(), expected.to_vec()));
    assert_eq!(rows(&journeys["third"]), []);
    // Seven went another way: each of them once, though their step is in two lists.
    assert_eq!(journeys["meta"]["suppressed"], json!({ "rows": 1, "visitors": 7, "events": 7 }));
    let to = here.read("journeys?to_page=/b");
    let way = json!({ "from": "/a", "to": "/b", "events": 8, "visitors": 8 });
    assert_eq!((&to["next"], &to["second"], &to["third"]), (&json!([way]), &json!([way]), &json!([])));
    assert_eq!(to["meta"]["suppressed"], json!({ "rows": 0, "visitors": 0, "events": 0 }));
    // Where only folded ways lead to, the whole is known from the cell of the page.
    let rare = here.read("journeys?to_page=/c");
    let other = json!([{ "from": "(other)", "to": "/c", "events": 6, "visitors": 6 }]);
    assert_eq!((&rare["next"], &rare["second"]), (&other, &json!([])));
    assert_eq!(rare["meta"]["suppressed"], json!({ "rows": 1, "visitors": 6, "events": 6 }));
    assert_eq!(rows(&here.read("journeys?to_page=/a")["next"]), []);
    let of_page = here.read("vitals?dimension=event:page&value=/a");
    assert_eq!(of_page["vitals"][0]["samples"], 15);
    let refused = here.send("GET", "/api/v1/vitals?site=journeys&dimension=visit:language&value=de", None);
    assert_eq!((refused.status, refused.code()), (422, "filter_not_kept".to_owned()));
}

#[test]
fn vitals_come_by_day_and_by_page_in_one_answer() {
    let here = Defined::new("vitals");
    let of = |people: std::ops::Range<usize>, page: &'static str, lcp: u32| {
        people.flat_map(move |number| {
            let view = json!({ "url": format!("https://walk.test{page}"), "visitor": format!("v{number}") });
            let mut report = view.clone();
            (report["name"], report["vitals"]) = (json!("vitals"), json!({ "LCP": lcp }));
            [view, report]
        })
    };
    let events: Vec<Value> = of(0..9, "/a", 1_200)
        .chain(of(0..7, "/b", 5_000))
        .chain(of(7..13, "/a", 3_000))
        // Too few to be told: folded, and the smallest shown value of the page with them.
        .chain(of(13..16, "/a", 9_000))
        .collect();
    let sent = here.site.batch(json!({ "events": events }));
    assert_eq!(sent.json()["accepted"], 50, "{}", sent.text());
    let figures =
        |row: &Value| json!([row["name"], row["samples"], row["good"], row["needs_improvement"], row["poor"]]);
    let answer = until("cells and crossings are loaded", || {
        let answer = here.read("vitals?interval=day&pages=10");
        let has_pages = answer["pages"].as_array().is_some_and(|pages| pages.len() > 1);
        (has_pages && answer["vitals"][0]["samples"] == 25).then_some(answer)
    });
    let all = json!(["LCP", 25, 36.0, 24.0, 40.0]);
    assert_eq!(figures(&answer["vitals"][0]), all);
    let series = answer["series"].as_array().expect("a series");
    assert_eq!((series.len(), figures(&series[0]["vitals"][0])), (1, all));
    assert_eq!(series[0]["from"], answer["meta"]["date_range"][0]);
    assert!(answer["vitals"][0]["buckets"].is_array() && series[0]["vitals"][0].get("buckets").is_none());
    let pages = answer["pages"].as_array().expect("pages").iter();
    let told: Vec<_> = pages.map(|page| (page["page"].clone(), figures(&page["vitals"][0]))).collect();
    let expected =
        [(json!("/a"), json!(["LCP", 9, 100.0, 0.0, 0.0])), (json!("/b"), json!(["LCP", 7, 0.0, 0.0, 100.0]))];
    assert_eq!((told, &answer["meta"]["suppressed"]["rows"]), (expected.to_vec(), &json!(2)));

    let filtered = here.read("vitals?interval=day&dimension=event:page&value=/a");
    assert_eq!((filtered["series"][0]["vitals"][0]["samples"].clone(), filtered.get("pages")), (json!(9), None));
    let refused = |path: &str| {
        let answer = here.send("GET", &format!("/api/v1/vitals?site=vitals&{path}"), None);
        (answer.status, answer.code())
    };
    assert_eq!(refused("pages=5&dimension=event:page&value=/a"), (422, "filter_not_kept".to_owned()));
    assert_eq!(refused("pages=0"), (400, "bad_parameter".to_owned()));
    assert_eq!(refused("interval=hour"), (400, "bad_parameter".to_owned()));
    let patched = here.send("PATCH", "/api/v1/sites/vitals", Some(json!({ "crossings": [] })));
    assert_eq!(patched.status, 200, "{}", patched.text());
    assert_eq!(refused("pages=5"), (422, "filter_not_kept".to_owned()));
    assert_eq!(here.read("vitals?interval=month")["series"].as_array().map(Vec::len), Some(1));
}

#[test]
fn properties_are_told_by_their_keys() {
    let here = Defined::new("properties");
    let listed = json!({ "filter_properties": ["plan", "unseen"], "numbers": ["load_ms"] });
    assert_eq!(here.send("PATCH", "/api/v1/sites/properties", Some(listed)).status, 200);
    let event = |name: &str, number: usize, props: Value| json!({ "name": name, "visitor": format!("v{number}"), "props": props });
    let events: Vec<Value> = (0..8)
        .map(|number| event("signup", number, json!({ "plan": "pro", "load_ms": 100, "method": "mail" })))
        .chain((0..6).map(|number| event("search", number, json!({ "plan": "free", "colour": "red" }))))
        .chain([event("search", 0, json!({ "plan": "free", "colour": "blue" }))])
        .collect();
    assert_eq!(here.site.batch(json!({ "events": events })).json()["accepted"], 15);
    let told = |answer: &Value, field: &str| -> Vec<(String, String, u64, u64, Value)> {
        let rows = answer["properties"].as_array().expect("rows").iter();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let number = |value: &Value| value.as_u64().unwrap_or(u64::MAX);
        rows.map(|row| {
            (text(&row["key"]), text(&row["kind"]), number(&row["events"]), number(&row["values"]), row[field].clone())
        })
        .collect()
    };
    let row = |key: &str, kind: &str, events, values, of| (key.to_owned(), kind.to_owned(), events, values, of);
    let with = |event: &str, events: &[Value; 3]| {
        until("crossings are loaded", || {
            let answer = here.read(&format!("properties?event={event}"));
            let expected = [
                row("plan", "text", 15, 2, events[0].clone()),
                row("load_ms", "number", 8, 1, events[1].clone()),
                row("method", "text", 8, 1, Value::Null),
                row("colour", "text", 7, 2, Value::Null),
                row("unseen", "text", 0, 0, events[2].clone()),
            ];
            (told(&answer, "of_event") == expected).then_some(())
        });
    };
    with("signup", &[json!(8), json!(8), json!(0)]);
    with("search", &[json!(7), json!(0), json!(0)]);
    let whole = here.read("properties");
    assert!(whole["properties"].as_array().expect("rows").iter().all(|row| row.get("of_event").is_none()));
    // A shared link is told no settings, and no key whose values too few visitors stand behind.
    let share = here.send("POST", "/api/v1/sites/properties/shares", Some(json!({ "name": "Press" })));
    let token = share.json()["token"].as_str().expect("a token").to_owned();
    let public = until("the link is known", || {
        let headers = [("Headcount-Share", token.as_str())];
        let answer = ordinary().send("GET", "/api/v1/properties?site=properties&date_range=day", &headers, b"");
        (answer.status == 200).then(|| answer.json())
    });
    let keys: Vec<String> = told(&public, "of_event").into_iter().map(|row| row.0).collect();
    assert!(!keys.contains(&"unseen".to_owned()), "{public}");
    assert!(
        public["properties"].as_array().expect("rows").iter().all(|row| row["values"] != 2 || row["key"] == "plan"),
        "{public}"
    );
}

#[test]
fn a_property_is_a_number_or_filtered_by_but_not_both() {
    let here = Defined::new("either-or");
    let change = |body: Value| {
        let answer = here.send("PATCH", "/api/v1/sites/either-or", Some(body));
        (answer.status, answer.text())
    };
    let (status, text) = change(json!({ "filter_properties": ["plan", "took"], "numbers": ["took"] }));
    assert!(status == 422 && text.contains("only a bucket"), "{status} {text}");
    assert_eq!(change(json!({ "filter_properties": ["plan"], "numbers": ["took"] })).0, 200);
    assert_eq!(change(json!({ "filter_properties": ["took"] })).0, 422);
    assert_eq!(change(json!({ "numbers": ["plan"] })).0, 422);
    // One change may turn the one into the other.
    assert_eq!(change(json!({ "filter_properties": ["took"], "numbers": ["plan"] })).0, 200);
    assert_eq!(change(json!({ "strict": true })).0, 200);
}

#[test]
fn no_key_of_one_site_defines_or_reads_for_another() {
    let (mine, yours) = (Defined::new("defines"), Defined::new("defines-other"));
    yours.define("goals", json!({ "name": "Theirs", "page": "/" }));
    let goal = || Some(json!({ "name": "Mine", "page": "/" }));
    for (method, what, body) in [
        ("GET", "goals?", None),
        ("GET", "annotations?", None),
        ("GET", "funnels?", None),
        ("GET", "journeys?", None),
        ("GET", "retention?", None),
        ("GET", "vitals?", None),
        ("GET", "numbers?", None),
        ("GET", "properties?", None),
        ("POST", "goals?", goal()),
        ("DELETE", "goals/Theirs?", None),
    ] {
        let asked = |site: &str| mine.send(method, &format!("/api/v1/{what}site={site}"), body.clone());
        let (foreign, absent) = (asked("defines-other"), asked("no-such-site"));
        assert_eq!((foreign.status, foreign.code()), (404, "unknown_site".to_owned()), "{method} {what}");
        assert_eq!(foreign.text(), absent.text(), "{method} {what}");
    }
    let patched = mine.send("PATCH", "/api/v1/sites/defines-other", Some(json!({ "strict": true })));
    assert_eq!((patched.status, patched.code()), (404, "unknown_site".to_owned()));
    // A key that reads defines nothing, not even for its own site.
    let refused = mine.send_with(&mine.site.key, "POST", "/api/v1/goals?site=defines", goal());
    assert_eq!((refused.status, refused.code()), (403, "wrong_scope".to_owned()));
    assert_eq!(yours.send("GET", "/api/v1/goals?site=defines-other", None).json()["goals"][0]["name"], "Theirs");
}

#[test]
fn the_description_of_the_api_is_public() {
    let answer = ordinary().send("GET", "/api/v1/openapi.json", &[], b"");
    assert_eq!((answer.status, &answer.json()["openapi"]), (200, &json!("3.1.0")));
    let page = ordinary().send("GET", "/api/docs", &[], b"");
    assert!(page.status == 200 && page.text().contains("/api/v2/query"));
}
