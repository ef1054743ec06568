//! Tells robots and HTTP libraries from browsers by the user agent. Called by `enrich::agent`, which remembers the verdict, since the
//! first look at an agent is dear.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::bytes::{Regex, RegexBuilder};
use serde::Deserialize;

const BUILT_IN: &str = include_str!("../data/bots.json");

/// What the built-in list does not name: words that robots use for themselves, and the address of their explanation. `CUBOT` makes
/// telephones. A browser that is driven by a program says `Headless`.
const WORDS: [&str; 7] = [
    r"(?i:(?:^|[^u]|[^c]u)bot(?:$|[^a-z]))",
    r"(?i:crawl|spider|scrap(?:er|y)|headless|phantomjs|slurp|archiver|monitoring|lighthouse)",
    r"https?://",
    r"(?i:link ?check|validator|fetcher|feed ?(?:reader|parser|burner)|(?:seo|site|web) ?(?:audit|scan))",
    r"^Mozilla/5\.0$",
    r"^[^/ ()]{1,12}$",
    r"<script|\$\{|\.\./",
];

/// The list could not be built: only a change of the committed data can cause it.
#[derive(Debug, thiserror::Error)]
pub enum BotListError {
    /// The data is no JSON of the right shape.
    #[error("the list of robots is no valid JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A pattern is no regular expression.
    #[error("the list of robots holds a bad pattern: {0}")]
    Pattern(#[from] regex::Error),
    /// The plain patterns are too many for one automaton.
    #[error("the list of robots cannot be compiled: {0}")]
    Literals(#[from] aho_corasick::BuildError),
}

#[derive(Deserialize)]
struct List {
    bots: Vec<String>,
    libraries: Vec<String>,
}

/// Who speaks, by the user agent alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// Nobody we know to be a program: a person's browser or app.
    Person,
    /// An HTTP library: a robot on a page, an ordinary sender on the batch endpoint.
    Library,
    /// A robot.
    Bot,
}

/// Patterns of robots and HTTP libraries.
#[derive(Debug)]
pub struct BotList {
    bots: Patterns,
    libraries: Patterns,
}

impl BotList {
    /// Compiles the built-in list.
    ///
    /// # Errors
    /// When the committed data is damaged.
    pub fn load() -> Result<Self, BotListError> {
        let list: List = serde_json::from_str(BUILT_IN)?;
        let bots = list.bots.iter().map(String::as_str).chain(WORDS);
        Ok(Self { bots: Patterns::new(bots)?, libraries: Patterns::new(list.libraries.iter().map(String::as_str))? })
    }

    /// Who speaks. Costs about a microsecond; ask once per agent.
    pub fn speaker(&self, user_agent: &str) -> Speaker {
        let agent = user_agent.as_bytes();
        if self.libraries.is_match(agent) {
            return Speaker::Library;
        }
        if self.bots.is_match(agent) { Speaker::Bot } else { Speaker::Person }
    }

    /// Whether a robot or a library speaks.
    pub fn is_bot(&self, user_agent: &str) -> bool {
        self.speaker(user_agent) != Speaker::Person
    }
}

/// Nearly all patterns are plain texts. As one expression they cost a person's agent 90 µs, as an automaton of their own less than one.
#[derive(Debug)]
struct Patterns {
    literals: AhoCorasick,
    others: Regex,
}

impl Patterns {
    fn new<'a>(patterns: impl Iterator<Item = &'a str>) -> Result<Self, BotListError> {
        let mut literals = Vec::new();
        let mut others = Vec::new();
        for pattern in patterns {
            match literal(pattern) {
                Some(text) => literals.push(text),
                None => others.push(format!("(?:{pattern})")),
            }
        }
        let literals = AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(literals)?;
        Ok(Self { literals, others: RegexBuilder::new(&others.join("|")).unicode(false).build()? })
    }

    fn is_match(&self, agent: &[u8]) -> bool {
        self.literals.is_match(agent) || self.others.is_match(agent)
    }
}

/// The text a pattern stands for, if it is no more than that.
fn literal(pattern: &str) -> Option<String> {
    let mut text = String::with_capacity(pattern.len());
    let mut signs = pattern.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' => text.push(signs.next().filter(char::is_ascii_punctuation)?),
            '.' | '[' | ']' | '(' | ')' | '{' | '}' | '*' | '+' | '?' | '|' | '^' | '$' => return None,
            plain => text.push(plain),
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_patterns_are_told_from_expressions() {
        let seen = [r"Googlebot\/", r"a\.b\(c", "^curl", "[wW]get", r"BW\d", "a b", r"x\"].map(literal);
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(seen, [text("Googlebot/"), text("a.b(c"), None, None, None, text("a b"), None]);
    }

    #[test]
    fn speakers() {
        let list = BotList::load().expect("the committed list");
        let table = [
            ("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", Speaker::Bot),
            ("Mozilla/5.0 (compatible; unheard-of robot)", Speaker::Bot),
            ("see https://example.org", Speaker::Bot),
            ("curl/8.0", Speaker::Library),
            (
                "Mozilla/5.0 (Linux; Android 13; CUBOT X50) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36",
                Speaker::Person,
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:129.0) Gecko/20100101 Firefox/129.0", Speaker::Person),
        ];
        assert_eq!(table.map(|(agent, _)| list.speaker(agent)), table.map(|(_, speaker)| speaker));
        assert_eq!(table.map(|(agent, _)| list.is_bot(agent)), table.map(|(_, speaker)| speaker != Speaker::Person));
    }
}
