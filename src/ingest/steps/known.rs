//! What another product had made of address and user agent, when its events are imported: place and browser. The system, the
//! device and the app go the way of an app's context.

use std::borrow::Cow;

use crate::ingest::Sender;
use crate::model::{Dimension, Event};
use crate::privacy::hygiene::{self, REDACTED};

/// Puts country, region, city and browser, where the import tells them. What our own file says of the network goes before.
pub fn put_known(event: &mut Event<'_>, sender: &Sender<'_>) {
    let Some(known) = sender.known else { return };
    if !sender.is_located {
        put_place(event, &known.country, &known.region, &known.city);
    }
    let browser = clean(&known.browser);
    if sender.agent.is_empty() && !browser.is_empty() {
        let end = known.browser_version.find(|c: char| !c.is_ascii_digit()).unwrap_or(known.browser_version.len());
        let major = &known.browser_version[..end];
        let version = if (1..=4).contains(&major.len()) { format!("{browser} {major}") } else { browser.to_string() };
        event.put(Dimension::BrowserVersion, version);
        event.put(Dimension::Browser, browser.into_owned());
    }
}

/// Regions are `DE-Bavaria`, cities `DE-Bavaria/Munich`, as the file of places has them.
fn put_place(event: &mut Event<'_>, country: &str, region: &str, city: &str) {
    if country.len() != 2 || !country.bytes().all(|c| c.is_ascii_alphabetic()) {
        return;
    }
    let country = country.to_ascii_uppercase();
    let own = region.strip_prefix(country.as_str()).and_then(|rest| rest.strip_prefix('-')).unwrap_or(region);
    let (region, city) = (clean(own), clean(city));
    if !region.is_empty() {
        event.put(Dimension::Region, format!("{country}-{region}"));
        if !city.is_empty() {
            event.put(Dimension::City, format!("{country}-{region}/{city}"));
        }
    }
    event.put(Dimension::Country, country);
}

/// A name; empty for one that is none, or that looks like personal data.
fn clean(text: &str) -> Cow<'_, str> {
    hygiene::clean_value(text).filter(|clean| clean != REDACTED && !clean.contains('/')).unwrap_or_default()
}
