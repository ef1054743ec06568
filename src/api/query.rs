//! `POST /api/v2/query`: who asks, which site; the answer is made by whoever implements [`Reports`].

use std::pin::Pin;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Deserialize;
use utoipa::ToSchema;

use super::auth::{Caller, same_site};
use super::body;
use super::problems;
use super::state::ApiState;
use crate::http::problem::Problem;
use crate::model::Site;
use crate::registry::Snapshot;
use crate::stats::Reader;
use crate::stats::special::Question;

/// The answer to a query in time: its JSON, or why there is none.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Result<Bytes, Problem>> + Send + 'a>>;

/// Answers queries about one site.
pub trait Reports: Send + Sync {
    /// The JSON answer to `body`, the query as sent, by the rules of `reader`. The caller has the right to read `site`, and
    /// `site_id` of the body names it.
    fn answer(&self, site: Arc<Site>, reader: Reader, body: Bytes) -> Answer<'_>;

    /// The JSON answer to a question that the query language has no words for. The caller has the right to read `site`.
    fn special(&self, site: Arc<Site>, reader: Reader, question: Question) -> Answer<'_>;
}

#[derive(Deserialize)]
struct Asked {
    site_id: String,
}

/// A query, in the shape of Plausible's Stats API v2.
#[derive(ToSchema)]
#[schema(as = Query)]
#[expect(dead_code, reason = "describes what `stats::query` reads")]
pub(super) struct QueryDocument {
    /// The site.
    #[schema(min_length = 1, max_length = 64, example = "demo")]
    site_id: String,
    /// What is counted, each once.
    #[schema(min_items = 1, example = json!(["visitors", "pageviews"]))]
    metrics: Vec<String>,
    /// A word such as `7d`, or two dates.
    #[schema(value_type = Value, example = "7d")]
    date_range: serde_json::Value,
    /// What rows stand for; none: one row of totals.
    #[schema(nullable = false, example = json!(["event:page"]))]
    dimensions: Option<Vec<String>>,
    /// At most one: `[operator, dimension, values]`.
    #[schema(nullable = false, value_type = Option<Vec<Value>>)]
    filters: Option<Vec<serde_json::Value>>,
    /// Pairs of a metric or dimension, and `asc` or `desc`.
    #[schema(nullable = false, value_type = Option<Vec<Value>>)]
    order_by: Option<Vec<serde_json::Value>>,
    /// What else is wanted.
    #[schema(nullable = false, value_type = Option<Object>)]
    include: Option<serde_json::Value>,
    /// `limit` and `offset`.
    #[schema(nullable = false, value_type = Option<Object>)]
    pagination: Option<serde_json::Value>,
}

/// The answer to a query.
#[derive(ToSchema)]
#[schema(as = QueryAnswer)]
#[expect(dead_code, reason = "describes what `stats::result` writes")]
pub(super) struct AnswerDocument {
    /// The rows.
    results: Vec<RowDocument>,
    /// What to know about them: what was folded, how visitors are to be read, the zone.
    #[schema(value_type = Object)]
    meta: serde_json::Value,
    /// The query as it was understood.
    #[schema(value_type = Object)]
    query: serde_json::Value,
}

/// One row.
#[derive(ToSchema)]
#[schema(as = QueryRow)]
#[expect(dead_code, reason = "describes what `stats::result` writes")]
pub(super) struct RowDocument {
    /// The value of each dimension.
    dimensions: Vec<String>,
    /// The numbers, in the order of the metrics.
    metrics: Vec<f64>,
    /// With `include.comparison`: the same group in the days compared with, and the change in percent.
    #[schema(nullable = false)]
    comparison: Option<ComparedDocument>,
}

/// The same group in the days compared with.
#[derive(ToSchema)]
#[schema(as = QueryComparison)]
#[expect(dead_code, reason = "describes what `stats::result` writes")]
pub(super) struct ComparedDocument {
    /// The value of each dimension then; differs from now in time only.
    dimensions: Vec<String>,
    /// The numbers then.
    metrics: Vec<f64>,
    /// The change since then in percent; null where the number was zero.
    change: Vec<Option<f64>>,
}

/// Ask for counts
///
/// The shape of Plausible's Stats API v2, with what is kept here.
#[utoipa::path(post, path = "/api/v2/query", tag = "reading",
    security(("key" = []), ("cookie" = []), ("share" = [])), request_body = QueryDocument,
    responses((status = 200, body = AnswerDocument), problems::Querying))]
pub(super) async fn query(State(state): State<ApiState>, headers: HeaderMap, body: Body) -> Result<Response, Problem> {
    let caller = Caller::reading(&state.registry, &headers)?;
    let bytes = body_of(&state, &caller, &headers, body).await?;
    let answer = answer(&state, (&caller, &state.registry.snapshot()), bytes).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], answer).into_response())
}

/// What was sent: from a page JSON by its header, from a program whatever it calls it.
pub(super) async fn body_of(
    state: &ApiState,
    caller: &Caller,
    headers: &HeaderMap,
    body: Body,
) -> Result<Bytes, Problem> {
    if matches!(caller, Caller::User(_)) {
        same_site(state, headers, true)?;
        return body::read(headers, body).await;
    }
    body::read_any(body).await
}

/// The JSON answer to one query, when the caller may read the site it names.
pub(super) async fn answer(
    state: &ApiState,
    (caller, snapshot): (&Caller, &Snapshot),
    query: Bytes,
) -> Result<Bytes, Problem> {
    let asked: Asked = body::parse(&query)?;
    let site = caller.readable_in(snapshot, &asked.site_id)?;
    state.reports.answer(site, caller.reader(), query).await
}
