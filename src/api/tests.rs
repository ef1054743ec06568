//! The API through its router, with a real registry; reports and live numbers are stand-ins that say what they were
//! asked.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use bytes::Bytes;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::*;
use crate::clock::Clock;
use crate::model::{Site, SiteId};
use crate::registry::scratch::Scratch;
use crate::registry::{Registry, Rights, Role, Scope, SiteChange, first_start, hash_password};

struct Echo;

impl Reports for Echo {
    fn answer(&self, site: Arc<Site>, body: Bytes) -> Answer<'_> {
        let length = body.len();
        Box::pin(async move { Ok(json!({ "site": site.id.as_str(), "bytes": length }).to_string().into()) })
    }
}

impl Live for Echo {
    fn now(&self, _: &SiteId) -> LiveNumbers {
        LiveNumbers {
            visitors: 1,
            pageviews: 2,
            minutes: [0; 30],
        }
    }
}

struct Fixture {
    registry: Arc<Registry>,
    router: Router,
    stop: CancellationToken,
    _scratch: Scratch,
}

/// An answer, small enough to compare whole.
#[derive(Debug, PartialEq)]
struct Said {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Said {
    fn code(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or(""))
    }

    fn header(&self, name: header::HeaderName) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("")
    }

    /// `name=value` of the cookie that was set.
    fn cookie(&self) -> String {
        self.header(header::SET_COOKIE)
            .split(';')
            .next()
            .unwrap_or_default()
            .to_owned()
    }
}

fn fixture() -> Fixture {
    fixture_at("http://127.0.0.1:8600")
}

fn fixture_at(public_url: &str) -> Fixture {
    let scratch = Scratch::new();
    let registry = Registry::open_at(scratch.path(), Clock::fixed(1_795_000_000)).expect("a registry");
    let phc = hash_password("correct horse").expect("hashed");
    let filled = registry.update("cli", |draft| {
        draft.add_site("mine.example", SiteChange::default())?;
        draft.add_site("other", SiteChange::default())?;
        draft.add_user("boss", &Rights::OwnerOfAll)?;
        draft.add_user("anna", &Rights::On(vec!["mine.example".into()], Role::Viewer))?;
        draft.set_password("boss", phc.clone())?;
        draft.set_password("anna", phc)
    });
    filled.expect("filled");
    let settings = Settings {
        public_url: public_url.to_owned(),
        credits: vec![Credit {
            text: "Data".into(),
            url: "https://data.example/".into(),
        }],
    };
    let (echo, stop) = (Arc::new(Echo), CancellationToken::new());
    let state = ApiState::new(registry.clone(), echo.clone(), echo, settings, stop.clone());
    Fixture {
        registry,
        router: router(state),
        stop,
        _scratch: scratch,
    }
}

fn post(path: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::post(path)
        .header("content-type", "application/json")
        .header("sec-fetch-site", "same-origin");
    request.body(body.into()).expect("a request")
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).expect("a request")
}

fn with(mut request: Request<Body>, name: header::HeaderName, value: &str) -> Request<Body> {
    request.headers_mut().insert(name, value.parse().expect("a header"));
    request
}

impl Fixture {
    async fn ask(&self, request: Request<Body>) -> Said {
        let answer = self.router.clone().oneshot(request).await.expect("infallible");
        let (parts, body) = answer.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("whole");
        let body = if bytes.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&bytes).expect("JSON")
        };
        Said {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        }
    }

    async fn sign_in(&self, user: &str) -> String {
        self.ask(sign_in(user, "correct horse")).await.cookie()
    }

    fn key(&self, site: &str, scope: Scope) -> String {
        let key = self.registry.update("cli", |draft| draft.create_key(site, scope, ""));
        format!("Bearer {}", key.expect("created"))
    }
}

fn sign_in(user: &str, password: &str) -> Request<Body> {
    post(
        "/api/v1/session",
        json!({ "user": user, "password": password }).to_string(),
    )
}

fn query(site: &str) -> Request<Body> {
    post(
        "/api/v2/query",
        json!({ "site_id": site, "metrics": ["visitors"] }).to_string(),
    )
}

#[tokio::test]
async fn signing_in_shows_the_sites_and_signing_out_ends_it() {
    let server = fixture();
    let said = server.ask(sign_in("anna", "correct horse")).await;
    let cookie = said.cookie();
    let value = cookie.strip_prefix("headcount_session=").expect("the cookie");
    assert_eq!(
        (
            said.status,
            said.header(header::SET_COOKIE).replace(value, "X"),
            value.len()
        ),
        (
            204,
            "headcount_session=X; HttpOnly; SameSite=Lax; Path=/; Max-Age=2592000".to_owned(),
            43
        )
    );
    let mine = |request| with(request, header::COOKIE, &cookie);
    let seen = server.ask(mine(get("/api/v1/session"))).await;
    let site = json!({ "id": "mine.example", "timezone": "UTC", "domains": ["mine.example"], "role": "viewer" });
    let credits = json!([{ "text": "Data", "url": "https://data.example/" }]);
    let version = env!("CARGO_PKG_VERSION");
    let expected = json!({ "user": "anna", "sites": [site], "credits": credits, "version": version });
    assert_eq!((seen.status, &seen.body), (200, &expected));
    assert_eq!(
        (seen.header(TK.0), seen.header(header::CACHE_CONTROL)),
        ("N", "no-store")
    );
    let out = Request::delete("/api/v1/session")
        .header("sec-fetch-site", "same-origin")
        .body(Body::empty());
    let out = server.ask(mine(out.expect("a request"))).await;
    assert_eq!(
        (out.status, out.header(header::SET_COOKIE).contains("Max-Age=0")),
        (204, true)
    );
    assert_eq!(
        server.ask(mine(get("/api/v1/session"))).await.code(),
        (401, "not_signed_in")
    );
}

#[tokio::test]
async fn wrong_passwords_and_unknown_users_look_alike() {
    let server = fixture();
    let (wrong, unknown) = (
        server.ask(sign_in("boss", "wrong")).await,
        server.ask(sign_in("nobody", "wrong")).await,
    );
    assert_eq!((wrong.code(), &wrong), ((401, "bad_credentials"), &unknown));
    assert_eq!(wrong.header(header::WWW_AUTHENTICATE), "Bearer realm=\"headcount\"");
}

#[tokio::test]
async fn many_attempts_are_slowed_down_and_other_users_are_not() {
    let server = fixture();
    for _ in 0..10 {
        assert_eq!(server.ask(sign_in("boss", "wrong")).await.status, 401);
    }
    let said = server.ask(sign_in("boss", "correct horse")).await;
    assert_eq!(
        (said.code(), said.header(header::RETRY_AFTER)),
        ((429, "too_many_attempts"), "10")
    );
    assert_eq!(server.ask(sign_in("anna", "correct horse")).await.status, 204);
}

#[tokio::test]
async fn the_cookie_is_secure_behind_https() {
    let said = fixture_at("https://stats.example")
        .ask(sign_in("boss", "correct horse"))
        .await;
    assert!(said.header(header::SET_COOKIE).contains("; Secure"), "{said:?}");
}

#[tokio::test]
async fn a_one_time_link_sets_a_password_once_and_signs_in() {
    let server = fixture();
    assert!(first_start(&server.registry).expect("started").is_none());
    let token = server
        .registry
        .update("cli", |draft| draft.make_link("anna"))
        .expect("made");
    let claim = |password: &str| {
        post(
            "/api/v1/claim",
            json!({ "token": token, "password": password }).to_string(),
        )
    };
    let look = || get(&format!("/api/v1/claim?token={token}"));
    let seen = server.ask(look()).await;
    assert_eq!((seen.status, seen.body), (200, json!({ "user": "anna" })));
    assert_eq!(server.ask(claim("short")).await.code(), (422, "weak_password"));
    let said = server.ask(claim("battery staple")).await;
    let whoami = server
        .ask(with(get("/api/v1/session"), header::COOKIE, &said.cookie()))
        .await;
    assert_eq!((said.status, &whoami.body["user"]), (204, &json!("anna")));
    let again = [
        server.ask(claim("battery staple")).await,
        server.ask(look()).await,
        server.ask(get("/api/v1/claim")).await,
    ];
    assert_eq!(again.each_ref().map(Said::code), [(410, "link_used"); 3]);
    assert_eq!(server.ask(sign_in("anna", "correct horse")).await.status, 401);
    assert_eq!(server.ask(sign_in("anna", "battery staple")).await.status, 204);
}

#[tokio::test]
async fn requests_another_site_made_a_browser_send_are_refused() {
    let server = fixture();
    let cookie = server.sign_in("boss").await;
    let origin = header::ORIGIN;
    let fetch = header::HeaderName::from_static("sec-fetch-site");
    let bare = || {
        let mut request = with(query("other"), header::COOKIE, &cookie);
        request.headers_mut().remove("sec-fetch-site");
        with(request, header::HOST, "127.0.0.1:8600")
    };
    let cases = [
        (bare(), 403),
        (with(bare(), fetch.clone(), "cross-site"), 403),
        (with(bare(), fetch.clone(), "same-site"), 403),
        (with(bare(), origin.clone(), "https://evil.example"), 403),
        (with(bare(), origin.clone(), "null"), 403),
        (
            with(
                with(bare(), fetch.clone(), "same-origin"),
                header::CONTENT_TYPE,
                "text/plain",
            ),
            403,
        ),
        (with(bare(), fetch.clone(), "same-origin"), 200),
        (with(bare(), fetch, "none"), 200),
        (with(bare(), origin, "http://127.0.0.1:8600"), 200),
    ];
    for (request, status) in cases {
        let shown = format!("{request:?}");
        assert_eq!(server.ask(request).await.status, status, "{shown}");
    }
    let mut sign_in = sign_in("boss", "correct horse");
    sign_in
        .headers_mut()
        .insert("sec-fetch-site", "cross-site".parse().expect("a header"));
    assert_eq!(server.ask(sign_in).await.code(), (403, "cross_site"));
}

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
    assert_eq!(
        (answer.status, answer.body),
        (200, json!({ "site": "mine.example", "bytes": 49 }))
    );
    let not_mine = server.ask(bearer(&read, "other")).await;
    assert_eq!(
        (not_mine.code(), &not_mine),
        ((404, "unknown_site"), &server.ask(bearer(&read, "none")).await)
    );
    assert_eq!(
        (&server.ask(cookie("other")).await, &server.ask(cookie("none")).await),
        (&not_mine, &not_mine)
    );
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
        (
            "{\"site_id\": 7}",
            400,
            "bad_json",
            "A field is missing or of the wrong type: site_id (line 1, column 13).",
        ),
        (
            "{}",
            400,
            "bad_json",
            "A field is missing or of the wrong type: the document (line 1, column 2).",
        ),
        (
            "{\"site_id\":\"other\"} x",
            400,
            "bad_json",
            "More follows the document at column 21.",
        ),
        (
            &"x".repeat(BODY_LIMIT + 1),
            413,
            "too_large",
            "At most 65536 bytes are read.",
        ),
    ];
    for (body, status, code, detail) in cases {
        let said = server.ask(send(body.to_owned())).await;
        assert_eq!(
            (said.code(), said.body["detail"].as_str()),
            ((status, code), Some(detail))
        );
        assert_eq!(
            (said.header(header::CONTENT_TYPE), said.header(TK.0)),
            ("application/problem+json", "N")
        );
    }
    let text = with(send("{}".into()), header::CONTENT_TYPE, "text/plain");
    assert_eq!(server.ask(text).await.code(), (415, "wrong_content_type"));
    assert_eq!(
        server
            .ask(send(format!("{}1{}", "[".repeat(9_999), "]".repeat(9_999))))
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn unknown_routes_and_methods_are_problems() {
    let server = fixture();
    for path in ["/api/", "/api/v1/none", "/api/v1/session/", "/api/v3/query"] {
        assert_eq!(server.ask(get(path)).await.code(), (404, "no_route"), "{path}");
    }
    let wrong = server.ask(get("/api/v2/query")).await;
    assert_eq!(
        (wrong.code(), wrong.header(header::ALLOW)),
        ((405, "wrong_method"), "POST")
    );
    let wrong = server.ask(post("/api/v1/live", "{}")).await;
    assert_eq!(
        (wrong.code(), wrong.header(header::ALLOW)),
        ((405, "wrong_method"), "GET,HEAD")
    );
}

#[tokio::test]
async fn live_numbers_come_at_once_and_end_with_the_server() {
    let server = fixture();
    let key = server.key("other", Scope::Read);
    let asked = |path: &str| with(get(path), header::AUTHORIZATION, &key);
    assert_eq!(
        server.ask(asked("/api/v1/live?site=mine.example")).await.code(),
        (404, "unknown_site")
    );
    assert_eq!(
        server.ask(get("/api/v1/live?site=other")).await.code(),
        (401, "not_signed_in")
    );
    assert_eq!(server.ask(asked("/api/v1/live")).await.code(), (404, "unknown_site"));
    let answer = server
        .router
        .clone()
        .oneshot(asked("/api/v1/live?site=other"))
        .await
        .expect("infallible");
    assert_eq!(
        (answer.status(), &answer.headers()[header::CONTENT_TYPE]),
        (StatusCode::OK, &"text/event-stream".parse().expect("a header"))
    );
    let mut body = answer.into_body();
    let frame = http_body_util::BodyExt::frame(&mut body)
        .await
        .expect("a frame")
        .expect("data");
    let minutes = vec!["0"; 30].join(",");
    let expected = format!("data: {{\"visitors\":1,\"pageviews\":2,\"minutes\":[{minutes}]}}\n\n");
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
    let mut body = server
        .router
        .clone()
        .oneshot(request)
        .await
        .expect("infallible")
        .into_body();
    assert!(http_body_util::BodyExt::frame(&mut body).await.is_some());
    server
        .registry
        .update("cli", |draft| Ok(draft.revoke_key(&id)?))
        .expect("revoked");
    assert!(http_body_util::BodyExt::frame(&mut body).await.is_none());
}
