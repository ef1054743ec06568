//! Points at which the program can be told to die, for tests of what it leaves behind. `HEADCOUNT_FAULT` names one; the
//! process aborts when it is reached. Read by `app`, reached by the spool, the loaders and the seal. Not for use in production.

use std::str::FromStr;

/// The environment variable.
pub const VARIABLE: &str = "HEADCOUNT_FAULT";

/// A point that can be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A batch is written, not synced.
    BeforeSync,
    /// A batch is on disk, nobody was answered.
    AfterSync,
    /// A segment is begun, nothing is in it.
    MidRotation,
    /// A load is written down, not sent.
    BeforeInsert,
    /// ClickHouse has a load, the journal does not say so.
    AfterInsert,
    /// Everything in a segment is in ClickHouse; the segment is there.
    BeforeRelease,
    /// A segment is removed.
    AfterRelease,
    /// The salt is destroyed.
    AfterFence,
    /// Everything counted before is in ClickHouse.
    AfterDrain,
    /// Cells are written, crossings are not.
    AfterCells,
    /// All rows are written, the seal's is not.
    AfterRows,
    /// The seal's row is written.
    AfterSwitch,
    /// Open rows are removed.
    AfterRemoval,
}

/// There is no such point.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("environment: {VARIABLE}: no such point; allowed are {}", names())]
pub struct UnknownFault;

impl Fault {
    const ALL: [Self; 13] = [
        Self::BeforeSync,
        Self::AfterSync,
        Self::MidRotation,
        Self::BeforeInsert,
        Self::AfterInsert,
        Self::BeforeRelease,
        Self::AfterRelease,
        Self::AfterFence,
        Self::AfterDrain,
        Self::AfterCells,
        Self::AfterRows,
        Self::AfterSwitch,
        Self::AfterRemoval,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::BeforeSync => "spool:before_sync",
            Self::AfterSync => "spool:after_sync",
            Self::MidRotation => "spool:mid_rotation",
            Self::BeforeInsert => "load:before_insert",
            Self::AfterInsert => "load:after_insert",
            Self::BeforeRelease => "spool:before_release",
            Self::AfterRelease => "spool:after_release",
            Self::AfterFence => "seal:after_fence",
            Self::AfterDrain => "seal:after_drain",
            Self::AfterCells => "seal:after_cells",
            Self::AfterRows => "seal:after_rows",
            Self::AfterSwitch => "seal:after_switch",
            Self::AfterRemoval => "seal:after_removal",
        }
    }

    /// The point `text` names; none when it is empty or absent.
    ///
    /// # Errors
    /// It names none.
    pub fn named(text: Option<&str>) -> Result<Option<Self>, UnknownFault> {
        text.filter(|text| !text.is_empty()).map(str::parse).transpose()
    }

    /// Ends the process when `told` names this point.
    pub fn reached(self, told: Option<Self>) {
        if told == Some(self) {
            std::process::abort();
        }
    }
}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, UnknownFault> {
        Self::ALL.into_iter().find(|fault| fault.name() == text).ok_or(UnknownFault)
    }
}

fn names() -> String {
    Fault::ALL.map(Fault::name).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_points_are_taken() {
        let read = [None, Some(""), Some("seal:after_rows"), Some("seal:never")].map(Fault::named);
        assert_eq!(read, [Ok(None), Ok(None), Ok(Some(Fault::AfterRows)), Err(UnknownFault)]);
    }
}
