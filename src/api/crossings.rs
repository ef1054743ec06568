//! The dimensions a site keeps crossings of, as the API writes them: one list of words for descriptions and documents.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::Dimension;

/// Dimensions reports can be filtered by: `all`, or some of them; an empty list: none.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub(super) enum CrossingsChoice {
    /// Every dimension that can be.
    Word(AllWord),
    /// Codes of dimensions.
    Some(Vec<CrossingCode>),
}

/// Every dimension that can be.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum AllWord {
    All,
}

/// A dimension reports can be filtered by.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum CrossingCode {
    Page,
    Event,
    Source,
    Section,
    Channel,
    UtmCampaign,
    Country,
    Browser,
    Os,
    Device,
    Prop,
    Goal,
}

impl CrossingsChoice {
    /// As the registry keeps it: codes, or `None` for all.
    pub(super) fn codes(self) -> Option<Vec<String>> {
        match self {
            Self::Word(AllWord::All) => None,
            Self::Some(codes) => Some(codes.into_iter().map(CrossingCode::text).collect()),
        }
    }

    /// Out of what the registry keeps.
    pub(super) fn of(codes: Option<&[String]>) -> Self {
        let code = |text: &String| CrossingCode::ALL.into_iter().find(|known| known.dimension().code() == text);
        match codes {
            None => Self::Word(AllWord::All),
            Some(codes) => Self::Some(codes.iter().filter_map(code).collect()),
        }
    }
}

impl CrossingCode {
    const ALL: [Self; 12] = [
        Self::Page,
        Self::Event,
        Self::Source,
        Self::Section,
        Self::Channel,
        Self::UtmCampaign,
        Self::Country,
        Self::Browser,
        Self::Os,
        Self::Device,
        Self::Prop,
        Self::Goal,
    ];

    fn text(self) -> String {
        self.dimension().code().to_owned()
    }

    const fn dimension(self) -> Dimension {
        match self {
            Self::Page => Dimension::Page,
            Self::Event => Dimension::Event,
            Self::Source => Dimension::Source,
            Self::Section => Dimension::Section,
            Self::Channel => Dimension::Channel,
            Self::UtmCampaign => Dimension::UtmCampaign,
            Self::Country => Dimension::Country,
            Self::Browser => Dimension::Browser,
            Self::Os => Dimension::Os,
            Self::Device => Dimension::Device,
            Self::Prop => Dimension::Prop,
            Self::Goal => Dimension::Goal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_filterable_dimension_has_a_word_that_is_its_code() {
        let known: Vec<_> =
            Dimension::ALL.into_iter().filter(|known| known.filterable()).map(Dimension::code).collect();
        let words = CrossingCode::ALL.map(|code| serde_json::to_value(code).expect("a word"));
        assert_eq!(known.len(), words.len());
        for (word, code) in words.iter().zip(CrossingCode::ALL) {
            assert_eq!(word, code.dimension().code());
            assert!(known.contains(&code.dimension().code()));
        }
    }
}
