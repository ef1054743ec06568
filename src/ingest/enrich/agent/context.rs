//! What a mobile SDK's context says about system and device, in the same words as user agents. Called by `ingest`.

use std::borrow::Cow;

use super::device::Device;

/// Family and family with major version of a context's `os` (`ios`, `Android`) and `os_version` (`17.4.1`): `iOS`, `iOS 17`.
/// A system that is not known is `Other`, without a version: what an app sends is not repeated. `None` when there is no system.
pub fn os_of_context(os: &str, version: &str) -> Option<(Cow<'static, str>, Cow<'static, str>)> {
    if os.is_empty() {
        return None;
    }
    let name = match os.trim().to_ascii_lowercase().as_str() {
        "ios" | "iphone os" | "ipados" | "iphoneos" => Cow::Borrowed("iOS"),
        "android" => Cow::Borrowed("Android"),
        "macos" | "mac os" | "mac os x" | "osx" | "darwin" => Cow::Borrowed("macOS"),
        "windows" | "win32" => Cow::Borrowed("Windows"),
        "linux" | "gnu/linux" => Cow::Borrowed("GNU/Linux"),
        "tvos" => Cow::Borrowed("tvOS"),
        "watchos" => Cow::Borrowed("watchOS"),
        "visionos" => Cow::Borrowed("visionOS"),
        "harmonyos" => Cow::Borrowed("HarmonyOS"),
        "tizen" => Cow::Borrowed("Tizen"),
        "chromeos" | "chrome os" => Cow::Borrowed("ChromeOS"),
        "" => return None,
        _ => return Some((Cow::Borrowed("Other"), Cow::Borrowed("Other"))),
    };
    let end = version.find(|c: char| !c.is_ascii_digit()).unwrap_or(version.len());
    let with_version = match &version[..end] {
        "" => name.clone(),
        major if major.len() > 4 => name.clone(),
        major => Cow::Owned(format!("{name} {major}")),
    };
    Some((name, with_version))
}

/// The class of a context's `device`: a class (`phone`, `tablet`) or a model (`iPhone15,2`, `iPad13,1`). `None` when neither is told.
pub fn device_of_context(device: &str) -> Option<Device> {
    if device.is_empty() {
        return None;
    }
    let device = device.trim().to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| device.contains(word));
    Some(match device.as_str() {
        _ if has(&["ipad", "tablet"]) => Device::Tablet,
        _ if has(&["watch"]) => Device::Watch,
        _ if has(&["phone", "mobile", "ipod", "handset"]) => Device::Mobile,
        "tv" => Device::Tv,
        _ if has(&["appletv", "television", "smarttv", "smart-tv"]) => Device::Tv,
        _ if has(&["desktop", "laptop", "mac", "pc"]) => Device::Desktop,
        _ if has(&["console"]) => Device::Console,
        "car" => Device::Car,
        _ => return None,
    })
}
