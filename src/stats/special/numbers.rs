//! Numeric properties: percentiles out of counts per bucket.

use serde::Serialize;
use utoipa::ToSchema;

use super::distribution::distributions;
use super::source::Source;
use super::{Filter, Meta, ReadError};
use crate::model::Dimension;

/// Percentiles of numeric properties.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct NumbersAnswer {
    /// One row per key that was sent.
    pub numbers: Vec<NumberRow>,
    /// What to know about them.
    pub meta: Meta,
}

/// One numeric property.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct NumberRow {
    /// The property.
    pub key: String,
    /// How many events carried it.
    pub samples: u64,
    /// Half of the numbers are not above this.
    pub p50: f64,
    /// Three quarters are not above this.
    pub p75: f64,
    /// Nineteen of twenty are not above this.
    pub p95: f64,
}

pub(super) async fn answer(
    source: &Source<'_>,
    key: Option<&str>,
    filter: Option<&Filter>,
) -> Result<NumbersAnswer, ReadError> {
    let prefix = key.map(|key| format!("{key}=")).unwrap_or_default();
    let (groups, meta) = source.samples((Dimension::Number, &prefix), filter, None).await?;
    let rows = distributions(&groups).into_iter().map(|(key, all)| NumberRow {
        key: key.to_owned(),
        samples: all.samples(),
        p50: all.percentile(0.5),
        p75: all.percentile(0.75),
        p95: all.percentile(0.95),
    });
    Ok(NumbersAnswer { numbers: rows.collect(), meta })
}
