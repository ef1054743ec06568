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
            let laid = self.0.lay_in(&site, import, days).await.map_err(|error| failed(&error))?;
            Ok(laid.into_iter().map(|(day, laid)| (day, word(laid))).collect())
        })
    }

    fn lift<'a>(&'a self, site: Arc<Site>, import: &'a str) -> Lifting<'a> {
        Box::pin(async move { self.0.lift(&site.id, import).await.map_err(|error| failed(&error)) })
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
