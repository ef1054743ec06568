//! The words of the oracle: dimensions by the names of the API, attributes, and one event with all that is known of it.

/// The name of a dimension: as in the API where the API has one.
pub type Dim = &'static str;

/// The whole site.
pub const TOTAL: Dim = "total";
/// Page.
pub const PAGE: Dim = "event:page";
/// Section.
pub const SECTION: Dim = "event:section";
/// Event.
pub const EVENT: Dim = "event:name";
/// Goal.
pub const GOAL: Dim = "event:goal";
/// Host of the page.
pub const HOST: Dim = "event:hostname";
/// Property; the value is `key=value`.
pub const PROP: Dim = "event:props";
/// First page of the visit.
pub const ENTRY: Dim = "visit:entry_page";
/// Last page of the visit.
pub const EXIT: Dim = "visit:exit_page";
/// Source.
pub const SOURCE: Dim = "visit:source";
/// Channel.
pub const CHANNEL: Dim = "visit:channel";
/// Host of the referrer.
pub const REFERRER: Dim = "visit:referrer";
/// Campaign tags.
pub const UTM: [Dim; 5] =
    ["visit:utm_source", "visit:utm_medium", "visit:utm_campaign", "visit:utm_term", "visit:utm_content"];
/// Country.
pub const COUNTRY: Dim = "visit:country";
/// Region.
pub const REGION: Dim = "visit:region";
/// City.
pub const CITY: Dim = "visit:city";
/// Class of device.
pub const DEVICE: Dim = "visit:device";
/// Browser.
pub const BROWSER: Dim = "visit:browser";
/// Browser and version.
pub const BROWSER_VERSION: Dim = "visit:browser_version";
/// System.
pub const OS: Dim = "visit:os";
/// System and version.
pub const OS_VERSION: Dim = "visit:os_version";
/// Language.
pub const LANGUAGE: Dim = "visit:language";
/// Class of width.
pub const SCREEN: Dim = "visit:screen";
/// Version of the app.
pub const APP_VERSION: Dim = "app:version";
/// Where the app was installed from.
pub const INSTALL_SOURCE: Dim = "app:install_source";
/// Currency of a payment.
pub const CURRENCY: Dim = "currency";
/// Web vital and bucket.
pub const VITAL: Dim = "vital";
/// Number and bucket.
pub const NUMBER: Dim = "number";
/// Funnel and step.
pub const FUNNEL: Dim = "funnel";
/// What a client says of its past.
pub const COHORT: Dim = "cohort";
/// The page after a page.
pub const NEXT: Dim = "next";
/// Second page of a visit.
pub const SECOND: Dim = "second";
/// Third page of a visit.
pub const THIRD: Dim = "third";

/// A dimension and its value.
pub type Attribute = (Dim, String);

/// What an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A page was looked at.
    Pageview,
    /// A feature was used.
    Feature,
    /// Engagement, scroll position, web vitals of a page view.
    Report,
}

/// One event with all that is known of it.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The person; `None` on days that are late.
    pub who: Option<u32>,
    /// Seconds since midnight of day 0.
    pub at: i64,
    /// What it is.
    pub kind: Kind,
    /// How many of them.
    pub n: i64,
    /// All it is counted under but what follows from the visit and from goals.
    pub attributes: Vec<Attribute>,
    /// Seconds of attention.
    pub engaged: Option<i64>,
    /// Furthest scroll position.
    pub scroll: Option<i64>,
    /// A payment in the smallest unit.
    pub revenue: i64,
}

/// Seconds of a day on which no clock is moved.
pub const DAY: i64 = 86_400;

/// The days of a recording: on day 0 the clock may be moved, which makes it longer or shorter.
#[derive(Clone, Copy, Debug)]
pub struct Days {
    /// Seconds of day 0.
    pub length: i64,
    /// When the clock is moved, as seconds since midnight of day 0.
    pub moved_at: i64,
}

impl Default for Days {
    fn default() -> Self {
        Self { length: DAY, moved_at: 0 }
    }
}

impl Days {
    /// When a day begins, as seconds since midnight of day 0.
    pub fn begin(self, day: i64) -> i64 {
        if day <= 0 { day * DAY } else { self.length + (day - 1) * DAY }
    }

    /// The day of a moment.
    pub fn day(self, at: i64) -> i64 {
        if at < self.length { at.div_euclid(DAY).min(0) } else { 1 + (at - self.length) / DAY }
    }

    /// The hours that have passed since midnight.
    pub fn hour(self, at: i64) -> i64 {
        (at - self.begin(self.day(at))) / 3600
    }

    /// What the clock on the wall shows: seconds since midnight of a day.
    pub fn wall(self, day: i64, at: i64) -> i64 {
        let moved = if day == 0 && at >= self.moved_at { DAY - self.length } else { 0 };
        at - self.begin(day) + moved
    }
}

impl Fact {
    /// The first value of a dimension.
    pub fn value(&self, dimension: Dim) -> Option<&str> {
        self.attributes.iter().find(|(of, _)| *of == dimension).map(|(_, value)| value.as_str())
    }
}
