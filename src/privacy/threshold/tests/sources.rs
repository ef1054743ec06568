//! Sources of several channels.

use proptest::prelude::*;

use super::super::brute::{Event, Value, World};
use super::super::{Family, dimensions_of};
use super::draws::skewed;
use super::hold;
use crate::model::Dimension;

/// Sources of one, two and three channels.
const SHARED: [[&str; 2]; 12] = [
    ["A", "ab"],
    ["B", "ab"],
    ["B", "bc"],
    ["C", "bc"],
    ["C", "cd"],
    ["D", "cd"],
    ["A", "a"],
    ["B", "b"],
    ["C", "c"],
    ["D", "d"],
    ["A", "abd"],
    ["D", "abd"],
];

/// Visitors of two pages by way of sources that share channels.
fn sharing() -> impl Strategy<Value = Vec<Event>> {
    let step = (skewed(2), 0..SHARED.len());
    proptest::collection::vec(proptest::collection::vec(step, 1..3), 4..60).prop_map(|people| {
        let event = |visitor: usize, (page, source): (usize, usize)| view(visitor, ["/x", "/y"][page], SHARED[source]);
        let all = people.into_iter().enumerate();
        all.flat_map(|(who, steps)| steps.into_iter().map(move |step| event(who, step))).take(128).collect()
    })
}

fn view(visitor: usize, page: &str, [channel, source]: [&str; 2]) -> Event {
    let attributes = [(Dimension::Page, page), (Dimension::Channel, channel), (Dimension::Source, source)];
    let attributes = attributes.map(|(dimension, value)| (dimension, value.to_owned())).to_vec();
    Event { visitor, is_view: true, attributes }
}

/// So many visitors of each channel and source, all on one page.
fn visits(of: &[(usize, [&str; 2])]) -> World {
    let sources = of.iter().flat_map(|(count, source)| std::iter::repeat_n(*source, *count));
    let events = sources.enumerate().map(|(visitor, source)| view(visitor, "/x", source)).collect();
    World::of(events, dimensions_of(Family::Pages), dimensions_of(Family::Sources))
}

/// Channels and sources that are shown of the page.
fn shown_of_page(world: &World) -> Vec<String> {
    let shown = world.shown(5, false).crossings;
    let of_page = |pair: &&[Value; 2]| shown[*pair] && pair[0].0 == Dimension::Page;
    world.crossings.keys().filter(of_page).map(|[_, other]| other.1.clone()).collect()
}

#[test]
fn a_source_of_two_channels_is_shown_beside_both() {
    let search = [(60, ["Organic", "Google"]), (9, ["Organic", "Bing"]), (8, ["Organic", "Qwant"])];
    let world = visits(&[&search[..], &[(12, ["Paid", "Google"]), (20, ["Email", "letter"])]].concat());
    assert_eq!(shown_of_page(&world), ["Bing", "Google", "Qwant", "letter", "Email", "Organic", "Paid"]);
    // Of paid visits nothing is known but that some came from Google. Email hides them among the channels; it would be told
    // by what Organic and Google leave of the page.
    let world = visits(&[&search[..], &[(2, ["Paid", "Google"]), (20, ["Email", "letter"])]].concat());
    assert_eq!(shown_of_page(&world), ["Google"]);
}

#[test]
fn what_a_source_leaves_of_two_channels_is_not_told_by_a_third() {
    let mut of = vec![(10, ["A", "ab"]), (50, ["B", "ab"]), (50, ["B", "bc"]), (10, ["C", "bc"])];
    of.extend([(1, ["A", "ac"]), (1, ["C", "ac"]), (6, ["D", "d"])]);
    // Of the whole page minus D, ab and bc, two visitors would be left: d covers nothing there.
    let world = visits(&of);
    hold(&world, [Family::Pages, Family::Sources], 5, false).expect("nothing small is left");
    assert_eq!(shown_of_page(&world), ["bc", "B", "C"]);
}

/// Visitors of a page by way of a source and a host, so many of each.
fn hosts(of: &[(usize, &str, &str)]) -> World {
    let all = of.iter().flat_map(|(count, source, host)| std::iter::repeat_n((*source, *host), *count));
    let event = |(visitor, (source, host)): (usize, (&str, &str))| {
        let mut event = view(visitor, "/x", ["Organic", source]);
        event.attributes.push((Dimension::Referrer, host.to_owned()));
        event
    };
    let events = all.enumerate().map(event).collect();
    World::of(events, dimensions_of(Family::Pages), dimensions_of(Family::Sources))
}

#[test]
fn a_source_less_its_shown_hosts_is_not_a_few_people() {
    // Of Google there are two hosts, one of them with a single visitor; the hosts of Bing hide it in the list of hosts, but
    // everybody knows which host is whose.
    let world =
        hosts(&[(9, "Google", "google.com"), (1, "Google", "google.at"), (6, "Bing", "bing.com"), (20, "A", "a.test")]);
    hold(&world, [Family::Pages, Family::Sources], 5, false).expect("nothing small is left");
    assert_eq!(shown_of_page(&world), ["A", "Bing", "Google", "Organic", "a.test", "bing.com"]);
}

#[test]
fn a_host_of_several_sources_is_not_shown_beside_them() {
    let world =
        hosts(&[(9, "Google", "mail.test"), (8, "letter", "mail.test"), (6, "letter", "b.test"), (20, "A", "a.test")]);
    hold(&world, [Family::Pages, Family::Sources], 5, false).expect("nothing small is left");
    assert!(!shown_of_page(&world).iter().any(|value| value == "mail.test"), "it lies in two sources");
}

#[test]
fn an_event_less_its_goal_is_not_a_few_people() {
    let event = |visitor: usize| {
        let mut attributes = vec![(Dimension::Page, "/x".to_owned()), (Dimension::Event, "signup".to_owned())];
        // Nine take the plan that is a goal, one another.
        attributes.extend((visitor < 9).then(|| (Dimension::Goal, "Pro".to_owned())));
        Event { visitor, is_view: false, attributes }
    };
    // Others use another feature on the page.
    let other = |visitor: usize| {
        let attributes = vec![(Dimension::Page, "/x".to_owned()), (Dimension::Event, "search".to_owned())];
        Event { visitor, is_view: false, attributes }
    };
    let events = (0..10).map(event).chain((20..40).map(other)).collect();
    let world = World::of(events, dimensions_of(Family::Pages), dimensions_of(Family::Events));
    hold(&world, [Family::Pages, Family::Events], 5, false).expect("nothing small is left");
    let shown = world.shown(5, false).crossings;
    let named: Vec<&str> =
        world.crossings.keys().filter(|pair| shown[*pair]).map(|[_, other]| other.1.as_str()).collect();
    assert_eq!(named, ["search", "signup"]);
}

proptest! {
    #[test]
    fn sources_that_share_channels_leave_no_few_people(events in sharing(), k in 2_u32..=4, strict: bool) {
        let families = [Family::Pages, Family::Sources];
        let [one, other] = families.map(dimensions_of);
        hold(&World::of(events, one, other), families, k, strict)?;
    }
}
