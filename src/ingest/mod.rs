//! Stub.
pub mod enrich;
pub mod filter;
