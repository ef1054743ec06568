//! `POST /api/v2/query`: who asks, which site; the answer is made by whoever implements [`Reports`].

use std::pin::Pin;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Deserialize;

use super::auth::{Caller, same_site};
use super::body;
use super::state::ApiState;
use crate::http::problem::Problem;
use crate::model::Site;

/// The answer to a query in time: its JSON, or why there is none.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Result<Bytes, Problem>> + Send + 'a>>;

/// Answers queries about one site.
pub trait Reports: Send + Sync {
    /// The JSON answer to `body`, the query as sent. The caller has the right to read `site`, and `site_id` of the body
    /// names it.
    fn answer(&self, site: Arc<Site>, body: Bytes) -> Answer<'_>;
}

#[derive(Deserialize)]
struct Asked {
    site_id: String,
}

/// Answers a query.
pub(super) async fn query(State(state): State<ApiState>, headers: HeaderMap, body: Body) -> Result<Response, Problem> {
    let caller = Caller::of(&state.registry, &headers)?;
    let bytes = if matches!(caller, Caller::User(_)) {
        same_site(&state, &headers, true)?;
        body::read(&headers, body).await?
    } else {
        body::read_any(body).await?
    };
    let asked: Asked = body::parse(&bytes)?;
    let site = caller.readable(&state.registry, &asked.site_id)?;
    let answer = state.reports.answer(site, bytes).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], answer).into_response())
}
