//! Bodies of requests: bounded, JSON, and with an error that names the field.

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::BODY_LIMIT;
use crate::http::problem::Problem;

const WRONG_TYPE: Problem =
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong_content_type", "The body is not of a type read here");
const BAD_JSON: Problem = Problem::new(StatusCode::BAD_REQUEST, "bad_json", "The body cannot be read as JSON");

/// The body, when it is JSON by its header and not too large.
pub(super) async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    if !is_json(headers) {
        return Err(WRONG_TYPE.detail("Send JSON with the content type application/json."));
    }
    read_any(body).await
}

/// The body, whatever its header calls it: for programs with a key, which no other site can make send anything.
pub(super) async fn read_any(body: Body) -> Result<Bytes, Problem> {
    axum::body::to_bytes(body, BODY_LIMIT)
        .await
        .map_err(|error| too_large_or_cut(error.into_inner().as_ref(), BODY_LIMIT))
}

/// JSON of up to `limit` bytes.
pub(super) async fn read_large(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, Problem> {
    if !is_json(headers) {
        return Err(WRONG_TYPE.detail("Send JSON with the content type application/json."));
    }
    axum::body::to_bytes(body, limit).await.map_err(|error| too_large_or_cut(error.into_inner().as_ref(), limit))
}

fn too_large_or_cut(cause: &(dyn std::error::Error + 'static), limit: usize) -> Problem {
    if cause.is::<http_body_util::LengthLimitError>() {
        return Problem::too_large(limit);
    }
    Problem::new(StatusCode::BAD_REQUEST, "body_cut", "The body ended early")
}

/// Whether the content type is `application/json`, whatever its parameters.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = text.split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("application/json")
}

/// The typed body. The error names the field and what was expected; it never repeats a value.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let parsed = serde_path_to_error::deserialize(&mut reader);
    let value = parsed.map_err(|error| BAD_JSON.detail(words(&error)))?;
    let rest = reader.end();
    rest.map_err(|error| BAD_JSON.detail(format!("More follows the document at column {}.", error.column())))?;
    Ok(value)
}

fn words(error: &serde_path_to_error::Error<serde_json::Error>) -> String {
    let (line, column) = (error.inner().line(), error.inner().column());
    let path = error.path().to_string();
    let text = error.inner().to_string();
    if text.starts_with("unknown field") {
        // The key itself is not repeated (P9).
        let known = text.split_once(", expected ").map_or("none", |(_, known)| known);
        let known = known.rsplit_once(" at line ").map_or(known, |(known, _)| known);
        return format!("One of its keys is not known; known are {}.", known.trim_start_matches("one of "));
    }
    if let Some((name, _)) = text.strip_prefix("missing field `").and_then(|rest| rest.split_once('`')) {
        let within = if path == "." { String::new() } else { format!(" in {path}") };
        return format!("The field {name} is missing{within}.");
    }
    if error.inner().is_data() {
        let field = if path == "." { "the document".to_owned() } else { path };
        return format!("A field is missing or of the wrong type: {field} (line {line}, column {column}).");
    }
    format!("Not JSON at line {line}, column {column}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Named {
        site_id: String,
    }

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        site_id: Option<String>,
    }

    #[test]
    fn a_key_that_is_not_known_is_not_repeated() {
        let problem = parse::<Strict>(br#"{"swordfish": 1}"#).expect_err("unknown");
        assert_eq!(problem.detail, "One of its keys is not known; known are `site_id`.");
    }

    #[test]
    fn a_field_that_is_missing_is_named() {
        let problem = parse::<Named>(b"{}").expect_err("nothing in it");
        assert_eq!(problem.detail, "The field site_id is missing.");
        let problem =
            parse::<std::collections::BTreeMap<String, Named>>(br#"{"first": {}}"#).expect_err("nothing in it");
        assert_eq!(problem.detail, "The field site_id is missing in first.");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_a_value_or_a_problem(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let read = parse::<Named>(&bytes);
            proptest::prop_assert!(read.is_ok() || read.is_err_and(|problem| problem.code == "bad_json"));
        }

        #[test]
        fn what_was_written_is_read(site_id in ".*") {
            let written = serde_json::json!({ "site_id": site_id }).to_string();
            proptest::prop_assert_eq!(parse::<Named>(written.as_bytes()), Ok(Named { site_id }));
        }
    }
}
