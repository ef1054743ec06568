//! What commands beside a running collector ask its database.

use std::time::Duration;

use crate::cli::audit::StoredTable;
use crate::clickhouse::engine::{self, Settings};
use crate::clickhouse::{Column, Store, Table, Target};
use crate::config::Config;

/// Time the database has for an answer to a command.
const PATIENCE: Duration = Duration::from_secs(10);

/// The tables that are stored; `None` when the database cannot be reached.
///
/// # Errors
/// When the configuration of the database is wrong.
pub fn stored_tables(config: &Config) -> anyhow::Result<Option<Vec<StoredTable>>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let target = match Target::configured(&config.clickhouse)? {
            Some(target) => Some(target),
            None => engine::attach(&Settings::of(config)?).await,
        };
        let Some(target) = target else { return Ok(None) };
        let tables = Store::fixed(target, PATIENCE).tables().await.ok();
        Ok(tables.map(|tables| tables.into_iter().map(stored).collect()))
    })
}

fn stored(table: Table) -> StoredTable {
    let kept = table.columns.into_iter().filter(|column| !column.ephemeral);
    let columns = kept.map(|Column { name, kind, comment, .. }| [name, kind, comment]).collect();
    StoredTable { name: table.name, comment: table.comment, columns }
}
