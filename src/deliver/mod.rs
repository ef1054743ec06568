//! From windows to ClickHouse, exactly once.
//!
//! ```text
//! intake (per thread) → commit (one thread: fold, append, fsync, answer) → spool → loaders → ClickHouse
//! ```
//! A durable answer waits for the commit that holds its events. What is in the spool reaches ClickHouse exactly
//! once: a load is written down with a random token before it is tried, and tried again under the same token. Cells
//! and crossings have a loader each. When a day is over, `seal` turns what is stored of it into integers for good.
//! When a site is removed, `erase` sees to it that nothing of it is left.

mod codec;
pub mod commit;
mod erase;
pub mod fault;
mod gather;
pub mod intake;
mod journal;
pub mod loader;
mod merge;
pub mod progress;
mod put;
pub mod refused;
pub mod retry;
mod route;
pub mod seal;
pub mod seals;
pub mod shed;
pub mod spool;
pub mod table;
