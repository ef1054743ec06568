//! The one place that turns an error into an answer: a problem document (RFC 9457) with its headers.
//! Used by `http` and `api`. Other modules have enums with `code()`; whoever answers for them names the status here.
//! A problem never carries an address, user agent, URL, referrer, body or id: `detail` is written by us.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Serialize;

/// Tracking status of every answer (W3C Tracking Preference Expression): not tracking.
pub const TK: (HeaderName, HeaderValue) = (HeaderName::from_static("tk"), HeaderValue::from_static("N"));

/// An error as the client sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Status of the answer.
    pub status: StatusCode,
    /// Stable word for programs; also the end of `type`.
    pub code: &'static str,
    /// What kind of problem it is, for people; the same for every problem of this code.
    pub title: &'static str,
    /// What is wrong this time and what to do; may be empty.
    pub detail: Cow<'static, str>,
    /// Seconds after which to try again.
    pub retry_after: Option<u32>,
}

#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    #[serde(skip_serializing_if = "str::is_empty")]
    detail: &'a str,
    code: &'a str,
}

impl Problem {
    /// A problem without detail.
    pub const fn new(status: StatusCode, code: &'static str, title: &'static str) -> Self {
        Self { status, code, title, detail: Cow::Borrowed(""), retry_after: None }
    }

    /// With words about this case.
    pub fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = detail.into();
        self
    }

    /// With `Retry-After`.
    pub const fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Something failed on our side; the cause goes to the log, not to the client.
    pub const fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something failed on our side")
    }

    /// No such route.
    pub const fn no_route() -> Self {
        Self::new(StatusCode::NOT_FOUND, "no_route", "There is nothing at this address")
    }

    /// The route exists for other methods; the caller adds `Allow`.
    pub const fn wrong_method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "wrong_method", "This address does not answer this method")
    }

    /// The answer was not begun within `limit`.
    pub fn too_slow(limit: std::time::Duration) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "too_slow", "The answer takes too long")
            .detail(format!("It was not begun within {} s. Ask for fewer days or rows, or try again.", limit.as_secs()))
            .retry_after(10)
    }

    /// The body is larger than `limit` bytes.
    pub fn too_large(limit: usize) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "The body is too large")
            .detail(format!("At most {limit} bytes are read."))
    }

    /// The body of the answer.
    pub fn body(&self) -> Bytes {
        let document = Document {
            r#type: format!("/problems/{}", self.code),
            title: self.title,
            status: self.status.as_u16(),
            detail: &self.detail,
            code: self.code,
        };
        serde_json::to_vec(&document).unwrap_or_default().into()
    }

    /// The headers of the answer, its length apart.
    pub fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::with_capacity(5);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(TK.0, TK.1);
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"headcount\""));
        }
        headers
    }

    /// The whole answer in parts, for plain hyper.
    pub fn into_parts(self) -> (StatusCode, HeaderMap, Bytes) {
        (self.status, self.headers(), self.body())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.into_parts().into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_a_document_with_its_headers() {
        let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts", "Too many attempts")
            .detail("Wait.")
            .retry_after(7);
        let (status, headers, body) = problem.into_parts();
        let mut told: Vec<_> =
            headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().expect("text"))).collect();
        told.sort();
        assert_eq!(status, 429);
        assert_eq!(
            told,
            ["cache-control: no-store", "content-type: application/problem+json", "retry-after: 7", "tk: N"]
        );
        assert_eq!(
            body,
            r#"{"type":"/problems/too_many_attempts","title":"Too many attempts","status":429,"detail":"Wait.","code":"too_many_attempts"}"#
        );
    }

    #[test]
    fn a_401_says_how_to_sign_in() {
        let headers = Problem::new(StatusCode::UNAUTHORIZED, "x", "X").headers();
        assert_eq!(headers[WWW_AUTHENTICATE], "Bearer realm=\"headcount\"");
    }
}
