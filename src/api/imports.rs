//! `/api/v1/sites/{site}/imports`: what was brought in from files, and totals of days that were counted elsewhere, which
//! `headcount import` hands in and which can be removed again. How they are stored is the business of whoever implements
//! [`Totals`].

use std::pin::Pin;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asked::{name, names};
use super::auth::{Needed, changer};
use super::body;
use super::defined::{self, changed};
use super::problems;
use super::state::ApiState;
use crate::http::problem::Problem;
use crate::model::{Day, Dimension, Measure, Measures, Site};
use crate::registry::{ImportKind, ImportRecord};

/// Bytes of a body of totals at the most.
const LARGEST: usize = 16 * 1024 * 1024;

const NO_IMPORT: Problem = Problem::new(StatusCode::NOT_FOUND, "no_import", "There is nothing of this name");
const NOT_REMOVABLE: Problem =
    Problem::new(StatusCode::CONFLICT, "not_removable", "Something that is there stands in the way");

/// One group of a day: dimension, value, counts and visitors.
pub type TotalCell = (Dimension, Box<str>, Measures, u64);

/// The totals of a day.
pub type DayTotals = (Day, Vec<TotalCell>);

/// What became of each day, in the words of [`DayOutcome`].
pub type Laying<'a> = Pin<Box<dyn Future<Output = Result<Vec<(Day, &'static str)>, Problem>> + Send + 'a>>;

/// How many days are gone.
pub type Lifting<'a> = Pin<Box<dyn Future<Output = Result<usize, Problem>> + Send + 'a>>;

/// Keeps totals of days that were counted elsewhere.
pub trait Totals: Send + Sync {
    /// Lays them in where nothing was counted here.
    fn lay_in<'a>(&'a self, site: Arc<Site>, import: &'a str, days: Vec<DayTotals>) -> Laying<'a>;

    /// Removes everything of an import.
    fn lift<'a>(&'a self, site: Arc<Site>, import: &'a str) -> Lifting<'a>;
}

/// What was brought in from files.
#[derive(Serialize, ToSchema)]
pub(super) struct Import {
    /// Its id.
    id: String,
    /// What the files were.
    #[schema(example = "combined")]
    format: String,
    kind: Kind,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    began_at: jiff::Timestamp,
    /// When it ended; null while it goes on, and when it was cut short.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<jiff::Timestamp>,
    /// The first day it touched, in the site's zone.
    #[schema(value_type = Option<String>, format = Date)]
    first_day: Option<Date>,
    /// The last one.
    #[schema(value_type = Option<String>, format = Date)]
    last_day: Option<Date>,
    /// Events it counted.
    events: u64,
}

/// What an import brought.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ImportKind)]
pub(super) enum Kind {
    /// Events, counted as any other: they cannot be told apart afterwards.
    Events,
    /// Totals of days that had none; they can be removed.
    Totals,
}

/// The imports of a site, oldest first.
#[derive(Serialize, ToSchema)]
pub(super) struct Imports {
    imports: Vec<Import>,
}

/// Totals of days that were counted elsewhere.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTotals {
    #[schema(max_items = 1_000)]
    days: Vec<NewDay>,
}

/// One of these days.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewDay {
    /// The day, in the site's zone.
    #[schema(value_type = String, format = Date, example = "2025-11-21")]
    day: Date,
    cells: Vec<NewCell>,
}

/// One group of such a day. What is absent is 0.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct NewCell {
    /// Code of the dimension: total, page, source …
    #[schema(example = "page")]
    dimension: String,
    /// Its value; empty for total.
    value: String,
    visitors: u64,
    pageviews: u32,
    events: u32,
    visits: u32,
    bounces: u32,
    visit_secs: u64,
    engaged_secs: u64,
    engaged_n: u32,
    scroll_pct_sum: u64,
    scroll_n: u32,
}

/// What became of a day: `imported`, `imported_before`, `day_counted` or `too_old`.
#[derive(Serialize, ToSchema)]
pub(super) struct DayOutcome {
    /// The day.
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// The word.
    outcome: &'static str,
}

/// What became of the days.
#[derive(Serialize, ToSchema)]
pub(super) struct DayOutcomes {
    days: Vec<DayOutcome>,
}

/// What was brought in from files
#[utoipa::path(get, path = "/api/v1/sites/{site}/imports", tag = "sites",
    security(("key" = []), ("cookie" = []), ("share" = [])),
    params(("site" = String, Path, description = "The site")),
    responses((status = 200, body = Imports), problems::Showing))]
pub(super) async fn list(
    State(state): State<ApiState>,
    headers: HeaderMap,
    path: Result<Path<String>, PathRejection>,
) -> Result<Json<Imports>, Problem> {
    let imports = defined::listed(&state, &headers, &name(path)?, |site| &site.imports)?;
    Ok(Json(Imports { imports }))
}

/// Hand in totals of days that were counted elsewhere and have no counts here
#[utoipa::path(post, path = "/api/v1/sites/{site}/imports/{id}/days", tag = "sites", request_body = NewTotals,
    params(("site" = String, Path, description = "The site"), ("id" = String, Path, description = "The import")),
    responses((status = 200, body = DayOutcomes), problems::Changing))]
pub(super) async fn lay_in(
    State(state): State<ApiState>,
    headers: HeaderMap,
    path: Result<Path<(String, String)>, PathRejection>,
    body: Body,
) -> Result<Json<DayOutcomes>, Problem> {
    let (site, id) = names(path)?;
    changer(&state, &headers, &site, Needed::Owner)?;
    of_kind(&state, &site, &id, ImportKind::Totals)?;
    let bytes = body::read_large(&headers, body, LARGEST).await?;
    let NewTotals { days } = body::parse(&bytes)?;
    let days = days.into_iter().map(NewDay::totals).collect::<Result<Vec<_>, _>>()?;
    let known = state.registry.snapshot().site(&site).cloned().ok_or(NO_IMPORT)?;
    let laid = state.totals.lay_in(known, &id, days).await?;
    let days = laid.into_iter().map(|(day, outcome)| DayOutcome { day: day.date(), outcome }).collect();
    Ok(Json(DayOutcomes { days }))
}

/// Remove an import of totals, with everything it brought
#[utoipa::path(delete, path = "/api/v1/sites/{site}/imports/{id}", tag = "sites",
    params(("site" = String, Path, description = "The site"), ("id" = String, Path, description = "The import")),
    responses((status = 204, description = "Removed"), problems::Removing))]
pub(super) async fn remove(
    State(state): State<ApiState>,
    headers: HeaderMap,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<StatusCode, Problem> {
    let (site, id) = names(path)?;
    let who = changer(&state, &headers, &site, Needed::Owner)?;
    of_kind(&state, &site, &id, ImportKind::Totals)?;
    let known = state.registry.snapshot().site(&site).cloned().ok_or(NO_IMPORT)?;
    state.totals.lift(known, &id).await?;
    changed(&state, who, move |draft| Ok(draft.forget_import(&site, &id)?)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The import must be there and of this kind.
fn of_kind(state: &ApiState, site: &str, id: &str, kind: ImportKind) -> Result<(), Problem> {
    let snapshot = state.registry.snapshot();
    let imports = snapshot.record(site).map(|record| record.imports.as_slice()).unwrap_or_default();
    match imports.iter().find(|import| import.id == id) {
        Some(import) if import.kind == kind => Ok(()),
        Some(_) => Err(NOT_REMOVABLE.detail("Its events were counted with all others and cannot be told apart.")),
        None => Err(NO_IMPORT),
    }
}

impl NewDay {
    fn totals(self) -> Result<DayTotals, Problem> {
        let wrong = |what: &'static str| {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_totals", "This value is not allowed").detail(what)
        };
        let day = Day::from_date(self.day).ok_or_else(|| wrong("day: lies between 1970-01-01 and 2149-06-06"))?;
        let cell = |cell: NewCell| {
            let dimension = Dimension::ALL.into_iter().find(|of| of.code() == cell.dimension);
            let dimension = dimension.ok_or_else(|| wrong("dimension: not known; total, page, source …"))?;
            Ok((dimension, cell.value.as_str().into(), cell.measures(), cell.visitors))
        };
        Ok((day, self.cells.into_iter().map(cell).collect::<Result<_, Problem>>()?))
    }
}

impl NewCell {
    fn measures(&self) -> Measures {
        let mut measures = Measures::default();
        measures[Measure::Pageviews] = self.pageviews.into();
        measures[Measure::Events] = self.events.into();
        measures[Measure::Visits] = self.visits.into();
        measures[Measure::Bounces] = self.bounces.into();
        measures[Measure::EngagedN] = self.engaged_n.into();
        measures[Measure::ScrollN] = self.scroll_n.into();
        let large = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        measures[Measure::VisitSecs] = large(self.visit_secs);
        measures[Measure::EngagedSecs] = large(self.engaged_secs);
        measures[Measure::ScrollPctSum] = large(self.scroll_pct_sum);
        measures
    }
}

impl From<ImportRecord> for Import {
    fn from(record: ImportRecord) -> Self {
        let ImportRecord { id, format, kind, began_at, ended_at, days, events } = record;
        let kind = match kind {
            ImportKind::Events => Kind::Events,
            ImportKind::Totals => Kind::Totals,
        };
        let (first_day, last_day) = (days.map(|days| days.0), days.map(|days| days.1));
        Self { id, format, kind, began_at, ended_at, first_day, last_day, events }
    }
}
