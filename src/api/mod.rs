//! The API's handlers: sign-in, sites, queries, live numbers. Mounted by `http/router`; every handler gets
//! [`ApiState`], which holds its collaborators and nothing else. Knows no SQL and no socket.

mod annotations;
mod asked;
mod audit;
mod auth;
mod body;
mod claim;
mod crossings;
mod defined;
mod described;
mod elsewhere;
pub mod export;
mod funnels;
mod gate;
mod goals;
mod imports;
mod keys;
mod live;
mod page;
mod pass;
mod problems;
mod queries;
mod query;
mod refused;
mod session;
mod shares;
mod sites;
mod special;
mod state;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use imports::{DayTotals, Laying, Lifting, TotalCell, Totals};
pub use live::{Live, LiveNumbers, LiveRow};
pub use query::{Answer, Reports};
pub use special::asked_wrong;
pub use state::{ApiState, Credit, Settings};

use crate::http::problem::{Problem, TK};

/// Largest body the API reads, in bytes.
pub const BODY_LIMIT: usize = 64 * 1024;

/// Every route of the API, all below `/api/`. Unknown ones and wrong methods are problems.
pub fn router(state: ApiState) -> Router {
    let (router, description) = described_routes().split_for_parts();
    let described = described::routes(description);
    router
        .with_state(state)
        .merge(described)
        .route("/api/", any(no_route))
        .route("/api/{*rest}", any(no_route))
        .method_not_allowed_fallback(wrong_method)
        .layer(axum::middleware::map_response(finish))
}

/// The routes with their descriptions, which are generated from the handlers.
fn described_routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::with_openapi(described::base())
        .routes(routes!(query::query))
        .routes(routes!(queries::queries))
        .routes(routes!(live::stream))
        .routes(routes!(special::journeys))
        .routes(routes!(special::retention))
        .routes(routes!(special::vitals))
        .routes(routes!(special::numbers))
        .routes(routes!(special::properties))
        .routes(routes!(funnels::show, funnels::add))
        .routes(routes!(funnels::remove))
        .routes(routes!(goals::list, goals::add))
        .routes(routes!(goals::remove))
        .routes(routes!(annotations::list, annotations::add))
        .routes(routes!(annotations::change, annotations::remove))
        .routes(routes!(sites::list, sites::add))
        .routes(routes!(sites::show, sites::change, sites::remove))
        .routes(routes!(shares::list, shares::add))
        .routes(routes!(shares::remove))
        .routes(routes!(imports::list))
        .routes(routes!(imports::lay_in))
        .routes(routes!(imports::remove))
        .routes(routes!(keys::list, keys::add))
        .routes(routes!(keys::remove))
        .routes(routes!(audit::list))
        .routes(routes!(session::show, session::open, session::close))
        .routes(routes!(pass::show, pass::open))
        .routes(routes!(claim::show, claim::claim))
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
