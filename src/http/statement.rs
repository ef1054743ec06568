//! `/privacy` and `/privacy.json`: what is done with visitors, for people, in their language, and for machines. What it
//! says is brought by whoever implements [`Stated`]; the words are in [`crate::privacy::statement`].

use std::pin::Pin;
use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;

use super::problem::Problem;
use crate::privacy::statement::{Language, Statement, render};

/// The page loads its style from here, and nothing else.
const CONTENT_SECURITY_POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// A minute: ages are told in hours.
const KEPT: &str = "public, max-age=60";

/// A statement in time.
pub type Said<'a> = Pin<Box<dyn Future<Output = Statement> + Send + 'a>>;

/// Knows what is done.
pub trait Stated: Send + Sync {
    /// The statement; with the numbers of `site` when it shows its numbers to everybody, else as if it were not named.
    fn statement<'a>(&'a self, site: Option<&'a str>) -> Said<'a>;
}

#[derive(Default, Deserialize)]
struct Asked {
    site: Option<String>,
    lang: Option<String>,
}

type Given = Result<Query<Asked>, QueryRejection>;

/// The two documents.
pub fn router(stated: Arc<dyn Stated>) -> Router {
    Router::new()
        .route("/privacy", get(page))
        .route("/privacy.json", get(document))
        .method_not_allowed_fallback(|| async { Problem::wrong_method() })
        .with_state(stated)
}

async fn page(State(stated): State<Arc<dyn Stated>>, asked: Given, headers: HeaderMap) -> Response {
    let asked = asked.map(|Query(asked)| asked).unwrap_or_default();
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let language = Language::chosen(asked.lang.as_deref(), accepted);
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_LANGUAGE, language.code()),
        (header::VARY, "accept-language"),
        (header::CACHE_CONTROL, KEPT),
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, render(&stated.statement(asked.site.as_deref()).await, language)).into_response()
}

async fn document(State(stated): State<Arc<dyn Stated>>, asked: Given) -> Response {
    let asked = asked.map(|Query(asked)| asked).unwrap_or_default();
    let headers = [(header::CACHE_CONTROL, KEPT), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    (headers, Json(stated.statement(asked.site.as_deref()).await)).into_response()
}
