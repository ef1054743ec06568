//! `/api/v1/claim`: a one-time link sets a password and signs in.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::same_site;
use super::state::ApiState;
use super::{body, problems, session};
use crate::http::problem::Problem;
use crate::registry::Registry;

pub(super) const LINK_USED: Problem =
    Problem::new(StatusCode::GONE, "link_used", "This link has been used or is too old");
const WEAK_PASSWORD: Problem =
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "weak_password", "This password is too short or too long");

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The token of the link.
    token: String,
}

/// A password for the user of a one-time link.
#[derive(Deserialize, ToSchema)]
pub(super) struct Claim {
    /// The token of the link.
    token: String,
    /// The new password.
    #[schema(min_length = 10, max_length = 1024)]
    password: String,
}

/// Whose password a link sets.
#[derive(Serialize, ToSchema)]
pub(super) struct Claimant {
    user: String,
}

/// Whose password a one-time link sets
#[utoipa::path(get, path = "/api/v1/claim", tag = "session", params(Asked), security(()),
    responses((status = 200, body = Claimant), problems::Claiming))]
pub(super) async fn show(
    State(state): State<ApiState>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Problem> {
    let token = asked.map(|Query(asked)| asked.token).unwrap_or_default();
    let user = user_of(&state, &token)?;
    Ok(Json(Claimant { user }).into_response())
}

/// Set the password and sign in; the link is used up
#[utoipa::path(post, path = "/api/v1/claim", tag = "session", request_body = Claim, security(()),
    responses((status = 204, description = "The cookie"), problems::Claiming))]
pub(super) async fn claim(State(state): State<ApiState>, headers: HeaderMap, body: Body) -> Result<Response, Problem> {
    same_site(&state, &headers, true)?;
    let Claim { token, password } = body::parse(&body::read(&headers, body).await?)?;
    let user = user_of(&state, &token)?;
    let phc = state.hashed(password).await?;
    let used = move |registry: &Registry| registry.update(&user, |draft| draft.use_link(&token, phc));
    let user = state.registering(used).await?;
    session::enter(&state, user).await
}

fn user_of(state: &ApiState, token: &str) -> Result<String, Problem> {
    let (snapshot, now) = (state.registry.snapshot(), state.registry.now());
    snapshot.user_of_link(token, now).map(str::to_owned).ok_or(LINK_USED)
}

pub(super) fn weak_password() -> Problem {
    WEAK_PASSWORD.detail("Use at least 10 characters and at most 1024 bytes.")
}
