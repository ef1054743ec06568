//! Why a hit was not counted. Closed enums: every lost hit is counted under exactly one of these.

pub use crate::deliver::shed::Shed;

/// The client's fault; it gets a 4xx that names what to mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rejected {
    /// The body is not JSON, or not UTF-8.
    BadJson,
    /// A field has a wrong type.
    WrongType,
    /// A required field is absent.
    MissingField,
    /// The body, as sent or unpacked, or the number of events, is over the limit.
    TooLarge,
    /// `Content-Encoding` or `Content-Type` is not one that is read.
    UnsupportedEncoding,
    /// The body is not what `Content-Encoding` says.
    BadEncoding,
    /// A batch for a site that does not exist.
    UnknownSite,
    /// Too many requests from one network.
    RateLimited,
    /// The body did not arrive in time, or not whole.
    Incomplete,
}

impl Rejected {
    /// Every reason.
    pub const ALL: [Self; 9] = [
        Self::BadJson,
        Self::WrongType,
        Self::MissingField,
        Self::TooLarge,
        Self::UnsupportedEncoding,
        Self::BadEncoding,
        Self::UnknownSite,
        Self::RateLimited,
        Self::Incomplete,
    ];

    /// The stable code in problem documents and metrics.
    pub const fn code(self) -> &'static str {
        match self {
            Self::BadJson => "bad_json",
            Self::WrongType => "wrong_type",
            Self::MissingField => "missing_field",
            Self::TooLarge => "too_large",
            Self::UnsupportedEncoding => "unsupported_encoding",
            Self::BadEncoding => "bad_encoding",
            Self::UnknownSite => "unknown_site",
            Self::RateLimited => "rate_limited",
            Self::Incomplete => "incomplete",
        }
    }

    /// What it is called in problem documents.
    pub const fn title(self) -> &'static str {
        match self {
            Self::BadJson => "The body is not valid JSON",
            Self::WrongType => "A field has a wrong type",
            Self::MissingField => "A required field is missing",
            Self::TooLarge => "The body is too large",
            Self::UnsupportedEncoding => "The encoding or type of the body is not supported",
            Self::BadEncoding => "The body cannot be decompressed",
            Self::UnknownSite => "There is no such site",
            Self::RateLimited => "Too many requests",
            Self::Incomplete => "The body did not arrive",
        }
    }
}

/// Policy: the hit is not counted, and beacon and pixel answer as if it were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dropped {
    /// The request carries `DNT: 1` or `Sec-GPC: 1`.
    OptedOut,
    /// No such site.
    UnknownSite,
    /// The page's host is none of the site's domains.
    WrongHost,
    /// The user agent is a known bot, or absent where browsers always send one.
    Bot,
    /// The page is one the owner does not want counted.
    ExcludedPath,
    /// The referrer is a known spammer's.
    SpamReferrer,
    /// It happened more than 30 days ago.
    TooOld,
    /// The address of the page is not one of the web.
    BadUrl,
    /// One event of a batch is not an event.
    BadEvent,
    /// What another product's client sends besides events, and nobody keeps here: profiles, groups, recordings, errors.
    NotKept,
}

impl Dropped {
    /// Every reason.
    pub const ALL: [Self; 10] = [
        Self::OptedOut,
        Self::UnknownSite,
        Self::WrongHost,
        Self::Bot,
        Self::ExcludedPath,
        Self::SpamReferrer,
        Self::TooOld,
        Self::BadUrl,
        Self::BadEvent,
        Self::NotKept,
    ];

    /// The stable code in answers and metrics.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OptedOut => "opted_out",
            Self::UnknownSite => "unknown_site",
            Self::WrongHost => "wrong_host",
            Self::Bot => "bot",
            Self::ExcludedPath => "excluded_path",
            Self::SpamReferrer => "spam_referrer",
            Self::TooOld => "too_old",
            Self::BadUrl => "bad_url",
            Self::BadEvent => "bad_event",
            Self::NotKept => "not_kept",
        }
    }
}

/// What became of one hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Counted.
    Recorded,
    /// Counted before, under the same batch or event id.
    Duplicate,
    /// The client's fault.
    Rejected(Rejected),
    /// Policy.
    Dropped(Dropped),
    /// Overload.
    Shed(Shed),
}

impl From<Rejected> for Outcome {
    fn from(reason: Rejected) -> Self {
        Self::Rejected(reason)
    }
}

impl From<Dropped> for Outcome {
    fn from(reason: Dropped) -> Self {
        Self::Dropped(reason)
    }
}

impl From<Shed> for Outcome {
    fn from(reason: Shed) -> Self {
        Self::Shed(reason)
    }
}
