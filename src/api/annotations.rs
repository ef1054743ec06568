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
use super::auth::{Needed, changer_and_body};
use super::defined::{self, Created};
use super::problems;
use super::state::ApiState;
use crate::http::problem::Problem;
use crate::registry::{AnnotationRecord, Draft};

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

/// What to change of a note; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
pub(super) struct AnnotationPatch {
    /// The day, in the site's zone.
    #[schema(value_type = Option<String>, format = Date, example = "2026-11-21")]
    day: Option<Date>,
    /// What happened.
    #[schema(min_length = 1, max_length = 200)]
    text: Option<String>,
}

/// The notes of a site, by day.
#[derive(Serialize, ToSchema)]
pub(super) struct Annotations {
    annotations: Vec<Annotation>,
}

/// The notes of a site
#[utoipa::path(get, path = "/api/v1/annotations", tag = "annotations",
    security(("key" = []), ("cookie" = []), ("share" = [])), params(OfSite),
    responses((status = 200, body = Annotations), problems::Showing))]
pub(super) async fn list(
    State(state): State<ApiState>,
    headers: HeaderMap,
    asked: Asked<OfSite>,
) -> Result<Json<Annotations>, Problem> {
    let annotations = defined::listed(&state, &headers, &parameters(asked)?.site, |site| &site.annotations)?;
    Ok(Json(Annotations { annotations }))
}

/// Add a note
#[utoipa::path(post, path = "/api/v1/annotations", tag = "annotations", params(OfSite), request_body = NewAnnotation,
    responses((status = 201, body = Annotation), problems::Changing))]
pub(super) async fn add(
    State(state): State<ApiState>,
    headers: HeaderMap,
    asked: Asked<OfSite>,
    body: Body,
) -> Created<Annotation> {
    let of = (parameters(asked)?.site, Needed::Editor);
    let add = |draft: &mut Draft, site: &str, new: NewAnnotation| draft.add_annotation(site, new.day, &new.text);
    defined::added(&state, (headers, body), of, add).await
}

/// Change a note
#[utoipa::path(patch, path = "/api/v1/annotations/{id}", tag = "annotations",
    params(("id" = String, Path, description = "The note"), OfSite), request_body = AnnotationPatch,
    responses((status = 200, description = "The note as it is now", body = Annotation), problems::Changing))]
pub(super) async fn change(
    State(state): State<ApiState>,
    headers: HeaderMap,
    path: Result<Path<String>, PathRejection>,
    asked: Asked<OfSite>,
    body: Body,
) -> Result<Json<Annotation>, Problem> {
    let (id, site) = (name(path)?, parameters(asked)?.site);
    let (who, patch) = changer_and_body::<AnnotationPatch>(&state, (headers, body), &site, Needed::Editor).await?;
    let edit = move |draft: &mut Draft| Ok(draft.edit_annotation(&site, &id, (patch.day, patch.text.as_deref()))?);
    let record = defined::changed(&state, who, edit).await?;
    Ok(Json(record.into()))
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
    let (id, of) = (name(path)?, (parameters(asked)?.site, Needed::Editor));
    defined::removed(&state, &headers, of, move |draft, site| Ok(draft.remove_annotation(site, &id)?)).await
}

impl From<AnnotationRecord> for Annotation {
    fn from(AnnotationRecord { id, day, text }: AnnotationRecord) -> Self {
        Self { id, day, text }
    }
}
