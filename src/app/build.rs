//! Makes every part and hands each its collaborators. Nothing runs yet when this is done, the engine apart.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::erasure::{self, Eraser};
use super::exports::StoreExports;
use super::reports::{LiveView, StoreReports};
use super::retention;
use super::sealing::{self, Delivery};
use super::statement::Declared;
use super::tasks::{self, Task};
use super::totals::SealedTotals;
use super::visits;
use crate::api;
use crate::clickhouse::engine::{self, Engine};
use crate::clickhouse::{Store, Target};
use crate::clock::Clock;
use crate::config::Config;
use crate::count::{Folder, Live};
use crate::deliver::commit::{Committer, utc_day};
use crate::deliver::fault::{self, Fault};
use crate::deliver::intake::Intake;
use crate::deliver::loader;
use crate::deliver::retry::{RetrySet, Room};
use crate::deliver::seal::Sealer;
use crate::deliver::spool::{Spool, SpoolLimits};
use crate::files;
use crate::http::body::BodyMemory;
use crate::http::client_ip::TrustedProxies;
use crate::http::collect::Collect;
use crate::http::lag::Lag;
use crate::http::ops::{self, Ops};
use crate::http::server::{self, Limits, Worker};
use crate::http::statement;
use crate::ingest::enrich::agent::AgentRules;
use crate::ingest::enrich::source::Sources;
use crate::ingest::filter::spam::SpamHosts;
use crate::ingest::tally::Tally;
use crate::ingest::{Collector, RateLimit, Shared};
use crate::privacy::place::Places;
use crate::privacy::salt::SaltStore;
use crate::registry::{self, Registry};
use crate::stats::Egress;
use crate::telemetry::metrics::{Metrics, Sources as MetricSources};

/// Every part, ready to run.
pub struct App {
    /// What is printed when everything listens.
    pub greeting: String,
    /// Collecting threads with their sockets.
    pub workers: Vec<(Worker, std::net::TcpListener)>,
    /// Limits of the public listener.
    pub limits: Limits,
    /// Where threads hand in.
    pub intake: Arc<Intake>,
    /// The commit thread's work.
    pub committer: Committer,
    /// The loaders' work.
    pub loader: Task,
    /// Everything that runs beside.
    pub tasks: Vec<Task>,
    /// Ends accepting.
    pub stop_accepting: CancellationToken,
    /// Ends loading.
    pub stop_loading: CancellationToken,
    /// Ends the rest.
    pub stop_rest: CancellationToken,
    /// Time for connections, and again for the spool.
    pub stop_timeout: Duration,
}

/// What lies in the state directory, opened.
pub(super) struct State {
    pub(super) registry: Arc<Registry>,
    pub(super) salts: Arc<SaltStore>,
    pub(super) spool: Arc<Spool>,
    pub(super) retries: Arc<RetrySet>,
}

/// The database and the task that keeps it up, when it is ours.
pub(super) struct Database {
    pub(super) store: Store,
    pub(super) supervision: Option<Task>,
    restarts: Box<dyn Fn() -> u64 + Send + Sync>,
}

impl App {
    /// Makes every part.
    ///
    /// # Errors
    /// When one cannot be made; the message says what to do.
    pub async fn build(config: Config) -> anyhow::Result<Self> {
        let clock = Clock::System;
        lock(&config.state_dir)?;
        let state = State::open(&config, &clock)?;
        let sockets = bind(&config)?;
        let stops = [(); 3].map(|()| CancellationToken::new());
        let [stop_accepting, stop_loading, stop_rest] = stops.clone();

        let database = Database::open(&config, &stop_rest).await?;
        let live = Arc::new(Live::default());
        let mut folder =
            Folder::new(state.salts.clone(), live.clone(), config.ingest.max_values_per_dimension as usize);
        folder.bound_visits(config.ingest.visits_max_mib as usize * (1 << 20));
        let ready = tasks::prepare_database(&database.store, &mut folder, clock.unix_seconds()).await?;
        visits::restore(&mut folder, &config, clock.unix_seconds())?;

        let intake = Arc::new(Intake::new(sockets.len(), state.spool.clone()));
        let shared = Arc::new(shared(&config, &state, &intake, &clock)?);
        let delivery = Delivery::open(&config, &state, &database.store, Some(intake.clone()))?;
        let committer = committer(&config, &state, &intake, folder, &clock);
        let metrics = metrics(&state, &shared, &delivery, database.restarts);
        let ops = Arc::new(Ops { metrics, intake: intake.clone(), stopping: stop_accepting.clone() });
        let mut tasks = tasks::housekeeping(&config, &shared, &live, &database.store, &stop_rest);
        tasks.extend(database.supervision);
        let (registry, store) = (state.registry.clone(), database.store.clone());
        tasks.push(retention::watch(registry.clone(), store, stop_rest.clone()));
        let eraser = Eraser {
            registry,
            sealer: delivery.sealer.clone(),
            live: live.clone(),
            state_dir: config.state_dir.clone(),
        };
        tasks.push(erasure::watch(eraser, stop_accepting.clone()));
        tasks.push(sealing::watch(delivery.sealer.clone(), &config.state_dir, stop_accepting.clone())?);
        tasks.push(tasks::serve_ops(
            tokio::net::TcpListener::bind(config.listen.ops).await.with_context(|| taken("ops", config.listen.ops))?,
            ops::router(ops),
            stop_rest.clone(),
        ));

        let rest = outside(&config, &shared, &database.store, (live, delivery.sealer.clone()), &stop_accepting);
        let greeting = greeting(&config, &state.registry)?;
        Ok(Self {
            greeting,
            workers: workers(&config, sockets, &shared, &rest),
            limits: limits(&config),
            intake,
            committer,
            loader: tasks::load(delivery.loaders, delivery.sealer, database.store, ready, stop_loading.clone()),
            tasks,
            stop_accepting,
            stop_loading,
            stop_rest,
            stop_timeout: Duration::from_secs(config.deliver.stop_timeout_seconds),
        })
    }
}

impl State {
    pub(super) fn open(config: &Config, clock: &Clock) -> anyhow::Result<Self> {
        let registry = Registry::open(&config.state_dir)?;
        registry.bound_audit(config.log.audit_max_mib << 20);
        let now = clock.unix_seconds();
        let snapshot = registry.snapshot();
        let sites = snapshot.sites().map(|site| &**site);
        let salts = Arc::new(SaltStore::open(&config.state_dir.join("salts"), sites, now)?);
        let mib = 1024 * 1024;
        let limits =
            SpoolLimits { total: config.deliver.spool_max_mib * mib, segment: config.deliver.segment_mib * mib };
        let directory = config.state_dir.join("spool");
        let floor = loader::highest_sequence(&directory).context("the load journal of the spool cannot be read")?;
        let (spool, recovered) = Spool::open(&directory, limits, floor)?;
        if recovered.batches > 0 || recovered.cut_bytes > 0 || recovered.damaged > 0 {
            let (batches, cut, damaged) = (recovered.batches, recovered.cut_bytes, recovered.damaged);
            tracing::info!(batches, cut_bytes = cut, damaged_records = damaged, "found a spool of an earlier run");
        }
        let room = Room {
            with_key: config.ingest.batch_ids_with_key as usize,
            without_key: config.ingest.batch_ids_without_key as usize,
        };
        let directory = config.state_dir.join("retries");
        let retries = RetrySet::open(&directory, recovered.remembered, spool.newest(), utc_day(now), room)?;
        let spool = spool.dying_at(Fault::named(std::env::var(fault::VARIABLE).ok().as_deref())?);
        Ok(Self { registry, salts, spool: Arc::new(spool), retries: Arc::new(retries) })
    }
}

impl Database {
    /// The configured server, or the embedded engine, started.
    pub(super) async fn open(config: &Config, stop: &CancellationToken) -> anyhow::Result<Self> {
        let patience = Duration::from_secs(config.clickhouse.timeout_seconds);
        if let Some(target) = Target::configured(&config.clickhouse)? {
            let store = Store::fixed(target, patience).with_most_rows(config.clickhouse.answer_max_rows);
            return Ok(Self { store, supervision: None, restarts: Box::new(|| 0) });
        }
        let engine = Engine::start(engine::Settings::of(config)?).await?;
        let (store, status) = (Store::connect(engine.targets(), patience), engine.status());
        let store = store.with_most_rows(config.clickhouse.answer_max_rows);
        let supervision: Task = Box::pin(engine.run(stop.clone()));
        Ok(Self { store, supervision: Some(supervision), restarts: Box::new(move || status.restarts()) })
    }
}

/// Makes the state directory its owner's alone, and holds it for as long as the process lives: two collectors on one
/// would count everything twice.
fn lock(state_dir: &Path) -> anyhow::Result<()> {
    let Some(file) = try_lock(state_dir)? else {
        bail!("another collector runs on {}: stop it, or give this one a state_dir of its own", state_dir.display());
    };
    // The lock goes with the process, also when it is killed.
    std::mem::forget(file);
    Ok(())
}

/// The lock of a state directory, for as long as the file is open; none when a collector holds it.
pub(super) fn try_lock(state_dir: &Path) -> anyhow::Result<Option<File>> {
    files::make_private_directory(state_dir).with_context(|| format!("state directory {}", state_dir.display()))?;
    let tightened = files::tighten_directory(state_dir).with_context(|| {
        let directory = state_dir.display();
        format!("state directory {directory} is open to other users: make it the collector's own, mode 0700")
    })?;
    if tightened {
        tracing::warn!("the state directory was open to other users; its mode is 0700 now");
    }
    let path = state_dir.join("lock");
    let file = files::open_private_append(&path).with_context(|| path.display().to_string())?;
    Ok(File::try_lock(&file).is_ok().then_some(file))
}

fn bind(config: &Config) -> anyhow::Result<Vec<std::net::TcpListener>> {
    let threads = match config.listen.threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    server::bind(config.listen.public, threads).with_context(|| taken("public", config.listen.public))
}

fn taken(which: &str, address: std::net::SocketAddr) -> String {
    format!("listen.{which}: cannot listen on {address}; stop what listens there or choose another address")
}

fn shared(config: &Config, state: &State, intake: &Arc<Intake>, clock: &Clock) -> anyhow::Result<Shared> {
    let ingest = &config.ingest;
    let places = config.geo.found().map(|path| Places::open(&path)).transpose()?;
    if places.is_none() {
        tracing::warn!("no country data: set geo.file to a .mmdb file, or run `make build` in a checkout");
    }
    Ok(Shared {
        registry: state.registry.clone(),
        salts: state.salts.clone(),
        places: places.map(Arc::new),
        sources: Sources::load(ingest.sources_file.as_deref())?,
        spam: SpamHosts::load(ingest.spam_hosts_file.as_deref())?,
        agents: Arc::new(AgentRules::load()?),
        intake: intake.clone(),
        retries: state.retries.clone(),
        tally: Arc::new(Tally::default()),
        hit_limit: RateLimit::new(ingest.rate_per_second, ingest.rate_burst),
        batch_limit: RateLimit::new(ingest.batch_rate_per_second, ingest.rate_burst),
        clock: clock.clone(),
    })
}

/// What is not collecting: dashboards, API, downloads.
fn outside(
    config: &Config,
    shared: &Shared,
    store: &Store,
    (live, sealer): (Arc<Live>, Arc<Sealer>),
    stop_accepting: &CancellationToken,
) -> axum::Router {
    let (registry, clock) = (shared.registry.clone(), shared.clock.clone());
    let view = Arc::new(LiveView { live, lists: Default::default(), clock: clock.clone() });
    let egress = Egress::new(store.clone());
    let exports = Arc::new(StoreExports::new(store.clone(), egress.clone(), clock.clone()));
    let reports = Arc::new(StoreReports { egress, clock });
    let settings = api_settings(config, shared);
    let totals = Arc::new(SealedTotals(sealer));
    let api = api::ApiState::new(registry.clone(), reports, (view, totals), settings, stop_accepting.clone());
    let declared = Declared::new(store.clone(), registry.clone(), shared.salts.clone(), shared.clock.clone());
    let routes = api::router(api).merge(statement::router(Arc::new(declared)));
    let exports = api::export::router(registry, exports);
    server::rest(routes, exports, Duration::from_secs(config.listen.body_timeout_seconds))
}

fn workers(
    config: &Config,
    sockets: Vec<std::net::TcpListener>,
    shared: &Arc<Shared>,
    rest: &axum::Router,
) -> Vec<(Worker, std::net::TcpListener)> {
    let memory = BodyMemory::default();
    let worker = |(number, socket)| {
        let collect = Collect {
            collector: Collector::new(number, shared.clone()),
            proxies: TrustedProxies::new(config.listen.trusted_proxies.clone()),
            body_timeout: Duration::from_secs(config.listen.body_timeout_seconds),
            memory: memory.clone(),
            lag: Lag::new(Duration::from_millis(config.listen.shed_after_ms)),
        };
        (Worker { collect, rest: rest.clone(), rest_runtime: tokio::runtime::Handle::current() }, socket)
    };
    sockets.into_iter().enumerate().map(worker).collect()
}

fn committer(config: &Config, state: &State, intake: &Arc<Intake>, folder: Folder, clock: &Clock) -> Committer {
    Committer {
        intake: intake.clone(),
        folder,
        spool: state.spool.clone(),
        retries: state.retries.clone(),
        clock: clock.clone(),
        interval: Duration::from_millis(config.deliver.commit_interval_ms),
        visits: visits::file(config),
    }
}

fn metrics(
    state: &State,
    shared: &Shared,
    delivery: &Delivery,
    engine_restarts: Box<dyn Fn() -> u64 + Send + Sync>,
) -> Metrics {
    Metrics::new(MetricSources {
        tally: shared.tally.clone(),
        spool: state.spool.clone(),
        loader: delivery.loads.clone(),
        seals: delivery.seals.clone(),
        retries: state.retries.clone(),
        salts: state.salts.clone(),
        engine_restarts,
    })
}

fn limits(config: &Config) -> Limits {
    Limits {
        head_timeout: Duration::from_secs(config.listen.head_timeout_seconds),
        stop_timeout: Duration::from_secs(config.deliver.stop_timeout_seconds),
        connections: Arc::new(Semaphore::new(config.listen.max_connections)),
    }
}

fn api_settings(config: &Config, shared: &Shared) -> api::Settings {
    let credit = api::Credit { text: config.geo.credit.clone(), url: config.geo.credit_url.clone() };
    let credits = if shared.places.is_some() && !credit.text.is_empty() { vec![credit] } else { Vec::new() };
    api::Settings { public_url: config.listen.url(), credits }
}

fn greeting(config: &Config, registry: &Registry) -> anyhow::Result<String> {
    let url = config.listen.url();
    let dashboard = format!("Dashboard: {url}/");
    Ok(match registry::first_start(registry)? {
        Some(link) => {
            format!("{dashboard}\nSign in (once, to set the password of `{}`): {}", link.user, link.address(&url))
        }
        None => dashboard,
    })
}
