//! The collecting routes in the description of the API, in brief. They are answered by `http::collect`, away from axum,
//! so nothing here is called; docs/api.md tells all of it.

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

/// Events of apps and servers
///
/// Answered when they are on disk. Send the same batch again after anything but a 4xx.
#[utoipa::path(post, path = "/v1/events", tag = "collecting", security((), ("key" = [])), request_body = BatchDocument,
    responses((status = 200, body = BatchAnswerDocument), problems::Collecting))]
#[expect(dead_code, reason = "answered by `http::collect`")]
pub(super) fn batch() {}
