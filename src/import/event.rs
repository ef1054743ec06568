//! One event as it is sent to `POST /v1/events`, and the body of such a request. Made by the decoders. Knows nothing of
//! files.

use serde::{Serialize, Serializer, ser::SerializeMap};

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Event {
    /// Its name; empty: a page view.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Address of the page, or its path with the query.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// An app's screen.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub screen: String,
    /// Where the visitor came from.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub referrer: String,
    /// Width of the viewport.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub w: Option<u32>,
    /// Properties.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_object")]
    pub props: Vec<(String, String)>,
    /// A payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revenue: Option<Payment>,
    /// Seconds the page was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engaged_secs: Option<f64>,
    /// Furthest scroll position, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scroll_pct: Option<f64>,
    /// Seconds since 1970.
    pub occurred_at: i64,
    /// The other product's id of the visitor: it feeds the day's hash on the server and is dropped.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub visitor: String,
    /// Whom it came from.
    pub client: Client,
}

/// A payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Payment {
    /// Decimal text.
    pub amount: String,
    /// ISO 4217 code.
    pub currency: String,
}

/// Whom an event came from, as far as the file says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Client {
    /// The address; the server cuts it before it uses it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// The user agent.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub user_agent: String,
    /// The language.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub language: String,
    /// What another product had made of address and user agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<Box<Known>>,
}

/// What another product had made of address and user agent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Known {
    /// ISO 3166-1 alpha-2 code.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub country: String,
    /// Name of the region.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub region: String,
    /// Name of the city.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub city: String,
    /// Family of the browser.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub browser: String,
    /// Its version.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub browser_version: String,
    /// The operating system.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub os: String,
    /// Its version.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub os_version: String,
    /// Class of device.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub device: String,
    /// Version of the app.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub app_version: String,
}

/// The body of a batch.
///
/// # Errors
/// None: texts and numbers have a JSON form.
pub fn body(site: &str, batch_id: &str, events: &[Event]) -> serde_json::Result<Vec<u8>> {
    #[derive(Serialize)]
    struct Body<'a> {
        site: &'a str,
        batch_id: &'a str,
        events: &'a [Event],
    }
    serde_json::to_vec(&Body { site, batch_id, events })
}

fn as_object<S: Serializer>(props: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut object = serializer.serialize_map(Some(props.len()))?;
    for (key, value) in props {
        object.serialize_entry(key, value)?;
    }
    object.end()
}
