//! Tests of the rules.

mod draws;
mod sources;

use proptest::prelude::*;

use self::draws::{PAGES, crate_sections, draws, events};
use super::brute::{Check, World};
use super::*;
use crate::model::SiteId;

const PAIRS: [[Family; 2]; 9] = [
    [Family::Sources, Family::Sources],
    [Family::Pages, Family::Places],
    [Family::Pages, Family::Sources],
    [Family::Pages, Family::Browsers],
    [Family::Sources, Family::Places],
    [Family::Pages, Family::Events],
    [Family::Places, Family::Events],
    [Family::Browsers, Family::Events],
    [Family::Sources, Family::Events],
];

/// The promise of the module's documentation, for one pair of families.
fn hold(world: &World, families: [Family; 2], k: u32, strict: bool) -> Result<(), TestCaseError> {
    let shown = world.shown(k, strict);
    for (pair, set) in &world.crossings {
        prop_assert!(!shown.crossings[pair] || world.visitors(*set) >= u64::from(k), "{pair:?} is small");
    }
    let mut check = Check::new(world, &shown, (k, strict), families.map(dimensions_of));
    for group in check.groups() {
        let left: Vec<u64> =
            check.left_overs(&group).into_iter().filter(|left| *left != 0).map(|left| world.visitors(left)).collect();
        prop_assert!(left.is_empty(), "{group:?} leaves {left:?} visitors, k = {k}");
    }
    // Of one family with itself, rows and columns are the same groups at other levels: nothing is promised of two at once.
    let combined = if families[0] == families[1] { Vec::new() } else { check.combined() };
    prop_assert!(combined.is_empty(), "rows less columns: {combined:?}, k = {k}");
    Ok(())
}

proptest! {
    #[test]
    fn no_difference_of_published_crossings_is_a_few_people(
        draws in draws(), k in 2_u32..=6, pair in 0..PAIRS.len(), cap in prop_oneof![Just(0), any::<u32>().prop_map(|a| a & a.rotate_left(7))],
        strict: bool,
    ) {
        let families = PAIRS[pair];
        let [one, other] = families.map(dimensions_of);
        hold(&World::of(events(&draws, cap), one, other), families, k, strict)?;
    }
}

#[test]
fn sections_are_those_of_the_events() {
    for path in PAGES.into_iter().chain(["", "/a/", "/a//b", "//", "/ä/ö/ü", "no/path"]) {
        let mine: Vec<&str> = tree::sections(path).into_iter().flatten().collect();
        assert_eq!(mine, crate_sections(path), "{path}");
    }
}

#[test]
fn every_pair_that_is_kept_is_judged() {
    let site = Site::new("s".parse::<SiteId>().expect("valid"), jiff::tz::TimeZone::UTC);
    let pairs = family_pairs(&site);
    for one in Dimension::ALL {
        for other in Dimension::ALL.into_iter().filter(|other| one < *other) {
            let mut families = [one.family(), other.family()];
            families.sort();
            assert!(!site.crossings.keeps(one, other) || pairs.contains(&families), "{one:?} {other:?}");
        }
    }
    assert!(pairs.contains(&[Family::Sources, Family::Sources]));
}

/// Two attributes, visitors, events.
type Pair<'t> = ([(Dimension, &'t str); 2], u64, i64);

/// Cells and crossings as `(dimension, value, visitors, events)`.
fn table_of(
    texts: &mut Vec<Box<str>>,
    cells: &[(Dimension, &str, u64, i64)],
    crossings: &[Pair<'_>],
) -> (Vec<CellEntry>, Vec<CrossingEntry>) {
    let mut text = |value: &str| {
        let at = texts.iter().position(|known| **known == *value).unwrap_or_else(|| {
            texts.push(value.into());
            texts.len() - 1
        });
        at as u32
    };
    let cell = |(dimension, value, visitors, events): &(Dimension, &str, u64, i64)| CellEntry {
        dimension: *dimension,
        value: text(value),
        visitors: *visitors,
        pageviews: *events,
        events: *events,
        visits: *events,
    };
    let cells = cells.iter().map(cell).collect();
    let crossing = |([a, b], visitors, events): &([(Dimension, &str); 2], u64, i64)| CrossingEntry {
        dimensions: [a.0, b.0],
        values: [text(a.1), text(b.1)],
        visitors: *visitors,
        pageviews: *events,
        events: *events,
        visits: *events,
    };
    (cells, crossings.iter().map(crossing).collect())
}

fn judge(cells: &[(Dimension, &str, u64, i64)], crossings: &[Pair<'_>], strict: bool) -> (Vec<bool>, Vec<bool>) {
    let mut texts = Vec::new();
    let (cells, crossings) = table_of(&mut texts, cells, crossings);
    let table = PairTable { texts: &texts, cells: &cells, crossings: &crossings, ties: &[], strict };
    (folded_cells(&table, 5), folded_crossings(&table, 5))
}

#[test]
fn the_smallest_shown_one_hides_a_small_one_in_its_row_and_in_its_column() {
    use Dimension::{Country, Page, Total};
    let cells = [
        (Total, "", 60, 60),
        (Page, "/a", 30, 30),
        (Page, "/b", 30, 30),
        (Country, "AT", 12, 12),
        (Country, "DE", 22, 22),
        (Country, "FR", 26, 26),
    ];
    let crossings = [
        ([(Page, "/a"), (Country, "AT")], 2, 2),
        ([(Page, "/a"), (Country, "DE")], 12, 12),
        ([(Page, "/a"), (Country, "FR")], 16, 16),
        ([(Page, "/b"), (Country, "AT")], 10, 10),
        ([(Page, "/b"), (Country, "DE")], 10, 10),
        ([(Page, "/b"), (Country, "FR")], 10, 10),
    ];
    let (cells, crossings) = judge(&cells, &crossings, false);
    // Row /a: DE hides AT. Column AT: /b hides /a. Row /b: DE hides that one, which would be all that is folded.
    assert_eq!((cells, crossings), (vec![false; 6], vec![true, true, false, true, true, false]));
}

#[test]
fn a_line_with_one_folded_part_does_not_publish_it() {
    use Dimension::{Browser, Page, Total};
    let cells = [
        (Total, "", 75, 75),
        (Page, "/a", 29, 29),
        (Page, "/b", 46, 46),
        (Browser, "Firefox", 8, 8),
        (Browser, "Chrome", 27, 27),
        (Browser, "Edge", 40, 40),
    ];
    let crossings = [
        ([(Page, "/a"), (Browser, "Firefox")], 2, 2),
        ([(Page, "/a"), (Browser, "Chrome")], 7, 7),
        ([(Page, "/a"), (Browser, "Edge")], 20, 20),
        ([(Page, "/b"), (Browser, "Firefox")], 6, 6),
        ([(Page, "/b"), (Browser, "Chrome")], 20, 20),
        ([(Page, "/b"), (Browser, "Edge")], 20, 20),
    ];
    // Firefox of /b hides Firefox of /a in its column; were it alone in its row, the row would tell it.
    let shown: Vec<bool> = judge(&cells, &crossings, false).1.into_iter().map(|folded| !folded).collect();
    assert_eq!(shown, [false, false, true, false, false, true]);
}

#[test]
fn a_rest_without_a_value_is_hidden_like_a_small_one_and_none_needs_nothing() {
    use Dimension::{Country, Page, Total};
    let cells =
        |events| [(Total, "", 31, 31), (Page, "/a", 31, events), (Country, "DE", 14, 14), (Country, "FR", 16, 16)];
    let crossings = [([(Page, "/a"), (Country, "DE")], 14, 14), ([(Page, "/a"), (Country, "FR")], 16, 16)];
    let fold = |events| judge(&cells(events), &crossings, false).1;
    assert_eq!((fold(31), fold(30)), (vec![true, false], vec![false, false]));
}

#[test]
fn exit_pages_are_nothing_for_those_who_may_see_no_small_cell() {
    use Dimension::{ExitPage, Total};
    let cells = [(Total, "", 99, 99), (ExitPage, "/a", 60, 60), (ExitPage, "/b", 39, 39)];
    let fold = |strict| judge(&cells, &[], strict).0;
    assert_eq!((fold(false), fold(true)), (vec![false; 3], vec![false, true, true]));
}

#[test]
fn steps_of_funnels_of_strict_sites_lie_k_visitors_apart() {
    use Dimension::{Funnel, Total};
    let steps = [("f=1", 20), ("f=2", 18), ("f=10", 4), ("f=3", 15), ("g=1", 18)];
    let mut cells = vec![(Total, "", 20, 20)];
    cells.extend(steps.map(|(step, visitors)| (Funnel, step, visitors, visitors as i64)));
    let fold = |strict| judge(&cells, &[], strict).0;
    assert_eq!((fold(true), fold(false)), (vec![false, false, true, true, false, false], vec![false; 6]));
}

#[test]
fn nothing_of_a_folded_or_overflowed_section_is_shown() {
    use Dimension::{Country, Page, Section, Total};
    let cells = [
        (Total, "", 40, 40),
        (Section, "/a", 20, 20),
        (Section, "(more)", 20, 20),
        (Page, "/a/x", 20, 20),
        (Country, "DE", 30, 30),
        (Country, "FR", 10, 10),
    ];
    let crossings = [
        ([(Section, "/a"), (Country, "DE")], 10, 10),
        ([(Section, "/a"), (Country, "FR")], 10, 10),
        ([(Section, "(more)"), (Country, "DE")], 20, 20),
        ([(Page, "/a/x"), (Country, "DE")], 10, 10),
        ([(Page, "/a/x"), (Country, "FR")], 10, 10),
    ];
    assert_eq!(judge(&cells, &crossings, false).1, [false, false, true, false, false]);
}

proptest! {
    #[test]
    fn the_order_of_the_input_changes_nothing(draws in draws(), turn in 0..500_usize) {
        let [one, other] = PAIRS[1].map(dimensions_of);
        let world = World::of(events(&draws, 0), one, other);
        let (mut texts, mut cells, mut crossings) = (Vec::new(), Vec::new(), Vec::new());
        for ((dimension, value), set) in &world.cells {
            cells.push((*dimension, value.as_str(), world.visitors(*set), i64::from(set.count_ones())));
        }
        for ([a, b], set) in &world.crossings {
            let pair = [(a.0, a.1.as_str()), (b.0, b.1.as_str())];
            crossings.push((pair, world.visitors(*set), i64::from(set.count_ones())));
        }
        let straight = judge(&cells, &crossings, false).1;
        let turn = turn % crossings.len().max(1);
        crossings.rotate_left(turn);
        cells.reverse();
        let (cells, crossings) = table_of(&mut texts, &cells, &crossings);
        let table = PairTable { texts: &texts, cells: &cells, crossings: &crossings, ties: &[], strict: false };
        let mut turned = folded_crossings(&table, 5);
        turned.rotate_right(turn);
        prop_assert_eq!(straight, turned);
    }
}

#[test]
fn a_finer_level_does_not_tell_what_is_folded_of_a_coarser_one() {
    use Dimension::{Browser, BrowserVersion, Page, Total};
    let cells = [
        (Total, "", 24, 24),
        (Page, "/a", 13, 13),
        (Page, "/b", 11, 11),
        (Browser, "Firefox", 9, 9),
        (Browser, "Chrome", 15, 15),
        (BrowserVersion, "Firefox 128", 6, 6),
        (BrowserVersion, "(more)", 15, 15),
    ];
    let crossings = [
        ([(Page, "/a"), (Browser, "Firefox")], 7, 7),
        ([(Page, "/a"), (Browser, "Chrome")], 6, 6),
        ([(Page, "/a"), (BrowserVersion, "Firefox 128")], 7, 7),
        ([(Page, "/a"), (BrowserVersion, "(more)")], 6, 6),
        ([(Page, "/b"), (Browser, "Firefox")], 2, 2),
        ([(Page, "/b"), (Browser, "Chrome")], 9, 9),
    ];
    // Were `(more)` of the versions shown, the page without it would be all of Firefox there.
    assert_eq!(judge(&cells, &crossings, false).1, [true; 6]);
}
