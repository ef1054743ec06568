//! Visits of Matomo's Live API (`Live.getLastVisitsDetails`), one JSON object per line: each holds the actions of a visit.

use serde_json::Value;

use super::fields::{self, Object, first, text};
use super::{Decoded, Decoder, moment};
use crate::import::event::{Client, Event, Known, Payment};
use crate::import::skip::Skip;

/// Reads visits of Matomo.
pub struct Matomo;

impl Decoder for Matomo {
    fn decode(&mut self, record: &str) -> Decoded {
        // The list's own brackets and commas, when it was put on lines by hand.
        let record = record.trim().trim_end_matches(',');
        if matches!(record, "" | "[" | "]") {
            return Err(Skip::Heading);
        }
        let visit: Object = serde_json::from_str(record).map_err(|_| Skip::Malformed)?;
        let Some(Value::Array(actions)) = visit.get("actionDetails") else { return Err(Skip::Malformed) };
        let client = client(&visit);
        let (mut events, mut is_bad_time) = (Vec::new(), false);
        for action in actions.iter().filter_map(Value::as_object) {
            let Some((name, props)) = what(action) else { continue };
            let Some(occurred_at) = moment::of_any(&text(action, "timestamp")) else {
                is_bad_time = true;
                continue;
            };
            // What brought the visit here is told with its first event.
            let referrer = if events.is_empty() { text(&visit, "referrerUrl") } else { String::new() };
            events.push(Event {
                name,
                url: text(action, "url"),
                referrer,
                w: fields::width(&text(&visit, "resolution")),
                props,
                revenue: payment(action, &visit),
                occurred_at,
                visitor: first(&visit, &["visitorId", "fingerprint", "idVisit"]),
                client: client.clone(),
                ..Event::default()
            });
        }
        match events.is_empty() {
            true if is_bad_time => Err(Skip::BadTime),
            true => Err(Skip::NotKept),
            false => Ok(events),
        }
    }
}

/// Name and properties of an action; `None` for what is not kept. What somebody searched for is not.
fn what(action: &Object) -> Option<(String, Vec<(String, String)>)> {
    let named = |pairs: &[(&str, &str)]| {
        let told = pairs.iter().map(|(key, name)| ((*name).to_owned(), text(action, key)));
        told.filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>()
    };
    let event = [("eventCategory", "category"), ("eventName", "label"), ("eventValue", "value")];
    Some(match text(action, "type").as_str() {
        "action" => (String::new(), Vec::new()),
        "event" => (first(action, &["eventAction", "eventCategory"]), named(&event)),
        "outlink" => ("outbound".to_owned(), named(&[("url", "to")])),
        "download" => ("download".to_owned(), named(&[("url", "to")])),
        "goal" => ("goal".to_owned(), named(&[("goalId", "goal")])),
        "search" => ("search".to_owned(), Vec::new()),
        "ecommerceOrder" => ("purchase".to_owned(), Vec::new()),
        _ => return None,
    })
}

/// What an order or a goal was worth, in the currency of the site there. A goal that is worth nothing says 0.
fn payment(action: &Object, visit: &Object) -> Option<Payment> {
    let amount = text(action, "revenue");
    let is_paid = match text(action, "type").as_str() {
        "goal" => amount.parse() != Ok(0.0),
        "ecommerceOrder" => true,
        _ => false,
    };
    fields::payment(&amount, &text(visit, "siteCurrency")).filter(|_| is_paid)
}

/// The address is not looked at: what Matomo made of it is told.
fn client(visit: &Object) -> Client {
    let text = |key: &str| text(visit, key);
    let (os, os_version) = fields::system(&text("operatingSystemName"), &text("operatingSystemVersion"));
    let known = Known {
        country: text("countryCode").to_ascii_uppercase(),
        region: text("region"),
        city: text("city"),
        browser: fields::browser(&text("browserName")).to_owned(),
        browser_version: text("browserVersion"),
        os,
        os_version,
        device: text("deviceType"),
        app_version: String::new(),
    };
    Client { language: text("languageCode"), known: fields::known(known), ..Client::default() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_visit_holds_its_events() {
        let visit = json!({ "idVisit": 7, "visitorId": "abc", "visitIp": "192.0.2.7", "referrerUrl": "https://b.test/",
            "countryCode": "de", "browserName": "Firefox", "deviceType": "Desktop", "resolution": "1920x1080",
            "actionDetails": [
                { "type": "action", "url": "https://a.test/x", "timestamp": 1_795_325_860 },
                { "type": "event", "url": "https://a.test/x", "eventCategory": "c", "eventAction": "vote", "timestamp": 1_795_325_861 },
                { "type": "search", "url": "https://a.test/s?q=secret", "siteSearchKeyword": "secret", "timestamp": 1_795_325_862 },
                { "type": "goal", "goalId": 3, "timestamp": "then" },
                { "type": "form" },
            ] });
        let events = Matomo.decode(&format!("{visit},")).expect("events");
        let told: Vec<(&str, &str, i64)> =
            events.iter().map(|event| (event.name.as_str(), event.referrer.as_str(), event.occurred_at)).collect();
        let wanted =
            [("", "https://b.test/", 1_795_325_860), ("vote", "", 1_795_325_861), ("search", "", 1_795_325_862)];
        assert_eq!(told, wanted);
        assert_eq!(events[1].props, [("category".to_owned(), "c".to_owned())]);
        let known =
            Known { country: "DE".into(), browser: "Firefox".into(), device: "Desktop".into(), ..Known::default() };
        assert_eq!(events[0].client, Client { known: Some(Box::new(known)), ..Client::default() });
        assert_eq!([Matomo.decode("["), Matomo.decode("{}")], [Err(Skip::Heading), Err(Skip::Malformed)]);
        assert_eq!(Matomo.decode(r#"{"actionDetails":[{"type":"form"}]}"#), Err(Skip::NotKept));
        assert_eq!(Matomo.decode(r#"{"actionDetails":[{"type":"action"}]}"#), Err(Skip::BadTime));
    }

    #[test]
    fn orders_and_goals_have_amounts_in_the_currency_of_the_site() {
        let action =
            |kind: &str, revenue: Value| json!({ "type": kind, "revenue": revenue, "timestamp": 1_795_325_860 });
        let paid = |currency: Value| {
            let actions = [
                action("ecommerceOrder", json!("19.90")),
                action("goal", json!(5)),
                action("goal", json!("0")),
                action("ecommerceAbandonedCart", json!(70)),
                action("action", json!(3)),
            ];
            let visit = json!({ "visitorId": "a", "siteCurrency": currency, "actionDetails": actions });
            let events = Matomo.decode(&visit.to_string()).expect("events");
            let told =
                events.into_iter().map(|event| (event.name, event.revenue.map(|paid| paid.amount + &paid.currency)));
            told.collect::<Vec<_>>()
        };
        let named = |paid: [Option<&str>; 4]| {
            let names = ["purchase", "goal", "goal", ""];
            let pairs = names.into_iter().zip(paid);
            pairs.map(|(name, paid)| (name.to_owned(), paid.map(str::to_owned))).collect::<Vec<_>>()
        };
        assert_eq!(paid(json!("EUR")), named([Some("19.90EUR"), Some("5EUR"), None, None]));
        assert_eq!(paid(Value::Null), named([None; 4]));
    }

    proptest! {
        #[test]
        fn any_line_is_decoded_or_refused(text in "\\PC{0,40}") {
            let _ = Matomo.decode(&text);
            let _ = Matomo.decode(&format!("{{\"actionDetails\":[{text}]}}"));
        }
    }
}
