//! Reads what other products' clients write as JSON: leniently, since they are in people's hands and will not be mended. A
//! value of another type than expected is as good as absent. Called by the decoders of this folder.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::ingest::decode::{DecodeError, MAX_EVENTS};
use crate::ingest::hit::{MAX_PROPERTIES, Props, Revenue};
use crate::ingest::reason::Rejected;

/// Bytes of a single event at the most: a tree of it takes many times as much.
const MAX_EVENT_BYTES: usize = 1_000_000;

/// An object's fields.
pub type Object = Map<String, Value>;

/// The outermost object of the bodies that hold several events, whatever the product calls their list. Everything is still
/// raw: a field of a wrong type costs nothing.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Envelope<'a> {
    /// Segment, RudderStack, PostHog.
    #[serde(borrow)]
    pub batch: Option<&'a RawValue>,
    /// Amplitude, Measurement Protocol.
    #[serde(borrow)]
    pub events: Option<&'a RawValue>,
    /// Matomo.
    #[serde(borrow)]
    pub requests: Option<&'a RawValue>,
    /// GoatCounter.
    #[serde(borrow)]
    pub hits: Option<&'a RawValue>,
    /// PostHog, Amplitude.
    #[serde(borrow)]
    pub api_key: Option<&'a RawValue>,
    /// PostHog's other word.
    #[serde(borrow)]
    pub token: Option<&'a RawValue>,
    /// Segment.
    #[serde(borrow, rename = "writeKey")]
    pub write_key: Option<&'a RawValue>,
    /// Segment: when the client sent this, by its own clock.
    #[serde(borrow, rename = "sentAt")]
    pub sent_at: Option<&'a RawValue>,
    /// PostHog: the same.
    #[serde(borrow, rename = "sent_at")]
    pub sent_at_snake: Option<&'a RawValue>,
    /// Amplitude: the same.
    #[serde(borrow)]
    pub client_upload_time: Option<&'a RawValue>,
}

/// The body as text.
///
/// # Errors
/// Not UTF-8.
pub fn utf8(body: &[u8]) -> Result<&str, DecodeError> {
    let text = std::str::from_utf8(body).map_err(|_| bad_json("the body is not UTF-8"))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text).trim())
}

/// The outermost object.
///
/// # Errors
/// Not an object in JSON.
pub fn envelope(text: &str) -> Result<Envelope<'_>, DecodeError> {
    if !text.starts_with('{') {
        return Err(bad_json("the body is not an object in JSON"));
    }
    serde_json::from_str(text).map_err(|_| bad_json("the body is not an object in JSON"))
}

/// A list of events that are still raw.
///
/// # Errors
/// Not a list, or one of too many events.
pub fn list(text: &str) -> Result<Vec<&RawValue>, DecodeError> {
    let events: Vec<&RawValue> =
        serde_json::from_str(text).map_err(|_| bad_json("the events are not a list in JSON"))?;
    if events.len() > MAX_EVENTS {
        return Err(DecodeError::new(Rejected::TooLarge, "more than 2000 events: send several requests"));
    }
    Ok(events)
}

/// The whole body as one object.
///
/// # Errors
/// Not an object in JSON.
pub fn whole(text: &str) -> Result<Object, DecodeError> {
    object(text).ok_or_else(|| bad_json("the body is not an object in JSON"))
}

/// One event as an object; `None` when it is not one, or too large.
pub fn object(text: &str) -> Option<Object> {
    if text.len() > MAX_EVENT_BYTES {
        return None;
    }
    serde_json::from_str(text).ok()
}

/// A raw value as text, as [`text`] reads it.
pub fn raw_text(raw: Option<&RawValue>) -> String {
    raw.and_then(|raw| serde_json::from_str(raw.get()).ok()).map(|value: Value| scalar(&value)).unwrap_or_default()
}

/// A field as text: a text, number or boolean; empty for anything else.
pub fn text(object: &Object, key: &str) -> String {
    object.get(key).map(scalar).unwrap_or_default()
}

/// The first of several fields that is not empty.
pub fn first(object: &Object, keys: &[&str]) -> String {
    keys.iter().map(|key| text(object, key)).find(|text| !text.is_empty()).unwrap_or_default()
}

/// A field as a number: a number, or a text that is one.
pub fn number(object: &Object, key: &str) -> Option<f64> {
    match object.get(key)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

/// A field that is an object; an empty one when it is not.
pub fn within<'a>(object: &'a Object, key: &str) -> Cow<'a, Object> {
    match object.get(key) {
        Some(Value::Object(inner)) => Cow::Borrowed(inner),
        _ => Cow::Owned(Object::new()),
    }
}

/// The texts, numbers and booleans of an object as properties, without those the client adds by itself.
pub fn props(object: &Object, is_own: impl Fn(&str) -> bool) -> Props<'static> {
    let kept = object.iter().filter(|(key, _)| !is_own(key));
    let texts = kept.map(|(key, value)| (key, scalar(value))).filter(|(_, text)| !text.is_empty());
    Props(texts.take(MAX_PROPERTIES).map(|(key, text)| (key.clone().into(), text.into())).collect())
}

/// A payment; `None` when the amount is none or the currency is not known.
pub fn payment(amount: Option<&Value>, currency: &str) -> Option<Revenue> {
    let amount = amount.filter(|amount| !amount.is_null())?;
    Revenue::deserialize(json!({ "amount": amount, "currency": currency })).ok()
}

/// A text, number or boolean as text.
fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        _ => String::new(),
    }
}

fn bad_json(detail: &'static str) -> DecodeError {
    DecodeError::new(Rejected::BadJson, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_other_types_are_as_good_as_absent() {
        let object = object(r#"{"a":7,"b":"8.5","c":[1],"d":{"e":true},"f":null,"g":"x"}"#).expect("an object");
        assert_eq!(["a", "b", "c", "d", "f", "h"].map(|key| text(&object, key)), ["7", "8.5", "", "", "", ""]);
        assert_eq!(["a", "b", "c", "g"].map(|key| number(&object, key)), [Some(7.0), Some(8.5), None, None]);
        assert_eq!((text(&within(&object, "d"), "e"), within(&object, "a").len()), ("true".to_owned(), 0));
        let kept: Vec<String> =
            props(&object, |key| key == "a").0.iter().map(|(key, value)| format!("{key}={value}")).collect();
        assert_eq!(kept, ["b=8.5", "g=x"]);
    }

    #[test]
    fn a_payment_has_an_amount_and_a_known_currency() {
        let minor = |amount: Value, currency: &str| payment(Some(&amount), currency).map(|revenue| revenue.minor);
        assert_eq!([minor(json!(19.99), "EUR"), minor(json!("5"), "jpy")], [Some(1999), Some(5)]);
        assert_eq!([minor(json!(1), ""), minor(json!([]), "EUR"), minor(Value::Null, "EUR")], [None; 3]);
    }

    #[test]
    fn only_objects_are_bodies() {
        assert!(["[]", "7", "{", "", "{} {}"].iter().all(|text| envelope(text).is_err() && whole(text).is_err()));
        assert!(utf8(b"\xff").is_err() && list("{}").is_err() && list("[1,{}]").is_ok());
    }
}
