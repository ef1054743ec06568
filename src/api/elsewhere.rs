//! Routes in the description of the API whose handlers cannot describe themselves: the collecting ones, in brief, which
//! `http::collect` answers away from axum (docs/api.md tells all of it), and exports, one handler for three routes. Nothing
//! here is called.

use utoipa::{IntoParams, ToSchema};

use super::problems;

/// One event. Unknown fields are ignored.
#[derive(ToSchema)]
#[schema(as = Event)]
#[expect(dead_code, reason = "describes what `ingest` reads")]
pub(super) struct EventDocument {
    /// The site; in a batch it stands outside `events`.
    #[schema(nullable = false, example = "demo")]
    site: Option<String>,
    /// `pageview` unless said.
    #[schema(nullable = false, max_length = 64)]
    name: Option<String>,
    /// The page's full address.
    #[schema(nullable = false, example = "https://example.org/pricing")]
    url: Option<String>,
    /// Where the visitor came from.
    #[schema(nullable = false)]
    referrer: Option<String>,
    /// Width of the viewport.
    #[schema(nullable = false, minimum = 0)]
    w: Option<u32>,
    /// Up to 30 texts, numbers or booleans.
    #[schema(nullable = false, value_type = Option<Object>)]
    props: Option<serde_json::Value>,
}

/// Events of one site.
#[derive(ToSchema)]
#[schema(as = Batch)]
#[expect(dead_code, reason = "describes what `ingest` reads")]
pub(super) struct BatchDocument {
    /// The site.
    #[schema(example = "demo")]
    site: String,
    /// Makes sending again safe.
    #[schema(nullable = false, max_length = 128)]
    batch_id: Option<String>,
    /// The events.
    #[schema(max_items = 2000)]
    events: Vec<EventDocument>,
}

/// What became of a batch.
#[derive(ToSchema)]
#[schema(as = BatchAnswer)]
#[expect(dead_code, reason = "describes what `ingest` writes")]
pub(super) struct BatchAnswerDocument {
    /// Events that are counted and on disk.
    accepted: u32,
    /// Events that were there already.
    duplicates: u32,
    /// Events that are not counted, with the reason.
    #[schema(value_type = Vec<Object>)]
    dropped: Vec<serde_json::Value>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `ingest` reads")]
pub(super) struct PixelDocument {
    /// The site.
    site: Option<String>,
    /// The page's address; the `Referer` unless said.
    url: Option<String>,
    /// Where the visitor came from.
    r#ref: Option<String>,
    /// Name of the event.
    name: Option<String>,
    /// Width of the viewport.
    w: Option<u32>,
}

/// A page's event
///
/// JSON of any content type; `text/plain` needs no preflight. An event that is not counted is answered the same way.
#[utoipa::path(post, path = "/e", tag = "collecting", security(()),
    request_body(content = EventDocument, content_type = "text/plain"),
    responses((status = 202, description = "Taken"), problems::Collecting))]
#[expect(dead_code, reason = "answered by `http::collect`")]
pub(super) fn beacon() {}

/// A page's event without a script
#[utoipa::path(get, path = "/p.gif", tag = "collecting", security(()), params(PixelDocument),
    responses((status = 200, description = "A picture of one pixel", content_type = "image/gif", body = Vec<u8>),
        problems::Collecting))]
#[expect(dead_code, reason = "answered by `http::collect`")]
pub(super) fn pixel() {}

/// The same, for `noscript`
#[utoipa::path(get, path = "/n.gif", tag = "collecting", security(()), params(PixelDocument),
    responses((status = 200, description = "A picture of one pixel", content_type = "image/gif", body = Vec<u8>),
        problems::Collecting))]
#[expect(dead_code, reason = "answered by `http::collect`")]
pub(super) fn noscript() {}

/// Events of apps and servers
///
/// Answered when they are on disk. Send the same batch again after anything but a 4xx.
#[utoipa::path(post, path = "/v1/events", tag = "collecting", security((), ("key" = [])), request_body = BatchDocument,
    responses((status = 200, body = BatchAnswerDocument), problems::Collecting))]
#[expect(dead_code, reason = "answered by `http::collect`")]
pub(super) fn batch() {}

/// Which numbers, in a file.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `export` reads")]
pub(super) struct ExportDocument {
    /// The site.
    #[param(min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]*$", example = "demo")]
    site: String,
    /// First day, in the site's zone.
    #[param(format = Date, example = "2026-11-01")]
    from: String,
    /// Last day, included.
    #[param(format = Date, example = "2026-11-21")]
    to: String,
    /// `cells` (counts of one attribute, unless said) or `crossings` (of two).
    #[param(nullable = false, pattern = "^(cells|crossings)$")]
    table: Option<String>,
}

/// Published numbers as a file: CSV
#[utoipa::path(get, path = "/api/v1/export.csv", tag = "reading", params(ExportDocument),
    responses((status = 200, description = "A file, streamed", content_type = "text/csv", body = String),
        problems::Reading))]
#[expect(dead_code, reason = "answered by `export`")]
pub(super) fn export_csv() {}

/// Published numbers as a file: one JSON object per line
#[utoipa::path(get, path = "/api/v1/export.json", tag = "reading", params(ExportDocument),
    responses((status = 200, description = "A file, streamed", content_type = "application/x-ndjson", body = String),
        problems::Reading))]
#[expect(dead_code, reason = "answered by `export`")]
pub(super) fn export_json() {}

/// Published numbers as a file: Parquet
#[utoipa::path(get, path = "/api/v1/export.parquet", tag = "reading", params(ExportDocument),
    responses((status = 200, description = "A file, streamed", content_type = "application/vnd.apache.parquet",
        body = Vec<u8>), problems::Reading))]
#[expect(dead_code, reason = "answered by `export`")]
pub(super) fn export_parquet() {}

/// Counters that an app added up itself. Unknown fields are ignored.
#[derive(ToSchema)]
#[schema(as = Counts)]
#[expect(dead_code, reason = "describes what `ingest` reads")]
pub(super) struct CountsDocument {
    /// The site.
    #[schema(example = "demo")]
    site: String,
    /// Makes sending again safe.
    #[schema(nullable = false, max_length = 128)]
    batch_id: Option<String>,
    /// Days with their counters: `{day, counts: [{name, n, …}]}`.
    #[schema(value_type = Vec<Object>)]
    days: Vec<serde_json::Value>,
}

/// Counters that an app added up itself, days late
#[utoipa::path(post, path = "/v1/counts", tag = "collecting", security((), ("key" = [])), request_body = CountsDocument,
    responses((status = 200, body = BatchAnswerDocument), problems::Collecting))]
#[expect(dead_code, reason = "answered by `http::collect`")]
pub(super) fn counts() {}
