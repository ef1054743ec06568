//! The cheap reading, for when first looks are rationed: one pass over the words of a user agent, no regular expressions. It knows
//! the common browsers and systems; everything else stays unknown.

use super::names::{self, Reading};
use super::{Agent, device};

/// Products and the family they stand for, the weightiest first: browsers name their ancestors too.
const PRODUCTS: [(&str, &str); 13] = [
    ("EdgA", "Edge"),
    ("EdgiOS", "Edge"),
    ("Edg", "Edge"),
    ("Edge", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("YaBrowser", "Yandex Browser"),
    ("Vivaldi", "Vivaldi"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    // Safari puts its version here.
    ("Version", "Safari"),
];

/// Reads a user agent cheaply.
pub fn agent(user_agent: &str) -> Agent {
    let (browser, browser_major) = browser(user_agent);
    let (os, os_major, os_minor) = system(user_agent);
    let device = device::of(user_agent);
    names::agent(Reading { browser, browser_major, os, os_major, os_minor, device, user_agent })
}

fn browser(user_agent: &str) -> (&'static str, &str) {
    let mut best = (PRODUCTS.len(), "");
    for word in user_agent.split([' ', '(', ')', ';']) {
        let Some((product, version)) = word.split_once('/') else {
            continue;
        };
        if let Some(rank) = PRODUCTS[..best.0].iter().position(|(name, _)| *name == product) {
            best = (rank, version.split('.').next().unwrap_or(""));
        }
    }
    PRODUCTS.get(best.0).map_or(("", ""), |(_, family)| (family, best.1))
}

fn system(user_agent: &str) -> (&'static str, &str, &str) {
    let version = |after: &str| {
        let rest = user_agent.split_once(after).map_or("", |(_, rest)| rest);
        let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '_'))).unwrap_or(rest.len());
        let mut parts = rest[..end].split(['.', '_']);
        (parts.next().unwrap_or(""), parts.next().unwrap_or(""))
    };
    let (family, (major, minor)) = if user_agent.contains("Windows NT 10") {
        ("Windows", ("10", ""))
    } else if user_agent.contains("Windows") {
        ("Windows", ("", ""))
    } else if user_agent.contains("iPhone OS ") {
        ("iOS", version("iPhone OS "))
    } else if user_agent.contains("iPad") {
        ("iOS", version("CPU OS "))
    } else if user_agent.contains("Android") {
        ("Android", version("Android "))
    } else if user_agent.contains("Mac OS X") {
        ("Mac OS X", version("Mac OS X "))
    } else if user_agent.contains("CrOS") {
        ("Chrome OS", ("", ""))
    } else if user_agent.contains("Linux") {
        ("Linux", ("", ""))
    } else {
        ("", ("", ""))
    };
    (family, major, minor)
}
