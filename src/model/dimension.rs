//! What counts are grouped by.

/// The source of who came from nowhere that is known.
pub const DIRECT: &str = "(direct)";
/// The channel of the same.
pub const DIRECT_CHANNEL: &str = "Direct";

/// What we group by. The order is the wire order of the spool: append, never reorder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Dimension {
    /// The whole site; its only value is the empty text.
    Total = 0,
    /// Path of a page, or the name of an app's screen.
    Page,
    /// Name of the event; page views count as `pageview`.
    Event,
    /// Where a visitor came from: a known name, else the referring host, else [`DIRECT`].
    Source,
    /// First, and first two, segments of the path.
    Section,
    /// Host name of the page.
    Hostname,
    /// Marketing channel, in the words GA4 uses.
    Channel,
    /// Host of the referrer.
    Referrer,
    /// `utm_source` as sent.
    UtmSource,
    /// `utm_medium` as sent.
    UtmMedium,
    /// `utm_campaign` as sent.
    UtmCampaign,
    /// `utm_term` as sent.
    UtmTerm,
    /// `utm_content` as sent.
    UtmContent,
    /// ISO 3166-1 alpha-2 code.
    Country,
    /// Country code, a dash and the region as the geo file names it.
    Region,
    /// Browser family.
    Browser,
    /// Browser family and major version: `Firefox 128`.
    BrowserVersion,
    /// Operating system family.
    Os,
    /// Operating system family and version: `Windows 10`.
    OsVersion,
    /// `Desktop`, `Mobile`, `Tablet`, `TV` …
    Device,
    /// Class of the viewport's width.
    Screen,
    /// Primary language subtag: `de`.
    Language,
    /// An event property as `key=value`; the key holds no `=`.
    Prop,
    /// Version of the app that sent the event.
    AppVersion,
    /// Where the app was installed from.
    InstallSource,
    /// Hits that carried `DNT: 1` or `Sec-GPC: 1`: one number per site and day, nothing else.
    OptedOut,
    /// First page (or screen) of the visit an event belongs to.
    EntryPage,
    /// Last page of a visit so far; only [`super::Measure::Visits`] and what follows from visits is kept.
    ExitPage,
    /// Region as in [`Dimension::Region`], a slash and the city.
    City,
    /// Name of a goal the owner defined.
    Goal,
    /// ISO 4217 code of a payment; the only dimension that carries [`super::Measure::RevenueMinor`].
    Currency,
    /// A web vital and the bucket it fell into: `LCP=12`.
    Vital,
    /// A numeric property the owner listed and the bucket its value fell into: `load_ms=12`.
    Number,
    /// A funnel's id and the number of a step, from 1: `checkout=2`. Counts visitors who came that far.
    Funnel,
    /// What a client says of its own past, coarsely: `week=2026-11-16` (Monday of the week first seen; counted once a
    /// week), `active=week`, `active=month`, `age=new`, `age=returning`.
    Cohort,
    /// The page looked at next in the same visit. Only crossed with [`Dimension::Page`].
    NextPage,
    /// Second page of a visit. Only crossed with [`Dimension::EntryPage`] and [`Dimension::ThirdPage`].
    SecondPage,
    /// Third page of a visit. Only crossed with [`Dimension::SecondPage`].
    ThirdPage,
}

impl Dimension {
    /// Every dimension, in wire order.
    pub const ALL: [Self; 38] = [
        Self::Total,
        Self::Page,
        Self::Event,
        Self::Source,
        Self::Section,
        Self::Hostname,
        Self::Channel,
        Self::Referrer,
        Self::UtmSource,
        Self::UtmMedium,
        Self::UtmCampaign,
        Self::UtmTerm,
        Self::UtmContent,
        Self::Country,
        Self::Region,
        Self::Browser,
        Self::BrowserVersion,
        Self::Os,
        Self::OsVersion,
        Self::Device,
        Self::Screen,
        Self::Language,
        Self::Prop,
        Self::AppVersion,
        Self::InstallSource,
        Self::OptedOut,
        Self::EntryPage,
        Self::ExitPage,
        Self::City,
        Self::Goal,
        Self::Currency,
        Self::Vital,
        Self::Number,
        Self::Funnel,
        Self::Cohort,
        Self::NextPage,
        Self::SecondPage,
        Self::ThirdPage,
    ];

    /// The name stored in ClickHouse.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Page => "page",
            Self::Event => "event",
            Self::Source => "source",
            Self::Section => "section",
            Self::Hostname => "hostname",
            Self::Channel => "channel",
            Self::Referrer => "referrer",
            Self::UtmSource => "utm_source",
            Self::UtmMedium => "utm_medium",
            Self::UtmCampaign => "utm_campaign",
            Self::UtmTerm => "utm_term",
            Self::UtmContent => "utm_content",
            Self::Country => "country",
            Self::Region => "region",
            Self::Browser => "browser",
            Self::BrowserVersion => "browser_version",
            Self::Os => "os",
            Self::OsVersion => "os_version",
            Self::Device => "device",
            Self::Screen => "screen",
            Self::Language => "language",
            Self::Prop => "prop",
            Self::AppVersion => "app_version",
            Self::InstallSource => "install_source",
            Self::OptedOut => "opted_out",
            Self::EntryPage => "entry_page",
            Self::ExitPage => "exit_page",
            Self::City => "city",
            Self::Goal => "goal",
            Self::Currency => "currency",
            Self::Vital => "vital",
            Self::Number => "number",
            Self::Funnel => "funnel",
            Self::Cohort => "cohort",
            Self::NextPage => "next_page",
            Self::SecondPage => "second_page",
            Self::ThirdPage => "third_page",
        }
    }

    /// The dimension with this wire number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// Whether cells of this dimension are kept per hour: of the whole site, the only ones an answer is made of. All others are
    /// kept per day.
    pub const fn hourly(self) -> bool {
        matches!(self, Self::Total)
    }

    /// Whether how long visits took is kept of sealed days: of what a visit has once. No answer tells it of the others,
    /// which a visit has several of.
    pub const fn keeps_durations(self) -> bool {
        use Dimension::{
            Cohort, Currency, Event, ExitPage, Funnel, Goal, NextPage, Number, OptedOut, Page, Prop, SecondPage,
            Section, ThirdPage, Vital,
        };
        !matches!(
            self,
            Page | Section
                | Event
                | Goal
                | Prop
                | ExitPage
                | Currency
                | Vital
                | Number
                | Funnel
                | Cohort
                | OptedOut
                | NextPage
                | SecondPage
                | ThirdPage
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_numbers_are_positions() {
        for (position, dimension) in Dimension::ALL.into_iter().enumerate() {
            assert_eq!(dimension as usize, position);
            assert_eq!(Dimension::from_number(dimension as u8), Some(dimension));
        }
        assert_eq!(Dimension::from_number(Dimension::ALL.len() as u8), None);
    }
}
