//! Which values belong to which: a page to its sections, a region to its country, a version to its family. Read from
//! the values as `ingest` writes them. Pure; called by `lines`.

use crate::clickhouse::Pick;
use crate::model::Dimension;

/// Versions of Windows that are words.
const WINDOWS: [&str; 5] = ["XP", "Vista", "ME", "NT", "RT"];

/// Whether a value of `dimension` belongs to one of the coarser values that are picked.
pub(super) fn belongs(dimension: Dimension, value: &str, coarser: &Pick) -> bool {
    match dimension {
        Dimension::Page => sections(value).any(|section| coarser.holds(section)),
        Dimension::Region | Dimension::City => value.split_once('-').is_some_and(|(country, _)| coarser.holds(country)),
        Dimension::BrowserVersion | Dimension::OsVersion => coarser.holds(family(value)),
        _ => false,
    }
}

/// The sections of a path: its first, and its first two, segments.
pub(super) fn sections(path: &str) -> impl Iterator<Item = &str> {
    let end = |from: usize| path[from..].find('/').map_or(path.len(), |length| from + length);
    let first = path.strip_prefix('/').filter(|rest| !rest.is_empty()).map(|_| end(1));
    let second = first.filter(|first| path.len() > first + 1).map(|first| end(first + 1));
    first.into_iter().chain(second).map(move |end| &path[..end])
}

/// `Firefox` of `Firefox 128`, `Windows` of `Windows XP`; a name without a version is its own family.
fn family(version: &str) -> &str {
    let Some((name, last)) = version.rsplit_once(' ') else {
        return version;
    };
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_word = name == "Windows" && WINDOWS.contains(&last);
    if is_number || is_word { name } else { version }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_those_that_are_counted() {
        for path in ["/", "", "no path", "/blog", "/blog/", "/blog/news", "/blög/news/today", "//x"] {
            let counted: Vec<&str> = crate::ingest::enrich::section::of(path).collect();
            assert_eq!(sections(path).collect::<Vec<_>>(), counted, "{path}");
        }
    }

    #[test]
    fn versions_have_a_family() {
        let families = ["Firefox 128", "Mobile Safari 17.4", "Windows XP", "Windows Phone", "Windows Phone 8", "macOS"]
            .map(family);
        assert_eq!(families, ["Firefox", "Mobile Safari", "Windows", "Windows Phone", "Windows Phone", "macOS"]);
    }

    #[test]
    fn places_belong_to_a_country() {
        let germany = Pick::Is(vec!["DE".to_owned()]);
        let held = ["DE-Bavaria", "DE-Bavaria/Munich", "DK-Bornholm", "(more)"]
            .map(|value| belongs(Dimension::City, value, &germany));
        assert_eq!(held, [true, true, false, false]);
    }
}
