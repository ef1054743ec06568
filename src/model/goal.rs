//! What an owner calls a success: goals, and funnels made of them.

/// A goal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    /// Its name, unique within a site; the value of [`super::Dimension::Goal`].
    pub name: Box<str>,
    /// What reaches it.
    pub wanted: Wanted,
}

/// What reaches a goal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A view of a page that matches.
    Page(PagePattern),
    /// A feature, with a property `key=value` if one is named.
    Feature {
        /// The event's name.
        name: Box<str>,
        /// `key=value`, as [`super::Dimension::Prop`] has it.
        property: Option<Box<str>>,
    },
}

/// A path in which `*` stands for any text without a slash and `**` for any text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagePattern(pub Box<str>);

impl PagePattern {
    /// Whether `path` matches. Time grows with the product of both lengths and never faster.
    pub fn matches(&self, path: &str) -> bool {
        // Most paths are told apart before the first star.
        let Some(star) = self.0.find('*') else { return *self.0 == *path };
        let (literal, pattern) = self.0.as_bytes().split_at(star);
        path.as_bytes().strip_prefix(literal).is_some_and(|rest| matches(pattern, rest))
    }
}

fn matches(pattern: &[u8], path: &[u8]) -> bool {
    // One bit per position of the path that the pattern so far can end at.
    let mut ends = vec![false; path.len() + 1];
    let mut next = ends.clone();
    ends[0] = true;
    let mut rest = pattern;
    while let Some((first, after)) = rest.split_first() {
        let any = after.first() == Some(&b'*') && *first == b'*';
        rest = if any { &after[1..] } else { after };
        for at in 0..=path.len() {
            next[at] = match first {
                b'*' => ends[at] || (at > 0 && next[at - 1] && (any || path[at - 1] != b'/')),
                byte => at > 0 && ends[at - 1] && path[at - 1] == *byte,
            };
        }
        std::mem::swap(&mut ends, &mut next);
    }
    ends[path.len()]
}

/// Steps that follow each other within one visitor's day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Funnel {
    /// Stable id, the first part of the value of [`super::Dimension::Funnel`]; it holds no `=`.
    pub id: Box<str>,
    /// What people see.
    pub name: Box<str>,
    /// Names of goals, at least two, each once.
    pub steps: Vec<Box<str>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_text() {
        let cases = [
            ("/", "/", true),
            ("/blog/*", "/blog/a", true),
            ("/blog/*", "/blog/a/b", false),
            ("/blog/**", "/blog/a/b", true),
            ("/**/end", "/a/b/end", true),
            ("/*/x", "//x", true),
            ("/thanks", "/thanks/you", false),
            ("**", "", true),
            ("/a*", "/a", true),
            ("/a*b*", "/axbyb", true),
            ("/a*b", "/axbyc", false),
            ("/a**", "/b", false),
        ];
        for (pattern, path, expected) in cases {
            assert_eq!(PagePattern(pattern.into()).matches(path), expected, "{pattern} {path}");
        }
    }
}
