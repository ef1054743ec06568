//! Days of the demo's mix as facts: the demo's own tables and habits, each event beside all it is counted under.

use std::collections::HashMap;
use std::sync::Arc;

use headcount::demo::measured::{Measured, currency};
use headcount::demo::person::{Person, Way};
use headcount::demo::random::{Random, Weighted};
use headcount::demo::visit::{self, From, Step};
use headcount::demo::world::World;
use headcount::ingest::enrich::agent::{AgentReader, AgentRules};
use headcount::ingest::enrich::source::{Sources, attribute, referring_host};
use headcount::ingest::enrich::{campaign, language, screen, section};
use headcount::model::{Site, bucket_of};

use super::fact::{
    APP_VERSION, Attribute, BROWSER, BROWSER_VERSION, CHANNEL, COUNTRY, CURRENCY, DEVICE, Dim, EVENT, Fact, HOST,
    INSTALL_SOURCE, Kind, LANGUAGE, NUMBER, OS, OS_VERSION, PAGE, PROP, REFERRER, SCREEN, SECTION, SOURCE, UTM, VITAL,
};

/// Visitors there are for ten visits of a day, as in the demo.
const VISITORS_OF_TEN_VISITS: usize = 8;
/// Host of the site's pages.
const SITE_HOST: &str = "demo.example";
/// How busy each hour of a day is.
const HOURS: [f64; 24] = [
    1.6, 1.1, 0.8, 0.7, 0.7, 0.9, 1.5, 2.7, 4.4, 5.9, 6.4, 6.3, 5.5, 5.9, 6.2, 6.1, 5.8, 5.2, 4.7, 4.8, 5.0, 4.6, 3.6,
    2.5,
];

/// Makes days.
pub struct Maker {
    world: World,
    site: Site,
    sources: Sources,
    agents: HashMap<&'static str, [String; 5]>,
    countries: HashMap<String, &'static str>,
    hours: Weighted<i64>,
}

impl Maker {
    /// Reads the demo's tables.
    pub fn new(site: Site) -> Self {
        let world = World::load();
        let rules = AgentRules::load().expect("the committed rules");
        let mut reader = AgentReader::new(Arc::new(rules));
        let mut agents = HashMap::new();
        for row in rows(include_str!("../../src/demo/data/agents.tsv")) {
            let text = row.rsplit('\t').next().unwrap_or_default();
            let verdict = reader.read(text, 0);
            let agent = verdict.agent().expect("every agent of the demo is a person's");
            let texts = [&*agent.browser, &agent.browser_version, &agent.os, &agent.os_version, agent.device.as_str()];
            agents.insert(text, texts.map(str::to_owned));
        }
        let hours = Weighted::new(HOURS.into_iter().zip(0..));
        let sources = Sources::load(None).expect("the built-in table");
        Self { world, site, sources, agents, countries: countries(), hours }
    }

    /// One day with so many page views, in order of time: the events of one part of the visitors, of so many parts. Parts
    /// take everything from the same random numbers, so together they are the day.
    pub fn day(&self, seed: u64, pageviews: usize, (part, parts): (usize, usize)) -> Vec<Fact> {
        let mut random = Random::of(&[seed, pageviews as u64]);
        let crowd = (pageviews / 3 * VISITORS_OF_TEN_VISITS / 10).max(1) as u64;
        let (mut facts, mut seen) = (Vec::new(), 0);
        while seen < pageviews {
            let who = random.below(crowd);
            // Two thirds come every day; the rest are other people each day.
            let of_day = if who.is_multiple_of(3) { seed } else { 0 };
            let person = Person::new(&self.world, &mut Random::of(&[who, of_day]));
            let begins = self.hours.pick(&mut random) * 3600 + random.below(3600) as i64;
            let steps = match person.way {
                Way::App(_) => visit::in_app(&mut random),
                _ => visit::on_site(&self.world, &mut random),
            };
            seen += steps.iter().filter(|step| kind(step) == Kind::Pageview).count();
            if who % parts as u64 == part as u64 {
                self.visit(who as u32, &person, (begins, &steps), &mut facts);
            }
        }
        facts.retain(|fact| fact.at < 86_400);
        facts.sort_by_key(|fact| fact.at);
        facts
    }

    fn visit(&self, who: u32, person: &Person, (begins, steps): (i64, &[Step]), facts: &mut Vec<Fact>) {
        let base = self.of_person(person);
        for step in steps {
            let mut attributes = base.clone();
            attributes.extend(self.of_place(person, step));
            let (at, kind) = (begins + step.after, kind(step));
            let mut fact = Fact { who: Some(who), at, kind, n: 1, attributes, engaged: None, scroll: None, revenue: 0 };
            measure(&mut fact, step.measured, person);
            facts.push(fact);
        }
    }

    fn of_person(&self, person: &Person) -> Vec<Attribute> {
        let network: Vec<&str> = person.address.split('.').take(2).collect();
        let mut put = Put(Vec::new());
        put.add(COUNTRY, self.countries.get(&network.join(".")).copied().unwrap_or_default());
        put.add(LANGUAGE, &language::primary(person.language).unwrap_or_default());
        if let Way::App(app) = person.way {
            let app = &self.world.apps[app];
            let device = if app.device == "phone" { "Mobile" } else { "Tablet" };
            let told =
                [(OS, app.os), (APP_VERSION, app.app_version), (INSTALL_SOURCE, app.install_source), (DEVICE, device)];
            told.into_iter().for_each(|(of, value)| put.add(of, value));
            put.add(OS_VERSION, &format!("{} {}", app.os, app.os_version));
            return put.0;
        }
        let dimensions = [BROWSER, BROWSER_VERSION, OS, OS_VERSION, DEVICE];
        dimensions.into_iter().zip(&self.agents[person.agent]).for_each(|(of, value)| put.add(of, value));
        put.add(SCREEN, screen::class(person.width).unwrap_or_default());
        put.0
    }

    fn of_place(&self, person: &Person, step: &Step) -> Vec<Attribute> {
        let mut put = Put(Vec::new());
        let name = if step.name.is_empty() { "pageview" } else { step.name };
        put.add(EVENT, if step.measured.is_report() { "" } else { name });
        put.add(PAGE, step.page);
        section::of(step.page).for_each(|section| put.add(SECTION, section));
        step.properties.iter().for_each(|(key, value)| put.add(PROP, &format!("{key}={value}")));
        let is_app = matches!(person.way, Way::App(_));
        let host = (!is_app).then_some(SITE_HOST);
        put.add(HOST, host.unwrap_or_default());
        let internal;
        let referrer = match step.from {
            From::Nowhere => None,
            From::Elsewhere(address) => Some(address),
            From::Page(path) => {
                internal = format!("https://{SITE_HOST}{path}");
                Some(internal.as_str())
            }
        };
        let campaign = campaign::read(step.tags);
        let origin = attribute(&self.sources, &self.site, host, referrer.and_then(referring_host), &campaign);
        put.add(SOURCE, &origin.source.unwrap_or_default());
        put.add(CHANNEL, origin.channel.unwrap_or_default());
        put.add(REFERRER, &origin.referrer.unwrap_or_default());
        let source = campaign.source.clone().filter(|_| campaign.tagged);
        let tags = [&source, &campaign.medium, &campaign.name, &campaign.term, &campaign.content];
        UTM.into_iter().zip(tags).for_each(|(of, tag)| put.add(of, tag.as_deref().unwrap_or_default()));
        put.0
    }
}

fn kind(step: &Step) -> Kind {
    match step.name {
        "" => Kind::Pageview,
        _ if step.measured.is_report() => Kind::Report,
        _ => Kind::Feature,
    }
}

/// What a step measures besides being counted.
fn measure(fact: &mut Fact, measured: Measured, person: &Person) {
    let mut put = Put(std::mem::take(&mut fact.attributes));
    match measured {
        Measured::Nothing => {}
        Measured::Payment(minor) => {
            put.add(CURRENCY, currency(person.language));
            fact.revenue = minor;
        }
        Measured::Number(key, number) => put.add(NUMBER, &format!("{key}={}", bucket_of(f64::from(number)))),
        Measured::Attention { secs, percent } => {
            (fact.engaged, fact.scroll) = (Some(i64::from(secs)), percent.map(i64::from));
        }
        Measured::Vitals { lcp, fcp, inp, ttfb, cls } => {
            let vitals = [("LCP", lcp), ("FCP", fcp), ("INP", inp), ("TTFB", ttfb), ("CLS", 1000.0 * cls)];
            vitals.into_iter().for_each(|(name, of)| put.add(VITAL, &format!("{name}={}", bucket_of(of))));
        }
    }
    fact.attributes = put.0;
}

/// Attributes that are not empty.
struct Put(Vec<Attribute>);

impl Put {
    fn add(&mut self, dimension: Dim, value: &str) {
        if !value.is_empty() {
            self.0.push((dimension, value.to_owned()));
        }
    }
}

/// Countries by the first two numbers of an address.
fn countries() -> HashMap<String, &'static str> {
    let mut found = HashMap::new();
    for line in rows(include_str!("../../src/demo/data/networks.tsv")) {
        let columns: Vec<&'static str> = line.split('\t').collect();
        if let [country, _, _, blocks] = columns[..] {
            found.extend(blocks.split(' ').map(|block| (block.to_owned(), country)));
        }
    }
    found
}

/// Lines of a table that are no comments.
fn rows(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}
