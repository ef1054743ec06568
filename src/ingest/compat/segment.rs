//! Segment and RudderStack, which send the same. The site is the write key.

use super::json::{self, Envelope, Object};
use super::{Form, Named, Request, SegmentKind, Sent, Told, basic_user, clock, form, is_campaign};
use crate::ingest::decode::DecodeError;
use crate::ingest::hit::Props;
use crate::ingest::reason::{Dropped, Rejected};

/// Properties of pages and screens that have a place of their own.
const OWN: [&str; 8] = ["url", "path", "referrer", "title", "search", "revenue", "currency", "initial_referrer"];

/// Decodes a list (`/v1/batch`, `/v1/b`) or a single event (`/v1/track`, `/v1/t` …).
///
/// # Errors
/// Not an object in JSON; no list where one belongs.
pub fn decode(request: &Request<'_>) -> Result<Vec<Sent>, DecodeError> {
    let text = json::utf8(request.body)?;
    let envelope = json::envelope(text)?;
    let site = Named::Token(write_key(request, &envelope));
    let sent_at = clock::of_raw(envelope.sent_at);
    let kind = match request.form {
        Form::Segment(kind) => kind,
        _ => {
            let missing = || DecodeError::new(Rejected::MissingField, "`batch` is missing: it is the list of events");
            let events = json::list(envelope.batch.ok_or_else(missing)?.get())?;
            return Ok(super::each(&events, &site, |event| sent(event, None, &site, (sent_at, request.now))));
        }
    };
    Ok(vec![sent(&json::whole(text)?, Some(kind), &site, (sent_at, request.now))])
}

fn write_key(request: &Request<'_>, envelope: &Envelope<'_>) -> String {
    let told = json::raw_text(envelope.write_key);
    if told.is_empty() { basic_user(request.headers).unwrap_or_default() } else { told }
}

/// One event; `clocks` are the client's when it sent and ours when that arrived.
fn sent(event: &Object, path: Option<SegmentKind>, site: &Named, clocks: (Option<i64>, i64)) -> Sent {
    let kind = match json::text(event, "type").as_str() {
        "track" => Some(SegmentKind::Track),
        "page" => Some(SegmentKind::Page),
        "screen" => Some(SegmentKind::Screen),
        "" => path,
        _ => Some(SegmentKind::Profile),
    };
    let told = match kind {
        None => Err(Dropped::BadEvent),
        Some(SegmentKind::Profile) => Err(Dropped::NotKept),
        Some(SegmentKind::Track) if json::text(event, "event").is_empty() => Err(Dropped::BadEvent),
        Some(kind) => Ok(told(event, kind)),
    };
    let (sent, received) = clocks;
    let sent = clock::of(event, "sentAt").or(sent);
    let told = told.map(|mut told| {
        let at = ["originalTimestamp", "timestamp"].into_iter().find_map(|key| clock::of(event, key));
        told.hit.occurred_at = clock::repaired(at, sent, received);
        told
    });
    Sent { site: site.clone(), id: json::text(event, "messageId"), told }
}

fn told(event: &Object, kind: SegmentKind) -> Box<Told> {
    let (properties, context) = (json::within(event, "properties"), json::within(event, "context"));
    let page = json::within(&context, "page");
    let mut told = Told::new(if kind == SegmentKind::Track { json::text(event, "event") } else { String::new() });
    let hit = &mut told.hit;
    let of_page = |key: &str| {
        let own = if kind == SegmentKind::Page { json::text(&properties, key) } else { String::new() };
        if own.is_empty() { json::text(&page, key) } else { own }
    };
    if kind == SegmentKind::Screen {
        let named = json::text(event, "name");
        hit.screen = if named.is_empty() { json::text(&properties, "name") } else { named }.into();
    } else {
        hit.url = tagged(&of_page("url"), &json::within(&context, "campaign")).into();
        hit.path = of_page("path").into();
        if kind == SegmentKind::Page && hit.url.is_empty() && hit.path.is_empty() {
            // Servers name their pages.
            hit.screen = json::text(event, "name").into();
        }
        hit.referrer = of_page("referrer").into();
    }
    hit.visitor = json::first(event, &["anonymousId", "userId"]).into();
    let screen = json::within(&context, "screen");
    hit.w = json::number(&screen, "innerWidth").or_else(|| json::number(&screen, "width"));
    hit.revenue = payment(event, &properties);
    hit.props = props(&properties, kind);
    told.opted_out = has_denied(&context);
    put_context(&mut told, &context);
    told
}

/// A payment: `revenue`, or of an order its `total`. Without a currency it is in dollars, as Segment's specification says.
fn payment(event: &Object, properties: &Object) -> Option<crate::ingest::hit::Revenue> {
    let is_order = json::text(event, "event").eq_ignore_ascii_case("order completed");
    let amount = properties.get("revenue").or_else(|| properties.get("total").filter(|_| is_order));
    let currency = json::text(properties, "currency");
    json::payment(amount, if currency.is_empty() { "USD" } else { &currency })
}

fn props(properties: &Object, kind: SegmentKind) -> Props<'static> {
    let is_page = kind != SegmentKind::Track;
    json::props(properties, |key| {
        is_campaign(key) || OWN.contains(&key) && (is_page || matches!(key, "revenue" | "currency"))
    })
}

/// Whether the consent that came along says no to analytics.
fn has_denied(context: &Object) -> bool {
    let consent = json::within(context, "consent");
    let preferences = json::within(&consent, "categoryPreferences");
    preferences
        .iter()
        .any(|(category, value)| category.eq_ignore_ascii_case("analytics") && value == &serde_json::Value::Bool(false))
}

fn tagged(url: &str, campaign: &Object) -> String {
    let of = |key: &str| json::text(campaign, key);
    let tags = [
        ("utm_source", of("source")),
        ("utm_medium", of("medium")),
        ("utm_campaign", of("name")),
        ("utm_term", of("term")),
        ("utm_content", of("content")),
    ];
    form::with_campaign(url, &tags.each_ref().map(|(key, value)| (*key, value.as_str())))
}

fn put_context(told: &mut Told, context: &Object) {
    let part = |part: &str, key: &str| json::text(&json::within(context, part), key);
    told.agent = json::text(context, "userAgent");
    let kept = &mut told.context;
    kept.app_version = part("app", "version").into();
    kept.os = part("os", "name").into();
    kept.os_version = part("os", "version").into();
    let model = part("device", "model");
    let is_telephone = matches!(part("device", "type").to_ascii_lowercase().as_str(), "ios" | "android");
    // Their `type` is the system; the class is in the model, or that of most such devices.
    kept.device = match (model, is_telephone) {
        (model, _) if model.to_ascii_lowercase().contains("pad") => "tablet".into(),
        (_, true) => "phone".into(),
        (model, false) => model.into(),
    };
    kept.locale = json::text(context, "locale").into();
}

#[cfg(test)]
mod tests {
    use super::super::Form::{Segment, SegmentBatch};
    use super::super::SegmentKind::{Page, Profile, Screen, Track};
    use super::super::testing::{body, request};

    #[test]
    fn a_server_s_batch_with_its_clock_put_right() {
        let sent = r#"{"batch":[
            {"messageId":"node-next-1-a","type":"track","event":"Signed Up","userId":"u1","timestamp":"2026-11-21T10:59:50.000Z","properties":{"plan":"pro","revenue":3},"context":{"library":{"name":"@segment/analytics-node"}},"integrations":{},"_metadata":{"nodeVersion":"20"}},
            {"messageId":"node-next-1-b","type":"page","anonymousId":"a1","userId":null,"name":"Home","properties":{"url":"https://a.test/x","name":"Home"},"timestamp":"2026-11-21T11:00:00Z"},
            {"messageId":"node-next-1-c","type":"identify","userId":"u1","traits":{"email":"jane@a.test"}},
            {"type":"track"},7],"writeKey":"WK","sentAt":"2026-11-21T11:00:00.000Z"}"#;
        assert_eq!(
            body(SegmentBatch, sent),
            [
                r#"WK #node-next-1-a "Signed Up" visitor=u1 at=-10 paid=300USD {plan=pro}"#,
                r#"WK #node-next-1-b "" url=https://a.test/x visitor=a1 at=0 {name=Home}"#,
                "WK #node-next-1-c dropped not_kept",
                "WK dropped bad_event",
                "WK dropped bad_event",
            ]
        );
    }

    #[test]
    fn a_browser_s_single_events() {
        let event = r#"{"timestamp":"2026-11-21T12:00:00.000Z","integrations":{},"anonymousId":"a1","type":"track","event":"Play","properties":{"n":1},"context":{"page":{"path":"/x","referrer":"https://b.test/","search":"","title":"T","url":"https://a.test/x"},"userAgent":"Mozilla/5.0 X","locale":"de-AT","campaign":{"source":"news","name":"may"},"timezone":"Europe/Vienna"},"messageId":"ajs-1","writeKey":"WK","sentAt":"2026-11-21T12:00:01.000Z","_metadata":{"bundled":["Segment.io"]}}"#;
        assert_eq!(
            body(Segment(Track), event),
            [
                r#"WK #ajs-1 "Play" url=https://a.test/x?utm_source=news&utm_campaign=may path=/x from=https://b.test/ visitor=a1 locale=de-AT at=-1 agent=Mozilla/5.0 X {n=1}"#
            ]
        );
        assert_eq!(body(Segment(Profile), r#"{"userId":"u1","writeKey":"WK"}"#), ["WK dropped not_kept"]);
        assert_eq!(body(Segment(Page), r#"{"writeKey":"WK","anonymousId":"a"}"#), [r#"WK "" visitor=a"#]);
    }

    #[test]
    fn rudder_and_apps_name_the_key_in_a_header() {
        let basic = [("authorization", "Basic V0s6")];
        let event = r#"{"type":"screen","name":"Home","anonymousId":"a1","channel":"mobile","originalTimestamp":"2026-11-21T12:00:00Z","sentAt":"2026-11-21T12:00:00Z","context":{"app":{"version":"1.2"},"os":{"name":"iOS","version":"17.4"},"device":{"type":"ios","model":"iPhone15,2"},"screen":{"width":390,"innerWidth":380}}}"#;
        assert_eq!(
            request(Segment(Screen), "", &basic, event.as_bytes()),
            [r#"WK "" screen=Home visitor=a1 app=1.2 os=iOS os_version=17.4 device=phone w=380 at=0"#]
        );
        let denied = r#"{"batch":[{"type":"track","event":"x","context":{"consent":{"categoryPreferences":{"Analytics":false}}}}]}"#;
        assert_eq!(request(SegmentBatch, "", &basic, denied.as_bytes()), [r#"WK "x" opted-out"#]);
    }

    #[test]
    fn what_is_no_batch_is_refused() {
        let bodies = ["", "[]", "{", "{}", r#"{"batch":{}}"#];
        assert_eq!(
            bodies.map(|text| body(SegmentBatch, text).join("")),
            ["bad_json", "bad_json", "bad_json", "missing_field", "bad_json"]
        );
    }
}
