//! What happens to the decoded events of another product's client: the steps of any hit, each event at most once, all of a
//! request in one commit. Called by `http::compat`; knows no dialect's wire format.

use std::sync::{Arc, MutexGuard};

use tokio::sync::{oneshot, watch};

use super::{Form, Named, Sent, Told};
use crate::count::OptOut;
use crate::deliver::commit::utc_day;
use crate::deliver::intake::Share;
use crate::deliver::retry::{Retry, RetrySet};
use crate::ingest::calendar::Local;
use crate::ingest::reason::{Dropped, Outcome, Rejected, Shed};
use crate::ingest::{Arrival, Collector, Sender};
use crate::model::Site;
use crate::privacy::opt_out;
use crate::registry::{Scope, Snapshot};

/// What became of a request's events.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Events that were counted.
    pub recorded: usize,
    /// Events that had been counted before.
    pub duplicates: usize,
    /// Places of events that were not counted, from 0, and why.
    pub dropped: Vec<(usize, Dropped)>,
}

/// A request of which nothing was counted. It is in the books already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForeignError {
    /// The client's fault.
    Rejected(Rejected),
    /// Overload.
    Shed(Shed),
}

/// Somebody else's event in flight: its id, and who tells when that is decided.
type Waiting = (u64, watch::Receiver<()>);

/// A request on its way through one hold of the window.
struct Pass<'a> {
    share: MutexGuard<'a, Share>,
    sender: Sender<'a>,
    retries: &'a RetrySet,
    /// Whose ids they are.
    kind: &'static str,
    counted: Counted,
    /// Ids that this request took into flight.
    begun: Vec<u64>,
    waiting: Vec<Waiting>,
}

impl Collector {
    /// Takes the events of another product's client; returns when they are on disk if the form asks for that.
    ///
    /// # Errors
    /// When nothing of it was counted.
    pub async fn foreign(&self, form: Form, events: Vec<Sent>, arrival: &Arrival<'_>) -> Result<Counted, ForeignError> {
        let sites = self.sites_of(form, &events);
        let is_event = |event: &Sent| event.told.as_ref().err() != Some(&Dropped::BadEvent);
        if form.names_unknown_tokens() && events.iter().any(is_event) && sites.iter().all(Option::is_none) {
            self.note(Outcome::Rejected(Rejected::UnknownSite));
            return Err(ForeignError::Rejected(Rejected::UnknownSite));
        }
        let (counted, durable, waiting) = match opt_out::asked(arrival.headers) {
            true => self.all_opted_out(&sites)?,
            false => self.count_foreign(form, events, &sites, arrival)?,
        };
        if form.is_durable() {
            self.until_on_disk(durable, waiting).await?;
        }
        Ok(counted)
    }

    fn sites_of(&self, form: Form, events: &[Sent]) -> Vec<Option<Arc<Site>>> {
        let registry = self.shared.registry.snapshot();
        events.iter().map(|event| site_of(&registry, form, &event.site).cloned()).collect()
    }

    fn count_foreign(
        &self,
        form: Form,
        events: Vec<Sent>,
        sites: &[Option<Arc<Site>>],
        arrival: &Arrival<'_>,
    ) -> Passed {
        let sender = Sender::of(arrival, form.is_browsers(), &self.shared.clock);
        let limit = if form.is_durable() { &self.shared.batch_limit } else { &self.shared.hit_limit };
        if self.within_limit(limit.as_ref(), sender.address).is_err() {
            self.note(Outcome::Rejected(Rejected::RateLimited));
            return Err(ForeignError::Rejected(Rejected::RateLimited));
        }
        let total = events.len();
        let share = self.shared.intake.share(self.number).map_err(|reason| self.shed_all(reason, total))?;
        let mark = share.window.mark();
        let mut pass = Pass {
            share,
            sender,
            retries: &self.shared.retries,
            kind: form.dialect().code(),
            counted: Counted::default(),
            begun: Vec::new(),
            waiting: Vec::new(),
        };
        for (index, (event, site)) in events.into_iter().zip(sites).enumerate() {
            let outcome = match site {
                Some(site) => self.count_sent(site, event, &mut pass),
                None => without_site(&event).into(),
            };
            if let Err(reason) = pass.enter(index, outcome) {
                // A salt cannot be made. The client will send it all again, so nothing of it may stay.
                pass.share.window.rewind(mark);
                pass.begun.iter().for_each(|id| pass.retries.abandon(*id));
                return Err(self.shed_all(reason, total));
            }
        }
        let day = utc_day(self.shared.clock.unix_seconds());
        let Pass { mut share, counted, begun, waiting, .. } = pass;
        share.remembered.extend(begun.into_iter().map(|id| (id, day)));
        let is_counted = counted.recorded > 0 || counted.dropped.iter().any(|(_, of)| *of == Dropped::OptedOut);
        let durable = (form.is_durable() && is_counted).then(|| share.durable());
        drop(share);
        self.enter(&counted);
        Ok((counted, durable, waiting))
    }

    /// One event: the steps of any hit, then its id, then the window.
    fn count_sent(&self, site: &Arc<Site>, sent: Sent, pass: &mut Pass<'_>) -> Outcome {
        let Told { hit, context, agent, opted_out, hides_place } = match sent.told {
            Ok(told) => *told,
            Err(reason) => return reason.into(),
        };
        if opted_out {
            return self.said_no(site, &mut pass.share);
        }
        let agent = if agent.is_empty() { pass.sender.agent } else { agent.as_str() };
        let sender = Sender { agent, is_located: !hides_place, ..pass.sender };
        let counted = self.examine(site, &hit, (&sender, Some(&context)), |event| {
            if !sent.id.is_empty() && !pass.is_first(site.id.as_str(), &sent.id) {
                return Ok(Outcome::Duplicate);
            }
            pass.share.window.count(event);
            Ok(Outcome::Recorded)
        });
        counted.unwrap_or_else(|outcome| outcome)
    }

    /// The client says that the person does not want to be counted: nothing of the event is looked at (P1), its id neither.
    /// Sent again, it is one more that opted out: a remembered id would be something kept of who wanted nothing kept.
    fn said_no(&self, site: &Arc<Site>, share: &mut Share) -> Outcome {
        let now = self.shared.clock.unix_seconds();
        let Some(Local { day, .. }) = self.calendar.borrow_mut().local(site, now) else {
            return Dropped::TooOld.into();
        };
        share.window.count_opt_out(&OptOut { site: site.clone(), day, hits: 1 });
        Dropped::OptedOut.into()
    }

    /// The whole request asks not to be counted.
    fn all_opted_out(&self, sites: &[Option<Arc<Site>>]) -> Passed {
        let total = sites.len();
        let mut share = self.shared.intake.share(self.number).map_err(|reason| self.shed_all(reason, total))?;
        let reason = |site: &Option<Arc<Site>>| match site.as_ref().map(|site| self.said_no(site, &mut share)) {
            Some(Outcome::Dropped(reason)) => reason,
            _ => Dropped::UnknownSite,
        };
        let dropped = sites.iter().map(reason).enumerate().collect();
        let counted = Counted { dropped, ..Counted::default() };
        let durable = (total > 0).then(|| share.durable());
        drop(share);
        self.enter(&counted);
        Ok((counted, durable, Vec::new()))
    }

    /// Waits for the commit of our own events, and for those of others that bear the same ids.
    async fn until_on_disk(
        &self,
        durable: Option<oneshot::Receiver<()>>,
        waiting: Vec<Waiting>,
    ) -> Result<(), ForeignError> {
        if let Some(durable) = durable {
            self.shared.intake.hurry();
            durable.await.map_err(|_| ForeignError::Shed(Shed::Stopping))?;
        }
        for (id, mut decided) in waiting {
            self.shared.intake.hurry();
            // Ends with an error when it is decided, either way.
            drop(decided.changed().await);
            if !self.shared.retries.is_counted(id) {
                return Err(ForeignError::Shed(Shed::Overloaded));
            }
        }
        Ok(())
    }

    /// Enters what became of the events into the books.
    fn enter(&self, counted: &Counted) {
        self.shared.tally.add(Outcome::Recorded, counted.recorded as u64);
        self.shared.tally.add(Outcome::Duplicate, counted.duplicates as u64);
        counted.dropped.iter().for_each(|(_, reason)| self.note(Outcome::Dropped(*reason)));
    }

    fn shed_all(&self, reason: Shed, hits: usize) -> ForeignError {
        self.shared.tally.add(Outcome::Shed(reason), hits.max(1) as u64);
        ForeignError::Shed(reason)
    }
}

/// What was counted, who waits for the disk, and whom to wait for.
type Passed = Result<(Counted, Option<oneshot::Receiver<()>>, Vec<Waiting>), ForeignError>;

/// Why an event counts for no site: what is no event may lack the token for that reason.
fn without_site(event: &Sent) -> Dropped {
    let reason = event.told.as_ref().err().filter(|reason| **reason == Dropped::BadEvent);
    reason.copied().unwrap_or(Dropped::UnknownSite)
}

impl Pass<'_> {
    /// Notes what became of one event; the reason when it is none that may stand among others.
    fn enter(&mut self, index: usize, outcome: Outcome) -> Result<(), Shed> {
        match outcome {
            Outcome::Recorded => self.counted.recorded += 1,
            Outcome::Duplicate => self.counted.duplicates += 1,
            Outcome::Dropped(reason) => self.counted.dropped.push((index, reason)),
            Outcome::Shed(reason) => return Err(reason),
            Outcome::Rejected(_) => return Err(Shed::Overloaded),
        }
        Ok(())
    }

    /// Whether nobody has counted this id; then it is in flight, and ours.
    fn is_first(&mut self, site: &str, id: &str) -> bool {
        let id = self.retries.event_hash(site, self.kind, id);
        match self.retries.begin(id) {
            Retry::First => self.begun.push(id),
            Retry::Counted => return false,
            // Twice in one request.
            Retry::InFlight(_) if self.begun.contains(&id) => return false,
            Retry::InFlight(decided) => {
                self.waiting.push((id, decided));
                return false;
            }
        }
        true
    }
}

fn site_of<'r>(registry: &'r Snapshot, form: Form, named: &Named) -> Option<&'r Arc<Site>> {
    match named {
        Named::Token(token) => registry.accepting(form.dialect(), token),
        Named::TokenOrHost(token, host) => {
            registry.accepting(form.dialect(), token).or_else(|| registry.site_of_host(host))
        }
        Named::HostOrToken(host, token) => {
            registry.site_of_host(host).or_else(|| registry.accepting(form.dialect(), token))
        }
        Named::Key(key) => {
            let grant = registry.grant_of_key(key).filter(|grant| grant.scope != Scope::Read)?;
            registry.site(grant.site?.as_str())
        }
    }
}
