//! Pure data, one type per stage of a hit's life. Knows nobody; everybody may know it.

mod cell;
mod day;
mod dimension;
mod event;
mod measure;
mod site;

pub use cell::{Batch, Cell, CellKey};
pub use day::{Day, Hour};
pub use dimension::Dimension;
pub use event::{Attribute, Event, EventKind, Visitor};
pub use measure::{Measure, Measures};
pub use site::{Site, SiteId, SiteIdError};
