//! The only folder that knows ClickHouse and SQL. One way to talk to it, whether it is the embedded [`engine`] or a
//! server of the operator: HTTP. Delivery inserts through [`Store`], reports and audits read through it; none of them
//! sees a client, a statement or a table's name.

pub mod engine;

mod audit;
mod encode;
mod export;
mod failure;
mod insert;
mod late;
mod many_days;
mod merge;
mod migrate;
mod open_day;
mod proofs;
mod receipt;
mod report;
mod report_sql;
mod retention;
mod seal;
mod sealed;
mod sealed_day;
mod seals;
mod special;
mod store;
mod target;
mod warm;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use audit::{Column, Table};
pub use export::{ExportFormat, ExportOf, ExportStream, ExportTable, StagedDay, Staging};
pub use failure::{InsertError, StoreError, took_and_lost};
pub use late::{LateCell, LateCrossing};
pub use many_days::{ManyDays, OfDays};
pub use open_day::{CountedCell, CountedCrossing};
pub use proofs::{Proofs, SiteDayRows};
pub use receipt::{Arrived, LoadTable, Receipt, Shipment, SiteDays};
pub use report::{By, Counted, Days, Grain, Numbers, OTHER, Pick, Quantity, ReportRow, Scope, Side};
pub use seal::{CountedPair, PairRow, SealedCrossings};
pub use sealed::Generation;
pub use sealed_day::SealedDay;
pub use seals::SealRow;
pub use special::{CrossingSum, SealedScope};
pub use store::Store;
pub use target::{Target, TargetError};
pub use warm::KnownValue;
