//! What runs beside collecting: loading, reloading, forgetting, merging.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::clickhouse::{Store, StoreError};
use crate::clock::Clock;
use crate::config::Config;
use crate::count::{Folder, Live};
use crate::deliver::commit::utc_day;
use crate::deliver::loader::Loader;
use crate::deliver::refused;
use crate::deliver::seal::Sealer;
use crate::ingest::Shared;
use crate::model::Day;

/// Something that runs until the program stops.
pub type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// How often the registry's files are looked at: changes take effect within two seconds.
const REGISTRY_BEAT: Duration = Duration::from_millis(500);
/// How often salts of days past their grace are looked for.
const SALT_BEAT: Duration = Duration::from_secs(30);
/// How often live numbers are tidied.
const LIVE_BEAT: Duration = Duration::from_secs(60);
/// How often open parts are merged (P6) and old batch ids forgotten.
const HOUR: Duration = Duration::from_secs(3600);
/// Time after a start until open parts are merged first: a collector that is restarted within the hour merges too.
const FIRST_MERGE: Duration = Duration::from_secs(60);
/// Time open requests of the ops listener get when the program stops.
const OPS_STOP: Duration = Duration::from_secs(1);
/// Pauses between tries to bring the tables up to date.
const MIGRATION_PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(10));
/// Values read back at a start at the most, so that the caps know them.
const STORED_VALUES: u64 = 1_000_000;

/// Brings the tables up to date and the caps on distinct values to what is stored. Returns whether that is done:
/// a database that is away does not keep the collector from starting.
///
/// # Errors
/// When the tables were made by a newer version.
pub async fn prepare_database(store: &Store, folder: &mut Folder, now: i64) -> anyhow::Result<bool> {
    if let Err(error) = store.migrate().await {
        if matches!(error, StoreError::NewerSchema { .. }) {
            return Err(error.into());
        }
        tracing::warn!(reason = %error, "ClickHouse is away; hits are kept in the spool until it is back");
        return Ok(false);
    }
    let recent = Day(utc_day(now)).plus(-2);
    let since = folder.oldest_open(now).map_or(recent, |day| day.min(recent));
    let warmed = store
        .recent_values(since, STORED_VALUES, |known| {
            if let Ok(site) = known.site.parse() {
                folder.admit_stored(&site, known.day, known.dimension, &known.value);
            }
        })
        .await;
    if let Err(error) = warmed {
        tracing::warn!(reason = %error, "stored values cannot be read; the caps on distinct values start anew");
    }
    Ok(true)
}

/// Loads, once the tables are there and it is known which days are sealed.
pub fn load(
    [cells, crossings]: [Loader; 2],
    sealer: Arc<Sealer>,
    store: Store,
    ready: bool,
    stop: CancellationToken,
) -> Task {
    Box::pin(async move {
        let prepare = async {
            if !ready {
                until_migrated(&store).await;
            }
            while sealer.learn().await.is_err() {
                tokio::time::sleep(MIGRATION_PAUSES.0).await;
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = prepare => {}
        }
        tokio::join!(cells.run(stop.clone()), crossings.run(stop));
    })
}

/// Tries until the tables are up to date. Says why they are not, and again only when that changes.
async fn until_migrated(store: &Store) {
    let mut pause = MIGRATION_PAUSES.0;
    let mut told = None;
    loop {
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(MIGRATION_PAUSES.1);
        let Err(error) = store.migrate().await else { break };
        if told.as_ref() == Some(&error) {
            continue;
        }
        match error {
            StoreError::Unavailable(_) => {
                tracing::warn!(reason = %error, "ClickHouse cannot be used yet and is tried on; hits stay in the spool");
            }
            StoreError::Refused(_) => tracing::error!(
                reason = %error,
                "the tables cannot be made: see that the account may create them; hits stay in the spool until then"
            ),
            StoreError::NewerSchema { .. } | StoreError::TooManyRows { .. } => {
                tracing::error!(reason = %error, "nothing is loaded by this version; hits stay in the spool");
            }
        }
        told = Some(error);
    }
    tracing::info!("ClickHouse is there, and the tables are up to date; the spool is loaded");
}

/// The small recurring duties.
pub fn housekeeping(
    config: &Config,
    shared: &Arc<Shared>,
    live: &Arc<Live>,
    store: &Store,
    stop: &CancellationToken,
) -> Vec<Task> {
    let (registry, salts) = (shared.clone(), shared.clone());
    let (spool, wall) = (config.state_dir.join("spool"), shared.clock.clone());
    let (live, clock, retries, store) = (live.clone(), shared.clock.clone(), shared.clone(), store.clone());
    let mut tasks = vec![
        every(REGISTRY_BEAT, stop, move || refresh(&registry)),
        every(SALT_BEAT, stop, move || destroy_salts(&salts)),
        every(LIVE_BEAT, stop, move || live.forget(clock.unix_seconds())),
        every(HOUR, stop, move || forget_batch_ids(&retries)),
        every(HOUR, stop, move || forget_refused(&spool, &wall)),
        merge(store, stop.clone()),
    ];
    if let Some(places) = shared.places.clone() {
        let beat = Duration::from_secs(config.geo.reload_seconds.max(1));
        tasks.push(every(beat, stop, move || drop(places.reload_if_changed())));
    }
    tasks
}

/// Serves the ops listener. A client that stands still in the middle of a request does not hold up the stop.
pub fn serve_ops(listener: TcpListener, router: Router, stop: CancellationToken) -> Task {
    Box::pin(async move {
        let served = axum::serve(listener, router).with_graceful_shutdown(stop.clone().cancelled_owned());
        let over = async {
            stop.cancelled().await;
            tokio::time::sleep(OPS_STOP).await;
        };
        tokio::select! {
            served = served => {
                if let Err(error) = served {
                    tracing::error!(error = %error, "the ops listener ended");
                }
            }
            () = over => {}
        }
    })
}

/// Does `duty` on every beat until `stop`. Duties touch files, so they run where blocking is allowed.
fn every(beat: Duration, stop: &CancellationToken, duty: impl Fn() + Send + 'static) -> Task {
    let stop = stop.clone();
    Box::pin(async move {
        let mut beats = tokio::time::interval(beat);
        beats.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = beats.tick() => tokio::task::block_in_place(&duty),
            }
        }
    })
}

/// Merges open parts a minute after the start and then every hour.
fn merge(store: Store, stop: CancellationToken) -> Task {
    Box::pin(async move {
        let mut pause = FIRST_MERGE;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
            pause = HOUR;
            if let Err(error) = store.merge_apart().await {
                tracing::warn!(reason = %error, "parts cannot be merged now; the next try is in an hour");
            }
        }
    })
}

fn refresh(shared: &Shared) {
    if let Err(error) = shared.registry.refresh() {
        tracing::error!(error = %error, "the registry cannot be read; what was read before stays in force");
    }
}

fn destroy_salts(shared: &Shared) {
    let registry = shared.registry.snapshot();
    let exists = |site: &crate::model::SiteId| registry.site(site.as_str()).is_some();
    match shared.salts.destroy_closed(shared.clock.unix_seconds(), exists) {
        Ok(0) => {}
        Ok(salts) => tracing::info!(salts, "destroyed the salts of days that are over"),
        Err(error) => tracing::error!(error = %error, "a salt file cannot be destroyed"),
    }
}

fn forget_refused(spool: &Path, clock: &Clock) {
    match refused::forget(spool, clock.unix_seconds()) {
        Ok(0) => {}
        Ok(loads) => tracing::info!(loads, "loads that ClickHouse refused a month ago are destroyed"),
        Err(error) => tracing::error!(error = %error, "refused loads cannot be destroyed; it is tried again"),
    }
}

fn forget_batch_ids(shared: &Shared) {
    if let Err(error) = shared.retries.expire(utc_day(shared.clock.unix_seconds())) {
        tracing::error!(error = %error, "old logs of batch ids cannot be removed");
    }
}
