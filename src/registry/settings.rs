//! Rules about what a site keeps and shows. Called by `draft` with what somebody wants changed; writes nothing.

use super::Refusal;
use super::draft::distinct;
use super::goals::is_pattern;
use super::record::SiteRecord;
use crate::model::{Dimension, TRACKED_PROPERTIES};

/// Property keys a site can filter by, and those whose distribution it can keep: each makes rows every day.
const KEYS: usize = 20;
/// Patterns of pages a site can exclude: every event is held against each.
const PATTERNS: usize = 50;
/// Longest property key, in bytes, as events carry it.
const KEY_BYTES: usize = 32;

/// What to change; `None` keeps what is there.
pub(super) struct Settings {
    pub(super) strict: Option<bool>,
    pub(super) retention_months: Option<u16>,
    pub(super) crossings: Option<Option<Vec<String>>>,
    pub(super) filter_properties: Option<Vec<String>>,
    pub(super) numbers: Option<Vec<String>>,
    pub(super) excluded_paths: Option<Vec<String>>,
}

/// Checks and applies them.
pub(super) fn apply(site: &mut SiteRecord, change: Settings) -> Result<(), Refusal> {
    if let Some(strict) = change.strict {
        site.strict = strict;
    }
    if let Some(months) = change.retention_months {
        if !(1..=120).contains(&months) {
            return Err(Refusal::BadSetting("counts are kept for 1 to 120 months; give a number in between"));
        }
        site.retention_months = months;
    }
    if let Some(crossings) = change.crossings {
        site.crossings = crossings.map(|codes| chosen(&codes)).transpose()?;
    }
    let renames = change.filter_properties.is_some() || change.numbers.is_some();
    if let Some(given) = change.filter_properties {
        site.filter_properties = keys(given)?;
    }
    if let Some(given) = change.numbers {
        let numbers = keys(given)?;
        let is_wanted = |key: &str| site.goals.iter().any(|goal| goal.property_key() == Some(key));
        // Of a number only its size is counted: the goal would not be reached any more.
        if numbers.iter().any(|key| is_wanted(key)) {
            return Err(Refusal::BadSetting(
                "a goal of the site asks for a value of this property; remove the goal first, or do not list the key \
                 among the numbers",
            ));
        }
        site.numbers = numbers;
    }
    if renames && site.numbers.iter().any(|key| site.filter_properties.contains(key)) {
        return Err(Refusal::BadSetting(
            "a property is among the numbers and among those filtered by: of a number only a bucket is kept, so that \
             there are no values to filter by; take it out of one of the lists",
        ));
    }
    if let Some(given) = change.excluded_paths {
        site.excluded_paths = patterns(given)?;
    }
    Ok(())
}

/// What differs from a plain site, for the audit list.
pub(super) fn describe(site: &SiteRecord) -> String {
    let mut told = String::new();
    if site.strict {
        told.push_str("; strict");
    }
    if site.retention_months != crate::model::RETENTION_MONTHS {
        told.push_str(&format!("; kept: {} months", site.retention_months));
    }
    if let Some(codes) = &site.crossings {
        let codes = if codes.is_empty() { "none".to_owned() } else { codes.join(" ") };
        told.push_str(&format!("; crossings: {codes}"));
    }
    if site.filter_properties != TRACKED_PROPERTIES {
        let keys = &site.filter_properties;
        let keys = if keys.is_empty() { "none".to_owned() } else { keys.join(" ") };
        told.push_str(&format!("; filter properties: {keys}"));
    }
    let lists = [("numbers", &site.numbers), ("not counted", &site.excluded_paths)];
    for (title, items) in lists {
        if !items.is_empty() {
            told.push_str(&format!("; {title}: {}", items.join(" ")));
        }
    }
    told
}

/// Codes of filterable dimensions, each once, in one order.
fn chosen(codes: &[String]) -> Result<Vec<String>, Refusal> {
    let filterable: Vec<&str> =
        Dimension::ALL.iter().filter(|known| known.filterable()).map(|known| known.code()).collect();
    if codes.iter().any(|code| !filterable.contains(&code.as_str())) {
        return Err(Refusal::BadSetting(
            "crossings are kept for page, event, source, section, channel, utm_campaign, country, browser, os, device, \
             prop and goal; name some of them, all or none",
        ));
    }
    let asked = |known: &&str| codes.iter().any(|code| code == known);
    Ok(filterable.into_iter().filter(asked).map(str::to_owned).collect())
}

fn patterns(given: Vec<String>) -> Result<Vec<String>, Refusal> {
    let kept = distinct(given);
    if kept.len() > PATTERNS {
        return Err(Refusal::BadSetting("at most 50 patterns of pages can be excluded; name fewer"));
    }
    if kept.iter().any(|pattern| !is_pattern(pattern)) {
        return Err(Refusal::BadSetting(
            "a pattern of pages has at most 500 characters and begins with / or *; * is any text without a slash, ** any text",
        ));
    }
    Ok(kept)
}

fn keys(given: Vec<String>) -> Result<Vec<String>, Refusal> {
    let kept = distinct(given);
    if kept.len() > KEYS {
        return Err(Refusal::BadSetting("at most 20 property keys can be listed; name fewer"));
    }
    let is_key = |key: &str| {
        let length = (1..=KEY_BYTES).contains(&key.len());
        length && key.trim() == key && !key.contains('=') && !key.contains(char::is_control)
    };
    if kept.iter().any(|key| !is_key(key)) {
        return Err(Refusal::BadSetting("a property key has 1 to 32 bytes, without = and control characters"));
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_refusal_names_every_filterable_dimension() {
        let Err(Refusal::BadSetting(words)) = chosen(&["colour".to_owned()]) else {
            panic!("a colour is no dimension");
        };
        for known in Dimension::ALL.into_iter().filter(|known| known.filterable()) {
            assert!(words.contains(known.code()), "{}", known.code());
        }
    }

    #[test]
    fn codes_are_kept_once_in_one_order() {
        let given = ["device", "page", "device"].map(str::to_owned);
        assert_eq!(chosen(&given).expect("known"), ["page", "device"]);
        assert_eq!(chosen(&[]).expect("none"), [""; 0]);
    }

    #[test]
    fn patterns_are_checked() {
        let given = ["/admin/**", "*.json", "/admin/**"].map(str::to_owned).to_vec();
        assert_eq!(patterns(given).expect("patterns"), ["/admin/**", "*.json"]);
        let long = format!("/{}", "x".repeat(500));
        for bad in ["", "admin", "/a\n", long.as_str()] {
            let refused = patterns(vec![bad.to_owned()]).map_err(|refusal| refusal.code());
            assert_eq!(refused, Err("bad_setting"), "{bad:?}");
        }
        assert!(patterns((0..51).map(|number| format!("/{number}")).collect()).is_err());
    }

    #[test]
    fn keys_are_checked() {
        let long = "x".repeat(33);
        for bad in ["", " a", "a=b", "a\n", long.as_str()] {
            assert_eq!(keys(vec![bad.to_owned()]).map_err(|refusal| refusal.code()), Err("bad_setting"), "{bad:?}");
        }
        let many: Vec<String> = (0..21).map(|number| format!("k{number}")).collect();
        assert!(keys(many.clone()).is_err());
        assert_eq!(keys(many[..20].to_vec()).map(|kept| kept.len()).ok(), Some(20));
    }
}
