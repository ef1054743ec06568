//! The counter itself, on cases that were counted by hand.

use super::count::Counter;
use super::fact::{
    Attribute, COUNTRY, CURRENCY, Dim, ENTRY, EVENT, EXIT, FUNNEL, Fact, GOAL, Kind, NEXT, PAGE, SECOND, SOURCE, THIRD,
    TOTAL, VITAL,
};
use super::group::Sums;
use super::rules::{Rules, Wanted};

fn rules() -> Rules {
    let goals = vec![("Reads", Wanted::Page("/blog/**")), ("Signup", Wanted::Feature("signup"))];
    Rules { goals, funnels: vec![("f", vec!["Reads", "Signup"])], filter_properties: Vec::new() }
}

fn event(who: u32, at: i64, kind: Kind, page: &str) -> Fact {
    let name = if kind == Kind::Pageview { "pageview" } else { "signup" };
    let mut attributes = vec![(PAGE, page.to_owned()), (COUNTRY, "DE".to_owned()), (SOURCE, format!("from-{at}"))];
    if kind != Kind::Report {
        attributes.push((EVENT, name.to_owned()));
    }
    Fact { who: Some(who), at, kind, n: 1, attributes, engaged: None, scroll: None, revenue: 0 }
}

fn view(who: u32, at: i64, page: &str) -> Fact {
    event(who, at, Kind::Pageview, page)
}

fn counted(facts: &[Fact]) -> Counter {
    let mut counter = Counter::new(rules());
    facts.iter().for_each(|fact| counter.count(fact));
    counter
}

/// Page views, events, visits, bounces, seconds, visitors of a cell.
fn cell(counter: &Counter, day: i64, dimension: Dim, value: &str) -> [i64; 6] {
    let of = counter.known(&(dimension, value.to_owned()));
    let group = of.and_then(|id| counter.books.get(&day)?.cells.get(&id)).cloned().unwrap_or_default();
    shown(group.sums, group.visitors.len())
}

fn crossing(counter: &Counter, day: i64, one: Attribute, other: Attribute) -> [i64; 6] {
    let ids = counter.known(&one).zip(counter.known(&other)).map(|(a, b)| (a.min(b), a.max(b)));
    let group = ids.and_then(|pair| counter.books.get(&day)?.crossings.get(&pair)).cloned().unwrap_or_default();
    shown(group.sums, group.visitors.len())
}

fn shown(sums: Sums, visitors: usize) -> [i64; 6] {
    [sums.pageviews, sums.events, sums.visits, sums.bounces, sums.visit_secs, visitors as i64]
}

#[test]
fn a_visit_ends_after_half_an_hour_and_its_first_event_decides_where_it_came_from() {
    let counter = counted(&[
        view(1, 0, "/a"),
        view(1, 1_799, "/b"),
        event(1, 1_850, Kind::Feature, "/b"),
        view(1, 3_650, "/a"),
        view(2, 10, "/a"),
    ]);
    assert_eq!(cell(&counter, 0, TOTAL, ""), [4, 5, 3, 2, 1_850, 2]);
    assert_eq!(cell(&counter, 0, SOURCE, "from-0"), [2, 3, 1, 0, 1_850, 1]);
    assert_eq!(cell(&counter, 0, SOURCE, "from-1799"), [0; 6]);
    assert_eq!(cell(&counter, 0, PAGE, "/a"), [3, 3, 3, 2, 1_850, 2]);
    assert_eq!(cell(&counter, 0, PAGE, "/b"), [1, 2, 1, 0, 0, 1]);
    assert_eq!(cell(&counter, 0, ENTRY, "/a"), [4, 5, 3, 2, 1_850, 2]);
    assert_eq!((cell(&counter, 0, EXIT, "/a")[2], cell(&counter, 0, EXIT, "/b")[2]), (2, 1));
    assert_eq!(crossing(&counter, 0, (PAGE, "/b".to_owned()), (COUNTRY, "DE".to_owned())), [1, 2, 1, 0, 0, 1]);
    assert_eq!(crossing(&counter, 0, (EVENT, "pageview".to_owned()), (COUNTRY, "DE".to_owned())), [0; 6]);
    assert_eq!(crossing(&counter, 0, (EVENT, "signup".to_owned()), (COUNTRY, "DE".to_owned())), [0, 1, 1, 0, 0, 1]);
}

#[test]
fn a_visit_goes_on_past_midnight_and_is_counted_on_the_day_it_began() {
    let counter = counted(&[view(1, 86_000, "/a"), view(1, 86_500, "/b")]);
    assert_eq!(cell(&counter, 0, TOTAL, ""), [1, 1, 1, 0, 500, 1]);
    assert_eq!(cell(&counter, 1, TOTAL, ""), [1, 1, 0, 0, 0, 1]);
    assert_eq!(cell(&counter, 0, PAGE, "/b"), [0, 0, 1, 0, 0, 0]);
    assert_eq!(cell(&counter, 1, ENTRY, "/a"), [1, 1, 0, 0, 0, 1]);
    assert_eq!(crossing(&counter, 0, (PAGE, "/a".to_owned()), (NEXT, "/b".to_owned())), [0, 1, 0, 0, 0, 1]);
}

#[test]
fn an_event_that_comes_late_within_a_visit_moves_nothing() {
    let counter = counted(&[view(1, 1_000, "/a"), view(1, 1_100, "/b"), event(1, 900, Kind::Feature, "/c")]);
    assert_eq!(cell(&counter, 0, TOTAL, ""), [2, 3, 1, 0, 100, 1]);
    assert_eq!(cell(&counter, 0, PAGE, "/c"), [0, 1, 1, 0, 0, 1]);
}

#[test]
fn journeys_skip_reloads_and_go_three_pages_deep() {
    let facts: Vec<Fact> = ["/a", "/a", "/b", "/a", "/c"].iter().zip(0..).map(|(page, at)| view(1, at, page)).collect();
    let counter = counted(&facts);
    let of = |a: (Dim, &str), b: (Dim, &str)| crossing(&counter, 0, (a.0, a.1.to_owned()), (b.0, b.1.to_owned()));
    assert_eq!(of((PAGE, "/a"), (NEXT, "/a")), [0; 6]);
    assert_eq!(of((PAGE, "/a"), (NEXT, "/b")), [0, 1, 0, 0, 0, 1]);
    assert_eq!(of((ENTRY, "/a"), (SECOND, "/b")), [0, 1, 1, 0, 0, 1]);
    assert_eq!(of((SECOND, "/b"), (THIRD, "/a")), [0, 1, 1, 0, 0, 1]);
    assert_eq!(cell(&counter, 0, EXIT, "/c"), [0, 0, 1, 0, 0, 1]);
}

#[test]
fn a_funnel_takes_one_step_at_an_event_and_each_step_once_a_day() {
    let signup = |at| event(1, at, Kind::Feature, "/x");
    let counter = counted(&[signup(1), view(1, 2, "/blog/a"), signup(3), view(1, 4, "/blog/a"), signup(5)]);
    assert_eq!(cell(&counter, 0, FUNNEL, "f=1"), [0, 1, 0, 0, 0, 1]);
    assert_eq!(cell(&counter, 0, FUNNEL, "f=2"), [0, 1, 0, 0, 0, 1]);
    assert_eq!(cell(&counter, 0, GOAL, "Signup"), [0, 3, 1, 0, 4, 1]);
}

#[test]
fn reports_are_no_events_and_averages_are_per_page_view() {
    let mut reports = [1_i64, 2, 3].map(|at| event(1, at * 10, Kind::Report, "/a"));
    (reports[0].engaged, reports[0].scroll) = (Some(5), Some(40));
    (reports[1].engaged, reports[1].scroll) = (Some(7), Some(30));
    (reports[2].engaged, reports[2].scroll) = (Some(1), Some(90));
    reports[2].attributes.push((VITAL, "LCP=120".to_owned()));
    let facts = [&[view(1, 0, "/a")][..], &reports].concat();
    let counter = counted(&facts);
    assert_eq!(cell(&counter, 0, TOTAL, ""), [1, 1, 1, 1, 30, 1]);
    assert_eq!(cell(&counter, 0, VITAL, "LCP=120"), [0, 1, 0, 0, 0, 1]);
    let page = counter.known(&(PAGE, "/a".to_owned())).expect("seen");
    let sums = counter.books[&0].cells[&page].sums;
    assert_eq!((sums.engaged_secs, sums.engaged_n, sums.scroll_sum, sums.scroll_n), (13, 1, 90, 1));
}

#[test]
fn money_is_counted_by_currency_only_and_late_days_know_nobody() {
    let mut paid = event(1, 5, Kind::Feature, "/a");
    paid.attributes.push((CURRENCY, "EUR".to_owned()));
    paid.revenue = 199;
    let mut late = paid.clone();
    (late.at, late.who) = (-86_400, None);
    let counter = counted(&[paid, late]);
    let revenue = |day: i64, dimension, value: &str| {
        let id = counter.known(&(dimension, value.to_owned())).expect("seen");
        counter.books[&day].cells[&id].sums.revenue
    };
    assert_eq!((revenue(0, CURRENCY, "EUR"), revenue(0, TOTAL, ""), revenue(-1, CURRENCY, "EUR")), (199, 0, 199));
    assert_eq!(cell(&counter, -1, TOTAL, ""), [0, 1, 0, 0, 0, 0]);
}
