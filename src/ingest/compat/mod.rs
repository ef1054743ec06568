//! Other products' clients, unmodified: one module per dialect turns their requests into [`Hit`]s, and everything behind is
//! what happens to any hit. `http::compat` calls [`decode`], then `Collector::foreign`, and answers as the client expects.
//!
//! A dialect only decodes. What a client volunteers about a person or device (ids, addresses, cookies) ends here, but for
//! one id that feeds the day's hash and is dropped with the hit. Text is cleaned where all text is.

mod amplitude;
mod aptabase;
mod clock;
mod form;
mod ga4;
mod goatcounter;
mod json;
mod matomo;
mod mixpanel;
mod plausible;
mod posthog;
mod segment;
mod take;
#[cfg(test)]
mod testing;
mod umami;
mod universal;

use http::HeaderMap;
use serde_json::value::RawValue;

pub use self::take::{Counted, ForeignError};
use super::decode::{Context, DecodeError};
use super::hit::Hit;
use super::reason::Dropped;
use crate::model::Dialect;

/// What a request holds, as far as its path tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Plausible: one event.
    Plausible,
    /// Umami: one event.
    Umami,
    /// Umami: a list of them.
    UmamiBatch,
    /// GoatCounter: one event in a query.
    Goatcounter,
    /// GoatCounter's API for servers.
    GoatcounterApi,
    /// Matomo: one event in a query or form, or many in JSON.
    Matomo,
    /// Google Analytics 4: a query, and events as lines.
    Gtag,
    /// Google Analytics 4: events as JSON.
    MeasurementProtocol,
    /// Universal Analytics: one event.
    Universal,
    /// Universal Analytics: events as lines.
    UniversalBatch,
    /// Mixpanel: events.
    Mixpanel,
    /// Mixpanel: past events.
    MixpanelImport,
    /// Mixpanel: people and groups.
    MixpanelProfiles,
    /// Segment and RudderStack: one event, whose path says what it is.
    Segment(SegmentKind),
    /// Segment and RudderStack: a list of events.
    SegmentBatch,
    /// PostHog: events.
    Posthog,
    /// PostHog: recordings.
    PosthogReplay,
    /// Amplitude: events.
    Amplitude,
    /// Amplitude: people and groups.
    AmplitudeProfiles,
    /// Aptabase: an event, or a list of them.
    Aptabase,
    /// `/batch`: of Amplitude, PostHog or Universal Analytics.
    AnyBatch,
    /// `/collect`: of Universal Analytics, or an early form of its successor.
    AnyCollect,
}

/// What a path of Segment says about its event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentKind {
    /// `/v1/track`
    Track,
    /// `/v1/page`
    Page,
    /// `/v1/screen`
    Screen,
    /// `/v1/identify`, `/v1/group`, `/v1/alias`
    Profile,
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 25] = [
        Self::Plausible,
        Self::Umami,
        Self::UmamiBatch,
        Self::Goatcounter,
        Self::GoatcounterApi,
        Self::Matomo,
        Self::Gtag,
        Self::MeasurementProtocol,
        Self::Universal,
        Self::UniversalBatch,
        Self::Mixpanel,
        Self::MixpanelImport,
        Self::MixpanelProfiles,
        Self::Segment(SegmentKind::Track),
        Self::Segment(SegmentKind::Page),
        Self::Segment(SegmentKind::Screen),
        Self::Segment(SegmentKind::Profile),
        Self::SegmentBatch,
        Self::Posthog,
        Self::PosthogReplay,
        Self::Amplitude,
        Self::AmplitudeProfiles,
        Self::Aptabase,
        Self::AnyBatch,
        Self::AnyCollect,
    ];

    /// Whose form it is. Shared paths have none before [`Form::seen`].
    pub const fn dialect(self) -> Dialect {
        match self {
            Self::Plausible => Dialect::Plausible,
            Self::Umami | Self::UmamiBatch => Dialect::Umami,
            Self::Goatcounter | Self::GoatcounterApi => Dialect::Goatcounter,
            Self::Matomo => Dialect::Matomo,
            Self::Gtag | Self::MeasurementProtocol | Self::Universal | Self::UniversalBatch | Self::AnyCollect => {
                Dialect::Ga
            }
            Self::Mixpanel | Self::MixpanelImport | Self::MixpanelProfiles => Dialect::Mixpanel,
            Self::Segment(_) | Self::SegmentBatch => Dialect::Segment,
            Self::Posthog | Self::PosthogReplay | Self::AnyBatch => Dialect::Posthog,
            Self::Amplitude | Self::AmplitudeProfiles => Dialect::Amplitude,
            Self::Aptabase => Dialect::Aptabase,
        }
    }

    /// Whether the answer waits for the disk: where a client may send again, and from servers. A browser's beacon that is
    /// never sent twice is answered at once, as on our own route.
    pub const fn is_durable(self) -> bool {
        !matches!(self, Self::Plausible | Self::Umami | Self::Goatcounter | Self::Gtag | Self::Universal)
    }

    /// Whether only browsers speak so: then libraries are robots.
    const fn is_browsers(self) -> bool {
        matches!(self, Self::Plausible | Self::Goatcounter | Self::Gtag)
    }

    /// Whether the client is told that a token is not known. Others would lose their queue over it, or nobody would see.
    pub const fn names_unknown_tokens(self) -> bool {
        match self.dialect() {
            Dialect::Plausible | Dialect::Matomo | Dialect::Ga => false,
            Dialect::Goatcounter => matches!(self, Self::GoatcounterApi),
            _ => true,
        }
    }

    /// What a request on a shared path holds: its body decides.
    pub fn seen(self, query: &str, body: &[u8]) -> Self {
        match self {
            Self::AnyBatch if !form::looks_like_json(body) && form::data(&String::from_utf8_lossy(body)).is_none() => {
                Self::UniversalBatch
            }
            Self::AnyBatch => match json::utf8(body).and_then(json::envelope) {
                Ok(envelope) if envelope.events.is_some() && envelope.batch.is_none() => Self::Amplitude,
                _ => Self::Posthog,
            },
            Self::AnyCollect => {
                let is_second = |text: &str| text.split('&').any(|pair| pair == "v=2");
                if is_second(query) || is_second(&String::from_utf8_lossy(body)) { Self::Gtag } else { Self::Universal }
            }
            other => other,
        }
    }
}

/// A request as far as decoders look at it.
pub struct Request<'a> {
    /// What its path says it holds.
    pub form: Form,
    /// The site's token in the path, if there is one.
    pub path_token: &'a str,
    /// The query, without the question mark.
    pub query: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body, unpacked.
    pub body: &'a [u8],
    /// When it came, in seconds since 1970.
    pub now: i64,
}

/// How a client names the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// By a token that the site accepts, or by its id.
    Token(String),
    /// By a token, or else by the host its pages have.
    TokenOrHost(String, String),
    /// By the host its pages have, or else by a token.
    HostOrToken(String, String),
    /// By a key of ours for writing.
    Key(String),
}

/// One event as sent.
pub struct Sent {
    /// Which site.
    pub site: Named,
    /// The client's own name of this event, by which a second one is told; empty when it has none.
    pub id: String,
    /// The event, or why it is not counted.
    pub told: Result<Box<Told>, Dropped>,
}

/// An event, decoded.
pub struct Told {
    /// The hit. Its `site` is not set.
    pub hit: Hit<'static>,
    /// What the client says of its app and system.
    pub context: Context<'static>,
    /// The person's user agent, when the client passes it on.
    pub agent: String,
    /// Whether the client says that the person does not want to be counted.
    pub opted_out: bool,
    /// Whether the client forbids to place the person by its own address.
    pub hides_place: bool,
}

impl Told {
    /// An event of this name (empty: a page view), with nothing else.
    fn new(name: impl Into<String>) -> Box<Self> {
        let hit = Hit { name: name.into().into(), ..Hit::default() };
        let context = Context::default();
        Box::new(Self { hit, context, agent: String::new(), opted_out: false, hides_place: false })
    }
}

impl Sent {
    /// An event that is not counted.
    fn dropped(site: Named, reason: Dropped) -> Self {
        Self { site, id: String::new(), told: Err(reason) }
    }
}

/// Decodes a request.
///
/// # Errors
/// When nothing in it can be read.
pub fn decode(request: &Request<'_>) -> Result<Vec<Sent>, DecodeError> {
    match request.form {
        Form::Plausible => plausible::decode(request),
        Form::Umami | Form::UmamiBatch => umami::decode(request),
        Form::Goatcounter => goatcounter::count(request),
        Form::GoatcounterApi => goatcounter::api(request),
        Form::Matomo => matomo::decode(request),
        Form::Gtag => ga4::gtag(request),
        Form::MeasurementProtocol => ga4::measurement_protocol(request),
        Form::Universal | Form::UniversalBatch | Form::AnyCollect => universal::decode(request),
        Form::Mixpanel | Form::MixpanelImport | Form::MixpanelProfiles => mixpanel::decode(request),
        Form::Segment(_) | Form::SegmentBatch => segment::decode(request),
        Form::Posthog | Form::AnyBatch => posthog::decode(request),
        Form::PosthogReplay => posthog::replay(request),
        Form::Amplitude => amplitude::decode(request),
        Form::AmplitudeProfiles => amplitude::profiles(request),
        Form::Aptabase => aptabase::decode(request),
    }
}

/// Names that all clients give to campaign tags and click ids: where they came from, not what they did.
fn is_campaign(key: &str) -> bool {
    const CLICKS: [&str; 16] = [
        "gclid",
        "gclsrc",
        "gbraid",
        "wbraid",
        "dclid",
        "gad_source",
        "fbclid",
        "msclkid",
        "ttclid",
        "twclid",
        "li_fat_id",
        "igshid",
        "mc_cid",
        "rdt_cid",
        "epik",
        "yclid",
    ];
    key.starts_with("utm_") || CLICKS.contains(&key)
}

/// The user name of a `Basic` authorization: where Segment and Mixpanel put their keys.
fn basic_user(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(http::header::AUTHORIZATION)?.to_str().ok()?;
    let decoded = form::unbase64(value.strip_prefix("Basic ")?.trim().as_bytes()).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    Some(text.split(':').next().unwrap_or_default().to_owned())
}

/// Decodes each event of a list; one that is none costs itself only.
fn each(events: &[&RawValue], site: &Named, mut decode: impl FnMut(&json::Object) -> Sent) -> Vec<Sent> {
    let decoded = events.iter().map(|raw| match json::object(raw.get()) {
        Some(event) => decode(&event),
        None => Sent::dropped(site.clone(), Dropped::BadEvent),
    });
    decoded.collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Form::{AnyBatch, AnyCollect};
    use super::*;

    #[test]
    fn shared_paths_are_told_apart_by_their_bodies() {
        let batches: [&[u8]; 6] = [
            br#"{"api_key":"k","events":[]}"#,
            br#" {"api_key":"k","batch":[]}"#,
            b"v=1&tid=UA-1-1&t=pageview\nv=1&tid=UA-1-1&t=event",
            b"data=W10%3D",
            b"[]",
            b"",
        ];
        assert_eq!(
            batches.map(|body| AnyBatch.seen("", body)),
            [Form::Amplitude, Form::Posthog, Form::UniversalBatch, Form::Posthog, Form::Posthog, Form::UniversalBatch]
        );
        let collects = [("v=2&tid=G-1", &b""[..]), ("v=1", b""), ("", b"v=1&t=event"), ("", b"v=2&en=x")];
        assert_eq!(
            collects.map(|(query, body)| AnyCollect.seen(query, body)),
            [Form::Gtag, Form::Universal, Form::Universal, Form::Gtag]
        );
    }

    /// JSON that resembles what clients send: known keys over values of any type.
    fn likely() -> impl Strategy<Value = String> {
        let key = "batch|events|requests|hits|event|properties|payload|type|name|context|page|n|u|d|url|time|timestamp|website|data|props|params|event_type|eventName|api_key|token|sentAt";
        let leaf = prop_oneof![
            Just("null".to_owned()),
            Just("true".to_owned()),
            "-?[0-9]{1,19}",
            "\"[ -!#-\\[\\]-~é]{0,12}\""
        ];
        leaf.prop_recursive(5, 40, 6, move |inner| {
            let fields = proptest::collection::vec((key, inner.clone()), 0..6);
            let object = fields.prop_map(|fields| {
                let fields: Vec<String> = fields.into_iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
                format!("{{{}}}", fields.join(","))
            });
            let list = proptest::collection::vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(",")));
            prop_oneof![object, list]
        })
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded_or_refused(query in "\\PC{0,60}", body in proptest::collection::vec(any::<u8>(), 0..200)) {
            testing::any(&query, &body);
        }

        #[test]
        fn any_json_is_decoded_or_refused(body in likely()) {
            testing::any("", body.as_bytes());
            testing::any(&format!("data={body}&p=/&idsite=1&en=x"), b"");
        }
    }
}
