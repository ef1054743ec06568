//! `POST /api/v2/query/batch`: several queries in one round trip, so that a dashboard is painted after one. Each answer
//! is what `/api/v2/query` would have said; who asks is read once. Knows nothing of what queries mean.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::auth::Caller;
use super::query::{self, QueryDocument};
use super::state::ApiState;
use super::{body, problems};
use crate::http::problem::Problem;
use crate::registry::Snapshot;

/// Queries of one request at the most.
const MOST: usize = 40;

const TOO_MANY: Problem = Problem::new(StatusCode::BAD_REQUEST, "bad_query", "The query is not understood");

/// The queries, each as it was written: an answer that names a place in it must name the right one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    queries: Vec<Box<RawValue>>,
}

/// Several queries.
#[derive(ToSchema)]
#[schema(as = Queries)]
#[expect(dead_code, reason = "describes what is read as raw documents")]
pub(super) struct QueriesDocument {
    /// What `/api/v2/query` takes, each about a site of its own.
    #[schema(min_items = 1, max_items = 40)]
    queries: Vec<QueryDocument>,
}

/// Their answers, in the same order.
#[derive(ToSchema)]
#[schema(as = QueryAnswers)]
#[expect(dead_code, reason = "describes what is written piece by piece")]
pub(super) struct AnswersDocument {
    answers: Vec<OneAnswerDocument>,
}

/// The answer to one of them.
#[derive(ToSchema)]
#[schema(as = OneQueryAnswer)]
#[expect(dead_code, reason = "describes what is written piece by piece")]
pub(super) struct OneAnswerDocument {
    /// The status `/api/v2/query` would have answered with.
    #[schema(minimum = 200, maximum = 599)]
    status: u16,
    /// With status 200 a `QueryAnswer`, with any other a `Problem`.
    #[schema(value_type = Object)]
    body: serde_json::Value,
}

/// Ask for counts several times at once
///
/// Up to 40 queries. The answer is 200 when the request is understood; each query has a status of its own. Whoever sends
/// no key and is not signed in, or whose link is over, reads that in each answer; a key that is not known is one 401.
#[utoipa::path(post, path = "/api/v2/query/batch", tag = "reading",
    security(("key" = []), ("cookie" = []), ("share" = [])), request_body = QueriesDocument,
    responses((status = 200, body = AnswersDocument), problems::Querying))]
pub(super) async fn queries(
    State(state): State<ApiState>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let caller = match Caller::reading(&state.registry, &headers) {
        Ok(caller) => caller,
        // A page asks before it knows whether anybody is signed in; browsers complain of every status that is an error.
        Err(refusal) if !headers.contains_key(header::AUTHORIZATION) => {
            let queries = parsed(&body::read(&headers, body).await?)?;
            return Ok(together(queries.iter().map(|_| Err(refusal.clone()))));
        }
        Err(refusal) => return Err(refusal),
    };
    let queries = parsed(&query::body_of(&state, &caller, &headers, body).await?)?;
    let snapshot = state.registry.snapshot();
    let asking = Asking::new(&state, (&caller, &snapshot), &queries);
    // Lanes, not tasks: a client that goes away takes its questions along, and one dashboard leaves room for others.
    tokio::join!(asking.lane(), asking.lane(), asking.lane(), asking.lane());
    Ok(together(
        asking.answers.into_iter().map(|answer| answer.into_inner().unwrap_or_else(|| Err(Problem::internal()))),
    ))
}

fn parsed(bytes: &[u8]) -> Result<Vec<Box<RawValue>>, Problem> {
    let Asked { queries } = body::parse(bytes)?;
    if !(1..=MOST).contains(&queries.len()) {
        return Err(TOO_MANY.detail(format!("queries: 1 to {MOST} of them")));
    }
    Ok(queries)
}

/// All answers, put together without being read again.
fn together(answers: impl Iterator<Item = Result<Bytes, Problem>>) -> Response {
    let mut document = b"{\"answers\":[".to_vec();
    for (at, answer) in answers.enumerate() {
        let (status, body) = match answer {
            Ok(bytes) => (StatusCode::OK, bytes),
            Err(problem) => (problem.status, problem.body()),
        };
        let comma = if at == 0 { "" } else { "," };
        document.extend_from_slice(format!("{comma}{{\"status\":{},\"body\":", status.as_u16()).as_bytes());
        document.extend_from_slice(&body);
        document.push(b'}');
    }
    document.extend_from_slice(b"]}");
    ([(header::CONTENT_TYPE, "application/json")], document).into_response()
}

/// Queries that are being answered.
struct Asking<'a> {
    state: &'a ApiState,
    /// Who asks, and the rights at one moment.
    rights: (&'a Caller, &'a Snapshot),
    queries: &'a [Box<RawValue>],
    /// The next one to answer.
    next: AtomicUsize,
    answers: Vec<OnceLock<Result<Bytes, Problem>>>,
}

impl<'a> Asking<'a> {
    fn new(state: &'a ApiState, rights: (&'a Caller, &'a Snapshot), queries: &'a [Box<RawValue>]) -> Self {
        let answers = queries.iter().map(|_| OnceLock::new()).collect();
        Self { state, rights, queries, next: AtomicUsize::new(0), answers }
    }

    /// Answers one query after the other until none is left.
    async fn lane(&self) {
        loop {
            let at = self.next.fetch_add(1, Ordering::Relaxed);
            let (Some(query), Some(place)) = (self.queries.get(at), self.answers.get(at)) else { return };
            let bytes = Bytes::copy_from_slice(query.get().as_bytes());
            // Each place is taken by one lane.
            let _ = place.set(query::answer(self.state, self.rights, bytes).await);
        }
    }
}
