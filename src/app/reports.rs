//! What the API asks for, answered from the store and from memory.

use std::sync::Arc;

use ::http::StatusCode;
use bytes::Bytes;

use crate::api::{self, Answer, Reports};
use crate::clock::Clock;
use crate::count::Live;
use crate::http::problem::Problem;
use crate::model::{Site, SiteId};
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
    /// The time.
    pub clock: Clock,
}

impl api::Live for LiveView {
    fn now(&self, site: &SiteId) -> api::LiveNumbers {
        let now = self.live.now(site, self.clock.unix_seconds());
        api::LiveNumbers { visitors: now.visitors, pageviews: now.pageviews, minutes: now.minutes }
    }
}
