//! Reading: a request becomes a [`query::Query`], that a [`plan::Plan`], and its answer leaves through
//! [`egress::answer`], the single way out for every reader (P7). Called by the API; knows no HTTP and no SQL.

pub mod egress;
pub mod error;
pub mod period;
pub mod plan;
pub mod query;
pub mod result;

mod buckets;
mod fields;
#[cfg(test)]
mod tests;

pub use egress::answer;
pub use error::{Kind, QueryError, ReadError};
pub use query::Query;
pub use result::Answer;
