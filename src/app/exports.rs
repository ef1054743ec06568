//! Files of published numbers: for the API, and for `headcount export`.

use std::fs;
use std::future::Future;
use std::io::Write;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use ::http::StatusCode;
use anyhow::Context as _;
use bytes::Bytes;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio_stream::Stream;

use super::reports::unanswered;
use crate::api::export::{Begun, Export, Exports, Format, Table};
use crate::cli;
use crate::cli::export::ExportArgs;
use crate::clickhouse::Store;
use crate::clickhouse::{ExportFormat, ExportStream, ExportTable};
use crate::clock::Clock;
use crate::config::Config;
use crate::http::problem::Problem;
use crate::model::{Day, Site};
use crate::privacy::salt::today;
use crate::registry;
use crate::stats::{self, Egress, ExportRequest, ReadError};

/// Files made at the same time: each holds what may be shown of open days in ClickHouse's memory.
const AT_ONCE: usize = 4;

const BUSY: Problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "exports_busy", "Too many exports at once");

/// Files out of ClickHouse.
pub struct StoreExports {
    store: Store,
    egress: Egress,
    clock: Clock,
    places: Arc<Semaphore>,
}

impl StoreExports {
    /// Files out of this database.
    pub fn new(store: Store, egress: Egress, clock: Clock) -> Self {
        Self { store, egress, clock, places: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Exports for StoreExports {
    fn begin(&self, site: Arc<Site>, export: Export) -> Begun<'_> {
        Box::pin(async move {
            let place = self.places.clone().try_acquire_owned();
            let place = place.map_err(|_| BUSY.detail("Ask again when one of them has ended.").retry_after(10))?;
            let (store, egress, now) = (self.store.clone(), self.egress.clone(), self.clock.unix_seconds());
            let (told, begun) = oneshot::channel();
            let (sender, pieces) = mpsc::channel(1);
            // A task of its own: who asked may go at any time, and what was begun must be tidied up all the same.
            tokio::spawn(async move {
                let request = request(&export);
                let begin = stats::export(&store, &egress, &site, &request, now);
                make(begin, told, sender).await;
                store.remove_left().await;
                drop(place);
            });
            begun.await.map_err(|_| Problem::internal())??;
            Ok(Box::pin(FileBytes { pieces, ended: false }) as crate::api::export::FileBytes)
        })
    }
}

/// A piece of a file; `None` is its end. Without one, the file is not whole.
type Piece = Option<Result<Bytes, std::io::Error>>;

/// Makes a file for as long as somebody takes it.
async fn make(
    begin: impl Future<Output = Result<ExportStream, ReadError>>,
    mut told: oneshot::Sender<Result<(), Problem>>,
    pieces: mpsc::Sender<Piece>,
) {
    let begun = tokio::select! {
        begun = begin => begun,
        () = told.closed() => return,
    };
    let mut stream = match begun {
        Ok(stream) => stream,
        // Who hung up meanwhile does not need the answer.
        Err(error) => return drop(told.send(Err(unanswered(error)))),
    };
    if told.send(Ok(())).is_err() {
        return;
    }
    loop {
        let next = tokio::select! {
            next = stream.next() => next,
            () = pieces.closed() => return,
        };
        let (piece, is_last) = match next {
            Ok(Some(bytes)) => (Some(Ok(bytes)), false),
            Ok(None) => (None, true),
            Err(error) => {
                tracing::error!(code = error.code(), reason = %error, "an export broke off");
                (Some(Err(std::io::Error::other("the database went away"))), true)
            }
        };
        if pieces.send(piece).await.is_err() || is_last {
            return;
        }
    }
}

/// The pieces of a file.
struct FileBytes {
    pieces: mpsc::Receiver<Piece>,
    ended: bool,
}

impl Stream for FileBytes {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let Poll::Ready(piece) = self.pieces.poll_recv(context) else { return Poll::Pending };
        let piece = piece.unwrap_or_else(|| Some(Err(std::io::Error::other("the program stops"))));
        self.ended = !matches!(piece, Some(Ok(_)));
        Poll::Ready(piece)
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

/// `headcount export`: through the engine of the collector that runs, else one of its own.
///
/// # Errors
/// There is no such site, the database cannot be reached, or the file not be written.
pub fn export(config: &Config, asked: &ExportArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let registry = registry::look(&config.state_dir, &Clock::System)?;
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
        let write = async {
            let mut stream = stats::export(&store, &egress, &site, &request, now).await?;
            let mut file: Box<dyn Write + '_> = match &asked.output {
                Some(path) => Box::new(fs::File::create(path).with_context(|| path.display().to_string())?),
                None => Box::new(out),
            };
            while let Some(bytes) = stream.next().await? {
                file.write_all(&bytes)?;
            }
            anyhow::Ok(file.flush()?)
        };
        let written = write.await;
        store.remove_left().await;
        written
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clickhouse::testing::TestEngine;

    const DAY: Day = Day(20_778);

    /// 2026-11-21 12:00 UTC, an open day with a page.
    async fn engine_with_a_day() -> (TestEngine, StoreExports) {
        let engine = TestEngine::start().await;
        let row = format!(
            "INSERT INTO cells_open (site, day, dim, value, hour, events) VALUES ('s', '{DAY}', 'page', '/', 3, 1)"
        );
        engine.store.run(&row).await;
        let clock = Clock::fixed(1_795_262_400);
        let exports = StoreExports::new(engine.store.clone(), Egress::new(engine.store.clone()), clock);
        (engine, exports)
    }

    fn begin(exports: &StoreExports) -> Begun<'_> {
        let site = Arc::new(Site::new("s".parse().expect("an id"), jiff::tz::TimeZone::UTC));
        exports.begin(site, Export { from: DAY, to: DAY, table: Table::Cells, format: Format::Csv })
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn who_breaks_an_export_off_leaves_nothing_behind() {
        let (engine, exports) = engine_with_a_day().await;
        // One is dropped as soon as it is under way, one when its file has begun.
        let mut hasty = begin(&exports);
        assert!(polled(&mut hasty).await.is_none());
        drop(hasty);
        drop(begin(&exports).await.expect("a file"));
        let all = exports.places.acquire_many(AT_ONCE as u32).await.expect("never closed");
        let tables =
            "SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, 'export_')";
        assert_eq!(engine.store.texts(tables).await, Vec::<String>::new());
        // All places are taken: one more has to wait.
        let refused = begin(&exports).await.err().expect("refused");
        assert_eq!((refused.code, refused.retry_after), ("exports_busy", Some(10)));
        drop(all);
        let mut file = begin(&exports).await.expect("a file");
        let mut text = Vec::new();
        while let Some(piece) = tokio_stream::StreamExt::next(&mut file).await {
            text.extend_from_slice(&piece.expect("whole"));
        }
        assert_eq!(String::from_utf8(text).expect("text").lines().count(), 2);
        engine.stop().await;
    }

    #[tokio::test]
    async fn a_file_whose_maker_is_gone_is_not_whole() {
        let (sender, pieces) = mpsc::channel(1);
        drop(sender);
        let mut file = FileBytes { pieces, ended: false };
        assert!(matches!(tokio_stream::StreamExt::next(&mut file).await, Some(Err(_))));
        assert!(tokio_stream::StreamExt::next(&mut file).await.is_none());
    }

    /// What a future says when it is polled once.
    async fn polled<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
        std::future::poll_fn(|context| match Pin::new(&mut *future).poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending => Poll::Ready(None),
        })
        .await
    }
}
