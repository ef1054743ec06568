//! The made-up world: pages, agents, sources and apps, each beside what the program must make of it.

/// Host of the site.
pub const HOST: &str = "shop.example";

/// Pages, most visited first.
pub const PAGES: [&str; 34] = [
    "/",
    "/pricing",
    "/blog/rust",
    "/docs",
    "/features",
    "/docs/start/install",
    "/blog",
    "/blog/kanban",
    "/sign-up",
    "/shop",
    "/docs/api/keys",
    "/about",
    "/shop/cart",
    "/shop/shirt",
    "/templates",
    "/docs/start",
    "/blog/naming",
    "/features/reports",
    "/shop/hoodie",
    "/help",
    "/docs/hosting/docker",
    "/compare/boards",
    "/webinars",
    "/blog/outage",
    "/docs/hosting",
    "/features/guests",
    "/templates/launch",
    "/help/refunds",
    "/shop/mug",
    "/blog/tags/privacy",
    "/legal/terms",
    "/docs/api/errors",
    "/careers",
    "/blog/hiring",
];

/// Screens of the app.
pub const SCREENS: [&str; 5] = ["Home", "Board", "Card", "Settings", "Search"];

/// An agent: user agent, browser, browser and version, system, system and version, class of device.
pub type Agent = (&'static str, [&'static str; 5]);

/// Agents, most common first.
pub const AGENTS: [Agent; 12] = [
    (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
        ["Chrome", "Chrome 142", "Android", "Android", "Mobile"],
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
        ["Chrome", "Chrome 142", "Windows", "Windows 10", "Desktop"],
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1",
        ["Safari", "Safari 26", "iOS", "iOS 26", "Mobile"],
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
        ["Chrome", "Chrome 141", "Windows", "Windows 10", "Desktop"],
    ),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
        ["Safari", "Safari 17", "macOS", "macOS", "Desktop"],
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36 Edg/128.0.2739.42",
        ["Edge", "Edge 128", "Windows", "Windows 10", "Desktop"],
    ),
    (
        "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:129.0) Gecko/20100101 Firefox/129.0",
        ["Firefox", "Firefox 129", "GNU/Linux", "GNU/Linux", "Desktop"],
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
        ["Safari", "Safari 17", "iOS", "iOS 17", "Mobile"],
    ),
    (
        "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
        ["Samsung Internet", "Samsung Internet 25", "Android", "Android 14", "Mobile"],
    ),
    (
        "Mozilla/5.0 (iPad; CPU OS 16_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1",
        ["Safari", "Safari 16", "iOS", "iOS 16", "Tablet"],
    ),
    (
        "Mozilla/5.0 (Windows NT 6.1; Win64; x64; rv:115.0) Gecko/20100101 Firefox/115.0",
        ["Firefox", "Firefox 115", "Windows", "Windows 7", "Desktop"],
    ),
    (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/127.0.0.0 Safari/537.36 OPR/113.0.0.0",
        ["Opera", "Opera 113", "GNU/Linux", "GNU/Linux", "Desktop"],
    ),
];

/// A robot: its hits are dropped.
pub const ROBOT: &str = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

/// Where a visit comes from.
pub struct Origin {
    /// Referrer as the browser sends it.
    pub referrer: &'static str,
    /// Query of the first page.
    pub query: &'static str,
    /// Source, channel, host of the referrer.
    pub expected: [&'static str; 3],
    /// `utm_source`, `utm_medium`, `utm_campaign`, `utm_term`, `utm_content`.
    pub utm: [&'static str; 5],
}

const fn plain(referrer: &'static str, expected: [&'static str; 3]) -> Origin {
    Origin { referrer, query: "", expected, utm: [""; 5] }
}

/// Origins, most common first.
pub const ORIGINS: [Origin; 14] = [
    plain("", ["(direct)", "Direct", ""]),
    plain("https://www.google.com/", ["Google", "Organic Search", "google.com"]),
    plain("https://news.ycombinator.com/item?id=1", ["Hacker News", "Referral", "news.ycombinator.com"]),
    plain("https://duckduckgo.com/", ["DuckDuckGo", "Organic Search", "duckduckgo.com"]),
    plain("https://www.reddit.com/r/rust/", ["Reddit", "Organic Social", "reddit.com"]),
    Origin {
        referrer: "",
        query: "utm_source=newsletter&utm_medium=email&utm_campaign=autumn",
        expected: ["Newsletter", "Email", ""],
        utm: ["newsletter", "email", "autumn", "", ""],
    },
    plain("https://github.com/some/where", ["GitHub", "Referral", "github.com"]),
    Origin {
        referrer: "https://www.google.com/",
        query: "utm_source=google&utm_medium=cpc&utm_campaign=brand&utm_term=boards&utm_content=top",
        expected: ["Google", "Paid Search", "google.com"],
        utm: ["google", "cpc", "brand", "boards", "top"],
    },
    plain("https://www.bing.com/", ["Bing", "Organic Search", "bing.com"]),
    plain("https://chatgpt.com/", ["ChatGPT", "AI Assistants", "chatgpt.com"]),
    plain("https://www.youtube.com/watch", ["YouTube", "Organic Video", "youtube.com"]),
    plain("https://en.wikipedia.org/wiki/Board", ["Wikipedia", "Referral", "en.wikipedia.org"]),
    plain("https://planning.weekly.example/links", ["planning.weekly.example", "Referral", "planning.weekly.example"]),
    Origin {
        referrer: "",
        query: "utm_source=partner&utm_medium=affiliate&utm_campaign=bikes",
        expected: ["partner", "Affiliates", ""],
        utm: ["partner", "affiliate", "bikes", "", ""],
    },
];

/// An app's context: system, its version, device, app version, install source; then expected system and version.
pub struct App {
    /// `os`, `os_version`, `device`, `app_version`, `install_source`.
    pub context: [&'static str; 5],
    /// System, system and version, class of device.
    pub expected: [&'static str; 3],
}

/// Contexts of installations.
pub const APPS: [App; 4] = [
    App { context: ["Android", "14", "phone", "4.2.0", "Google Play"], expected: ["Android", "Android 14", "Mobile"] },
    App { context: ["iOS", "17.4.1", "phone", "4.2.1", "App Store"], expected: ["iOS", "iOS 17", "Mobile"] },
    App { context: ["Android", "13", "tablet", "4.1.3", "Google Play"], expected: ["Android", "Android 13", "Tablet"] },
    App { context: ["iOS", "17.4.1", "phone", "4.3.0", "TestFlight"], expected: ["iOS", "iOS 17", "Mobile"] },
];

/// `Accept-Language` and the language kept of it.
pub const LANGUAGES: [(&str, &str); 5] = [
    ("en-US,en;q=0.9", "en"),
    ("de-DE,de;q=0.9,en;q=0.7", "de"),
    ("fr-FR,fr;q=0.9", "fr"),
    ("ja,en;q=0.4", "ja"),
    ("pt-BR", "pt"),
];

/// Widths and their classes.
pub const WIDTHS: [(u32, &str); 5] =
    [(390, "Mobile"), (820, "Tablet"), (1280, "Laptop"), (1920, "Desktop"), (3440, "Ultra-wide")];

/// A place: country, region, city; the first two numbers of its addresses, and how many second numbers it has.
pub struct Place {
    /// ISO code.
    pub country: &'static str,
    /// Region, empty when the file has none.
    pub region: &'static str,
    /// City, empty when the file has none.
    pub city: &'static str,
    /// `a.b.` of its addresses; `b` and the three above belong to it.
    pub network: [u8; 2],
}

const COUNTRIES: [&str; 12] = ["US", "DE", "GB", "IN", "FR", "CA", "NL", "BR", "JP", "PL", "SE", "AT"];
const REGIONS: [&str; 3] = ["North", "South", "West"];
const CITIES: [&str; 2] = ["Alton", "Brook"];

/// Places: twelve countries, most with three regions of two cities; one country has no regions, one no cities.
pub fn places() -> Vec<Place> {
    let mut places = Vec::new();
    for (number, country) in COUNTRIES.into_iter().enumerate() {
        let first = 60 + number as u8;
        for (r, region) in REGIONS.into_iter().enumerate() {
            for (c, city) in CITIES.into_iter().enumerate() {
                let region = if country == "SE" { "" } else { region };
                let city = if country == "SE" || country == "PL" { "" } else { city };
                let second = (r * 16 + c * 4) as u8;
                places.push(Place { country, region, city, network: [first, second] });
            }
        }
    }
    places
}
