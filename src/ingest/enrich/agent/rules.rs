//! The rules behind a first look: uap-core's for browsers and systems, the list of robots. Immutable, shared by all threads, loaded
//! once by `app`.

use serde::Deserialize;
use ua_parser::{os, user_agent};

use super::names::{self, Reading};
use super::{Agent, device};
use crate::ingest::filter::bots::{BotList, BotListError, Speaker};

const BUILT_IN: &str = include_str!("../../data/agents.json");

/// The rules could not be built: only a change of the committed data can cause it.
#[derive(Debug, thiserror::Error)]
pub enum AgentRulesError {
    /// The data is no JSON of the right shape.
    #[error("the user-agent rules are no valid JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A rule is no regular expression.
    #[error("the user-agent rules cannot be compiled: {0}")]
    Rule(String),
    /// The list of robots is damaged.
    #[error(transparent)]
    Bots(#[from] BotListError),
}

#[derive(Deserialize)]
struct Rules {
    user_agent_parsers: Vec<user_agent::Parser<'static>>,
    os_parsers: Vec<os::Parser<'static>>,
}

/// Compiled rules.
pub struct AgentRules {
    browsers: user_agent::Extractor<'static>,
    systems: os::Extractor<'static>,
    bots: BotList,
}

impl std::fmt::Debug for AgentRules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AgentRules(…)")
    }
}

impl AgentRules {
    /// Compiles the built-in rules. Takes about 0.1 s.
    ///
    /// # Errors
    /// When the committed data is damaged.
    pub fn load() -> Result<Self, AgentRulesError> {
        let rules: Rules = serde_json::from_str(BUILT_IN)?;
        let broken = |error: &dyn std::fmt::Debug| AgentRulesError::Rule(format!("{error:?}"));
        let browsers = user_agent::Builder::new().push_all(rules.user_agent_parsers).map_err(|e| broken(&e))?;
        let systems = os::Builder::new().push_all(rules.os_parsers).map_err(|e| broken(&e))?;
        Ok(Self {
            browsers: browsers.build().map_err(|e| broken(&e))?,
            systems: systems.build().map_err(|e| broken(&e))?,
            bots: BotList::load()?,
        })
    }

    /// Whether a person, a library or a robot speaks.
    pub(super) fn speaker(&self, user_agent: &str) -> Speaker {
        self.bots.speaker(user_agent)
    }

    /// Browser, system and device of a person's agent.
    pub(super) fn agent(&self, user_agent: &str) -> Agent {
        let browser = self.browsers.extract(user_agent);
        let system = self.systems.extract(user_agent);
        names::agent(Reading {
            browser: browser.as_ref().map_or("", |found| &*found.family),
            browser_major: browser.as_ref().and_then(|found| found.major).unwrap_or(""),
            os: system.as_ref().map_or("", |found| &*found.os),
            os_major: system.as_ref().and_then(|found| found.major.as_deref()).unwrap_or(""),
            os_minor: system.as_ref().and_then(|found| found.minor.as_deref()).unwrap_or(""),
            device: device::of(user_agent),
            user_agent,
        })
    }
}
