//! PostHog: its clients for browsers, servers and telephones, of the last several years. The site is the project key.

use std::borrow::Cow;

use super::json::{self, Object};
use super::{Named, Request, Sent, Told, clock, form, is_campaign};
use crate::ingest::decode::DecodeError;
use crate::ingest::hit::{Moment, Vitals};
use crate::ingest::reason::Dropped;

/// Properties the client adds by itself, beyond those that begin with `$`.
const OWN: [&str; 6] = ["token", "distinct_id", "title", "revenue", "currency", "navigation_type"];

/// Which site, and the client's and our clock.
struct Whole {
    site: Named,
    sent: Option<i64>,
    received: i64,
}

/// Decodes `/e/`, `/batch/`, `/capture/` and `/i/v0/e/`: a batch, a list or a single event, as JSON or in `data=`.
///
/// # Errors
/// Nothing that can be read.
pub fn decode(request: &Request<'_>) -> Result<Vec<Sent>, DecodeError> {
    let json = data(request)?;
    let text = json::utf8(&json)?;
    let query = form::Params::of(request.query);
    let sent_by_query = query.number("_").map(|millis| (millis / 1_000.0) as i64);
    if text.starts_with('[') {
        let whole = Whole { site: Named::Token(String::new()), sent: sent_by_query, received: request.now };
        return Ok(super::each(&json::list(text)?, &whole.site, |event| sent(event, &whole)));
    }
    let envelope = json::envelope(text)?;
    let key = [envelope.api_key, envelope.token].map(json::raw_text).into_iter().find(|key| !key.is_empty());
    let whole = Whole {
        site: Named::Token(key.unwrap_or_default()),
        sent: clock::of_raw(envelope.sent_at_snake).or(sent_by_query),
        received: request.now,
    };
    match envelope.batch {
        Some(batch) => Ok(super::each(&json::list(batch.get())?, &whole.site, |event| sent(event, &whole))),
        None => Ok(vec![sent(&json::whole(text)?, &whole)]),
    }
}

/// Takes a recording: it is not kept, whatever is in it.
///
/// # Errors
/// Nothing that can be read.
pub fn replay(request: &Request<'_>) -> Result<Vec<Sent>, DecodeError> {
    let mut events = decode(request)?;
    events.iter_mut().for_each(|event| event.told = Err(Dropped::NotKept));
    Ok(events)
}

fn data<'a>(request: &Request<'a>) -> Result<Cow<'a, [u8]>, DecodeError> {
    if form::looks_like_json(request.body) {
        return Ok(request.body.into());
    }
    let body = json::utf8(request.body)?;
    match form::data(body).or_else(|| form::data(request.query)) {
        Some(value) => form::json_of_data(value).map(Cow::Owned),
        // `?compression=base64`: without the form around it.
        None if !body.is_empty() => form::unbase64(body.as_bytes()).map(Cow::Owned),
        None => Ok(request.body.into()),
    }
}

fn sent(event: &Object, whole: &Whole) -> Sent {
    let properties = json::within(event, "properties");
    let site = match &whole.site {
        Named::Token(key) if key.is_empty() => {
            let own = [json::first(event, &["api_key", "token"]), json::text(&properties, "token")];
            Named::Token(own.into_iter().find(|key| !key.is_empty()).unwrap_or_default())
        }
        known => known.clone(),
    };
    let name = json::text(event, "event");
    let told = match name.as_str() {
        "" => Err(Dropped::BadEvent),
        "$pageview" | "$screen" => Ok(told("", event, &properties)),
        "$pageleave" => Ok(left(told("engagement", event, &properties), &properties)),
        "$web_vitals" => Ok(measured(told("vitals", event, &properties), &properties)),
        other if other.starts_with('$') => Err(Dropped::NotKept),
        other => Ok(told(other, event, &properties)),
    };
    let told = told.map(|mut told| {
        told.hit.occurred_at = moment(event, whole);
        told
    });
    let id = json::text(event, "uuid");
    let id = if id.is_empty() { json::text(&properties, "$insert_id") } else { id };
    Sent { site, id, told }
}

/// When it happened: a moment of the client's clock, or milliseconds before it was sent.
fn moment(event: &Object, whole: &Whole) -> Option<Moment> {
    if let Some(millis) = json::number(event, "offset") {
        return Some(Moment(whole.received.saturating_sub((millis / 1_000.0) as i64)));
    }
    clock::repaired(clock::of(event, "timestamp"), whole.sent, whole.received)
}

fn told(name: &str, event: &Object, properties: &Object) -> Box<Told> {
    let mut told = Told::new(name);
    let text = |key: &str| json::text(properties, key);
    let hit = &mut told.hit;
    let tags = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"].map(|key| (key, text(key)));
    let url = text("$current_url");
    hit.url = form::with_campaign(&url, &tags.each_ref().map(|(key, value)| (*key, value.as_str()))).into();
    hit.screen = text("$screen_name").into();
    hit.referrer = Some(text("$referrer")).filter(|referrer| referrer != "$direct").unwrap_or_default().into();
    let distinct = json::text(event, "distinct_id");
    let ids = [text("$device_id"), distinct, text("distinct_id")];
    hit.visitor = ids.into_iter().find(|id| !id.is_empty()).unwrap_or_default().into();
    hit.w = json::number(properties, "$viewport_width").or_else(|| json::number(properties, "$screen_width"));
    hit.revenue = json::payment(properties.get("revenue"), &text("currency"));
    hit.props = json::props(properties, |key| key.starts_with('$') || OWN.contains(&key) || is_campaign(key));
    told.hides_place = text("$geoip_disable") == "true";
    // A browser says of its system what its user agent says; a server speaks of itself.
    if text("$lib") != "web" && text("$is_server") != "true" {
        let context = &mut told.context;
        context.app_version = text("$app_version").into();
        context.os = json::first(properties, &["$os_name", "$os"]).into();
        context.os_version = text("$os_version").into();
        context.device = json::first(properties, &["$device_type", "$device_model"]).into();
        context.locale = text("$locale").into();
    }
    told
}

/// What leaving a page tells of how it was read.
fn left(mut told: Box<Told>, properties: &Object) -> Box<Told> {
    told.hit.engaged_secs = json::number(properties, "$prev_pageview_duration");
    let scrolled = json::number(properties, "$prev_pageview_max_scroll_percentage");
    told.hit.scroll_pct = scrolled.map(|fraction| fraction * 100.0);
    told
}

fn measured(mut told: Box<Told>, properties: &Object) -> Box<Told> {
    let value = |name: &str| json::number(properties, &format!("$web_vitals_{name}_value"));
    told.hit.vitals =
        Some(Vitals { lcp: value("LCP"), fcp: value("FCP"), inp: value("INP"), ttfb: None, cls: value("CLS") });
    told
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::super::Form::{AnyBatch, Posthog, PosthogReplay};
    use super::super::testing::{body, query, request};

    const PAGE: &str = r#"{"uuid":"0199-a","event":"$pageview","properties":{"token":"TOK","distinct_id":"d1","$device_id":"dev1","$current_url":"https://a.test/x","$referrer":"$direct","$viewport_width":1200,"$lib":"web","$os":"Linux","$raw_user_agent":"Mozilla","utm_source":null,"gclid":null,"plan":"pro"},"timestamp":"2026-11-21T10:00:00.000Z"}"#;

    #[test]
    fn a_browser_s_batch() {
        let batch = format!(
            r#"{{"api_key":"TOK","batch":[{PAGE},
            {{"uuid":"b","event":"$pageleave","properties":{{"$current_url":"https://a.test/x","$device_id":"dev1","$prev_pageview_duration":12.5,"$prev_pageview_max_scroll_percentage":0.4,"$lib":"web"}}}},
            {{"uuid":"c","event":"$web_vitals","properties":{{"$lib":"web","$web_vitals_LCP_value":900.5,"$web_vitals_CLS_value":0.1}}}},
            {{"uuid":"d","event":"$autocapture","properties":{{"$elements_chain":"secret"}}}},
            {{"uuid":"e","event":"$exception","properties":{{}}}},{{"uuid":"f"}},null],"sent_at":"2026-11-21T10:00:05.000Z"}}"#
        );
        assert_eq!(
            body(Posthog, &batch),
            [
                r#"TOK #0199-a "" url=https://a.test/x visitor=dev1 w=1200 at=-5 {plan=pro}"#,
                r#"TOK #b "engagement" url=https://a.test/x visitor=dev1 engaged=12.5 scroll=40"#,
                r#"TOK #c "vitals" vitals=[Some(900.5), None, None, None, Some(0.1)]"#,
                "TOK #d dropped not_kept",
                "TOK #e dropped not_kept",
                "TOK #f dropped bad_event",
                "TOK dropped bad_event",
            ]
        );
        assert_eq!(body(PosthogReplay, &batch)[0], "TOK #0199-a dropped not_kept");
    }

    #[test]
    fn a_server_s_batch_on_a_shared_path() {
        let batch = r#"{"api_key":"TOK","batch":[{"event":"paid","distinct_id":"u1","properties":{"$lib":"posthog-node","$is_server":true,"$geoip_disable":true,"$os":"Linux","revenue":"3.5","currency":"EUR"},"timestamp":"2026-11-21T12:00:00Z","uuid":"u"}],"sent_at":"2026-11-21T12:00:01Z"}"#;
        assert_eq!(body(AnyBatch, batch), [r#"TOK #u "paid" visitor=u1 at=-1 paid=350EUR no-place"#]);
    }

    #[test]
    fn older_clients() {
        let list = format!("[{PAGE}]");
        let page = r#"TOK #0199-a "" url=https://a.test/x visitor=dev1 w=1200 at=-7200 {plan=pro}"#;
        assert_eq!(body(Posthog, &list), [page]);
        let base64 = base64::engine::general_purpose::STANDARD.encode(&list);
        let encoded = percent_encoding::utf8_percent_encode(&base64, percent_encoding::NON_ALPHANUMERIC).to_string();
        assert_eq!(body(Posthog, &format!("data={encoded}&compression=base64")), [page]);
        assert_eq!(body(Posthog, &base64), [page]);
        assert_eq!(
            query(Posthog, &format!("data={encoded}&_=1795262400000")),
            [r#"TOK #0199-a "" url=https://a.test/x visitor=dev1 w=1200 at=-7200 {plan=pro}"#]
        );
        let single = r#"{"api_key":"TOK","event":"x","offset":3000,"properties":{"distinct_id":"d","$screen_name":"Home","$lib":"posthog-ios","$os_name":"iOS","$app_version":"1.0","$device_type":"Mobile"}}"#;
        assert_eq!(body(Posthog, single), [r#"TOK "x" screen=Home visitor=d app=1.0 os=iOS device=Mobile at=-3"#]);
    }

    #[test]
    fn nonsense_is_refused() {
        let bodies: [&[u8]; 4] = [b"", b"{", b"data=!", b"\xff"];
        assert_eq!(bodies.map(|bytes| request(Posthog, "", &[], bytes).join("")), ["bad_json"; 4]);
    }
}
