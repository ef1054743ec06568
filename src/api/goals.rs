//! `/api/v1/goals`: what the owner calls a success.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asked::{Asked, OfSite, name, parameters};
use super::auth::{Caller, changer, changer_and_body};
use super::problems;
use super::state::ApiState;
use crate::http::problem::Problem;
use crate::registry::{GoalRecord, Role};

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
#[utoipa::path(get, path = "/api/v1/goals", tag = "goals", params(OfSite),
    responses((status = 200, body = Goals), problems::Showing))]
pub(super) async fn list(
    State(state): State<ApiState>,
    headers: HeaderMap,
    asked: Asked<OfSite>,
) -> Result<Json<Goals>, Problem> {
    let caller = Caller::of(&state.registry, &headers)?;
    let site = caller.readable(&state.registry, &parameters(asked)?.site)?;
    let snapshot = state.registry.snapshot();
    let goals = snapshot.record(site.id.as_str()).map(|record| record.goals.clone()).unwrap_or_default();
    Ok(Json(Goals { goals: goals.into_iter().map(Goal::from).collect() }))
}

/// Add a goal; it counts from now on
#[utoipa::path(post, path = "/api/v1/goals", tag = "goals", params(OfSite), request_body = Goal,
    responses((status = 201, body = Goal), problems::Changing))]
pub(super) async fn add(
    State(state): State<ApiState>,
    headers: HeaderMap,
    asked: Asked<OfSite>,
    body: Body,
) -> Result<(StatusCode, Json<Goal>), Problem> {
    let OfSite { site } = parameters(asked)?;
    let (who, goal) = changer_and_body::<Goal>(&state, (headers, body), &site, Role::Editor).await?;
    let added = move |registry: &crate::registry::Registry| {
        registry.update(&who, |draft| Ok(draft.add_goal(&site, goal.into())?))
    };
    Ok((StatusCode::CREATED, Json(state.registering(added).await?.into())))
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
    let (goal, OfSite { site }) = (name(path)?, parameters(asked)?);
    let who = changer(&state, &headers, &site, Role::Editor)?;
    state.registering(move |registry| registry.update(&who, |draft| Ok(draft.remove_goal(&site, &goal)?))).await?;
    Ok(StatusCode::NO_CONTENT)
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
