//! Umami's data export: `website_event.csv`, one event per row. Of its sessions an id is left, which tells visitors apart for
//! the day. Properties of events are in another file and were read before.

use std::sync::Arc;

use super::fields;
use super::umami_data::{Properties, Property};
use super::{Decoded, Decoder, moment};
use crate::import::event::{Client, Event, Known};
use crate::import::skip::Skip;

/// Columns without which a row says nothing.
const NEEDED: [&str; 3] = ["session_id", "url_path", "created_at"];

/// Reads rows of Umami.
#[derive(Default)]
pub struct Umami {
    columns: Vec<String>,
    properties: Arc<Properties>,
}

impl Decoder for Umami {
    fn decode(&mut self, record: &str) -> Decoded {
        if record.trim().is_empty() {
            return Err(Skip::Heading);
        }
        let values = fields::row(record);
        if self.columns.is_empty() {
            return self.heading(values);
        }
        if values.len() != self.columns.len() {
            return Err(Skip::Malformed);
        }
        let value = |name: &str| {
            let at = self.columns.iter().position(|column| column == name);
            at.and_then(|at| values.get(at)).filter(|value| *value != "\\N").cloned().unwrap_or_default()
        };
        let name = match value("event_type").as_str() {
            "1" | "" => String::new(),
            "2" => value("event_name"),
            _ => return Err(Skip::NotKept),
        };
        let moment = moment::of_any(&value("created_at")).ok_or(Skip::BadTime)?;
        Ok(vec![event(name, moment, &value, self.properties.of(&value("event_id")))])
    }

    fn pass(&mut self, record: &str) {
        if self.columns.is_empty() {
            // What it says was looked at when it was read first.
            let _ = self.heading(fields::row(record));
        }
    }
}

impl Umami {
    /// A reader of events that have these properties.
    pub fn new(properties: Arc<Properties>) -> Self {
        Self { columns: Vec::new(), properties }
    }

    fn heading(&mut self, values: Vec<String>) -> Decoded {
        if !NEEDED.iter().all(|needed| values.iter().any(|value| value == needed)) {
            return Err(Skip::Malformed);
        }
        self.columns = values;
        Err(Skip::Heading)
    }
}

fn event(name: String, occurred_at: i64, value: &dyn Fn(&str) -> String, told: &[Property]) -> Event {
    let joined = |host: &str, path: &str, query: &str| {
        let scheme = if host.is_empty() { "" } else { "https://" };
        let sign = if query.is_empty() { "" } else { "?" };
        format!("{scheme}{host}{path}{sign}{query}")
    };
    let tags = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"].map(|tag| (tag, value(tag)));
    let url = joined(&value("hostname"), &value("url_path"), &value("url_query"));
    let referrer = value("referrer_domain");
    let of = |wanted: &str| told.iter().find(|(key, _)| **key == *wanted).map_or("", |(_, value)| value);
    let own = told.iter().filter(|(key, _)| !matches!(&**key, "revenue" | "currency"));
    let mut props: Vec<_> = own.map(|(key, value)| (key.to_string(), value.to_string())).collect();
    props.extend(Some(("tag".to_owned(), value("tag"))).filter(|(_, tag)| !tag.is_empty()));
    props.truncate(fields::PROPERTIES);
    let (os, os_version) = fields::system(&value("os"), "");
    let region = [value("region"), value("subdivision1")].into_iter().find(|region| !region.is_empty());
    let known = Known {
        country: value("country"),
        region: region.unwrap_or_default(),
        city: value("city"),
        browser: fields::browser(&value("browser")).to_owned(),
        os,
        os_version,
        device: value("device"),
        ..Known::default()
    };
    Event {
        name,
        url: fields::with_tags(&url, &tags),
        referrer: if referrer.is_empty() { referrer } else { joined(&referrer, "/", "") },
        w: fields::width(&value("screen")),
        revenue: fields::payment(of("revenue"), of("currency")),
        props,
        occurred_at,
        visitor: value("session_id"),
        client: Client { language: value("language"), known: fields::known(known), ..Client::default() },
        ..Event::default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEADING: &str = "website_id,session_id,visit_id,event_id,hostname,browser,os,device,screen,language,country,\
        region,city,url_path,url_query,referrer_domain,event_type,event_name,tag,created_at";
    const ROW: &str = "w,s1,v,e,a.test,edge-chromium,Windows 10,laptop,1440x900,de-DE,DE,DE-BY,Munich,/x,utm_source=n,\
        b.test,1,,A,2026-11-22 05:37:40";

    #[test]
    fn rows_of_the_export() {
        let mut umami = Umami::default();
        assert_eq!(umami.decode("a,b"), Err(Skip::Malformed));
        assert_eq!(umami.decode(HEADING), Err(Skip::Heading));
        let known = Known {
            country: "DE".into(),
            region: "DE-BY".into(),
            city: "Munich".into(),
            browser: "Edge".into(),
            os: "Windows".into(),
            os_version: "10".into(),
            device: "laptop".into(),
            ..Known::default()
        };
        let wanted = Event {
            url: "https://a.test/x?utm_source=n".into(),
            referrer: "https://b.test/".into(),
            w: Some(1440),
            props: vec![("tag".into(), "A".into())],
            occurred_at: 1_795_325_860,
            visitor: "s1".into(),
            client: Client { language: "de-DE".into(), known: Some(Box::new(known)), ..Client::default() },
            ..Event::default()
        };
        assert_eq!(umami.decode(ROW), Ok(vec![wanted]));
        assert_eq!(
            umami.decode(&ROW.replace(",1,,", ",2,vote,")).map(|events| events[0].name.clone()),
            Ok("vote".into())
        );
        assert_eq!(umami.decode(&ROW.replace(",1,,", ",5,,")), Err(Skip::NotKept));
        assert_eq!(umami.decode(&ROW.replace("2026-11", "2026-31")), Err(Skip::BadTime));
        assert_eq!(umami.decode("w,s1"), Err(Skip::Malformed));
        let mut resumed = Umami::default();
        resumed.pass(HEADING);
        resumed.pass(ROW);
        assert!(resumed.decode(ROW).is_ok());
    }

    #[test]
    fn events_have_the_properties_that_were_read_before() {
        let mut properties = Properties::default();
        for row in [
            "event_id,data_key,string_value,number_value,data_type",
            "e,plan,pro,,1",
            "e,revenue,,9.5000,2",
            "e,currency,eur,,1",
            "other,plan,free,,1",
        ] {
            let _ = properties.take(row);
        }
        let mut umami = Umami::new(Arc::new(properties));
        assert_eq!(umami.decode(HEADING), Err(Skip::Heading));
        let told = umami.decode(&ROW.replace(",1,,", ",2,buy,")).expect("an event").remove(0);
        assert_eq!(told.props, [("plan", "pro"), ("tag", "A")].map(|(key, value)| (key.to_owned(), value.to_owned())));
        assert_eq!(told.revenue, fields::payment("9.5", "EUR"));
    }

    proptest! {
        #[test]
        fn any_row_is_decoded_or_refused(row in "(\\PC{0,6},){0,20}") {
            let mut umami = Umami::default();
            let _ = umami.decode(&row);
            let _ = umami.decode(HEADING);
            let _ = umami.decode(&row);
        }
    }
}
