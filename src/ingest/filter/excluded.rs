//! Pages their owner does not want counted. Called by `ingest` with a cleaned path.

/// Patterns of paths. `*` stands for any run of signs, slashes among them; a pattern covers the whole path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExcludedPaths {
    patterns: Vec<Box<str>>,
}

impl ExcludedPaths {
    /// From patterns like `/admin/*` or `/drafts`.
    pub fn new<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Self {
        Self { patterns: patterns.into_iter().map(Into::into).collect() }
    }

    /// Whether a page is not to be counted.
    pub fn contains(&self, path: &str) -> bool {
        self.patterns.iter().any(|pattern| covers(pattern, path))
    }
}

/// Greedy matching of the parts between the stars: linear, as no star needs to be tried twice.
fn covers(pattern: &str, path: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == path;
    };
    let Some(mut path) = path.strip_prefix(first) else {
        return false;
    };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*') {
        match path.find(part) {
            Some(at) => path = &path[at + part.len()..],
            None => return false,
        }
    }
    path.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let table = [
            ("/admin", "/admin", true),
            ("/admin", "/admin/x", false),
            ("/admin/*", "/admin/x/y", true),
            ("/admin/*", "/admin", false),
            ("/admin*", "/admin", true),
            ("*/edit", "/a/b/edit", true),
            ("/*/draft/*/x", "/a/draft/b/x", true),
            ("/*/draft/*/x", "/a/draft/x", false),
            ("/a*a", "/a", false),
            ("*", "", true),
            ("", "", true),
        ];
        for (pattern, path, verdict) in table {
            assert_eq!(ExcludedPaths::new([pattern]).contains(path), verdict, "{pattern} {path}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_pattern_without_stars_covers_itself_alone(path in "[a-c/é]{0,6}", other in "[a-c/é]{0,6}") {
            proptest::prop_assert_eq!(covers(&path, &other), path == other);
            proptest::prop_assert!(covers("*", &path));
            let parts = format!("*{path}*");
            proptest::prop_assert_eq!(covers(&parts, &other), other.contains(&path));
        }
    }
}
