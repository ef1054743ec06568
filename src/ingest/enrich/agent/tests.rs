//! Tests of [`super`].

use std::sync::LazyLock;

use super::*;

static RULES: LazyLock<Arc<AgentRules>> = LazyLock::new(|| Arc::new(AgentRules::load().expect("the committed rules")));

/// Browser, browser with version, system, system with version, device; or the verdict.
fn summary(verdict: &AgentVerdict) -> String {
    let Some(agent) = verdict.agent() else {
        return format!("{verdict:?}");
    };
    [&*agent.browser, &agent.browser_version, &agent.os, &agent.os_version, agent.device.as_str()].join(" | ")
}

const PEOPLE: [(&str, &str); 27] = [
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36",
        "Chrome | Chrome 128 | Windows | Windows 10 | Desktop",
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36 Edg/128.0.2739.42",
        "Edge | Edge 128 | Windows | Windows 10 | Desktop",
    ),
    (
        "Mozilla/5.0 (Windows NT 6.1; Win64; x64; rv:115.0) Gecko/20100101 Firefox/115.0",
        "Firefox | Firefox 115 | Windows | Windows 7 | Desktop",
    ),
    (
        "Mozilla/5.0 (Windows NT 6.3; Trident/7.0; rv:11.0) like Gecko",
        "Internet Explorer | Internet Explorer 11 | Windows | Windows 8.1 | Desktop",
    ),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
        "Safari | Safari 17 | macOS | macOS | Desktop",
    ),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_13_6) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0.0.0 Safari/537.36",
        "Chrome | Chrome 116 | macOS | macOS 10.13 | Desktop",
    ),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:129.0) Gecko/20100101 Firefox/129.0",
        "Firefox | Firefox 129 | macOS | macOS | Desktop",
    ),
    (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/127.0.0.0 Safari/537.36 OPR/113.0.0.0",
        "Opera | Opera 113 | GNU/Linux | GNU/Linux | Desktop",
    ),
    (
        "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:129.0) Gecko/20100101 Firefox/129.0",
        "Firefox | Firefox 129 | GNU/Linux | GNU/Linux | Desktop",
    ),
    (
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36",
        "Chrome | Chrome 128 | Chrome OS | Chrome OS | Desktop",
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
        "Safari | Safari 17 | iOS | iOS 17 | Mobile",
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1",
        "Safari | Safari 26 | iOS | iOS 26 | Mobile",
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/127.0.6533.107 Mobile/15E148 Safari/604.1",
        "Chrome | Chrome 127 | iOS | iOS 17 | Mobile",
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/129.0 Mobile/15E148 Safari/605.1.15",
        "Firefox | Firefox 129 | iOS | iOS 17 | Mobile",
    ),
    (
        "Mozilla/5.0 (iPad; CPU OS 16_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1",
        "Safari | Safari 16 | iOS | iOS 16 | Tablet",
    ),
    (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Mobile Safari/537.36",
        "Chrome | Chrome 128 | Android | Android | Mobile",
    ),
    (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36",
        "Chrome | Chrome 128 | Android | Android | Tablet",
    ),
    (
        "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
        "Samsung Internet | Samsung Internet 25 | Android | Android 14 | Mobile",
    ),
    (
        "Mozilla/5.0 (Android 14; Mobile; rv:129.0) Gecko/129.0 Firefox/129.0",
        "Firefox | Firefox 129 | Android | Android 14 | Mobile",
    ),
    (
        "Mozilla/5.0 (Linux; Android 13; CUBOT X50) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
        "Chrome | Chrome 120 | Android | Android 13 | Mobile",
    ),
    (
        "Mozilla/5.0 (Linux; Android 13; Pixel 7 Build/TQ3A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/127.0.6533.103 Mobile Safari/537.36",
        "Android WebView | Android WebView 127 | Android | Android 13 | Mobile",
    ),
    (
        "Mozilla/5.0 (Linux; Android 9; AFTKA) AppleWebKit/537.36 (KHTML, like Gecko) Silk/112.5.1 like Chrome/112.0.5615.213 Safari/537.36",
        "Silk | Silk 112 | Android | Android 9 | TV",
    ),
    (
        "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0.4606.128 Safari/537.36 WebAppManager",
        "Chrome | Chrome 94 | webOS | webOS | TV",
    ),
    (
        "Mozilla/5.0 (PlayStation; PlayStation 5/6.50) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.0 Safari/605.1.15",
        "Safari | Safari 13 |  |  | Console",
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/99.0.0.0 Safari/537.36 Edge/44.18363.8131",
        "Edge | Edge 44 | Windows | Windows 10 | Console",
    ),
    ("MyApp/3 CFNetwork/1498.700.2 Darwin/23.6.0", "MyApp | MyApp 3 | iOS | iOS 17 | Mobile"),
    ("Dalvik/2.1.0 (Linux; U; Android 13; Pixel 7 Build/TQ3A.230901.001)", " |  | Android | Android 13 | Mobile"),
];

#[test]
fn people() {
    let mut reader = AgentReader::new(RULES.clone());
    for (agent, want) in PEOPLE {
        assert_eq!(summary(&reader.read(agent, 0)), want, "{agent}");
    }
}
const ROBOTS: [&str; 9] = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/128.0.0.0 Safari/537.36",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Mozilla/5.0 (compatible; MyOwnCrawler)",
    "some-new-bot/0.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome-Lighthouse",
    "Mozilla/5.0",
    "probe",
];

#[test]
fn robots_libraries_and_nobody() {
    let mut reader = AgentReader::new(RULES.clone());
    for agent in ROBOTS {
        assert_eq!(reader.read(agent, 0), AgentVerdict::Bot, "{agent}");
    }
    for agent in ["curl/8.5.0", "okhttp/4.12.0", "python-requests/2.32", "Go-http-client/2.0"] {
        assert_eq!(reader.read(agent, 0), AgentVerdict::Library, "{agent}");
    }
    assert_eq!(["", "  "].map(|agent| reader.read(agent, 0)), [AgentVerdict::Absent, AgentVerdict::Absent]);
}

#[test]
fn a_second_look_gives_the_same_answer() {
    let mut reader = AgentReader::new(RULES.clone());
    let (agent, want) = PEOPLE[0];
    let (AgentVerdict::Person(first), AgentVerdict::Person(second)) = (reader.read(agent, 0), reader.read(agent, 0))
    else {
        panic!("a browser is a person")
    };
    assert!(Arc::ptr_eq(&first, &second), "the second look parsed again");
    assert_eq!(summary(&AgentVerdict::Person(second)), want);
}

#[test]
fn beyond_the_ration_common_browsers_are_read_alike_and_nothing_is_remembered() {
    let common = |want: &str| {
        !["WebView", "Explorer", "Silk", "Windows 7", "webOS", "MyApp", "Android Browser"]
            .iter()
            .any(|word| want.contains(word))
    };
    let mut reader = AgentReader::new(RULES.clone());
    for first_look in 0..FIRST_LOOKS_PER_SECOND {
        reader.read(&format!("agent/{first_look}"), 5);
    }
    for (agent, want) in PEOPLE.iter().filter(|(_, want)| common(want)) {
        assert_eq!(summary(&reader.read(agent, 5)), *want, "{agent}");
    }
    assert_eq!(ROBOTS.map(|agent| reader.read(agent, 5)), ROBOTS.map(|_| AgentVerdict::Bot));
    let webview = PEOPLE.iter().find(|(_, want)| want.contains("WebView")).expect("one in the table");
    assert_ne!(summary(&reader.read(webview.0, 5)), webview.1);
    assert_eq!(summary(&reader.read(webview.0, 6)), webview.1);
}

#[test]
fn hints_correct_the_class() {
    let table = [
        (Device::Tablet, Some("?1"), Device::Mobile),
        (Device::Desktop, Some("?1"), Device::Mobile),
        (Device::Mobile, Some("?0"), Device::Mobile),
        (Device::Tv, Some("?1"), Device::Tv),
        (Device::Tablet, Some("nonsense"), Device::Tablet),
        (Device::Desktop, None, Device::Desktop),
    ];
    assert_eq!(table.map(|(device, hint, _)| device.hinted(hint)), table.map(|(_, _, want)| want));
}

#[test]
fn contexts_speak_the_same_words() {
    let os = |os, version| os_of_context(os, version).map(|(name, version)| format!("{name} | {version}"));
    let seen = [
        ("ios", "17.4.1"),
        ("Android", "14"),
        ("iPadOS", ""),
        ("Fuchsia", "3"),
        ("", "3"),
        ("jane@example.org", "1"),
        ("android", "99999999"),
    ];
    assert_eq!(
        seen.map(|(name, version)| os(name, version)),
        [
            Some("iOS | iOS 17".to_owned()),
            Some("Android | Android 14".to_owned()),
            Some("iOS | iOS".to_owned()),
            Some("Other | Other".to_owned()),
            None,
            Some("Other | Other".to_owned()),
            Some("Android | Android".to_owned()),
        ]
    );
    let devices = ["phone", "iPhone15,2", "iPad13,1", "Tablet", "tv", "MacBook", "SM-S918B", ""];
    assert_eq!(
        devices.map(device_of_context),
        [
            Some(Device::Mobile),
            Some(Device::Mobile),
            Some(Device::Tablet),
            Some(Device::Tablet),
            Some(Device::Tv),
            Some(Device::Desktop),
            None,
            None,
        ]
    );
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_is_read_both_ways_within_bounds(agent in "(Mozilla/5.0 )?([A-Za-z]{0,12}[/ (;][ -~é]{0,80}){0,8}") {
        let mut reader = AgentReader::new(RULES.clone());
        let cheap = tokens::agent(&agent);
        let verdict = reader.read(&agent, 0);
        for agent in [Some(&cheap), verdict.agent()].into_iter().flatten() {
            for text in [&agent.browser, &agent.browser_version, &agent.os, &agent.os_version] {
                proptest::prop_assert!(text.len() <= 64 + 8 && !text.chars().any(char::is_control));
            }
        }
    }

    #[test]
    fn any_context_is_read(os in proptest::prelude::any::<String>(), version in proptest::prelude::any::<String>()) {
        if let Some((name, versioned)) = os_of_context(&os, &version) {
            proptest::prop_assert!(versioned.starts_with(&*name) && versioned.len() <= 64 + 5);
        }
        device_of_context(&os);
    }
}
