//! The steps of [`super::Collector::examine`], one function each: it drops the hit, or puts something into the event.

mod cohort;
mod goals;
mod known;
mod measured;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

pub use self::cohort::put_cohort;
pub use self::goals::put_goals;
pub use self::known::put_known;
pub use self::measured::{put_measured, put_properties};
use super::Sender;
use super::calendar::{LATE_DAYS, Local};
use super::decode::Context;
use super::enrich::agent::{self, Agent, AgentReader, AgentVerdict};
use super::enrich::campaign::Campaign;
use super::enrich::page::{self, PageUrl};
use super::enrich::source::{self, Sources};
use super::enrich::{language, screen, section};
use super::filter::spam::SpamHosts;
use super::hit::Hit;
use super::reason::Dropped;
use crate::model::{Dimension, Event, EventKind, Site, Visitor};
use crate::privacy::hygiene;
use crate::privacy::place::PlaceTable;
use crate::privacy::pseudonym::{self, Identity};
use crate::privacy::salt::{BACKFILL_DAYS, Salt};
use crate::registry::Snapshot;

/// The name under which page views are counted.
pub const PAGEVIEW: &str = "pageview";
/// The names of reports about page views that were counted before.
const REPORTS: [&str; 2] = ["engagement", "vitals"];
/// Seconds of a day in which a visit of the day before may go on.
const CARRIED_SECONDS: i64 = 30 * 60;

/// How long ago an event may have happened to be shown as live.
const LIVE_SECONDS: i64 = 60;

/// Where an event happened, as far as the hit says.
pub struct Page<'h> {
    host: Option<Cow<'h, str>>,
    path: Option<Cow<'h, str>>,
    /// What follows the question mark; campaign tags are read from it, and nothing else.
    pub query: &'h str,
}

/// The site the hit names.
pub fn known_site<'r>(registry: &'r Snapshot, hit: &Hit<'_>) -> Result<&'r Arc<Site>, Dropped> {
    registry.site(&hit.site).ok_or(Dropped::UnknownSite)
}

/// What sent the hit. On a page, only a person's browser counts; a batch may come from an app's or a server's library,
/// which has no agent worth counting.
pub fn not_a_bot(agents: &mut AgentReader, sender: &Sender<'_>, now: i64) -> Result<Option<Arc<Agent>>, Dropped> {
    match agents.read(sender.agent, now) {
        AgentVerdict::Person(agent) => Ok(Some(agent)),
        AgentVerdict::Library | AgentVerdict::Absent if !sender.is_browser => Ok(None),
        // An app's own short name looks like a robot's.
        AgentVerdict::Bot if !sender.is_browser && !names_itself_a_robot(sender.agent) => Ok(None),
        _ => Err(Dropped::Bot),
    }
}

fn names_itself_a_robot(agent: &str) -> bool {
    agent.starts_with("Mozilla/") || agent.to_ascii_lowercase().contains("bot")
}

/// Where the event happened: the address of a page, or else a path or an app's screen.
pub fn page_of_the_web<'h>(site: &Site, hit: &'h Hit<'_>) -> Result<Page<'h>, Dropped> {
    if hit.url.is_empty() {
        let path = match hit.path.as_ref() {
            "" => hygiene::clean_screen(&hit.screen),
            path => Some(hygiene::clean_path(path)),
        };
        return Ok(Page { host: None, path, query: "" });
    }
    let parts = web_address(&hit.url)?;
    let host = parts.host.and_then(|host| site_host(site, host).or_else(|| hygiene::clean_host(host)));
    Ok(Page { host, path: Some(hygiene::clean_path(parts.path)), query: parts.query })
}

/// A host the owner named is nobody's personal data, also when it is an address.
fn site_host<'u>(site: &Site, host: &'u str) -> Option<Cow<'u, str>> {
    let named = site.domains.iter().any(|domain| domain.eq_ignore_ascii_case(host));
    named.then(|| Cow::Owned(host.to_ascii_lowercase()))
}

fn web_address(url: &str) -> Result<PageUrl<'_>, Dropped> {
    if url.starts_with("https://") || url.starts_with("http://") {
        return page::split(url).ok_or(Dropped::BadUrl);
    }
    let scheme = url.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| !scheme.contains(['/', '?', '#']));
    if scheme.is_some_and(|scheme| !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https")) {
        return Err(Dropped::BadUrl);
    }
    page::split(url).ok_or(Dropped::BadUrl)
}

/// The page's host must be one of the site's; hosts are checked only when an event carries one.
pub fn own_host(site: &Site, page: &Page<'_>) -> Result<(), Dropped> {
    match &page.host {
        Some(host) if !site.accepts_host(host) => Err(Dropped::WrongHost),
        _ => Ok(()),
    }
}

/// The page must not be one the owner excludes; what has no page is not held against pages.
pub fn wanted_path(site: &Site, page: &Page<'_>) -> Result<(), Dropped> {
    let Some(path) = &page.path else { return Ok(()) };
    let is_excluded = site.excluded_paths.iter().any(|pattern| pattern.matches(path));
    if is_excluded { Err(Dropped::ExcludedPath) } else { Ok(()) }
}

/// The host that referred, which must not be a known spammer's.
pub fn no_spam<'h>(spam: &SpamHosts, hit: &'h Hit<'_>) -> Result<Option<Cow<'h, str>>, Dropped> {
    if hit.referrer.is_empty() {
        return Ok(None);
    }
    let host = source::referring_host(&hit.referrer);
    if host.as_deref().is_some_and(|host| spam.contains(host)) { Err(Dropped::SpamReferrer) } else { Ok(host) }
}

/// When it happened: never in the future, at most `days` ago.
pub fn moment(hit: &Hit<'_>, days: i64, now: i64) -> Result<i64, Dropped> {
    let moment = hit.occurred_at.map_or(now, |moment| moment.0.min(now));
    if moment < now - days * 86_400 { Err(Dropped::TooOld) } else { Ok(moment) }
}

/// Days back that an event may lie: thirty, and for the owner who fills in history as long as the site keeps it (months
/// taken as 30 days).
pub fn days_back(site: &Site, backfills: bool) -> i64 {
    if !backfills {
        return LATE_DAYS;
    }
    (i64::from(site.retention_months) * 30).clamp(LATE_DAYS, i64::from(BACKFILL_DAYS))
}

/// Whether it happened just now, so that a live view may show it.
pub fn is_live(moment: i64, now: i64) -> bool {
    now - moment < LIVE_SECONDS
}

/// Who it was, for the length of the day.
pub fn visitor(salt: &Salt, site: &Site, hit: &Hit<'_>, sender: &Sender<'_>) -> Visitor {
    let identity = match hit.visitor.as_ref() {
        "" => Identity::Network { address: sender.address, agent: sender.agent },
        id => Identity::Client(id),
    };
    pseudonym::visitor(salt, site.id.as_str(), &identity)
}

/// Whether a visit of the day before may go on.
pub fn may_be_carried(at: &Local) -> bool {
    at.second < CARRIED_SECONDS
}

/// The event itself: its kind and name. A report is about one page view: nobody can add up several.
pub fn event<'h>(
    site: &Arc<Site>,
    (moment, arrived): (i64, Instant),
    at: &Local,
    hit: &'h Hit<'_>,
) -> Result<Event<'h>, Dropped> {
    let name = hygiene::clean_name(&hit.name).unwrap_or(Cow::Borrowed(PAGEVIEW));
    let kind = match name.as_ref() {
        PAGEVIEW => EventKind::Pageview,
        name if REPORTS.contains(&name) => EventKind::Report,
        _ => EventKind::Feature,
    };
    if kind == EventKind::Report && hit.counter.is_some() {
        return Err(Dropped::BadEvent);
    }
    let mut event = Event {
        site: site.clone(),
        day: at.day,
        hour: at.hour,
        at: moment,
        arrived,
        kind,
        visitor: None,
        before: None,
        n: hit.counter.map_or(1, |counter| counter.n),
        is_live: false,
        engaged_secs: None,
        scroll_pct: None,
        revenue_minor: 0,
        attributes: Default::default(),
    };
    if kind != EventKind::Report {
        event.put(Dimension::Event, name);
    }
    Ok(event)
}

/// Page, sections, host.
pub fn put_page<'e>(event: &mut Event<'e>, page: &'e Page<'_>) {
    if let Some(host) = &page.host {
        event.put(Dimension::Hostname, &**host);
    }
    if let Some(path) = &page.path {
        section::of(path).for_each(|section| event.put(Dimension::Section, section));
        event.put(Dimension::Page, &**path);
    }
}

/// Source, channel, referring host, campaign tags. A step within the site has none of them.
pub fn put_source<'e>(
    event: &mut Event<'e>,
    sources: &'e Sources,
    page: &Page<'_>,
    (referrer, campaign): (Option<Cow<'e, str>>, &'e Campaign<'_>),
) {
    let origin = source::attribute(sources, &event.site, page.host.as_deref(), referrer, campaign);
    event.put(Dimension::Source, origin.source.unwrap_or_default());
    event.put(Dimension::Channel, origin.channel.unwrap_or_default());
    event.put(Dimension::Referrer, origin.referrer.unwrap_or_default());
    let tags = [
        (Dimension::UtmSource, campaign.utm_source()),
        (Dimension::UtmMedium, campaign.medium.as_deref()),
        (Dimension::UtmCampaign, campaign.name.as_deref()),
        (Dimension::UtmTerm, campaign.term.as_deref()),
        (Dimension::UtmContent, campaign.content.as_deref()),
    ];
    for (dimension, tag) in tags {
        event.put(dimension, tag.unwrap_or_default());
    }
}

/// Country, and region and city where the file has them.
pub fn put_place<'e>(event: &mut Event<'e>, places: Option<&'e PlaceTable>, sender: &Sender<'_>) {
    let Some(places) = places.filter(|_| sender.is_located) else { return };
    let Some(place) = places.lookup(sender.address) else { return };
    event.put(Dimension::Country, place.country);
    event.put(Dimension::Region, place.region.unwrap_or_default());
    event.put(Dimension::City, place.city.unwrap_or_default());
}

/// Browser, operating system and device class. What an app says of itself goes before its user agent.
pub fn put_device<'e>(
    event: &mut Event<'e>,
    agent: Option<&'e Agent>,
    sender: &Sender<'_>,
    context: Option<&Context<'_>>,
) {
    let told_os = context.and_then(|context| agent::os_of_context(&context.os, &context.os_version));
    let told_device = context.and_then(|context| agent::device_of_context(&context.device));
    let device = told_device.or_else(|| agent.map(|agent| agent.device.hinted(sender.mobile_hint)));
    event.put(Dimension::Device, device.map_or("", |device| device.as_str()));
    match (told_os, agent) {
        (Some((os, version)), _) => {
            event.put(Dimension::Os, os);
            event.put(Dimension::OsVersion, version);
        }
        (None, Some(agent)) => {
            event.put(Dimension::Os, &*agent.os);
            event.put(Dimension::OsVersion, &*agent.os_version);
        }
        (None, None) => {}
    }
    if let Some(agent) = agent {
        event.put(Dimension::Browser, &*agent.browser);
        event.put(Dimension::BrowserVersion, &*agent.browser_version);
    }
}

/// The class of the viewport's width, and the primary language.
pub fn put_screen_and_language<'e>(
    event: &mut Event<'e>,
    hit: &Hit<'_>,
    sender: &Sender<'e>,
    context: Option<&'e Context<'_>>,
) {
    // A float that is negative, huge or not a number becomes 0 or the largest width, as `as` does it.
    let class = hit.w.and_then(|width| screen::class(width as u32));
    event.put(Dimension::Screen, class.unwrap_or_default());
    let locale = context.map(|context| context.locale.as_ref()).filter(|locale| !locale.is_empty());
    event.put(Dimension::Language, language::primary(locale.unwrap_or(sender.language)).unwrap_or_default());
}

/// What an app says of itself.
pub fn put_app<'e>(event: &mut Event<'e>, context: Option<&'e Context<'_>>) {
    let Some(context) = context else { return };
    event.put(Dimension::AppVersion, hygiene::clean_value(&context.app_version).unwrap_or_default());
    event.put(Dimension::InstallSource, hygiene::clean_value(&context.install_source).unwrap_or_default());
}

#[cfg(test)]
mod tests;
