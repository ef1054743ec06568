//! The other products whose clients may send here, by the words owners write.

/// Whose clients speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// Plausible: sites by domain.
    Plausible,
    /// Umami: sites by website id.
    Umami,
    /// GoatCounter: sites by code or host.
    Goatcounter,
    /// Matomo, formerly Piwik: sites by `idsite`.
    Matomo,
    /// Google Analytics 4, its Measurement Protocol and Universal Analytics: sites by measurement or tracking id.
    Ga,
    /// Mixpanel: sites by project token.
    Mixpanel,
    /// Segment and RudderStack, which speak alike: sites by write key.
    Segment,
    /// PostHog: sites by project key.
    Posthog,
    /// Amplitude: sites by API key.
    Amplitude,
    /// Aptabase: sites by app key.
    Aptabase,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: [Self; 10] = [
        Self::Plausible,
        Self::Umami,
        Self::Goatcounter,
        Self::Matomo,
        Self::Ga,
        Self::Mixpanel,
        Self::Segment,
        Self::Posthog,
        Self::Amplitude,
        Self::Aptabase,
    ];

    /// The word of `--accept DIALECT:TOKEN` and of routes below `/in/`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Plausible => "plausible",
            Self::Umami => "umami",
            Self::Goatcounter => "goatcounter",
            Self::Matomo => "matomo",
            Self::Ga => "ga4",
            Self::Mixpanel => "mixpanel",
            Self::Segment => "segment",
            Self::Posthog => "posthog",
            Self::Amplitude => "amplitude",
            Self::Aptabase => "aptabase",
        }
    }

    /// The dialect of a word; `ga` and `rudder` are other words for two of them.
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "ga" => Some(Self::Ga),
            "rudder" => Some(Self::Segment),
            _ => Self::ALL.into_iter().find(|dialect| dialect.code() == word),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_a_word_of_its_own() {
        assert_eq!(Dialect::ALL.map(|dialect| Dialect::of(dialect.code())), Dialect::ALL.map(Some));
        assert_eq!(
            ["ga", "rudder", "GA4", ""].map(Dialect::of),
            [Some(Dialect::Ga), Some(Dialect::Segment), None, None]
        );
    }
}
