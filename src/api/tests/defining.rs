//! Sites, goals, funnels and annotations: who may see and change them, and what is refused.

use super::*;

impl Fixture {
    /// A request with a body, as the owner's dashboard sends it.
    pub(super) async fn put(&self, method: &str, path: &str, cookie: &str, body: Value) -> Said {
        let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
        let request = request.header("sec-fetch-site", "same-origin").body(Body::from(body.to_string()));
        self.ask(with(request.expect("a request"), header::COOKIE, cookie)).await
    }

    pub(super) async fn see(&self, path: &str, cookie: &str) -> Said {
        self.ask(with(get(path), header::COOKIE, cookie)).await
    }
}

#[tokio::test]
async fn a_site_is_seen_by_its_readers_and_changed_by_its_owner() {
    let server = fixture();
    let (boss, anna) = (server.sign_in("boss").await, server.sign_in("anna").await);
    let ids = |said: &Said| {
        let sites = said.body["sites"].as_array().expect("sites").iter();
        sites.map(|site| site["id"].as_str().expect("text").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&server.see("/api/v1/sites", &boss).await), ["mine.example", "other"]);
    assert_eq!(ids(&server.see("/api/v1/sites", &anna).await), ["mine.example"]);
    let patch = json!({ "timezone": "europe/berlin", "crossings": ["device", "page"], "numbers": ["load_ms"],
        "retention_months": 12, "strict": true, "min_visitors": null, "excluded_paths": ["/admin/**"], "accept": ["ga4:G-1"] });
    let path = "/api/v1/sites/mine.example";
    let said = server.put("PATCH", path, &boss, patch).await;
    let expected = json!({ "id": "mine.example", "domains": ["mine.example"], "timezone": "Europe/Berlin",
        "min_visitors": 5, "strict": true, "retention_months": 12, "crossings": ["page", "device"],
        "filter_properties": ["to", "form"], "numbers": ["load_ms"], "excluded_paths": ["/admin/**"],
        "accept": ["ga4:G-1"] });
    assert_eq!((said.status, &said.body), (200, &expected));
    assert_eq!(server.see(path, &anna).await.body, expected);
    let all = server.put("PATCH", path, &boss, json!({ "crossings": "all" })).await;
    assert_eq!(all.body["crossings"], "all");
    assert_eq!(server.put("PATCH", path, &anna, json!({})).await.code(), (403, "wrong_role"));
    assert_eq!(server.put("PATCH", "/api/v1/sites/none", &boss, json!({})).await.code(), (404, "unknown_site"));
    assert_eq!(server.put("PATCH", "/api/v1/sites/other", &anna, json!({})).await.code(), (404, "unknown_site"));
    let refused = [
        (json!({ "timezone": "Mars/Olympus" }), (422, "bad_timezone")),
        (json!({ "min_visitors": 0 }), (422, "bad_min_visitors")),
        (json!({ "min_visitors": -1 }), (400, "bad_json")),
        (json!({ "retention_months": 0 }), (422, "bad_setting")),
        (json!({ "retention_months": 121 }), (422, "bad_setting")),
        (json!({ "domains": ["https://x.example/"] }), (422, "bad_domain")),
        (json!({ "numbers": ["a=b"] }), (422, "bad_setting")),
        (json!({ "accept": ["colour:a=b"] }), (422, "bad_accept")),
        (json!({ "crossings": ["colour"] }), (400, "bad_json")),
        (json!({ "crossings": "some" }), (400, "bad_json")),
        (json!({ "colour": "red" }), (400, "bad_json")),
    ];
    for (patch, code) in refused {
        let said = server.put("PATCH", path, &boss, patch.clone()).await;
        assert_eq!(said.code(), code, "{patch}");
        let repeats = ["Mars", "x.example", "a=b", "colour"].iter().any(|word| said.body.to_string().contains(word));
        assert!(!repeats, "{}", said.body);
    }
}

#[tokio::test]
async fn goals_funnels_and_annotations_come_and_go() {
    let server = fixture();
    let boss = server.sign_in("boss").await;
    let at = |what: &str| format!("/api/v1/{what}?site=other");
    let mut made = Vec::new();
    for (what, body) in [
        ("goals", json!({ "name": "Cart", "page": "/cart/**" })),
        ("goals", json!({ "name": "Paid/now", "event": "paid", "property": "plan=pro" })),
        ("funnels", json!({ "name": "Checkout", "steps": ["Cart", "Paid/now"] })),
        ("annotations", json!({ "day": "2026-11-21", "text": "launch" })),
    ] {
        let said = server.put("POST", &at(what), &boss, body.clone()).await;
        assert_eq!(said.status, 201, "{}", said.body);
        for (name, value) in body.as_object().expect("an object") {
            assert_eq!(said.body[name], *value);
        }
        made.push(said.body);
    }
    for (what, expected) in
        [("goals", json!(made[..2])), ("funnels", json!([made[2]])), ("annotations", json!([made[3]]))]
    {
        assert_eq!(server.see(&at(what), &boss).await.body, json!({ what: expected }));
    }
    let note = format!("/api/v1/annotations/{}?site=other", made[3]["id"].as_str().expect("an id"));
    let said = server.put("PATCH", &note, &boss, json!({ "text": "launch, at last" })).await;
    made[3]["text"] = json!("launch, at last");
    assert_eq!((said.status, &said.body), (200, &made[3]));
    let in_use = server.put("DELETE", "/api/v1/goals/Cart?site=other", &boss, json!({})).await;
    assert_eq!(in_use.code(), (409, "goal_in_use"));
    let id = |at: usize| made[at]["id"].as_str().expect("an id");
    let paths = [format!("funnels/{}", id(2)), format!("annotations/{}", id(3)), "goals/Paid%2Fnow".to_owned()];
    for path in paths {
        let path = format!("/api/v1/{path}?site=other");
        assert_eq!(server.put("DELETE", &path, &boss, json!({})).await.status, 204, "{path}");
        assert_eq!(server.put("DELETE", &path, &boss, json!({})).await.status, 404, "{path}");
    }
    assert_eq!(server.put("PATCH", &note, &boss, json!({ "text": "x" })).await.code(), (404, "unknown_annotation"));
    let funnel = server.see(&format!("/api/v1/funnels?site=other&funnel={}", id(2)), &boss).await;
    assert_eq!(funnel.code(), (404, "unknown_funnel"));
}

#[tokio::test]
async fn what_breaks_a_rule_is_a_problem_that_repeats_nothing() {
    let server = fixture();
    let boss = server.sign_in("boss").await;
    server.put("POST", "/api/v1/goals?site=other", &boss, json!({ "name": "Swordfish", "page": "/" })).await;
    let cases = [
        ("goals", json!({ "name": "Swordfish", "page": "/" }), (409, "goal_exists")),
        ("goals", json!({ "name": "Swordfish2" }), (422, "bad_goal")),
        ("goals", json!({ "name": "Swordfish2", "page": "/", "event": "x" }), (422, "bad_goal")),
        ("goals", json!({ "name": 7, "page": "/" }), (400, "bad_json")),
        ("goals", json!({ "name": "x", "page": "/", "colour": 1 }), (400, "bad_json")),
        ("funnels", json!({ "name": "Way", "steps": [] }), (422, "bad_funnel")),
        ("funnels", json!({ "name": "Way", "steps": ["Swordfish", "Swordfish"] }), (422, "bad_funnel")),
        ("funnels", json!({ "name": "Way", "steps": ["Swordfish", "None"] }), (422, "bad_funnel")),
        ("annotations", json!({ "day": "2026-02-30", "text": "x" }), (400, "bad_json")),
        ("annotations", json!({ "day": "1969-12-31", "text": "x" }), (422, "bad_annotation")),
        ("annotations", json!({ "day": "2026-02-03", "text": "" }), (422, "bad_annotation")),
    ];
    for (what, body, code) in cases {
        let said = server.put("POST", &format!("/api/v1/{what}?site=other"), &boss, body.clone()).await;
        assert_eq!(said.code(), code, "{body}");
        assert!(!said.body.to_string().contains("Swordfish"), "{}", said.body);
    }
    let circle = json!({ "name": "Way", "steps": ["Swordfish", "Swordfish"] });
    let said = server.put("POST", "/api/v1/funnels?site=other", &boss, circle).await;
    assert!(said.body["detail"].as_str().is_some_and(|detail| detail.contains("circle")), "{}", said.body);
    assert_eq!(server.see("/api/v1/goals", &boss).await.code(), (400, "bad_parameter"));
    assert_eq!(
        server.put("DELETE", "/api/v1/goals/%ff?site=other", &boss, json!({})).await.code(),
        (400, "bad_parameter")
    );
}

#[tokio::test]
async fn changes_need_an_admin_key_of_that_site_or_an_editor_on_our_page() {
    let server = fixture();
    let keys = [Scope::Read, Scope::Write, Scope::Admin].map(|scope| server.key("mine.example", scope));
    let goal = json!({ "name": "Cart", "page": "/cart" }).to_string();
    let post = |site: &str| {
        let request = Request::post(format!("/api/v1/goals?site={site}")).body(Body::from(goal.clone()));
        request.expect("a request")
    };
    let mut codes = Vec::new();
    for key in &keys {
        let said = server.ask(with(post("mine.example"), header::AUTHORIZATION, key)).await;
        codes.push((said.status, said.body["code"].as_str().unwrap_or("").to_owned()));
    }
    let (wrong, none) = ((403, "wrong_scope".to_owned()), String::new());
    assert_eq!(codes, [wrong.clone(), wrong, (201, none)]);
    for site in ["other", "none"] {
        let said = server.ask(with(post(site), header::AUTHORIZATION, &keys[2])).await;
        assert_eq!(said.code(), (404, "unknown_site"), "{site}");
    }
    let (boss, anna) = (server.sign_in("boss").await, server.sign_in("anna").await);
    let said = server.put("POST", "/api/v1/goals?site=mine.example", &anna, json!({ "name": "A", "page": "/" })).await;
    assert_eq!(said.code(), (403, "wrong_role"));
    // A cookie alone proves nothing: the request must come from a page of ours.
    let elsewhere = with(with(post("mine.example"), header::COOKIE, &boss), header::ORIGIN, "https://evil.example");
    assert_eq!(server.ask(elsewhere).await.code(), (403, "cross_site"));
    let delete = Request::delete("/api/v1/goals/Cart?site=mine.example").body(Body::empty()).expect("a request");
    assert_eq!(server.ask(with(delete, header::COOKIE, &boss)).await.code(), (403, "cross_site"));
    assert_eq!(server.ask(post("mine.example")).await.code(), (401, "not_signed_in"));
}

#[tokio::test]
async fn special_questions_reach_the_reports_checked() {
    let server = fixture();
    let key = server.key("other", Scope::Read);
    let ask = async |path: &str| server.ask(with(get(path), header::AUTHORIZATION, &key)).await;
    let said = ask("/api/v1/journeys?site=other&from_page=/a&date_range=7d&limit=5").await;
    let asked = "Question { range: Days(7), about: Journeys { ways: From(\"/a\"), limit: 5 } }";
    assert_eq!(said.body, json!({ "site": "other", "asked": asked }));
    let said = ask("/api/v1/journeys?site=other&to_page=/b").await;
    let asked = "Question { range: Days(28), about: Journeys { ways: To(\"/b\"), limit: 100 } }";
    assert_eq!(said.body["asked"], asked);
    let said = ask("/api/v1/vitals?site=other&from=2026-11-01&to=2026-11-02&dimension=event:page&value=/").await;
    let asked = "Question { range: Custom(2026-11-01, 2026-11-02), about: Vitals(VitalsAsked { \
                 filter: Some(Filter { field: Field { name: \"event:page\", dimension: Page, prefix: \"\" }, \
                 value: \"/\" }), interval: None, pages: None }) }";
    assert_eq!(said.body["asked"], asked);
    let said = ask("/api/v1/vitals?site=other&interval=week&pages=20").await;
    let asked = "Question { range: Days(28), \
                 about: Vitals(VitalsAsked { filter: None, interval: Some(Week), pages: Some(20) }) }";
    assert_eq!(said.body["asked"], asked);
    let said = ask("/api/v1/properties?site=other&event=signup").await;
    assert_eq!(said.body["asked"], "Question { range: Days(28), about: Properties(Some(\"signup\")) }");
    let refused = [
        ("retention?site=other&date_range=yesterday", (400, "bad_date_range")),
        ("retention?site=other&from=2026-11-02&to=2026-11-01", (400, "bad_date_range")),
        ("retention?site=other&from=2026-11-02", (400, "bad_date_range")),
        ("retention?site=other&date_range=7d&date_range=8d", (400, "bad_parameter")),
        ("retention", (400, "bad_parameter")),
        ("retention?site=mine.example", (404, "unknown_site")),
        ("journeys?site=other&limit=0", (400, "bad_parameter")),
        ("journeys?site=other&from_page=/a&to_page=/b", (400, "bad_parameter")),
        ("journeys?site=other&limit=x", (400, "bad_parameter")),
        ("vitals?site=other&dimension=event:colour&value=x", (400, "bad_filter")),
        ("vitals?site=other&dimension=event:page&value=", (400, "bad_filter")),
        ("vitals?site=other&interval=hour", (400, "bad_parameter")),
        ("vitals?site=other&pages=1001", (400, "bad_parameter")),
        ("numbers?site=other&dimension=event:page", (400, "bad_parameter")),
        ("funnels?site=other&funnel=f0", (404, "unknown_funnel")),
    ];
    for (path, code) in refused {
        assert_eq!(ask(&format!("/api/v1/{path}")).await.code(), code, "{path}");
    }
}
