//! `POST /v1/events` and `POST /v1/counts`: many events, or counters of them, in one request, answered when they are on
//! disk.

use std::sync::Arc;

use serde::Serialize;
use tokio::sync::oneshot;

use super::calendar::Local;
use super::decode::{self, BatchBody, Context, DecodeError, Entry};
use super::hit::{Known, Relayed};
use super::reason::{Dropped, Outcome, Rejected, Shed};
use super::{Arrival, Collector, Sender, is_owner, is_relay};
use crate::count::OptOut;
use crate::deliver::commit::utc_day;
use crate::deliver::intake::Share;
use crate::deliver::retry::{Retry, RetrySet};
use crate::model::Site;
use crate::privacy::address::ClientAddr;
use crate::privacy::opt_out;

/// What became of a batch.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct BatchAnswer {
    /// Events that were counted and are on disk.
    pub accepted: usize,
    /// Events of a batch that was counted before.
    pub duplicates: usize,
    /// Events that were not counted, and why.
    pub dropped: Vec<DroppedEvent>,
}

/// One event that was not counted.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct DroppedEvent {
    /// Its place in the request, from 0.
    pub index: usize,
    /// The code of the reason.
    pub reason: &'static str,
}

/// A batch that was not taken. It is in the books already.
#[derive(Debug, PartialEq, Eq)]
pub enum BatchError {
    /// The body is not a batch.
    Undecodable(DecodeError),
    /// The client's fault.
    Rejected(Rejected),
    /// Overload; nothing was counted.
    Shed(Shed),
}

/// A batch id in flight; whoever asks for it meanwhile waits. Dropped without being handed over, it is free again.
struct Ticket<'a> {
    retries: &'a RetrySet,
    hash: Option<u64>,
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        if let Some(hash) = self.hash.take() {
            self.retries.abandon(hash);
        }
    }
}

impl Ticket<'_> {
    /// Makes the id part of the commit that holds the batch's events.
    fn hand_over(mut self, share: &mut Share, day: u16) {
        if let Some(hash) = self.hash.take() {
            share.remembered.push((hash, day));
        }
    }
}

/// A decoded batch on its way through.
struct Work<'a> {
    site: Arc<Site>,
    body: &'a BatchBody<'a>,
    entries: &'a [Entry<'a>],
    sender: Sender<'a>,
    /// Whether the events may name the clients they come from.
    relay: bool,
}

impl Collector {
    /// Takes the body of `POST /v1/events`; returns when the accepted events are on disk.
    ///
    /// # Errors
    /// When nothing of it was counted.
    pub async fn batch(&self, body: &[u8], arrival: &Arrival<'_>) -> Result<BatchAnswer, BatchError> {
        self.take(decode::batch(body), arrival).await
    }

    /// Takes the body of `POST /v1/counts`; returns when the accepted counters are on disk. Each is one hit.
    ///
    /// # Errors
    /// When nothing of it was counted.
    pub async fn counts(&self, body: &[u8], arrival: &Arrival<'_>) -> Result<BatchAnswer, BatchError> {
        self.take(decode::counts(body), arrival).await
    }

    async fn take(
        &self,
        decoded: Result<(BatchBody<'_>, Vec<Entry<'_>>), DecodeError>,
        arrival: &Arrival<'_>,
    ) -> Result<BatchAnswer, BatchError> {
        let (body, entries) = match decoded {
            Ok(decoded) => decoded,
            Err(error) => {
                self.note(Outcome::Rejected(error.reason));
                return Err(BatchError::Undecodable(error));
            }
        };
        let registry = self.shared.registry.snapshot();
        let Some(site) = registry.site(&body.site).cloned() else {
            return Err(self.reject(Rejected::UnknownSite));
        };
        let relay = is_relay(&registry, arrival.headers, &site);
        if opt_out::asked(arrival.headers) {
            drop(registry);
            return self.opted_out(&site, entries.len()).await;
        }
        let mut sender = Sender::of(arrival, false, &self.shared.clock);
        if self.within_limit(self.shared.batch_limit.as_ref(), sender.address).is_err() {
            return Err(self.reject(Rejected::RateLimited));
        }
        sender.backfills = is_owner(&registry, arrival.headers, &site);
        drop(registry);
        self.shared.intake.admits().map_err(|reason| self.shed(reason, entries.len()))?;
        let Some(ticket) = self.ticket(&body, relay).await else { return Ok(self.duplicate(entries.len())) };
        self.count_all(Work { site, body: &body, entries: &entries, sender, relay }, ticket).await
    }

    /// Takes the batch's id into flight; `None` when it was counted before. Waits while it is being counted.
    async fn ticket(&self, body: &BatchBody<'_>, with_key: bool) -> Option<Ticket<'_>> {
        let retries = &*self.shared.retries;
        if body.batch_id.is_empty() {
            return Some(Ticket { retries, hash: None });
        }
        let hash = retries.hash(&body.site, &body.batch_id, with_key);
        loop {
            match retries.begin(hash) {
                Retry::First => return Some(Ticket { retries, hash: Some(hash) }),
                Retry::Counted => return None,
                // Ends with an error when the first one is done, either way.
                Retry::InFlight(mut first) => drop(first.changed().await),
            }
        }
    }

    async fn count_all(&self, work: Work<'_>, ticket: Ticket<'_>) -> Result<BatchAnswer, BatchError> {
        let (answer, durable) = self.count_in_one_window(&work, ticket)?;
        self.await_disk(durable).await?;
        Ok(answer)
    }

    /// Counts all events under one hold of the window, so that they, and the batch id, are in one commit.
    fn count_in_one_window(
        &self,
        work: &Work<'_>,
        ticket: Ticket<'_>,
    ) -> Result<(BatchAnswer, Option<oneshot::Receiver<()>>), BatchError> {
        let mut share =
            self.shared.intake.share(self.number).map_err(|reason| self.shed(reason, work.entries.len()))?;
        let mark = share.window.mark();
        let mut answer = BatchAnswer::default();
        let mut reasons = Vec::new();
        for (index, entry) in work.entries.iter().enumerate() {
            match self.count_entry(work, *entry, &mut share) {
                Ok(()) => answer.accepted += 1,
                Err(Outcome::Dropped(reason)) => {
                    reasons.push(reason);
                    answer.dropped.push(DroppedEvent { index, reason: reason.code() });
                }
                Err(outcome) => {
                    // A salt cannot be made. The client will send the whole batch again, so nothing of it may stay.
                    share.window.rewind(mark);
                    let reason = if let Outcome::Shed(reason) = outcome { reason } else { Shed::Overloaded };
                    return Err(self.shed(reason, work.entries.len()));
                }
            }
        }
        // Who opted out is counted, too, if only as a number: of nothing but that, no id is kept (P1).
        let is_counted = answer.accepted > 0 || reasons.contains(&Dropped::OptedOut);
        reasons.into_iter().for_each(|reason| self.note(Outcome::Dropped(reason)));
        self.shared.tally.add(Outcome::Recorded, answer.accepted as u64);
        if answer.accepted > 0 {
            ticket.hand_over(&mut share, utc_day(self.shared.clock.unix_seconds()));
        }
        let durable = is_counted.then(|| share.durable());
        Ok((answer, durable))
    }

    fn count_entry(&self, work: &Work<'_>, entry: Entry<'_>, share: &mut Share) -> Result<(), Outcome> {
        let hit = decode::entry(entry).ok_or(Dropped::BadEvent)?;
        let client = &hit.client;
        // Whoever says so.
        if client.opted_out {
            return Err(self.count_opted_out(&work.site, share, 1));
        }
        let relayed = if work.relay { relayed_sender(client, &work.sender) } else { None };
        let known = relayed.as_ref().and_then(|sender| sender.known).map(context_of);
        let context = Some(known.as_ref().unwrap_or(&work.body.context));
        self.examine(&work.site, &hit, (relayed.as_ref().unwrap_or(&work.sender), context), |event| {
            share.window.count(event);
            Ok(())
        })
    }

    /// A client asked not to be counted: nothing else of its events is looked at (P1).
    fn count_opted_out(&self, site: &Arc<Site>, share: &mut Share, hits: u32) -> Outcome {
        let now = self.shared.clock.unix_seconds();
        let Some(Local { day, .. }) = self.calendar.borrow_mut().local(site, now) else {
            return Dropped::TooOld.into();
        };
        share.window.count_opt_out(&OptOut { site: site.clone(), day, hits });
        Dropped::OptedOut.into()
    }

    /// A batch of somebody who asked not to be counted. Its id is not looked at: remembered, it would tell a second try from
    /// the first.
    async fn opted_out(&self, site: &Arc<Site>, events: usize) -> Result<BatchAnswer, BatchError> {
        if events == 0 {
            return Ok(BatchAnswer::default());
        }
        // The share is let go of before anything is waited for.
        let durable = {
            let mut share = self.shared.intake.share(self.number).map_err(|reason| self.shed(reason, events))?;
            let outcome = self.count_opted_out(site, &mut share, u32::try_from(events).unwrap_or(u32::MAX));
            self.shared.tally.add(outcome, events as u64);
            share.durable()
        };
        self.await_disk(Some(durable)).await?;
        let reason = Dropped::OptedOut.code();
        let dropped = (0..events).map(|index| DroppedEvent { index, reason }).collect();
        Ok(BatchAnswer { dropped, ..BatchAnswer::default() })
    }

    /// Waits for the commit. Its failure means that the program ends before the disk took the events.
    async fn await_disk(&self, durable: Option<oneshot::Receiver<()>>) -> Result<(), BatchError> {
        let Some(durable) = durable else { return Ok(()) };
        self.shared.intake.hurry();
        durable.await.map_err(|_| BatchError::Shed(Shed::Stopping))
    }

    fn duplicate(&self, events: usize) -> BatchAnswer {
        self.shared.tally.add(Outcome::Duplicate, events as u64);
        BatchAnswer { duplicates: events, ..BatchAnswer::default() }
    }

    fn reject(&self, reason: Rejected) -> BatchError {
        self.note(Outcome::Rejected(reason));
        BatchError::Rejected(reason)
    }

    fn shed(&self, reason: Shed, hits: usize) -> BatchError {
        self.shared.tally.add(Outcome::Shed(reason), hits.max(1) as u64);
        BatchError::Shed(reason)
    }
}

/// Whom a relayed event came from, as far as the relay says.
fn relayed_sender<'a>(client: &'a Relayed<'_>, relay: &Sender<'a>) -> Option<Sender<'a>> {
    let address = ClientAddr::parse(&client.address).map(ClientAddr::cut);
    let known = client.known.as_deref();
    if address.is_none() && client.user_agent.is_empty() && known.is_none() {
        return None;
    }
    Some(Sender {
        now: relay.now,
        arrived: relay.arrived,
        address: address.unwrap_or(relay.address),
        backfills: relay.backfills,
        agent: &client.user_agent,
        language: &client.language,
        mobile_hint: None,
        is_browser: !client.user_agent.is_empty(),
        // The relay's own network says nothing of a person of whom another product told where they were.
        is_located: address.is_some() || known.is_none(),
        known,
    })
}

/// What another product had made of a user agent, in place of what an app says of itself.
fn context_of<'a>(known: &'a Known<'_>) -> Context<'a> {
    let lent = |text: &'a str| std::borrow::Cow::Borrowed(text);
    Context {
        app_version: lent(&known.app_version),
        os: lent(&known.os),
        os_version: lent(&known.os_version),
        device: lent(&known.device),
        ..Context::default()
    }
}
