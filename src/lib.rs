//! Headcount counts people and keeps nobody.
#![forbid(unsafe_op_in_unsafe_fn)]

pub mod api;
pub mod cli;
pub mod clickhouse;
pub mod clock;
pub mod config;
pub mod http;
pub mod ingest;
pub mod model;
pub mod registry;
pub mod stats;
pub mod privacy;
