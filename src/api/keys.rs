//! `/api/v1/sites/{site}/keys`: bearer keys, as an owner who is signed in sees and makes them. No key makes keys.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asked::{name, names};
use super::auth::{Needed, entitled};
use super::defined::{self, Created};
use super::problems;
use super::state::ApiState;
use crate::http::problem::Problem;
use crate::registry::{self, Scope};

/// A key.
#[derive(Serialize, ToSchema)]
#[schema(as = Key)]
pub(super) struct Key {
    /// Its id; no secret.
    id: String,
    /// What it may do: ask for numbers, send events, or both and change the site.
    #[schema(value_type = String, pattern = "^(read|write|admin)$")]
    scope: Scope,
    /// A note of whoever made it.
    label: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
    /// When it ends by itself, as those do that a running command has; null: never.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<jiff::Timestamp>,
    /// When it was revoked; null while it works.
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<jiff::Timestamp>,
}

/// The keys of a site, revoked ones included, in the order they were made.
#[derive(Serialize, ToSchema)]
pub(super) struct Keys {
    keys: Vec<Key>,
}

/// A new key.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewKey {
    /// What it may do.
    #[schema(value_type = String, pattern = "^(read|write|admin)$", example = "read")]
    scope: Scope,
    /// A note for yourself.
    #[serde(default)]
    #[schema(max_length = 100, example = "nightly report")]
    label: String,
}

/// A key, with its secret.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeKey {
    #[serde(flatten)]
    described: Key,
    /// The key. It is told this once and kept as a hash.
    key: String,
}

/// The keys of a site
#[utoipa::path(get, path = "/api/v1/sites/{site}/keys", tag = "sites", security(("cookie" = [])),
    params(("site" = String, Path, description = "The site")),
    responses((status = 200, body = Keys), problems::Showing))]
pub(super) async fn list(
    State(state): State<ApiState>,
    headers: HeaderMap,
    path: Result<Path<String>, PathRejection>,
) -> Result<Json<Keys>, Problem> {
    let site = name(path)?;
    entitled(&state, &headers, &site, Needed::OwnerInPerson)?;
    let snapshot = state.registry.snapshot();
    let of_site = snapshot.book().keys.iter().filter(|key| key.site == site);
    Ok(Json(Keys { keys: of_site.cloned().map(Key::from).collect() }))
}

/// Make a key
#[utoipa::path(post, path = "/api/v1/sites/{site}/keys", tag = "sites", security(("cookie" = [])),
    params(("site" = String, Path, description = "The site")), request_body = NewKey,
    responses((status = 201, body = MadeKey), problems::Changing))]
pub(super) async fn add(
    State(state): State<ApiState>,
    headers: HeaderMap,
    path: Result<Path<String>, PathRejection>,
    body: Body,
) -> Created<MadeKey> {
    let of = (name(path)?, Needed::OwnerInPerson);
    let add = |draft: &mut registry::Draft, site: &str, new: NewKey| draft.issue_key(site, new.scope, &new.label);
    defined::added(&state, (headers, body), of, add).await
}

/// Revoke a key
#[utoipa::path(delete, path = "/api/v1/sites/{site}/keys/{id}", tag = "sites", security(("cookie" = [])),
    params(("site" = String, Path, description = "The site"), ("id" = String, Path, description = "The key")),
    responses((status = 204, description = "Revoked"), problems::Removing))]
pub(super) async fn remove(
    State(state): State<ApiState>,
    headers: HeaderMap,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<StatusCode, Problem> {
    let (site, id) = names(path)?;
    let remove = move |draft: &mut registry::Draft, site: &str| Ok(draft.revoke_key_of(site, &id)?);
    defined::removed(&state, &headers, (site, Needed::OwnerInPerson), remove).await
}

impl From<registry::Key> for Key {
    fn from(registry::Key { id, scope, label, created_at, expires_at, revoked_at, .. }: registry::Key) -> Self {
        Self { id, scope, label, created_at, expires_at, revoked_at }
    }
}

impl From<(registry::Key, String)> for MadeKey {
    fn from((record, key): (registry::Key, String)) -> Self {
        Self { described: record.into(), key }
    }
}
