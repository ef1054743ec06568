//! `/api/v1/goals`: what the owner calls a success.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asked::{Asked, OfSite, name, parameters};
use super::auth::Needed;
use super::defined::{self, Created};
use super::problems;
use super::state::ApiState;
use crate::http::problem::Problem;
use crate::registry::{Draft, GoalRecord};

/// A goal: a page pattern, or else an event, with a property if one is named.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Goal {
    /// Its name, unique within the site.
    #[schema(min_length = 1, max_length = 100, example = "Thank you")]
    name: String,
    /// Pattern of the page's path; `*` is any text without a slash, `**` any text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 500, pattern = "^[/*]", example = "/thanks/**")]
    page: Option<String>,
    /// Name of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 64)]
    event: Option<String>,
    /// `key=value` of a property the event must carry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 3, max_length = 161)]
    property: Option<String>,
}

/// The goals of a site, by name.
#[derive(Serialize, ToSchema)]
pub(super) struct Goals {
    goals: Vec<Goal>,
}

/// The goals of a site
#[utoipa::path(get, path = "/api/v1/goals", tag = "goals",
    security(("key" = []), ("cookie" = []), ("share" = [])), params(OfSite),
    responses((status = 200, body = Goals), problems::Showing))]
pub(super) async fn list(
    State(state): State<ApiState>,
    headers: HeaderMap,
    asked: Asked<OfSite>,
) -> Result<Json<Goals>, Problem> {
    let goals = defined::listed(&state, &headers, &parameters(asked)?.site, |site| &site.goals)?;
    Ok(Json(Goals { goals }))
}

/// Add a goal; it counts from now on
#[utoipa::path(post, path = "/api/v1/goals", tag = "goals", params(OfSite), request_body = Goal,
    responses((status = 201, body = Goal), problems::Changing))]
pub(super) async fn add(
    State(state): State<ApiState>,
    headers: HeaderMap,
    asked: Asked<OfSite>,
    body: Body,
) -> Created<Goal> {
    let of = (parameters(asked)?.site, Needed::Editor);
    let add = |draft: &mut Draft, site: &str, goal: Goal| Ok(draft.add_goal(site, goal.into())?);
    defined::added(&state, (headers, body), of, add).await
}

/// Remove a goal; what has been counted stays
#[utoipa::path(delete, path = "/api/v1/goals/{name}", tag = "goals",
    params(("name" = String, Path, description = "The goal"), OfSite),
    responses((status = 204, description = "Removed"), problems::Removing))]
pub(super) async fn remove(
    State(state): State<ApiState>,
    headers: HeaderMap,
    path: Result<Path<String>, PathRejection>,
    asked: Asked<OfSite>,
) -> Result<StatusCode, Problem> {
    let (goal, of) = (name(path)?, (parameters(asked)?.site, Needed::Editor));
    defined::removed(&state, &headers, of, move |draft, site| Ok(draft.remove_goal(site, &goal)?)).await
}

impl From<GoalRecord> for Goal {
    fn from(GoalRecord { name, page, event, property }: GoalRecord) -> Self {
        Self { name, page, event, property }
    }
}

impl From<Goal> for GoalRecord {
    fn from(Goal { name, page, event, property }: Goal) -> Self {
        Self { name, page, event, property }
    }
}
