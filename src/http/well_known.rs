//! What the server says of itself under `/.well-known/`: it tracks nobody, and it honours GPC.
//!
//! Sources: W3C Tracking Preference Expression 6.5 (tracking status resource), Global Privacy Control 4.2.

use axum::Router;
use axum::http::header;
use axum::routing::get;

const DNT: &str = r#"{"tracking":"N","compliance":[]}"#;
const GPC: &str = r#"{"gpc":true,"lastUpdate":"2026-11-21"}"#;

/// The two documents.
pub fn router() -> Router {
    Router::new()
        .route(
            "/.well-known/dnt/",
            get(|| async { ([(header::CONTENT_TYPE, "application/tracking-status+json")], DNT) }),
        )
        .route("/.well-known/gpc.json", get(|| async { ([(header::CONTENT_TYPE, "application/json")], GPC) }))
}
