//! The parts that load and seal, put together for a collector, and `headcount seal` with a collector or without one.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use tokio_util::sync::CancellationToken;

use super::build::{Database, State, try_lock};
use super::tasks::{self, Task};
use crate::cli::seal::SealArgs;
use crate::clickhouse::Store;
use crate::clock::Clock;
use crate::config::Config;
use crate::deliver::fault::{Fault, VARIABLE};
use crate::deliver::intake::Intake;
use crate::deliver::loader::{Loader, LoaderCounts, LoaderParts};
use crate::deliver::progress::Progress;
use crate::deliver::seal::request::{Requests, SealAnswer, SealRequest};
use crate::deliver::seal::{SealCounts, Sealer, SealerParts, Sites};
use crate::deliver::seals::Seals;
use crate::deliver::table::Table;
use crate::model::{Site, SiteId};
use crate::registry::Registry;

/// How often the answer of a running collector is looked for, and how long it may take.
const LOOK: Duration = Duration::from_millis(100);
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// What goes on behind the spool.
pub struct Delivery {
    /// Loaders of both tables.
    pub loaders: [Loader; 2],
    /// Seals.
    pub sealer: Arc<Sealer>,
    /// For metrics.
    pub loads: Arc<LoaderCounts>,
    /// For metrics.
    pub seals: Arc<SealCounts>,
}

impl Delivery {
    /// Puts loaders and sealer together. `intake`: where commits happen; none when nothing is collected.
    pub fn open(config: &Config, state: &State, store: &Store, intake: Option<Arc<Intake>>) -> anyhow::Result<Self> {
        let (loads, counts) = (Arc::<LoaderCounts>::default(), Arc::<SealCounts>::default());
        let (progress, seals) = (Arc::<Progress>::default(), Arc::<Seals>::default());
        let sites: Arc<dyn Sites> = Arc::new(RegisteredSites(state.registry.clone()));
        let fault = Fault::named(std::env::var(VARIABLE).ok().as_deref())?;
        let parts = LoaderParts {
            spool: state.spool.clone(),
            store: store.clone(),
            retries: state.retries.clone(),
            counts: loads.clone(),
            progress: progress.clone(),
            seals: seals.clone(),
            sites: sites.clone(),
            directory: config.state_dir.join("spool"),
            max_rows: config.deliver.load_max_cells,
            fault,
        };
        let deliver = &config.deliver;
        let open = |table, interval| Loader::open(table, Duration::from_millis(interval), parts.clone());
        let cells = open(Table::Cells, deliver.load_interval_ms)?;
        let crossings = open(Table::Crossings, deliver.crossings_interval_ms)?;
        let sealer = Sealer::new(SealerParts {
            store: store.clone(),
            salts: state.salts.clone(),
            seals,
            spool: state.spool.clone(),
            progress,
            intake,
            sites,
            clock: Clock::System,
            counts: counts.clone(),
            fault,
        });
        Ok(Self { loaders: [cells, crossings], sealer: Arc::new(sealer), loads, seals: counts })
    }
}

/// The registry's sites.
struct RegisteredSites(Arc<Registry>);

impl Sites for RegisteredSites {
    fn site(&self, id: &SiteId) -> Option<Arc<Site>> {
        self.0.snapshot().site(id.as_str()).cloned()
    }

    fn all(&self) -> Vec<Arc<Site>> {
        self.0.snapshot().sites().cloned().collect()
    }
}

/// Seals what is due and what is asked for, until `stop`. What an earlier run was asked is forgotten before anybody can
/// ask this one.
pub fn watch(sealer: Arc<Sealer>, state_dir: &Path, stop: CancellationToken) -> anyhow::Result<Task> {
    let requests = Requests::of(state_dir);
    requests.clear().context("old requests in the state directory cannot be removed")?;
    Ok(Box::pin(async move { sealer.watch(&requests, &stop).await }))
}

/// `headcount seal`: asks the collector that runs, or does it itself.
///
/// # Errors
/// Not everything could be sealed; the message says why and what to do.
pub fn seal(config: &Config, arguments: SealArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let SealArgs { site, day, now, filled } = arguments;
    let answer = answered(config, &SealRequest { site, day, now, filled })?;
    if filled && answer.lines.is_empty() && answer.refused.is_none() {
        writeln!(out, "No past day is being filled in.")?;
    }
    for line in &answer.lines {
        writeln!(out, "{line}")?;
    }
    match answer.refused {
        Some(refused) => bail!(refused),
        None => Ok(()),
    }
}

/// Closes the past days of a site that were just filled in, so that they are sealed next, one after the other: a running
/// collector would wait until nothing has come for 15 minutes. Says how many there were.
///
/// # Errors
/// The collector cannot be asked, or not all of them could be closed; it does that later by itself.
pub fn seal_filled(config: &Config, site: &str, out: &mut dyn Write) -> anyhow::Result<()> {
    let request = SealRequest { site: Some(site.to_owned()), day: None, now: false, filled: true };
    let answer = answered(config, &request)?;
    writeln!(out, "{:<18}{:>12}", "days closed", answer.lines.len())?;
    answer.refused.map_or(Ok(()), |refused| bail!(refused))
}

fn answered(config: &Config, request: &SealRequest) -> anyhow::Result<SealAnswer> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    match try_lock(&config.state_dir)? {
        Some(_held) => runtime.block_on(alone(config, request)),
        None => runtime.block_on(ask(&config.state_dir, request)),
    }
}

/// Hands the request to the collector that holds the state directory.
async fn ask(state_dir: &Path, request: &SealRequest) -> anyhow::Result<SealAnswer> {
    let pending =
        Requests::of(state_dir).ask(request).context("the request to the running server cannot be written")?;
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        tokio::time::sleep(LOOK).await;
        if let Some(answer) = pending.answer().context("the server's answer cannot be read")? {
            return Ok(answer);
        }
        if try_lock(state_dir)?.is_some() {
            bail!("the server ended before it answered: run this again, it goes on where the server stopped");
        }
    }
    bail!("the server did not answer in time; what is due is sealed as soon as it can be")
}

/// Does what a collector would: loads what waits, seals, and stops.
async fn alone(config: &Config, request: &SealRequest) -> anyhow::Result<SealAnswer> {
    let state = State::open(config, &Clock::System)?;
    let stop = CancellationToken::new();
    let database = Database::open(config, &stop).await?;
    let supervision = database.supervision.map(tokio::spawn);
    let Delivery { loaders, sealer, .. } = Delivery::open(config, &state, &database.store, None)?;
    let outcome = async {
        database.store.migrate().await?;
        let stop_loading = CancellationToken::new();
        let load =
            tokio::spawn(tasks::load(loaders, sealer.clone(), database.store.clone(), true, stop_loading.clone()));
        let mut answer = sealer.fulfil(request).await;
        if request.filled && answer.refused.is_none() {
            answer = sealer.fulfil(&SealRequest { filled: false, ..request.clone() }).await;
        }
        stop_loading.cancel();
        load.await?;
        anyhow::Ok(answer)
    };
    let answer = outcome.await;
    stop.cancel();
    if let Some(supervision) = supervision {
        supervision.await?;
    }
    answer
}
