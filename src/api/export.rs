//! `GET /api/v1/export.csv`, `.json`, `.parquet`: published numbers of a site as a file, streamed. Who asks and for what
//! is read here; the file is made by whoever implements [`Exports`].

use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use tokio_stream::Stream;

use super::auth::Caller;
use crate::http::problem::Problem;
use crate::model::{Day, Site};
use crate::registry::Registry;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated.
    Csv,
    /// One JSON object per line.
    Json,
    /// Parquet.
    Parquet,
}

/// Which table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Table {
    /// Counts of one attribute.
    #[default]
    Cells,
    /// Counts of two attributes.
    Crossings,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Export {
    /// First day, in the site's zone.
    pub from: Day,
    /// Last day, included.
    pub to: Day,
    /// Which table.
    pub table: Table,
    /// What the file is.
    pub format: Format,
}

/// The bytes of a file, an error when it breaks off.
pub type FileBytes = Pin<Box<dyn Stream<Item = Result<Bytes, std::io::Error>> + Send>>;

/// A file in time, or why there is none.
pub type Begun<'a> = Pin<Box<dyn Future<Output = Result<FileBytes, Problem>> + Send + 'a>>;

/// Makes files of one site's published numbers.
pub trait Exports: Send + Sync {
    /// Begins a file. The caller has the right to read `site`.
    fn begin(&self, site: Arc<Site>, export: Export) -> Begun<'_>;
}

/// The collaborators of the handlers.
#[derive(Clone)]
struct ExportState {
    registry: Arc<Registry>,
    exports: Arc<dyn Exports>,
}

#[derive(Deserialize)]
struct Asked {
    site: String,
    from: jiff::civil::Date,
    to: jiff::civil::Date,
    #[serde(default)]
    table: Table,
}

const BAD_PARAMETER: Problem =
    Problem::new(StatusCode::BAD_REQUEST, "bad_parameter", "A parameter is missing or of a wrong type");

/// The routes of exports, to be merged with those of the API.
pub fn router(registry: Arc<Registry>, exports: Arc<dyn Exports>) -> Router {
    let route = |format| {
        get(move |state: State<ExportState>, headers: HeaderMap, asked: Result<Query<Asked>, QueryRejection>| {
            export(state, headers, asked, format)
        })
    };
    Router::new()
        .route("/api/v1/export.csv", route(Format::Csv))
        .route("/api/v1/export.json", route(Format::Json))
        .route("/api/v1/export.parquet", route(Format::Parquet))
        .with_state(ExportState { registry, exports })
        .method_not_allowed_fallback(super::wrong_method)
        .layer(axum::middleware::map_response(super::finish))
}

async fn export(
    State(state): State<ExportState>,
    headers: HeaderMap,
    asked: Result<Query<Asked>, QueryRejection>,
    format: Format,
) -> Result<Response, Problem> {
    let caller = Caller::of(&state.registry, &headers)?;
    let detail = "Ask with site, from and to (dates), and table=cells or table=crossings.";
    let Query(asked) = asked.map_err(|_| BAD_PARAMETER.detail(detail))?;
    let site = caller.readable(&state.registry, &asked.site)?;
    let day = |date| Day::from_date(date).ok_or(BAD_PARAMETER.detail("from, to: days since 1970."));
    let export = Export { from: day(asked.from)?, to: day(asked.to)?, table: asked.table, format };
    let name = match asked.table {
        Table::Cells => "cells",
        Table::Crossings => "crossings",
    };
    let (kind, ending) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::Json => ("application/x-ndjson", "json"),
        Format::Parquet => ("application/vnd.apache.parquet", "parquet"),
    };
    // Ids of sites hold nothing that needs quoting.
    let file = format!("attachment; filename=\"{}-{name}-{}-{}.{ending}\"", site.id, asked.from, asked.to);
    let begun = state.exports.begin(site, export).await?;
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, file)];
    Ok((headers, Body::from_stream(begun)).into_response())
}
