//! The outside: sockets, requests, answers. Knows `ingest` and `api`; nothing below knows it.

pub mod assets;
pub mod body;
pub mod client_ip;
pub mod collect;
mod compat;
pub mod lag;
pub mod ops;
pub mod problem;
mod router;
pub mod server;
mod stalled;
pub mod statement;
mod well_known;
