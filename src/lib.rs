//! Headcount counts people and keeps nobody: a privacy-preserving analytics collector.
//!
//! # The path of one hit
//!
//! ```text
//! socket → http → ingest: Hit ── examine ──► Event → count: window → fold: cells → deliver: spool → ClickHouse
//!                      └─ reject / drop / shed, with a reason, in the books             │
//!                                                              dashboards ← api ← stats::egress
//! ```
//!
//! 1. [`http::server`] accepts the connection on one thread per core and asks the router whose request it is.
//! 2. [`http::collect`] reads the body, never more than allowed, and hands it to the thread's collector.
//! 3. [`ingest::decode`] turns bytes into a [`ingest::hit::Hit`]: untrusted, next to an address, for microseconds.
//!    Requests of other products' clients take `http::compat` and [`ingest::compat`] instead and end in the same hit.
//! 4. [`ingest::Collector`] examines it: an ordered list of steps that each drop the hit, with a
//!    [reason](ingest::reason), or put something into a [`model::Event`]. Opt-out is settled first, the address is cut
//!    before it is used ([`privacy::address`]), and the visitor becomes a pseudonym of one day
//!    ([`privacy::pseudonym`]).
//! 5. [`count::Window`] keeps the event as small integers until the commit.
//! 6. [`deliver::commit`] folds the windows of all threads into cells ([`count::Folder`]; the line that counts is
//!    `Cells::add` in `count/cells.rs`), appends them to the [spool](deliver::spool) and syncs it. Who sent a batch gets
//!    the answer now; a browser got it before.
//! 7. [`deliver::loader`] loads the cells into ClickHouse ([`clickhouse::Store::insert_cells`]), once, whatever dies or is
//!    forgotten ([`clickhouse::Store::arrived`]).
//! 8. [`stats::Egress`] is the single way out: every reader's question ends there.
//!
//! [`app`] builds and stops all of it. [`registry`] knows sites, users and keys; [`api`] answers dashboards and
//! programs; [`cli`] is the command line; [`telemetry`] says what happens without saying to whom.
//!
//! # Imports
//!
//! They point down the pipeline and never up: `app` → `http` → `api`, `ingest` → `deliver` → `count` → `privacy` →
//! `model`. `tests/architecture.rs` holds the whole table, and every other rule of the house.
#![forbid(unsafe_op_in_unsafe_fn)]

pub mod api;
pub mod app;
pub mod cli;
pub mod clickhouse;
pub mod clock;
pub mod config;
pub mod count;
pub mod courier;
pub mod deliver;
pub mod demo;
pub mod files;
pub mod http;
pub mod import;
pub mod ingest;
pub mod model;
pub mod privacy;
pub mod registry;
pub mod stats;
pub mod telemetry;
