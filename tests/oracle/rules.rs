//! What the owner of the counted site has set up, and which pairs of dimensions are kept: the sentences of the design,
//! written down a second time.

use super::fact::{
    BROWSER, BROWSER_VERSION, CHANNEL, CITY, COHORT, COUNTRY, DEVICE, Dim, ENTRY, EVENT, EXIT, FUNNEL, Fact, GOAL,
    Kind, NEXT, OS, OS_VERSION, PAGE, PROP, REFERRER, REGION, SECOND, SECTION, SOURCE, THIRD, TOTAL, UTM,
};

/// What reaches a goal.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// A view of a page that matches.
    Page(&'static str),
    /// A feature.
    Feature(&'static str),
    /// A feature with a property `key=value`.
    FeatureWith(&'static str, &'static str),
}

/// What the owner has set up.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Goals by name.
    pub goals: Vec<(&'static str, Wanted)>,
    /// Funnels: id and names of goals.
    pub funnels: Vec<(&'static str, Vec<&'static str>)>,
    /// Property keys that reports can be filtered by.
    pub filter_properties: Vec<&'static str>,
}

/// Dimensions a report can be filtered by.
pub const FILTERABLE: [Dim; 12] =
    [PAGE, SECTION, SOURCE, CHANNEL, COUNTRY, DEVICE, BROWSER, OS, UTM[2], EVENT, GOAL, PROP];
/// Dimensions of where a visit came from: the visit's first event decides them.
pub const ORIGIN: [Dim; 8] = [SOURCE, CHANNEL, REFERRER, UTM[0], UTM[1], UTM[2], UTM[3], UTM[4]];
/// Dimensions in whose cells a visit counts where the value first appears.
pub const SEEN_IN_VISIT: [Dim; 5] = [PAGE, SECTION, EVENT, GOAL, PROP];
/// Dimensions whose hours can be read.
pub const HOURLY: [Dim; 1] = [TOTAL];

impl Rules {
    /// Names of the goals an event reaches.
    pub fn goals_of(&self, fact: &Fact) -> Vec<&'static str> {
        self.goals.iter().filter(|(_, wanted)| reaches(fact, wanted)).map(|(name, _)| *name).collect()
    }

    /// Whether the crossing of two attributes is kept.
    pub fn keeps(&self, one: (Dim, &str), other: (Dim, &str)) -> bool {
        crosses(one.0, other.0) && self.takes_part(one) && self.takes_part(other)
    }

    fn takes_part(&self, (dimension, value): (Dim, &str)) -> bool {
        match dimension {
            PROP => self.filter_properties.iter().any(|key| value.split('=').next() == Some(key)),
            EVENT => value != "pageview",
            _ => true,
        }
    }
}

fn reaches(fact: &Fact, wanted: &Wanted) -> bool {
    let named = |name: &str| fact.kind == Kind::Feature && fact.value(EVENT) == Some(name);
    match wanted {
        Wanted::Page(pattern) => {
            fact.kind == Kind::Pageview && fact.value(PAGE).is_some_and(|page| matches(pattern, page))
        }
        Wanted::Feature(name) => named(name),
        Wanted::FeatureWith(name, property) => {
            named(name) && fact.attributes.iter().any(|(of, value)| *of == PROP && value == property)
        }
    }
}

/// `*` stands for any text without a slash, `**` for any text.
fn matches(pattern: &str, path: &str) -> bool {
    if let Some(rest) = pattern.strip_prefix("**") {
        return (0..=path.len()).any(|at| path.is_char_boundary(at) && matches(rest, &path[at..]));
    }
    if let Some(rest) = pattern.strip_prefix('*') {
        let end = path.find('/').unwrap_or(path.len());
        return (0..=end).any(|at| path.is_char_boundary(at) && matches(rest, &path[at..]));
    }
    match (pattern.chars().next(), path.chars().next()) {
        (None, None) => true,
        (Some(a), Some(b)) if a == b => matches(&pattern[a.len_utf8()..], &path[b.len_utf8()..]),
        _ => false,
    }
}

/// Whether crossings of two dimensions are kept at all.
pub fn crosses(one: Dim, other: Dim) -> bool {
    let steps = [NEXT, SECOND, THIRD];
    if steps.contains(&one) || steps.contains(&other) {
        let journeys = [(PAGE, NEXT), (ENTRY, SECOND), (SECOND, THIRD)];
        return journeys.contains(&(one, other)) || journeys.contains(&(other, one));
    }
    // Of exit pages nobody can say how many visitors stand behind a crossing.
    let alone = [TOTAL, FUNNEL, COHORT, EXIT];
    if one == other || alone.contains(&one) || alone.contains(&other) {
        return false;
    }
    let follows = [&[PAGE, SECTION][..], &[COUNTRY, REGION, CITY], &[BROWSER, BROWSER_VERSION], &[OS, OS_VERSION]];
    let follow = follows.iter().any(|family| family.contains(&one) && family.contains(&other));
    !follow && (FILTERABLE.contains(&one) || FILTERABLE.contains(&other))
}
