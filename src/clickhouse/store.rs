//! The handle everything outside this folder holds. Cheap to clone. Knows how to reach ClickHouse now, which for the
//! embedded engine changes with each restart, puts a time limit on every statement, and keeps what a seal is about to
//! remove in place while it is being read.

use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clickhouse::{Client, Compression};
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard, watch};

use super::failure::{StoreError, timed_out};
use super::target::Target;

/// Rows that one answer may have unless the configuration says otherwise: some hundred megabytes.
const MOST_ROWS: u64 = 2_000_000;

/// Writes cells and answers reports.
#[derive(Clone)]
pub struct Store {
    targets: watch::Receiver<Target>,
    base: Client,
    patience: Duration,
    most_rows: u64,
    reads: Arc<RwLock<()>>,
    /// Tables of exports that broke off.
    pub(super) left: Arc<Mutex<Vec<String>>>,
}

impl Store {
    /// A store that follows `targets`: an engine's, or one that never changes.
    /// `patience` is the time one statement may take.
    pub fn connect(targets: watch::Receiver<Target>, patience: Duration) -> Self {
        // Loopback or a local network: compressing answers of some kilobytes costs more than it saves.
        let base = Client::default().with_compression(Compression::None);
        Self { targets, base, patience, most_rows: MOST_ROWS, reads: Arc::default(), left: Arc::default() }
    }

    /// A store on one server.
    pub fn fixed(target: Target, patience: Duration) -> Self {
        Self::connect(watch::Sender::new(target).subscribe(), patience)
    }

    /// The same store, whose answers have at most `most` rows; what has more is refused.
    #[must_use]
    pub fn with_most_rows(self, most: u64) -> Self {
        Self { most_rows: most, ..self }
    }

    /// Rows that one answer may have.
    pub fn most_rows(&self) -> u64 {
        self.most_rows
    }

    /// Whether ClickHouse answers and lets us in.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let client = self.client_of_server();
        self.within(client.query("SELECT 1").execute()).await
    }

    /// The database our tables are in.
    pub(super) fn database(&self) -> String {
        self.targets.borrow().database.clone()
    }

    /// The time one statement may take.
    pub(super) fn patience(&self) -> Duration {
        self.patience
    }

    /// A client for statements on our database.
    pub(super) fn client(&self) -> Client {
        self.client_of_server().with_database(self.database())
    }

    /// A client for statements that do not need our database to exist.
    pub(super) fn client_of_server(&self) -> Client {
        let target = self.targets.borrow().clone();
        let client = self.base.clone().with_url(target.url).with_user(target.user);
        // The server stops by itself a little before we stop waiting, so that nothing runs on unwatched.
        let limit = self.patience.as_secs().max(1).to_string();
        client.with_password(target.password).with_setting("max_execution_time", limit)
    }

    /// Keeps open rows in place for as long as it is held. A read looks up which days are sealed and then reads either
    /// side: without this, a seal could remove the open rows in between, and the day would look empty.
    pub async fn reading(&self) -> RwLockReadGuard<'_, ()> {
        self.reads.read().await
    }

    /// Waits until nothing is read, and keeps reads waiting for as long as it is held.
    pub(super) async fn removing(&self) -> RwLockWriteGuard<'_, ()> {
        self.reads.write().await
    }

    /// Waits for a statement that reads counts, under [`Self::reading`]. Never under another guard of the same task.
    pub(super) async fn read<T>(
        &self,
        statement: impl Future<Output = clickhouse::error::Result<T>>,
    ) -> Result<T, StoreError> {
        let _reading = self.reading().await;
        self.within(statement).await
    }

    /// Waits for a statement, but not for ever.
    pub(super) async fn within<T>(
        &self,
        statement: impl Future<Output = clickhouse::error::Result<T>>,
    ) -> Result<T, StoreError> {
        let patience = self.patience + Duration::from_secs(2);
        match tokio::time::timeout(patience, statement).await {
            Ok(outcome) => Ok(outcome?),
            Err(_) => Err(StoreError::Unavailable(timed_out())),
        }
    }
}
