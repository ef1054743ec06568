//! Events of GA4 as BigQuery exports them: one JSON object per line, parameters as a list of keys with typed values.

use serde_json::Value;

use super::fields::{self, Object, first, text};
use super::{Decoded, Decoder, country, moment};
use crate::import::event::{Client, Event, Known};
use crate::import::skip::Skip;
use crate::model::foreign::ga4::{NOT_KEPT, OWN};

/// Reads lines of GA4.
#[derive(Default)]
pub struct Ga4 {
    unplaced: u64,
}

impl Decoder for Ga4 {
    fn decode(&mut self, record: &str) -> Decoded {
        if record.trim().is_empty() {
            return Err(Skip::Heading);
        }
        let line: Object = serde_json::from_str(record).map_err(|_| Skip::Malformed)?;
        let name = text(&line, "event_name");
        if name.is_empty() {
            return Err(Skip::Malformed);
        }
        if NOT_KEPT.contains(&name.as_str()) || name.starts_with("firebase_") {
            return Err(Skip::NotKept);
        }
        let moment = moment::of_any(&text(&line, "event_timestamp")).ok_or(Skip::BadTime)?;
        let event = event(&name, moment, &line, &params(&line));
        let is_placed = event.client.known.as_ref().is_some_and(|known| !known.country.is_empty());
        self.unplaced += u64::from(!is_placed && !told(text(&line, "geo.country")).is_empty());
        Ok(vec![event])
    }

    fn unplaced(&mut self) -> u64 {
        std::mem::take(&mut self.unplaced)
    }
}

/// What is not a word for nothing.
fn told(value: String) -> String {
    if matches!(value.as_str(), "(not set)" | "(other)") { String::new() } else { value }
}

/// The parameters by key. Each value is in the field of its type.
fn params(line: &Object) -> Object {
    let Some(Value::Array(list)) = line.get("event_params") else { return Object::new() };
    let typed = ["string_value", "int_value", "double_value", "float_value"];
    let one = |param: &Value| {
        let value = param.get("value")?;
        let value = typed.iter().map(|of| value.get(of)).find_map(|value| value.filter(|value| !value.is_null()))?;
        Some((param.get("key")?.as_str()?.to_owned(), value.clone()))
    };
    list.iter().filter_map(one).collect()
}

fn event(name: &str, occurred_at: i64, line: &Object, params: &Object) -> Event {
    let param = |key: &str| text(params, key);
    let of = |key: &str| text(line, key);
    let is_report = matches!(name, "user_engagement" | "scroll");
    let tags = [
        ("utm_source", first(line, &["collected_traffic_source.manual_source"])),
        ("utm_medium", first(line, &["collected_traffic_source.manual_medium"])),
        ("utm_campaign", first(line, &["collected_traffic_source.manual_campaign_name"])),
    ];
    let is_payment = matches!(name, "purchase" | "in_app_purchase" | "ecommerce_purchase");
    Event {
        name: match name {
            "page_view" | "screen_view" => String::new(),
            _ if is_report => "engagement".to_owned(),
            other => other.to_owned(),
        },
        url: fields::with_tags(&param("page_location"), &tags),
        screen: first(params, &["screen_name", "firebase_screen", "firebase_screen_class"]),
        referrer: param("page_referrer"),
        props: if is_report { Vec::new() } else { fields::props(params, |key| OWN.contains(&key)) },
        revenue: fields::payment(&param("value"), &param("currency")).filter(|_| is_payment),
        engaged_secs: match name {
            "user_engagement" => param("engagement_time_msec").parse::<f64>().ok().map(|millis| millis / 1_000.0),
            _ => None,
        },
        scroll_pct: (name == "scroll").then(|| param("percent_scrolled").parse().unwrap_or(90.0)),
        occurred_at,
        visitor: first(line, &["user_pseudo_id", "user_id"]),
        client: client(&of),
        ..Event::default()
    }
}

/// Places are names there: that of the country becomes a code, those of region and city are the ones that are kept.
fn client(of: &dyn Fn(&str) -> String) -> Client {
    let (os, os_version) = fields::system(&of("device.operating_system"), &of("device.operating_system_version"));
    // `Windows 10` and the like, on the web.
    let os_version = os_version.trim_start_matches(|sign: char| !sign.is_ascii_digit()).to_owned();
    let browser = [of("device.web_info.browser"), of("device.browser")].into_iter().find(|name| !name.is_empty());
    let version = [of("device.web_info.browser_version"), of("device.browser_version")];
    let place = |key: &str| told(of(key));
    let known = Known {
        country: country::code(&of("geo.country")).unwrap_or_default().to_owned(),
        region: place("geo.region"),
        city: place("geo.city"),
        browser: fields::browser(&browser.unwrap_or_default()).to_owned(),
        browser_version: version.into_iter().find(|version| !version.is_empty()).unwrap_or_default(),
        os,
        os_version,
        device: of("device.category"),
        app_version: of("app_info.version"),
    };
    Client { language: of("device.language"), known: fields::known(known), ..Client::default() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::import::event::Payment;

    fn line(name: &str, params: &Value) -> String {
        json!({ "event_name": name, "event_timestamp": "1795325860123456", "user_pseudo_id": "1.2",
            "event_params": params, "device": { "category": "desktop", "operating_system": "Windows",
            "operating_system_version": "Windows 10", "language": "de-de",
            "web_info": { "browser": "Chrome", "browser_version": "140.0.1" } },
            "geo": { "country": "Germany", "region": "Bavaria", "city": "(not set)" } })
        .to_string()
    }

    fn param(key: &str, of: &str, value: Value) -> Value {
        json!({ "key": key, "value": { (of): value, "float_value": null } })
    }

    #[test]
    fn events_of_the_export() {
        let mut ga4 = Ga4::default();
        let url = || param("page_location", "string_value", json!("https://a.test/x?utm_source=news"));
        let known = Known {
            country: "DE".into(),
            region: "Bavaria".into(),
            browser: "Chrome".into(),
            browser_version: "140.0.1".into(),
            os: "Windows".into(),
            os_version: "10".into(),
            device: "desktop".into(),
            ..Known::default()
        };
        let seen = Event {
            url: "https://a.test/x?utm_source=news".into(),
            occurred_at: 1_795_325_860,
            visitor: "1.2".into(),
            client: Client { language: "de-de".into(), known: Some(Box::new(known)), ..Client::default() },
            ..Event::default()
        };
        assert_eq!(ga4.decode(&line("page_view", &json!([url()]))), Ok(vec![seen.clone()]));
        let bought = json!([
            url(),
            param("value", "double_value", json!(9.5)),
            param("currency", "string_value", json!("EUR")),
            param("coupon", "string_value", json!("NEW")),
            param("ga_session_id", "int_value", json!(7))
        ]);
        let wanted = Event {
            name: "purchase".into(),
            revenue: Some(Payment { amount: "9.5".into(), currency: "EUR".into() }),
            props: vec![("coupon".into(), "NEW".into()), ("value".into(), "9.5".into())],
            ..seen.clone()
        };
        assert_eq!(ga4.decode(&line("purchase", &bought)), Ok(vec![wanted]));
        let engaged = json!([url(), param("engagement_time_msec", "int_value", json!("2500"))]);
        let wanted = Event { name: "engagement".into(), engaged_secs: Some(2.5), ..seen };
        assert_eq!(ga4.decode(&line("user_engagement", &engaged)), Ok(vec![wanted]));
        assert_eq!(ga4.decode(&line("session_start", &json!([]))), Err(Skip::NotKept));
        assert_eq!(ga4.unplaced(), 0);
        for (country, unplaced) in [("Atlantis", 1), ("(not set)", 0), ("", 0)] {
            let elsewhere = line("page_view", &json!([])).replace("Germany", country);
            let known = ga4.decode(&elsewhere).map(|events| events[0].client.known.clone());
            assert_eq!(known.map(|known| known.map(|known| known.country)), Ok(Some(String::new())));
            assert_eq!(ga4.unplaced(), unplaced, "{country}");
        }
        let late = line("page_view", &json!([])).replace("1795325860123456", "then");
        assert_eq!(
            [ga4.decode("{}"), ga4.decode("["), ga4.decode(&late)],
            [Err(Skip::Malformed), Err(Skip::Malformed), Err(Skip::BadTime)]
        );
    }

    proptest! {
        #[test]
        fn any_line_is_decoded_or_refused(text in "\\PC{0,40}", key in "event_params|device|event_timestamp") {
            let mut ga4 = Ga4::default();
            let _ = ga4.decode(&text);
            let _ = ga4.decode(&format!("{{\"event_name\":\"x\",\"event_timestamp\":1,\"{key}\":{text}}}"));
        }
    }
}
