//! `/api/v1/sites`: what a site keeps and shows. Everybody who may read a site sees it; its owner changes and removes it;
//! owners of all sites add one.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asked::name;
use super::auth::{Caller, Needed, UNKNOWN_SITE, changer_and_body, owner_of_all, same_site};
use super::body;
use super::crossings::CrossingsChoice;
use super::defined::{Created, changed};
use super::problems;
use super::state::ApiState;
use crate::http::problem::Problem;
use crate::registry::{SiteChange, SiteRecord};

const NOT_CONFIRMED: Problem =
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "not_confirmed", "This value is not allowed");

/// A site.
#[derive(Serialize, ToSchema)]
pub(super) struct Site {
    /// What events carry in `site`.
    id: String,
    /// Accepted hosts, each with its subdomains; empty: every host.
    domains: Vec<String>,
    /// IANA name of the zone in which days begin.
    timezone: String,
    /// k: groups of fewer visitors are not shown.
    min_visitors: u32,
    /// Whether k applies to every dimension.
    strict: bool,
    /// Months that sealed days are kept.
    retention_months: u16,
    crossings: CrossingsChoice,
    /// Property keys that reports can be filtered by.
    filter_properties: Vec<String>,
    /// Numeric property keys of which the distribution is kept.
    numbers: Vec<String>,
    /// Patterns of pages that are not counted.
    excluded_paths: Vec<String>,
    /// `DIALECT:TOKEN` of other products' clients that send to this site.
    accept: Vec<String>,
}

/// The sites a caller may read.
#[derive(Serialize, ToSchema)]
pub(super) struct Sites {
    sites: Vec<Site>,
}

/// What to change of a site; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
pub(super) struct SitePatch {
    /// Accepted hosts; empty: every host.
    #[schema(max_items = 100)]
    domains: Option<Vec<String>>,
    /// IANA name of the zone. Days that have been counted keep theirs.
    #[schema(example = "Europe/Berlin")]
    timezone: Option<String>,
    /// k.
    #[schema(minimum = 1, maximum = 1_000_000)]
    min_visitors: Option<u32>,
    /// Whether k applies to every dimension.
    strict: Option<bool>,
    /// Months that sealed days are kept.
    #[schema(minimum = 1, maximum = 120)]
    retention_months: Option<u16>,
    crossings: Option<CrossingsChoice>,
    /// Property keys that reports can be filtered by.
    #[schema(max_items = 20)]
    filter_properties: Option<Vec<String>>,
    /// Numeric property keys of which the distribution is kept.
    #[schema(max_items = 20)]
    numbers: Option<Vec<String>>,
    /// Patterns of pages that are not counted: `*` is any text without a slash, `**` any text. Counts that are there stay.
    #[schema(max_items = 50, example = json!(["/admin/**"]))]
    excluded_paths: Option<Vec<String>>,
    /// `DIALECT:TOKEN` of other products' clients.
    #[schema(max_items = 100)]
    accept: Option<Vec<String>>,
}

/// A new site. Everything else is set by a change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSite {
    /// What events will carry in `site`.
    #[schema(min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]*$", example = "blog")]
    id: String,
    /// Accepted hosts; empty: every host. Unless said, an id that is a host name accepts itself, any other every host.
    #[serde(default)]
    #[schema(max_items = 100)]
    domains: Option<Vec<String>>,
    /// IANA name of the zone; UTC unless said.
    #[serde(default)]
    #[schema(example = "Europe/Berlin")]
    timezone: Option<String>,
    /// k; 5 unless said.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1_000_000)]
    min_visitors: Option<u32>,
    /// Whether k applies to every dimension.
    #[serde(default)]
    strict: Option<bool>,
    /// Months that sealed days are kept; 25 unless said.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 120)]
    retention_months: Option<u16>,
}

/// That it is meant.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Confirmation {
    /// The id of the site once more.
    confirm: String,
}

/// The sites the caller may read
#[utoipa::path(get, path = "/api/v1/sites", tag = "sites", responses((status = 200, body = Sites), problems::Showing))]
pub(super) async fn list(State(state): State<ApiState>, headers: HeaderMap) -> Result<Json<Sites>, Problem> {
    let caller = Caller::of(&state.registry, &headers)?;
    let snapshot = state.registry.snapshot();
    if let Caller::Key(grant) = &caller
        && let Some(own) = &grant.site
    {
        // A key that may not read is told so instead of seeing an empty list.
        caller.readable(&state.registry, own.as_str())?;
    }
    let readable = |record: &&SiteRecord| caller.readable(&state.registry, &record.id).is_ok();
    Ok(Json(Sites { sites: snapshot.book().sites.iter().filter(readable).map(seen).collect() }))
}

/// One site
#[utoipa::path(get, path = "/api/v1/sites/{site}", tag = "sites",
    params(("site" = String, Path, description = "The site")),
    responses((status = 200, body = Site), problems::Showing))]
pub(super) async fn show(
    State(state): State<ApiState>,
    headers: HeaderMap,
    path: Result<Path<String>, PathRejection>,
) -> Result<Json<Site>, Problem> {
    let caller = Caller::of(&state.registry, &headers)?;
    let site = caller.readable(&state.registry, &name(path)?)?;
    record(&state, site.id.as_str()).map(Json)
}

/// Change a site: its owner, or a key of scope `admin`
#[utoipa::path(patch, path = "/api/v1/sites/{site}", tag = "sites",
    params(("site" = String, Path, description = "The site")), request_body = SitePatch,
    responses((status = 200, description = "The site as it is now", body = Site), problems::Changing))]
pub(super) async fn change(
    State(state): State<ApiState>,
    headers: HeaderMap,
    path: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<Site>, Problem> {
    let id = name(path)?;
    let (who, patch) = changer_and_body::<SitePatch>(&state, (headers, body), &id, Needed::Owner).await?;
    let (change, site) = (patch.change(), id.clone());
    changed(&state, who, move |draft| Ok(draft.edit_site(&site, change)?)).await?;
    record(&state, &id).map(Json)
}

/// Add a site: an owner of all sites
#[utoipa::path(post, path = "/api/v1/sites", tag = "sites", security(("cookie" = [])), request_body = NewSite,
    responses((status = 201, body = Site), problems::Changing))]
pub(super) async fn add(State(state): State<ApiState>, headers: HeaderMap, body: Body) -> Created<Site> {
    let who = owner_of_all(&state, &headers)?;
    same_site(&state, &headers, true)?;
    let NewSite { id, domains, timezone, min_visitors, strict, retention_months } =
        body::parse(&body::read(&headers, body).await?)?;
    let change = SiteChange { domains, timezone, min_visitors, strict, retention_months, ..SiteChange::default() };
    let site = id.clone();
    changed(&state, who, move |draft| Ok(draft.add_site(&site, change)?)).await?;
    Ok((StatusCode::CREATED, Json(record(&state, &id)?)))
}

/// Remove a site and everything it counted, for good: its owner
///
/// Also its keys, links and rights. What it counted is erased within seconds, or as soon as the database is back.
#[utoipa::path(delete, path = "/api/v1/sites/{site}", tag = "sites", security(("cookie" = [])),
    params(("site" = String, Path, description = "The site")), request_body = Confirmation,
    responses((status = 202, description = "Removed; its counts are being erased"), problems::Changing))]
pub(super) async fn remove(
    State(state): State<ApiState>,
    headers: HeaderMap,
    path: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<StatusCode, Problem> {
    let id = name(path)?;
    let needed = Needed::OwnerInPerson;
    let (who, Confirmation { confirm }) = changer_and_body(&state, (headers, body), &id, needed).await?;
    if confirm != id {
        return Err(NOT_CONFIRMED.detail("confirm: give the id of the site."));
    }
    changed(&state, who, move |draft| Ok(draft.remove_site(&id)?)).await?;
    Ok(StatusCode::ACCEPTED)
}

impl SitePatch {
    fn change(self) -> SiteChange {
        SiteChange {
            domains: self.domains,
            timezone: self.timezone,
            min_visitors: self.min_visitors,
            accept: self.accept,
            strict: self.strict,
            retention_months: self.retention_months,
            crossings: self.crossings.map(CrossingsChoice::codes),
            filter_properties: self.filter_properties,
            numbers: self.numbers,
            excluded_paths: self.excluded_paths,
        }
    }
}

fn record(state: &ApiState, id: &str) -> Result<Site, Problem> {
    state.registry.snapshot().record(id).map(seen).ok_or(UNKNOWN_SITE)
}

fn seen(record: &SiteRecord) -> Site {
    Site {
        id: record.id.clone(),
        domains: record.domains.clone(),
        timezone: record.timezone.clone(),
        min_visitors: record.min_visitors,
        strict: record.strict,
        retention_months: record.retention_months,
        crossings: CrossingsChoice::of(record.crossings.as_deref()),
        filter_properties: record.filter_properties.clone(),
        numbers: record.numbers.clone(),
        excluded_paths: record.excluded_paths.clone(),
        accept: record.accept.clone(),
    }
}
