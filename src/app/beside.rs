//! What commands beside a running collector ask its database.

use std::time::Duration;

use anyhow::bail;
use tokio_util::sync::CancellationToken;

use super::build::{Database, try_lock};
use crate::cli::audit::{StoredRows, StoredTable};
use crate::clickhouse::engine::{self, Settings};
use crate::clickhouse::{Column, Proofs, SiteDayRows, Store, Table, Target};
use crate::config::Config;

/// Time the database has for an answer to a command.
const PATIENCE: Duration = Duration::from_secs(10);
/// Time it has to look through every row.
const AUDIT_PATIENCE: Duration = Duration::from_secs(900);

/// The tables that are stored, and what their rows say; `None` when the database cannot be reached.
///
/// # Errors
/// When the configuration of the database is wrong, or it cannot answer.
pub fn stored(config: &Config) -> anyhow::Result<Option<(Vec<StoredTable>, StoredRows)>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let Some(target) = reachable(config).await? else { return Ok(None) };
        let Ok(tables) = Store::fixed(target.clone(), PATIENCE).tables().await else { return Ok(None) };
        let proofs = Store::fixed(target, AUDIT_PATIENCE).proofs().await?;
        Ok(Some((tables.into_iter().map(stored_table).collect(), stored_rows(proofs))))
    })
}

fn stored_rows(proofs: Proofs) -> StoredRows {
    let told = |rows: Vec<SiteDayRows>| {
        rows.into_iter().map(|(site, day, rows)| (site.to_string(), day.date(), rows)).collect()
    };
    StoredRows {
        open: told(proofs.open),
        left_open: told(proofs.left_open),
        small: told(proofs.small),
        unnamed: told(proofs.unnamed),
        opted_out: told(proofs.opted_out),
        too_fine: told(proofs.too_fine),
        sites: proofs.sites.iter().map(ToString::to_string).collect(),
    }
}

/// The server of the configuration, else the engine of the collector that runs.
async fn reachable(config: &Config) -> anyhow::Result<Option<Target>> {
    Ok(match Target::configured(&config.clickhouse)? {
        Some(target) => Some(target),
        None => engine::attach(&Settings::of(config)?).await,
    })
}

/// Does `work` with the database: that of the configuration, of the collector that runs, or an engine that is started
/// for it.
///
/// # Errors
/// Those of `work`, or the engine cannot be started.
pub(super) async fn with_store<T>(
    config: &Config,
    work: impl AsyncFnOnce(Store) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    if let Some(target) = reachable(config).await? {
        return work(Store::fixed(target, PATIENCE)).await;
    }
    let Some(_held) = try_lock(&config.state_dir)? else {
        bail!("the server that runs has no database now: try again in a moment");
    };
    let stop = CancellationToken::new();
    let database = Database::open(config, &stop).await?;
    let supervision = database.supervision.map(tokio::spawn);
    let outcome = match database.store.migrate().await {
        Ok(()) => work(database.store).await,
        Err(error) => Err(error.into()),
    };
    stop.cancel();
    if let Some(supervision) = supervision {
        supervision.await?;
    }
    outcome
}

fn stored_table(table: Table) -> StoredTable {
    let kept = table.columns.into_iter().filter(|column| !column.ephemeral);
    let columns = kept.map(|Column { name, kind, comment, .. }| [name, kind, comment]).collect();
    StoredTable { name: table.name, comment: table.comment, columns }
}
