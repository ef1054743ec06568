//! `/api/v1/share`: what a shared link shows, and the password that opens it, from its reader's side. Owners make links in
//! `shares`.

use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::{BAD_SHARE, SHARE};
use super::state::{ApiState, Credit};
use super::{body, problems};
use crate::http::problem::Problem;
use crate::privacy::address::CutAddress;
use crate::registry;

const NOT_SHARED: Problem = Problem::new(StatusCode::UNAUTHORIZED, "not_shared", "No shared link was sent");
const BAD_PASSWORD: Problem =
    Problem::new(StatusCode::UNAUTHORIZED, "bad_credentials", "The password of this link is not right");

/// What a link shows. Of a link whose password has not been given, only the site and that it needs one.
#[derive(Serialize, ToSchema)]
pub(super) struct Shown<'a> {
    /// The one site.
    site: &'a str,
    /// Whether a password has to be given before anything is read.
    needs_password: bool,
    /// What the link is called.
    name: Option<&'a str>,
    /// The zone in which the site's days begin.
    timezone: Option<&'a str>,
    /// k: groups of fewer visitors are not shown, in any dimension.
    min_visitors: Option<u32>,
    /// To be shown beside numbers.
    credits: &'a [Credit],
    version: &'static str,
}

/// A link's secret and its password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Given {
    /// The token of the link.
    token: String,
    /// Its password; none for a link without.
    #[serde(default)]
    #[schema(nullable = false)]
    password: Option<String>,
}

/// What opens the link for some hours.
#[derive(Serialize, ToSchema)]
pub(super) struct Opened {
    /// Send it as `Headcount-Share` in place of the token.
    pass: String,
    /// When it stops working.
    #[schema(value_type = String, format = DateTime)]
    expires_at: jiff::Timestamp,
}

/// What a shared link shows
#[utoipa::path(get, path = "/api/v1/share", tag = "session", security(("share" = [])),
    responses((status = 200, body = Shown), problems::OpeningShare))]
pub(super) async fn show(State(state): State<ApiState>, headers: HeaderMap) -> Result<Response, Problem> {
    let sent = headers.get(SHARE).ok_or(NOT_SHARED.detail("Send its token in the header Headcount-Share."))?;
    let grant = sent.to_str().ok().and_then(|text| state.registry.share(text)).ok_or(BAD_SHARE)?;
    let snapshot = state.registry.snapshot();
    let record = snapshot.record(&grant.site).ok_or(BAD_SHARE)?;
    let open = grant.is_open.then_some(record);
    let shown = Shown {
        site: &grant.site,
        needs_password: !grant.is_open,
        name: grant.is_open.then_some(grant.name.as_str()),
        timezone: open.map(|site| site.timezone.as_str()),
        min_visitors: open.map(|site| site.min_visitors),
        credits: &state.settings.credits,
        version: env!("CARGO_PKG_VERSION"),
    };
    Ok(Json(shown).into_response())
}

/// Open a shared link with its password
///
/// Attempts are limited as those to sign in are. Also of use without a password: a pass ends by itself, where an address
/// that holds it may be seen.
#[utoipa::path(post, path = "/api/v1/share", tag = "session", request_body = Given, security(()),
    responses((status = 200, body = Opened), problems::OpeningShare))]
pub(super) async fn open(
    State(state): State<ApiState>,
    network: Option<Extension<CutAddress>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Opened>, Problem> {
    let network = network.map(|Extension(network)| network);
    let given: Given = body::parse(&body::read(&headers, body).await?)?;
    let grant = state.registry.share(&given.token).ok_or(BAD_SHARE)?;
    if grant.has_password {
        // No user is called so: names of users hold no colon.
        let attempts = format!("share:{}", grant.id);
        state.gate.pass_from(network, &attempts)?;
        let phc = state.registry.snapshot().share_password(&grant.id).ok_or(BAD_SHARE)?;
        let password = given.password.unwrap_or_default();
        if !state.hashing(move || registry::verify_password(&password, Some(&phc))).await? {
            return Err(BAD_PASSWORD);
        }
        state.gate.welcome(network, &attempts);
    }
    let pass = state.registry.pass(&given.token).ok_or(BAD_SHARE)?;
    Ok(Json(Opened { pass: pass.text, expires_at: pass.expires_at }))
}
