//! Where a visitor came from: the table of known sources, and the decision between campaign and referrer. Called by `ingest` once per
//! hit. Of a referrer nothing but the host leaves this file.

mod table;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::campaign::Campaign;
use super::channel::{self, Medium};
use super::page;
use crate::model::{DIRECT, DIRECT_CHANNEL, Site};
use crate::privacy::hygiene::{REDACTED, clean_host};

pub use table::{Sources, SourcesError};

/// Where a hit came from. All `None` for a step within the site: what brought the visitor was counted with an earlier hit of
/// the visit, and a visit that begins with such a step is direct.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin<'a> {
    /// A known name, else the campaign's source as sent, else the referring host, else [`DIRECT`].
    pub source: Option<Cow<'a, str>>,
    /// The channel's name.
    pub channel: Option<&'static str>,
    /// Host of a foreign referrer, without `www.`; an IP address is `(redacted)`.
    pub referrer: Option<Cow<'a, str>>,
}

/// Decides where a hit came from. `sent` is what [`referring_host`] made of the referrer, `page_host` the cleaned host of the page.
pub fn attribute<'a>(
    sources: &'a Sources,
    site: &Site,
    page_host: Option<&str>,
    sent: Option<Cow<'a, str>>,
    campaign: &'a Campaign<'_>,
) -> Origin<'a> {
    let internal = sent.as_deref().is_some_and(|host| is_internal(site, page_host, host));
    if internal && campaign.is_empty() {
        return Origin::default();
    }
    let referrer = sent.filter(|_| !internal);
    let known = known(sources, referrer.as_deref(), campaign);
    let source = known
        .map(|source| Cow::Borrowed(source.name))
        .or_else(|| campaign.source.as_deref().map(Cow::Borrowed))
        .or_else(|| referrer.clone());
    if known.is_some_and(|source| source.name == DIRECT) || (source.is_none() && campaign.is_empty()) {
        return Origin { source: Some(DIRECT.into()), channel: Some(DIRECT_CHANNEL), referrer };
    }
    let medium = known.map(|source| source.medium);
    let channel = channel::of(campaign, medium, referrer.is_some());
    Origin { source: source.or(Some(DIRECT.into())), channel: Some(channel), referrer }
}

/// A source the table knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known<'a> {
    /// Its name: `DuckDuckGo`.
    pub name: &'a str,
    /// What kind of place it is.
    pub medium: Medium,
}

/// What the campaign says goes before what the referrer says; a click id comes last, since it may be passed on by hand.
fn known<'a>(sources: &'a Sources, referrer: Option<&str>, campaign: &Campaign<'_>) -> Option<Known<'a>> {
    if let Some(tag) = campaign.source.as_deref() {
        return sources.by_tag(tag);
    }
    if let Some(found) = referrer.and_then(|host| sources.by_host(host)) {
        return Some(found);
    }
    sources.by_tag(campaign.click?.source())
}

/// The cleaned host, without `www.`, of a referrer, which may be a URL or a bare host.
pub fn referring_host(referrer: &str) -> Option<Cow<'_, str>> {
    let referrer = referrer.trim();
    let host = match page::split(referrer) {
        Some(url) => url.host?,
        None if referrer.contains(['/', ':', '?', '#']) || !referrer.contains('.') => return None,
        None => referrer,
    };
    Some(match clean_host(host)? {
        Cow::Borrowed(host) => Cow::Borrowed(without_www(host)),
        Cow::Owned(host) => without_www(&host).to_owned().into(),
    })
}

/// Whether a referrer is the site itself. An address is told from the site's own by the page alone, since it is not kept.
fn is_internal(site: &Site, page_host: Option<&str>, host: &str) -> bool {
    page_host.is_some_and(|page| without_www(page) == host)
        || (host != REDACTED && !site.domains.is_empty() && site.accepts_host(host))
}

fn without_www(host: &str) -> &str {
    host.strip_prefix("www.").filter(|rest| rest.contains('.')).unwrap_or(host)
}
