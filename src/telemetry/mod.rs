//! What the program says of itself: logs and metrics, silent about people (P9).
//!
//! Never logged, never a label: addresses, user agents, page addresses, referrers, bodies, ids of visitors,
//! visits or batches, names of users, keys. A line says what happened to the program, with counts.

pub mod log;
pub mod metrics;
