//! Files of published numbers: for the API, and for `headcount export`.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio_stream::Stream;

use super::reports::unanswered;
use crate::api::export::{Begun, Export, Exports, Format, Table};
use crate::clickhouse::{ExportFormat, ExportStream, ExportTable, Store, StoreError};
use crate::clock::Clock;
use crate::model::Site;
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
