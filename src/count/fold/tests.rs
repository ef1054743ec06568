use super::*;
use crate::files::{TestDirectory, test_directory};
use crate::model::{Event, SiteId};

/// 2026-11-21 12:00 UTC, and its day.
const NOON: i64 = 1_795_262_400;
const TODAY: Day = Day(20_778);

/// Visitor, kind, hour, attributes.
type Seen = (u128, EventKind, u8, &'static [(Dimension, &'static str)]);

struct Bench {
    _directory: TestDirectory,
    folder: Folder,
    site: Arc<Site>,
}

fn bench(max_values: usize) -> Bench {
    let directory = test_directory();
    let site = Arc::new(Site::new("demo".parse().expect("an id"), jiff::tz::TimeZone::UTC));
    let salts = SaltStore::open(directory.path(), [&*site].into_iter(), NOON).expect("opens");
    let folder = Folder::new(Arc::new(salts), Arc::new(Live::default()), max_values);
    Bench { _directory: directory, folder, site }
}

impl Bench {
    fn window(&self, events: &[Seen], day: Day) -> Window {
        let mut window = Window::default();
        for (visitor, kind, hour, attributes) in events {
            let mut event = Event {
                site: self.site.clone(),
                day,
                hour: Hour(*hour),
                at: NOON,
                kind: *kind,
                visitor: (day == TODAY).then_some(Visitor(*visitor)),
                before: None,
                n: 1,
                is_live: true,
                engaged_secs: None,
                scroll_pct: None,
                revenue_minor: 0,
                attributes: Default::default(),
            };
            attributes.iter().for_each(|(dimension, value)| event.put(*dimension, *value));
            window.count(&event);
        }
        window
    }

    /// Cells as (dimension, value, hour, pageviews, events, distinct hashes).
    fn cells(&mut self, windows: &[Window]) -> Vec<(&'static str, String, u8, i64, i64, usize)> {
        let cells = self.folder.fold(windows, NOON).expect("folds").cells;
        let row = |cell: &Cell| {
            let CellKey { dimension, value, hour, .. } = &cell.key;
            let (pageviews, events) = (cell.measures[Measure::Pageviews], cell.measures[Measure::Events]);
            (dimension.code(), value.to_string(), hour.0, pageviews, events, cell.hashes.len())
        };
        cells.iter().map(row).collect()
    }
}

const VIEW: EventKind = EventKind::Pageview;

#[test]
fn events_of_all_threads_become_one_cell_per_group() {
    let mut bench = bench(100);
    let page: &'static [(Dimension, &'static str)] = &[(Dimension::Page, "/"), (Dimension::Device, "Mobile")];
    let one = bench.window(&[(1, VIEW, 12, page), (1, VIEW, 12, page), (2, VIEW, 13, page)], TODAY);
    let two = bench.window(&[(1, VIEW, 12, page), (3, EventKind::Feature, 12, page)], TODAY);
    assert_eq!(
        bench.cells(&[one, two]),
        [
            ("total", String::new(), 12, 3, 4, 2),
            ("total", String::new(), 13, 1, 1, 1),
            ("page", "/".into(), 12, 3, 4, 2),
            ("page", "/".into(), 13, 1, 1, 1),
            ("device", "Mobile".into(), 255, 4, 5, 3),
        ]
    );
}

#[test]
fn p4_cells_share_no_hash_but_the_hours_of_one_do() {
    let mut bench = bench(100);
    let page: &'static [(Dimension, &'static str)] = &[(Dimension::Page, "/"), (Dimension::Country, "DE")];
    let window = bench.window(&[(1, VIEW, 12, page), (1, VIEW, 13, page)], TODAY);
    let cells = bench.folder.fold(&[window], NOON).expect("folds").cells;
    let hash = |dimension, hour| {
        let cell = cells.iter().find(|cell| cell.key.dimension == dimension && cell.key.hour.0 == hour);
        cell.expect("a cell").hashes[0]
    };
    assert_eq!(hash(Dimension::Page, 12), hash(Dimension::Page, 13));
    assert_eq!(hash(Dimension::Total, 12), hash(Dimension::Total, 13));
    assert_ne!(hash(Dimension::Page, 12), hash(Dimension::Country, 255));
    assert_ne!(hash(Dimension::Page, 12), hash(Dimension::Total, 12));
}

#[test]
fn values_beyond_the_cap_share_a_cell_and_its_visitors_are_counted_once() {
    let mut bench = bench(1);
    let events: [Seen; 4] = [
        (1, VIEW, 12, &[(Dimension::Page, "/a")]),
        (1, VIEW, 12, &[(Dimension::Page, "/b")]),
        (1, VIEW, 12, &[(Dimension::Page, "/c")]),
        (2, VIEW, 12, &[(Dimension::Page, "/c")]),
    ];
    let window = bench.window(&events, TODAY);
    assert_eq!(
        bench.cells(&[window])[1..],
        [("page", "(more)".into(), 12, 3, 3, 2), ("page", "/a".into(), 12, 1, 1, 1)]
    );
}

#[test]
fn two_values_of_one_event_that_share_a_cell_count_once() {
    let mut bench = bench(1);
    let events: [Seen; 2] = [
        (1, VIEW, 12, &[(Dimension::Section, "/a"), (Dimension::Section, "/a/b")]),
        (1, VIEW, 12, &[(Dimension::Section, "/x"), (Dimension::Section, "/x/y")]),
    ];
    let window = bench.window(&events, TODAY);
    assert_eq!(
        bench.cells(&[window])[1..],
        [("section", "(more)".into(), 255, 2, 2, 1), ("section", "/a".into(), 255, 1, 1, 1)]
    );
}

#[test]
fn late_days_keep_counts_and_nobody() {
    let mut bench = bench(100);
    let window = bench.window(&[(1, VIEW, 12, &[(Dimension::Page, "/")])], TODAY.plus(-3));
    assert_eq!(bench.cells(&[window]), [("total", String::new(), 12, 1, 1, 0), ("page", "/".into(), 12, 1, 1, 0)]);
}

#[test]
fn p1_opted_out_hits_are_one_number() {
    let mut bench = bench(100);
    let mut windows = [Window::default(), Window::default()];
    for window in &mut windows {
        window.count_opt_out(&super::super::OptOut { site: bench.site.clone(), day: TODAY, hits: 1 });
        window.count_opt_out(&super::super::OptOut { site: bench.site.clone(), day: TODAY, hits: 2 });
    }
    assert_eq!(bench.cells(&windows), [("opted_out", String::new(), 255, 0, 6, 0)]);
}

#[test]
fn p1_a_day_gets_its_key_with_its_first_event_and_not_before() {
    let mut bench = bench(100);
    let mut opted_out = Window::default();
    opted_out.count_opt_out(&super::super::OptOut { site: bench.site.clone(), day: TODAY, hits: 1 });
    let windows = [opted_out, bench.window(&[(1, VIEW, 12, &[])], TODAY)];
    let cells = [("total", String::new(), 12, 1, 1, 1), ("opted_out", String::new(), 255, 0, 1, 0)];
    assert_eq!(bench.cells(&windows), cells);
}

#[test]
fn stored_values_count_towards_the_cap_after_a_restart() {
    let mut bench = bench(1);
    let site: SiteId = bench.site.id.clone();
    bench.folder.admit_stored(&site, TODAY, Dimension::Page, "/old");
    let window = bench.window(&[(1, VIEW, 12, &[(Dimension::Page, "/new")])], TODAY);
    assert_eq!(bench.cells(&[window])[1].1, "(more)");
}
