//! The description of the API (OpenAPI 3.1): what the handlers do not say themselves, and the two routes that show it.

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::routing::get;
use bytes::Bytes;
use utoipa::openapi::OpenApi as Description;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{elsewhere, page, problems};

/// What the page of the description may load: its style, from here.
const CONTENT_SECURITY_POLICY: (HeaderName, HeaderValue) = (
    header::CONTENT_SECURITY_POLICY,
    HeaderValue::from_static(
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
);

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Headcount",
        description = "Counts of people, and of nobody in particular. A key is good for one site; the cookie of a \
                       sign-in for the sites of a user; a shared link for reading one site. Errors are problems (RFC 9457)."
    ),
    components(schemas(problems::ProblemDocument)),
    security(("key" = []), ("cookie" = [])),
    modifiers(&WaysIn),
    tags(
        (name = "reading", description = "Counts. Needs a key of scope `read` or `admin`, or a sign-in."),
        (name = "sites", description = "What a site keeps and shows. Its owner, or a key of scope `admin`, changes it."),
        (name = "goals", description = "What is a success. Editors and keys of scope `admin` change it."),
        (name = "funnels", description = "Goals that follow each other."),
        (name = "annotations", description = "Notes on the time line."),
        (name = "session", description = "Signing in, for the dashboard."),
        (name = "collecting", description = "Sending events: open to every origin, in docs/api.md in full.")
    ),
    paths(
        elsewhere::beacon,
        elsewhere::pixel,
        elsewhere::noscript,
        elsewhere::batch,
        elsewhere::counts,
        elsewhere::export_csv,
        elsewhere::export_json,
        elsewhere::export_parquet
    )
)]
struct Base;

struct WaysIn;

impl Modify for WaysIn {
    fn modify(&self, description: &mut Description) {
        let key = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("A key of one site")).build();
        let cookie = ApiKey::Cookie(ApiKeyValue::with_description(
            super::auth::COOKIE,
            "The cookie of a sign-in; what changes something must come from a page of this server",
        ));
        let components = description.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(key));
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(cookie));
        let share =
            "The token of a shared link, or the pass its password bought: reads one site, k applied to every dimension";
        let share = ApiKey::Header(ApiKeyValue::with_description("Headcount-Share", share));
        components.add_security_scheme("share", SecurityScheme::ApiKey(share));
    }
}

/// The description without the routes.
pub(super) fn base() -> Description {
    Base::openapi()
}

/// The routes that show `description`.
pub(super) fn routes(description: Description) -> Router {
    let document = serde_json::to_value(&description).unwrap_or_default();
    let json = Bytes::from(serde_json::to_vec(&document).unwrap_or_default());
    let html = Bytes::from(page::render(&document));
    let page =
        ([(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")), CONTENT_SECURITY_POLICY], html);
    Router::new()
        .route("/api/v1/openapi.json", get(move || async { ([(header::CONTENT_TYPE, "application/json")], json) }))
        .route("/api/docs", get(move || async { page }))
        .route("/api/docs.css", get(async || ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], page::STYLE)))
}
