use std::collections::BTreeSet;

use crate::count::testing::{Bench, HOUR, Hit, site};
use crate::model::{CrossingChoice, Dimension as D, Funnel, Site};

const NOON: i64 = 12 * HOUR;
const MINUTE: i64 = 60;

pub(super) fn bench() -> Bench {
    Bench::new(busy_site(), 1_000)
}

fn busy_site() -> Site {
    let steps = ["cart", "pay"].map(Into::into).to_vec();
    let funnels = vec![Funnel { id: "shop".into(), name: "Shop".into(), steps }];
    Site { filter_properties: vec!["plan".into()], funnels, ..site() }
}

/// Counts of events that are committed one by one.
fn one_by_one(hits: &[Hit]) -> Bench {
    let mut bench = bench();
    hits.iter().for_each(|hit| bench.take(std::slice::from_ref(hit)));
    bench
}

/// The same whether the events come in one commit or in many.
fn both(hits: &[Hit], dimensions: &[D]) -> Vec<String> {
    let mut together = bench();
    together.take(hits);
    let apart = one_by_one(hits);
    assert_eq!(together.of(dimensions), apart.of(dimensions));
    together.of(dimensions)
}

#[test]
fn a_visit_of_three_pages() {
    let view = |minute, page| Hit::view(1, NOON + minute * MINUTE, page).with(D::Source, "Example");
    let hits = [view(0, "/a"), view(2, "/b"), view(3, "/c")];
    assert_eq!(both(&hits, &[D::Total]), [" @12: pageviews 3, events 3, visits 1, visit_secs 180; 1 visitors"]);
    assert_eq!(
        both(&hits, &[D::Page]),
        [
            "/a: pageviews 1, events 1, visits 1, visit_secs 180; 1 visitors",
            "/b: pageviews 1, events 1, visits 1; 1 visitors",
            "/c: pageviews 1, events 1, visits 1; 1 visitors",
        ]
    );
    assert_eq!(both(&hits, &[D::EntryPage]), ["/a: pageviews 3, events 3, visits 1, visit_secs 180; 1 visitors"]);
    assert_eq!(
        both(&hits, &[D::Page, D::Source]),
        [
            "/a × Example: pageviews 1, events 1, visits 1, visit_secs 180; 1 visitors",
            "/b × Example: pageviews 1, events 1, visits 1; 1 visitors",
            "/c × Example: pageviews 1, events 1, visits 1; 1 visitors",
        ]
    );
    assert_eq!(
        both(&hits, &[D::Page, D::NextPage]),
        ["/a × /b: events 1; 1 visitors", "/b × /c: events 1; 1 visitors"]
    );
    assert_eq!(both(&hits, &[D::EntryPage, D::SecondPage]), ["/a × /b: events 1, visits 1; 1 visitors"]);
    assert_eq!(both(&hits, &[D::SecondPage, D::ThirdPage]), ["/b × /c: events 1, visits 1; 1 visitors"]);
}

#[test]
fn a_bounce_and_no_bounce_any_more() {
    let mut bench = bench();
    bench.take(&[Hit::view(1, NOON, "/a")]);
    assert_eq!(bench.of(&[D::Total]), [" @12: pageviews 1, events 1, visits 1, bounces 1; 1 visitors"]);
    bench.take(&[Hit::feature(1, NOON + 10, "x")]);
    assert_eq!(bench.of(&[D::Total]), [" @12: pageviews 1, events 2, visits 1, bounces 1, visit_secs 10; 1 visitors"]);
    bench.take(&[Hit::view(1, NOON + 20, "/a")]);
    assert_eq!(bench.of(&[D::Total]), [" @12: pageviews 2, events 3, visits 1, visit_secs 20; 1 visitors"]);
}

#[test]
fn half_an_hour_without_an_event_ends_a_visit() {
    let hits = [0, 1_799, 3_599].map(|second| Hit::view(1, NOON + second, "/a"));
    assert_eq!(
        both(&hits, &[D::Total]),
        [" @12: pageviews 3, events 3, visits 2, bounces 1, visit_secs 1799; 1 visitors"]
    );
}

#[test]
fn a_visit_that_begins_with_a_step_within_the_site_is_direct() {
    let hits = [
        Hit::view(1, NOON, "/a").with(D::Source, "Example").with(D::Channel, "Referral"),
        Hit::view(1, NOON + MINUTE, "/b"),
        Hit::view(1, NOON + 40 * MINUTE, "/c"),
        Hit::view(1, NOON + 41 * MINUTE, "/d").with(D::Source, "Other").with(D::Channel, "Email"),
    ];
    assert_eq!(
        both(&hits, &[D::Source, D::Channel]),
        [
            "(direct) × Direct: pageviews 2, events 2, visits 1, visit_secs 60; 1 visitors",
            "Example × Referral: pageviews 2, events 2, visits 1, visit_secs 60; 1 visitors",
        ]
    );
    assert_eq!(both(&hits, &[D::Source])[0], "(direct): pageviews 2, events 2, visits 1, visit_secs 60; 1 visitors");
}

#[test]
fn an_event_that_comes_late_moves_nothing() {
    let mut bench = bench();
    bench.take(&[Hit::view(1, NOON + 1_000, "/a")]);
    bench.take(&[Hit::view(1, NOON + 2_000, "/b")]);
    bench.take(&[Hit::view(1, NOON, "/late"), Hit::view(1, NOON + 1_500, "/between")]);
    assert_eq!(bench.of(&[D::Total]), [" @12: pageviews 4, events 4, visits 1, visit_secs 1000; 1 visitors"]);
    assert_eq!(bench.of(&[D::EntryPage]), ["/a: pageviews 4, events 4, visits 1, visit_secs 1000; 1 visitors"]);
    assert_eq!(bench.of(&[D::ExitPage])[1], "/b: visits 1; 1 visitors");
    assert_eq!(bench.of(&[D::Page, D::NextPage]), ["/a × /b: events 1; 1 visitors"]);
    // Further back than half an hour it is a visit of its own.
    bench.take(&[Hit::view(1, NOON - 2_000, "/first")]);
    assert_eq!(bench.of(&[D::Total])[0], " @11: pageviews 1, events 1, visits 1, bounces 1; 1 visitors");
}

#[test]
fn a_visit_goes_on_past_midnight_on_the_day_it_began() {
    let source = |hit: Hit, source| hit.with(D::Source, source);
    let midnight = 24 * HOUR;
    let hits = [
        source(Hit::view(1, midnight - 100, "/a"), "Example"),
        source(Hit::view(1, midnight + 50, "/b"), "(direct)"),
        source(Hit::view(1, midnight + 1_849, "/a"), "(direct)"),
    ];
    assert_eq!(
        both(&hits, &[D::Total]),
        [
            " @23: pageviews 1, events 1, visits 1, visit_secs 1949; 1 visitors",
            "+1d  @0: pageviews 2, events 2; 1 visitors"
        ]
    );
    assert_eq!(
        both(&hits, &[D::Source]),
        [
            "Example: pageviews 1, events 1, visits 1, visit_secs 1949; 1 visitors",
            "+1d Example: pageviews 2, events 2; 1 visitors"
        ]
    );
    assert_eq!(
        both(&hits, &[D::Page]),
        [
            "/a: pageviews 1, events 1, visits 1, visit_secs 1949; 1 visitors",
            "/b: visits 1; 0 visitors",
            "+1d /a: pageviews 1, events 1; 1 visitors",
            "+1d /b: pageviews 1, events 1; 1 visitors"
        ]
    );
    let apart = one_by_one(&hits);
    assert_eq!(apart.of(&[D::ExitPage]), ["/a: visits 1; 1 visitors", "/b: ; 1 visitors"]);
    assert_eq!(apart.of(&[D::Page, D::NextPage]), ["/a × /b: events 1; 1 visitors", "/b × /a: events 1; 1 visitors"]);
}

#[test]
fn the_visit_of_a_closed_day_is_frozen() {
    let mut bench = bench();
    let midnight = 24 * HOUR;
    let through_the_night: Vec<Hit> = (0..8).map(|n| Hit::view(1, midnight - 60 + n * 1_200, "/a")).collect();
    through_the_night.iter().for_each(|hit| bench.take(std::slice::from_ref(hit)));
    // Two hours past midnight the day is closed; the next event begins a visit of today.
    bench.take(&[Hit::view(1, midnight + 2 * HOUR + 1_500, "/a")]);
    bench.take(&[Hit::view(1, midnight + 2 * HOUR + 1_600, "/a")]);
    assert_eq!(
        bench.of(&[D::Total]),
        [
            " @23: pageviews 1, events 1, visits 1, visit_secs 7200; 1 visitors",
            "+1d  @0: pageviews 3, events 3; 1 visitors",
            "+1d  @1: pageviews 3, events 3; 1 visitors",
            "+1d  @2: pageviews 3, events 3, visits 1, visit_secs 460; 1 visitors"
        ]
    );
}

#[test]
fn visits_of_today_go_on_when_yesterday_is_closed() {
    let mut bench = bench();
    let two = 26 * HOUR;
    let view = |at, page| Hit::view(2, at, page).with(D::Country, "DE").with(D::Goal, "cart");
    bench.take(&[Hit::view(1, 23 * HOUR, "/old").with(D::Country, "FR")]);
    bench.take(&[view(two - 100, "/a"), view(two - 50, "/b")]);
    // Attributes get new numbers when yesterday's are forgotten.
    bench.take(&[view(two + 50, "/b"), view(two + 100, "/c").with(D::Goal, "pay")]);
    assert_eq!(
        bench.of(&[D::Country]),
        [
            "FR: pageviews 1, events 1, visits 1, bounces 1; 1 visitors",
            "+1d DE: pageviews 4, events 4, visits 1, visit_secs 200; 1 visitors"
        ]
    );
    assert_eq!(
        bench.of(&[D::Page, D::Country])[1..],
        [
            "+1d /a × DE: pageviews 1, events 1, visits 1, visit_secs 200; 1 visitors",
            "+1d /b × DE: pageviews 2, events 2, visits 1; 1 visitors",
            "+1d /c × DE: pageviews 1, events 1, visits 1; 1 visitors"
        ]
    );
    assert_eq!(bench.of(&[D::ExitPage])[1..], ["+1d /b: ; 1 visitors", "+1d /c: visits 1; 1 visitors"]);
    assert_eq!(bench.of(&[D::Funnel]), ["+1d shop=1: events 1; 1 visitors", "+1d shop=2: events 1; 1 visitors"]);
    assert_eq!(
        bench.of(&[D::Page, D::NextPage]),
        ["+1d /a × /b: events 1; 1 visitors", "+1d /b × /c: events 1; 1 visitors"]
    );
}

#[test]
fn the_exit_page_moves_and_only_visits_are_counted_of_it() {
    let view = |second, page| Hit::view(1, NOON + second, page).with(D::Country, "DE");
    let bench = one_by_one(&[view(0, "/a"), view(10, "/b"), view(20, "/a"), view(30, "/c")]);
    assert_eq!(bench.of(&[D::ExitPage]), ["/a: ; 1 visitors", "/b: ; 1 visitors", "/c: visits 1; 1 visitors"]);
    assert_eq!(bench.of(&[D::Country, D::ExitPage]), [""; 0]);
}

#[test]
fn a_visit_counts_once_for_each_page_and_each_pair() {
    let view = |second, page, person| Hit::view(person, NOON + second, page).with(D::Device, "TV");
    let buy = Hit::feature(1, NOON + 40, "buy").with(D::Page, "/a").with(D::Device, "TV");
    let hits = [view(0, "/a", 1), view(10, "/b", 1), view(20, "/b", 1), view(30, "/a", 1), buy.clone(), buy];
    assert_eq!(
        both(&hits, &[D::Event]),
        ["buy: events 2, visits 1; 1 visitors", "pageview: pageviews 4, events 4, visits 1, visit_secs 40; 1 visitors"]
    );
    assert_eq!(
        both(&hits, &[D::Page, D::Event]),
        ["/a × buy: events 2, visits 1; 1 visitors"],
        "page views are not crossed"
    );
    assert_eq!(
        both(&hits, &[D::Page, D::Device]),
        [
            "/a × TV: pageviews 2, events 4, visits 1, visit_secs 40; 1 visitors",
            "/b × TV: pageviews 2, events 2, visits 1; 1 visitors"
        ]
    );
}

#[test]
fn reports_extend_a_visit_and_count_once_for_each_page_view() {
    let hits = [
        Hit::view(1, NOON, "/a"),
        Hit::report(1, NOON + 30, "/a").engaged(20, 40),
        Hit::report(1, NOON + 60, "/a").engaged(10, 30),
        Hit::report(1, NOON + 90, "/a").engaged(5, 75),
        Hit::view(1, NOON + 100, "/a"),
        Hit::report(1, NOON + 130, "/a").engaged(7, 10),
    ];
    let counted = "pageviews 2, events 2, visits 1, visit_secs 130, engaged_secs 42, engaged_n 2, scroll_pct_sum 85, \
                   scroll_n 2; 1 visitors";
    assert_eq!(both(&hits, &[D::Page]), [format!("/a: {counted}")]);
    assert_eq!(both(&hits, &[D::Total]), [format!(" @12: {counted}")]);
    // Alone, a report begins no visit and brings nobody.
    let alone = [Hit::report(1, NOON, "/a").engaged(9, 9)];
    assert_eq!(
        both(&alone, &[D::Total]),
        [" @12: engaged_secs 9, engaged_n 1, scroll_pct_sum 9, scroll_n 1; 0 visitors"]
    );
}

#[test]
fn samples_are_counted_with_their_visitors() {
    let vital = Hit::report(1, NOON + 5, "/a").with(D::Vital, "LCP=120").with(D::Country, "DE");
    let hits = [Hit::view(1, NOON, "/a").with(D::Country, "DE"), vital];
    assert_eq!(both(&hits, &[D::Vital]), ["LCP=120: events 1; 1 visitors"]);
    assert_eq!(both(&hits, &[D::Page, D::Vital]), ["/a × LCP=120: events 1; 1 visitors"]);
    assert_eq!(
        both(&hits, &[D::Country]),
        ["DE: pageviews 1, events 1, visits 1, bounces 1, visit_secs 5; 1 visitors"]
    );
    let number = Hit::feature(1, NOON, "load").with(D::Number, "ms=80");
    assert_eq!(both(&[number], &[D::Number]), ["ms=80: events 1, visits 1, bounces 1; 1 visitors"]);
}

#[test]
fn revenue_lies_under_its_currency() {
    let pay = |person, minor| {
        let hit = Hit::feature(person, NOON, "pay").with(D::Currency, "EUR").with(D::Source, "Example");
        Hit { revenue_minor: minor, ..hit }
    };
    let hits = [pay(1, 1_999), pay(2, -500)];
    assert_eq!(both(&hits, &[D::Currency]), ["EUR: events 2, visits 2, bounces 2, revenue_minor 1499; 2 visitors"]);
    assert_eq!(
        both(&hits, &[D::Source, D::Currency]),
        ["Example × EUR: events 2, visits 2, bounces 2, revenue_minor 1499; 2 visitors"]
    );
    assert_eq!(both(&hits, &[D::Total]), [" @12: events 2, visits 2, bounces 2; 2 visitors"]);
}

#[test]
fn funnels_are_walked_in_order() {
    let goal = |person, second, goal| Hit::feature(person, NOON + second, "x").with(D::Goal, goal);
    let hits = [
        goal(1, 0, "pay"),
        goal(1, 1, "cart"),
        goal(1, 2, "cart"),
        goal(1, 3_600, "pay"),
        goal(1, 3_601, "pay"),
        goal(2, 0, "cart").with(D::Goal, "pay"),
    ];
    assert_eq!(both(&hits, &[D::Funnel]), ["shop=1: events 2; 2 visitors", "shop=2: events 1; 1 visitors"]);
}

#[test]
fn a_page_that_comes_later_is_the_entry_page_of_the_whole_visit() {
    let hits = [
        Hit::feature(1, NOON, "x").with(D::Country, "DE"),
        Hit::feature(1, NOON + 10, "y").with(D::Country, "DE"),
        Hit::view(1, NOON + 30, "/a").with(D::Country, "DE"),
        Hit::feature(1, NOON + 40, "x").with(D::Country, "DE"),
    ];
    let entry = "pageviews 1, events 2, visits 1, bounces 1, visit_secs 40; 1 visitors";
    assert_eq!(both(&hits, &[D::EntryPage]), [format!("/a: {entry}")]);
    assert_eq!(both(&hits, &[D::Country, D::EntryPage]), [format!("DE × /a: {entry}")]);
}

#[test]
fn a_site_chooses_its_crossings() {
    let view = Hit::view(1, NOON, "/a").with(D::Country, "DE").with(D::Device, "TV").with(D::Screen, "xl");
    let mut bench = Bench::new(Site { crossings: CrossingChoice::Of(vec![D::Country]), ..site() }, 100);
    bench.take(&[view, Hit::view(1, NOON, "/b")]);
    let dimensions: BTreeSet<Vec<D>> =
        bench.counts.keys().map(|key| key.attributes.iter().map(|of| of.0).collect()).collect();
    let crossed: Vec<Vec<D>> = dimensions.into_iter().filter(|of: &Vec<D>| of.len() == 2).collect();
    assert_eq!(
        crossed,
        [
            vec![D::Page, D::Country],
            vec![D::Page, D::NextPage],
            vec![D::Source, D::Channel],
            vec![D::Source, D::Country],
            vec![D::Channel, D::Country],
            vec![D::Country, D::Device],
            vec![D::Country, D::Screen],
            vec![D::Country, D::EntryPage],
            vec![D::EntryPage, D::SecondPage],
        ]
    );
}
