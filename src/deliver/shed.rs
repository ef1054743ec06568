//! Why nothing more can be taken in.

/// Overload: nothing was counted, and the client gets a 503 that says when to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shed {
    /// The spool is full: ClickHouse has been away for too long.
    SpoolFull,
    /// The disk takes no writes, or no salt can be made.
    DiskFailing,
    /// More is coming in than can be committed.
    Overloaded,
    /// The program stops.
    Stopping,
}

impl Shed {
    /// Every reason.
    pub const ALL: [Self; 4] = [Self::SpoolFull, Self::DiskFailing, Self::Overloaded, Self::Stopping];

    /// The stable code in problem documents and metrics.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SpoolFull => "spool_full",
            Self::DiskFailing => "disk_failing",
            Self::Overloaded => "overloaded",
            Self::Stopping => "stopping",
        }
    }

    /// What it is called in problem documents.
    pub const fn title(self) -> &'static str {
        match self {
            Self::SpoolFull => "The spool is full",
            Self::DiskFailing => "The disk takes no writes",
            Self::Overloaded => "More is coming in than can be taken",
            Self::Stopping => "The collector is stopping",
        }
    }
}
