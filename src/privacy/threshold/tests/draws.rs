//! Random events of a small world: who looks at what, from where, by which way.

use proptest::prelude::*;

use super::super::brute::{Event, Value};
use crate::model::Dimension;

/// What one event draws its attributes from.
#[derive(Clone)]
pub(super) struct Draw {
    visitor: usize,
    page: usize,
    place: usize,
    source: usize,
    browser: usize,
    name: usize,
    goals: usize,
    host: usize,
}

impl std::fmt::Debug for Draw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { visitor, page, place, source, browser, name, goals, host } = self;
        write!(f, "({visitor} {page} {place} {source} {browser} {name} {goals} {host})")
    }
}

pub(super) const PAGES: [&str; 12] = [
    "/",
    "/blog",
    "/blog/a",
    "/blog/a/1",
    "/blog/a/2",
    "/blog/b/1",
    "/shop",
    "/shop/x",
    "/shop/y/1",
    "/x/y/z",
    "(redacted)",
    "/z/1",
];
const PLACES: [[&str; 3]; 10] = [
    ["DE", "DE-Bavaria", "DE-Bavaria/Munich"],
    ["DE", "DE-Bavaria", "DE-Bavaria/Passau"],
    ["DE", "DE-Bavaria", ""],
    ["DE", "DE-Hesse", "DE-Hesse/Kassel"],
    ["DE", "", ""],
    ["FR", "FR-Brittany", "FR-Brittany/Brest"],
    ["FR", "FR-Brittany", "FR-Brittany/Rennes"],
    ["FR", "FR-Normandy", "FR-Normandy/Caen"],
    ["AT", "AT-Tyrol", ""],
    ["", "", ""],
];
const SOURCES: [[&str; 2]; 11] = [
    ["Organic Search", "Google"],
    ["Paid Search", "Google"],
    ["Direct", "(direct)"],
    ["Organic Search", "Bing"],
    ["Paid Search", "Bing"],
    ["Email", "Bing"],
    ["Organic Search", "Qwant"],
    ["Email", "letter"],
    ["Direct", "letter"],
    ["Paid Search", "ads"],
    ["Email", "post"],
];
const BROWSERS: [[&str; 2]; 5] = [
    ["Firefox", "Firefox 128"],
    ["Firefox", "Firefox 129"],
    ["Chrome", "Chrome 130"],
    ["Chrome", "Chrome"],
    ["Chrome Mobile", "Chrome Mobile 99"],
];

/// Small numbers more often.
pub(super) fn skewed(below: usize) -> impl Strategy<Value = usize> {
    (0..below, 0..below).prop_map(|(a, b)| a.min(b))
}

pub(super) fn draws() -> impl Strategy<Value = Vec<Draw>> {
    let visit = (skewed(10), skewed(SOURCES.len()), skewed(5), 1..4_usize, skewed(6));
    let event = (skewed(12), 0..6_usize, 0..5_usize, 0..8_usize);
    proptest::collection::vec((visit, proptest::collection::vec(event, 3)), 1..40).prop_map(|people| {
        let mut draws = Vec::new();
        for (visitor, ((place, source, browser, count, host), events)) in people.into_iter().enumerate() {
            for (page, name, away, goals) in events.into_iter().take(count) {
                // Some move about in the middle of the day.
                let place = if away == 0 { page % PLACES.len() } else { place };
                let source = if away == 1 { page % SOURCES.len() } else { source };
                draws.push(Draw { visitor, page, place, source, browser, name, goals, host });
            }
        }
        draws
    })
}

/// Values that found no room, by a mask over their texts.
fn capped(dimension: Dimension, text: &str, mask: u32) -> String {
    let sum: u32 = text.bytes().map(u32::from).sum::<u32>() + dimension as u32;
    let is_out = mask >> (sum % 32) & 1 == 1;
    if is_out { "(more)".to_owned() } else { text.to_owned() }
}

pub(super) fn events(draws: &[Draw], cap: u32) -> Vec<Event> {
    draws
        .iter()
        .map(|draw| {
            let is_view = draw.name < 3;
            let page = PAGES[draw.page];
            let mut attributes: Vec<Value> = vec![(Dimension::Page, capped(Dimension::Page, page, cap))];
            let mut put = |dimension, text: &str| {
                let value = (dimension, capped(dimension, text, cap));
                if !text.is_empty() && !attributes.contains(&value) {
                    attributes.push(value);
                }
            };
            crate_sections(page).into_iter().for_each(|section| put(Dimension::Section, section));
            let [country, region, city] = PLACES[draw.place];
            let [channel, source] = SOURCES[draw.source];
            let (host, tag) = within(source, draw.host);
            let [browser, version] = BROWSERS[draw.browser];
            let rest = [
                (Dimension::Country, country),
                (Dimension::Region, region),
                (Dimension::City, city),
                (Dimension::Channel, channel),
                (Dimension::Source, source),
                (Dimension::Referrer, &host),
                (Dimension::UtmSource, &tag),
                (Dimension::Browser, browser),
                (Dimension::BrowserVersion, version),
            ];
            rest.into_iter().for_each(|(dimension, text)| put(dimension, text));
            attributes.push((
                Dimension::Event,
                ["pageview", "signup", "play", "search"][draw.name.saturating_sub(2)].to_owned(),
            ));
            // One is reached by views of some pages, the others by some of a feature each, the last by all of it.
            let goals = [("seen", is_view), ("free", draw.name == 3), ("paid", draw.name == 4)];
            for (bit, (goal, _)) in goals.into_iter().enumerate().filter(|(_, (_, reached))| *reached) {
                if draw.goals >> (bit % 2) & 1 == 1 || goal == "paid" {
                    attributes.push((Dimension::Goal, goal.to_owned()));
                }
            }
            Event { visitor: draw.visitor, is_view, attributes }
        })
        .collect()
}

/// The host of the referrer and the tag of a visit from a source: most hosts belong to one source, `mail.test` to several.
fn within(source: &str, host: usize) -> (String, String) {
    match host {
        0 | 1 => (format!("{source}.test"), String::new()),
        2 => (format!("{source}.example"), String::new()),
        3 => (String::new(), format!("{source}-tag")),
        4 => (format!("{source}.test"), format!("{source}-ad")),
        _ => ("mail.test".to_owned(), format!("{source}-ad")),
    }
}

pub(super) fn crate_sections(page: &str) -> Vec<&str> {
    crate::ingest::enrich::section::of(page).collect()
}
