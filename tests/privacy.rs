//! The rules about people, from outside: one test per rule, named after it, and the canary. What a rule says about the
//! sources (P2, P12) is read from them by `tests/architecture.rs`.

#[path = "privacy/at_rest.rs"]
mod at_rest;
#[path = "privacy/canary.rs"]
mod canary;
#[path = "privacy/engine.rs"]
mod engine;
#[path = "privacy/erasure.rs"]
mod erasure;
#[path = "privacy/imported.rs"]
mod imported;
#[path = "privacy/marks.rs"]
mod marks;
#[path = "privacy/memory.rs"]
mod memory;
#[path = "privacy/people.rs"]
mod people;
#[path = "privacy/planted.rs"]
mod planted;
#[path = "privacy/said.rs"]
mod said;
#[path = "support/site.rs"]
mod site;
#[path = "support/standing.rs"]
mod standing;
mod support;

use self::standing::Standing;
use self::support::server::Server;

static ORDINARY: Standing = Standing::new();

/// The collector most rules are tried on: a proxy on this machine is trusted, so that tests can come from anywhere.
fn ordinary() -> &'static Server {
    ORDINARY.get(&ENVIRONMENT)
}

/// Countries from a file of ours, a trusted proxy on this machine.
const ENVIRONMENT: [(&str, &str); 2] = [
    ("HEADCOUNT_GEO__FILE", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/places.mmdb")),
    ("HEADCOUNT_LISTEN__TRUSTED_PROXIES", "127.0.0.1/32"),
];
