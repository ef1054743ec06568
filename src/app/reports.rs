//! What the API asks for, answered from the store and from memory.

use std::sync::Arc;

use ::http::StatusCode;
use bytes::Bytes;

use crate::api::{self, Answer, LiveRow, Reports};
use crate::clock::Clock;
use crate::count::{LISTED, ListTally, Live};
use crate::http::problem::Problem;
use crate::model::{Site, SiteId};
use crate::stats::live::{ByValue, LiveLists};
use crate::stats::special::Question;
use crate::stats::{Egress, Query, ReadError, Reader};

/// Reports out of ClickHouse.
pub struct StoreReports {
    /// The way out of the database.
    pub egress: Egress,
    /// The time.
    pub clock: Clock,
}

impl Reports for StoreReports {
    fn answer(&self, site: Arc<Site>, reader: Reader, body: Bytes) -> Answer<'_> {
        Box::pin(async move {
            let query = Query::parse(&body).map_err(|error| api::asked_wrong(&error))?;
            let now = self.clock.unix_seconds();
            let answer = self.egress.answer(&site, &query, reader, now).await.map_err(unanswered)?;
            Ok(serde_json::to_vec(&answer).map_err(|_| Problem::internal())?.into())
        })
    }

    fn special(&self, site: Arc<Site>, reader: Reader, question: Question) -> Answer<'_> {
        Box::pin(async move {
            let now = self.clock.unix_seconds();
            let answer = self.egress.special(&site, &question, reader, now).await.map_err(unanswered)?;
            Ok(serde_json::to_vec(&answer).map_err(|_| Problem::internal())?.into())
        })
    }
}

/// Why there is no answer, for who asked. The cause is logged here, once.
pub(super) fn unanswered(error: ReadError) -> Problem {
    match error {
        ReadError::Query(error) => api::asked_wrong(&error),
        ReadError::Store(error) => {
            tracing::error!(code = error.code(), reason = %error, "a report cannot be read");
            let problem =
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "store_unavailable", "Reports cannot be read now");
            problem.detail("Hits are still counted and kept; ask again in a moment.").retry_after(5)
        }
    }
}

/// The last half hour, out of memory.
pub struct LiveView {
    /// The numbers.
    pub live: Arc<Live>,
    /// What may be shown of its lists.
    pub lists: LiveLists,
    /// The time.
    pub clock: Clock,
}

impl LiveView {
    /// All visitors of a site, and those by value.
    fn count(&self, site: &SiteId, now: i64) -> (u64, Vec<ByValue>) {
        let tally = self.live.tally(site, now);
        let by_value = |(dimension, ListTally { values, without })| ByValue { dimension, values, without };
        (tally.visitors, LISTED.into_iter().zip(tally.lists).map(by_value).collect())
    }
}

impl api::Live for LiveView {
    fn now(&self, site: &Site) -> api::LiveNumbers {
        let moment = self.clock.unix_seconds();
        let now = self.live.now(&site.id, moment);
        let lists = self.lists.of(site, moment, || self.count(&site.id, moment));
        let list = |at: usize| {
            let row = |(value, visitors): &(Box<str>, u64)| LiveRow { value: value.clone(), visitors: *visitors };
            lists.get(at).map(|rows| rows.iter().map(row).collect()).unwrap_or_default()
        };
        api::LiveNumbers {
            visitors: now.visitors,
            pageviews: now.pageviews,
            minutes: now.minutes,
            pages: list(0),
            sources: list(1),
            countries: list(2),
        }
    }
}
