//! Whom a commit before entered is left out of sketches, and of no others.

use std::sync::Arc;

use crate::count::testing::{Bench, HOUR, Hit, site};
use crate::model::{CrossingChoice, Dimension as D, Site};

const NOON: i64 = 12 * HOUR;

fn view(minute: i64, page: &str) -> Hit {
    Hit::view(1, NOON + minute * 60, page).with(D::Country, "DE").with(D::Device, "TV").with(D::Screen, "xl")
}

/// Hashes that a commit of one event writes, in cells and in crossings.
fn written(bench: &mut Bench, hit: Hit) -> (usize, usize) {
    let window = bench.window(std::slice::from_ref(&hit));
    let folded = bench.folder.fold(&[window], crate::count::testing::MIDNIGHT + hit.at).expect("folds");
    (folded.cells.iter().map(|cell| cell.hashes.len()).sum(), folded.crossings.hashes.len())
}

#[test]
fn a_visitor_is_entered_once_under_what_stays_the_same() {
    let mut bench = Bench::new(site(), 100);
    // Total, event, page, source, channel, country, device, screen, entry and exit page, and the pairs of all but the last.
    assert_eq!(written(&mut bench, view(0, "/a")), (10, 20));
    assert_eq!(written(&mut bench, view(1, "/a")), (0, 0));
    // Another page, left from now on: six pairs of it, two of the journey.
    assert_eq!(written(&mut bench, view(2, "/b")), (2, 8));
    // Back again: the exit page, which moves, and the journey.
    assert_eq!(written(&mut bench, view(29, "/a")), (1, 2));
    assert_eq!(written(&mut bench, view(58, "/a")), (0, 0));
    // The total is kept by the hour.
    assert_eq!(written(&mut bench, view(61, "/a")), (1, 0));
}

#[test]
fn when_the_owner_chooses_other_crossings_a_visitor_is_entered_there() {
    let mut bench = Bench::new(Site { crossings: CrossingChoice::Of(vec![D::Country]), ..site() }, 100);
    bench.take(&[view(0, "/a")]);
    bench.site = Arc::new(Site { crossings: CrossingChoice::Of(vec![D::Device]), ..site() });
    bench.take(&[view(1, "/a")]);
    assert_eq!(
        bench.of(&[D::Device, D::Screen]),
        ["TV × xl: pageviews 1, events 1, bounces -1, visit_secs 60; 1 visitors"]
    );
}
