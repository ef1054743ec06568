//! `GET /api/v1/live?site=`: the numbers of this minute, as server-sent events every two seconds.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Interval, MissedTickBehavior};
use tokio_stream::Stream;
use tokio_util::sync::WaitForCancellationFutureOwned;
use utoipa::IntoParams;

use super::auth::{BAD_SHARE, Caller, SHARE};
use super::problems;
use super::state::ApiState;
use crate::http::problem::Problem;
use crate::model::{Site, SiteId};

/// Time between two events.
const BEAT: Duration = Duration::from_secs(2);

const BUSY: Problem =
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too_many_streams", "Too many live streams are open");

/// What happens on a site now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LiveNumbers {
    /// Visitors of the last five minutes.
    pub visitors: u64,
    /// Page views of the last thirty minutes.
    pub pageviews: u64,
    /// Page views per minute, oldest first, the running minute last.
    pub minutes: [u64; 30],
    /// Visitors of the last thirty minutes by the pages they looked at, most first; values that at least k stand behind.
    pub pages: Vec<LiveRow>,
    /// The same by where they came from, of those who came in these minutes.
    pub sources: Vec<LiveRow>,
    /// The same by country.
    pub countries: Vec<LiveRow>,
}

/// A value and its visitors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LiveRow {
    /// The value.
    pub value: Box<str>,
    /// Visitors of the last thirty minutes.
    pub visitors: u64,
}

/// Knows what happens now.
pub trait Live: Send + Sync {
    /// The numbers of `site`; zeros when nothing has happened. Must not block.
    fn now(&self, site: &Site) -> LiveNumbers;
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The site.
    #[param(required = true)]
    site: String,
    /// The token of a shared link, or its pass: for clients that cannot send it in `Headcount-Share`.
    #[param(nullable = false)]
    share: Option<String>,
}

/// What happens now
///
/// Server-sent events, one at once and one every two seconds, each a JSON document of `visitors`, `pageviews`,
/// `minutes`, and the lists `pages`, `sources` and `countries` of the last half hour, in which k holds. Streams the numbers of a site until the client leaves, the right to see it ends, or the server stops.
#[utoipa::path(get, path = "/api/v1/live", tag = "reading",
    security(("key" = []), ("cookie" = []), ("share" = [])), params(Asked),
    responses((status = 200, description = "A stream", content_type = "text/event-stream", body = String),
        problems::Reading))]
pub(super) async fn stream(
    State(state): State<ApiState>,
    mut headers: HeaderMap,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Problem> {
    let asked = asked.map(|Query(asked)| asked).unwrap_or_default();
    if let Some(share) = asked.share {
        // An event source of a browser sends no headers of ours.
        headers.insert(SHARE, HeaderValue::try_from(share).map_err(|_| BAD_SHARE)?);
    }
    let site = Caller::reading(&state.registry, &headers)?.readable(&state.registry, &asked.site)?;
    let permit = state.streams.clone().try_acquire_owned().map_err(|_| BUSY.retry_after(30))?;
    let mut beat = tokio::time::interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let stream = Beats {
        stopped: Box::pin(state.stop.clone().cancelled_owned()),
        beat,
        site: site.id.clone(),
        headers,
        state,
        _permit: permit,
    };
    Ok(Sse::new(stream).into_response())
}

struct Beats {
    stopped: Pin<Box<WaitForCancellationFutureOwned>>,
    beat: Interval,
    site: SiteId,
    /// Asked again at every beat: a revoked key or a sign-out ends the stream.
    headers: HeaderMap,
    state: ApiState,
    _permit: OwnedSemaphorePermit,
}

impl Beats {
    fn numbers(&self) -> Option<LiveNumbers> {
        let registry = &self.state.registry;
        let caller = Caller::reading(registry, &self.headers).ok()?;
        let site = caller.readable(registry, self.site.as_str()).ok()?;
        Some(self.state.live.now(&site))
    }
}

impl Stream for Beats {
    type Item = Result<Event, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.stopped.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        if self.beat.poll_tick(context).is_pending() {
            return Poll::Pending;
        }
        Poll::Ready(self.numbers().map(|numbers| Event::default().json_data(numbers)))
    }
}
