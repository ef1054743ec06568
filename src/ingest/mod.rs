//! The path of one hit, from decoded bytes to the window of its thread.
//!
//! `Collector::examine` is the ordered list of steps. Each either drops the hit, with a reason, or puts something
//! into the event, which borrows from the hit: nothing is copied before it is counted. Only the anonymous [`Event`] is
//! counted, and neither outlives the call.

pub mod batch;
mod calendar;
pub mod compat;
pub mod decode;
pub mod enrich;
pub mod filter;
pub mod hit;
mod limit;
pub mod pixel;
pub mod reason;
mod steps;
pub mod tally;

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Instant;

use http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, REFERER, USER_AGENT};
use http::{HeaderMap, HeaderName};

use self::calendar::{Calendar, Local};
use self::decode::DecodeError;
use self::enrich::agent::{AgentReader, AgentRules};
use self::enrich::campaign;
use self::enrich::source::Sources;
use self::filter::spam::SpamHosts;
use self::hit::Hit;
pub use self::limit::RateLimit;
use self::reason::{Dropped, Outcome, Rejected, Shed};
use self::tally::Tally;
use crate::clock::Clock;
use crate::count::OptOut;
use crate::deliver::intake::Intake;
use crate::deliver::retry::RetrySet;
use crate::model::{Event, Site, Visitor};
use crate::privacy::address::CutAddress;
use crate::privacy::opt_out;
use crate::privacy::place::Places;
use crate::privacy::salt::{Salt, SaltStore};
use crate::registry::{Grant, Registry, Scope, Snapshot};

/// The header with which an owner asks what became of a hit.
static DEBUG: HeaderName = HeaderName::from_static("headcount-debug");
static MOBILE: HeaderName = HeaderName::from_static("sec-ch-ua-mobile");

/// What all threads that collect share. Nothing in it is locked for longer than a look-up.
pub struct Shared {
    /// Sites and keys.
    pub registry: Arc<Registry>,
    /// Salts of open days.
    pub salts: Arc<SaltStore>,
    /// Countries of networks; none when there is no file.
    pub places: Option<Arc<Places>>,
    /// Known sources.
    pub sources: Sources,
    /// Referrers that are spam.
    pub spam: SpamHosts,
    /// Rules for user agents.
    pub agents: Arc<AgentRules>,
    /// Where events go.
    pub intake: Arc<Intake>,
    /// Batch ids.
    pub retries: Arc<RetrySet>,
    /// The books.
    pub tally: Arc<Tally>,
    /// Limit for beacons and pixels.
    pub hit_limit: Option<RateLimit>,
    /// Limit for batches.
    pub batch_limit: Option<RateLimit>,
    /// The time.
    pub clock: Clock,
}

/// A request as far as it says who sent it. The address is behind a function: it is not even computed for those who
/// opted out.
pub struct Arrival<'a> {
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The client's cut address.
    pub address: &'a dyn Fn() -> CutAddress,
}

/// Who sent a hit, read only after the question of opting out is settled.
pub(crate) struct Sender<'a> {
    /// When the request came, in seconds since 1970.
    now: i64,
    /// The same by the clock that never steps: it orders what comes within one second.
    arrived: Instant,
    address: CutAddress,
    agent: &'a str,
    language: &'a str,
    /// `Sec-CH-UA-Mobile`.
    mobile_hint: Option<&'a str>,
    /// A beacon or pixel comes from a browser; a batch may come from anything.
    is_browser: bool,
    /// Whether it may fill in past days with visitors: an owner's import.
    backfills: bool,
    /// Whether its network says where the person is: a server that passes events on says that it does not.
    is_located: bool,
    /// What another product had made of address and user agent, in an import of its events.
    known: Option<&'a hit::Known<'a>>,
}

impl<'a> Sender<'a> {
    fn of(arrival: &Arrival<'a>, is_browser: bool, clock: &Clock) -> Self {
        let headers = arrival.headers;
        Self {
            now: clock.unix_seconds(),
            arrived: Instant::now(),
            address: (arrival.address)(),
            agent: text(headers, &USER_AGENT),
            language: text(headers, &ACCEPT_LANGUAGE),
            mobile_hint: headers.get(&MOBILE).and_then(|value| value.to_str().ok()),
            is_browser,
            backfills: false,
            is_located: true,
            known: None,
        }
    }
}

/// What became of a single hit, and who may know.
pub struct Verdict {
    /// What became of it.
    pub outcome: Outcome,
    /// Whether the request comes from the site's owner, who asked to be told.
    pub to_owner: bool,
}

/// One thread's collector.
pub struct Collector {
    number: usize,
    shared: Arc<Shared>,
    agents: RefCell<AgentReader>,
    calendar: RefCell<Calendar>,
}

impl Collector {
    /// The collector of thread `number`.
    pub fn new(number: usize, shared: Arc<Shared>) -> Self {
        let agents = RefCell::new(AgentReader::new(shared.agents.clone()));
        Self { number, shared, agents, calendar: RefCell::default() }
    }

    /// Wipes what pseudonyms left on the stack of this thread whenever a day's salt has ended. Never ends by itself.
    pub async fn wipe_after_each_day(&self) {
        self.shared.salts.wipe_after_each_end().await;
    }

    /// Takes the body of `POST /e`.
    ///
    /// # Errors
    /// When the body is not an event; it is in the books already.
    pub fn beacon(&self, body: &[u8], arrival: &Arrival<'_>) -> Result<Verdict, DecodeError> {
        match decode::one(body) {
            Ok(hit) => Ok(self.single(hit, arrival)),
            Err(error) => {
                self.note(Outcome::Rejected(error.reason));
                Err(error)
            }
        }
    }

    /// Takes the query of `GET /p.gif` or `/n.gif`.
    pub fn pixel(&self, query: &str, arrival: &Arrival<'_>) -> Verdict {
        self.single(pixel::hit(query, text(arrival.headers, &REFERER)), arrival)
    }

    /// Takes one hit and notes what became of it.
    fn single(&self, hit: Hit<'_>, arrival: &Arrival<'_>) -> Verdict {
        let to_owner = may_be_told(&self.shared.registry, arrival.headers, &hit.site);
        let outcome = self.count_one(hit, arrival).err().unwrap_or(Outcome::Recorded);
        self.note(outcome);
        Verdict { outcome, to_owner }
    }

    fn count_one(&self, hit: Hit<'_>, arrival: &Arrival<'_>) -> Result<(), Outcome> {
        let registry = self.shared.registry.snapshot();
        let site = steps::known_site(&registry, &hit)?;
        if opt_out::asked(arrival.headers) {
            return Err(self.count_opt_outs(site, 1));
        }
        let sender = Sender::of(arrival, true, &self.shared.clock);
        self.within_limit(self.shared.hit_limit.as_ref(), sender.address)?;
        self.examine(site, &hit, (&sender, None), |event| {
            self.shared.intake.share(self.number)?.window.count(event);
            Ok(())
        })
    }

    /// The path of one hit: what is dropped and what is put, in order. What is left goes to `count`.
    fn examine<T>(
        &self,
        site: &Arc<Site>,
        hit: &Hit<'_>,
        (sender, context): (&Sender<'_>, Option<&decode::Context<'_>>),
        count: impl FnOnce(&Event<'_>) -> Result<T, Outcome>,
    ) -> Result<T, Outcome> {
        let shared = &*self.shared;
        let now = sender.now;
        let agent = steps::not_a_bot(&mut self.agents.borrow_mut(), sender, now)?;
        let page = steps::page_of_the_web(site, hit)?;
        steps::own_host(site, &page)?;
        steps::wanted_path(site, &page)?;
        let referrer = steps::no_spam(&shared.spam, hit)?;
        let moment = self.moment(site, hit, steps::days_back(site, sender.backfills), now)?;
        let at = self.calendar.borrow_mut().local(site, moment).ok_or(Dropped::TooOld)?;
        let campaign = campaign::read(page.query);
        let places = shared.places.as_deref().map(Places::current);
        let places = places.as_ref().map(|table| &***table);

        let mut event = steps::event(site, (moment, sender.arrived), &at, hit)?;
        if hit.counter.is_none() {
            (event.visitor, event.before) = self.who(site, &at, hit, sender)?;
            event.is_live = steps::is_live(moment, now);
        }
        steps::put_page(&mut event, &page);
        steps::put_source(&mut event, &shared.sources, &page, (referrer, &campaign));
        steps::put_place(&mut event, places, sender);
        steps::put_device(&mut event, agent.as_deref(), sender, context);
        steps::put_known(&mut event, sender);
        steps::put_screen_and_language(&mut event, hit, sender, context);
        steps::put_app(&mut event, context);
        steps::put_measured(&mut event, hit);
        steps::put_cohort(&mut event, hit.cohort, hit.counter.is_some());
        steps::put_properties(&mut event, &hit.props);
        steps::put_goals(&mut event, site);
        count(&event)
    }

    fn moment(&self, site: &Arc<Site>, hit: &Hit<'_>, days: i64, now: i64) -> Result<i64, Dropped> {
        match hit.counter {
            Some(counter) => self.calendar.borrow_mut().moment_of(site, counter.day, now),
            None => steps::moment(hit, days, now),
        }
    }

    /// Who it was: on its day, and on the day before as long as a visit may go on past midnight. Nobody on a late day.
    fn who(
        &self,
        site: &Arc<Site>,
        at: &Local,
        hit: &Hit<'_>,
        sender: &Sender<'_>,
    ) -> Result<(Option<Visitor>, Option<Visitor>), Shed> {
        let (salts, now) = (&self.shared.salts, sender.now);
        let salt = if sender.backfills { salts.of_backfill(site, at.day, now) } else { salts.of(site, at.day, now) };
        let salt = salt.map_err(|_| Shed::DiskFailing)?;
        let Some(salt) = salt else { return Ok((None, None)) };
        let before = if steps::may_be_carried(at) { salts.existing(&site.id, at.day.plus(-1), now) } else { None };
        let visitor = |salt: &Salt| steps::visitor(salt, site, hit, sender);
        Ok((Some(visitor(&salt)), before.as_deref().map(visitor)))
    }

    /// Adds to the one number that is kept of hits that asked not to be counted.
    fn count_opt_outs(&self, site: &Arc<Site>, hits: u32) -> Outcome {
        let now = self.shared.clock.unix_seconds();
        let Some(Local { day, .. }) = self.calendar.borrow_mut().local(site, now) else {
            return Dropped::TooOld.into();
        };
        match self.shared.intake.share(self.number) {
            Ok(mut share) => {
                share.window.count_opt_out(&OptOut { site: site.clone(), day, hits });
                Dropped::OptedOut.into()
            }
            Err(reason) => reason.into(),
        }
    }

    /// This machine is never limited; who comes through a proxy on it is not this machine.
    fn within_limit(&self, limit: Option<&RateLimit>, network: CutAddress) -> Result<(), Outcome> {
        match limit.filter(|_| !network.is_loopback()) {
            Some(limit) if !limit.admits(network) => Err(Rejected::RateLimited.into()),
            _ => Ok(()),
        }
    }

    /// The moment, in seconds since 1970.
    pub fn now(&self) -> i64 {
        self.shared.clock.unix_seconds()
    }

    /// Notes what became of one hit.
    pub fn note(&self, outcome: Outcome) {
        self.shared.tally.add(outcome, 1);
    }
}

/// Whether the request asks what became of its hit and carries a key that administers the very site the hit names.
fn may_be_told(registry: &Registry, headers: &HeaderMap, site: &str) -> bool {
    let asked = || bearer(headers).and_then(|key| registry.snapshot().grant_of_key(key));
    let owns = |grant: Grant| grant.scope == Scope::Admin && grant.site.is_none_or(|of| of.as_str() == site);
    headers.contains_key(&DEBUG) && asked().is_some_and(owns)
}

/// Whether the request carries a key that administers the site: then it may fill in past days that are not sealed.
fn is_owner(registry: &Snapshot, headers: &HeaderMap, site: &Site) -> bool {
    let grant = bearer(headers).and_then(|key| registry.grant_of_key(key));
    grant.is_some_and(|grant| grant.scope == Scope::Admin && grant.site.is_none_or(|of| of == site.id))
}

/// Whether the request carries a key that may write for a site: then it may say whose events it passes on.
fn is_relay(registry: &Snapshot, headers: &HeaderMap, site: &Site) -> bool {
    let grant = bearer(headers).and_then(|key| registry.grant_of_key(key));
    grant.is_some_and(|grant| grant.scope != Scope::Read && grant.site.is_none_or(|of| of == site.id))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

/// A header as text; empty when it is absent or not text.
fn text<'a>(headers: &'a HeaderMap, name: &http::HeaderName) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
