//! The made-up site and the people who come to it: tables of `data/`, read once. Called by [`super::person`] and
//! [`super::visit`]. Knows nothing of time and of requests.

use std::collections::HashMap;

use super::random::Weighted;

/// How fast pages grow unpopular: the exponent of Zipf's law.
const ZIPF: f64 = 1.3;

/// A country's share of visitors.
#[derive(Clone, Debug)]
pub struct Network {
    /// First two bytes of the networks' addresses.
    pub blocks: Vec<[u8; 2]>,
    /// `Accept-Language` of its people.
    pub language: &'static str,
}

/// A class of devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// With a keyboard.
    Desktop,
    /// Held upright.
    Phone,
    /// In between.
    Tablet,
}

/// A browser.
#[derive(Clone, Copy, Debug)]
pub struct Browser {
    /// What it runs on.
    pub device: Device,
    /// Its user agent.
    pub agent: &'static str,
}

/// Where visits begin.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// Beginning of the paths of entry pages; empty: any page.
    pub entry: &'static str,
    /// Address that stands as referrer.
    pub referrer: &'static str,
    /// Campaign tags.
    pub tags: &'static str,
}

/// An installation of the made-up app.
#[derive(Clone, Copy, Debug)]
pub struct App {
    /// Operating system.
    pub os: &'static str,
    /// Its version.
    pub os_version: &'static str,
    /// Class of device.
    pub device: &'static str,
    /// The app's version.
    pub app_version: &'static str,
    /// Where it was installed from.
    pub install_source: &'static str,
}

/// Everything there is.
#[derive(Debug)]
pub struct World {
    /// Countries.
    pub networks: Weighted<Network>,
    /// Browsers.
    pub browsers: Weighted<Browser>,
    /// Sources of visits.
    pub sources: Weighted<Source>,
    /// Pages, as visited as they are.
    pub pages: Weighted<&'static str>,
    /// Kinds of installation.
    pub apps: Vec<App>,
    /// Which of them somebody has.
    pub app: Weighted<usize>,
    /// Pages by the first segment of their path, and by what entries begin with.
    neighbours: HashMap<&'static str, Weighted<&'static str>>,
}

impl World {
    /// Reads the tables.
    pub fn load() -> Self {
        let pages: Vec<(f64, &str)> = rows(include_str!("data/pages.txt"))
            .enumerate()
            .map(|(rank, page)| (1.0 / (rank as f64 + 2.0).powf(ZIPF), page))
            .collect();
        let sources = table(include_str!("data/sources.tsv")).map(|[weight, entry, referrer, tags]| {
            (number(weight), Source { entry: if entry == "*" { "" } else { entry }, referrer, tags })
        });
        let apps: Vec<(f64, App)> = table(include_str!("data/apps.tsv"))
            .map(|[weight, os, os_version, device, app_version, install_source]| {
                (number(weight), App { os, os_version, device, app_version, install_source })
            })
            .collect();
        Self {
            networks: Weighted::new(table(include_str!("data/networks.tsv")).map(network)),
            browsers: Weighted::new(table(include_str!("data/agents.tsv")).map(browser)),
            sources: Weighted::new(sources),
            neighbours: neighbours(&pages),
            pages: Weighted::new(pages),
            app: Weighted::new(apps.iter().enumerate().map(|(index, (weight, _))| (*weight, index))),
            apps: apps.into_iter().map(|(_, app)| app).collect(),
        }
    }

    /// The pages of the same section as `page`, which may itself be a section's path.
    pub fn section(&self, page: &str) -> &Weighted<&'static str> {
        self.neighbours.get(section(page)).unwrap_or(&self.pages)
    }
}

/// The first segment of a path.
fn section(page: &str) -> &str {
    page.split('/').nth(1).unwrap_or_default()
}

fn neighbours(pages: &[(f64, &'static str)]) -> HashMap<&'static str, Weighted<&'static str>> {
    let mut found: HashMap<&str, Vec<(f64, &'static str)>> = HashMap::new();
    for (weight, page) in pages {
        found.entry(section(page)).or_default().push((*weight, page));
    }
    found.into_iter().map(|(section, pages)| (section, Weighted::new(pages))).collect()
}

fn network([_, weight, language, blocks]: [&'static str; 4]) -> (f64, Network) {
    let block = |block: &str| {
        let (first, second) = block.split_once('.').expect("a committed table, read by a test");
        [first, second].map(|byte| byte.parse().expect("a committed table, read by a test"))
    };
    (number(weight), Network { blocks: blocks.split(' ').map(block).collect(), language })
}

fn browser([weight, device, agent]: [&'static str; 3]) -> (f64, Browser) {
    let device = match device {
        "phone" => Device::Phone,
        "tablet" => Device::Tablet,
        _ => Device::Desktop,
    };
    (number(weight), Browser { device, agent })
}

/// Lines that are no comments.
fn rows(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

/// Their columns, parted by tabs.
fn table<const COLUMNS: usize>(text: &'static str) -> impl Iterator<Item = [&'static str; COLUMNS]> {
    rows(text).map(|row| {
        let columns: Vec<&str> = row.split('\t').collect();
        columns.try_into().expect("a committed table, read by a test")
    })
}

fn number(text: &str) -> f64 {
    text.parse().expect("a committed table, read by a test")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::Arc;

    use super::*;
    use crate::ingest::enrich::agent::{AgentReader, AgentRules, AgentVerdict};
    use crate::ingest::enrich::source::Sources;
    use crate::privacy::hygiene::{clean_path, clean_value};

    #[test]
    fn weights_are_positive_and_nothing_is_there_twice() {
        let world = World::load();
        let weights = [
            world.networks.all().map(|(weight, _)| weight).collect::<Vec<f64>>(),
            world.browsers.all().map(|(weight, _)| weight).collect(),
            world.sources.all().map(|(weight, _)| weight).collect(),
            world.app.all().map(|(weight, _)| weight).collect(),
        ];
        assert!(weights.iter().flatten().all(|weight| *weight > 0.0));
        let agents: HashSet<&str> = world.browsers.all().map(|(_, browser)| browser.agent).collect();
        assert!(agents.len() >= 40 && agents.len() == world.browsers.all().count());
        let pages: HashSet<&str> = world.pages.all().map(|(_, page)| *page).collect();
        assert!(pages.len() >= 250 && pages.len() == world.pages.all().count());
    }

    #[test]
    fn every_agent_is_a_person_with_a_known_browser_and_system() {
        let mut reader = AgentReader::new(Arc::new(AgentRules::load().expect("the committed rules")));
        for (_, browser) in World::load().browsers.all() {
            let AgentVerdict::Person(agent) = reader.read(browser.agent, 0) else {
                panic!("{} is no person", browser.agent);
            };
            assert!(!agent.browser.is_empty() && !agent.os.is_empty(), "{}: {agent:?}", browser.agent);
        }
    }

    #[test]
    fn every_page_and_value_is_clean() {
        let world = World::load();
        for (_, page) in world.pages.all() {
            assert_eq!(clean_path(page), *page);
        }
        for app in &world.apps {
            for text in [app.app_version, app.install_source] {
                assert_eq!(clean_value(text).as_deref(), Some(text));
            }
        }
    }

    #[test]
    fn entries_exist_and_most_referrers_are_known() {
        let (world, sources) = (World::load(), Sources::load(None).expect("the built-in table"));
        for (_, source) in world.sources.all() {
            assert!(world.pages.all().any(|(_, page)| page.starts_with(source.entry)), "{}", source.entry);
        }
        let hosts: Vec<&str> =
            world.sources.all().filter_map(|(_, source)| source.referrer.split('/').nth(2)).collect();
        let known = hosts.iter().filter(|host| sources.by_host(host.trim_start_matches("www.")).is_some()).count();
        assert!(known * 4 > hosts.len() * 3, "{known} of {}", hosts.len());
    }
}
