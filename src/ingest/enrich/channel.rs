//! The marketing channel of a hit, by the public definitions of GA4's default channel group, in their order, plus one of our own for
//! AI assistants. Called by [`super::source`]. Knows words only.

use super::campaign::Campaign;

/// What kind of place a source is. The word used in the source table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// Search engines.
    Search,
    /// Social networks, forums and messengers.
    Social,
    /// Video platforms.
    Video,
    /// Shops and marketplaces.
    Shopping,
    /// Web mail.
    Email,
    /// AI assistants.
    Ai,
    /// News, aggregators and readers.
    News,
    /// Sites for developers.
    Dev,
    /// Anything else with a name of its own.
    Other,
}

impl Medium {
    /// The medium called `word` in the source table.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "search" => Self::Search,
            "social" => Self::Social,
            "video" => Self::Video,
            "shopping" => Self::Shopping,
            "email" => Self::Email,
            "ai" => Self::Ai,
            "news" => Self::News,
            "dev" => Self::Dev,
            "other" => Self::Other,
            _ => return None,
        })
    }
}

/// The channel of a hit that came with a campaign, a referrer or both. `known` is the source's medium if the table knows the source,
/// `referred` whether there was a foreign referrer.
pub fn of(campaign: &Campaign<'_>, known: Option<Medium>, referred: bool) -> &'static str {
    let words = Words::of(campaign);
    if words.name.contains("cross-network") {
        return "Cross-network";
    }
    let shop = known == Some(Medium::Shopping) || is_shop(&words.name);
    if words.paid || campaign.click.is_some_and(|click| click.paid()) {
        return paid(&words, known, shop);
    }
    if is_display(&words.medium) {
        return "Display";
    }
    match known {
        Some(Medium::Ai) => return "AI Assistants",
        _ if shop => return "Organic Shopping",
        Some(Medium::Social) => return "Organic Social",
        _ => {}
    }
    by_medium(&words, known, referred)
}

/// The tags that decide, in lower case.
struct Words {
    source: String,
    medium: String,
    name: String,
    paid: bool,
}

impl Words {
    /// Without tags nothing is allocated: an empty `String` is free.
    fn of(campaign: &Campaign<'_>) -> Self {
        let lower = |tag: &Option<std::borrow::Cow<'_, str>>| tag.as_deref().map(str::to_lowercase).unwrap_or_default();
        let medium = lower(&campaign.medium);
        let paid = medium.contains("cp") || medium == "ppc" || medium == "retargeting" || medium.starts_with("paid");
        Self { source: lower(&campaign.source), medium, name: lower(&campaign.name), paid }
    }
}

fn paid(words: &Words, known: Option<Medium>, shop: bool) -> &'static str {
    match known {
        _ if shop => "Paid Shopping",
        Some(Medium::Search) => "Paid Search",
        Some(Medium::Social) => "Paid Social",
        Some(Medium::Video) => "Paid Video",
        _ if is_display(&words.medium) => "Display",
        _ => "Paid Other",
    }
}

fn by_medium(words: &Words, known: Option<Medium>, referred: bool) -> &'static str {
    let (source, medium) = (words.source.as_str(), words.medium.as_str());
    let email = |word: &str| matches!(word, "email" | "e-mail" | "e_mail" | "e mail");
    match medium {
        "social" | "social-network" | "social-media" | "sm" | "social network" | "social media" => "Organic Social",
        _ if known == Some(Medium::Video) || medium.contains("video") => "Organic Video",
        _ if known == Some(Medium::Search) => "Organic Search",
        "organic" => "Organic Search",
        "referral" | "app" | "link" => "Referral",
        _ if known == Some(Medium::Email) || email(source) || email(medium) => "Email",
        "affiliate" => "Affiliates",
        "audio" => "Audio",
        _ if source == "sms" || medium == "sms" => "SMS",
        _ if medium.ends_with("push")
            || medium.contains("mobile")
            || medium.contains("notification")
            || source == "firebase" =>
        {
            "Mobile Push Notifications"
        }
        _ if source == "newsletter" => "Email",
        _ if referred || known.is_some() => "Referral",
        _ => "Unassigned",
    }
}

fn is_display(medium: &str) -> bool {
    matches!(medium, "display" | "banner" | "expandable" | "interstitial" | "cpm")
}

/// GA4's `^(.*(([^a-df-z]|^)shop|shopping).*)$` on a campaign's name.
fn is_shop(name: &str) -> bool {
    let begins_a_word = |at: usize| match name[..at].chars().next_back() {
        None | Some('e') => true,
        Some(c) => !c.is_ascii_lowercase(),
    };
    name.contains("shopping") || name.match_indices("shop").any(|(at, _)| begins_a_word(at))
}

#[cfg(test)]
mod tests {
    use super::super::campaign::read;
    use super::*;

    #[test]
    fn channels() {
        use Medium::*;
        let table = [
            ("", Some(Search), true, "Organic Search"),
            ("", Some(Social), true, "Organic Social"),
            ("", Some(Video), true, "Organic Video"),
            ("", Some(Shopping), true, "Organic Shopping"),
            ("", Some(Email), true, "Email"),
            ("", Some(Ai), true, "AI Assistants"),
            ("", Some(News), true, "Referral"),
            ("", Some(Dev), true, "Referral"),
            ("", None, true, "Referral"),
            ("utm_source=google&utm_medium=CPC", Some(Search), false, "Paid Search"),
            ("utm_medium=cpc", Some(Social), false, "Paid Social"),
            ("utm_medium=paid_video", Some(Video), false, "Paid Video"),
            ("utm_medium=ppc", Some(Shopping), false, "Paid Shopping"),
            ("utm_medium=ppc&utm_campaign=eshop-sale", None, false, "Paid Shopping"),
            ("utm_medium=ppc&utm_campaign=workshop", None, false, "Paid Other"),
            ("utm_medium=retargeting", None, true, "Paid Other"),
            ("utm_medium=cpm", None, false, "Display"),
            ("utm_medium=banner", Some(Search), false, "Display"),
            ("gclid=1", Some(Search), true, "Paid Search"),
            ("fbclid=1", Some(Social), true, "Organic Social"),
            ("utm_campaign=Cross-Network-1", Some(Search), false, "Cross-network"),
            ("utm_campaign=spring-shop", None, false, "Organic Shopping"),
            ("utm_medium=social", None, false, "Organic Social"),
            ("utm_medium=video-ad", None, false, "Organic Video"),
            ("utm_medium=organic", None, false, "Organic Search"),
            ("utm_medium=email", None, false, "Email"),
            ("utm_source=e-mail", None, false, "Email"),
            ("utm_source=newsletter", None, false, "Email"),
            ("utm_medium=affiliate", None, false, "Affiliates"),
            ("utm_medium=audio", None, false, "Audio"),
            ("utm_medium=sms", None, false, "SMS"),
            ("utm_medium=web-push", None, false, "Mobile Push Notifications"),
            ("utm_source=firebase", None, false, "Mobile Push Notifications"),
            ("utm_medium=link", None, false, "Referral"),
            ("utm_medium=whatever", None, false, "Unassigned"),
            ("utm_medium=whatever", None, true, "Referral"),
        ];
        for (query, known, referred, channel) in table {
            assert_eq!(of(&read(query), known, referred), channel, "{query} {known:?} {referred}");
        }
    }
}
