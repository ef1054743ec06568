//! What is published, subtracted from each other: of every group with crossings what those shown leave of it, and of every
//! crossing what finer ones leave of it, is nothing or at least k persons. Called by `exported` with all that is shown.

use std::collections::{HashMap, HashSet};

use super::compare::Difference;
use super::count::Counter;
use super::fact::{
    Attribute, BROWSER, BROWSER_VERSION, CITY, COUNTRY, Dim, EVENT, GOAL, NEXT, NUMBER, OS, OS_VERSION, PAGE, PROP,
    REGION, SECOND, SECTION, THIRD, VITAL,
};
use super::group::{Book, Group, Id};
use super::questions::K;

/// Of these an event has several, or what is counted is no event: nothing is left when they are subtracted.
const NO_PARTS: [Dim; 8] = [SECTION, GOAL, PROP, VITAL, NUMBER, NEXT, SECOND, THIRD];
/// Dimensions, coarse and fine, and what follows the coarse value in a fine one.
const LEVELS: [(Dim, Dim, &str); 6] = [
    (SECTION, PAGE, "/"),
    (SECTION, SECTION, "/"),
    (COUNTRY, REGION, "-"),
    (REGION, CITY, "/"),
    (BROWSER, BROWSER_VERSION, " "),
    (OS, OS_VERSION, " "),
];

/// Whether the fine value is one of the coarse value's.
fn lies_in((coarse, fine, mark): (Dim, Dim, &str), whole: &Attribute, part: &Attribute) -> bool {
    let rest = part.1.strip_prefix(whole.1.as_str());
    let is_finer = rest.is_some_and(|rest| rest.starts_with(mark) || (rest.is_empty() && coarse != fine));
    (whole.0, part.0) == (coarse, fine) && is_finer
}

/// A crossing, seen from one of its attributes: the other one, the group, whether it is shown.
type Part<'b> = (Id, &'b Group, bool);

/// Finds what fewer than k persons stand behind.
pub fn all(counter: &Counter, book: &Book, shown: &HashSet<(Id, Id)>) -> Vec<Difference> {
    let mut parts: HashMap<(Id, Dim), Vec<Part<'_>>> = HashMap::new();
    for (pair, group) in &book.crossings {
        for (one, other) in [*pair, (pair.1, pair.0)] {
            let part = (other, group, shown.contains(pair));
            parts.entry((one, counter.name(other).0)).or_default().push(part);
        }
    }
    let mut all_left = Vec::new();
    for ((id, dimension), parts_of) in &parts {
        let Some(cell) = book.cells.get(id) else { continue };
        let (of, by) = (counter.name(*id), *dimension);
        if !NO_PARTS.contains(&by) && ![VITAL, NUMBER, NEXT, SECOND, THIRD].contains(&of.0) {
            // Page views are crossed with nothing: the group's own stand for them.
            let views = if by == EVENT { cell.sums.pageviews } else { 0 };
            let label = format!("{} {} by {by}", of.0, of.1);
            all_left.extend(left(cell.sums.events - views, parts_of).map(|left| (label, left)));
        }
        for level in LEVELS.into_iter().filter(|level| level.0 == by) {
            let finer = parts.get(&(*id, level.1)).map_or(&[][..], Vec::as_slice);
            for (coarse, group, _) in parts_of.iter().filter(|(_, _, is_shown)| *is_shown) {
                let whole = counter.name(*coarse);
                let lie_in = finer.iter().filter(|(fine, ..)| lies_in(level, whole, counter.name(*fine)));
                let lie_in: Vec<Part<'_>> = lie_in.copied().collect();
                let label = format!("{} {} with {} {} by {}", of.0, of.1, whole.0, whole.1, level.1);
                all_left.extend(left(group.sums.events, &lie_in).map(|left| (label, left)));
            }
        }
    }
    // Where much is shown, something is hidden next to it.
    let is_idle = shown.len() > 1_000 && all_left.len() < 100;
    let idle = is_idle.then(|| differs("differences that were looked at", all_left.len()));
    // Of what came late nobody is known.
    let few = all_left.iter().filter(|(_, left)| (1..K as usize).contains(left));
    few.map(|(label, left)| differs(label, *left)).chain(idle).collect()
}

fn differs(label: &str, got: usize) -> Difference {
    let what = "persons left when what is shown is taken away".to_owned();
    let (label, expected) = (label.to_owned(), format!("none, or {K} and more"));
    Difference { question: "null".to_owned(), label, what, expected, got: got.to_string() }
}

/// How many persons are left when what is shown is taken away from a whole of so many events; nobody knows where there are
/// events of no part.
fn left(events: i64, parts: &[Part<'_>]) -> Option<usize> {
    let sum = |wanted: &dyn Fn(&Part<'_>) -> bool| -> i64 {
        parts.iter().filter(|part| wanted(part)).map(|(_, group, _)| group.sums.events).sum()
    };
    let is_any_shown = parts.iter().any(|(.., is_shown)| *is_shown);
    if !is_any_shown || sum(&|_| true) != events || sum(&|(.., is_shown)| *is_shown) == events {
        return None;
    }
    let hidden = parts.iter().filter(|(.., is_shown)| !is_shown);
    let persons: HashSet<u32> = hidden.flat_map(|(_, group, _)| group.visitors.iter().copied()).collect();
    Some(persons.len())
}

#[test]
fn what_is_left_is_found_where_it_is_few() {
    let group = |events, visitors: std::ops::Range<u32>| {
        let sums = super::group::Sums { events, ..Default::default() };
        Group { sums, visitors: visitors.collect() }
    };
    let [many, few] = [group(20, 0..9), group(3, 9..12)];
    assert_eq!(left(23, &[(0, &many, true), (1, &few, false)]), Some(3));
    assert_eq!(left(43, &[(0, &many, true), (1, &few, false), (2, &many, false)]), Some(12));
    assert_eq!(left(3, &[(1, &few, false)]), None, "nothing is shown");
    assert_eq!(left(23, &[(0, &many, true), (1, &few, true)]), None);
    assert_eq!(left(24, &[(0, &many, true), (1, &few, false)]), None, "there are events of no part");
    let [whole, part] = [(OS, "Windows".to_owned()), (OS_VERSION, "Windows 10".to_owned())];
    assert!(lies_in(LEVELS[5], &whole, &part) && !lies_in(LEVELS[5], &whole, &(OS_VERSION, "Windowsill 1".to_owned())));
}
