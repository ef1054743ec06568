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

mod defining;
mod described;
mod owning;
mod reading;
mod sharing;
mod sign_in;

use super::*;
use crate::clock::Clock;
use crate::files::{TestDirectory, test_directory};
use crate::model::Site;
use crate::registry::{Registry, Rights, Role, Scope, SiteChange, first_start, hash_password};
use crate::stats::Reader;
use crate::stats::special::Question;

struct Echo;

impl Reports for Echo {
    fn answer(&self, site: Arc<Site>, reader: Reader, body: Bytes) -> Answer<'_> {
        let length = body.len();
        Box::pin(async move { Ok(told(&site, reader, json!({ "bytes": length }))) })
    }

    fn special(&self, site: Arc<Site>, reader: Reader, question: Question) -> Answer<'_> {
        let asked = format!("{question:?}");
        Box::pin(async move { Ok(told(&site, reader, json!({ "asked": asked }))) })
    }
}

/// What was asked about which site; that the public asks is said.
fn told(site: &Site, reader: Reader, mut asked: Value) -> Bytes {
    asked["site"] = json!(site.id.as_str());
    if reader == Reader::Public {
        asked["public"] = json!(true);
    }
    asked.to_string().into()
}

impl Live for Echo {
    fn now(&self, _: &Site) -> LiveNumbers {
        let row = |value: &str| vec![LiveRow { value: value.into(), visitors: 7 }];
        let (pages, sources, countries) = (row("/"), row("Google"), Vec::new());
        LiveNumbers { visitors: 1, pageviews: 2, minutes: [0; 30], pages, sources, countries }
    }
}

impl Totals for Echo {
    fn lay_in<'a>(&'a self, _: Arc<Site>, _: &'a str, days: Vec<DayTotals>) -> Laying<'a> {
        Box::pin(async move { Ok(days.into_iter().map(|(day, _)| (day, "imported")).collect()) })
    }

    fn lift<'a>(&'a self, _: Arc<Site>, _: &'a str) -> Lifting<'a> {
        Box::pin(async { Ok(1) })
    }
}

struct Fixture {
    registry: Arc<Registry>,
    router: Router,
    stop: CancellationToken,
    _scratch: TestDirectory,
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
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    /// `name=value` of the cookie that was set.
    fn cookie(&self) -> String {
        self.header(header::SET_COOKIE).split(';').next().unwrap_or_default().to_owned()
    }
}

fn fixture() -> Fixture {
    fixture_at("http://127.0.0.1:8600")
}

fn fixture_at(public_url: &str) -> Fixture {
    let scratch = test_directory();
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
        credits: vec![Credit { text: "Data".into(), url: "https://data.example/".into() }],
    };
    let (echo, stop) = (Arc::new(Echo), CancellationToken::new());
    let state = ApiState::new(registry.clone(), echo.clone(), (echo.clone(), echo), settings, stop.clone());
    Fixture { registry, router: router(state), stop, _scratch: scratch }
}

fn post(path: &str, body: impl Into<Body>) -> Request<Body> {
    let request =
        Request::post(path).header("content-type", "application/json").header("sec-fetch-site", "same-origin");
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
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).expect("JSON") };
        Said { status: parts.status.as_u16(), headers: parts.headers, body }
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
    post("/api/v1/session", json!({ "user": user, "password": password }).to_string())
}

fn query(site: &str) -> Request<Body> {
    post("/api/v2/query", json!({ "site_id": site, "metrics": ["visitors"] }).to_string())
}
