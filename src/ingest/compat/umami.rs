//! Umami: its tracker, its client for servers, and lists of events. The site is the website id.

use serde_json::Value;

use super::json::{self, Object};
use super::{Form, Named, Request, Sent, Told, clock};
use crate::ingest::decode::DecodeError;
use crate::ingest::hit::Vitals;
use crate::ingest::reason::{Dropped, Rejected};

/// Decodes `POST /api/send` (one event) and `/api/batch` (a list).
///
/// # Errors
/// Not JSON of that shape; an event without website.
pub fn decode(request: &Request<'_>) -> Result<Vec<Sent>, DecodeError> {
    let text = json::utf8(request.body)?;
    if request.form == Form::UmamiBatch {
        return Ok(super::each(&json::list(text)?, &Named::Token(String::new()), |event| sent(event, request.now)));
    }
    let event = json::whole(text)?;
    if json::text(&json::within(&event, "payload"), "website").is_empty() {
        return Err(DecodeError::new(Rejected::MissingField, "`website` is missing"));
    }
    Ok(vec![sent(&event, request.now)])
}

fn sent(event: &Object, now: i64) -> Sent {
    let payload = json::within(event, "payload");
    let site = Named::Token(json::text(&payload, "website"));
    let told = match json::text(event, "type").as_str() {
        "event" => told(&json::text(&payload, "name"), &payload),
        "performance" => {
            let mut told = told("vitals", &payload);
            let value = |key: &str| json::number(&payload, key);
            told.hit.vitals = Some(Vitals {
                lcp: value("lcp"),
                fcp: value("fcp"),
                inp: value("inp"),
                ttfb: value("ttfb"),
                cls: value("cls"),
            });
            told
        }
        "identify" => return Sent::dropped(site, Dropped::NotKept),
        _ => return Sent::dropped(site, Dropped::BadEvent),
    };
    let mut sent = Sent { site, id: String::new(), told: Ok(told) };
    if let Ok(told) = &mut sent.told {
        told.hit.occurred_at = clock::repaired(clock::of(&payload, "timestamp"), None, now);
    }
    sent
}

fn told(name: &str, payload: &Object) -> Box<Told> {
    let mut told = Told::new(name);
    let text = |key: &str| json::text(payload, key);
    let hit = &mut told.hit;
    let (url, host) = (text("url"), text("hostname"));
    // Older trackers send the path, and the host apart.
    let is_path = url.starts_with('/') && !url.starts_with("//");
    hit.url = if is_path && !host.is_empty() { format!("https://{host}{url}") } else { url }.into();
    hit.referrer = text("referrer").into();
    hit.w = text("screen").split('x').next().and_then(|width| width.parse().ok());
    hit.visitor = json::first(payload, &["id", "vid"]).into();
    if let Some(Value::Object(data)) = payload.get("data") {
        hit.props = json::props(data, |key| matches!(key, "revenue" | "currency"));
        hit.revenue = json::payment(data.get("revenue"), &json::text(data, "currency"));
    }
    let tag = text("tag");
    if !tag.is_empty() {
        hit.props.0.push(("tag".into(), tag.into()));
    }
    told.context.locale = text("language").into();
    told.agent = text("userAgent");
    told
}

#[cfg(test)]
mod tests {
    use super::super::Form::{Umami, UmamiBatch};
    use super::super::testing::body;

    const PAGE: &str = r#"{"type":"event","payload":{"website":"0d5e6c","screen":"1920x1080","language":"de-AT","title":"T","hostname":"a.test","url":"https://a.test/x?y=1","referrer":"https://b.test/","tag":"v2"}}"#;

    #[test]
    fn page_views_events_and_vitals() {
        assert_eq!(
            body(Umami, PAGE),
            [r#"0d5e6c "" url=https://a.test/x?y=1 from=https://b.test/ locale=de-AT w=1920 {tag=v2}"#]
        );
        let event = r#"{"type":"event","payload":{"website":"W","hostname":"a.test","url":"/x","name":"buy","data":{"plan":"pro","revenue":9.5,"currency":"EUR","deep":{}},"id":"u1","timestamp":1795262390,"userAgent":"UA","ip":"192.0.2.1"}}"#;
        assert_eq!(
            body(Umami, event),
            [r#"W "buy" url=https://a.test/x visitor=u1 at=-10 paid=950EUR agent=UA {plan=pro}"#]
        );
        let vitals = r#"{"type":"performance","payload":{"website":"W","url":"https://a.test/","ttfb":12,"fcp":300.5,"lcp":900,"inp":null,"cls":0.02,"duration":5}}"#;
        assert_eq!(
            body(Umami, vitals),
            [r#"W "vitals" url=https://a.test/ vitals=[Some(900.0), Some(300.5), None, Some(12.0), Some(0.02)]"#]
        );
    }

    #[test]
    fn lists_and_refusals() {
        let list = format!(
            r#"[{PAGE},{{"type":"identify","payload":{{"website":"W","data":{{"email":"j@a.test"}}}}}},{{"type":"x"}},7]"#
        );
        assert_eq!(body(UmamiBatch, &list)[1..], ["W dropped not_kept", " dropped bad_event", " dropped bad_event"]);
        let bodies = ["", "[]", "{}", r#"{"type":"event","payload":{}}"#];
        assert_eq!(
            bodies.map(|text| body(Umami, text).join("")),
            ["bad_json", "bad_json", "missing_field", "missing_field"]
        );
        assert_eq!(body(UmamiBatch, "{}"), ["bad_json"]);
    }
}
