//! What people do on pages besides reading them, and how often. Called by [`super::visit`].

use super::measured::Measured;
use super::random::Random;

/// A property: its key, and its values, each as often as the others.
type Property = (&'static str, &'static [&'static str]);

/// Something people do on some pages.
#[derive(Debug)]
pub struct Feature {
    /// Beginning of the paths, or name of the app's screen, where it is found.
    pub place: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Share of page views on which it is used.
    pub share: f64,
    properties: &'static [Property],
}

const fn feature(place: &'static str, name: &'static str, share: f64, properties: &'static [Property]) -> Feature {
    Feature { place, name, share, properties }
}

const RESULTS: Property = ("results", &["0", "1-10", "1-10", "11-100", "11-100", "over 100"]);
const QUALITY: Property = ("quality", &["480p", "720p", "1080p", "1080p", "auto"]);
const PERCENT: Property = ("percent", &["25", "25", "25", "50", "50", "75", "100"]);
const THEME: Property = ("theme", &["dark", "dark", "light"]);
const INSTALLER: Property = (
    "to",
    &[
        "files.northwind.example/northwind-setup.exe",
        "files.northwind.example/northwind-setup.exe",
        "files.northwind.example/northwind.dmg",
        "files.northwind.example/northwind.tar.gz",
    ],
);
const MANUAL: Property = ("to", &["www.northwind.example/docs/manual.pdf"]);
const CODE: Property =
    ("to", &["code.example/northwind/northwind", "code.example/northwind/northwind", "chat.example/northwind"]);
const READING: Property =
    ("to", &["news.example/planning-without-meetings", "video.example/northwind", "code.example/northwind/northwind"]);
const FORMAT: Property = ("format", &["csv", "csv", "pdf", "json"]);

/// Everything people do.
pub const FEATURES: &[Feature] = &[
    feature("/pricing", "toggle_billing", 0.22, &[("period", &["yearly", "monthly"])]),
    feature("/pricing", "open_faq", 0.12, &[]),
    feature("/sign-up", "signup", 0.30, &[("plan", &["free", "free", "free", "team", "business"])]),
    feature("/sign-in", "login", 0.72, &[("method", &["password", "password", "google", "passkey", "sso"])]),
    feature("/docs", "search", 0.16, &[RESULTS]),
    feature("/docs", "copy_code", 0.14, &[("language", &["shell", "shell", "python", "rust", "javascript"])]),
    feature("/docs", "vote", 0.04, &[("helpful", &["yes", "yes", "yes", "no"])]),
    feature("/help", "search", 0.25, &[RESULTS]),
    feature("/help", "open_chat", 0.08, &[]),
    feature("/features", "play_video", 0.17, &[QUALITY, PERCENT]),
    feature("/webinars", "play_video", 0.45, &[QUALITY, PERCENT]),
    feature("/blog", "share", 0.03, &[("network", &["link", "link", "linkedin", "mastodon", "bluesky"])]),
    feature("/blog", "subscribe", 0.025, &[("list", &["newsletter"])]),
    feature(
        "/download",
        "download",
        0.55,
        &[INSTALLER, ("platform", &["windows", "windows", "macos", "macos", "linux"])],
    ),
    feature("/docs", "download", 0.04, &[MANUAL]),
    feature("/docs", "outbound", 0.06, &[CODE]),
    feature("/blog", "outbound", 0.09, &[READING]),
    feature("/customers", "outbound", 0.20, &[READING]),
    feature("/pricing", "form", 0.08, &[("form", &["contact-sales"])]),
    feature("/help", "form", 0.30, &[("form", &["support"])]),
    feature("/blog", "form", 0.05, &[("form", &["newsletter"])]),
    feature("/docs/v1", "404", 1.0, &[]),
    feature("/templates", "use_template", 0.20, &[]),
    feature("/shop/", "add_to_cart", 0.40, &[("size", &["s", "m", "m", "l", "one size"])]),
    feature("/shop/checkout", "purchase", 0.80, &[("payment", &["card", "card", "paypal", "invoice"])]),
    feature("/account", "toggle_dark_mode", 0.09, &[THEME]),
    feature("/account/exports", "export", 0.60, &[FORMAT]),
    feature("/account/team", "invite", 0.30, &[("role", &["member", "member", "guest", "admin"])]),
    feature("/account/api-keys", "create_key", 0.25, &[("scope", &["read", "read", "write"])]),
    feature("Board", "add_card", 0.45, &[("by", &["typing", "typing", "voice", "camera"])]),
    feature("Board", "move_card", 0.35, &[]),
    feature("Search", "search", 0.80, &[RESULTS]),
    feature("Settings", "toggle_dark_mode", 0.20, &[THEME]),
    feature("Reports", "export", 0.15, &[FORMAT]),
    feature("Inbox", "mark_read", 0.40, &[("how", &["one", "one", "all"])]),
];

/// Screens of the app, most visited first.
pub const SCREENS: &[&str] =
    &["Home", "Board", "Inbox", "Card", "Search", "Calendar", "Timeline", "Reports", "Profile", "Settings", "Help"];

impl Feature {
    /// What it measures, this time.
    pub fn measured(&self, random: &mut Random) -> Measured {
        match self.name {
            "purchase" => Measured::payment(random),
            "search" | "export" => Measured::took(random),
            _ => Measured::Nothing,
        }
    }

    /// Its properties, this time.
    pub fn properties(&self, random: &mut Random) -> Vec<(&'static str, &'static str)> {
        let chosen = |(key, values): &Property| (*key, values[random.below(values.len() as u64) as usize]);
        self.properties.iter().map(chosen).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::world::World;
    use crate::privacy::hygiene::{clean_key, clean_name, clean_path, clean_value};

    #[test]
    fn names_and_properties_are_clean() {
        for feature in FEATURES {
            assert_eq!(clean_name(feature.name).as_deref(), Some(feature.name));
            for (key, values) in feature.properties {
                assert_eq!(clean_key(key).as_deref(), Some(*key));
                let cleaned: Vec<_> = values.iter().filter_map(|value| clean_value(value)).collect();
                assert!(!values.is_empty());
                assert_eq!(cleaned, *values);
            }
        }
        for screen in SCREENS {
            assert_eq!(clean_path(screen), format!("/{screen}"));
        }
    }

    #[test]
    fn every_feature_has_its_place_and_a_share() {
        let world = World::load();
        for feature in FEATURES {
            let on_a_page = world.pages.all().any(|(_, page)| page.starts_with(feature.place));
            assert!(on_a_page || SCREENS.contains(&feature.place), "{}", feature.place);
            assert!(feature.share > 0.0 && feature.share <= 1.0);
        }
    }
}
