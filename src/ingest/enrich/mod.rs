//! Turns what a hit says into what it is counted under: page, section, campaign, source, channel, agent, screen, language.
//! Called by the ordered list in `ingest`. Pure and synchronous: no clock, no network, no address. Knows nothing of counting.

pub mod agent;
pub mod campaign;
pub mod channel;
pub mod language;
pub mod page;
pub mod screen;
pub mod section;
pub mod source;
