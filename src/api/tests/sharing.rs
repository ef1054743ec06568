//! Shared links: who makes them, what they show, and that they do nothing else.

use super::*;

const SHARE: header::HeaderName = header::HeaderName::from_static("headcount-share");

impl Fixture {
    /// A link of `mine.example` as its owner made it.
    async fn link(&self, body: Value) -> Value {
        let boss = self.sign_in("boss").await;
        let made = self.put("POST", "/api/v1/sites/mine.example/shares", &boss, body).await;
        assert_eq!(made.status, 201, "{}", made.body);
        made.body
    }

    async fn ask_with_link(&self, request: Request<Body>, link: &str) -> Said {
        self.ask(with(request, SHARE, link)).await
    }
}

fn text<'a>(document: &'a Value, name: &str) -> &'a str {
    document[name].as_str().expect("a text")
}

#[tokio::test]
async fn an_owner_makes_lists_and_removes_links() {
    let server = fixture();
    let (boss, anna) = (server.sign_in("boss").await, server.sign_in("anna").await);
    let path = "/api/v1/sites/mine.example/shares";
    let made = server.put("POST", path, &boss, json!({ "name": " Press ", "password": "swordfish!" })).await;
    let (id, token) = (text(&made.body, "id").to_owned(), text(&made.body, "token").to_owned());
    let url = format!("http://127.0.0.1:8600/s/mine.example?share={token}");
    let mut expected = json!({ "id": id, "name": "Press", "created_at": "2026-11-18T11:06:40Z", "has_password": true });
    let listed = json!({ "shares": [expected] });
    (expected["token"], expected["url"]) = (json!(token), json!(url));
    assert_eq!((made.status, &made.body), (201, &expected));
    assert_eq!(server.see(path, &boss).await.body, listed);
    let admin = server.key("mine.example", Scope::Admin);
    assert_eq!(server.ask(with(get(path), header::AUTHORIZATION, &admin)).await.body, listed);
    let read = server.key("mine.example", Scope::Read);
    let one = format!("{path}/{id}");
    let refused = [
        server.see(path, &anna).await,
        server.put("POST", path, &anna, json!({ "name": "x" })).await,
        server.put("DELETE", &one, &anna, json!({})).await,
        server.ask(with(get(path), header::AUTHORIZATION, &read)).await,
        server.see("/api/v1/sites/other/shares", &anna).await,
        server.put("DELETE", &format!("/api/v1/sites/other/shares/{id}"), &boss, json!({})).await,
        server.put("POST", path, &boss, json!({ "name": "" })).await,
        server.put("POST", path, &boss, json!({ "name": "x", "password": "short" })).await,
        server.put("POST", path, &boss, json!({ "name": "x", "colour": 1 })).await,
        server.ask(with(post(path, "{\"name\":\"x\"}"), header::COOKIE, "headcount_session=x")).await,
    ];
    let expected = [
        (403, "wrong_role"),
        (403, "wrong_role"),
        (403, "wrong_role"),
        (403, "wrong_scope"),
        (404, "unknown_site"),
        (404, "unknown_share"),
        (422, "bad_share"),
        (422, "weak_password"),
        (400, "bad_json"),
        (401, "not_signed_in"),
    ];
    assert_eq!(refused.each_ref().map(Said::code), expected);
    let elsewhere = with(with(post(path, "{}"), header::COOKIE, &boss), header::ORIGIN, "https://evil.example");
    let elsewhere = with(elsewhere, header::HeaderName::from_static("sec-fetch-site"), "cross-site");
    assert_eq!(server.ask(elsewhere).await.code(), (403, "cross_site"));
    assert_eq!(server.put("DELETE", &one, &boss, json!({})).await.status, 204);
    assert_eq!(server.ask_with_link(query("mine.example"), &token).await.code(), (401, "bad_share"));
}

#[tokio::test]
async fn whose_link_is_over_or_who_is_not_signed_in_reads_so_in_each_of_several_answers() {
    let server = fixture();
    let locked = server.link(json!({ "name": "Board", "password": "nine brown pigeons" })).await;
    let token = text(&locked, "token");
    let two = || {
        let queries = json!({ "queries": [{ "site_id": "mine.example" }, 7] });
        post("/api/v2/query/batch", queries.to_string())
    };
    let cookie = |request| with(request, header::COOKIE, "headcount_session=forged");
    let cases = [
        (server.ask(two()).await, server.ask(query("mine.example")).await, "not_signed_in"),
        (server.ask(cookie(two())).await, server.ask(cookie(query("mine.example"))).await, "not_signed_in"),
        (
            server.ask_with_link(two(), token).await,
            server.ask_with_link(query("mine.example"), token).await,
            "share_locked",
        ),
        (
            server.ask_with_link(two(), "forged").await,
            server.ask_with_link(query("mine.example"), "forged").await,
            "bad_share",
        ),
    ];
    for (together, alone, code) in cases {
        assert_eq!(alone.code(), (401, code));
        let each = json!({ "status": 401, "body": alone.body });
        assert_eq!((together.status, together.body), (200, json!({ "answers": [each, each] })), "{code}");
    }
}

#[tokio::test]
async fn a_link_reads_its_site_by_the_rules_of_the_public() {
    let server = fixture();
    let link = server.link(json!({ "name": "Press" })).await;
    let token = text(&link, "token");
    let said = server.ask_with_link(query("mine.example"), token).await;
    assert_eq!((said.status, said.body), (200, json!({ "site": "mine.example", "bytes": 49, "public": true })));
    let both = json!({ "queries": [{ "site_id": "mine.example" }, { "site_id": "other" }] }).to_string();
    let said = server.ask_with_link(post("/api/v2/query/batch", both), token).await;
    let answers = &said.body["answers"];
    assert_eq!((&answers[0]["body"]["public"], &answers[1]["body"]["code"]), (&json!(true), &json!("unknown_site")));
    for path in ["journeys", "retention", "vitals", "numbers"] {
        let said = server.ask_with_link(get(&format!("/api/v1/{path}?site=mine.example")), token).await;
        assert_eq!((said.status, &said.body["public"]), (200, &json!(true)), "{path}");
    }
    for path in ["goals", "funnels", "annotations"] {
        let said = server.ask_with_link(get(&format!("/api/v1/{path}?site=mine.example")), token).await;
        assert_eq!((said.status, &said.body), (200, &json!({ path: [] })), "{path}");
    }
    for path in ["journeys", "retention", "vitals", "numbers", "goals", "funnels", "annotations", "live"] {
        for site in ["other", "none"] {
            let said = server.ask_with_link(get(&format!("/api/v1/{path}?site={site}")), token).await;
            assert_eq!(said.code(), (404, "unknown_site"), "{path}");
        }
    }
    let shown = server.ask_with_link(get("/api/v1/share"), token).await;
    let expected = json!({ "site": "mine.example", "needs_password": false, "name": "Press", "timezone": "UTC",
        "min_visitors": 5, "credits": [{ "text": "Data", "url": "https://data.example/" }],
        "version": env!("CARGO_PKG_VERSION") });
    assert_eq!((shown.status, &shown.body), (200, &expected));
    assert_eq!(server.ask(get("/api/v1/share")).await.code(), (401, "not_shared"));
}

#[tokio::test]
async fn a_link_does_nothing_but_read_also_beside_the_cookie_of_an_owner() {
    let server = fixture();
    let (link, boss) = (server.link(json!({ "name": "Press" })).await, server.sign_in("boss").await);
    let described = server.ask(get("/api/v1/openapi.json")).await.body;
    let (mut read, mut refused) = (0, 0);
    for (path, item) in described["paths"].as_object().expect("paths") {
        // What collects and what exports is answered by other routers; signing in has nothing to do with a link.
        let other = ["/api/v1/export", "/api/v1/session", "/api/v1/claim", "/api/v1/share"];
        if !path.starts_with("/api/") || other.iter().any(|start| path.starts_with(start)) {
            continue;
        }
        let concrete = path.replace("{site}", "mine.example").replace(['{', '}'], "x");
        for (method, operation) in item.as_object().expect("methods") {
            let uri = format!("{concrete}?site=mine.example");
            let request = Request::builder().method(method.to_uppercase().as_str()).uri(uri);
            let request = request.header("content-type", "application/json").header("sec-fetch-site", "same-origin");
            let query = json!({ "site_id": "mine.example" });
            let body = if path.ends_with("batch") { json!({ "queries": [query] }) } else { query };
            let request = with(request.body(Body::from(body.to_string())).expect("a request"), header::COOKIE, &boss);
            if operation["security"].as_array().is_some_and(|ways| ways.contains(&json!({ "share": [] }))) {
                read += 1;
                let answer = server.router.clone().oneshot(with(request, SHARE, text(&link, "token"))).await;
                assert_eq!(answer.expect("infallible").status(), 200, "{method} {path}");
            } else {
                refused += 1;
                let said = server.ask_with_link(request, text(&link, "token")).await;
                assert_eq!(said.code(), (403, "wrong_scope"), "{method} {path}");
            }
        }
    }
    assert_eq!((read, refused), (12, 21));
}

#[tokio::test]
async fn a_password_opens_a_link_for_some_hours_and_attempts_are_slowed_down() {
    let server = fixture();
    let link = server.link(json!({ "name": "Board", "password": "correct horse" })).await;
    let token = text(&link, "token");
    assert_eq!(server.ask_with_link(query("mine.example"), token).await.code(), (401, "share_locked"));
    let shown = server.ask_with_link(get("/api/v1/share"), token).await.body;
    let told = ["site", "needs_password", "name", "timezone", "min_visitors"].map(|name| shown[name].clone());
    assert_eq!(told, [json!("mine.example"), json!(true), Value::Null, Value::Null, Value::Null]);
    let open = |token: &str, password: &str| {
        post("/api/v1/share", json!({ "token": token, "password": password }).to_string())
    };
    let said = server.ask(open(token, "correct horse")).await;
    assert_eq!((said.status, text(&said.body, "expires_at")), (200, "2026-11-18T23:06:40Z"));
    let pass = text(&said.body, "pass");
    let answer = server.ask_with_link(query("mine.example"), pass).await;
    assert_eq!((answer.status, &answer.body["public"]), (200, &json!(true)));
    let shown = server.ask_with_link(get("/api/v1/share"), pass).await.body;
    assert_eq!((&shown["needs_password"], &shown["name"]), (&json!(false), &json!("Board")));
    let refused = [
        server.ask(open("hc_s_none", "correct horse")).await,
        server.ask(open(pass, "correct horse")).await,
        server.ask(post("/api/v1/share", json!({ "token": token }).to_string())).await,
        server.ask(with(open(token, "x"), header::CONTENT_TYPE, "text/plain")).await,
        server.ask_with_link(query("mine.example"), &format!("{pass}0")).await,
        server.ask_with_link(query("mine.example"), "").await,
    ];
    let expected = [
        (401, "bad_share"),
        (401, "bad_share"),
        (401, "bad_credentials"),
        (415, "wrong_content_type"),
        (401, "bad_share"),
        (401, "bad_share"),
    ];
    assert_eq!(refused.each_ref().map(Said::code), expected);
    let mut codes = Vec::new();
    for _ in 0..10 {
        codes.push(server.ask(open(token, "wrong")).await.status);
    }
    // One of the ten at once was without a password, above.
    assert_eq!(codes, [vec![401; 9], vec![429]].concat());
    let free = server.link(json!({ "name": "Open" })).await;
    let said = server.ask(post("/api/v1/share", json!({ "token": free["token"] }).to_string())).await;
    assert_eq!((said.status, text(&said.body, "pass").starts_with("hc_p_")), (200, true));
}

#[tokio::test]
async fn live_numbers_take_a_link_in_the_address_and_end_with_it() {
    let server = fixture();
    let link = server.link(json!({ "name": "Press" })).await;
    let path = format!("/api/v1/live?site=mine.example&share={}", text(&link, "token"));
    let answer = server.router.clone().oneshot(get(&path)).await.expect("infallible");
    assert_eq!(answer.status(), StatusCode::OK);
    let mut body = answer.into_body();
    assert!(http_body_util::BodyExt::frame(&mut body).await.is_some());
    let id = text(&link, "id").to_owned();
    server.registry.update("boss", |draft| Ok(draft.remove_share("mine.example", &id)?)).expect("removed");
    assert!(http_body_util::BodyExt::frame(&mut body).await.is_none());
    assert_eq!(server.ask(get(&path)).await.code(), (401, "bad_share"));
    assert_eq!(server.ask(get("/api/v1/live?site=mine.example&share=%0a")).await.code(), (401, "bad_share"));
}
