//! Hits as the server reads them: JSON of events and batches, queries of pixels. Called by [`super::traffic`].

use std::fmt::Write as _;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::ser::{SerializeMap, Serializer};
use serde::{Serialize, ser};

use super::measured::{self, Measured};
use super::past::Past;
use super::person::{Person, Way};
use super::visit::{From, Step};
use super::world::App;

/// One event.
#[derive(Serialize)]
struct Event<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    site: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    url: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    screen: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    referrer: &'a str,
    #[serde(skip_serializing_if = "is_zero")]
    w: u32,
    #[serde(skip_serializing_if = "Props::is_empty", serialize_with = "as_object")]
    props: Props<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revenue: Option<Revenue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    engaged_secs: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scroll_pct: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vitals: Option<Vitals>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cohort: Option<Cohort>,
    occurred_at: i64,
    #[serde(skip_serializing_if = "str::is_empty")]
    visitor: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<Client<'a>>,
}

/// One hit before it is written.
#[derive(Clone, Copy)]
pub struct Hit<'a> {
    /// Who.
    pub person: &'a Person,
    /// What.
    pub step: &'a Step,
    /// When, in seconds since 1970.
    pub moment: i64,
    /// What the browser says of its past, if it says so now.
    pub past: Option<&'a Past>,
}

/// Properties: texts, and a number if there is one.
#[derive(Clone, Copy)]
struct Props<'a> {
    texts: &'a [(&'static str, &'static str)],
    number: Option<(&'static str, u32)>,
}

impl Props<'_> {
    fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.number.is_none()
    }
}

#[derive(Serialize)]
struct Revenue {
    amount: String,
    currency: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "UPPERCASE")]
struct Vitals {
    lcp: f64,
    fcp: f64,
    inp: f64,
    ttfb: f64,
    cls: f64,
}

#[derive(Serialize)]
struct Cohort {
    first_week: String,
    first_this_week: bool,
    first_this_month: bool,
}

/// Whom a relayed event comes from.
#[derive(Serialize)]
struct Client<'a> {
    address: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    user_agent: &'a str,
    language: &'a str,
}

/// What an app says of itself, as JSON.
pub fn context(app: &App) -> String {
    #[derive(Serialize)]
    struct Context<'a> {
        app_version: &'a str,
        os: &'a str,
        os_version: &'a str,
        device: &'a str,
        install_source: &'a str,
    }
    let App { os, os_version, device, app_version, install_source } = *app;
    json(&Context { app_version, os, os_version, device, install_source })
}

/// An event of a batch.
pub fn event(host: &str, hit: Hit<'_>) -> String {
    let Hit { person, step, .. } = hit;
    let client = Client { address: &person.address, user_agent: person.agent, language: person.language };
    if matches!(person.way, Way::App(_)) {
        let visitor = visitor(person);
        let event = Event { screen: step.page, visitor: &visitor, client: Some(client), ..bare(hit) };
        return json(&event);
    }
    let (url, referrer) = addresses(host, step);
    let event = Event { url: &url, referrer: &referrer, w: person.width, client: Some(client), ..bare(hit) };
    json(&event)
}

/// The body of a beacon. It carries an id, since all beacons come from the address of this machine.
pub fn beacon(site: &str, host: &str, hit: Hit<'_>) -> String {
    let Hit { person, step, .. } = hit;
    let (url, referrer) = addresses(host, step);
    let visitor = visitor(person);
    json(&Event { site, url: &url, referrer: &referrer, w: person.width, visitor: &visitor, ..bare(hit) })
}

/// Path and query of a pixel.
pub fn pixel(site: &str, host: &str, person: &Person, step: &Step) -> String {
    let (url, referrer) = addresses(host, step);
    let escaped = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let mut target = format!("/p.gif?site={}&url={}", escaped(site), escaped(&url));
    if !referrer.is_empty() {
        let _ = write!(target, "&ref={}", escaped(&referrer));
    }
    let _ = write!(target, "&w={}", person.width);
    target
}

/// The body of a batch. Context and events are JSON already.
pub fn batch(site: &str, id: &str, context: &str, events: &[String]) -> String {
    let (site, id) = (json(&site), json(&id));
    format!("{{\"site\":{site},\"batch_id\":{id},\"context\":{context},\"events\":[{}]}}", events.join(","))
}

fn bare(hit: Hit<'_>) -> Event<'_> {
    let Hit { person, step, moment, past } = hit;
    let mut event = Event {
        site: "",
        name: step.name,
        url: "",
        screen: "",
        referrer: "",
        w: 0,
        props: Props { texts: &step.properties, number: None },
        revenue: None,
        engaged_secs: None,
        scroll_pct: None,
        vitals: None,
        cohort: past.map(cohort),
        occurred_at: moment,
        visitor: "",
        client: None,
    };
    match step.measured {
        Measured::Nothing => {}
        Measured::Payment(hundredths) => event.revenue = Some(revenue(hundredths, person)),
        Measured::Number(key, number) => event.props.number = Some((key, number)),
        Measured::Attention { secs, percent } => (event.engaged_secs, event.scroll_pct) = (Some(secs), percent),
        Measured::Vitals { lcp, fcp, inp, ttfb, cls } => event.vitals = Some(Vitals { lcp, fcp, inp, ttfb, cls }),
    }
    event
}

fn revenue(hundredths: i64, person: &Person) -> Revenue {
    let amount = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    Revenue { amount, currency: measured::currency(person.language) }
}

fn cohort(past: &Past) -> Cohort {
    let Past { first_week, first_this_week, first_this_month } = *past;
    Cohort { first_week: first_week.to_string(), first_this_week, first_this_month }
}

/// The address of the page and of where it was reached from.
fn addresses(host: &str, step: &Step) -> (String, String) {
    let sign = if step.tags.is_empty() { "" } else { "?" };
    let referrer = match step.from {
        From::Nowhere => String::new(),
        From::Elsewhere(address) => address.to_owned(),
        From::Page(page) => format!("https://{host}{page}"),
    };
    (format!("https://{host}{}{sign}{}", step.page, step.tags), referrer)
}

fn visitor(person: &Person) -> String {
    format!("{:016x}", person.id)
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("texts and numbers have a JSON form")
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

fn as_object<S: Serializer>(props: &Props<'_>, serializer: S) -> Result<S::Ok, <S as ser::Serializer>::Error> {
    let mut object = serializer.serialize_map(None)?;
    for (key, value) in props.texts {
        object.serialize_entry(key, value)?;
    }
    if let Some((key, number)) = &props.number {
        object.serialize_entry(key, number)?;
    }
    object.end()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn step() -> Step {
        let (page, tags, from) = ("/pricing", "utm_source=x", From::Elsewhere("https://news.ycombinator.com/"));
        let properties = vec![("plan", "team")];
        Step { after: 0, name: "signup", page, tags, from, properties, measured: Measured::Nothing }
    }

    fn person(way: Way) -> Person {
        let (agent, language) = ("Browser/1", "de");
        Person { id: 10, address: "192.0.2.7".into(), agent, language, width: 390, way }
    }

    fn hit<'a>(person: &'a Person, step: &'a Step) -> Hit<'a> {
        Hit { person, step, moment: 7, past: None }
    }

    #[test]
    fn what_is_measured_has_its_fields() {
        let person = person(Way::Relay);
        let fields = |measured, past: Option<&Past>| -> serde_json::Value {
            let step = Step { measured, properties: Vec::new(), ..step() };
            let written = event("a.example", Hit { past, ..hit(&person, &step) });
            let mut event: serde_json::Value = serde_json::from_str(&written).expect("JSON");
            for key in ["name", "url", "referrer", "w", "client", "occurred_at"] {
                event.as_object_mut().expect("an object").remove(key);
            }
            event
        };
        let attention = Measured::Attention { secs: 9, percent: Some(40) };
        let vitals = Measured::Vitals { lcp: 900.0, fcp: 400.0, inp: 30.0, ttfb: 90.0, cls: 0.02 };
        let past = Past { first_week: jiff::civil::date(2026, 11, 16), first_this_week: true, first_this_month: false };
        assert_eq!(
            [
                fields(Measured::Payment(1_905), None),
                fields(Measured::Number("took_ms", 80), None),
                fields(attention, None),
                fields(vitals, None),
                fields(Measured::Nothing, Some(&past)),
            ],
            [
                json!({ "revenue": { "amount": "19.05", "currency": "EUR" } }),
                json!({ "props": { "took_ms": 80 } }),
                json!({ "engaged_secs": 9, "scroll_pct": 40 }),
                json!({ "vitals": { "LCP": 900.0, "FCP": 400.0, "INP": 30.0, "TTFB": 90.0, "CLS": 0.02 } }),
                json!({ "cohort": { "first_week": "2026-11-16", "first_this_week": true, "first_this_month": false } }),
            ]
        );
    }

    #[test]
    fn each_way_has_its_form() {
        assert_eq!(
            event("a.example", hit(&person(Way::Relay), &step())),
            r#"{"name":"signup","url":"https://a.example/pricing?utm_source=x","referrer":"https://news.ycombinator.com/","w":390,"props":{"plan":"team"},"occurred_at":7,"client":{"address":"192.0.2.7","user_agent":"Browser/1","language":"de"}}"#
        );
        assert_eq!(
            event("a.example", hit(&Person { agent: "", ..person(Way::App(0)) }, &Step { page: "Home", ..step() })),
            r#"{"name":"signup","screen":"Home","props":{"plan":"team"},"occurred_at":7,"visitor":"000000000000000a","client":{"address":"192.0.2.7","language":"de"}}"#
        );
        assert_eq!(
            beacon("demo", "a.example", hit(&person(Way::Beacon), &step())),
            r#"{"site":"demo","name":"signup","url":"https://a.example/pricing?utm_source=x","referrer":"https://news.ycombinator.com/","w":390,"props":{"plan":"team"},"occurred_at":7,"visitor":"000000000000000a"}"#
        );
        assert_eq!(
            pixel("demo", "a.example", &person(Way::Pixel), &Step { from: From::Page("/"), tags: "", ..step() }),
            "/p.gif?site=demo&url=https%3A%2F%2Fa%2Eexample%2Fpricing&ref=https%3A%2F%2Fa%2Eexample%2F&w=390"
        );
        assert_eq!(
            batch("demo", "r-1", "{}", &["{}".into(), "{}".into()]),
            r#"{"site":"demo","batch_id":"r-1","context":{},"events":[{},{}]}"#
        );
    }
}
