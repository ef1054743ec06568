//! `/api/v1/journeys`, `/retention`, `/vitals`, `/numbers`, `/properties`: questions that the query language has no words for. The
//! answers are made by whoever implements [`super::Reports`].

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::asked::{Asked, parameters};
use super::auth::Caller;
use super::problems;
use super::state::ApiState;
use crate::http::problem::Problem;
use crate::stats::special::{
    self, About, Filter, Interval, JourneysAnswer, NumbersAnswer, PropertiesAnswer, Question, RetentionAnswer,
    VitalsAnswer, VitalsAsked, Ways,
};
use crate::stats::{Kind, QueryError};

/// Most rows of a list, and how many unless asked for otherwise.
const MOST_ROWS: u16 = 1_000;
const ROWS: u16 = 100;

const BAD_LIMIT: Problem =
    Problem::new(StatusCode::BAD_REQUEST, "bad_parameter", "A parameter is missing or of a wrong type");

/// Which site, and when.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct When {
    /// The site.
    #[param(min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]*$", example = "demo")]
    pub(super) site: String,
    /// `day`, `7d`, `28d`, `30d`, `91d`, `month`, `6mo`, `12mo`, `year`, `all`; 28 days unless said.
    #[param(example = "28d", nullable = false)]
    pub(super) date_range: Option<String>,
    /// First day, in place of `date_range`.
    #[param(format = Date, nullable = false)]
    pub(super) from: Option<String>,
    /// Last day, included.
    #[param(format = Date, nullable = false)]
    pub(super) to: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Journeys {
    /// Only from this page.
    #[param(example = "/", nullable = false)]
    from_page: Option<String>,
    /// Only to this page. Not together with `from_page`.
    #[param(example = "/pricing", nullable = false)]
    to_page: Option<String>,
    /// Most rows of each list.
    #[param(minimum = 1, maximum = 1000, nullable = false)]
    limit: Option<u16>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Filtered {
    /// Only what has this value of a dimension: its name, such as `event:page`.
    #[param(example = "event:page", nullable = false)]
    dimension: Option<String>,
    /// The value.
    #[param(example = "/", nullable = false)]
    value: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Vitals {
    /// Also `series`: by day, week or month.
    #[param(inline, nullable = false)]
    interval: Option<Interval>,
    /// Also `pages`: so many of them. Not together with `dimension`.
    #[param(minimum = 1, maximum = 1000, nullable = false)]
    pages: Option<u16>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OfKey {
    /// Only this property; all that the site keeps unless said.
    #[param(example = "load_ms", nullable = false)]
    key: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OfEvent {
    /// The name of an event, as `event:name` lists it.
    #[param(example = "signup", nullable = false)]
    event: Option<String>,
}

/// Which page follows which
///
/// Pairs of pages that enough visitors stand behind, and `(other)`.
#[utoipa::path(get, path = "/api/v1/journeys", tag = "reading",
    security(("key" = []), ("cookie" = []), ("share" = [])), params(When, Journeys),
    responses((status = 200, body = JourneysAnswer), problems::Reading))]
pub(super) async fn journeys(
    State(state): State<ApiState>,
    headers: HeaderMap,
    when: Asked<When>,
    asked: Asked<Journeys>,
) -> Result<Response, Problem> {
    let (when, Journeys { from_page, to_page, limit }) = (parameters(when)?, parameters(asked)?);
    let ways = match (from_page, to_page) {
        (None, None) => Ways::All,
        (Some(page), None) => Ways::From(page),
        (None, Some(page)) => Ways::To(page),
        (Some(_), Some(_)) => return Err(BAD_LIMIT.detail("from_page, to_page: one of them.")),
    };
    let limit = rows("limit", limit.unwrap_or(ROWS))?;
    answer(&state, &headers, &when, |_| Ok(About::Journeys { ways, limit })).await
}

/// Who comes back
///
/// Cohorts by week of the first visit, and active visitors per day, week and month. Only of browsers on pages whose
/// tracker has `data-cohorts`, which say themselves when they were first here.
#[utoipa::path(get, path = "/api/v1/retention", tag = "reading",
    security(("key" = []), ("cookie" = []), ("share" = [])), params(When),
    responses((status = 200, body = RetentionAnswer), problems::Reading))]
pub(super) async fn retention(
    State(state): State<ApiState>,
    headers: HeaderMap,
    when: Asked<When>,
) -> Result<Response, Problem> {
    answer(&state, &headers, &parameters(when)?, |_| Ok(About::Retention)).await
}

/// Web vitals
///
/// Percentiles out of counts per bucket, right to a fifth of their value: of the range, and in the same answer by time and
/// by page.
#[utoipa::path(get, path = "/api/v1/vitals", tag = "reading",
    security(("key" = []), ("cookie" = []), ("share" = [])), params(When, Filtered, Vitals),
    responses((status = 200, body = VitalsAnswer), problems::Reading))]
pub(super) async fn vitals(
    State(state): State<ApiState>,
    headers: HeaderMap,
    when: Asked<When>,
    filtered: Asked<Filtered>,
    asked: Asked<Vitals>,
) -> Result<Response, Problem> {
    let (when, filtered, Vitals { interval, pages }) = (parameters(when)?, parameters(filtered)?, parameters(asked)?);
    let pages = pages.map(|most| rows("pages", most)).transpose()?;
    let about = |_: &_| Ok(About::Vitals(VitalsAsked { filter: filtered.filter()?, interval, pages }));
    answer(&state, &headers, &when, about).await
}

/// Numeric properties
///
/// Percentiles of the properties whose distribution the site keeps (`numbers` of the site).
#[utoipa::path(get, path = "/api/v1/numbers", tag = "reading",
    security(("key" = []), ("cookie" = []), ("share" = [])), params(When, OfKey, Filtered),
    responses((status = 200, body = NumbersAnswer), problems::Reading))]
pub(super) async fn numbers(
    State(state): State<ApiState>,
    headers: HeaderMap,
    when: Asked<When>,
    asked: Asked<OfKey>,
    filtered: Asked<Filtered>,
) -> Result<Response, Problem> {
    let (when, OfKey { key }, filtered) = (parameters(when)?, parameters(asked)?, parameters(filtered)?);
    answer(&state, &headers, &when, |_| Ok(About::Numbers { key, filter: filtered.filter()? })).await
}

/// Which properties were sent along
///
/// Keys, most events first, so that nobody has to know them by heart; with `event` also how often each came with it.
#[utoipa::path(get, path = "/api/v1/properties", tag = "reading",
    security(("key" = []), ("cookie" = []), ("share" = [])), params(When, OfEvent),
    responses((status = 200, body = PropertiesAnswer), problems::Reading))]
pub(super) async fn properties(
    State(state): State<ApiState>,
    headers: HeaderMap,
    when: Asked<When>,
    asked: Asked<OfEvent>,
) -> Result<Response, Problem> {
    let (when, OfEvent { event }) = (parameters(when)?, parameters(asked)?);
    answer(&state, &headers, &when, |_| Ok(About::Properties(event))).await
}

impl Filtered {
    fn filter(&self) -> Result<Option<Filter>, Problem> {
        match (&self.dimension, &self.value) {
            (None, None) => Ok(None),
            (Some(dimension), Some(value)) => {
                Filter::new(dimension, value).map(Some).map_err(|error| asked_wrong(&error))
            }
            _ => Err(BAD_LIMIT.detail("dimension, value: both or none.")),
        }
    }
}

/// How many rows of a list are wanted.
fn rows(name: &str, most: u16) -> Result<usize, Problem> {
    if !(1..=MOST_ROWS).contains(&most) {
        return Err(BAD_LIMIT.detail(format!("{name}: 1 to {MOST_ROWS}")));
    }
    Ok(usize::from(most))
}

/// Checks who asks and when, and hands the question on.
pub(super) async fn answer(
    state: &ApiState,
    headers: &HeaderMap,
    when: &When,
    about: impl FnOnce(&crate::model::Site) -> Result<About, Problem>,
) -> Result<Response, Problem> {
    let caller = Caller::reading(&state.registry, headers)?;
    let site = caller.readable(&state.registry, &when.site)?;
    let about = about(&site)?;
    let range = special::range(when.date_range.as_deref(), when.from.as_deref(), when.to.as_deref());
    let question = Question { range: range.map_err(|error| asked_wrong(&error))?, about };
    let bytes = state.reports.special(site, caller.reader(), question).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], bytes).into_response())
}

/// The problem of a question that cannot be answered.
pub fn asked_wrong(error: &QueryError) -> Problem {
    let (status, title) = match error.kind() {
        Kind::BadRequest => (StatusCode::BAD_REQUEST, "The query is not understood"),
        Kind::NotKept => (StatusCode::UNPROCESSABLE_ENTITY, "What is asked for is not kept"),
        Kind::TooMuch => (StatusCode::UNPROCESSABLE_ENTITY, "The answer is too large"),
    };
    Problem::new(status, error.code(), title).detail(error.to_string())
}
