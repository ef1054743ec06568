//! The files of the front end, embedded in the binary: tracker, demo site, dashboard.
//!
//! Owns which address shows which file and under which headers. The router calls [`serve`] for whatever no other route
//! takes. It must not know who is signed in: every file here is public, the numbers come from the API.

use std::borrow::Cow;

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode, Uri};
use rust_embed::{EmbeddedFile, RustEmbed};

#[cfg(test)]
#[path = "assets_tests.rs"]
mod tests;

/// `dashboards/dist`, as `npm run build` left it, with `.br` and `.gz` twins beside what shrinks.
#[derive(RustEmbed)]
#[folder = "dashboards/dist/"]
#[allow_missing = true]
struct Files;

/// No inline script, no inline style, nothing from elsewhere.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'";
/// Who may put a page into a frame: nobody; or everybody, where it acts by a shared link alone. Cookies of a sign-in do not
/// travel into the frames of other sites.
const UNFRAMED: &str = "'none'";
const FRAMED: &str = "*";

const REVALIDATE: &str = "no-cache";
const ONE_DAY: &str = "public, max-age=86400";
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// What a path means: the embedded file and how long it may be kept.
#[derive(Debug, PartialEq, Eq)]
struct Asset<'a> {
    file: Cow<'a, str>,
    cache: &'static str,
}

/// Answers a GET (or HEAD, whose body the caller drops) of a front-end file; `None` when there is none at the address.
#[must_use]
pub fn serve(address: &Uri, request: &HeaderMap) -> Option<Response<Bytes>> {
    let path = address.path();
    if path == "/demo" {
        return Some(redirect("/demo/"));
    }
    let asset = resolve(path)?;
    let (file, encoding) = best_variant(&asset.file, request)?;
    let tag = entity_tag(&file);

    let mut headers = headers_of(&asset);
    if path.starts_with("/s/") && has_link(address.query().unwrap_or_default()) {
        share(&mut headers);
    }
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    let status = if is_known(request, &tag) { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    headers.insert(header::ETAG, tag);

    let body = if status == StatusCode::OK { body_of(file) } else { Bytes::new() };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Some(response)
}

/// The map of paths. Whatever is not listed here is not served, whether embedded or not.
fn resolve(path: &str) -> Option<Asset<'_>> {
    let found = |file: Cow<'static, str>, cache| Some(Asset { file, cache });
    if path.ends_with(".br") || path.ends_with(".gz") {
        return None;
    }
    match path {
        "/" | "/sign-in" => return found("app/index.html".into(), REVALIDATE),
        "/hc.js" => return found("tracker/hc.js".into(), ONE_DAY),
        "/hc.cohorts.js" => return found("tracker/hc.cohorts.js".into(), ONE_DAY),
        "/favicon.svg" | "/favicon.ico" => return found("app/favicon.svg".into(), ONE_DAY),
        "/demo/" => return found("demo/index.html".into(), REVALIDATE),
        _ => {}
    }
    if path.starts_with("/assets/") {
        return Some(Asset { file: format!("app{path}").into(), cache: FOR_EVER });
    }
    if path.starts_with("/hc.v") && path.ends_with(".js") {
        return Some(Asset { file: format!("tracker{path}").into(), cache: FOR_EVER });
    }
    // Addresses that the demo's single page makes up; they must survive a reload.
    if path.starts_with("/demo/features/") {
        return found("demo/features.html".into(), REVALIDATE);
    }
    if path.starts_with("/demo/") {
        return Some(Asset { file: Cow::Borrowed(&path[1..]), cache: REVALIDATE });
    }
    if path.strip_prefix("/s/").is_some_and(|site| !site.is_empty()) {
        return found("app/index.html".into(), REVALIDATE);
    }
    None
}

/// The file in the smallest encoding the client takes, and that encoding's name.
fn best_variant(file: &str, request: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    for (encoding, suffix) in accepted(request) {
        if let Some(packed) = Files::get(&format!("{file}{suffix}")) {
            return Some((packed, Some(encoding)));
        }
    }
    Files::get(file).map(|plain| (plain, None))
}

/// The encodings we have that the client takes, the better one first.
fn accepted(request: &HeaderMap) -> impl Iterator<Item = (&'static str, &'static str)> {
    let (br, gzip) = (weight(request, "br"), weight(request, "gzip"));
    let (br, gzip) = ((br, ("br", ".br")), (gzip, ("gzip", ".gz")));
    let order = if br.0 >= gzip.0 { [br, gzip] } else { [gzip, br] };
    order.into_iter().filter(|(weight, _)| *weight > 0.0).map(|(_, encoding)| encoding)
}

/// The `q` a client gives an encoding (RFC 9110, section 12.5.3): 0 when it is not taken.
fn weight(request: &HeaderMap, encoding: &str) -> f32 {
    let mut any = 0.0;
    for value in request.get_all(header::ACCEPT_ENCODING) {
        for item in value.to_str().unwrap_or_default().split(',') {
            let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
            let q = parameters.trim().strip_prefix("q=").map_or(1.0, |q| q.trim().parse().unwrap_or(0.0));
            let name = name.trim();
            if name.eq_ignore_ascii_case(encoding) {
                return q;
            }
            if name == "*" {
                any = q;
            }
        }
    }
    any
}

/// A strong tag: each encoding is a file with a hash of its own.
fn entity_tag(file: &EmbeddedFile) -> HeaderValue {
    let mut tag = String::with_capacity(34);
    tag.push('"');
    for byte in &file.metadata.sha256_hash()[..16] {
        tag.push_str(&format!("{byte:02x}"));
    }
    tag.push('"');
    HeaderValue::try_from(tag).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

/// Whether the client holds this very file (`If-None-Match`, RFC 9110, section 13.1.2: weak comparison).
fn is_known(request: &HeaderMap, tag: &HeaderValue) -> bool {
    let Ok(tag) = tag.to_str() else { return false };
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|candidate| candidate.trim().trim_start_matches("W/"))
        .any(|candidate| candidate == "*" || candidate == tag)
}

fn headers_of(asset: &Asset<'_>) -> HeaderMap {
    let content_type = content_type(&asset.file);
    let mut headers = HeaderMap::with_capacity(12);
    let mut set = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(header::CONTENT_TYPE, content_type);
    set(header::CACHE_CONTROL, asset.cache);
    set(header::VARY, "accept-encoding");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(HeaderName::from_static("tk"), "N");
    if asset.file.starts_with("tracker/") {
        // Pages of other origins load it, and pin a version with `integrity`, which takes CORS.
        set(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        set(HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");
    } else {
        set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    }
    if asset.file.ends_with(".html") {
        // Whole addresses within this origin: the demo's `<noscript>` pixel names its page by the referrer.
        set(header::REFERRER_POLICY, "same-origin");
        set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
        headers.insert(header::CONTENT_SECURITY_POLICY, policy(UNFRAMED));
    }
    headers
}

fn policy(ancestors: &str) -> HeaderValue {
    let whole = format!("{CONTENT_SECURITY_POLICY}; frame-ancestors {ancestors}");
    HeaderValue::try_from(whole).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
}

/// Whether an address carries the secret of a shared link; whether that still works is seen by the API.
fn has_link(query: &str) -> bool {
    query.split('&').any(|part| part.strip_prefix("share=").is_some_and(|secret| !secret.is_empty()))
}

/// The headers of a shared dashboard: it may be framed, and its address, which holds a secret, is told to nobody.
fn share(headers: &mut HeaderMap) {
    headers.insert(header::CONTENT_SECURITY_POLICY, policy(FRAMED));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
}

fn content_type(file: &str) -> &'static str {
    match file.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}

fn body_of(file: EmbeddedFile) -> Bytes {
    match file.data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => Bytes::from(data),
    }
}

fn redirect(to: &'static str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_static(to));
    response.headers_mut().insert(HeaderName::from_static("tk"), HeaderValue::from_static("N"));
    response
}
