//! Google Analytics 4: gtag's requests (`/g/collect`) and the Measurement Protocol. The site is the measurement id, or the
//! app id of Firebase.

use std::borrow::Cow;

use serde_json::Value;

use super::form::Params;
use super::json;
use super::{Named, Request, Sent, Told, clock, is_campaign};
use crate::ingest::decode::{DecodeError, MAX_EVENTS};
use crate::ingest::hit::{MAX_PROPERTIES, Props};
use crate::ingest::reason::{Dropped, Rejected};
use crate::model::foreign::ga4::{NOT_KEPT, OWN};

/// One event of either protocol, before it has a meaning.
struct Event<'a> {
    name: &'a str,
    /// Its parameters by the names of the Measurement Protocol.
    param: &'a dyn Fn(&str) -> Cow<'a, str>,
    visitor: String,
}

/// Decodes `POST /mp/collect`.
///
/// # Errors
/// Not an object in JSON with a list of events.
pub fn measurement_protocol(request: &Request<'_>) -> Result<Vec<Sent>, DecodeError> {
    let text = json::utf8(request.body)?;
    let events = json::envelope(text)?.events;
    let events = match events {
        // Clients that send later send each event by itself, without a list around it.
        Some(event) if event.get().starts_with('{') => vec![event],
        events => json::list(events.map_or("[]", |events| events.get()))?,
    };
    let shared = json::whole(text)?;
    let query = Params::of(request.query);
    let site = Named::Token(query.first(&["measurement_id", "firebase_app_id"]).to_owned());
    let visitor = json::first(&shared, &["client_id", "app_instance_id", "user_id"]);
    let at = clock::of(&shared, "timestamp_micros");
    Ok(super::each(&events, &site, |event| {
        let params = json::within(event, "params");
        let param = |key: &str| Cow::Owned(json::text(&params, key));
        let name = json::text(event, "name");
        let sent = Event { name: &name, param: &param, visitor: visitor.clone() }.sent(site.clone());
        with(sent, |told| {
            told.hit.occurred_at = clock::repaired(clock::of(event, "timestamp_micros").or(at), None, request.now);
            told.hit.props = json::props(&params, is_own);
            told.agent = json::text(&shared, "user_agent");
            let device = json::within(&shared, "device");
            told.context.os = json::text(&device, "operating_system").into();
            told.context.os_version = json::text(&device, "operating_system_version").into();
            told.context.device = json::text(&device, "category").into();
            if told.context.locale.is_empty() {
                told.context.locale = json::text(&device, "language").into();
            }
        })
    }))
}

/// Decodes `/g/collect`: what all events share is in the query, each line of the body is one of them. Without a body the
/// query is the event.
///
/// # Errors
/// Not UTF-8, too many lines.
pub fn gtag(request: &Request<'_>) -> Result<Vec<Sent>, DecodeError> {
    let body = json::utf8(request.body)?;
    let lines: Vec<&str> = body.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.len() > MAX_EVENTS {
        return Err(DecodeError::new(Rejected::TooLarge, "more than 2000 lines: send several requests"));
    }
    let lines = if lines.is_empty() { vec![""] } else { lines };
    Ok(lines.into_iter().map(|line| gtag_event(&Params::of(request.query).before(Params::of(line)))).collect())
}

fn gtag_event(params: &Params<'_>) -> Sent {
    let param = |key: &str| {
        let short = match key {
            "page_location" => "dl",
            "page_referrer" => "dr",
            "currency" => "cu",
            "language" => "ul",
            "screen_resolution" => "sr",
            "engagement_time_msec" => "_et",
            _ => "",
        };
        let long = [format!("ep.{key}"), format!("epn.{key}")];
        Cow::Owned(params.first(&[short, &long[0], &long[1]]).to_owned())
    };
    let visitor = params.first(&["cid", "uid"]).to_owned();
    let event = Event { name: params.get("en"), param: &param, visitor };
    with(event.sent(Named::Token(params.get("tid").to_owned())), |told| {
        // `G1` and two letters: may it store for advertising, may it store for analytics.
        told.opted_out = params.get("gcs").as_bytes().get(3) == Some(&b'0');
        told.hit.props = gtag_props(params);
    })
}

fn gtag_props(params: &Params<'_>) -> Props<'static> {
    let named = params
        .iter()
        .filter_map(|(key, value)| Some((key.strip_prefix("ep.").or_else(|| key.strip_prefix("epn."))?, value)));
    let kept = named.filter(|(key, value)| !is_own(key) && !value.is_empty()).take(MAX_PROPERTIES);
    Props(kept.map(|(key, value)| (key.to_owned().into(), value.to_owned().into())).collect())
}

impl Event<'_> {
    fn sent(&self, site: Named) -> Sent {
        if self.name.is_empty() {
            return Sent::dropped(site, Dropped::BadEvent);
        }
        if NOT_KEPT.contains(&self.name) || self.name.starts_with("firebase_") {
            return Sent::dropped(site, Dropped::NotKept);
        }
        Sent { site, id: String::new(), told: Ok(self.told()) }
    }

    fn told(&self) -> Box<Told> {
        let param = |key: &str| (self.param)(key).into_owned();
        let number = |key: &str| param(key).parse().ok().filter(|number: &f64| number.is_finite());
        let mut told = Told::new(match self.name {
            "page_view" | "screen_view" => "",
            "user_engagement" | "scroll" => "engagement",
            other => other,
        });
        let hit = &mut told.hit;
        let tags =
            [("utm_source", param("source")), ("utm_medium", param("medium")), ("utm_campaign", param("campaign"))];
        let tags = tags.each_ref().map(|(key, value)| (*key, value.as_str()));
        hit.url = super::form::with_campaign(&param("page_location"), &tags).into();
        hit.path = param("page_path").into();
        hit.referrer = param("page_referrer").into();
        let screen = ["screen_name", "firebase_screen", "firebase_screen_class"].map(param);
        hit.screen = screen.into_iter().find(|name| !name.is_empty()).unwrap_or_default().into();
        hit.visitor = self.visitor.clone().into();
        hit.w = param("screen_resolution").split('x').next().and_then(|width| width.parse().ok());
        match self.name {
            "user_engagement" => hit.engaged_secs = number("engagement_time_msec").map(|millis| millis / 1_000.0),
            "scroll" => hit.scroll_pct = number("percent_scrolled").or(Some(90.0)),
            "purchase" | "in_app_purchase" | "ecommerce_purchase" => {
                hit.revenue = json::payment(Some(&Value::String(param("value"))), &param("currency"));
            }
            _ => {}
        }
        told.context.locale = param("language").into();
        told
    }
}

fn is_own(key: &str) -> bool {
    OWN.contains(&key) || is_campaign(key) || key.starts_with('_')
}

/// Changes the event of what was sent, if there is one.
fn with(mut sent: Sent, change: impl FnOnce(&mut Told)) -> Sent {
    if let Ok(told) = &mut sent.told {
        change(told);
    }
    sent
}

#[cfg(test)]
mod tests {
    use super::super::Form::{Gtag, MeasurementProtocol};
    use super::super::testing::{body, query, request};

    #[test]
    fn events_of_the_measurement_protocol() {
        let events = r#"{"client_id":"1.2","timestamp_micros":"1795262395000000","events":[
            {"name":"page_view","params":{"page_location":"https://a.test/x","page_referrer":"https://b.test/","page_title":"T","session_id":"7","engagement_time_msec":100}},
            {"name":"purchase","params":{"value":12.5,"currency":"EUR","transaction_id":"T1","coupon":"NEW","items":[{}]}},
            {"name":"screen_view","params":{"firebase_screen":"Home"}},
            {"name":"user_engagement","params":{"page_location":"https://a.test/x","engagement_time_msec":"2500"}},
            {"name":"session_start"},{"params":{}},7]}"#;
        assert_eq!(
            request(MeasurementProtocol, "measurement_id=G-1&api_secret=s", &[], events.as_bytes()),
            [
                r#"G-1 "" url=https://a.test/x from=https://b.test/ visitor=1.2 at=-5"#,
                r#"G-1 "purchase" visitor=1.2 at=-5 paid=1250EUR {coupon=NEW, value=12.5}"#,
                r#"G-1 "" screen=Home visitor=1.2 at=-5"#,
                r#"G-1 "engagement" url=https://a.test/x visitor=1.2 at=-5 engaged=2.5"#,
                "G-1 dropped not_kept",
                "G-1 dropped bad_event",
                "G-1 dropped bad_event",
            ]
        );
        let later =
            r#"{"client_id":"1.2","events":{"name":"play","params":{"level":3}},"timestamp_micros":1795262395000000}"#;
        assert_eq!(
            request(MeasurementProtocol, "measurement_id=G-1", &[], later.as_bytes()),
            [r#"G-1 "play" visitor=1.2 at=-5 {level=3}"#]
        );
        assert_eq!([body(MeasurementProtocol, "{"), body(MeasurementProtocol, r#"{"events":7}"#)], [["bad_json"]; 2]);
    }

    #[test]
    fn what_gtag_sends_in_a_query_and_in_lines() {
        let shared =
            "v=2&tid=G-1&cid=1.2&dl=https%3A%2F%2Fa.test%2Fx%3Futm_source%3Dn&dr=&ul=de-at&sr=1920x1080&sid=5&_p=1";
        let page = r#"G-1 "" url=https://a.test/x?utm_source=n visitor=1.2 locale=de-at w=1920"#;
        assert_eq!(query(Gtag, &format!("{shared}&en=page_view&_ss=1&_fv=1&gcs=G111")), [page]);
        let lines = "en=page_view\r\nen=signup&ep.plan=pro&epn.seats=3&_et=200\nen=scroll&epn.percent_scrolled=90";
        assert_eq!(
            request(Gtag, shared, &[], lines.as_bytes()),
            [
                page,
                r#"G-1 "signup" url=https://a.test/x?utm_source=n visitor=1.2 locale=de-at w=1920 {plan=pro, seats=3}"#,
                r#"G-1 "engagement" url=https://a.test/x?utm_source=n visitor=1.2 locale=de-at w=1920 scroll=90"#,
            ]
        );
    }

    #[test]
    fn denied_consent_is_an_opt_out() {
        assert_eq!(query(Gtag, "v=2&tid=G-1&en=page_view&gcs=G100"), [r#"G-1 "" opted-out"#]);
        assert_eq!(query(Gtag, "v=2&tid=G-1&en=page_view&gcs=G101"), [r#"G-1 """#]);
    }
}
