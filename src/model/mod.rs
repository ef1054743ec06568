//! Pure data, one type per stage of a hit's life. Knows nobody; everybody may know it.

mod bucket;
mod cell;
mod crossing;
mod crossings;
mod currency;
mod day;
mod dialect;
mod dimension;
mod event;
pub mod foreign;
mod goal;
mod measure;
pub mod packed;
mod rules;
mod site;

pub use bucket::{bucket_floor, bucket_of};
pub use cell::{Batch, Cell, CellKey};
pub use crossing::{Crossing, CrossingKey, Family};
pub use crossings::{CrossingGroup, CrossingRow, Crossings};
pub use currency::{Currency, MAX_MINOR, currency_exponent};
pub use day::{Day, Hour};
pub use dialect::Dialect;
pub use dimension::{DIRECT, DIRECT_CHANNEL, Dimension};
pub use event::{Attribute, Event, EventKind, Visitor};
pub use goal::{Funnel, Goal, PagePattern, Wanted};
pub use measure::{Measure, Measures};
pub use rules::Rules;
pub use site::{CrossingChoice, ImportedDays, RETENTION_MONTHS, Site, SiteId, SiteIdError, TRACKED_PROPERTIES};
