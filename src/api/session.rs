//! `/api/v1/session`: sign in, sign out, and who is signed in.

use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::{same_site, session_cookie, set_cookie, signed_in};
use super::state::{ApiState, Credit};
use super::{body, problems};
use crate::http::problem::Problem;
use crate::privacy::address::CutAddress;
use crate::registry::{self, Role, Snapshot};

const BAD_CREDENTIALS: Problem =
    Problem::new(StatusCode::UNAUTHORIZED, "bad_credentials", "User name or password are not right");

/// Who signs in.
#[derive(Deserialize, ToSchema)]
pub(super) struct Credentials {
    user: String,
    password: String,
}

/// A site, and what the user may do with it.
#[derive(Serialize, ToSchema)]
pub(super) struct SeenSite<'a> {
    id: &'a str,
    timezone: &'a str,
    domains: &'a [String],
    #[schema(value_type = String, pattern = "^(viewer|editor|owner)$")]
    role: Role,
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct Seen<'a> {
    user: &'a str,
    /// Whether they own all sites: they add sites, and see every change.
    owner: bool,
    sites: Vec<SeenSite<'a>>,
    credits: &'a [Credit],
    version: &'static str,
}

/// Who is signed in, and the sites they may see
///
/// That nobody is signed in is an answer, not an error: whoever comes to sign in asks this first.
#[utoipa::path(get, path = "/api/v1/session", tag = "session", security((), ("cookie" = [])),
    responses((status = 200, body = Seen), (status = 204, description = "Nobody is signed in")))]
pub(super) async fn show(State(state): State<ApiState>, headers: HeaderMap) -> Response {
    let Ok(user) = signed_in(&state.registry, &headers) else { return StatusCode::NO_CONTENT.into_response() };
    let snapshot = state.registry.snapshot();
    let seen = Seen {
        user: &user,
        owner: snapshot.user(&user).is_some_and(|user| user.owner),
        sites: sites_of(&snapshot, &user),
        credits: &state.settings.credits,
        version: env!("CARGO_PKG_VERSION"),
    };
    Json(seen).into_response()
}

fn sites_of<'a>(snapshot: &'a Snapshot, user: &str) -> Vec<SeenSite<'a>> {
    let records = snapshot.book().sites.iter();
    let seen = records.filter_map(|site| {
        Some(SeenSite {
            id: &site.id,
            timezone: &site.timezone,
            domains: &site.domains,
            role: snapshot.role(user, &site.id)?,
        })
    });
    seen.collect()
}

/// Sign in
///
/// A user that does not exist takes as long as a wrong password.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", request_body = Credentials, security(()),
    responses((status = 204, description = "The cookie"), problems::SigningIn))]
pub(super) async fn open(
    State(state): State<ApiState>,
    network: Option<Extension<CutAddress>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    same_site(&state, &headers, true)?;
    let network = network.map(|Extension(network)| network);
    let given: Credentials = body::parse(&body::read(&headers, body).await?)?;
    state.gate.pass_from(network, &given.user)?;
    let snapshot = state.registry.snapshot();
    let phc = snapshot.user(&given.user).and_then(|user| user.password.clone());
    let password = given.password;
    let right = state.hashing(move || registry::verify_password(&password, phc.as_deref())).await?;
    if !right {
        return Err(BAD_CREDENTIALS);
    }
    state.gate.welcome(network, &given.user);
    enter(&state, given.user).await
}

/// Opens a session and sets its cookie.
pub(super) async fn enter(state: &ApiState, user: String) -> Result<Response, Problem> {
    let cookie = state.registering(move |registry| registry.open_session(&user)).await?;
    Ok(no_content(state, Some(cookie)))
}

/// Sign out; also without a session
#[utoipa::path(delete, path = "/api/v1/session", tag = "session", security(()),
    responses((status = 204, description = "Signed out"), problems::SigningOut))]
pub(super) async fn close(State(state): State<ApiState>, headers: HeaderMap) -> Result<Response, Problem> {
    same_site(&state, &headers, false)?;
    if let Some(cookie) = session_cookie(&headers).filter(|cookie| state.registry.session_user(cookie).is_some()) {
        state.registering(move |registry| registry.close_session(&cookie)).await?;
    }
    Ok(no_content(&state, None))
}

fn no_content(state: &ApiState, cookie: Option<String>) -> Response {
    let header = [(header::SET_COOKIE, set_cookie(state, cookie))];
    (StatusCode::NO_CONTENT, header).into_response()
}
