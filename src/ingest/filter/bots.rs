//! Tells robots and HTTP libraries from browsers by the user agent. Called by `enrich::agent`, which remembers the verdict, since the
//! first look at an agent is dear.

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
}

#[derive(Deserialize)]
struct Patterns {
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
    bots: Regex,
    libraries: Regex,
}

impl BotList {
    /// Compiles the built-in list.
    ///
    /// # Errors
    /// When the committed data is damaged.
    pub fn load() -> Result<Self, BotListError> {
        let patterns: Patterns = serde_json::from_str(BUILT_IN)?;
        let bots = patterns.bots.iter().map(String::as_str).chain(WORDS);
        Ok(Self {
            bots: any_of(bots)?,
            libraries: any_of(patterns.libraries.iter().map(String::as_str))?,
        })
    }

    /// Who speaks. Costs microseconds; ask once per agent.
    pub fn speaker(&self, user_agent: &str) -> Speaker {
        let agent = user_agent.as_bytes();
        if self.libraries.is_match(agent) {
            return Speaker::Library;
        }
        if self.bots.is_match(agent) {
            Speaker::Bot
        } else {
            Speaker::Person
        }
    }

    /// Whether a robot or a library speaks.
    pub fn is_bot(&self, user_agent: &str) -> bool {
        self.speaker(user_agent) != Speaker::Person
    }
}

/// One expression for all: a set would go on searching for further matches.
fn any_of<'a>(patterns: impl Iterator<Item = &'a str>) -> Result<Regex, regex::Error> {
    let mut all = String::new();
    for pattern in patterns {
        if !all.is_empty() {
            all.push('|');
        }
        all.push_str("(?:");
        all.push_str(pattern);
        all.push(')');
    }
    RegexBuilder::new(&all)
        .unicode(false)
        .size_limit(64 << 20)
        .dfa_size_limit(8 << 20)
        .build()
}
