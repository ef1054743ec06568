//! The collecting routes: request in, verdict of `ingest` out, as the contract says it.

use std::time::Duration;

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;

use super::body::{self, BodyError, BodyMemory, Hold, NoBody};
use super::client_ip::{Peer, TrustedProxies};
use super::lag::Lag;
use super::problem::Problem;
use super::router::Collecting;
use crate::ingest::batch::{BatchAnswer, BatchError};
use crate::ingest::decode::DecodeError;
use crate::ingest::reason::{Outcome, Rejected, Shed};
use crate::ingest::{Arrival, Collector, Verdict};

/// Bytes of a beacon at the most.
const BEACON_BYTES: usize = 64 * 1024;
/// Bytes of a batch at the most, as sent and unpacked.
const BATCH_BYTES: usize = 5_000_000;
/// The smallest transparent GIF: 1×1, one colour table of two entries.
pub(super) const PIXEL: &[u8; 43] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00\x21\xf9\x04\x01\x00\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3b";

const REASON: HeaderName = HeaderName::from_static("headcount-reason");
const TK: HeaderName = HeaderName::from_static("tk");

type Answer = Response<Full<Bytes>>;

/// What the collecting routes of one thread need.
pub struct Collect {
    /// The thread's own collector.
    pub collector: Collector,
    /// Whose word on addresses is taken.
    pub proxies: TrustedProxies,
    /// Time a body may take to arrive.
    pub body_timeout: Duration,
    /// Memory for large bodies.
    pub memory: BodyMemory,
    /// How far the thread is behind.
    pub lag: Lag,
}

impl Collect {
    /// Answers a request on a collecting route.
    pub async fn answer(&self, route: Collecting, request: Request<Incoming>, peer: Peer) -> Answer {
        let (head, body) = request.into_parts();
        let address = || self.proxies.client(peer, &head.headers).cut();
        let arrival = Arrival { headers: &head.headers, address: &address };
        let mut answer = match route {
            // Who asks for the head alone looks whether the picture is there, and shows it to nobody.
            Collecting::Pixel if head.method == Method::HEAD => picture(),
            Collecting::Pixel => self.pixel(head.uri.query().unwrap_or_default(), &arrival),
            Collecting::Beacon => self.beacon(body, &arrival).await,
            Collecting::Batch | Collecting::Counts => self.batch(route, body, &arrival).await,
        };
        open_to_all_origins(&mut answer);
        answer
    }

    fn pixel(&self, query: &str, arrival: &Arrival<'_>) -> Answer {
        let verdict = self.collector.pixel(query, arrival);
        if let Some(problem) = failure(verdict.outcome) {
            return problem_answer(problem);
        }
        let mut answer = picture();
        explain(&mut answer, &verdict);
        answer
    }

    async fn beacon(&self, body: Incoming, arrival: &Arrival<'_>) -> Answer {
        let mut hold = self.memory.hold();
        let body = match body::read(body, BEACON_BYTES, self.body_timeout, &mut hold).await {
            Ok(body) => body,
            Err(error) => return self.unread(error),
        };
        let body = match body::unpack(arrival.headers, body, BEACON_BYTES, &mut hold) {
            Ok(body) => body,
            Err(reason) => return self.unread(BodyError { reason, close: false }),
        };
        let verdict = match self.collector.beacon(&body, arrival) {
            Ok(verdict) => verdict,
            Err(error) => return problem_answer(undecodable(&error)),
        };
        if let Some(problem) = failure(verdict.outcome) {
            return problem_answer(problem);
        }
        let mut answer = Response::new(Full::default());
        *answer.status_mut() = StatusCode::ACCEPTED;
        explain(&mut answer, &verdict);
        answer
    }

    async fn batch(&self, route: Collecting, body: Incoming, arrival: &Arrival<'_>) -> Answer {
        if !takes_content_type(arrival.headers) {
            self.collector.note(Outcome::Rejected(Rejected::UnsupportedEncoding));
            return problem_answer(rejection(Rejected::UnsupportedEncoding, Some("send application/json".into())));
        }
        let mut hold = self.memory.hold();
        let body = match self.whole(arrival.headers, body, BATCH_BYTES, &mut hold).await {
            Ok(body) => body,
            Err(error) => return self.unread(error),
        };
        let outcome = match route {
            Collecting::Counts => self.collector.counts(&body, arrival).await,
            _ => self.collector.batch(&body, arrival).await,
        };
        match outcome {
            Ok(answer) => batch_answer(&answer),
            Err(BatchError::Undecodable(error)) => problem_answer(undecodable(&error)),
            Err(BatchError::Rejected(reason)) => problem_answer(rejection(reason, None)),
            Err(BatchError::Shed(reason)) => problem_answer(shedding(reason)),
        }
    }

    /// The body of somebody who waits until its hits are on disk, unpacked. When the thread is far behind it is read and
    /// left at that: reading is little work beside the rest, and the client sees its answer.
    pub(super) async fn whole(
        &self,
        headers: &HeaderMap,
        body: Incoming,
        limit: usize,
        hold: &mut Hold,
    ) -> Result<Bytes, BodyError> {
        let packed = body::read(body, limit, self.body_timeout, hold).await?;
        if self.lag.is_too_long() {
            return Err(BodyError { reason: Shed::Overloaded.into(), close: false });
        }
        body::unpack(headers, packed, limit, hold).map_err(|reason| BodyError { reason, close: false })
    }

    /// A body that could not be had counts as one hit.
    fn unread(&self, error: BodyError) -> Answer {
        self.collector.note(error.reason.into());
        let mut answer = problem_answer(match error.reason {
            NoBody::Rejected(reason) => rejection(reason, None),
            NoBody::Shed(reason) => shedding(reason),
        });
        if error.close {
            answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        answer
    }
}

fn picture() -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from_static(PIXEL)));
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("image/gif"));
    answer
}

/// Tells the site's owner, who asked, what became of the hit. Nobody else learns of policy.
fn explain(answer: &mut Answer, verdict: &Verdict) {
    if !verdict.to_owner {
        return;
    }
    let reason = match verdict.outcome {
        Outcome::Dropped(reason) => reason.code(),
        Outcome::Duplicate => "duplicate",
        _ => "recorded",
    };
    answer.headers_mut().insert(REASON, HeaderValue::from_static(reason));
}

/// The answer to a browser that asks whether it may post from another origin.
pub fn preflight() -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = StatusCode::NO_CONTENT;
    open_to_all_origins(&mut answer);
    let headers = answer.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    let allowed = "content-type, content-encoding, authorization, headcount-debug";
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(allowed));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    answer
}

/// The answer to a method a collecting route does not have.
pub fn wrong_method(route: Collecting) -> Answer {
    let mut answer = problem_answer(Problem::wrong_method());
    answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static(route.allow()));
    open_to_all_origins(&mut answer);
    answer
}

pub(super) fn problem_answer(problem: Problem) -> Answer {
    let (status, headers, body) = problem.into_parts();
    let mut answer = Response::new(Full::new(body));
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    answer
}

fn open_to_all_origins(answer: &mut Answer) {
    let headers = answer.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(TK, HeaderValue::from_static("N"));
}

/// JSON under any of the names clients give it, and none at all.
fn takes_content_type(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return true };
    let kind = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    // Command line tools send a form's type unless told otherwise.
    let known = [
        "application/json",
        "text/plain",
        "text/json",
        "application/octet-stream",
        "application/x-www-form-urlencoded",
    ];
    kind.is_empty() || kind.ends_with("+json") || known.contains(&kind.as_str())
}

fn batch_answer(answer: &BatchAnswer) -> Answer {
    let mut response = Response::new(Full::new(serde_json::to_vec(answer).unwrap_or_default().into()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The problem of an outcome that is not answered like success.
fn failure(outcome: Outcome) -> Option<Problem> {
    match outcome {
        Outcome::Recorded | Outcome::Duplicate | Outcome::Dropped(_) => None,
        Outcome::Rejected(reason) => Some(rejection(reason, None)),
        Outcome::Shed(reason) => Some(shedding(reason)),
    }
}

fn undecodable(error: &DecodeError) -> Problem {
    rejection(error.reason, Some(error.detail.clone().into_owned()))
}

/// The one table from reasons to statuses.
pub(super) fn rejection(reason: Rejected, detail: Option<String>) -> Problem {
    let (status, advice) = match reason {
        Rejected::BadJson => (StatusCode::BAD_REQUEST, "send one JSON object, in UTF-8"),
        Rejected::WrongType => (StatusCode::BAD_REQUEST, "see the description of the event"),
        Rejected::MissingField => (StatusCode::BAD_REQUEST, "see the description of the event"),
        Rejected::BadEncoding => (StatusCode::BAD_REQUEST, "the body is not what Content-Encoding says"),
        Rejected::UnknownSite => {
            (StatusCode::BAD_REQUEST, "`site` names no site here; `headcount site list` shows them")
        }
        Rejected::Incomplete => (StatusCode::REQUEST_TIMEOUT, "the body did not arrive whole and in time"),
        Rejected::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "64 KiB for one event, 5 MB and 2000 events for a batch"),
        Rejected::UnsupportedEncoding => {
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, "send JSON, plain or as gzip, br or zstd")
        }
        Rejected::RateLimited => (StatusCode::TOO_MANY_REQUESTS, "slow down"),
    };
    let detail = detail.unwrap_or_else(|| advice.to_owned());
    let problem = Problem::new(status, reason.code(), reason.title()).detail(detail);
    if reason == Rejected::RateLimited { problem.retry_after(1) } else { problem }
}

fn shedding(reason: Shed) -> Problem {
    let detail = "nothing was counted; send the same again after the time in Retry-After";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, reason.code(), reason.title()).detail(detail).retry_after(5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pixel_has_43_bytes() {
        assert_eq!((PIXEL.len(), &PIXEL[..6]), (43, b"GIF89a".as_slice()));
    }

    #[test]
    fn json_is_taken_under_any_of_its_names() {
        let taken = [
            "application/json; charset=utf-8",
            "text/plain",
            "application/vnd.x+json",
            "",
            "image/png",
            "multipart/form-data",
        ]
        .map(|kind| {
            takes_content_type(&[(header::CONTENT_TYPE, kind.parse().expect("a value"))].into_iter().collect())
        });
        assert_eq!(taken, [true, true, true, true, false, false]);
    }
}
