//! Events made to be dear, each from an address of its own: [`Words::New`], of which nothing comes twice (browser, page,
//! host, referrer, five campaign tags and properties that no event had before), and [`Words::Known`], of which every value
//! is known and every pair of values is new. Written as they are sent.

use std::cell::Cell;
use std::fmt::Write as _;
use std::io::Write as _;

use super::drive::Source;
use super::mix::{Shape, Worth};
use super::people;
use super::random::Random;

/// Keys of properties that get ever new values; the cap is a hundred.
const KEYS: u64 = 100;
/// Events after which keys of properties are ever new, too.
const FIRST: u64 = 1_000;

/// Browsers of events whose values are known.
const BROWSERS: u64 = 20;

/// What events have as values.
#[derive(Clone, Copy)]
pub enum Words {
    /// None comes twice.
    New,
    /// Any of so many, each in every place.
    Known(u64),
}

impl Words {
    /// The word in some place of an event.
    fn word(self, number: u64, place: u64) -> String {
        match self {
            Self::New => word(number),
            Self::Known(words) => word(Random::new(number * 32 + place).next() % words),
        }
    }
}

/// The next so many events.
pub struct Hostile {
    shape: Shape,
    words: Words,
    key: String,
    first: u64,
    requests: u64,
    begun: Cell<u64>,
}

impl Hostile {
    /// Events `first` to `first + count`, one a beacon or so many a batch.
    pub fn new(shape: Shape, words: Words, key: &str, (first, count): (u64, u64)) -> Self {
        let requests = count / shape.events() as u64;
        Self { shape, words, key: key.to_owned(), first, requests, begun: Cell::new(0) }
    }
}

impl Source for Hostile {
    fn next(&self) -> Option<u64> {
        let number = self.begun.get();
        (number < self.requests).then(|| self.begun.replace(number + 1))
    }

    fn write(&self, number: u64, out: &mut Vec<u8>) -> Worth {
        out.clear();
        let events = self.shape.events() as u64;
        let first = self.first + number * events;
        let (mut body, mut worth) = (String::new(), Worth::default());
        if events == 1 {
            let _ = write!(body, r#"{{"site":"demo",{}}}"#, self.event(first, &mut worth));
            let _ = write!(
                out,
                "POST /e HTTP/1.1\r\nhost: stats.example\r\nuser-agent: {}\r\nx-forwarded-for: {}\r\n\
                 content-type: text/plain\r\ncontent-length: {}\r\n\r\n{body}",
                self.agent(first),
                people::address(first),
                body.len()
            );
            return worth;
        }
        let _ = write!(body, r#"{{"site":"demo","batch_id":"{first:016x}","events":["#);
        for number in first..first + events {
            let comma = if number == first { "" } else { "," };
            let (agent, address) = (self.agent(number), people::address(number));
            let _ = write!(
                body,
                r#"{comma}{{{},"client":{{"address":"{address}","user_agent":"{agent}"}}}}"#,
                self.event(number, &mut worth)
            );
        }
        body.push_str("]}");
        let _ = write!(
            out,
            "POST /v1/events HTTP/1.1\r\nhost: stats.example\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.key,
            body.len()
        );
        worth
    }

    fn is_durable(&self) -> bool {
        self.shape.is_durable()
    }
}

impl Hostile {
    /// Two views and a feature, in turns.
    fn event(&self, number: u64, worth: &mut Worth) -> String {
        let is_view = !number.is_multiple_of(3);
        worth.add(Worth { hits: 1, pageviews: u64::from(is_view), events: 1 });
        let at = |place| self.words.word(number, place);
        let name = if is_view { String::new() } else { format!(r#""name":"do {}","#, at(0)) };
        let [one, other, third] = [0, 1, 2].map(|at| key((number * 3 + at) % KEYS));
        let third = if number < FIRST || matches!(self.words, Words::Known(_)) { third } else { at(0) };
        let tags = ["source", "medium", "campaign", "term", "content"];
        let tags: Vec<String> = tags.iter().zip(1..).map(|(tag, place)| format!("utm_{tag}={}", at(place))).collect();
        format!(
            r#"{name}"url":"https://{}.demo.example/{}/of-{}?{}","referrer":"https://{}.example/{}","w":{},"props":{{"{one}":"{}","{other}":"{}","{third}":"{}"}}"#,
            at(6),
            at(7),
            at(8),
            tags.join("&"),
            at(9),
            at(9),
            300 + number % 3_000,
            at(10),
            at(11),
            at(12),
        )
    }

    fn agent(&self, number: u64) -> String {
        let number = if matches!(self.words, Words::New) { number } else { number % BROWSERS };
        format!(
            "Mozilla/5.0 (Windows NT {}.{}; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{number}.0.0.0 \
             Safari/537.36",
            number % 100,
            number / 100 % 100
        )
    }
}

fn key(number: u64) -> String {
    format!("prop{}", word(number))
}

/// A word of its own, in letters: numbers may be ids, and would be hidden.
fn word(mut number: u64) -> String {
    let mut word = String::new();
    loop {
        word.push_str(["ka", "lo", "mi", "ne", "ru", "sa", "to", "vi", "wu", "za"][(number % 10) as usize]);
        number /= 10;
        if number == 0 {
            return word;
        }
    }
}
