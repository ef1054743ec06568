//! The seal with loaders, spool and salts on a real engine.

use std::sync::Mutex;

use tokio_util::sync::CancellationToken;

use super::request::{SealAnswer, SealRequest};
use super::*;
use crate::clickhouse::SealedDay;
use crate::clickhouse::testing::TestEngine;
use crate::deliver::loader::{Loader, LoaderCounts, LoaderParts};
use crate::deliver::retry::{RetrySet, Room};
use crate::deliver::spool::SpoolLimits;
use crate::deliver::table::Table;
use crate::files::{TestDirectory, test_directory};
use crate::model::{Batch, Cell, CellKey, CrossingGroup, Crossings, Dimension, Hour, Measure, Measures, Rules, SiteId};
use crate::privacy::salt::Stage;

/// 2026-11-21 12:00 UTC, and its day.
const NOON: i64 = 1_795_262_400;
const DAY: Day = Day(20_778);

struct Book(Vec<Arc<Site>>);

impl Sites for Book {
    fn site(&self, id: &SiteId) -> Option<Arc<Site>> {
        self.0.iter().find(|site| site.id == *id).cloned()
    }

    fn all(&self) -> Vec<Arc<Site>> {
        self.0.clone()
    }
}

/// A collector without its outside.
struct Rig {
    engine: TestEngine,
    site: Arc<Site>,
    sealer: Sealer,
    retries: Arc<RetrySet>,
    loading: Mutex<Option<(CancellationToken, [tokio::task::JoinHandle<()>; 2])>>,
    directory: TestDirectory,
}

impl Rig {
    async fn start() -> Self {
        Self::of(Site::new("demo".parse().expect("an id"), jiff::tz::TimeZone::UTC)).await
    }

    async fn of(site: Site) -> Self {
        let (engine, directory, site) = (TestEngine::start().await, test_directory(), Arc::new(site));
        let sites: Arc<dyn Sites> = Arc::new(Book(vec![site.clone()]));
        let limits = SpoolLimits { total: 1 << 30, segment: 1 << 24 };
        let spool = Arc::new(Spool::open(&directory.path().join("spool"), limits, 0).expect("opens").0);
        let retries =
            RetrySet::open(&directory.path().join("retries"), Vec::new(), 0, DAY.0, Room::default()).expect("opens");
        let retries = Arc::new(retries);
        let salts = SaltStore::open(&directory.path().join("salts"), [&*site].into_iter(), NOON).expect("opens");
        let (progress, seals) = (Arc::<Progress>::default(), Arc::<Seals>::default());
        let parts = LoaderParts {
            spool: spool.clone(),
            store: engine.store.clone(),
            retries: retries.clone(),
            counts: Arc::<LoaderCounts>::default(),
            progress: progress.clone(),
            seals: seals.clone(),
            sites: sites.clone(),
            directory: directory.path().join("spool"),
            max_rows: 1_000,
            fault: None,
        };
        let stop = CancellationToken::new();
        let loading = Table::ALL.map(|table| {
            // A beat far too slow for a test: whoever waits for a load must not wait for it.
            let loader = Loader::open(table, Duration::from_secs(3_600), parts.clone()).expect("opens");
            tokio::spawn(loader.run(stop.clone()))
        });
        let sealer = Sealer::new(SealerParts {
            store: engine.store.clone(),
            salts: Arc::new(salts),
            seals,
            spool,
            progress,
            intake: None,
            sites,
            clock: Clock::fixed(NOON),
            counts: Arc::default(),
            fault: None,
        });
        Self { engine, site, sealer, retries, loading: Mutex::new(Some((stop, loading))), directory }
    }

    /// Appends one batch: `views` of a page from a country, by each of the visitors.
    fn count(&self, page: &str, country: &str, visitors: &[u32]) {
        self.append(batch(page, country, visitors));
    }

    fn append(&self, mut batch: Batch) {
        self.sealer.0.spool.append(&mut batch).expect("appended");
        self.retries.note(batch.sequence, &[]).expect("noted");
    }

    /// Waits until everything is loaded.
    async fn load(&self) {
        self.sealer.0.progress.reach(self.sealer.0.spool.newest()).await;
    }

    async fn seal(&self) -> Sealed {
        self.sealer.seal(&self.site, DAY).await.expect("sealed")
    }

    /// `label events visitors` of sealed or open rows.
    async fn rows(&self, text: &str) -> Vec<String> {
        self.engine.store.texts(text).await
    }

    async fn cells(&self) -> Vec<String> {
        let text = "SELECT concat(dim, ' ', value, ' ', toString(hour), ': ', toString(sum(events)), ' by ', \
                    toString(sum(visitors))) AS line FROM cells WHERE dim != '' GROUP BY dim, value, hour ORDER BY dim, value, hour";
        self.rows(text).await
    }

    async fn crossings(&self) -> Vec<String> {
        let text = "SELECT concat(value, ' ', value2, ': ', toString(sum(events)), ' by ', toString(sum(visitors))) \
                    AS line FROM crossings WHERE dim != '' GROUP BY value, value2 ORDER BY value, value2";
        self.rows(text).await
    }

    async fn stop(self) {
        let (stop, loaders) = self.loading.lock().expect("not poisoned").take().expect("started");
        stop.cancel();
        for loader in loaders {
            loader.await.expect("no panic");
        }
        self.engine.stop().await;
    }
}

fn batch(page: &str, country: &str, visitors: &[u32]) -> Batch {
    let site: SiteId = "demo".parse().expect("an id");
    let measures = views(visitors);
    let cell = |dimension: Dimension, value: &str, hour| Cell {
        key: CellKey { site: site.clone(), day: DAY, dimension, value: value.into(), hour },
        measures,
        hashes: visitors.iter().map(|visitor| u64::from(*visitor)).collect(),
    };
    let cells = vec![
        cell(Dimension::Total, "", Hour(9)),
        cell(Dimension::Page, page, Hour(9)),
        cell(Dimension::Country, country, Hour::WHOLE_DAY),
        cell(Dimension::City, &format!("{country}-X/City"), Hour::WHOLE_DAY),
    ];
    let crossings = crossing([(Dimension::Page, page), (Dimension::Country, country)], visitors);
    Batch { sequence: 0, cells, crossings, remembered: Vec::new() }
}

/// A page view of each visitor, under a pair of values.
fn crossing(of: [(Dimension, &str); 2], visitors: &[u32]) -> Crossings {
    let mut crossings =
        Crossings::about(vec![("demo".parse().expect("an id"), DAY)], of.map(|(_, value)| value.into()).to_vec());
    let group = CrossingGroup { site_day: 0, dimensions: of.map(|(dimension, _)| dimension), values: [0, 1] };
    crossings.push(group, &views(visitors), visitors);
    crossings
}

fn views(visitors: &[u32]) -> Measures {
    let mut measures = Measures::default();
    measures[Measure::Events] = visitors.len().max(1) as i64;
    measures[Measure::Pageviews] = measures[Measure::Events];
    measures
}

fn visitors(numbers: std::ops::Range<u32>) -> Vec<u32> {
    numbers.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_day_keeps_its_numbers_and_takes_late_counts_without_visitors() {
    let rig = Rig::start().await;
    let salts = &rig.sealer.0.salts;
    assert!(salts.of(&rig.site, DAY, NOON).expect("a salt").is_some());
    rig.count("/", "DE", &visitors(0..6));
    rig.count("/", "FR", &visitors(6..12));
    rig.count("/b", "FR", &visitors(6..8));
    rig.count("/", "AT", &visitors(12..17));
    let Sealed::Now(row) = rig.seal().await else { panic!("it was not sealed") };
    let cells = [
        "city AT-X/City 255: 5 by 5",
        "city DE-X/City 255: 6 by 6",
        "city FR-X/City 255: 8 by 6",
        "country AT 255: 5 by 5",
        "country DE 255: 6 by 6",
        "country FR 255: 8 by 6",
        "page / 255: 17 by 17",
        "page /b 255: 2 by 2",
        "total  9: 19 by 17",
        "total  255: 19 by 17",
    ];
    assert_eq!(rig.cells().await, cells);
    // `/b` has two visitors and no crossing; without it, what `FR` shows would give it away, and `/` what `FR` hides.
    assert_eq!(rig.crossings().await, ["/ DE: 6 by 6"]);
    assert_eq!((row.cells, row.crossings, row.rules.k), (10, 1, 5));
    assert_eq!(row.folded, [([Dimension::Page, Dimension::Country], 3)].into());
    assert_eq!(rig.engine.store.open_site_days().await, Ok(Vec::new()));
    assert!(salts.of(&rig.site, DAY, NOON).expect("no failure").is_none() && salts.is_empty());
    assert_eq!(rig.sealer.0.spool.bytes(), 0);

    // Late: counted in cells, and where a crossing or city is shown; nobody is told apart.
    rig.count("/", "DE", &[]);
    rig.count("/b", "IT", &[77]);
    rig.load().await;
    let late = [
        "city AT-X/City 255: 5 by 5",
        "city DE-X/City 255: 7 by 6",
        "city FR-X/City 255: 8 by 6",
        "country AT 255: 5 by 5",
        "country DE 255: 7 by 6",
        "country FR 255: 8 by 6",
        "country IT 255: 1 by 0",
        "page / 255: 18 by 17",
        "page /b 255: 3 by 2",
        "total  9: 21 by 17",
        "total  255: 21 by 17",
    ];
    assert_eq!(
        (rig.cells().await, rig.crossings().await),
        (late.map(str::to_owned).to_vec(), vec!["/ DE: 7 by 6".to_owned()])
    );
    assert_eq!(rig.seal().await, Sealed::Before);
    assert_eq!(rig.engine.store.open_site_days().await, Ok(Vec::new()));
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_while_a_day_is_sealed_waits_and_follows() {
    let rig = Rig::start().await;
    rig.count("/", "DE", &visitors(0..6));
    let hold = rig.sealer.drain(&rig.site.id, DAY).await.expect("drained");
    rig.count("/late", "DE", &[]);
    // The loaders were asked for more and stop before what is held back.
    let reach = rig.sealer.0.progress.reach(hold.after() + 1);
    assert!(tokio::time::timeout(Duration::from_millis(300), reach).await.is_err());
    let open =
        "SELECT concat(value, ' ', toString(sum(events))) AS line FROM cells_open WHERE dim = 'page' GROUP BY value";
    assert_eq!(rig.rows(open).await, ["/ 6"]);
    hold.sealed(SealedDay { day: DAY, generation: 7, rules: Rules::of(&rig.site) });
    rig.load().await;
    assert_eq!(rig.rows(open).await, ["/ 6"]);
    let sealed = "SELECT concat(value, ' ', toString(generation)) AS line FROM cells WHERE dim = 'page' AND hour = 255";
    assert_eq!(rig.rows(sealed).await, ["/late 7"]);
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn remains_of_seals_cut_short_are_removed() {
    let rig = Rig::start().await;
    rig.count("/", "DE", &visitors(0..6));
    rig.load().await;
    let of = Generation { site: rig.site.id.clone(), day: DAY, number: 99, keep_until: Day(30_000) };
    rows::write(&rig.sealer.0, &rig.site, of).await.expect("written");
    assert!(matches!(rig.seal().await, Sealed::Now(_)));
    let counted =
        "SELECT concat(toString(uniqExact(generation)), ' ', toString(countIf(generation = 99))) AS line FROM cells";
    assert_eq!(rig.rows(counted).await, ["1 0"]);
    assert_eq!(rig.crossings().await, ["/ DE: 6 by 6"]);
    rig.stop().await;
}

/// Anybody can send an event that happened days ago: that must not take the day from its owner.
#[tokio::test(flavor = "multi_thread")]
async fn a_past_day_of_late_counts_is_left_to_its_owner_and_audits_well() {
    let rig = Rig::start().await;
    let past = DAY.plus(-3);
    let mut late = batch("/", "DE", &[1]);
    late.cells.iter_mut().for_each(|cell| {
        cell.key.day = past;
        cell.hashes.clear();
    });
    late.crossings = Crossings::default();
    rig.sealer.0.spool.append(&mut late).expect("appended");
    rig.retries.note(late.sequence, &[]).expect("noted");
    rig.load().await;
    assert_eq!(rig.sealer.due().await, Ok(Vec::new()));
    assert_eq!(rig.engine.store.proofs().await.map(|proofs| proofs.open), Ok(Vec::new()));
    // The owner's visitors.
    let salts = &rig.sealer.0.salts;
    assert!(salts.of_backfill(&rig.site, past, NOON).expect("a salt").is_some());
    assert_eq!(rig.sealer.due().await, Ok(Vec::new()));
    // Once filled in, or when somebody asks, it is sealed; the day that goes on and days nobody filled in are not.
    salts.of(&rig.site, DAY, NOON).expect("a salt");
    assert_eq!(salts.filled(&rig.site, NOON), [past]);
    let ask = SealRequest { site: Some("demo".into()), day: None, now: false, filled: true };
    let told = rig.sealer.fulfil(&ask).await;
    assert_eq!((told.lines, told.refused), (vec!["demo  2026-11-18  is closed, and sealed next".to_owned()], None));
    assert_eq!(salts.stage(&rig.site, past, NOON), Stage::Over);
    assert_eq!(salts.stage(&rig.site, DAY, NOON), Stage::Open);
    assert_eq!(rig.sealer.due().await, Ok(vec![(rig.site.clone(), past)]));
    assert_eq!(rig.sealer.fulfil(&ask).await, SealAnswer::default());
    assert!(matches!(rig.sealer.seal(&rig.site, past).await, Ok(Sealed::Now(_))));
    assert_eq!(rig.sealer.due().await, Ok(Vec::new()));
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn days_that_are_over_are_due_and_others_only_on_request() {
    let rig = Rig::start().await;
    let ask = |day: &str, now| SealRequest { site: Some("demo".into()), day: Some(day.into()), now, filled: false };
    rig.count("/", "DE", &[1]);
    rig.load().await;
    assert_eq!(rig.sealer.due().await.map(|due| due.len()), Ok(0));
    let refused = rig.sealer.fulfil(&ask("today", false)).await.refused.expect("refused");
    assert!(refused.starts_with("2026-11-21 is not over for demo"), "{refused}");
    let future = rig.sealer.fulfil(&ask("2026-11-22", true)).await.refused;
    assert_eq!(future, Some("2026-11-22 has not begun for demo: name a day that has".to_owned()));
    let nowhere = SealRequest { site: Some("gone".into()), day: None, now: false, filled: false };
    assert!(rig.sealer.fulfil(&nowhere).await.refused.is_some());
    let nothing = rig.sealer.fulfil(&SealRequest { site: None, day: None, now: false, filled: false }).await;
    assert_eq!((nothing.lines, nothing.refused), (vec!["Nothing is due.".to_owned()], None));

    // Closed early and then interrupted, it is due; two hours after midnight it is without that.
    rig.sealer.0.salts.close(&rig.site.id, DAY).expect("closed");
    assert_eq!(rig.sealer.due().await, Ok(vec![(rig.site.clone(), DAY)]));
    let sealed = rig.sealer.fulfil(&ask("today", true)).await;
    assert_eq!(sealed.refused, None);
    assert_eq!(sealed.lines.len(), 1);
    let before = rig.sealer.fulfil(&ask("2026-11-21", false)).await;
    assert_eq!(before.lines, ["demo  2026-11-21  was sealed before"]);
    assert_eq!(rig.sealer.due().await, Ok(Vec::new()));
    let empty = rig.sealer.fulfil(&ask("yesterday", false)).await;
    assert_eq!(empty.lines, ["demo  2026-11-20  nothing was counted"]);
    assert!(rig.directory.path().join("salts.closed.json").exists());
    rig.stop().await;
}

#[test]
fn days_sealed_one_after_the_other_share_a_number_and_a_try_cut_short_uses_it_up() {
    let mut numbers = Numbers::default();
    let first = numbers.take().expect("a number");
    numbers.keep(first);
    assert_eq!(numbers.take().ok(), Some(first));
    // Not kept: that try was cut short.
    let second = numbers.take().expect("a number");
    assert_ne!(second, first);
    numbers.keep(second);
    numbers.renew();
    assert_ne!(numbers.take().ok(), Some(second));
}

/// One event of each visitor, who came by a source of a channel at nine o'clock.
fn arrivals(source: &str, channel: &str, visitors: &[u32]) -> Batch {
    let mut batch = batch("/", "DE", visitors);
    batch.cells.truncate(2);
    for (dimension, value) in [(Dimension::Source, source), (Dimension::Channel, channel)] {
        let hour = if dimension.hourly() { Hour(9) } else { Hour::WHOLE_DAY };
        let mut cell = batch.cells[0].clone();
        cell.key = CellKey { dimension, value: value.into(), hour, ..cell.key };
        batch.cells.push(cell);
    }
    batch.crossings = crossing([(Dimension::Source, source), (Dimension::Channel, channel)], visitors);
    batch
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strict_day_has_no_hours_of_groups_and_hides_sources_that_a_channel_would_tell() {
    let mut site = Site::new("demo".parse().expect("an id"), jiff::tz::TimeZone::UTC);
    site.strict = true;
    let rig = Rig::of(site).await;
    let of = [("Google", "Search", 0..8), ("Bing", "Search", 8..10), ("Facebook", "Social", 10..16)];
    for (source, channel, who) in of {
        rig.append(arrivals(source, channel, &visitors(who)));
    }
    rig.append(arrivals("(direct)", "Direct", &visitors(16..26)));
    let Sealed::Now(row) = rig.seal().await else { panic!("it was not sealed") };
    assert!(row.rules.strict);
    // Of ten who came by search eight came from Google: two came from Bing.
    let cells = [
        "channel Direct 255: 10 by 10",
        "channel Search 255: 10 by 10",
        "channel Social 255: 6 by 6",
        "page / 255: 26 by 26",
        "source (direct) 255: 10 by 10",
        "source Facebook 255: 6 by 6",
        "total  9: 26 by 26",
        "total  255: 26 by 26",
    ];
    assert_eq!(rig.cells().await, cells);
    rig.stop().await;
}
