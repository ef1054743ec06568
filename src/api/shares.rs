//! `/api/v1/sites/{site}/shares`: links with which anybody reads a site, as its owner sees and makes them. What a reader
//! does with one is in `pass`.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asked::{name, names};
use super::auth::{Needed, changer_and_body, entitled};
use super::defined::{self, Created};
use super::problems;
use super::state::ApiState;
use crate::http::problem::Problem;
use crate::registry::{self, ShareRecord};

/// A link with which anybody reads a site.
#[derive(Serialize, ToSchema)]
pub(super) struct Share {
    /// Its id.
    id: String,
    /// What it is called.
    name: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
    /// Whether it opens with a password only.
    has_password: bool,
}

/// The links of a site, in the order they were made.
#[derive(Serialize, ToSchema)]
pub(super) struct Shares {
    shares: Vec<Share>,
}

/// A new link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewShare {
    /// What it is called; readers see it.
    #[schema(min_length = 1, max_length = 100, example = "For the press")]
    name: String,
    /// With which it opens; none: the link is enough.
    #[serde(default)]
    #[schema(min_length = 10, max_length = 1024)]
    password: Option<String>,
}

/// A link, with its secret.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeShare {
    #[serde(flatten)]
    share: Share,
    /// The secret in the link. It is told this once and kept as a hash.
    token: String,
    /// The link.
    url: String,
}

/// The shared links of a site
#[utoipa::path(get, path = "/api/v1/sites/{site}/shares", tag = "sites",
    params(("site" = String, Path, description = "The site")),
    responses((status = 200, body = Shares), problems::Showing))]
pub(super) async fn list(
    State(state): State<ApiState>,
    headers: HeaderMap,
    path: Result<Path<String>, PathRejection>,
) -> Result<Json<Shares>, Problem> {
    let site = name(path)?;
    entitled(&state, &headers, &site, Needed::Owner)?;
    let snapshot = state.registry.snapshot();
    let of_site = snapshot.book().shares.iter().filter(|share| share.site == site);
    Ok(Json(Shares { shares: of_site.cloned().map(Share::from).collect() }))
}

/// Share a site: whoever has the link reads its numbers, k applied to every dimension
#[utoipa::path(post, path = "/api/v1/sites/{site}/shares", tag = "sites",
    params(("site" = String, Path, description = "The site")), request_body = NewShare,
    responses((status = 201, body = MadeShare), problems::Changing))]
pub(super) async fn add(
    State(state): State<ApiState>,
    headers: HeaderMap,
    path: Result<Path<String>, PathRejection>,
    body: Body,
) -> Created<MadeShare> {
    let site = name(path)?;
    let (who, new) = changer_and_body::<NewShare>(&state, (headers, body), &site, Needed::Owner).await?;
    let password = match new.password {
        Some(password) => Some(state.hashed(password).await?),
        None => None,
    };
    let url = format!("{}/s/{site}?share=", state.settings.public_url);
    let add = move |draft: &mut registry::Draft| draft.add_share(&site, &new.name, password);
    let (record, token) = defined::changed(&state, who, add).await?;
    let url = format!("{url}{token}");
    Ok((StatusCode::CREATED, Json(MadeShare { share: record.into(), token, url })))
}

/// End a shared link
#[utoipa::path(delete, path = "/api/v1/sites/{site}/shares/{id}", tag = "sites",
    params(("site" = String, Path, description = "The site"), ("id" = String, Path, description = "The link")),
    responses((status = 204, description = "Removed"), problems::Removing))]
pub(super) async fn remove(
    State(state): State<ApiState>,
    headers: HeaderMap,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<StatusCode, Problem> {
    let (site, id) = names(path)?;
    let remove = move |draft: &mut registry::Draft, site: &str| Ok(draft.remove_share(site, &id)?);
    defined::removed(&state, &headers, (site, Needed::Owner), remove).await
}

impl From<ShareRecord> for Share {
    fn from(ShareRecord { id, name, password, created_at, .. }: ShareRecord) -> Self {
        Self { id, name, created_at, has_password: password.is_some() }
    }
}
