//! The contract from outside: every route and every error, against the real binary with the real engine.
//! One collector stands for most tests; each test has a site of its own on it.

#[path = "contract/bad_input.rs"]
mod bad_input;
#[path = "contract/batches.rs"]
mod batches;
#[path = "contract/beacons.rs"]
mod beacons;
#[path = "contract/books.rs"]
mod books;
#[path = "contract/cells.rs"]
mod cells;
#[path = "contract/compat.rs"]
mod compat;
#[path = "contract/counts.rs"]
mod counts;
#[path = "contract/demo.rs"]
mod demo;
#[path = "contract/fields.rs"]
mod fields;
#[path = "contract/grafana.rs"]
mod grafana;
#[path = "contract/hostile.rs"]
mod hostile;
#[path = "contract/imports.rs"]
mod imports;
#[path = "contract/midnight.rs"]
mod midnight;
#[path = "contract/pages.rs"]
mod pages;
#[path = "contract/reading.rs"]
mod reading;
#[path = "contract/rights.rs"]
mod rights;
#[path = "contract/separation.rs"]
mod separation;
#[path = "contract/sign_in.rs"]
mod sign_in;
#[path = "support/site.rs"]
mod site;
#[path = "contract/special.rs"]
mod special;
#[path = "support/standing.rs"]
mod standing;
mod support;

use self::standing::Standing;
use self::support::http::Answer;
use self::support::server::Server;

static ORDINARY: Standing = Standing::new();

/// The collector most tests share: countries from a file of ours, a proxy on this machine is trusted.
fn ordinary() -> &'static Server {
    let places = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/places.mmdb");
    ORDINARY.get(&[("HEADCOUNT_GEO__FILE", places), ("HEADCOUNT_LISTEN__TRUSTED_PROXIES", "127.0.0.1/32")])
}

/// Status and code of an answer.
fn refusal(answer: &Answer) -> (u16, String) {
    (answer.status, answer.code())
}

/// An answer as it is kept in a snapshot: status, headers that do not vary, body.
fn shown(answer: &Answer) -> String {
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "date" | "content-length"))
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    headers.sort();
    format!("{}\n{}\n\n{}", answer.status, headers.join("\n"), answer.text())
}
