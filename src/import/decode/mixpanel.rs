//! Mixpanel's raw export: one event per line, `{"event": …, "properties": {"time": …, "distinct_id": …, …}}`.

use super::fields::{self, Object, first, text};
use super::{Decoded, Decoder, moment};
use crate::import::event::{Client, Event, Known};
use crate::import::skip::Skip;
use crate::model::foreign::mixpanel::{OWN, PAGE_VIEWS};

/// Campaign tags.
const TAGS: [&str; 5] = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"];

/// Reads lines of Mixpanel.
pub struct Mixpanel;

impl Decoder for Mixpanel {
    fn decode(&mut self, record: &str) -> Decoded {
        if record.trim().is_empty() {
            return Err(Skip::Heading);
        }
        let line: Object = serde_json::from_str(record).map_err(|_| Skip::Malformed)?;
        let name = text(&line, "event");
        let Some(properties) = line.get("properties").and_then(|value| value.as_object()) else {
            return Err(Skip::Malformed);
        };
        if name.is_empty() {
            return Err(Skip::Malformed);
        }
        let is_page_view = PAGE_VIEWS.contains(&name.as_str());
        // `$identify`, `$create_alias`, what autocapture saw.
        if name.starts_with('$') && !is_page_view {
            return Err(Skip::NotKept);
        }
        let moment = moment::of_any(&text(properties, "time")).ok_or(Skip::BadTime)?;
        Ok(vec![event(if is_page_view { String::new() } else { name }, moment, properties)])
    }
}

fn event(name: String, occurred_at: i64, properties: &Object) -> Event {
    let text = |key: &str| text(properties, key);
    let url = match (text("$current_url"), text("current_domain")) {
        (url, domain) if url.is_empty() && !domain.is_empty() => {
            format!("https://{domain}{}{}", text("current_url_path"), text("current_url_search"))
        }
        (url, _) => url,
    };
    Event {
        name,
        url: fields::with_tags(&url, &TAGS.map(|key| (key, text(key)))),
        screen: text("screen_name"),
        referrer: Some(text("$referrer")).filter(|referrer| referrer != "$direct").unwrap_or_default(),
        w: text("$screen_width").parse().ok(),
        props: fields::props(properties, |key| {
            key.starts_with(['$', '[']) || key.starts_with("mp_") || OWN.contains(&key) || TAGS.contains(&key)
        }),
        revenue: fields::payment(&text("revenue"), &text("currency")),
        occurred_at,
        visitor: first(properties, &["$device_id", "distinct_id", "$user_id"]),
        client: client(properties),
        ..Event::default()
    }
}

fn client(properties: &Object) -> Client {
    let text = |key: &str| text(properties, key);
    let (os, os_version) = fields::system(&text("$os"), &text("$os_version"));
    // On the web the device is named on phones and tablets only.
    let device = first(properties, &["$device_type", "$device", "$model"]);
    let is_web = text("mp_lib") == "web";
    let device = if device.is_empty() && is_web { "desktop".to_owned() } else { device };
    let known = Known {
        country: text("mp_country_code"),
        region: text("$region"),
        city: text("$city"),
        browser: fields::browser(&text("$browser")).to_owned(),
        browser_version: text("$browser_version"),
        os,
        os_version,
        device: if device == "Android" { "mobile".to_owned() } else { device },
        app_version: first(properties, &["$app_version_string", "$app_version"]),
    };
    Client { language: text("$locale"), known: fields::known(known), ..Client::default() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::import::event::Payment;

    #[test]
    fn events_of_the_export() {
        let properties = json!({ "time": 1_795_325_860, "distinct_id": "jane", "$insert_id": "x", "plan": "pro",
            "$current_url": "https://a.test/x", "utm_source": "news", "$referrer": "https://b.test/",
            "$browser": "Mobile Safari", "$browser_version": 18.5, "$os": "iOS", "$device": "iPhone",
            "mp_country_code": "DE", "$region": "Bavaria", "$city": "Munich", "revenue": 9.5, "currency": "EUR" });
        let line = json!({ "event": "Signed up", "properties": properties }).to_string();
        let known = Known {
            country: "DE".into(),
            region: "Bavaria".into(),
            city: "Munich".into(),
            browser: "Safari".into(),
            browser_version: "18.5".into(),
            os: "iOS".into(),
            device: "iPhone".into(),
            ..Known::default()
        };
        let wanted = Event {
            name: "Signed up".into(),
            url: "https://a.test/x?utm_source=news".into(),
            referrer: "https://b.test/".into(),
            props: vec![("plan".into(), "pro".into())],
            revenue: Some(Payment { amount: "9.5".into(), currency: "EUR".into() }),
            occurred_at: 1_795_325_860,
            visitor: "jane".into(),
            client: Client { known: Some(Box::new(known)), ..Client::default() },
            ..Event::default()
        };
        assert_eq!(Mixpanel.decode(&line), Ok(vec![wanted]));
        let viewed = line.replace("Signed up", "$mp_web_page_view");
        assert_eq!(Mixpanel.decode(&viewed).map(|events| events[0].name.clone()), Ok(String::new()));
        assert_eq!(Mixpanel.decode(&line.replace("Signed up", "$identify")), Err(Skip::NotKept));
        assert_eq!(Mixpanel.decode(&line.replace("1795325860", "\"soon\"")), Err(Skip::BadTime));
        for bad in ["{", "{}", "[]", r#"{"event":"x"}"#, r#"{"properties":{"time":1}}"#] {
            assert_eq!(Mixpanel.decode(bad), Err(Skip::Malformed), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_line_is_decoded_or_refused(text in "\\PC{0,40}") {
            let _ = Mixpanel.decode(&text);
            let _ = Mixpanel.decode(&format!("{{\"event\":\"x\",\"properties\":{{\"time\":{text}}}}}"));
        }
    }
}
