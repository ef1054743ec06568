//! The names people use for browsers and systems, from the families the rules and the tokens know. One place for both readings.

use super::{Agent, Device};
use crate::privacy::hygiene::clean_name;

/// What a reading found, before it is named. Empty texts are unknown.
pub struct Reading<'a> {
    /// Family of the browser.
    pub browser: &'a str,
    /// Its major version.
    pub browser_major: &'a str,
    /// Family of the system.
    pub os: &'a str,
    /// Its major version.
    pub os_major: &'a str,
    /// Its minor version.
    pub os_minor: &'a str,
    /// Device class by the text alone; `Other` when it says nothing.
    pub device: Device,
    /// The text itself.
    pub user_agent: &'a str,
}

/// Names a reading.
pub fn agent(reading: Reading<'_>) -> Agent {
    // Android's runtime fetches for apps and is no browser.
    let is_browser = !reading.user_agent.starts_with("Dalvik");
    let browser = if is_browser { browser_name(reading.browser) } else { "" };
    let os = os_name(reading.os);
    Agent {
        browser_version: joined(browser, number(reading.browser_major)),
        os_version: os_version(&reading, os),
        device: if reading.device == Device::Other { device_of_system(os) } else { reading.device },
        browser: plain(browser),
        os: plain(os),
    }
}

/// The name of a browser, empty for none.
pub fn browser_name(family: &str) -> &str {
    match family {
        "Other" => "",
        "Chrome Mobile" | "Chrome Mobile iOS" => "Chrome",
        "Chrome Mobile WebView" | "Android WebView" => "Android WebView",
        "Mobile Safari" => "Safari",
        "Mobile Safari UI/WKWebView" => "iOS WebView",
        "Firefox Mobile" | "Firefox iOS" => "Firefox",
        "Edge Mobile" => "Edge",
        "Opera Mobile" | "Opera Touch" => "Opera",
        "IE" | "IE Mobile" => "Internet Explorer",
        "DuckDuckGo Mobile" => "DuckDuckGo",
        "Android" => "Android Browser",
        "MiuiBrowser" => "MIUI Browser",
        "HuaweiBrowser" => "Huawei Browser",
        "Google" => "Google App",
        "Amazon Silk" => "Silk",
        "Brave Mobile" => "Brave",
        "Ecosia Android" | "Ecosia iOS" => "Ecosia",
        "QQ Browser Mobile" => "QQ Browser",
        "UC Browser Mobile" => "UC Browser",
        other => other,
    }
}

/// The name of a system, empty for none.
pub fn os_name(family: &str) -> &str {
    match family {
        "Other" => "",
        "Mac OS X" | "Mac OS" => "macOS",
        "Linux" | "Ubuntu" | "Debian" | "Fedora" | "Red Hat" | "SUSE" | "Mint" | "Linux Mint" | "Gentoo" | "CentOS"
        | "Arch Linux" | "Kubuntu" | "Mageia" | "Slackware" | "VRE" | "Raspbian" => "GNU/Linux",
        "ATV OS X" => "tvOS",
        "Web0S" => "webOS",
        "WatchOS" => "watchOS",
        other => other,
    }
}

/// Family and version, as far as browsers tell the truth about it.
fn os_version(reading: &Reading<'_>, os: &str) -> Box<str> {
    let (major, minor) = (reading.os_major, reading.os_minor);
    match os {
        "" => "".into(),
        // Browsers have said 10.15 on every later version too.
        "macOS" if major == "10" && (minor == "15" || minor == "16") => plain(os),
        "macOS" if major == "10" && !number(minor).is_empty() => joined(os, &format!("10.{}", number(minor))),
        "Windows" if major == "8" && minor == "1" => joined(os, "8.1"),
        "Windows" => joined(os, windows(major)),
        // Chrome says `Android 10; K` on every version.
        "Android" if reading.user_agent.contains("Android 10; K)") => plain(os),
        "iOS" => joined(os, ios_major(reading)),
        "GNU/Linux" | "Chrome OS" => plain(os),
        _ => joined(os, number(major)),
    }
}

/// Since version 26, Safari says 18.x for the system and its own version, which is the system's, beside it.
fn ios_major<'a>(reading: &Reading<'a>) -> &'a str {
    let said = number(reading.os_major);
    let own = reading.user_agent.split_once(" Version/").map_or("", |(_, rest)| rest.split('.').next().unwrap_or(""));
    let is_frozen = said == "18" && number(own).parse::<u32>().is_ok_and(|version| version >= 26);
    if is_frozen { own } else { said }
}

/// Windows has names among its versions.
fn windows(major: &str) -> &str {
    match major {
        "XP" | "Vista" | "ME" | "NT" | "RT" => major,
        _ => number(major),
    }
}

/// A version of up to four digits, else nothing: longer ones are builds, or attempts to mark somebody.
fn number(version: &str) -> &str {
    let is_number = (1..=4).contains(&version.len()) && version.bytes().all(|c| c.is_ascii_digit());
    if is_number { version } else { "" }
}

/// Rules take some families from the text itself, so names are cleaned like any text of a client.
fn plain(name: &str) -> Box<str> {
    clean_name(name).unwrap_or_default().into()
}

fn joined(name: &str, version: &str) -> Box<str> {
    match (plain(name), version) {
        (name, "") => name,
        (name, _) if name.is_empty() => name,
        (name, version) => format!("{name} {version}").into(),
    }
}

/// The class when the text has no word for it.
fn device_of_system(os: &str) -> Device {
    match os {
        "Windows" | "macOS" | "GNU/Linux" | "Chrome OS" | "FreeBSD" | "OpenBSD" | "NetBSD" | "Solaris" => {
            Device::Desktop
        }
        "iOS" | "Android" | "HarmonyOS" | "KaiOS" | "Windows Phone" | "BlackBerry OS" | "Symbian OS" => Device::Mobile,
        "tvOS" | "webOS" | "Roku" | "Chromecast" => Device::Tv,
        "watchOS" | "Wear OS" => Device::Watch,
        _ => Device::Other,
    }
}
