//! From windows to ClickHouse, exactly once.
//!
//! ```text
//! intake (per thread) → commit (one thread: fold, append, fsync, answer) → spool → loader → ClickHouse
//! ```
//! A durable answer waits for the commit that holds its events. What is in the spool reaches ClickHouse exactly
//! once: a load is written down with a random token before it is tried, and tried again under the same token.

mod codec;
pub mod commit;
pub mod intake;
mod journal;
pub mod loader;
mod merge;
pub mod retry;
pub mod shed;
pub mod spool;
