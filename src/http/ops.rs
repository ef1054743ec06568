//! The ops listener: health and metrics. For the operator's network only.

use std::sync::Arc;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio_util::sync::CancellationToken;

use super::problem::{Problem, TK};
use crate::deliver::intake::Intake;
use crate::telemetry::metrics::Metrics;

/// What the ops listener looks at.
pub struct Ops {
    /// The page `/metrics`.
    pub metrics: Metrics,
    /// Whether hits can be taken in.
    pub intake: Arc<Intake>,
    /// Set when the program stops.
    pub stopping: CancellationToken,
}

/// `/healthz`, `/readyz`, `/metrics`.
pub fn router(ops: Arc<Ops>) -> Router {
    let ready = ops.clone();
    Router::new()
        .route("/healthz", get(|| async { ([TK], "ok\n") }))
        .route("/readyz", get(move || async move { readiness(&ready) }))
        .route("/metrics", get(move || async move { metrics(&ops) }))
        .method_not_allowed_fallback(|| async { Problem::wrong_method() })
        .fallback(|| async { Problem::no_route() })
}

/// Ready means: a hit sent now is accepted. ClickHouse may be away, the spool may not be full.
fn readiness(ops: &Ops) -> Response {
    if ops.stopping.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, [TK], "stopping\n").into_response();
    }
    match ops.intake.admits() {
        Ok(()) => ([TK], "ready\n").into_response(),
        Err(reason) => (StatusCode::SERVICE_UNAVAILABLE, [TK], format!("{}\n", reason.code())).into_response(),
    }
}

fn metrics(ops: &Ops) -> Response {
    let kind = (header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8");
    match ops.metrics.page() {
        Ok(page) => ([TK], [kind], page).into_response(),
        Err(_) => Problem::internal().into_response(),
    }
}
