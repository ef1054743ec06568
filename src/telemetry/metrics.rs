//! Operational numbers for Prometheus. Everything is read when it is asked for, so the hot path only adds to its books.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

use crate::deliver::loader::LoaderCounts;
use crate::deliver::retry::RetrySet;
use crate::deliver::seal::SealCounts;
use crate::deliver::spool::Spool;
use crate::ingest::tally::Tally;
use crate::privacy::salt::SaltStore;

/// Where the numbers come from.
pub struct Sources {
    /// What became of hits.
    pub tally: Arc<Tally>,
    /// The disk queue.
    pub spool: Arc<Spool>,
    /// Loads into ClickHouse.
    pub loader: Arc<LoaderCounts>,
    /// Days that were sealed.
    pub seals: Arc<SealCounts>,
    /// Remembered batch ids.
    pub retries: Arc<RetrySet>,
    /// Salts of open days.
    pub salts: Arc<SaltStore>,
    /// Times the embedded engine was started again.
    pub engine_restarts: Box<dyn Fn() -> u64 + Send + Sync>,
}

impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sources")
    }
}

/// The page `/metrics`, in the text format of OpenMetrics 1.0.
#[derive(Debug)]
pub struct Metrics(Registry);

impl Metrics {
    /// A page that reads `sources`.
    pub fn new(sources: Sources) -> Self {
        let mut registry = Registry::with_prefix("headcount");
        registry.register_collector(Box::new(sources));
        Self(registry)
    }

    /// The page.
    ///
    /// # Errors
    /// Never in practice: it is written to memory.
    pub fn page(&self) -> Result<String, fmt::Error> {
        let mut page = String::new();
        prometheus_client::encoding::text::encode(&mut page, &self.0)?;
        Ok(page)
    }
}

impl Collector for Sources {
    fn encode(&self, mut page: DescriptorEncoder<'_>) -> fmt::Result {
        self.encode_hits(&mut page)?;
        let loader = &self.loader;
        counter(&mut page, "loads", "Loads ClickHouse confirmed", loader.loads.load(Relaxed))?;
        counter(&mut page, "load_cells", "Cells in confirmed loads", loader.cells.load(Relaxed))?;
        counter(&mut page, "load_crossings", "Crossings in confirmed loads", loader.crossings.load(Relaxed))?;
        counter(&mut page, "load_retries", "Tries of a load that failed", loader.retries.load(Relaxed))?;
        counter(
            &mut page,
            "refused_cells",
            "Cells and crossings ClickHouse will never take, put aside",
            loader.refused_cells.load(Relaxed),
        )?;
        counter(
            &mut page,
            "erased_rows",
            "Cells and crossings not loaded because their site was removed",
            loader.erased_rows.load(Relaxed),
        )?;
        counter(&mut page, "engine_restarts", "Times the embedded engine was started again", (self.engine_restarts)())?;
        gauge(&mut page, "load_failing", "1 while ClickHouse does not take loads", u64::from(loader.is_failing()))?;
        self.encode_seals(&mut page)?;
        gauge(&mut page, "spool_bytes", "Bytes that wait for ClickHouse on disk", self.spool.bytes())?;
        gauge(&mut page, "remembered_batch_ids", "Batch ids that would be recognised", self.retries.len() as u64)?;
        gauge(&mut page, "remembered_event_ids", "Event ids that would be recognised", self.retries.events() as u64)?;
        counter(
            &mut page,
            "forgotten_batch_ids",
            "Batch ids forgotten before their time for want of room",
            self.retries.forgotten(),
        )?;
        gauge(&mut page, "salts", "Salts of open days", self.salts.len() as u64)
    }
}

impl Sources {
    fn encode_seals(&self, page: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let seals = &self.seals;
        counter(page, "seals", "Days of sites that were sealed", seals.done.load(Relaxed))?;
        counter(page, "seal_failures", "Tries to seal a day that failed", seals.failed.load(Relaxed))?;
        gauge(
            page,
            "seal_overdue_seconds",
            "Time since the oldest day that is not sealed should have been",
            seals.overdue_seconds.load(Relaxed),
        )
    }

    /// One snapshot for all of them, and `received` is its sum: the identity holds in every answer.
    fn encode_hits(&self, page: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let hits = self.tally.snapshot();
        let received = hits.iter().map(|(_, _, hits)| hits).sum();
        counter(page, "hits_received", "Hits that came in", received)?;
        let outcomes = [
            ("recorded", "hits_recorded", "Hits that were counted"),
            ("duplicate", "hits_duplicate", "Hits of a batch that was counted before"),
            ("rejected", "hits_rejected", "Hits answered with 4xx, by reason"),
            ("dropped", "hits_dropped", "Hits not counted by policy, by reason"),
            ("shed", "hits_shed", "Hits answered with 503, by reason"),
        ];
        for (outcome, name, help) in outcomes {
            let mut family =
                page.encode_descriptor(name, help, None, prometheus_client::metrics::MetricType::Counter)?;
            // Outcomes without reasons have one number and no label.
            if let Some((_, "", hits)) = hits.iter().find(|(of, _, _)| *of == outcome) {
                ConstCounter::new(*hits).encode(family)?;
                continue;
            }
            for (_, reason, hits) in hits.iter().filter(|(of, _, _)| *of == outcome) {
                ConstCounter::new(*hits).encode(family.encode_family(&[("reason", *reason)])?)?;
            }
        }
        Ok(())
    }
}

fn counter(page: &mut DescriptorEncoder<'_>, name: &str, help: &str, value: u64) -> fmt::Result {
    let counter = ConstCounter::new(value);
    counter.encode(page.encode_descriptor(name, help, None, counter.metric_type())?)
}

fn gauge(page: &mut DescriptorEncoder<'_>, name: &str, help: &str, value: u64) -> fmt::Result {
    let gauge = ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
    gauge.encode(page.encode_descriptor(name, help, None, gauge.metric_type())?)
}
