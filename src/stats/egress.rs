//! The single way out (P7): every reader of counts, whatever it looks like, goes through [`Egress::answer`].
//! Suppression happens on the way, in `reading` and `open_days`, which nothing else calls.

use std::sync::Arc;

use jiff::Timestamp;

use super::buckets::Buckets;
use super::error::ReadError;
use super::kept;
use super::lines::{self, Lines};
use super::open_days::OpenDays;
use super::period::{DateRange, Period};
use super::plan::{Plan, days};
use super::query::Query;
use super::reading::Reading;
use super::result::Answer;
use super::special;
use super::table::{self, Told};
use crate::clickhouse::Store;
use crate::model::{Currency, Rules, Site};

/// How often a question is read again because a day was sealed meanwhile.
const ATTEMPTS: u32 = 4;

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reader {
    /// Somebody with a key or an account.
    Owner,
    /// Anybody: k applies to every dimension.
    Public,
}

impl Reader {
    /// What must be folded for this reader of a site.
    pub fn rules(self, site: &Site) -> Rules {
        let own = Rules::of(site);
        Rules { strict: own.strict || self == Self::Public, ..own }
    }
}

/// Answers questions. Cheap to clone; clones share what they remember of open days.
#[derive(Clone)]
pub struct Egress {
    store: Store,
    open: OpenDays,
}

impl Egress {
    /// Answers out of `store`.
    pub fn new(store: Store) -> Self {
        Self { store, open: OpenDays::default() }
    }

    /// What may be shown of open days, for reports that are no queries.
    pub fn open_days(&self) -> &OpenDays {
        &self.open
    }

    /// Answers `query` about `site` at `now` (seconds since 1970). The caller has checked that the asker may read the
    /// site.
    ///
    /// # Errors
    /// The question asks for something impossible or not kept, or the database is away.
    pub async fn answer(&self, site: &Site, query: &Query, reader: Reader, now: i64) -> Result<Answer, ReadError> {
        kept::check(query, site)?;
        let moment = Timestamp::from_second(now).unwrap_or(Timestamp::UNIX_EPOCH);
        let first = match query.range {
            DateRange::All => self.store.first_day(&site.id).await?,
            _ => None,
        };
        let plan = Plan::new(query, site, moment, first)?;
        let asked = Asked { site, query, reader, now, moment };
        let (now_lines, now_buckets) = self.lines(&asked, &plan, plan.period, query.currency).await?;
        let currency = now_lines.revenue.as_ref().and_then(|revenue| Currency::of(&revenue.currency));
        let then = match plan.compared {
            Some(period) => Some(self.lines(&asked, &plan, period, currency).await?),
            None => None,
        };
        let then = then.as_ref().map(|(lines, buckets)| Told { lines, buckets: buckets.as_ref() });
        let told = Told { lines: &now_lines, buckets: now_buckets.as_ref() };
        Ok(table::answer(site, query, &plan, (told, then)))
    }

    /// Answers a question that the query language has no words for, about `site` at `now` (seconds since 1970). The caller
    /// has checked that the asker may read the site.
    ///
    /// # Errors
    /// As [`Egress::answer`].
    pub async fn special(
        &self,
        site: &Site,
        question: &special::Question,
        reader: Reader,
        now: i64,
    ) -> Result<special::Answer, ReadError> {
        let moment = Timestamp::from_second(now).unwrap_or(Timestamp::UNIX_EPOCH);
        let first = match question.range {
            DateRange::All => self.store.first_day(&site.id).await?,
            _ => None,
        };
        let period = special::period(question, site, moment, first)?;
        let (from, to) = days(special::reach(question, period))?;
        let mut seals = self.store.sealed_days(&site.id, from, to).await?;
        let mut attempt = 1;
        loop {
            let sealed = seals.as_slice();
            let source = special::Source { store: &self.store, open: &self.open, site, reader, now, period, sealed };
            let answer = special::answer(&source, &question.about).await?;
            let after = self.store.sealed_days(&site.id, from, to).await?;
            if after == seals || attempt == ATTEMPTS {
                return Ok(answer);
            }
            seals = after;
            attempt += 1;
        }
    }

    /// The rows of one period. A day that is sealed while it is read could be missed on both sides or met on both: then
    /// everything is read again.
    async fn lines(
        &self,
        asked: &Asked<'_>,
        plan: &Plan,
        period: Period,
        currency: Option<Currency>,
    ) -> Result<(Lines, Option<Buckets>), ReadError> {
        let Asked { site, query, reader, now, moment } = *asked;
        let (from, to) = days(period)?;
        let buckets = plan.buckets(period, site, moment);
        let mut seals = self.store.sealed_days(&site.id, from, to).await?;
        let mut attempt = 1;
        loop {
            let (quantities, grain) = (plan.quantities.as_slice(), plan.grain());
            let reading = Reading {
                store: &self.store,
                open: &self.open,
                site,
                reader,
                now,
                from,
                to,
                quantities,
                grain,
                buckets: buckets.as_ref(),
                sealed: &seals,
                unsealed: Arc::default(),
            };
            let lines = lines::read(&reading, query, currency).await?;
            let after = self.store.sealed_days(&site.id, from, to).await?;
            if after == seals || attempt == ATTEMPTS {
                return Ok((lines, buckets));
            }
            seals = after;
            attempt += 1;
        }
    }
}

/// A question, by whom and when.
#[derive(Clone, Copy)]
struct Asked<'a> {
    site: &'a Site,
    query: &'a Query,
    reader: Reader,
    /// Seconds since 1970.
    now: i64,
    moment: Timestamp,
}
