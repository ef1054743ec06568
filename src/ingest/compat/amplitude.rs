//! Amplitude: its HTTP API, as its clients for browsers, servers and telephones use it. The site is the API key.

use super::json::{self, Object};
use super::{Named, Request, Sent, Told, clock, form, is_campaign};
use crate::ingest::decode::DecodeError;
use crate::ingest::hit::Revenue;
use crate::ingest::reason::{Dropped, Rejected};

/// What the client's own events and properties begin with.
const OWN: &str = "[Amplitude] ";

/// Decodes `POST /2/httpapi` and `/batch`.
///
/// # Errors
/// Not an object in JSON with a list of events.
pub fn decode(request: &Request<'_>) -> Result<Vec<Sent>, DecodeError> {
    let envelope = json::envelope(json::utf8(request.body)?)?;
    let missing = || DecodeError::new(Rejected::MissingField, "`events` is missing: it is the list of events");
    let events = json::list(envelope.events.ok_or_else(missing)?.get())?;
    let site = Named::Token(json::raw_text(envelope.api_key));
    let uploaded = clock::of_raw(envelope.client_upload_time);
    Ok(super::each(&events, &site, |event| sent(event, &site, uploaded, request.now)))
}

/// Takes `POST /identify` and `/groupidentify`: what they say of people is not kept.
///
/// # Errors
/// None.
pub fn profiles(request: &Request<'_>) -> Result<Vec<Sent>, DecodeError> {
    let form = String::from_utf8_lossy(request.body);
    let key = form::Params::of(&form).before(form::Params::of(request.query)).get("api_key").to_owned();
    Ok(vec![Sent::dropped(Named::Token(key), Dropped::NotKept)])
}

fn sent(event: &Object, site: &Named, uploaded: Option<i64>, received: i64) -> Sent {
    let kind = json::text(event, "event_type");
    let told = match kind.as_str() {
        "" => Err(Dropped::BadEvent),
        "[Amplitude] Page Viewed" | "[Amplitude] Screen Viewed" => Ok(told("", event)),
        "[Amplitude] File Downloaded" => Ok(told("download", event)),
        "[Amplitude] Form Submitted" => Ok(told("form", event)),
        "session_start" | "session_end" => Err(Dropped::NotKept),
        other if other.starts_with(['$', '[']) => Err(Dropped::NotKept),
        other => Ok(told(other, event)),
    };
    let told = told.map(|mut told| {
        told.hit.occurred_at = clock::repaired(clock::of(event, "time"), uploaded, received);
        told
    });
    Sent { site: site.clone(), id: json::text(event, "insert_id"), told }
}

fn told(name: &str, event: &Object) -> Box<Told> {
    let mut told = Told::new(name);
    let properties = json::within(event, "event_properties");
    let of = |key: &str| json::text(&properties, key);
    let own = |key: &str| of(&format!("{OWN}{key}"));
    let hit = &mut told.hit;
    let tags = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"].map(|key| (key, of(key)));
    let tags = tags.each_ref().map(|(key, value)| (*key, value.as_str()));
    let location =
        Some(own("Page Location")).filter(|location| !location.is_empty()).unwrap_or_else(|| own("Page URL"));
    hit.url = form::with_campaign(&location, &tags).into();
    hit.path = own("Page Path").into();
    hit.screen = own("Screen Name").into();
    hit.referrer = json::first(&properties, &["[Amplitude] Page Referrer", "referrer"]).into();
    hit.visitor = json::first(event, &["device_id", "user_id"]).into();
    hit.revenue = payment(event, &properties);
    hit.props =
        json::props(&properties, |key| key.starts_with(['$', '[']) || is_campaign(key) || key.starts_with("referr"));
    if matches!(name, "download" | "form") {
        let to = json::first(&properties, &["[Amplitude] File Name", "[Amplitude] Form Name", "[Amplitude] Form ID"]);
        if !to.is_empty() {
            let key = if name == "form" { "form" } else { "to" };
            hit.props.0.push((key.into(), to.into()));
        }
    }
    told.agent = json::text(event, "user_agent");
    put_context(&mut told, event);
    told
}

fn put_context(told: &mut Told, event: &Object) {
    let text = |key: &str| json::text(event, key);
    let context = &mut told.context;
    context.locale = text("language").into();
    context.app_version = json::first(event, &["app_version", "version_name"]).into();
    // On the web their system is the browser's name, and both are in the user agent.
    if matches!(text("platform").as_str(), "iOS" | "Android") {
        context.os = text("platform").into();
        context.os_version = text("os_version").into();
        let model = text("device_model");
        context.device = if model.to_ascii_lowercase().contains("pad") { "tablet" } else { "phone" }.into();
    }
}

/// A payment, when it says in which currency.
fn payment(event: &Object, properties: &Object) -> Option<Revenue> {
    let currency = json::first(event, &["currency"]);
    let currency = if currency.is_empty() { json::first(properties, &["$currency", "currency"]) } else { currency };
    let amount = event.get("revenue").or_else(|| properties.get("$revenue")).or_else(|| properties.get("revenue"));
    if amount.is_some() {
        return json::payment(amount, &currency);
    }
    let price = json::number(event, "price").or_else(|| json::number(properties, "$price"))?;
    let quantity = json::number(event, "quantity").or_else(|| json::number(properties, "$quantity")).unwrap_or(1.0);
    json::payment(Some(&(price * quantity).into()), &currency)
}

#[cfg(test)]
mod tests {
    use super::super::Form::{Amplitude, AmplitudeProfiles, AnyBatch};
    use super::super::testing::body;

    #[test]
    fn events_of_a_browser_and_of_an_app() {
        let events = r#"{"api_key":"KEY","events":[
            {"device_id":"d1","session_id":1795262000000,"time":1795262390000,"platform":"Web","language":"de-AT","ip":"$remote","insert_id":"i1","event_type":"[Amplitude] Page Viewed","event_properties":{"[Amplitude] Page Domain":"a.test","[Amplitude] Page Location":"https://a.test/x","[Amplitude] Page Path":"/x","[Amplitude] Page Title":"T","referrer":"https://b.test/","utm_source":"n","plan":"pro"},"user_agent":"UA"},
            {"user_id":"u1","device_id":"d1","event_type":"Play","platform":"iOS","os_name":"ios","os_version":"17.4","device_model":"iPhone15,2","app_version":"2.0","event_properties":{"n":1},"user_properties":{"$set":{"email":"j@a.test"}},"insert_id":"i2"},
            {"event_type":"revenue_amount","insert_id":"i3","event_properties":{"$productId":"p","$quantity":2,"$price":1.5,"$currency":"EUR"}},
            {"event_type":"$identify","insert_id":"i4"},{"event_type":"session_start"},{"event_type":"[Amplitude] Element Clicked"},{},[]],
            "options":{},"client_upload_time":"2026-11-21T11:59:55.000Z"}"#;
        let told = [
            r#"KEY #i1 "" url=https://a.test/x?utm_source=n path=/x from=https://b.test/ visitor=d1 locale=de-AT at=-5 agent=UA {plan=pro}"#,
            r#"KEY #i2 "Play" visitor=d1 app=2.0 os=iOS os_version=17.4 device=phone {n=1}"#,
            r#"KEY #i3 "revenue_amount" paid=300EUR"#,
            "KEY #i4 dropped not_kept",
            "KEY dropped not_kept",
            "KEY dropped not_kept",
            "KEY dropped bad_event",
            "KEY dropped bad_event",
        ];
        assert_eq!(
            (body(Amplitude, events), body(AnyBatch, events)),
            (told.map(str::to_owned).to_vec(), told.map(str::to_owned).to_vec())
        );
    }

    #[test]
    fn people_are_not_kept_and_nonsense_is_refused() {
        assert_eq!(body(AmplitudeProfiles, "api_key=KEY&identification=%5B%5D"), ["KEY dropped not_kept"]);
        assert_eq!(
            ["", "[]", "{}", r#"{"events":7}"#].map(|text| body(Amplitude, text).join("")),
            ["bad_json", "bad_json", "missing_field", "bad_json"]
        );
    }
}
