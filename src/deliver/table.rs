//! The two tables that are loaded. Each has a loader, a journal and tokens of its own; they share the spool.

use std::path::{Path, PathBuf};

use crate::model::Batch;

/// A table that is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Cells: visible within seconds.
    Cells,
    /// Crossings: many more rows, on a slower beat.
    Crossings,
}

impl Table {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Cells, Self::Crossings];

    /// The file of its journal.
    pub(super) fn journal(self, directory: &Path) -> PathBuf {
        directory.join(match self {
            Self::Cells => "cells_open.load.json",
            Self::Crossings => "crossings_open.load.json",
        })
    }

    /// What its rows are called.
    pub(super) const fn noun(self) -> &'static str {
        match self {
            Self::Cells => "cells",
            Self::Crossings => "crossings",
        }
    }

    /// Rows it gets from a batch.
    pub(super) fn rows_of(self, batch: &Batch) -> usize {
        match self {
            Self::Cells => batch.cells.len(),
            Self::Crossings => batch.crossings.len(),
        }
    }
}
