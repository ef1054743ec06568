//! The API's handlers: sign-in, sites, queries, live numbers. Mounted by `http/router`; every handler gets
//! [`ApiState`], which holds its collaborators and nothing else. Knows no SQL and no socket.

mod auth;
mod body;
mod claim;
mod gate;
mod live;
mod query;
mod session;
mod state;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};

pub use live::{Live, LiveNumbers};
pub use query::{Answer, Reports};
pub use state::{ApiState, Credit, Settings};

use crate::http::problem::{Problem, TK};

/// Largest body the API reads, in bytes.
pub const BODY_LIMIT: usize = 64 * 1024;

/// Every route of the API, all below `/api/`. Unknown ones and wrong methods are problems.
pub fn router(state: ApiState) -> Router {
    Router::new()
        .route("/api/v1/session", get(session::show).post(session::open).delete(session::close))
        .route("/api/v1/claim", get(claim::show).post(claim::claim))
        .route("/api/v1/live", get(live::stream))
        .route("/api/v2/query", post(query::query))
        .route("/api/", any(no_route))
        .route("/api/{*rest}", any(no_route))
        .method_not_allowed_fallback(wrong_method)
        .layer(axum::middleware::map_response(finish))
        .with_state(state)
}

async fn no_route() -> Problem {
    Problem::no_route()
}

async fn wrong_method() -> Response {
    Problem::wrong_method().into_response()
}

/// Headers of every answer.
async fn finish(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(TK.0, TK.1);
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests;
