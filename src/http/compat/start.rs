//! What unmodified clients ask before they send, answered with every feature switched off: where to send to, whether there is
//! such a source, which flags are set. Nothing is counted and nothing is looked up: the answer is the same for every key.

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderValue};
use http::request::Parts;
use http::{Response, Uri};
use http_body_util::Full;
use serde_json::{Value, json};

use super::routes::Start;

type Answer = Response<Full<Bytes>>;

/// The answer to such a question.
pub fn answer(start: Start, head: &Parts) -> Answer {
    match start {
        Start::SegmentSettings => in_json(&segment_settings(&head.uri, &head.headers)),
        Start::RudderConfig => in_json(&rudder_config(head.uri.query().unwrap_or_default())),
        Start::PosthogScript => script("(function(){})();\n"),
        Start::PosthogConfig => in_json(&posthog_config(head.uri.path())),
        Start::Flags => in_json(&json!({
            "flags": {}, "featureFlags": {}, "featureFlagPayloads": {}, "errorsWhileComputingFlags": false,
            "sessionRecording": false, "siteApps": [], "toolbarParams": {}, "isAuthenticated": false,
            "supportedCompression": ["gzip", "gzip-js"], "config": { "enable_collect_everything": false },
        })),
        Start::MeasurementDebug => in_json(&json!({ "validationMessages": [] })),
    }
}

fn in_json(value: &Value) -> Answer {
    with_type(value.to_string(), "application/json")
}

fn script(text: &'static str) -> Answer {
    with_type(text.to_owned(), "text/javascript; charset=utf-8")
}

fn with_type(body: String, kind: &'static str) -> Answer {
    let mut answer = Response::new(Full::new(body.into()));
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer
}

/// The segment of a path before its last one: the key.
fn key_in(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').nth(1).unwrap_or_default()
}

/// The browser client starts only with these, and sends to `apiHost`, which has no scheme.
fn segment_settings(uri: &Uri, headers: &HeaderMap) -> Value {
    let prefix = if uri.path().starts_with("/in/") { "/in/segment" } else { "" };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).filter(|host| is_authority(host));
    let api_host = format!("{}{prefix}/v1", host.unwrap_or("localhost"));
    json!({
        "integrations": { "Segment.io": {
            "apiKey": key_in(uri.path()), "apiHost": api_host, "protocol": scheme(headers),
            "unbundledIntegrations": [], "addBundledMetadata": true, "maybeBundledConfigIds": {},
            "versionSettings": { "version": "4.4.7", "componentTypes": ["browser"] },
        } },
        "plan": {
            "track": { "__default": { "enabled": true, "integrations": {} } },
            "identify": { "__default": { "enabled": true } }, "group": { "__default": { "enabled": true } },
        },
        "edgeFunction": {}, "analyticsNextEnabled": true, "middlewareSettings": {}, "enabledMiddleware": {},
        "metrics": { "sampleRate": 0 }, "legacyVideoPluginsEnabled": false, "remotePlugins": [],
    })
}

/// The scheme the client used: as the proxy says, else that of the page, which may not go from https to http.
fn scheme(headers: &HeaderMap) -> &'static str {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let forwarded = text("x-forwarded-proto").trim();
    let page = [text("origin"), text("referer")].into_iter().any(|page| page.starts_with("https:"));
    if forwarded.starts_with("https") || forwarded.is_empty() && page { "https" } else { "http" }
}

fn is_authority(host: &str) -> bool {
    let known = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'-' | b'_' | b':' | b'[' | b']');
    host.len() <= 255 && host.bytes().all(known)
}

fn rudder_config(query: &str) -> Value {
    let key = query.split('&').find_map(|pair| pair.strip_prefix("writeKey=")).unwrap_or_default();
    let off = json!({ "enabled": false });
    json!({
        "source": {
            "id": "headcount", "name": "headcount", "writeKey": key, "enabled": true, "workspaceId": "headcount",
            "destinations": [], "connections": [], "dataplanes": {},
            "config": { "statsCollection": { "errors": off, "metrics": off } },
        },
        "updatedAt": "2026-01-01T00:00:00.000Z",
    })
}

/// Without `supportedCompression` the client would send uncompressed JSON, with a preflight each time. There is no
/// `surveys`: also when it is false, the client fetches the script that would show them.
fn posthog_config(path: &str) -> Value {
    json!({
        "token": key_in(path), "supportedCompression": ["gzip", "gzip-js"], "analytics": { "endpoint": "/i/v0/e/" },
        "hasFeatureFlags": false, "sessionRecording": false, "heatmaps": false, "siteApps": [],
        "autocapture_opt_out": true, "autocaptureExceptions": false, "captureDeadClicks": false,
        "capturePerformance": false, "defaultIdentifiedOnly": true, "elementsChainAsString": true,
        "isAuthenticated": false, "toolbarParams": {},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_are_sent_back_to_where_they_came_from() {
        let api = |path: &'static str, headers: &[(&'static str, &'static str)]| {
            let headers = headers
                .iter()
                .map(|(name, value)| (http::HeaderName::from_static(name), HeaderValue::from_static(value)));
            let settings = segment_settings(&Uri::from_static(path), &headers.collect());
            let ours = &settings["integrations"]["Segment.io"];
            ["apiKey", "apiHost", "protocol"].map(|key| ours[key].as_str().unwrap_or_default().to_owned()).join(" ")
        };
        let told = [
            api("/v1/projects/WK/settings", &[("host", "stats.test:8600")]),
            api("/in/segment/v1/projects/WK/settings", &[("host", "stats.test"), ("origin", "https://a.test")]),
            api("/projects/WK/settings", &[("host", "stats.test"), ("x-forwarded-proto", "https")]),
            api("/projects/WK/settings", &[("host", "stats.test\"x"), ("origin", "http://a.test")]),
        ];
        let wanted = [
            "WK stats.test:8600/v1 http",
            "WK stats.test/in/segment/v1 https",
            "WK stats.test/v1 https",
            "WK localhost/v1 http",
        ];
        assert_eq!(told, wanted);
        assert_eq!(rudder_config("p=npm&writeKey=WK&v=3")["source"]["writeKey"], "WK");
        let config = posthog_config("/array/TOK/config");
        assert_eq!((&config["token"], config.get("surveys")), (&json!("TOK"), None));
    }
}
