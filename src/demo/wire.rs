//! Hits as the server reads them: JSON of events and batches, queries of pixels. Called by [`super::traffic`].

use std::fmt::Write as _;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::ser::{SerializeMap, Serializer};
use serde::{Serialize, ser};

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
    #[serde(skip_serializing_if = "<[_]>::is_empty", serialize_with = "as_object")]
    props: &'a [(&'static str, &'static str)],
    occurred_at: i64,
    #[serde(skip_serializing_if = "str::is_empty")]
    visitor: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<Client<'a>>,
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
pub fn event(host: &str, person: &Person, step: &Step, moment: i64) -> String {
    let client = Client { address: &person.address, user_agent: person.agent, language: person.language };
    if matches!(person.way, Way::App(_)) {
        let visitor = visitor(person);
        let event = Event { screen: step.page, visitor: &visitor, client: Some(client), ..bare(step, moment) };
        return json(&event);
    }
    let (url, referrer) = addresses(host, step);
    let event = Event { url: &url, referrer: &referrer, w: person.width, client: Some(client), ..bare(step, moment) };
    json(&event)
}

/// The body of a beacon. It carries an id, since all beacons come from the address of this machine.
pub fn beacon(site: &str, host: &str, person: &Person, step: &Step, moment: i64) -> String {
    let (url, referrer) = addresses(host, step);
    let visitor = visitor(person);
    json(&Event { site, url: &url, referrer: &referrer, w: person.width, visitor: &visitor, ..bare(step, moment) })
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

fn bare<'a>(step: &'a Step, moment: i64) -> Event<'a> {
    Event {
        site: "",
        name: step.name,
        url: "",
        screen: "",
        referrer: "",
        w: 0,
        props: &step.properties,
        occurred_at: moment,
        visitor: "",
        client: None,
    }
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

fn as_object<S: Serializer>(pairs: &[(&str, &str)], serializer: S) -> Result<S::Ok, <S as ser::Serializer>::Error> {
    let mut object = serializer.serialize_map(Some(pairs.len()))?;
    for (key, value) in pairs {
        object.serialize_entry(key, value)?;
    }
    object.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step() -> Step {
        let (page, tags, from) = ("/pricing", "utm_source=x", From::Elsewhere("https://news.ycombinator.com/"));
        Step { after: 0, name: "signup", page, tags, from, properties: vec![("plan", "team")] }
    }

    fn person(way: Way) -> Person {
        let (agent, language) = ("Browser/1", "de");
        Person { id: 10, address: "192.0.2.7".into(), agent, language, width: 390, way }
    }

    #[test]
    fn each_way_has_its_form() {
        assert_eq!(
            event("a.example", &person(Way::Relay), &step(), 7),
            r#"{"name":"signup","url":"https://a.example/pricing?utm_source=x","referrer":"https://news.ycombinator.com/","w":390,"props":{"plan":"team"},"occurred_at":7,"client":{"address":"192.0.2.7","user_agent":"Browser/1","language":"de"}}"#
        );
        assert_eq!(
            event("a.example", &Person { agent: "", ..person(Way::App(0)) }, &Step { page: "Home", ..step() }, 7),
            r#"{"name":"signup","screen":"Home","props":{"plan":"team"},"occurred_at":7,"visitor":"000000000000000a","client":{"address":"192.0.2.7","language":"de"}}"#
        );
        assert_eq!(
            beacon("demo", "a.example", &person(Way::Beacon), &step(), 7),
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
