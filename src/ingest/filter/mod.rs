//! What decides that a hit is not worth counting: robots, spam, excluded pages. Called by the ordered list in `ingest`, which names
//! the reason. Reads lists at start; knows nothing of addresses or visitors.

pub mod bots;
pub mod excluded;
pub mod spam;
