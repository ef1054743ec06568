//! Why a record of a file becomes no event. A closed list: the report counts each.

/// Why a record becomes no event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Skip {
    /// A heading, a comment, an empty line: no record at all.
    Heading,
    /// A request with another method than GET.
    Method,
    /// An answer other than 200 and 304.
    Status,
    /// A picture, a script, a download: no page.
    Asset,
    /// A request without a user agent.
    NoAgent,
    /// What this program keeps of nobody: sessions, profiles, recordings.
    NotKept,
    /// A day with counts of its own: totals of another product are not added to it.
    DayCounted,
    /// No record of this format.
    Malformed,
    /// A time that cannot be read.
    BadTime,
    /// Longer than any record should be.
    TooLong,
}

impl Skip {
    /// The word in the report.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Heading => "heading",
            Self::Method => "method",
            Self::Status => "status",
            Self::Asset => "asset",
            Self::NoAgent => "no_agent",
            Self::NotKept => "not_kept",
            Self::DayCounted => "day_counted",
            Self::Malformed => "malformed",
            Self::BadTime => "bad_time",
            Self::TooLong => "too_long",
        }
    }

    /// Whether the file is to blame: such records are told by their line numbers.
    pub const fn is_bad(self) -> bool {
        matches!(self, Self::Malformed | Self::BadTime | Self::TooLong)
    }
}
