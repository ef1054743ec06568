//! GoatCounter: `count.js`, its image, and its API for servers. The site is the code in the path (`/in/goatcounter/CODE/count`),
//! else the host of the page, else the first word of our own host name; for the API, one of our keys for writing.

use http::HeaderMap;
use http::header::{HOST, ORIGIN, REFERER};
use serde_json::Value;

use super::form::Params;
use super::json::{self, Object};
use super::{Named, Request, Sent, Told, clock};
use crate::ingest::decode::DecodeError;
use crate::ingest::enrich::page;
use crate::ingest::reason::{Dropped, Rejected};

/// Bytes of a path at the most.
const MAX_PATH: usize = 2_048;

/// Decodes `/count?…`.
///
/// # Errors
/// No path, or one that is too long.
pub fn count(request: &Request<'_>) -> Result<Vec<Sent>, DecodeError> {
    let params = Params::of(request.query);
    let path = params.get("p");
    if path.is_empty() {
        return Err(DecodeError::new(Rejected::MissingField, "`p` is missing"));
    }
    if path.len() > MAX_PATH {
        return Err(DecodeError::new(Rejected::WrongType, "`p` is too long"));
    }
    let site = site(request);
    // What the script thinks is a robot.
    if params.number("b").is_some_and(|hint| hint != 0.0) {
        return Ok(vec![Sent::dropped(site, Dropped::Bot)]);
    }
    let is_event = matches!(params.get("e"), "true" | "1");
    let mut told = Told::new(if is_event { path } else { "" });
    let host = page_host(request.headers);
    let hit = &mut told.hit;
    if !is_event {
        hit.url = address(&host, path, params.get("q")).into();
    } else if !host.is_empty() {
        hit.url = header(request.headers, &REFERER).to_owned().into();
    }
    hit.referrer = params.get("r").to_owned().into();
    hit.w = params.get("s").split(',').next().and_then(|width| width.parse().ok());
    Ok(vec![Sent { site, id: String::new(), told: Ok(told) }])
}

/// Decodes `POST /api/v0/count`.
///
/// # Errors
/// Not an object in JSON with a list of hits.
pub fn api(request: &Request<'_>) -> Result<Vec<Sent>, DecodeError> {
    let text = json::utf8(request.body)?;
    let missing = || DecodeError::new(Rejected::MissingField, "`hits` is missing");
    let hits = json::list(json::envelope(text)?.hits.ok_or_else(missing)?.get())?;
    let key = header(request.headers, &http::header::AUTHORIZATION).strip_prefix("Bearer ").map(str::trim);
    let site = key.map_or_else(|| site(request), |key| Named::Key(key.to_owned()));
    Ok(super::each(&hits, &site, |hit| api_hit(hit, &site, request.now)))
}

fn api_hit(sent: &Object, site: &Named, now: i64) -> Sent {
    let path = json::text(sent, "path");
    if path.is_empty() || path.len() > MAX_PATH {
        return Sent::dropped(site.clone(), Dropped::BadEvent);
    }
    if json::number(sent, "bot").is_some_and(|hint| hint != 0.0) {
        return Sent::dropped(site.clone(), Dropped::Bot);
    }
    let is_event = json::text(sent, "event") == "true";
    let mut told = Told::new(if is_event { path.as_str() } else { "" });
    let hit = &mut told.hit;
    if !is_event {
        hit.url = address("", &path, &json::text(sent, "query")).into();
    }
    hit.referrer = json::text(sent, "ref").into();
    hit.w = match sent.get("size") {
        Some(Value::Array(sizes)) => sizes.first().and_then(Value::as_f64),
        _ => None,
    };
    hit.visitor = json::text(sent, "session").into();
    hit.occurred_at = clock::repaired(clock::of(sent, "created_at"), None, now);
    told.context.locale = json::text(sent, "language").into();
    told.agent = json::text(sent, "user_agent");
    told.hides_place = true;
    Sent { site: site.clone(), id: String::new(), told: Ok(told) }
}

/// The page's address: its path, and the query the script passes apart for campaigns.
fn address(host: &str, path: &str, query: &str) -> String {
    let slash = if path.starts_with('/') { "" } else { "/" };
    let origin = if host.is_empty() { String::new() } else { format!("https://{host}") };
    let query = query.trim_start_matches('?');
    let mark = if query.is_empty() || path.contains('?') { "" } else { "?" };
    let query = if mark.is_empty() { "" } else { query };
    format!("{origin}{slash}{path}{mark}{query}")
}

fn site(request: &Request<'_>) -> Named {
    let page = page_host(request.headers);
    if !request.path_token.is_empty() {
        return Named::Token(request.path_token.to_owned());
    }
    let ours = header(request.headers, &HOST);
    Named::HostOrToken(page, ours.split(['.', ':']).next().unwrap_or_default().to_owned())
}

/// The host of the page that sends.
fn page_host(headers: &HeaderMap) -> String {
    let of = |name| page::split(header(headers, name)).and_then(|page| page.host).map(str::to_ascii_lowercase);
    of(&ORIGIN).or_else(|| of(&REFERER)).unwrap_or_default()
}

fn header<'a>(headers: &'a HeaderMap, name: &http::HeaderName) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::Form::{Goatcounter, GoatcounterApi};
    use super::super::testing::{body, query, request};

    #[test]
    fn a_page_view_names_its_site_by_host() {
        let headers = [("host", "blog.stats.test:8600"), ("origin", "https://a.test")];
        let page = "p=%2Fx&r=https%3A%2F%2Fb.test%2F&t=Title&s=1920&q=%3Futm_source%3Dn&rnd=abc";
        assert_eq!(
            request(Goatcounter, page, &headers, b""),
            [r#"a.test|blog "" url=https://a.test/x?utm_source=n from=https://b.test/ w=1920"#]
        );
        assert_eq!(query(Goatcounter, "p=x%3Fy&s=1280%2C720%2C1"), [r#"| "" url=/x?y w=1280"#]);
    }

    #[test]
    fn events_robots_and_refusals() {
        let headers = [("referer", "https://a.test/page")];
        assert_eq!(
            request(Goatcounter, "p=click-me&e=true", &headers, b""),
            [r#"a.test| "click-me" url=https://a.test/page"#]
        );
        assert_eq!(query(Goatcounter, "p=%2F&b=150"), ["| dropped bot"]);
        assert_eq!(query(Goatcounter, "t=x"), ["missing_field"]);
        assert_eq!(query(Goatcounter, &format!("p={}", "x".repeat(2_049))), ["wrong_type"]);
    }

    #[test]
    fn servers_send_lists_with_a_key() {
        let hits = r#"{"no_sessions":true,"hits":[{"path":"/x","ref":"https://b.test/","query":"utm_source=n","size":[390,844,3],"user_agent":"UA","ip":"192.0.2.1","language":"de","created_at":"2026-11-21T11:59:00Z","session":"s1"},{"path":"signup","event":true},{"path":"/","bot":2},{}]}"#;
        assert_eq!(
            request(GoatcounterApi, "", &[("authorization", "Bearer k")], hits.as_bytes()),
            [
                r#"key "" url=/x?utm_source=n from=https://b.test/ visitor=s1 locale=de w=390 at=-60 agent=UA no-place"#,
                r#"key "signup" no-place"#,
                "key dropped bot",
                "key dropped bad_event",
            ]
        );
        assert_eq!(
            [body(GoatcounterApi, "{}"), body(GoatcounterApi, "[")].map(|codes| codes.join("")),
            ["missing_field", "bad_json"]
        );
    }
}
