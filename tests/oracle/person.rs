//! Made-up persons: who they are on the wire, and what every event of theirs must be counted under.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::fact::{
    APP_VERSION, Attribute, BROWSER, BROWSER_VERSION, CITY, COUNTRY, DEVICE, INSTALL_SOURCE, LANGUAGE, OS, OS_VERSION,
    REGION, SCREEN,
};
use super::random::Random;
use super::world::{AGENTS, APPS, App, LANGUAGES, Place, WIDTHS};

/// Somebody.
#[derive(Clone, Debug)]
pub struct Person {
    /// The person's number.
    pub number: u32,
    /// The id an SDK made up; nobody else has it.
    pub id: Option<String>,
    /// The address. Without an id, nobody else has the first three numbers of it together with the agent.
    pub address: String,
    /// Position in [`AGENTS`]; of no meaning for apps.
    pub agent: usize,
    /// Position in [`LANGUAGES`].
    pub language: usize,
    /// Position in [`WIDTHS`].
    pub width: usize,
    /// Position in [`APPS`].
    pub app: Option<usize>,
    /// Weeks since this person first came, if it says so, and whether this is the first hit of a month.
    pub cohort: Option<(i64, bool)>,
    /// Whether it asks not to be counted.
    pub opted_out: bool,
    place: Vec<Attribute>,
}

/// Makes up persons that can all be told apart.
pub struct Crowd {
    places: Vec<Place>,
    taken: HashSet<(String, usize)>,
    number: u32,
}

impl Crowd {
    /// Nobody yet.
    pub fn new(places: Vec<Place>) -> Self {
        Self { places, taken: HashSet::new(), number: 0 }
    }

    /// Somebody new.
    pub fn person(&mut self, random: &mut Random) -> Person {
        let number = self.number;
        self.number += 1;
        let place = &self.places[random.ranked(self.places.len())];
        let [a, b] = place.network;
        let network = format!("{a}.{}.{}", b + (number / 256 % 4) as u8, number % 256);
        let agent = random.ranked(AGENTS.len());
        let app = random.chance(0.12).then(|| random.ranked(APPS.len()));
        // Who has neither an app nor a network and agent of its own carries an id.
        let by_id = app.is_some() || random.chance(0.25) || !self.taken.insert((network.clone(), agent));
        let attributes = [(COUNTRY, place.country.to_owned()), (REGION, region(place)), (CITY, city(place))];
        Person {
            number,
            id: by_id.then(|| format!("install-{number}")),
            address: format!("{network}.{}", 1 + random.below(250)),
            agent,
            language: random.ranked(LANGUAGES.len()),
            width: random.ranked(WIDTHS.len()),
            app,
            cohort: random.chance(0.3).then(|| (random.ranked(6) as i64, random.chance(0.6))),
            opted_out: random.chance(0.03),
            place: attributes.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        }
    }
}

impl Person {
    /// What every event of this person is counted under.
    pub fn attributes(&self) -> Vec<Attribute> {
        let own = |(dimension, value): (_, &str)| (dimension, value.to_owned());
        let mut attributes = self.place.clone();
        attributes.push(own((LANGUAGE, LANGUAGES[self.language].1)));
        match self.app {
            Some(app) => {
                let App { context, expected } = &APPS[app];
                let [os, os_version, device] = *expected;
                let told = [(OS, os), (OS_VERSION, os_version), (DEVICE, device), (APP_VERSION, context[3])];
                attributes.extend(told.map(own));
                attributes.push(own((INSTALL_SOURCE, context[4])));
            }
            None => {
                let [browser, browser_version, os, os_version, device] = AGENTS[self.agent].1;
                let told = [(BROWSER, browser), (BROWSER_VERSION, browser_version), (OS, os), (OS_VERSION, os_version)];
                attributes.extend(told.map(own));
                attributes.extend([own((DEVICE, device)), own((SCREEN, WIDTHS[self.width].1))]);
            }
        }
        attributes
    }

    /// What a relay says of this person.
    pub fn client(&self) -> Value {
        let agent = if self.app.is_some() { "" } else { AGENTS[self.agent].0 };
        let language = LANGUAGES[self.language].0;
        json!({ "address": self.address, "user_agent": agent, "language": language, "opted_out": self.opted_out })
    }
}

fn region(place: &Place) -> String {
    if place.region.is_empty() { String::new() } else { format!("{}-{}", place.country, place.region) }
}

fn city(place: &Place) -> String {
    if place.city.is_empty() { String::new() } else { format!("{}/{}", region(place), place.city) }
}
