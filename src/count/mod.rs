//! From events to cells.
//!
//! A thread that collects writes its events into its own [`Window`]; at a commit the windows of all threads are
//! folded into cells ([`Folder`]). Nothing here touches a disk or a socket. Only [`crate::model::Event`] gets in.

mod admission;
mod fold;
mod intern;
mod live;
mod window;

pub use fold::{Folded, Folder};
pub use live::{Live, LiveNumbers};
pub use window::{OptOut, Window};
