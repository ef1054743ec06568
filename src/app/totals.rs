//! Totals of days that were counted elsewhere, for the API: laid in and removed by the sealer.

use std::sync::Arc;

use ::http::StatusCode;

use crate::api::{DayTotals, Laying, Lifting, Totals};
use crate::clickhouse::CountedCell;
use crate::deliver::seal::laid::Laid;
use crate::deliver::seal::{SealError, Sealer};
use crate::http::problem::Problem;
use crate::model::{Hour, Site};

/// The sealer, as the API sees it.
pub struct SealedTotals(pub Arc<Sealer>);

impl Totals for SealedTotals {
    fn lay_in<'a>(&'a self, site: Arc<Site>, import: &'a str, days: Vec<DayTotals>) -> Laying<'a> {
        Box::pin(async move {
            let cells = |(dimension, value, measures, visitors)| CountedCell {
                dimension,
                value,
                hour: Hour::WHOLE_DAY,
                measures,
                visitors,
            };
            let days = days.into_iter().map(|(day, totals)| (day, totals.into_iter().map(cells).collect())).collect();
            let (sealer, import) = (self.0.clone(), import.to_owned());
            let laid = to_its_end(async move { sealer.lay_in(&site, &import, days).await }).await?;
            Ok(laid.into_iter().map(|(day, laid)| (day, word(laid))).collect())
        })
    }

    fn lift<'a>(&'a self, site: Arc<Site>, import: &'a str) -> Lifting<'a> {
        let (sealer, import) = (self.0.clone(), import.to_owned());
        Box::pin(to_its_end(async move { sealer.lift(&site.id, &import).await }))
    }
}

/// Does it whether or not who asked still waits: a request ends after a minute, and half done a day would stay held back.
async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, SealError>> + Send + 'static,
) -> Result<T, Problem> {
    match tokio::spawn(work).await {
        Ok(outcome) => outcome.map_err(|error| failed(&error)),
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    }
}

fn word(laid: Laid) -> &'static str {
    match laid {
        Laid::Now => "imported",
        Laid::Before => "imported_before",
        Laid::Counted => "day_counted",
        Laid::TooOld => "too_old",
    }
}

/// Why nothing was done, for who asked. The cause is logged here, once.
fn failed(error: &SealError) -> Problem {
    tracing::error!(reason = %error, "totals of an import cannot be written");
    let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "store_unavailable", "Totals cannot be written now");
    problem.detail("What was done is kept; ask again in a moment.").retry_after(5)
}
