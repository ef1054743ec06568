//! Queries, live numbers, and what is no route.

use super::*;

#[tokio::test]
async fn a_query_needs_the_right_to_read_that_site_and_tells_nothing_of_others() {
    let server = fixture();
    let (read, write, admin) = (
        server.key("mine.example", Scope::Read),
        server.key("mine.example", Scope::Write),
        server.key("mine.example", Scope::Admin),
    );
    let anna = server.sign_in("anna").await;
    let bearer = |key: &str, site: &str| with(query(site), header::AUTHORIZATION, key);
    let cookie = |site: &str| with(query(site), header::COOKIE, &anna);
    let answer = server.ask(bearer(&read, "mine.example")).await;
    assert_eq!((answer.status, answer.body), (200, json!({ "site": "mine.example", "bytes": 49 })));
    let not_mine = server.ask(bearer(&read, "other")).await;
    assert_eq!((not_mine.code(), &not_mine), ((404, "unknown_site"), &server.ask(bearer(&read, "none")).await));
    assert_eq!((&server.ask(cookie("other")).await, &server.ask(cookie("none")).await), (&not_mine, &not_mine));
    let codes = [
        server.ask(bearer(&admin, "mine.example")).await,
        server.ask(bearer(&write, "mine.example")).await,
        server.ask(bearer(&write, "other")).await,
        server.ask(bearer("Bearer hc_r_forged", "mine.example")).await,
        server.ask(bearer("Basic Ym9zcw==", "mine.example")).await,
        server.ask(query("mine.example")).await,
        server.ask(cookie("mine.example")).await,
    ];
    let expected = [
        (200, ""),
        (403, "wrong_scope"),
        (404, "unknown_site"),
        (401, "bad_key"),
        (401, "bad_key"),
        (401, "not_signed_in"),
        (200, ""),
    ];
    assert_eq!(codes.each_ref().map(Said::code), expected);
}

#[tokio::test]
async fn a_bad_body_is_a_problem_that_repeats_nothing() {
    let server = fixture();
    let key = server.key("other", Scope::Read);
    let send = |body: String| with(post("/api/v2/query", body), header::AUTHORIZATION, &key);
    let cases = [
        ("{", 400, "bad_json", "Not JSON at line 1, column 1."),
        ("{\"site_id\": 7}", 400, "bad_json", "A field is missing or of the wrong type: site_id (line 1, column 13)."),
        ("{}", 400, "bad_json", "The field site_id is missing."),
        ("{\"site_id\":\"other\"} x", 400, "bad_json", "More follows the document at column 21."),
        (&"x".repeat(BODY_LIMIT + 1), 413, "too_large", "At most 65536 bytes are read."),
    ];
    for (body, status, code, detail) in cases {
        let said = server.ask(send(body.to_owned())).await;
        assert_eq!((said.code(), said.body["detail"].as_str()), ((status, code), Some(detail)));
        assert_eq!((said.header(header::CONTENT_TYPE), said.header(TK.0)), ("application/problem+json", "N"));
    }
    // A program with a key may call its JSON what it likes; a page in a browser may not.
    let text = with(send("{".into()), header::CONTENT_TYPE, "text/plain");
    assert_eq!(server.ask(text).await.code(), (400, "bad_json"));
    assert_eq!(server.ask(send(format!("{}1{}", "[".repeat(9_999), "]".repeat(9_999)))).await.status, 400);
}

#[tokio::test]
async fn several_queries_are_answered_in_order_each_as_it_would_be_alone() {
    let server = fixture();
    let key = server.key("mine.example", Scope::Read);
    let ask = async |path: &str, body: String| server.ask(with(post(path, body), header::AUTHORIZATION, &key)).await;
    // Spaces and all: an answer may name the place of a mistake.
    let mut queries: Vec<String> = (0..35)
        .map(|number| format!("{{\"site_id\": \"mine.example\",{}\"metrics\": []}}", " ".repeat(number)))
        .collect();
    queries.extend(["other", "none"].map(|site| json!({ "site_id": site }).to_string()));
    queries.extend(["{ \"site_id\" : 7 }", "[]", "7"].map(str::to_owned));
    let together = ask("/api/v2/query/batch", format!("{{\"queries\":[{}]}}", queries.join(","))).await;
    let mut alone = Vec::new();
    for query in queries {
        let said = ask("/api/v2/query", query).await;
        alone.push(json!({ "status": said.status, "body": said.body }));
    }
    assert_eq!((together.status, together.header(header::CONTENT_TYPE)), (200, "application/json"));
    assert_eq!(together.body, json!({ "answers": alone }));
    let statuses: Vec<_> = alone[34..].iter().map(|answer| answer["status"].as_u64().expect("a number")).collect();
    assert_eq!(statuses, [200, 404, 404, 400, 400, 400]);
}

#[tokio::test]
async fn several_queries_are_refused_together_for_a_wrong_key_or_when_they_are_too_many() {
    let server = fixture();
    let (key, anna) = (server.key("mine.example", Scope::Read), server.sign_in("anna").await);
    let many = |count: usize| json!({ "queries": vec![json!({ "site_id": "mine.example" }); count] }).to_string();
    let send = |body: String| post("/api/v2/query/batch", body);
    let bearer = |body: String| with(send(body), header::AUTHORIZATION, &key);
    let elsewhere = with(send(many(1)), header::HeaderName::from_static("sec-fetch-site"), "cross-site");
    let said = [
        server.ask(with(send(many(1)), header::CONTENT_TYPE, "text/plain")).await,
        server.ask(send(many(41))).await,
        server.ask(with(send(many(1)), header::AUTHORIZATION, "Bearer forged")).await,
        server.ask(with(send(many(40)), header::COOKIE, &anna)).await,
        server.ask(with(elsewhere, header::COOKIE, &anna)).await,
        server.ask(bearer(many(0))).await,
        server.ask(bearer(many(41))).await,
        server.ask(bearer("{\"queries\": {}}".into())).await,
        server.ask(bearer("[]".into())).await,
        server.ask(bearer(format!("{{\"queries\":[\"{}\"]}}", "x".repeat(BODY_LIMIT)))).await,
    ];
    let expected = [
        (415, "wrong_content_type"),
        (400, "bad_query"),
        (401, "bad_key"),
        (200, ""),
        (403, "cross_site"),
        (400, "bad_query"),
        (400, "bad_query"),
        (400, "bad_json"),
        (400, "bad_json"),
        (413, "too_large"),
    ];
    assert_eq!(said.each_ref().map(Said::code), expected);
}

#[tokio::test]
async fn unknown_routes_and_methods_are_problems() {
    let server = fixture();
    for path in ["/api/", "/api/v1/none", "/api/v1/session/", "/api/v3/query"] {
        assert_eq!(server.ask(get(path)).await.code(), (404, "no_route"), "{path}");
    }
    let wrong = server.ask(get("/api/v2/query")).await;
    assert_eq!((wrong.code(), wrong.header(header::ALLOW)), ((405, "wrong_method"), "POST"));
    let wrong = server.ask(post("/api/v1/live", "{}")).await;
    assert_eq!((wrong.code(), wrong.header(header::ALLOW)), ((405, "wrong_method"), "GET,HEAD"));
}

#[tokio::test]
async fn live_numbers_come_at_once_and_end_with_the_server() {
    let server = fixture();
    let key = server.key("other", Scope::Read);
    let asked = |path: &str| with(get(path), header::AUTHORIZATION, &key);
    assert_eq!(server.ask(asked("/api/v1/live?site=mine.example")).await.code(), (404, "unknown_site"));
    assert_eq!(server.ask(get("/api/v1/live?site=other")).await.code(), (401, "not_signed_in"));
    assert_eq!(server.ask(asked("/api/v1/live")).await.code(), (404, "unknown_site"));
    let answer = server.router.clone().oneshot(asked("/api/v1/live?site=other")).await.expect("infallible");
    assert_eq!(
        (answer.status(), &answer.headers()[header::CONTENT_TYPE]),
        (StatusCode::OK, &"text/event-stream".parse().expect("a header"))
    );
    let mut body = answer.into_body();
    let frame = http_body_util::BodyExt::frame(&mut body).await.expect("a frame").expect("data");
    let minutes = vec!["0"; 30].join(",");
    let lists = r#""pages":[{"value":"/","visitors":7}],"sources":[{"value":"Google","visitors":7}],"countries":[]"#;
    let expected = format!("data: {{\"visitors\":1,\"pageviews\":2,\"minutes\":[{minutes}],{lists}}}\n\n");
    assert_eq!(frame.into_data().expect("data"), expected);
    server.stop.cancel();
    assert!(http_body_util::BodyExt::frame(&mut body).await.is_none());
}

#[tokio::test]
async fn a_revoked_key_ends_its_stream() {
    let server = fixture();
    let key = server.key("other", Scope::Read);
    let id = server.registry.snapshot().book().keys[0].id.clone();
    let request = with(get("/api/v1/live?site=other"), header::AUTHORIZATION, &key);
    let mut body = server.router.clone().oneshot(request).await.expect("infallible").into_body();
    assert!(http_body_util::BodyExt::frame(&mut body).await.is_some());
    server.registry.update("cli", |draft| Ok(draft.revoke_key(&id)?)).expect("revoked");
    assert!(http_body_util::BodyExt::frame(&mut body).await.is_none());
}
