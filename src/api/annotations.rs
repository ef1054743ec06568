//! `/api/v1/annotations`: notes on the time line.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asked::{Asked, OfSite, name, parameters};
use super::auth::{Caller, changer, changer_and_body};
use super::problems;
use super::state::ApiState;
use crate::http::problem::Problem;
use crate::model::Day;
use crate::registry::{AnnotationRecord, Role};

const NO_DAY: Problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_annotation", "This value is not allowed");

/// A note on the time line.
#[derive(Serialize, ToSchema)]
pub(super) struct Annotation {
    /// Its id.
    id: String,
    /// The day, in the site's zone.
    #[schema(value_type = String, format = Date, example = "2026-11-21")]
    day: Date,
    /// What happened.
    text: String,
}

/// A new note.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAnnotation {
    /// The day, in the site's zone.
    #[schema(value_type = String, format = Date, example = "2026-11-21")]
    day: Date,
    /// What happened.
    #[schema(min_length = 1, max_length = 200, example = "New design")]
    text: String,
}

/// The notes of a site, by day.
#[derive(Serialize, ToSchema)]
pub(super) struct Annotations {
    annotations: Vec<Annotation>,
}

/// The notes of a site
#[utoipa::path(get, path = "/api/v1/annotations", tag = "annotations", params(OfSite),
    responses((status = 200, body = Annotations), problems::Showing))]
pub(super) async fn list(
    State(state): State<ApiState>,
    headers: HeaderMap,
    asked: Asked<OfSite>,
) -> Result<Json<Annotations>, Problem> {
    let caller = Caller::of(&state.registry, &headers)?;
    let site = caller.readable(&state.registry, &parameters(asked)?.site)?;
    let snapshot = state.registry.snapshot();
    let records = snapshot.record(site.id.as_str()).map(|record| record.annotations.clone()).unwrap_or_default();
    Ok(Json(Annotations { annotations: records.into_iter().map(Annotation::from).collect() }))
}

/// Add a note
#[utoipa::path(post, path = "/api/v1/annotations", tag = "annotations", params(OfSite), request_body = NewAnnotation,
    responses((status = 201, body = Annotation), problems::Changing))]
pub(super) async fn add(
    State(state): State<ApiState>,
    headers: HeaderMap,
    asked: Asked<OfSite>,
    body: Body,
) -> Result<(StatusCode, Json<Annotation>), Problem> {
    let OfSite { site } = parameters(asked)?;
    let (who, new) = changer_and_body::<NewAnnotation>(&state, (headers, body), &site, Role::Editor).await?;
    Day::from_date(new.day).ok_or_else(|| NO_DAY.detail("day: lies between 1970-01-01 and 2149-06-06"))?;
    let added = move |registry: &crate::registry::Registry| {
        registry.update(&who, |draft| draft.add_annotation(&site, new.day, &new.text))
    };
    Ok((StatusCode::CREATED, Json(state.registering(added).await?.into())))
}

/// Remove a note
#[utoipa::path(delete, path = "/api/v1/annotations/{id}", tag = "annotations",
    params(("id" = String, Path, description = "The note"), OfSite),
    responses((status = 204, description = "Removed"), problems::Removing))]
pub(super) async fn remove(
    State(state): State<ApiState>,
    headers: HeaderMap,
    path: Result<Path<String>, PathRejection>,
    asked: Asked<OfSite>,
) -> Result<StatusCode, Problem> {
    let (id, OfSite { site }) = (name(path)?, parameters(asked)?);
    let who = changer(&state, &headers, &site, Role::Editor)?;
    state.registering(move |registry| registry.update(&who, |draft| Ok(draft.remove_annotation(&site, &id)?))).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<AnnotationRecord> for Annotation {
    fn from(AnnotationRecord { id, day, text }: AnnotationRecord) -> Self {
        Self { id, day, text }
    }
}
