//! The description of the API: whole, in a snapshot, and as a page.

use super::*;

#[tokio::test]
async fn the_description_is_generated_from_the_handlers() {
    let server = fixture();
    let mut said = server.ask(get("/api/v1/openapi.json")).await;
    assert_eq!((said.status, said.header(header::CONTENT_TYPE)), (200, "application/json"));
    said.body["info"]["version"] = json!("VERSION");
    insta::assert_json_snapshot!("openapi", said.body);
}

#[tokio::test]
async fn every_route_answers_as_described() {
    let server = fixture();
    let described = server.ask(get("/api/v1/openapi.json")).await.body;
    for (path, item) in described["paths"].as_object().expect("paths") {
        // What collects and what exports is answered by other routers.
        if !path.starts_with("/api/") || path.starts_with("/api/v1/export") {
            continue;
        }
        for method in item.as_object().expect("methods").keys() {
            let path = path.replace(['{', '}'], "x");
            let request = Request::builder().method(method.to_uppercase().as_str()).uri(&path).body(Body::empty());
            let said = server.ask(request.expect("a request")).await;
            assert!(!matches!(said.code(), (404, "no_route") | (405, _)), "{method} {path}: {:?}", said.code());
            let answers = &item[method]["responses"];
            assert!(answers[said.status.to_string()].is_object(), "{method} {path}: {:?}", said.code());
        }
    }
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere_and_runs_nothing() {
    let server = fixture();
    let answer = server.router.clone().oneshot(get("/api/docs")).await.expect("infallible");
    let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().expect("text").to_owned();
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("whole");
    let page = String::from_utf8(body.to_vec()).expect("UTF-8");
    assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{policy}");
    for forbidden in ["<script", "style=", "http://", "https://", "onclick"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    for expected in ["<b>POST</b> /api/v2/query", "<b>DELETE</b> /api/v1/goals/{name}", "<section id=\"Problem\">"] {
        assert!(page.contains(expected), "{expected}");
    }
    let style = server.router.clone().oneshot(get("/api/docs.css")).await.expect("infallible");
    assert_eq!(style.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
}
