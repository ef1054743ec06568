//! Parameters of requests: typed, and a problem when they are not of their type.

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::http::problem::Problem;

const BAD_PARAMETER: Problem =
    Problem::new(StatusCode::BAD_REQUEST, "bad_parameter", "A parameter is missing or of a wrong type");

const NO_TEXT: &str = "The end of the path cannot be read as text.";

/// Which site a request is about.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OfSite {
    /// The site.
    #[param(min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]*$", example = "demo")]
    pub(super) site: String,
}

/// Parameters after the question mark, as axum hands them in.
pub(super) type Asked<T> = Result<Query<T>, QueryRejection>;

/// The parameters after the question mark. What was sent is not repeated.
pub(super) fn parameters<T>(asked: Asked<T>) -> Result<T, Problem> {
    asked.map(|Query(asked)| asked).map_err(|_| BAD_PARAMETER.detail("See /api/docs for the parameters of this route."))
}

/// What a path names, when it is one thing.
pub(super) fn name(path: Result<Path<String>, PathRejection>) -> Result<String, Problem> {
    path.map(|Path(name)| name).map_err(|_| BAD_PARAMETER.detail(NO_TEXT))
}

/// The two things a path names: a site, and what is of it.
pub(super) fn names(path: Result<Path<(String, String)>, PathRejection>) -> Result<(String, String), Problem> {
    path.map(|Path(names)| names).map_err(|_| BAD_PARAMETER.detail(NO_TEXT))
}
