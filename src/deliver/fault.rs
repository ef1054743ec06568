//! Points at which the program can be told to die, for tests of what it leaves behind. `HEADCOUNT_FAULT` names one; the
//! process aborts when it is reached. Read by `app`, reached by the seal. Not for use in production.

use std::str::FromStr;

/// The environment variable.
pub const VARIABLE: &str = "HEADCOUNT_FAULT";

/// A point that can be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
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
    const ALL: [Self; 6] =
        [Self::AfterFence, Self::AfterDrain, Self::AfterCells, Self::AfterRows, Self::AfterSwitch, Self::AfterRemoval];

    const fn name(self) -> &'static str {
        match self {
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
