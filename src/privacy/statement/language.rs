//! The languages the statement is written in, and which one a reader gets. Called by `http` and by the page.

/// A language of the statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Language {
    /// The source, and the language of whoever reads none of the others.
    English,
    /// German.
    German,
    /// French.
    French,
    /// Spanish.
    Spanish,
    /// Japanese.
    Japanese,
}

impl Language {
    /// Every language, in the order they are offered.
    pub const ALL: [Self; 5] = [Self::English, Self::German, Self::French, Self::Spanish, Self::Japanese];

    /// Its code, ISO 639-1.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Japanese => "ja",
        }
    }

    /// Its name for those who speak it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
            Self::French => "Français",
            Self::Spanish => "Español",
            Self::Japanese => "日本語",
        }
    }

    /// The one asked for by name (`de`, `de-AT`), else the one of `Accept-Language` (RFC 9110 12.5.4) liked best, else
    /// English.
    pub fn chosen(asked: Option<&str>, accepted: Option<&str>) -> Self {
        let liked = || liked_best(accepted?);
        asked.and_then(of_tag).or_else(liked).unwrap_or(Self::English)
    }
}

fn of_tag(tag: &str) -> Option<Language> {
    let primary = tag.split(['-', '_']).next().unwrap_or_default().trim();
    Language::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(primary))
}

fn liked_best(accepted: &str) -> Option<Language> {
    let mut best: Option<(Language, f32)> = None;
    for range in accepted.split(',') {
        let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
        let weight = weight(parameters);
        let Some(language) = of_tag(tag.trim()) else {
            continue;
        };
        // Of those liked alike the first counts.
        if weight > best.map_or(0.0, |(_, most)| most) {
            best = Some((language, weight));
        }
    }
    best.map(|(language, _)| language)
}

/// From 0 to 1; 1 when nothing is said.
fn weight(parameters: &str) -> f32 {
    let said = parameters.split(';').find_map(|parameter| parameter.trim().strip_prefix("q="));
    said.map_or(1.0, |q| q.trim().parse().unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use super::Language::{self, English, French, German, Japanese, Spanish};

    #[test]
    fn the_language_is_the_one_asked_for_else_the_one_liked_best_else_english() {
        let cases = [
            (Some("ja"), Some("de"), Japanese),
            (Some("de-AT"), None, German),
            (Some("DE"), None, German),
            (Some("it"), Some("fr-CH, it;q=0.9"), French),
            (Some(""), None, English),
            (None, None, English),
            (None, Some("*"), English),
            (None, Some("nl, pt-BR;q=0.9"), English),
            (None, Some("nl, es-419;q=0.5, de;q=0.4"), Spanish),
            (None, Some("de;q=0.4, es;q=0.5"), Spanish),
            (None, Some("de;q=0.5,fr;q=0.5"), German),
            (None, Some("de;q=0, ja ; q=0.1"), Japanese),
            (None, Some("de;q=much, fr;level=1;q=0.2"), French),
            (None, Some(",;,=;q"), English),
        ];
        for (asked, accepted, expected) in cases {
            assert_eq!(Language::chosen(asked, accepted), expected, "{asked:?} {accepted:?}");
        }
    }
}
