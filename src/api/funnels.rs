//! `/api/v1/funnels`: goals that follow each other within one visitor's day, and how far visitors came.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::asked::{Asked, OfSite, name, parameters};
use super::auth::Needed;
use super::defined::{self, Created};
use super::problems;
use super::special::{self, When};
use super::state::ApiState;
use crate::http::problem::Problem;
use crate::registry::{Draft, FunnelRecord};
use crate::stats::special::{self as stats, About, FunnelAnswer, FunnelAsked, Interval};

const UNKNOWN_FUNNEL: Problem = Problem::new(StatusCode::NOT_FOUND, "unknown_funnel", "There is nothing of this name");

/// A funnel.
#[derive(Serialize, ToSchema)]
pub(super) struct Funnel {
    /// Its id.
    id: String,
    /// What people see.
    name: String,
    /// Names of goals, in order.
    steps: Vec<String>,
    /// When it was defined; nothing is counted for the time before.
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
}

/// A new funnel.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewFunnel {
    /// What people see, unique within the site.
    #[schema(min_length = 1, max_length = 100, example = "Checkout")]
    name: String,
    /// Names of goals of the site, in order, each once.
    #[schema(min_items = 2, max_items = 8)]
    steps: Vec<String>,
}

/// The funnels of a site, in the order they were made.
#[derive(Serialize, ToSchema)]
pub(super) struct Funnels {
    funnels: Vec<Funnel>,
}

/// What is there, or how far visitors came in one of them.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, clippy::large_enum_variant, reason = "describes the two answers of one route, and is never made")]
pub(super) enum FunnelsOrAnswer {
    /// Without `funnel`.
    Definitions(Funnels),
    /// With `funnel`.
    Steps(FunnelAnswer),
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OfFunnel {
    /// Id of a funnel, whose steps are answered.
    #[param(nullable = false)]
    funnel: Option<String>,
    /// With `funnel`, also `series`: by day, week or month.
    #[param(inline, nullable = false)]
    interval: Option<Interval>,
    /// With `funnel`, also `comparison`: `previous_period`, `year_over_year`, or two dates with a comma between.
    #[param(example = "previous_period", nullable = false)]
    comparison: Option<String>,
}

/// The funnels of a site, or the steps of one
///
/// With `funnel`, how many visitors came as far as each of its steps within one day; also by time, and beside other days.
#[utoipa::path(get, path = "/api/v1/funnels", tag = "funnels",
    security(("key" = []), ("cookie" = []), ("share" = [])), params(When, OfFunnel),
    responses((status = 200, body = FunnelsOrAnswer), problems::Reading))]
pub(super) async fn show(
    State(state): State<ApiState>,
    headers: HeaderMap,
    when: Asked<When>,
    asked: Asked<OfFunnel>,
) -> Result<Response, Problem> {
    let (when, OfFunnel { funnel, interval, comparison }) = (parameters(when)?, parameters(asked)?);
    let Some(id) = funnel else {
        let funnels = defined::listed(&state, &headers, &when.site, |site| &site.funnels)?;
        return Ok(Json(Funnels { funnels }).into_response());
    };
    let comparison = comparison.as_deref().map(stats::comparison).transpose();
    let comparison = comparison.map_err(|error| special::asked_wrong(&error))?;
    let found = |site: &crate::model::Site| {
        let funnel = site.funnels.iter().find(|funnel| *funnel.id == *id).ok_or(UNKNOWN_FUNNEL)?;
        Ok(About::Funnel(FunnelAsked { funnel: funnel.clone(), interval, comparison }))
    };
    special::answer(&state, &headers, &when, found).await
}

/// Add a funnel; it counts from now on
#[utoipa::path(post, path = "/api/v1/funnels", tag = "funnels", params(OfSite), request_body = NewFunnel,
    responses((status = 201, body = Funnel), problems::Changing))]
pub(super) async fn add(
    State(state): State<ApiState>,
    headers: HeaderMap,
    asked: Asked<OfSite>,
    body: Body,
) -> Created<Funnel> {
    let of = (parameters(asked)?.site, Needed::Editor);
    let add = |draft: &mut Draft, site: &str, new: NewFunnel| draft.add_funnel(site, &new.name, new.steps);
    defined::added(&state, (headers, body), of, add).await
}

/// Remove a funnel; its counts are no longer shown
#[utoipa::path(delete, path = "/api/v1/funnels/{id}", tag = "funnels",
    params(("id" = String, Path, description = "The funnel"), OfSite),
    responses((status = 204, description = "Removed"), problems::Removing))]
pub(super) async fn remove(
    State(state): State<ApiState>,
    headers: HeaderMap,
    path: Result<Path<String>, PathRejection>,
    asked: Asked<OfSite>,
) -> Result<StatusCode, Problem> {
    let (id, of) = (name(path)?, (parameters(asked)?.site, Needed::Editor));
    defined::removed(&state, &headers, of, move |draft, site| Ok(draft.remove_funnel(site, &id)?)).await
}

impl From<FunnelRecord> for Funnel {
    fn from(FunnelRecord { id, name, steps, created_at }: FunnelRecord) -> Self {
        Self { id, name, steps, created_at }
    }
}
