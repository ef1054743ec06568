//! `/api/v1/sites`: what a site keeps and shows. Everybody who may read a site sees it; its owner changes it.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asked::name;
use super::auth::{Caller, UNKNOWN_SITE, changer_and_body};
use super::problems;
use super::state::ApiState;
use crate::http::problem::Problem;
use crate::registry::{Role, SiteChange, SiteRecord};

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
    /// `DIALECT:TOKEN` of other products' clients that send to this site.
    accept: Vec<String>,
}

/// The sites a caller may read.
#[derive(Serialize, ToSchema)]
pub(super) struct Sites {
    sites: Vec<Site>,
}

/// Dimensions reports can be filtered by: `all`, or some of them; an empty list: none.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub(super) enum CrossingsChoice {
    /// Every dimension that can be.
    Word(AllWord),
    /// Codes of dimensions.
    Some(Vec<CrossingCode>),
}

/// Every dimension that can be.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum AllWord {
    All,
}

/// A dimension reports can be filtered by.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum CrossingCode {
    Page,
    Event,
    Source,
    Section,
    Channel,
    UtmCampaign,
    Country,
    Browser,
    Os,
    Device,
    Prop,
    Goal,
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
    /// `DIALECT:TOKEN` of other products' clients.
    #[schema(max_items = 100)]
    accept: Option<Vec<String>>,
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
    let (who, patch) = changer_and_body::<SitePatch>(&state, (headers, body), &id, Role::Owner).await?;
    let (change, site) = (patch.change(), id.clone());
    state.registering(move |registry| registry.update(&who, |draft| Ok(draft.edit_site(&site, change)?))).await?;
    record(&state, &id).map(Json)
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
            crossings: self.crossings.map(|choice| match choice {
                CrossingsChoice::Word(AllWord::All) => None,
                CrossingsChoice::Some(codes) => Some(codes.into_iter().map(CrossingCode::text).collect()),
            }),
            filter_properties: self.filter_properties,
            numbers: self.numbers,
        }
    }
}

impl CrossingCode {
    const ALL: [Self; 12] = [
        Self::Page,
        Self::Event,
        Self::Source,
        Self::Section,
        Self::Channel,
        Self::UtmCampaign,
        Self::Country,
        Self::Browser,
        Self::Os,
        Self::Device,
        Self::Prop,
        Self::Goal,
    ];

    fn text(self) -> String {
        self.dimension().code().to_owned()
    }

    const fn dimension(self) -> crate::model::Dimension {
        use crate::model::Dimension;
        match self {
            Self::Page => Dimension::Page,
            Self::Event => Dimension::Event,
            Self::Source => Dimension::Source,
            Self::Section => Dimension::Section,
            Self::Channel => Dimension::Channel,
            Self::UtmCampaign => Dimension::UtmCampaign,
            Self::Country => Dimension::Country,
            Self::Browser => Dimension::Browser,
            Self::Os => Dimension::Os,
            Self::Device => Dimension::Device,
            Self::Prop => Dimension::Prop,
            Self::Goal => Dimension::Goal,
        }
    }
}

fn record(state: &ApiState, id: &str) -> Result<Site, Problem> {
    state.registry.snapshot().record(id).map(seen).ok_or(UNKNOWN_SITE)
}

fn seen(record: &SiteRecord) -> Site {
    let code = |text: &String| CrossingCode::ALL.into_iter().find(|known| known.dimension().code() == text);
    let crossings = match &record.crossings {
        None => CrossingsChoice::Word(AllWord::All),
        Some(codes) => CrossingsChoice::Some(codes.iter().filter_map(code).collect()),
    };
    Site {
        id: record.id.clone(),
        domains: record.domains.clone(),
        timezone: record.timezone.clone(),
        min_visitors: record.min_visitors,
        strict: record.strict,
        retention_months: record.retention_months,
        crossings,
        filter_properties: record.filter_properties.clone(),
        numbers: record.numbers.clone(),
        accept: record.accept.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Dimension;

    #[test]
    fn every_filterable_dimension_has_a_word_that_is_its_code() {
        let known: Vec<_> =
            Dimension::ALL.into_iter().filter(|known| known.filterable()).map(Dimension::code).collect();
        let words = CrossingCode::ALL.map(|code| serde_json::to_value(code).expect("a word"));
        assert_eq!(known.len(), words.len());
        for (word, code) in words.iter().zip(CrossingCode::ALL) {
            assert_eq!(word, code.dimension().code());
            assert!(known.contains(&code.dimension().code()));
        }
    }
}
