//! The erasure of sites that were removed: by the collector that runs, else by the command itself. What is to be erased
//! is noted in the registry, together with the removal, and stays noted until nothing is left.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::build::{Database, State, try_lock};
use super::sealing::Delivery;
use super::tasks::{self, Task};
use crate::clock::Clock;
use crate::config::Config;
use crate::count::Live;
use crate::deliver::seal::Sealer;
use crate::files;
use crate::model::SiteId;
use crate::registry::{Registry, RegistryError};

/// How often the collector looks for sites to erase.
const BEAT: Duration = Duration::from_millis(500);
/// Seconds after a removal during which requests that began before may still hand in events.
const SETTLING_SECONDS: i64 = 2;
/// Pause after a try that failed.
const PAUSE: Duration = Duration::from_secs(5);
/// Time a command waits for the collector.
const PATIENCE: Duration = Duration::from_secs(90);
/// Time a command waits for the database when no collector runs.
const TRY: Duration = Duration::from_secs(60);

const NOTED: &str = "What it counted is not erased yet: ClickHouse, or what is on its way there, could not be reached. \
                     It is noted and done by the running server, or by the next one that starts.";

/// What erasing takes.
pub struct Eraser {
    /// Knows what is to be erased.
    pub registry: Arc<Registry>,
    /// Erases.
    pub sealer: Arc<Sealer>,
    /// Forgets.
    pub live: Arc<Live>,
    /// Where the marks of imported files lie.
    pub state_dir: PathBuf,
}

/// Erases sites that were removed, until `stop`.
pub fn watch(eraser: Eraser, stop: CancellationToken) -> Task {
    Box::pin(async move {
        loop {
            let work = async {
                let is_done = eraser.erase_removed().await;
                tokio::time::sleep(if is_done { BEAT } else { PAUSE }).await;
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = work => {}
            }
        }
    })
}

impl Eraser {
    /// Erases what is noted. Returns whether nothing failed.
    async fn erase_removed(&self) -> bool {
        let now = self.registry.now().as_second();
        let noted = self.registry.snapshot().book().erasures.clone();
        let mut is_done = true;
        for erasure in noted.iter().filter(|erasure| now - erasure.removed_at.as_second() >= SETTLING_SECONDS) {
            let Ok(site) = erasure.site.parse::<SiteId>() else { continue };
            match self.sealer.erase(&site).await {
                Ok(rows) => {
                    self.live.forget_site(&site);
                    tracing::info!(rows, "erased a removed site");
                    let note =
                        || forget_imports(&self.state_dir, &site) && note_done(&self.registry, "server", &site).is_ok();
                    is_done &= tokio::task::block_in_place(note);
                }
                Err(error) => {
                    tracing::warn!(reason = %error, "a removed site cannot be erased now; it is tried again");
                    is_done = false;
                }
            }
        }
        is_done
    }
}

/// How far files were imported into a site that is gone.
fn forget_imports(state_dir: &Path, site: &SiteId) -> bool {
    let marks = state_dir.join("imports").join(format!("{site}.json"));
    files::destroy(&marks)
        .inspect_err(|error| tracing::error!(error = %error, "marks of imports cannot be removed"))
        .is_ok()
}

fn note_done(registry: &Registry, who: &str, site: &SiteId) -> Result<(), RegistryError> {
    let outcome = registry.update(who, |draft| {
        draft.site_erased(site.as_str());
        Ok(())
    });
    if let Err(error) = &outcome {
        tracing::error!(error = %error, "the registry cannot be written; the erasure is done again");
    }
    outcome
}

/// Waits until what a removed site counted is erased, or does it when no collector runs.
///
/// # Errors
/// The state directory cannot be used. A database that is away is no error: the erasure stays noted.
pub fn erase(config: &Config, site: &str, out: &mut dyn Write) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let began = Instant::now();
    let is_done = loop {
        let registry = Registry::open(&config.state_dir)?;
        registry.bound_audit(config.log.audit_max_mib << 20);
        if registry.snapshot().book().erasures.iter().all(|erasure| erasure.site != site) {
            break true;
        }
        // A collector that runs does it; one that ends meanwhile leaves it to us.
        if let Some(_held) = try_lock(&config.state_dir)? {
            break runtime.block_on(alone(config, &site.parse()?)).unwrap_or_default();
        }
        if began.elapsed() > PATIENCE {
            break false;
        }
        std::thread::sleep(BEAT);
    };
    Ok(writeln!(out, "{}", if is_done { "Everything it counted is erased." } else { NOTED })?)
}

/// Does what a collector would. Returns whether it worked.
async fn alone(config: &Config, site: &SiteId) -> anyhow::Result<bool> {
    let state = State::open(config, &Clock::System)?;
    let stop = CancellationToken::new();
    let database = Database::open(config, &stop).await?;
    let supervision = database.supervision.map(tokio::spawn);
    let is_done = if database.store.migrate().await.is_ok() {
        let Delivery { loaders, sealer, .. } = Delivery::open(config, &state, &database.store, None)?;
        let stop_loading = CancellationToken::new();
        let load = tasks::load(loaders, sealer.clone(), database.store.clone(), true, stop_loading.clone());
        let load = tokio::spawn(load);
        let erased = tokio::time::timeout(TRY, sealer.erase(site)).await;
        stop_loading.cancel();
        load.await?;
        matches!(erased, Ok(Ok(_)))
            && forget_imports(&config.state_dir, site)
            && note_done(&state.registry, "cli", site).is_ok()
    } else {
        false
    };
    stop.cancel();
    if let Some(supervision) = supervision {
        supervision.await?;
    }
    Ok(is_done)
}
