//! A site: what owners separate their numbers by.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::{Day, Dimension, Funnel, Goal, PagePattern};

/// What events carry in `site`: 1 to 64 of `a–z A–Z 0–9 . _ -`, starting with a letter or digit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiteId(Arc<str>);

/// The text is not a site id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a site id has 1 to 64 letters, digits, dots, dashes or underscores and starts with a letter or digit")]
pub struct SiteIdError;

impl SiteId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SiteId {
    type Err = SiteIdError;

    fn from_str(text: &str) -> Result<Self, SiteIdError> {
        let known = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'_' | b'-');
        let starts_well = text.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric);
        if !starts_well || text.len() > 64 || !text.bytes().all(known) {
            return Err(SiteIdError);
        }
        Ok(Self(text.into()))
    }
}

impl fmt::Display for SiteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SiteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A site as the collecting path sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    /// The id events carry.
    pub id: SiteId,
    /// Accepted hosts, lower case; each stands for itself and its subdomains. Empty: every host.
    pub domains: Vec<String>,
    /// The zone in which the site's days begin and end.
    pub timezone: jiff::tz::TimeZone,
    /// k: groups of fewer visitors are not shown.
    pub min_visitors: u32,
    /// Whether k applies to cells of every dimension, not only to crossings and places finer than a country.
    pub strict: bool,
    /// Months that sealed days are kept.
    pub retention_months: u16,
    /// Which crossings are kept.
    pub crossings: CrossingChoice,
    /// Property keys that reports can be filtered by.
    pub filter_properties: Vec<Box<str>>,
    /// Numeric property keys of which the distribution is kept.
    pub numbers: Vec<Box<str>>,
    /// Pages that are not counted.
    pub excluded_paths: Vec<PagePattern>,
    /// Goals.
    pub goals: Vec<Goal>,
    /// Funnels.
    pub funnels: Vec<Funnel>,
    /// Days that were filled in from files, oldest import first.
    pub imported: Vec<ImportedDays>,
}

/// Days that were filled in from files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedDays {
    /// What the files were.
    pub format: Box<str>,
    /// Whether they brought totals of another product; else events, which were counted here.
    pub are_totals: bool,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
}

/// Which crossings a site keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CrossingChoice {
    /// Those of every filterable dimension.
    All,
    /// Those of these filterable dimensions. Empty: none.
    Of(Vec<Dimension>),
}

impl CrossingChoice {
    /// Whether reports can be filtered by `dimension`.
    pub fn has(&self, dimension: Dimension) -> bool {
        match self {
            Self::All => dimension.filterable(),
            Self::Of(chosen) => chosen.contains(&dimension),
        }
    }

    /// Whether crossings of the pair are kept. Journeys always are; and, where anything is, which channels a source has:
    /// what may be shown of both depends on it (P7).
    pub fn keeps(&self, one: Dimension, other: Dimension) -> bool {
        let is_journey = !one.filterable() && !other.filterable() || other == Dimension::NextPage;
        let is_any = !matches!(self, Self::Of(chosen) if chosen.is_empty());
        let is_origin = is_any && (one, other) == (Dimension::Source, Dimension::Channel);
        one.crosses(other) && (is_journey || is_origin || self.has(one) || self.has(other))
    }
}

/// Property keys that a new site can filter by: what links led to and which form was sent, as the tracker and the clients
/// of other products name it. So outbound links, downloads and forms can be told apart without anything being set.
pub const TRACKED_PROPERTIES: [&str; 2] = ["to", "form"];

/// Months that sealed days are kept unless said otherwise.
pub const RETENTION_MONTHS: u16 = 25;

impl Site {
    /// A site that accepts every host, with k = 5 and no goals.
    pub fn new(id: SiteId, timezone: jiff::tz::TimeZone) -> Self {
        Self {
            id,
            domains: Vec::new(),
            timezone,
            min_visitors: 5,
            strict: false,
            retention_months: RETENTION_MONTHS,
            crossings: CrossingChoice::All,
            filter_properties: Vec::new(),
            numbers: Vec::new(),
            excluded_paths: Vec::new(),
            goals: Vec::new(),
            funnels: Vec::new(),
            imported: Vec::new(),
        }
    }

    /// Whether the attribute may take part in crossings: of properties, only keys the owner listed.
    pub fn crosses(&self, dimension: Dimension, value: &str) -> bool {
        if dimension != Dimension::Prop {
            return true;
        }
        let key = value.split_once('=').map_or(value, |(key, _)| key);
        self.filter_properties.iter().any(|listed| **listed == *key)
    }

    /// Whether pages of `host` (lower case, no port) may be counted for this site.
    pub fn accepts_host(&self, host: &str) -> bool {
        self.domains.is_empty() || self.domains.iter().any(|domain| covers(domain, host))
    }
}

/// Whether `host` is `domain` or lies below it.
fn covers(domain: &str, host: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_checked() {
        let long = "a".repeat(65);
        for bad in ["", ".a", "a b", "é", "a/b", long.as_str()] {
            assert_eq!(bad.parse::<SiteId>(), Err(SiteIdError), "{bad}");
        }
        assert_eq!("my-site.example".parse::<SiteId>().map(|id| id.to_string()), Ok("my-site.example".to_owned()));
    }

    #[test]
    fn a_domain_covers_itself_and_what_lies_below() {
        let verdicts = ["example.org", "a.example.org", "badexample.org", "example.org.evil"]
            .map(|host| covers("example.org", host));
        assert_eq!(verdicts, [true, true, false, false]);
    }

    #[test]
    fn which_channels_a_source_has_is_kept_beside_anything() {
        let keeps = |choice: CrossingChoice| {
            let pairs = [(Dimension::Source, Dimension::Channel), (Dimension::Source, Dimension::Device)];
            pairs.map(|(one, other)| choice.keeps(one, other))
        };
        assert_eq!(keeps(CrossingChoice::Of(vec![Dimension::Page])), [true, false]);
        assert_eq!(keeps(CrossingChoice::Of(Vec::new())), [false, false]);
        assert_eq!(keeps(CrossingChoice::All), [true, true]);
    }
}
