//! What the routes of everything that a site defines have in common: goals, funnels, annotations, links and keys are
//! listed, added and removed in the same way. What differs is the record and the role it takes.

use axum::Json;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use super::auth::{Caller, Needed, UNKNOWN_SITE, changer, changer_and_body};
use super::state::ApiState;
use crate::http::problem::Problem;
use crate::registry::{Draft, RegistryError, SiteRecord};

/// An added thing, as its route answers.
pub(super) type Created<T> = Result<(StatusCode, Json<T>), Problem>;

/// What a site has of one kind, for whoever may read its numbers.
pub(super) fn listed<Record: Clone, Shown: From<Record>>(
    state: &ApiState,
    headers: &HeaderMap,
    site: &str,
    of: fn(&SiteRecord) -> &[Record],
) -> Result<Vec<Shown>, Problem> {
    let site = Caller::reading(&state.registry, headers)?.readable(&state.registry, site)?;
    let snapshot = state.registry.snapshot();
    let record = snapshot.record(site.id.as_str()).ok_or(UNKNOWN_SITE)?;
    Ok(of(record).iter().cloned().map(Shown::from).collect())
}

/// Adds what the body of a request describes, when the caller may.
pub(super) async fn added<New, Record, Shown>(
    state: &ApiState,
    request: (HeaderMap, Body),
    (site, needed): (String, Needed),
    add: impl FnOnce(&mut Draft, &str, New) -> Result<Record, RegistryError> + Send + 'static,
) -> Created<Shown>
where
    New: DeserializeOwned + Send + 'static,
    Record: Send + 'static,
    Shown: From<Record>,
{
    let (who, new) = changer_and_body::<New>(state, request, &site, needed).await?;
    let record = changed(state, who, move |draft| add(draft, &site, new)).await?;
    Ok((StatusCode::CREATED, Json(record.into())))
}

/// Removes something, when the caller may.
pub(super) async fn removed(
    state: &ApiState,
    headers: &HeaderMap,
    (site, needed): (String, Needed),
    remove: impl FnOnce(&mut Draft, &str) -> Result<(), RegistryError> + Send + 'static,
) -> Result<StatusCode, Problem> {
    let who = changer(state, headers, &site, needed)?;
    changed(state, who, move |draft| remove(draft, &site)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes the registry in the name of `who`.
pub(super) async fn changed<T: Send + 'static>(
    state: &ApiState,
    who: String,
    change: impl FnOnce(&mut Draft) -> Result<T, RegistryError> + Send + 'static,
) -> Result<T, Problem> {
    state.registering(move |registry| registry.update(&who, change)).await
}
