//! Headcount counts people and keeps nobody.
#![forbid(unsafe_op_in_unsafe_fn)]

pub mod api;
pub mod app;
pub mod cli;
pub mod clickhouse;
pub mod clock;
pub mod config;
pub mod count;
pub mod deliver;
pub mod files;
pub mod http;
pub mod ingest;
pub mod model;
pub mod privacy;
pub mod registry;
pub mod stats;
pub mod telemetry;
