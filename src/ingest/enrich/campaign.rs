//! Reads campaign tags out of a query string; the rest of the query is never looked at again. Called by `ingest`.

use std::borrow::Cow;

use crate::privacy::hygiene::{clean_value, head};

/// Longest query that is read, in bytes; tags behind that are not seen.
const READ_MAX: usize = 4_096;

/// The campaign tags of a page's query, decoded and cleaned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Campaign<'a> {
    /// `utm_source`, else `ref`, else `source`.
    pub source: Option<Cow<'a, str>>,
    /// Whether [`Campaign::source`] was given as `utm_source`: only then it counts as that dimension.
    pub tagged: bool,
    /// `utm_medium`.
    pub medium: Option<Cow<'a, str>>,
    /// `utm_campaign`.
    pub name: Option<Cow<'a, str>>,
    /// `utm_term`.
    pub term: Option<Cow<'a, str>>,
    /// `utm_content`.
    pub content: Option<Cow<'a, str>>,
    /// Whose click id the query held. The id itself is never kept.
    pub click: Option<Click>,
}

impl Campaign<'_> {
    /// Whether the query held nothing of a campaign.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The value of `utm_source`, if it was given by that name.
    pub fn utm_source(&self) -> Option<&str> {
        self.source.as_deref().filter(|_| self.tagged)
    }
}

/// Who put a click id into the query. A hint at the source when no other is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Click {
    /// `gclid`, `gbraid`, `wbraid`, `dclid`, `gad_source`: always paid.
    Google,
    /// `msclkid`: always paid.
    Bing,
    /// `yclid`: always paid.
    Yandex,
    /// `fbclid`: on every link out of Facebook and Instagram, paid or not.
    Facebook,
    /// `ttclid`: always paid.
    TikTok,
    /// `twclid`: always paid.
    Twitter,
    /// `li_fat_id`: always paid.
    LinkedIn,
    /// `rdt_cid`: always paid.
    Reddit,
    /// `epik`: on links out of Pinterest, paid or not.
    Pinterest,
}

impl Click {
    fn of(key: &str) -> Option<Self> {
        Some(match key {
            "gclid" | "gbraid" | "wbraid" | "dclid" | "gad_source" => Self::Google,
            "msclkid" => Self::Bing,
            "yclid" => Self::Yandex,
            "fbclid" => Self::Facebook,
            "ttclid" => Self::TikTok,
            "twclid" => Self::Twitter,
            "li_fat_id" => Self::LinkedIn,
            "rdt_cid" => Self::Reddit,
            "epik" => Self::Pinterest,
            _ => return None,
        })
    }

    /// The name the source table knows it by.
    pub const fn source(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::Bing => "bing",
            Self::Yandex => "yandex",
            Self::Facebook => "facebook",
            Self::TikTok => "tiktok",
            Self::Twitter => "twitter",
            Self::LinkedIn => "linkedin",
            Self::Reddit => "reddit",
            Self::Pinterest => "pinterest",
        }
    }

    /// Whether such an id is put on paid links only.
    pub const fn paid(self) -> bool {
        !matches!(self, Self::Facebook | Self::Pinterest)
    }
}

/// Reads the tags of a query string (without the question mark). The first of several equal tags counts.
pub fn read(query: &str) -> Campaign<'_> {
    let mut campaign = Campaign::default();
    let mut fallback: [Option<Cow<'_, str>>; 2] = [None, None];
    for pair in head(query, READ_MAX).split('&') {
        // Most pairs are no tags: told apart by the first letter, before anything is decoded.
        if !matches!(
            pair.as_bytes().first(),
            Some(b'u' | b'r' | b's' | b'g' | b'w' | b'd' | b'm' | b'y' | b'f' | b't' | b'l' | b'e')
        ) {
            continue;
        }
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let place = match key {
            "utm_source" => &mut campaign.source,
            "utm_medium" => &mut campaign.medium,
            "utm_campaign" => &mut campaign.name,
            "utm_term" => &mut campaign.term,
            "utm_content" => &mut campaign.content,
            "ref" => &mut fallback[0],
            "source" => &mut fallback[1],
            _ => {
                campaign.click = campaign.click.or_else(|| Click::of(key).filter(|_| !value.is_empty()));
                continue;
            }
        };
        if place.is_none() {
            *place = decode(value);
        }
    }
    campaign.tagged = campaign.source.is_some();
    let [by_ref, by_source] = fallback;
    campaign.source = campaign.source.or(by_ref).or(by_source);
    campaign
}

/// A form-encoded value, cleaned. Bad UTF-8 becomes `U+FFFD`.
fn decode(value: &str) -> Option<Cow<'_, str>> {
    if !value.bytes().any(|c| matches!(c, b'%' | b'+')) {
        return clean_value(value);
    }
    let spaced = value.replace('+', " ");
    let decoded = percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy();
    clean_value(&decoded).map(|clean| Cow::Owned(clean.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_decoded_and_cleaned_and_the_first_counts() {
        let query = "q=secret&utm_source=news+letter&utm_medium=e%2Dmail&utm_campaign=sp%C3%A4t&utm_source=other\
                     &utm_term=jane%40example.org&utm_content=&gclid=abc&fbclid=x";
        let wanted = Campaign {
            source: Some("news letter".into()),
            tagged: true,
            medium: Some("e-mail".into()),
            name: Some("spät".into()),
            term: Some("(redacted)".into()),
            content: None,
            click: Some(Click::Google),
        };
        assert_eq!(read(query), wanted);
    }

    #[test]
    fn a_plain_tag_is_not_copied() {
        assert!(matches!(read("utm_source=google").source, Some(Cow::Borrowed("google"))));
    }

    #[test]
    fn ref_and_source_stand_in_for_utm_source_but_are_not_it() {
        let seen = ["ref=hn&source=x", "source=x", "utm_source=y&ref=hn"].map(|query| {
            let campaign = read(query);
            (campaign.source.as_deref().map(str::to_owned), campaign.utm_source().map(str::to_owned))
        });
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(seen, [(text("hn"), None), (text("x"), None), (text("y"), text("y"))]);
    }

    #[test]
    fn no_tags() {
        for query in ["", "a=b", "utm_source=", "utm_source", "gclid=", "&&=&"] {
            assert!(read(query).is_empty(), "{query}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_query_gives_bounded_values(query in "((utm_source|utm_medium|ref|gclid|x)=[ -~é]{0,200}&?){0,6}") {
            let campaign = read(&query);
            for value in [campaign.source, campaign.medium, campaign.name].into_iter().flatten() {
                proptest::prop_assert!(!value.is_empty() && value.len() <= crate::privacy::hygiene::VALUE_MAX);
            }
        }
    }
}
