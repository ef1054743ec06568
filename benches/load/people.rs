//! Made-up people: an address, a browser with the headers such a browser sends, a language, a screen. The same number is
//! always the same person.

use std::fmt::Write as _;

use super::random::Random;

/// Of each family: name, first and last version, platforms, and how the user agent is written.
const FAMILIES: [(&str, u32, u32, &[&str]); 8] = [
    ("Chrome", 96, 142, &DESKTOPS),
    ("Chrome Mobile", 100, 142, &ANDROIDS),
    ("Edge", 110, 142, &DESKTOPS),
    ("Firefox", 102, 145, &FIREFOXES),
    ("Safari", 13, 26, &MACS),
    ("Mobile Safari", 13, 26, &IPHONES),
    ("Samsung", 18, 29, &ANDROIDS),
    ("Opera", 90, 124, &DESKTOPS),
];
const DESKTOPS: [&str; 4] = [
    "Windows NT 10.0; Win64; x64",
    "Macintosh; Intel Mac OS X 10_15_7",
    "X11; Linux x86_64",
    "X11; CrOS x86_64 14541.0.0",
];
const FIREFOXES: [&str; 4] = [
    "Windows NT 10.0; Win64; x64",
    "Macintosh; Intel Mac OS X 10.15",
    "X11; Linux x86_64",
    "X11; Ubuntu; Linux x86_64",
];
const ANDROIDS: [&str; 3] = ["Linux; Android 10; K", "Linux; Android 13; SM-S911B", "Linux; Android 14; Pixel 8"];
const MACS: [&str; 2] = ["Macintosh; Intel Mac OS X 10_15_7", "Macintosh; Intel Mac OS X 10_14_6"];
const IPHONES: [&str; 4] = [
    "iPhone; CPU iPhone OS 17_6_1 like Mac OS X",
    "iPhone; CPU iPhone OS 18_5 like Mac OS X",
    "iPhone; CPU iPhone OS 18_7 like Mac OS X",
    "iPad; CPU OS 18_7 like Mac OS X",
];
const LANGUAGES: [&str; 10] = [
    "en-US,en;q=0.9",
    "en-GB,en;q=0.9",
    "de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7",
    "fr-FR,fr;q=0.9,en;q=0.8",
    "es-ES,es;q=0.9",
    "pt-BR,pt;q=0.9,en-US;q=0.8,en;q=0.7",
    "de-AT,de;q=0.9,en;q=0.7",
    "ja",
    "pl-PL,pl;q=0.9,en-US;q=0.8",
    "it-IT,it;q=0.9",
];
const WIDTHS: [u32; 8] = [1920, 390, 1440, 412, 360, 1536, 820, 2560];

/// A browser: what it calls itself and which headers it sends.
pub struct Browser {
    /// `User-Agent`.
    pub agent: String,
    family: &'static str,
    version: u32,
    is_mobile: bool,
}

/// Every family in every version on every platform: more than 465 different user agents.
pub fn browsers() -> Vec<Browser> {
    let mut browsers = Vec::new();
    for (family, first, last, platforms) in FAMILIES {
        for version in (first..=last).rev() {
            for platform in platforms {
                let is_mobile = family.contains("Mobile") || family == "Samsung";
                browsers.push(Browser { agent: agent(family, version, platform), family, version, is_mobile });
            }
        }
    }
    // Popular ones come from all families: they are not picked in the order of the list.
    let mut random = Random::new(465);
    for index in (1..browsers.len()).rev() {
        browsers.swap(index, random.below(index + 1));
    }
    browsers
}

fn agent(family: &str, version: u32, platform: &str) -> String {
    let webkit = format!("Mozilla/5.0 ({platform}) AppleWebKit/537.36 (KHTML, like Gecko)");
    match family {
        "Chrome" => format!("{webkit} Chrome/{version}.0.0.0 Safari/537.36"),
        "Chrome Mobile" => format!("{webkit} Chrome/{version}.0.0.0 Mobile Safari/537.36"),
        "Edge" => format!("{webkit} Chrome/{version}.0.0.0 Safari/537.36 Edg/{version}.0.0.0"),
        "Opera" => format!("{webkit} Chrome/{}.0.0.0 Safari/537.36 OPR/{version}.0.0.0", version + 16),
        "Samsung" => format!("{webkit} SamsungBrowser/{version}.0 Chrome/{}.0.0.0 Mobile Safari/537.36", version + 107),
        "Firefox" => format!("Mozilla/5.0 ({platform}; rv:{version}.0) Gecko/20100101 Firefox/{version}.0"),
        _ => format!(
            "Mozilla/5.0 ({platform}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{version}.1 {}Safari/605.1.15",
            if family == "Mobile Safari" { "Mobile/15E148 " } else { "" }
        ),
    }
}

/// One person.
pub struct Person<'b> {
    /// Who.
    pub number: usize,
    /// With what.
    pub browser: &'b Browser,
    /// `Accept-Language`.
    pub language: &'static str,
    /// Width of the screen.
    pub width: u32,
    /// From where.
    pub address: String,
}

/// Person `number`. Two of them share an address, as in a household.
pub fn person(number: usize, browsers: &[Browser]) -> Person<'_> {
    let mut random = Random::new(0x9e0_91e ^ (number as u64) << 20);
    let browser = &browsers[random.zipf(browsers.len())];
    let (language, width) = (LANGUAGES[random.zipf(LANGUAGES.len())], WIDTHS[random.zipf(WIDTHS.len())]);
    Person { number, browser, language, width, address: address(number as u64 / 2) }
}

/// Address `number`: each is another one, those that follow one another lie far apart, and of any five million in a row each
/// is in another network: the collector cuts the last part off.
pub fn address(number: u64) -> String {
    // 11 to 90 are networks of the public internet, none of them loopback or private.
    const ALL: u64 = 80 * 256 * 256 * 250;
    // A prime that does not divide the number of all.
    let at = number % ALL * 982_451_653 % ALL;
    format!("{}.{}.{}.{}", 11 + at % 80, at / 80 % 256, at / (80 * 256) % 256, 1 + at / (80 * 256 * 256))
}

impl Person<'_> {
    /// The headers behind `Host`: what this browser sends, and what the proxy in front of the collector adds. 16 to 24.
    pub fn headers(&self, site: &str, random: &mut Random) -> String {
        let Self { browser, language, address, .. } = self;
        let mut lines = format!(
            "connection: keep-alive\r\nuser-agent: {}\r\naccept: */*\r\norigin: https://{site}.example\r\n\
             sec-fetch-site: cross-site\r\nsec-fetch-mode: cors\r\nsec-fetch-dest: empty\r\n\
             referer: https://{site}.example/\r\naccept-encoding: gzip, deflate, br, zstd\r\n\
             accept-language: {language}\r\nx-forwarded-for: {address}\r\nx-forwarded-proto: https\r\n\
             x-real-ip: {address}\r\n",
            browser.agent
        );
        if !matches!(browser.family, "Firefox" | "Safari" | "Mobile Safari") {
            let version = browser.version;
            let _ = write!(
                lines,
                "sec-ch-ua: \"Chromium\";v=\"{version}\", \"Not_A Brand\";v=\"99\"\r\nsec-ch-ua-mobile: ?{}\r\n\
                 sec-ch-ua-platform: \"Windows\"\r\n",
                u8::from(browser.is_mobile)
            );
        }
        let id = random.next();
        for (name, value) in [
            ("priority", "u=4, i".to_owned()),
            ("cache-control", "no-cache".to_owned()),
            ("pragma", "no-cache".to_owned()),
            ("x-request-id", format!("{id:016x}{id:016x}")),
            ("via", "1.1 edge".to_owned()),
            ("x-forwarded-host", format!("stats.{site}.example")),
        ] {
            if random.chance(0.6) {
                let _ = write!(lines, "{name}: {value}\r\n");
            }
        }
        lines
    }
}
