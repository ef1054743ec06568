//! Random traffic: counts of the fold are those of full knowledge. Run by `cargo test` only.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::naive;
use super::tests::bench;
use crate::count::testing::{Counts, HOUR, Hit, Key};
use crate::model::{Dimension as D, EventKind, Measures};

const ATTRIBUTES: [(D, &str); 20] = [
    (D::Section, "/s"),
    (D::Section, "/s/t"),
    (D::Source, "Example"),
    (D::Source, "Other"),
    (D::Channel, "Paid"),
    (D::UtmCampaign, "c"),
    (D::Country, "DE"),
    (D::Country, "FR"),
    (D::Region, "DE-BY"),
    (D::Browser, "Firefox"),
    (D::BrowserVersion, "Firefox 1"),
    (D::Screen, "xl"),
    (D::Screen, "m"),
    (D::Goal, "cart"),
    (D::Goal, "pay"),
    (D::Prop, "plan=pro"),
    (D::Prop, "other=x"),
    (D::Number, "ms=9"),
    (D::Vital, "LCP=9"),
    (D::Currency, "EUR"),
];

fn attribute() -> impl Strategy<Value = (D, String)> {
    select(ATTRIBUTES.as_slice()).prop_map(|(dimension, value)| (dimension, value.to_owned()))
}

fn hit() -> impl Strategy<Value = Hit> {
    let kind = select([EventKind::Pageview, EventKind::Pageview, EventKind::Feature, EventKind::Report].as_slice());
    let page = proptest::option::of(select(["/a", "/b", "/c"].as_slice()));
    let reported = (proptest::option::of(0u32..9), proptest::option::of(0u8..101), 0i64..50, 1u32..3);
    // From nine in the evening until an hour past midnight.
    let when = (1u64..4, 21 * HOUR..25 * HOUR);
    (kind, page, when, vec(attribute(), 0..6), reported).prop_map(|(kind, page, (person, at), others, reported)| {
        let name = match kind {
            EventKind::Pageview => Some((D::Event, "pageview")),
            EventKind::Feature => Some((D::Event, "buy")),
            EventKind::Report => None,
        };
        let own = name.into_iter().chain(page.map(|page| (D::Page, page)));
        let mut attributes: Vec<(D, String)> = own.map(|(dimension, value)| (dimension, value.to_owned())).collect();
        for attribute in others {
            // One value per dimension, but for those of which an event has several.
            let several = matches!(attribute.0, D::Section | D::Goal | D::Prop);
            if !attributes.contains(&attribute) && (several || attributes.iter().all(|of| of.0 != attribute.0)) {
                attributes.push(attribute);
            }
        }
        let (engaged_secs, scroll_pct, revenue_minor, n) = reported;
        Hit { person, at, kind, attributes, n, engaged_secs, scroll_pct, revenue_minor }
    })
}

/// Counts with the number of visitors. Exit pages keep who left them earlier, so theirs are left out; what is zero is
/// as good as absent.
fn comparable(counts: Counts) -> Vec<(Key, Measures, usize)> {
    let row = |(key, (measures, visitors)): (Key, (Measures, BTreeSet<u64>))| {
        let is_exit = key.attributes.iter().any(|(dimension, _)| *dimension == D::ExitPage);
        (key, measures, if is_exit { 0 } else { visitors.len() })
    };
    counts.into_iter().map(row).filter(|(_, measures, visitors)| !measures.is_zero() || *visitors > 0).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn counts_are_those_of_full_knowledge(hits in vec(hit(), 1..25), cuts in vec(any::<bool>(), 25), others in vec(any::<bool>(), 25)) {
        let mut hits = hits;
        hits.sort_by_key(|hit| hit.at);
        // Of two events at one moment either may be the first.
        hits.dedup_by_key(|hit| hit.at);
        let mut bench = bench();
        let mut commit: [Vec<Hit>; 2] = Default::default();
        for ((hit, cut), other) in hits.iter().zip(cuts).zip(others) {
            commit[usize::from(other)].push(hit.clone());
            if cut {
                let windows = commit.each_ref().map(|hits| bench.window(hits));
                bench.commit(&windows, hit.at);
                commit = Default::default();
            }
        }
        let windows = commit.each_ref().map(|hits| bench.window(hits));
        bench.commit(&windows, 25 * HOUR);
        let naive = naive::count(&bench.site, &hits);
        prop_assert_eq!(comparable(bench.counts), comparable(naive));
    }
}
