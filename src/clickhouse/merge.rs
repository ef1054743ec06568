//! Merges what was inserted apart. A part that was just inserted may hold the cells of a single hit; merged into its
//! partition it no longer can be told from the others. Called at least hourly (P6).
//!
//! Counts that come late go to the quarter of their sealed day. It is merged as often, unless it is large: then a load holds
//! more than one person's counts most of the time, and ClickHouse merges by itself.

use super::failure::StoreError;
use super::store::Store;

/// Rows of a quarter of sealed days that are merged every hour: some seconds of work. A site with 100,000 page views a day
/// has four million crossings in a quarter.
const SEALED_ROWS: u64 = 5_000_000;

impl Store {
    /// Merges every partition of open cells and crossings that is in several parts, and those of sealed ones that have at most
    /// five million rows. Returns how many were merged. One that cannot be merged keeps none of the others from it.
    ///
    /// # Errors
    /// ClickHouse is away, or a merge did not end in time; the first failure of several.
    pub async fn merge_apart(&self) -> Result<usize, StoreError> {
        let client = self.client();
        let scattered = client
            .query(
                "SELECT table, partition_id FROM system.parts WHERE database = currentDatabase() \
                 AND table IN ('cells_open', 'crossings_open', 'cells', 'crossings') AND active \
                 GROUP BY table, partition_id HAVING count() > 1 AND (endsWith(table, '_open') OR sum(rows) <= {most:UInt64}) \
                 ORDER BY table, partition_id",
            )
            .param("most", SEALED_ROWS)
            .fetch_all::<(String, String)>();
        let partitions = self.within(scattered).await?;
        let mut outcome = Ok(partitions.len());
        for (table, partition) in &partitions {
            let merge = client.query("OPTIMIZE TABLE {table:Identifier} PARTITION ID {partition:String} FINAL");
            let merge = merge.param("table", table);
            if let Err(failure) = self.within(merge.param("partition", partition).execute()).await {
                outcome = outcome.and(Err(failure));
            }
        }
        outcome
    }
}
