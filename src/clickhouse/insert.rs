//! One load of cells or crossings into ClickHouse. Called by the loader, which tries again under the same token, and asks
//! ([`super::receipt`]) what is there. Mechanism only: what is in a load, and when to try again, is not known here.

use std::time::Duration;

use bytes::Bytes;

use super::encode;
use super::failure::{InsertError, timed_out};
use super::receipt::Shipment;
use super::store::Store;
use crate::model::{Cell, Crossings};

/// Settings that make an insert one block per partition whatever its size, and one that may be repeated: the token
/// names a block only if the load is cut into blocks the same way each time.
const SETTINGS: [(&str, &str); 10] = [
    ("async_insert", "0"),
    ("insert_deduplicate", "1"),
    // No group is twice in a load, so there is nothing to add up before it is written.
    ("optimize_on_insert", "0"),
    ("input_format_parallel_parsing", "0"),
    ("max_insert_threads", "1"),
    ("max_insert_block_size", "1000000000"),
    ("min_insert_block_size_rows", "0"),
    ("min_insert_block_size_bytes", "0"),
    ("max_partitions_per_insert_block", "0"),
    // An answer that says 200 is sent only when the insert is done.
    ("wait_end_of_query", "1"),
];

impl Store {
    /// Inserts the cells as one load. With the same cells and token it may be repeated after any outcome: they do not
    /// count twice as long as ClickHouse knows the token. After a kill or a power cut that is not certain, nor that they
    /// are there: [`Self::arrived`] tells.
    ///
    /// # Errors
    /// [`InsertError::Retry`] when the same bytes may be taken later, [`InsertError::Refused`] when they never will.
    pub async fn insert_cells(&self, cells: &[Cell], shipment: &Shipment) -> Result<(), InsertError> {
        if cells.is_empty() {
            return Ok(());
        }
        let statement = format!("INSERT INTO cells_open ({}) FORMAT RowBinary", encode::COLUMNS);
        self.insert_rows(&statement, encode::cells(cells, shipment), shipment.token).await
    }

    /// Inserts the crossings as one load, as [`Self::insert_cells`] does cells.
    ///
    /// # Errors
    /// [`InsertError::Retry`] when the same bytes may be taken later, [`InsertError::Refused`] when they never will.
    pub async fn insert_crossings(&self, crossings: &Crossings, shipment: &Shipment) -> Result<(), InsertError> {
        if crossings.is_empty() {
            return Ok(());
        }
        let statement = format!("INSERT INTO crossings_open ({}) FORMAT RowBinary", encode::CROSSING_COLUMNS);
        self.insert_pieces(&statement, encode::crossings(crossings, shipment), shipment.token).await
    }

    /// Sends encoded rows under a token.
    pub(super) async fn insert_rows(&self, statement: &str, rows: Bytes, token: u128) -> Result<(), InsertError> {
        self.insert_pieces(statement, std::iter::once(rows), token).await
    }

    /// Sends encoded rows in pieces, as one insert under a token: rows count when all of them have come.
    async fn insert_pieces(
        &self,
        statement: &str,
        pieces: impl Iterator<Item = Bytes>,
        token: u128,
    ) -> Result<(), InsertError> {
        let mut insert = self.client().insert_formatted_with(statement);
        for (name, value) in SETTINGS {
            insert = insert.with_setting(name, value);
        }
        insert = insert.with_setting("insert_deduplication_token", format!("{token:032x}"));
        let whole = async move {
            for piece in pieces {
                insert.send(piece).await?;
            }
            insert.end().await
        };
        let patience = self.patience() + Duration::from_secs(2);
        match tokio::time::timeout(patience, whole).await {
            Ok(outcome) => Ok(outcome?),
            Err(_) => Err(InsertError::Retry(timed_out())),
        }
    }
}
