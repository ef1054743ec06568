//! What a user agent says: a person's browser, system and device class, or a robot. Called by `ingest`, once per hit, with one
//! [`AgentReader`] per thread. The first look at an agent costs several times a request's other analytics, so answers are remembered in a
//! bounded cache and first looks are rationed. The text of an agent goes no further than this folder.

mod budget;
mod cache;
mod context;
mod device;
mod names;
mod rules;
#[cfg(test)]
mod tests;
mod tokens;

use std::sync::Arc;

pub use context::{device_of_context, os_of_context};
pub use device::Device;
pub use rules::{AgentRules, AgentRulesError};

use crate::ingest::filter::bots::Speaker;
use crate::privacy::hygiene::head;
use budget::Budget;
use cache::Cache;

/// No more of a user agent is read, in bytes. Browsers stay far below; the rules cost by length.
const READ_MAX: usize = 512;
/// First looks a second and thread before the cheap reading takes over: 7 µs each, about 2 % of a core.
const FIRST_LOOKS_PER_SECOND: u32 = 2_000;

/// What is counted of a user agent. Empty texts are unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// Family by the name people use: `Chrome`, `Safari`, `Samsung Internet`.
    pub browser: Box<str>,
    /// Family and major version: `Firefox 128`.
    pub browser_version: Box<str>,
    /// Family: `Windows`, `macOS`, `iOS`, `Android`, `GNU/Linux`.
    pub os: Box<str>,
    /// Family and version as far as browsers tell it: `iOS 17`, `Windows 10` (11 says the same), plain `macOS` since version 10.15
    /// and plain `Android` where Chrome hides the version.
    pub os_version: Box<str>,
    /// Device class.
    pub device: Device,
}

/// Who sent a hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgentVerdict {
    /// No user agent at all. No browser does that; a server or an app may.
    Absent,
    /// A robot.
    Bot,
    /// An HTTP library: a robot on a page, an ordinary sender on the batch endpoint.
    Library,
    /// A person's browser or app.
    Person(Arc<Agent>),
}

impl AgentVerdict {
    /// Whether a page's beacon from this agent is to be dropped.
    pub const fn is_bot_for_beacon(&self) -> bool {
        !matches!(self, Self::Person(_))
    }

    /// What is counted of the agent.
    pub fn agent(&self) -> Option<&Agent> {
        match self {
            Self::Person(agent) => Some(agent),
            _ => None,
        }
    }
}

/// Reads user agents. One per thread.
#[derive(Debug)]
pub struct AgentReader {
    rules: Arc<AgentRules>,
    cache: Cache,
    budget: Budget,
}

impl AgentReader {
    /// An empty cache over shared rules.
    pub fn new(rules: Arc<AgentRules>) -> Self {
        Self { rules, cache: Cache::new(), budget: Budget::new(FIRST_LOOKS_PER_SECOND) }
    }

    /// Reads a user agent. `now` is in seconds since 1970 and rations first looks: beyond the ration the answer comes from a cheaper
    /// reading that knows the common browsers, and is not remembered.
    pub fn read(&mut self, user_agent: &str, now: i64) -> AgentVerdict {
        let user_agent = user_agent.trim();
        if user_agent.is_empty() {
            return AgentVerdict::Absent;
        }
        let user_agent = head(user_agent, READ_MAX);
        let place = match self.cache.find(user_agent) {
            Ok(verdict) => return verdict,
            Err(place) => place,
        };
        let within_ration = self.budget.take(now);
        let verdict = match self.rules.speaker(user_agent) {
            Speaker::Bot => AgentVerdict::Bot,
            Speaker::Library => AgentVerdict::Library,
            Speaker::Person if within_ration => AgentVerdict::Person(Arc::new(self.rules.agent(user_agent))),
            Speaker::Person => return AgentVerdict::Person(Arc::new(tokens::agent(user_agent))),
        };
        if !within_ration {
            return verdict;
        }
        self.cache.put(place, user_agent, verdict.clone());
        verdict
    }
}
