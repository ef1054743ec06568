//! What handlers work with. Built once by `app`.

use std::sync::Arc;

use serde::Serialize;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;

use super::gate::Gate;
use super::imports::Totals;
use super::live::Live;
use super::query::Reports;
use super::refused;
use crate::http::problem::Problem;
use crate::registry::{self, Registry, RegistryError};

/// Passwords hashed at the same time: each takes 19 MiB and a processor for tens of milliseconds.
const HASHES_AT_ONCE: usize = 2;
/// Live streams open at the same time.
const STREAMS_AT_ONCE: usize = 1_000;

/// A credit line that a licence asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Credit {
    /// The words.
    pub text: String,
    /// Where they lead.
    pub url: String,
}

/// What of the configuration the API needs.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address people reach the program at, without a closing slash.
    pub public_url: String,
    /// Shown on dashboards.
    pub credits: Vec<Credit>,
}

/// The collaborators of the handlers.
#[derive(Clone)]
pub struct ApiState {
    pub(super) registry: Arc<Registry>,
    pub(super) reports: Arc<dyn Reports>,
    pub(super) live: Arc<dyn Live>,
    pub(super) totals: Arc<dyn Totals>,
    pub(super) settings: Arc<Settings>,
    pub(super) gate: Arc<Gate>,
    pub(super) hashes: Arc<Semaphore>,
    pub(super) streams: Arc<Semaphore>,
    pub(super) stop: CancellationToken,
}

impl ApiState {
    /// `stop` ends the live streams, which would hold a stop up otherwise.
    pub fn new(
        registry: Arc<Registry>,
        reports: Arc<dyn Reports>,
        (live, totals): (Arc<dyn Live>, Arc<dyn Totals>),
        settings: Settings,
        stop: CancellationToken,
    ) -> Self {
        Self {
            gate: Arc::new(Gate::new(registry.clock().clone())),
            registry,
            reports,
            live,
            totals,
            settings: Arc::new(settings),
            hashes: Arc::new(Semaphore::new(HASHES_AT_ONCE)),
            streams: Arc::new(Semaphore::new(STREAMS_AT_ONCE)),
            stop,
        }
    }

    /// Runs `work` that hashes a password, off the async threads and never more than two at once.
    pub(super) async fn hashing<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let permit = self.hashes.clone().acquire_owned().await.map_err(|_| Problem::internal())?;
        let done = tokio::task::spawn_blocking(move || {
            let _held = permit;
            work()
        });
        done.await.map_err(|_| Problem::internal())
    }

    /// The PHC string of a new password.
    pub(super) async fn hashed(&self, password: String) -> Result<String, Problem> {
        let hashed = self.hashing(move || registry::hash_password(&password)).await?;
        hashed.map_err(|error| refused::problem(&error))
    }

    /// Runs `work` on the registry's files, off the async threads. The cause of a failure is logged here, once.
    pub(super) async fn registering<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Registry) -> Result<T, RegistryError> + Send + 'static,
    ) -> Result<T, Problem> {
        let registry = self.registry.clone();
        let done = tokio::task::spawn_blocking(move || work(&registry)).await;
        done.map_err(|_| Problem::internal())?.map_err(|error| refused::problem(&error))
    }
}
