//! From events to cells and crossings.
//!
//! ```text
//! Window (per thread) → fold: rows by visitor and time → run: visits, funnels, journeys → books ─┬→ cells
//!                          └ items: attributes as numbers        └ visits: who is here           └→ cross, rows
//! ```
//! A thread that collects writes its events into its own [`Window`]; at a commit the windows of all threads are
//! folded ([`Folder`]). Nothing here touches a disk or a socket. Only [`crate::model::Event`] gets in.

mod admission;
mod alike;
mod books;
mod cells;
mod columns;
mod cross;
mod days;
mod fold;
mod grouped;
mod intern;
mod items;
mod last_seen;
mod live;
mod live_lists;
mod merge;
mod rows;
mod run;
mod seen;
mod snapshot;
mod sorted;
pub(crate) mod spread;
mod sums;
#[cfg(test)]
pub(crate) mod testing;
mod visit;
mod visits;
mod window;

pub use fold::{Folded, Folder};
pub use live::{Live, LiveNumbers};
pub use live_lists::{LISTED, ListTally, Tally};
pub use merge::{Merging, merge_crossings};
pub use snapshot::SnapshotError;
pub use window::{OptOut, Window};
