//! Reading: a request becomes a [`query::Query`], `kept` says whether it can be answered, a [`plan::Plan`] what is read
//! for it, and the answer leaves through [`Egress::answer`], the single way out for every reader (P7). Called by the API;
//! knows no HTTP and no SQL.

pub mod egress;
pub mod error;
pub mod export;
pub mod fields;
pub mod filter;
pub mod live;
pub mod metric;
pub mod open_days;
pub mod period;
pub mod plan;
pub mod query;
pub mod result;
pub mod special;

mod buckets;
mod hierarchy;
mod judge;
mod judging;
mod kept;
mod lines;
mod reading;
mod revenue;
mod table;
#[cfg(test)]
mod tests;

pub use egress::{Egress, Reader};
pub use error::{Kind, QueryError, ReadError};
pub use export::{ExportRequest, export};
pub use query::Query;
pub use result::Answer;
