//! Files of published numbers: for the API, and for `headcount export`.

use std::fs;
use std::future::Future;
use std::io::Write;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use anyhow::Context as _;
use bytes::Bytes;
use tokio_stream::Stream;

use super::reports::unanswered;
use crate::api::export::{Begun, Export, Exports, Format, Table};
use crate::cli;
use crate::cli::export::ExportArgs;
use crate::clickhouse::{ExportFormat, ExportStream, ExportTable, Store, StoreError};
use crate::clock::Clock;
use crate::config::Config;
use crate::model::{Day, Site};
use crate::privacy::salt::today;
use crate::registry;
use crate::stats::{self, Egress, ExportRequest};

/// Files out of ClickHouse.
pub struct StoreExports {
    /// The database.
    pub store: Store,
    /// The way out of it.
    pub egress: Egress,
    /// The time.
    pub clock: Clock,
}

impl Exports for StoreExports {
    fn begin(&self, site: Arc<Site>, export: Export) -> Begun<'_> {
        Box::pin(async move {
            let now = self.clock.unix_seconds();
            let request = request(&export);
            let begun = stats::export(&self.store, &self.egress, &site, &request, now).await;
            let stream = begun.map_err(unanswered)?;
            Ok(Box::pin(FileBytes { next: Some(step(stream)) }) as crate::api::export::FileBytes)
        })
    }
}

fn request(export: &Export) -> ExportRequest {
    let table = match export.table {
        Table::Cells => ExportTable::Cells,
        Table::Crossings => ExportTable::Crossings,
    };
    let format = match export.format {
        Format::Csv => ExportFormat::Csv,
        Format::Json => ExportFormat::Json,
        Format::Parquet => ExportFormat::Parquet,
    };
    ExportRequest { from: export.from, to: export.to, table, format }
}

type Step = Pin<Box<dyn Future<Output = (Result<Option<Bytes>, StoreError>, ExportStream)> + Send>>;

/// Polled for one piece after the other.
struct FileBytes {
    next: Option<Step>,
}

fn step(mut stream: ExportStream) -> Step {
    Box::pin(async move { (stream.next().await, stream) })
}

impl Stream for FileBytes {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(next) = self.next.as_mut() else { return Poll::Ready(None) };
        let Poll::Ready((outcome, stream)) = next.as_mut().poll(context) else { return Poll::Pending };
        self.next = None;
        Poll::Ready(match outcome {
            Ok(Some(bytes)) => {
                self.next = Some(step(stream));
                Some(Ok(bytes))
            }
            Ok(None) => None,
            Err(error) => {
                tracing::error!(code = error.code(), reason = %error, "an export broke off");
                Some(Err(std::io::Error::other("the database went away")))
            }
        })
    }
}

/// `headcount export`: through the engine of the collector that runs, else one of its own.
///
/// # Errors
/// There is no such site, the database cannot be reached, or the file not be written.
pub fn export(config: &Config, asked: &ExportArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let registry = registry::look(&config.state_dir)?;
    let site = registry.as_ref().and_then(|registry| registry.site(&asked.site).cloned());
    let site = site.with_context(|| format!("no site {}: `headcount site list` shows those there are", asked.site))?;
    let now = Clock::System.unix_seconds();
    let request = ExportRequest {
        from: day(&asked.from, &site, now)?,
        to: day(&asked.to, &site, now)?,
        table: match asked.table {
            cli::export::Table::Cells => ExportTable::Cells,
            cli::export::Table::Crossings => ExportTable::Crossings,
        },
        format: match asked.format {
            cli::export::Format::Csv => ExportFormat::Csv,
            cli::export::Format::Json => ExportFormat::Json,
            cli::export::Format::Parquet => ExportFormat::Parquet,
        },
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(super::beside::with_store(config, async |store| {
        let egress = Egress::new(store.clone());
        let mut stream = stats::export(&store, &egress, &site, &request, now).await?;
        let mut file: Box<dyn Write + '_> = match &asked.output {
            Some(path) => Box::new(fs::File::create(path).with_context(|| path.display().to_string())?),
            None => Box::new(out),
        };
        while let Some(bytes) = stream.next().await? {
            file.write_all(&bytes)?;
        }
        Ok(file.flush()?)
    }))
}

fn day(text: &str, site: &Site, now: i64) -> anyhow::Result<Day> {
    let current = today(site, now);
    Ok(match text {
        "today" => current,
        "yesterday" => current.plus(-1),
        date => Day::from_date(date.parse()?).context("days begin in 1970")?,
    })
}
