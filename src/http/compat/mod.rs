//! Requests of other products' clients: body in, events to `ingest`, the answer that client understands out. Called by
//! `server`; which route is what stands in [`routes`], what is answered in [`replies`], what clients ask before in [`start`].

mod replies;
pub mod routes;
mod start;

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderValue};
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;

use self::replies::{Asked, reply};
use self::routes::Foreign;
use super::body::{self, BodyError, Hold, NoBody};
use super::client_ip::Peer;
use super::collect::{Collect, problem_answer};
use super::problem::{Problem, TK};
use crate::ingest::Arrival;
use crate::ingest::compat::{self, Counted, ForeignError, Form};
use crate::ingest::reason::Outcome;

/// Bytes of a request at the most, as sent and unpacked: what the largest import of these products may have.
const BYTES: usize = 10_000_000;
/// Bytes of a list of header names that is repeated in a preflight's answer.
const MAX_NAMES: usize = 1_024;

type Answer = Response<Full<Bytes>>;

impl Collect {
    /// Answers a request of another product's client.
    pub async fn foreign(&self, foreign: Foreign, request: Request<Incoming>, peer: Peer) -> Answer {
        let (head, body) = request.into_parts();
        let mut answer = match foreign {
            // Who asks for the head alone looks whether somebody is there, and shows nothing to anybody.
            Foreign::Take(form) if head.method == Method::HEAD => {
                let (query, now) = (head.uri.query().unwrap_or_default(), self.collector.now());
                let asked = Asked { form: form.seen(query, b""), query, body: b"", events: 0, from_page: false, now };
                reply(&asked, Ok(Counted::default()))
            }
            Foreign::Take(form) => self.take(form, &head, body, peer).await,
            Foreign::Start(start) => {
                // What it says of the person is not looked at.
                let _ = body::read(body, BYTES, self.body_timeout, &mut self.memory.hold()).await;
                start::answer(start, &head)
            }
            Foreign::Preflight => preflight(&head.headers),
            Foreign::WrongMethod(allowed) => {
                let mut answer = problem_answer(Problem::wrong_method());
                answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
                answer
            }
        };
        open_to_its_origin(&mut answer, &head.headers);
        answer
    }

    async fn take(&self, form: Form, head: &Parts, body: Incoming, peer: Peer) -> Answer {
        let query = head.uri.query().unwrap_or_default();
        let now = self.collector.now();
        let from_page = head.headers.contains_key(header::ORIGIN);
        let mut hold = self.memory.hold();
        let body = match self.named_or_not(&head.headers, body, &mut hold).await {
            Ok(body) => body,
            Err(error) => {
                self.collector.note(error.reason.into());
                let asked = Asked { form, query, body: b"", events: 0, from_page, now };
                let mut answer = reply(&asked, Err(failure(error.reason)));
                if error.close {
                    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
                }
                return answer;
            }
        };
        let form = form.seen(query, &body);
        let path_token = routes::path_token(head.uri.path());
        let request = compat::Request { form, path_token, query, headers: &head.headers, body: &body, now };
        let mut asked = Asked { form, query, body: &body, events: 0, from_page, now };
        let events = match compat::decode(&request) {
            Ok(events) => events,
            Err(error) => {
                self.collector.note(Outcome::Rejected(error.reason));
                return reply(&asked, Err(ForeignError::Rejected(error.reason)));
            }
        };
        asked.events = events.len();
        let address = || self.proxies.client(peer, &head.headers).cut();
        let arrival = Arrival { headers: &head.headers, address: &address };
        reply(&asked, self.collector.foreign(form, events, &arrival).await)
    }

    /// The body, unpacked by what it says of itself and by what it is: some browsers' clients do not name their gzip.
    async fn named_or_not(&self, headers: &HeaderMap, body: Incoming, hold: &mut Hold) -> Result<Bytes, BodyError> {
        let body = self.whole(headers, body, BYTES, hold).await?;
        body::unpack_unnamed(body, BYTES, hold).map_err(|reason| BodyError { reason, close: false })
    }
}

fn failure(reason: NoBody) -> ForeignError {
    match reason {
        NoBody::Rejected(reason) => ForeignError::Rejected(reason),
        NoBody::Shed(reason) => ForeignError::Shed(reason),
    }
}

/// The answer to a browser that asks first. Clients have headers of their own, which differ from version to version: what
/// is asked for is allowed.
fn preflight(asked: &HeaderMap) -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = StatusCode::NO_CONTENT;
    let headers = answer.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    let names = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS).filter(|names| is_list_of_names(names.as_bytes()));
    headers.extend(names.map(|names| (header::ACCESS_CONTROL_ALLOW_HEADERS, names.clone())));
    answer
}

fn is_list_of_names(names: &[u8]) -> bool {
    names.len() <= MAX_NAMES
        && names.iter().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b',' | b' '))
}

/// Some clients send with credentials, for which `*` is no answer. Nothing here depends on a cookie.
fn open_to_its_origin(answer: &mut Answer, asked: &HeaderMap) {
    let headers = answer.headers_mut();
    match asked.get(header::ORIGIN) {
        Some(origin) => {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
        None => drop(headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"))),
    }
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(TK.0, TK.1);
}

#[cfg(test)]
mod tests;
