//! What each product's client is answered: what it takes for success, what it gives up over, what makes it wait. The one
//! table of statuses and bodies on these routes. An answer repeats nothing of the request.

use bytes::Bytes;
use http::header::{self, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use http_body_util::Full;
use serde_json::{Value, json};

use crate::http::collect::{PIXEL, rejection};
use crate::ingest::compat::{Counted, ForeignError, Form};
use crate::ingest::reason::{Dropped, Rejected, Shed};
use crate::model::Dialect;

type Answer = Response<Full<Bytes>>;

/// Seconds after which an overloaded collector is asked again.
const RETRY_AFTER: u32 = 5;
/// Umami's client repeats this in its next request; there is nothing to remember it by.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// What the answer depends on besides what became of the events.
pub struct Asked<'a> {
    /// What was sent.
    pub form: Form,
    /// The query.
    pub query: &'a str,
    /// The body.
    pub body: &'a [u8],
    /// Events in it, as far as it was read.
    pub events: usize,
    /// Whether a page of a browser sent it.
    pub from_page: bool,
    /// Seconds since 1970.
    pub now: i64,
}

impl Asked<'_> {
    /// Whether a flag stands in the query or in a form.
    fn has(&self, flag: &str) -> bool {
        let is_in = |text: &str| text.split('&').any(|pair| pair == flag);
        is_in(self.query) || !self.is_json() && std::str::from_utf8(self.body).is_ok_and(is_in)
    }

    fn is_json(&self) -> bool {
        matches!(self.body.trim_ascii_start().first(), Some(b'{' | b'['))
    }
}

/// The answer.
pub fn reply(asked: &Asked<'_>, became: Result<Counted, ForeignError>) -> Answer {
    match became {
        Ok(counted) => accepted(asked, &counted),
        // These never send again, or twice at once: a refusal would only make noise in somebody's console.
        Err(_) if asked.form.dialect() == Dialect::Ga => accepted(asked, &Counted::default()),
        Err(ForeignError::Shed(_) | ForeignError::Rejected(Rejected::RateLimited))
            if asked.form.dialect() == Dialect::Matomo && !asked.is_json() =>
        {
            accepted(asked, &Counted::default())
        }
        Err(ForeignError::Rejected(reason)) => refused(asked, reason),
        Err(ForeignError::Shed(reason)) => shed(asked, reason),
    }
}

fn accepted(asked: &Asked<'_>, counted: &Counted) -> Answer {
    let bad = counted.dropped.iter().filter(|(_, reason)| *reason == Dropped::BadEvent).count();
    let good = asked.events - bad.min(asked.events);
    match asked.form {
        Form::Plausible => text(StatusCode::ACCEPTED, "ok"),
        Form::Umami => in_json(StatusCode::OK, &json!({ "cache": "-", "sessionId": NOBODY, "visitId": NOBODY })),
        Form::UmamiBatch => {
            in_json(StatusCode::OK, &json!({ "size": asked.events, "processed": good, "errors": bad, "cache": "-" }))
        }
        Form::GoatcounterApi => in_json(StatusCode::ACCEPTED, &json!({})),
        Form::Matomo if asked.is_json() => {
            in_json(StatusCode::OK, &json!({ "status": "success", "tracked": good, "invalid": bad }))
        }
        Form::Matomo if asked.has("send_image=0") => empty(StatusCode::NO_CONTENT),
        Form::Gtag | Form::MeasurementProtocol => empty(StatusCode::NO_CONTENT),
        Form::Goatcounter | Form::Matomo | Form::Universal | Form::UniversalBatch | Form::AnyCollect => {
            gif(StatusCode::OK)
        }
        Form::MixpanelImport if asked.is_json() => imported(asked, counted),
        Form::Mixpanel | Form::MixpanelImport | Form::MixpanelProfiles if asked.has("verbose=1") => {
            in_json(StatusCode::OK, &json!({ "status": 1, "error": null }))
        }
        Form::Mixpanel | Form::MixpanelImport | Form::MixpanelProfiles => text(StatusCode::OK, "1"),
        Form::Segment(_) | Form::SegmentBatch => in_json(StatusCode::OK, &json!({ "success": true })),
        // Anything but 200 is sent again, up to ten times.
        Form::Posthog | Form::PosthogReplay | Form::AnyBatch => in_json(StatusCode::OK, &json!({ "status": 1 })),
        Form::Amplitude | Form::AmplitudeProfiles => in_json(
            StatusCode::OK,
            &json!({
                "code": 200, "events_ingested": good, "payload_size_bytes": asked.body.len(),
                "server_upload_time": asked.now.saturating_mul(1_000),
            }),
        ),
        Form::Aptabase => in_json(StatusCode::OK, &json!({})),
    }
}

/// The import API lists what it did not take; the rest is counted all the same.
fn imported(asked: &Asked<'_>, counted: &Counted) -> Answer {
    let imported = counted.recorded + counted.duplicates;
    let failed = |reason: &Dropped| matches!(reason, Dropped::BadEvent | Dropped::TooOld | Dropped::BadUrl);
    let failed: Vec<Value> = counted
        .dropped
        .iter()
        .filter(|(_, reason)| failed(reason))
        .map(|(index, reason)| json!({ "index": index, "field": "", "message": reason.code() }))
        .collect();
    if failed.is_empty() || !asked.has("strict=1") {
        return in_json(StatusCode::OK, &json!({ "code": 200, "num_records_imported": imported, "status": "OK" }));
    }
    in_json(
        StatusCode::BAD_REQUEST,
        &json!({
            "code": 400, "num_records_imported": imported, "status": "Bad Request",
            "error": "some data points in the request failed validation", "failed_records": failed,
        }),
    )
}

fn refused(asked: &Asked<'_>, reason: Rejected) -> Answer {
    let problem = rejection(reason, None);
    let (status, title, code) = (status(asked.form, reason, problem.status), problem.title, problem.code);
    let mut answer = match asked.form.dialect() {
        Dialect::Plausible => in_json(status, &json!({ "errors": { "request": [title] } })),
        Dialect::Umami => {
            in_json(status, &json!({ "error": { "message": title, "code": code, "status": status.as_u16() } }))
        }
        Dialect::Goatcounter if asked.form == Form::Goatcounter => {
            let mut answer = gif(status);
            answer.headers_mut().insert(HeaderName::from_static("x-goatcounter"), HeaderValue::from_static(title));
            answer
        }
        Dialect::Goatcounter | Dialect::Aptabase => in_json(status, &json!({ "error": title })),
        Dialect::Matomo | Dialect::Ga => in_json(status, &json!({ "status": "error", "message": title })),
        Dialect::Mixpanel if asked.form == Form::MixpanelImport && asked.is_json() => {
            in_json(status, &json!({ "code": status.as_u16(), "error": title, "status": "error" }))
        }
        Dialect::Mixpanel if is_final(asked, status) => text(StatusCode::OK, "0"),
        Dialect::Mixpanel => in_json(status, &json!({ "status": 0, "error": title })),
        Dialect::Segment => in_json(status, &json!({ "code": code, "message": title })),
        Dialect::Posthog => {
            in_json(status, &json!({ "type": "validation_error", "code": code, "detail": title, "attr": null }))
        }
        Dialect::Amplitude => in_json(status, &amplitude_refusal(asked, reason, status, title)),
    };
    if let Some(seconds) = problem.retry_after {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    answer
}

/// Whether Mixpanel's clients must be told so with 200. Telephones take any other status for a failure of ours, and send the
/// same for ever; pages make two requests of one that is too large.
fn is_final(asked: &Asked<'_>, status: StatusCode) -> bool {
    match status {
        StatusCode::BAD_REQUEST => !asked.has("verbose=1"),
        StatusCode::PAYLOAD_TOO_LARGE => asked.form != Form::MixpanelImport && !asked.from_page,
        _ => false,
    }
}

/// Statuses are those of our own routes, but for a key that is not known: these clients have words for that.
fn status(form: Form, reason: Rejected, ours: StatusCode) -> StatusCode {
    match (form.dialect(), reason) {
        (Dialect::Segment | Dialect::Posthog | Dialect::Goatcounter, Rejected::UnknownSite) => StatusCode::UNAUTHORIZED,
        (Dialect::Aptabase, Rejected::UnknownSite) => StatusCode::NOT_FOUND,
        _ => ours,
    }
}

/// `code` counts, not the status. Without `missing_field` the client would send again what it thinks is good.
fn amplitude_refusal(asked: &Asked<'_>, reason: Rejected, status: StatusCode, title: &str) -> Value {
    match reason {
        Rejected::UnknownSite => json!({ "code": 400, "error": "Invalid API key", "missing_field": "api_key" }),
        Rejected::RateLimited => json!({
            "code": 429, "error": title, "eps_threshold": 1, "throttled_devices": {}, "throttled_users": {},
            "throttled_events": (0..asked.events).collect::<Vec<_>>(),
        }),
        Rejected::TooLarge | Rejected::Incomplete => json!({ "code": status.as_u16(), "error": title }),
        _ => json!({ "code": 400, "error": title, "missing_field": "events" }),
    }
}

fn shed(asked: &Asked<'_>, reason: Shed) -> Answer {
    let status = StatusCode::SERVICE_UNAVAILABLE;
    let title = reason.title();
    let mut answer = match asked.form.dialect() {
        Dialect::Mixpanel => in_json(status, &json!({ "status": 0, "error": title })),
        Dialect::Segment => in_json(status, &json!({ "code": reason.code(), "message": title })),
        Dialect::Umami => {
            in_json(status, &json!({ "error": { "message": title, "code": reason.code(), "status": 503 } }))
        }
        Dialect::Goatcounter if asked.form == Form::Goatcounter => gif(status),
        // Amplitude's client reads its own meaning into JSON.
        _ => text(status, title),
    };
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER));
    answer
}

fn in_json(status: StatusCode, value: &Value) -> Answer {
    with_type(status, value.to_string().into(), "application/json")
}

fn text(status: StatusCode, text: &'static str) -> Answer {
    with_type(status, Bytes::from_static(text.as_bytes()), "text/plain; charset=utf-8")
}

/// An image, for pages of any origin.
fn gif(status: StatusCode) -> Answer {
    let mut answer = with_type(status, Bytes::from_static(PIXEL), "image/gif");
    let policy = HeaderName::from_static("cross-origin-resource-policy");
    answer.headers_mut().insert(policy, HeaderValue::from_static("cross-origin"));
    answer
}

fn empty(status: StatusCode) -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = status;
    answer
}

fn with_type(status: StatusCode, body: Bytes, kind: &'static str) -> Answer {
    let mut answer = Response::new(Full::new(body));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer
}
