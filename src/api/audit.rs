//! `GET /api/v1/audit`: who changed what and when, newest first. For owners: of one site, or of all.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::asked::{Asked, parameters};
use super::auth::{Needed, entitled, owner_of_all};
use super::problems;
use super::state::ApiState;
use crate::http::problem::Problem;
use crate::registry::AuditLine;

/// Most changes of an answer, and how many unless asked for otherwise.
const MOST: u16 = 500;
const CHANGES: u16 = 100;

const BAD_LIMIT: Problem =
    Problem::new(StatusCode::BAD_REQUEST, "bad_parameter", "A parameter is missing or of a wrong type");

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Changes of this site, for its owners; of everything unless said, for owners of all sites.
    #[param(nullable = false, min_length = 1, max_length = 64)]
    site: Option<String>,
    /// How many at the most.
    #[param(nullable = false, minimum = 1, maximum = 500)]
    limit: Option<u16>,
}

/// One change.
#[derive(Serialize, ToSchema)]
pub(super) struct Change {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: jiff::Timestamp,
    /// Name of the user; `key` and its id; `cli` or `server`.
    who: String,
    /// What kind of change.
    #[schema(example = "site_edited")]
    what: String,
    /// The site, user or key that was changed.
    about: String,
    /// The site it belongs to; null when it is not of one site.
    site: Option<String>,
    /// What it is now.
    detail: String,
}

/// Changes, newest first.
#[derive(Serialize, ToSchema)]
pub(super) struct Changes {
    changes: Vec<Change>,
}

/// What was changed, newest first
///
/// Reads the last megabyte of the list; what is older is in the state directory.
#[utoipa::path(get, path = "/api/v1/audit", tag = "sites", params(Which), security(("cookie" = [])),
    responses((status = 200, body = Changes), problems::Auditing))]
pub(super) async fn list(
    State(state): State<ApiState>,
    headers: HeaderMap,
    asked: Asked<Which>,
) -> Result<Json<Changes>, Problem> {
    let Which { site, limit } = parameters(asked)?;
    match &site {
        Some(site) => entitled(&state, &headers, site, Needed::OwnerInPerson)?,
        None => drop(owner_of_all(&state, &headers)?),
    }
    let limit = limit.unwrap_or(CHANGES);
    if !(1..=MOST).contains(&limit) {
        return Err(BAD_LIMIT.detail(format!("limit: 1 to {MOST}")));
    }
    let read = state.registering(move |registry| registry.audit(site.as_deref(), usize::from(limit)));
    Ok(Json(Changes { changes: read.await?.into_iter().map(Change::from).collect() }))
}

impl From<AuditLine> for Change {
    fn from(AuditLine { at, who, what, about, site, detail }: AuditLine) -> Self {
        Self { at, who, what, about, site, detail }
    }
}
