//! The requests: beacons, pixels and batches of made-up people, written beforehand. Of views, features and reports of
//! attention; pages by Zipf's law; some pages with campaign tags, referrers or properties. [`super::fresh`] writes them as
//! they are sent.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::drive::Source;
use super::people::{self, Person};
use super::random::Random;

/// A kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One event as a beacon.
    Beacon,
    /// One event as an image.
    Pixel,
    /// So many events in a batch.
    Batch(usize),
    /// The same, packed with gzip.
    Packed(usize),
}

impl Shape {
    /// Events of a request, reports of attention among them.
    pub const fn events(self) -> usize {
        match self {
            Self::Beacon | Self::Pixel => 1,
            Self::Batch(events) | Self::Packed(events) => events,
        }
    }

    /// Whether the answer says that the events are on disk.
    pub const fn is_durable(self) -> bool {
        matches!(self, Self::Batch(_) | Self::Packed(_))
    }
}

/// What the traffic is made of.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// Names of the sites; the first is the busiest when there are several.
    pub sites: &'a [String],
    /// Pages of each site.
    pub pages: usize,
    /// Different people.
    pub people: usize,
    /// A key that may relay: batches are sent by servers.
    pub key: &'a str,
}

/// What one request adds to the account once it is acknowledged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Worth {
    /// Hits of any kind.
    pub hits: u64,
    /// Those that are page views.
    pub pageviews: u64,
    /// Those that count as events: all but reports.
    pub events: u64,
}

impl Worth {
    /// Adds another one's.
    pub fn add(&mut self, other: Self) {
        self.hits += other.hits;
        self.pageviews += other.pageviews;
        self.events += other.events;
    }
}

/// Requests ready to be sent.
pub struct Mix {
    /// What they are.
    pub shape: Shape,
    requests: Vec<Request>,
    run: u64,
}

/// A request but for its batch id.
pub(super) struct Request {
    head: String,
    /// Of a batch: what stands in front of its id. The rest follows the id.
    before_id: String,
    body: Vec<u8>,
    worth: Worth,
}

/// Says who sends the next event.
pub(super) type Cast<'a, 'b> = &'a mut dyn FnMut(&mut Random) -> Person<'b>;

impl Mix {
    /// `count` different requests. Batch ids of one `run` differ from those of another.
    pub fn new(shape: Shape, world: World<'_>, (count, run): (usize, u64)) -> Self {
        let browsers = people::browsers();
        let mut random = Random::new(run ^ 0x00be_ac00);
        let mut cast = |random: &mut Random| people::person(random.below(world.people), &browsers);
        let requests = (0..count).map(|_| Request::new(shape, world, &mut cast, &mut random)).collect();
        Self { shape, requests, run }
    }
}

impl Source for Mix {
    fn write(&self, number: u64, out: &mut Vec<u8>) -> Worth {
        let request = &self.requests[(number % self.requests.len() as u64) as usize];
        request.write(self.shape, &format!("{:08x}-{number:012x}", self.run), out)
    }

    fn is_durable(&self) -> bool {
        self.shape.is_durable()
    }
}

impl Request {
    /// A request of this kind.
    pub(super) fn new(shape: Shape, world: World<'_>, cast: Cast<'_, '_>, random: &mut Random) -> Self {
        match shape {
            Shape::Beacon | Shape::Pixel => {
                let site = world.sites[random.zipf(world.sites.len())].as_str();
                single(shape, (site, world.pages), &cast(random), random)
            }
            Shape::Batch(_) | Shape::Packed(_) => batch(shape, world, cast, random),
        }
    }

    /// Writes it, a batch under this id, and says what it is worth.
    pub(super) fn write(&self, shape: Shape, id: &str, out: &mut Vec<u8>) -> Worth {
        out.clear();
        let Self { head, before_id, body, worth } = self;
        if !shape.is_durable() {
            let _ = write!(out, "{head}content-length: {}\r\n\r\n", body.len());
            out.extend_from_slice(body);
            return *worth;
        }
        let beginning = format!("{before_id}{id}\",");
        // Two members one after the other are a gzip file, so the part that changes is packed by itself.
        let beginning = match shape {
            Shape::Packed(_) => packed(beginning.as_bytes(), Compression::none()),
            _ => beginning.into_bytes(),
        };
        let _ = write!(out, "{head}content-length: {}\r\n\r\n", beginning.len() + body.len());
        out.extend_from_slice(&beginning);
        out.extend_from_slice(body);
        *worth
    }
}

/// One event: its fields as JSON, without the braces.
pub(super) struct Event {
    json: String,
    worth: Worth,
}

pub(super) fn event(site: &str, pages: usize, random: &mut Random) -> Event {
    let kind = random.part();
    if kind >= 0.35 {
        return view(site, pages, random);
    }
    let url = format!("https://{site}.example{}", page(pages, random));
    let one = Worth { hits: 1, ..Worth::default() };
    if kind < 0.2 {
        let (seconds, scrolled) = (1 + random.below(90), 10 * random.below(11));
        let json = format!(r#""name":"engagement","url":"{url}","engaged_secs":{seconds},"scroll_pct":{scrolled}"#);
        return Event { json, worth: one };
    }
    let (name, plan) = (random.zipf(12), random.below(4));
    let json = format!(r#""name":"feature {name}","url":"{url}","props":{{"plan":"plan {plan}"}}"#);
    Event { json, worth: Worth { events: 1, ..one } }
}

pub(super) fn view(site: &str, pages: usize, random: &mut Random) -> Event {
    let url = format!("https://{site}.example{}", page(pages, random));
    let mut json = format!(r#""url":"{url}"#);
    if random.chance(0.1) {
        json.push_str("?utm_source=newsletter&utm_medium=email&utm_campaign=autumn");
    }
    json.push('"');
    if random.chance(0.5) {
        const REFERRERS: [&str; 6] = [
            "https://www.google.com/",
            "https://duckduckgo.com/",
            "https://news.ycombinator.com/item",
            "https://www.bing.com/",
            "https://t.co/x",
            "https://some-blog.example/post",
        ];
        json.push_str(&format!(r#","referrer":"{}""#, REFERRERS[random.zipf(6)]));
    }
    Event { json, worth: Worth { hits: 1, pageviews: 1, events: 1 } }
}

/// A page: sections have names in letters, since numbers in paths may be ids.
fn page(pages: usize, random: &mut Random) -> String {
    let mut number = random.zipf(pages);
    if number == 0 {
        return "/".to_owned();
    }
    let section = ["blog", "docs", "shop", "help", "news", "about"][number % 6];
    let mut name = String::new();
    while number > 0 {
        name.push_str(["ka", "lo", "mi", "ne", "ru", "sa", "to", "vi", "wu", "za"][number % 10]);
        number /= 10;
    }
    format!("/{section}/{name}")
}

fn single(shape: Shape, (site, pages): (&str, usize), person: &Person<'_>, random: &mut Random) -> Request {
    if shape == Shape::Beacon {
        let event = event(site, pages, random);
        return beacon(site, &event, person, random);
    }
    let host = format!("host: stats.{site}.example\r\n{}", person.headers(site, random));
    let page = page(pages, random).replace('/', "%2F");
    let head = format!(
        "GET /p.gif?site={site}&url=https%3A%2F%2F{site}.example{page}&ref=https%3A%2F%2Fduckduckgo.com%2F&w={} \
         HTTP/1.1\r\n{host}",
        person.width
    );
    let worth = Worth { hits: 1, pageviews: 1, events: 1 };
    Request { head, before_id: String::new(), body: Vec::new(), worth }
}

/// A beacon with this event, sent by this person.
pub(super) fn beacon(site: &str, event: &Event, person: &Person<'_>, random: &mut Random) -> Request {
    let Event { json, worth } = event;
    let head = format!(
        "POST /e HTTP/1.1\r\nhost: stats.{site}.example\r\n{}content-type: text/plain;charset=UTF-8\r\n",
        person.headers(site, random)
    );
    let body = format!(r#"{{"site":"{site}",{json},"w":{}}}"#, person.width).into_bytes();
    Request { head, before_id: String::new(), body, worth: *worth }
}

fn batch(shape: Shape, world: World<'_>, cast: Cast<'_, '_>, random: &mut Random) -> Request {
    // A key is of one site.
    let site = world.sites[0].clone();
    let (mut worth, mut events) = (Worth::default(), Vec::new());
    for _ in 0..shape.events() {
        let person = cast(random);
        let Event { json, worth: one } = event(&site, world.pages, random);
        worth.add(one);
        let (width, address) = (person.width, &person.address);
        let (agent, language) = (&person.browser.agent, person.language);
        events.push(format!(
            r#"{{{json},"w":{width},"client":{{"address":"{address}","user_agent":"{agent}","language":"{language}"}}}}"#
        ));
    }
    let body = format!(r#""events":[{}]}}"#, events.join(",")).into_bytes();
    let (body, encoding) = match shape {
        Shape::Packed(_) => (packed(&body, Compression::default()), "content-encoding: gzip\r\n"),
        _ => (body, ""),
    };
    let head = format!(
        "POST /v1/events HTTP/1.1\r\nhost: stats.example\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\nuser-agent: headcount-bench\r\naccept: */*\r\n{encoding}",
        world.key
    );
    Request { head, before_id: format!(r#"{{"site":"{site}","batch_id":""#), body, worth }
}

fn packed(bytes: &[u8], level: Compression) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4 + 64), level);
    // Writing to memory does not fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}
