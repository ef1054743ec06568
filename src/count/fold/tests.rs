use super::*;
use crate::count::testing::{Bench, HOUR, Hit, MIDNIGHT, TODAY, site, site_id};
use crate::count::{OptOut, Window};
use crate::model::{Dimension as D, Site};

const NOON: i64 = 12 * HOUR;

fn bench(max_values: usize) -> Bench {
    Bench::new(site(), max_values)
}

#[test]
fn events_of_all_threads_become_one_cell_per_group() {
    let mut bench = bench(100);
    let view = |person, at| Hit::view(person, at, "/").with(D::Device, "Mobile");
    let one = bench.window(&[view(1, NOON), view(1, NOON), view(2, NOON + HOUR)]);
    let two = bench.window(&[view(1, NOON), Hit::feature(3, NOON, "x").with(D::Device, "Mobile")]);
    bench.commit(&[one, two], NOON);
    assert_eq!(
        bench.of(&[D::Total]),
        [
            " @12: pageviews 3, events 4, visits 2, bounces 1; 2 visitors",
            " @13: pageviews 1, events 1, visits 1, bounces 1; 1 visitors",
        ]
    );
    assert_eq!(bench.of(&[D::Page]), ["/: pageviews 4, events 4, visits 2, bounces 1; 2 visitors",]);
    assert_eq!(bench.of(&[D::Device]), ["Mobile: pageviews 4, events 5, visits 3, bounces 2; 3 visitors"]);
}

#[test]
fn what_came_first_within_a_second_begins_the_visit_whichever_thread_took_it() {
    let mut bench = bench(100);
    let came_first = bench.window(&[Hit::view(1, NOON, "/a").with(D::Channel, "Email")]);
    let came_second = bench.window(&[Hit::view(1, NOON, "/b").with(D::Channel, "Direct")]);
    bench.commit(&[came_second, came_first], NOON);
    assert_eq!(bench.of(&[D::Channel]), ["Email: pageviews 2, events 2, visits 1; 1 visitors"]);
    assert_eq!(bench.of(&[D::EntryPage]), ["/a: pageviews 2, events 2, visits 1; 1 visitors"]);
}

#[test]
fn p4_cells_share_no_hash_but_the_hours_of_one_do() {
    let mut bench = bench(100);
    bench.take(&[12, 13].map(|hour| Hit::view(1, hour * HOUR, "/").with(D::Country, "DE")));
    let mut hashes: Vec<(Vec<D>, u64)> = Vec::new();
    for (key, (_, of)) in &bench.counts {
        let dimensions: Vec<D> = key.attributes.iter().map(|(dimension, _)| *dimension).collect();
        hashes.extend(of.iter().map(|hash| (dimensions.clone(), *hash)));
    }
    let groups: std::collections::BTreeSet<_> = hashes.iter().map(|(group, _)| group.clone()).collect();
    hashes.sort();
    hashes.dedup();
    // Each group has one hash, whatever its hours, and no two groups have the same.
    assert_eq!(hashes.len(), groups.len());
    let distinct: std::collections::BTreeSet<u64> = hashes.iter().map(|(_, hash)| *hash).collect();
    assert_eq!(distinct.len(), groups.len());
}

#[test]
fn values_beyond_the_cap_share_a_cell_and_its_visitors_are_counted_once() {
    let mut bench = bench(1);
    let view = |person, page| Hit::view(person, NOON, page).with(D::Country, "DE");
    bench.take(&[view(1, "/a"), view(1, "/b"), view(1, "/c"), view(2, "/c")]);
    assert_eq!(
        bench.of(&[D::Page]),
        [
            "(more): pageviews 3, events 3, visits 2, bounces 1; 2 visitors",
            "/a: pageviews 1, events 1, visits 1; 1 visitors"
        ]
    );
    assert_eq!(
        bench.of(&[D::Page, D::Country]),
        [
            "(more) × DE: pageviews 3, events 3, visits 2, bounces 1; 2 visitors",
            "/a × DE: pageviews 1, events 1, visits 1; 1 visitors"
        ]
    );
}

#[test]
fn crossings_have_the_values_of_cells_however_many_these_are() {
    let mut bench = Bench::new(Site { filter_properties: vec!["plan".into()], ..site() }, 3_000);
    let letters = |number: usize| [number / 256, number / 16 % 16, number % 16].map(|at| char::from(b'a' + at as u8));
    let name = |number| letters(number).iter().collect::<String>();
    let view = |number: usize| {
        let hit = Hit::view(number as u64, NOON, &format!("/{}", name(number)));
        hit.with(D::Country, "DE").with(D::Prop, &format!("plan={}", name(number)))
    };
    bench.take(&(0..3_001).map(view).collect::<Vec<_>>());
    let more = |rows: &[String]| (rows.len(), rows.iter().filter(|row| row.contains("(more)")).count());
    for dimensions in [&[D::Page][..], &[D::Page, D::Country], &[D::Prop], &[D::Country, D::Prop]] {
        assert_eq!(more(&bench.of(dimensions)), (3_001, 1), "{dimensions:?}");
    }
}

#[test]
fn two_values_of_one_event_that_share_a_cell_count_once() {
    let mut bench = bench(1);
    let view = |one, two| Hit::view(1, NOON, "/").with(D::Section, one).with(D::Section, two).with(D::Device, "TV");
    bench.take(&[view("/a", "/a/b"), view("/x", "/x/y")]);
    assert_eq!(
        bench.of(&[D::Section]),
        ["(more): pageviews 2, events 2, visits 1; 1 visitors", "/a: pageviews 1, events 1, visits 1; 1 visitors"]
    );
    assert_eq!(
        bench.of(&[D::Section, D::Device]),
        [
            "(more) × TV: pageviews 2, events 2, visits 1; 1 visitors",
            "/a × TV: pageviews 1, events 1, visits 1; 1 visitors"
        ]
    );
}

#[test]
fn late_days_keep_counts_and_nobody() {
    let mut bench = bench(100);
    let day = -3 * 24 * HOUR;
    let view = Hit::view(1, day + NOON, "/").with(D::Country, "DE");
    let report = Hit::report(1, day + NOON, "/").with(D::Vital, "LCP=9").engaged(5, 50);
    let window = bench.window(&[view, report]);
    bench.commit(&[window], NOON);
    let counts = |dimensions: &[D]| -> Vec<(crate::model::Measures, usize)> {
        let of = |key: &&crate::count::testing::Key| {
            key.day == TODAY.plus(-3) && key.attributes.iter().map(|(of, _)| *of).eq(dimensions.iter().copied())
        };
        bench.counts.iter().filter(|(key, _)| of(key)).map(|(_, (counts, who))| (*counts, who.len())).collect()
    };
    let of = |pairs: &[(Measure, i64)]| {
        let mut measures = Measures::default();
        pairs.iter().for_each(|(measure, number)| measures[*measure] = *number);
        measures
    };
    use Measure::{EngagedN, EngagedSecs, Events, Pageviews, ScrollN, ScrollPctSum};
    let reported = [(EngagedSecs, 5), (EngagedN, 1), (ScrollPctSum, 50), (ScrollN, 1)];
    let view = [(Pageviews, 1), (Events, 1)];
    assert_eq!(counts(&[D::Page]), [(of(&[reported.as_slice(), &view].concat()), 0)]);
    assert_eq!(counts(&[D::Page, D::Country]), [(of(&view), 0)]);
    assert_eq!(counts(&[D::Vital]), [(of(&[reported.as_slice(), &[(Events, 1)]].concat()), 0)]);
    assert_eq!(counts(&[D::Page, D::Vital]), [(of(&[reported.as_slice(), &[(Events, 1)]].concat()), 0)]);
    assert_eq!((counts(&[D::EntryPage]), counts(&[D::ExitPage])), (vec![], vec![]));
}

#[test]
fn p1_opted_out_hits_are_one_number() {
    let mut bench = bench(100);
    let mut windows = [Window::default(), Window::default()];
    for window in &mut windows {
        window.count_opt_out(&OptOut { site: bench.site.clone(), day: TODAY, hits: 1 });
        window.count_opt_out(&OptOut { site: bench.site.clone(), day: TODAY, hits: 2 });
    }
    bench.commit(&windows, NOON);
    assert_eq!((bench.of(&[D::OptedOut]), bench.counts.len()), (vec![": events 6; 0 visitors".to_owned()], 1));
    assert!(bench.salts.is_empty());
}

#[test]
fn p1_a_day_gets_its_key_with_its_first_event_and_not_before() {
    let mut bench = bench(100);
    let mut opted_out = Window::default();
    opted_out.count_opt_out(&OptOut { site: bench.site.clone(), day: TODAY, hits: 1 });
    let windows = [opted_out, bench.window(&[Hit::feature(1, NOON, "x")])];
    bench.commit(&windows, NOON);
    assert_eq!(bench.of(&[D::Total]), [" @12: events 1, visits 1, bounces 1; 1 visitors"]);
    assert_eq!(bench.of(&[D::OptedOut]), [": events 1; 0 visitors"]);
}

#[test]
fn p5_salts_and_visitors_are_forgotten_when_nobody_comes_any_more() {
    let mut bench = bench(100);
    bench.take(&[Hit::view(1, NOON, "/")]);
    let held = |bench: &Bench| (bench.folder.items.days.len(), bench.folder.visits.len());
    bench.folder.rest(MIDNIGHT + NOON + HOUR / 4);
    assert_eq!(held(&bench), (1, 1));
    bench.folder.rest(MIDNIGHT + NOON + HOUR);
    assert_eq!(held(&bench), (1, 0));
    // The day is closed two hours after it is over.
    bench.folder.rest(MIDNIGHT + 26 * HOUR - 1);
    assert_eq!(held(&bench), (1, 0));
    bench.folder.rest(MIDNIGHT + 26 * HOUR + REST_SECONDS);
    assert_eq!(held(&bench), (0, 0));
}

#[test]
fn stored_values_count_towards_the_cap_after_a_restart() {
    let mut bench = bench(1);
    bench.folder.admit_stored(&site_id(), TODAY, D::Page, "/old");
    bench.take(&[Hit::view(1, NOON, "/new")]);
    assert_eq!(bench.of(&[D::Page]), ["(more): pageviews 1, events 1, visits 1, bounces 1; 1 visitors"]);
}
