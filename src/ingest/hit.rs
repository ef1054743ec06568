//! One event as decoded: untrusted, still next to an address and a user agent, in memory for microseconds.

mod cohort;
mod revenue;

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, Visitor};

pub use self::cohort::{Cohort, Week};
pub use self::revenue::Revenue;

/// Properties an event may carry; further ones are not kept.
pub const MAX_PROPERTIES: usize = 30;

/// One event as decoded. Unknown fields are ignored.
// Plain `Cow`s with defaults: `Option<Cow>` does not borrow, and `&str` fails on the first escape. No `Debug`: nothing of
// this may be formatted.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Hit<'a> {
    /// The site's id.
    #[serde(borrow, deserialize_with = "text")]
    pub site: Cow<'a, str>,
    /// The event's name; empty means `pageview`.
    #[serde(borrow, deserialize_with = "text")]
    pub name: Cow<'a, str>,
    /// The page's full address.
    #[serde(borrow, deserialize_with = "text")]
    pub url: Cow<'a, str>,
    /// The page's path, when there is no address.
    #[serde(borrow, deserialize_with = "text")]
    pub path: Cow<'a, str>,
    /// The name of an app's screen, when there is neither.
    #[serde(borrow, deserialize_with = "text")]
    pub screen: Cow<'a, str>,
    /// Where the visitor came from, as a full address.
    #[serde(borrow, deserialize_with = "text")]
    pub referrer: Cow<'a, str>,
    /// Width of the viewport in CSS pixels.
    pub w: Option<f64>,
    /// Properties.
    #[serde(borrow)]
    pub props: Props<'a>,
    /// When it happened; the moment of arrival when absent.
    pub occurred_at: Option<Moment>,
    /// The client's own anonymous id: it feeds the day's hash and is dropped.
    #[serde(borrow, deserialize_with = "text")]
    pub visitor: Cow<'a, str>,
    /// For relays with a key: whom the event came from.
    #[serde(borrow, deserialize_with = "object_or_none")]
    pub client: Relayed<'a>,
    /// A payment.
    #[serde(deserialize_with = "object")]
    pub revenue: Option<Revenue>,
    /// Seconds the page was visible and focused since the last report.
    pub engaged_secs: Option<f64>,
    /// Furthest scroll position of the page view so far, in percent.
    pub scroll_pct: Option<f64>,
    /// Web vitals.
    #[serde(deserialize_with = "object")]
    pub vitals: Option<Vitals>,
    /// What the client says of its own past.
    #[serde(deserialize_with = "object")]
    pub cohort: Option<Cohort>,
    /// Set when an app added up several such events itself: then nobody is told from others.
    #[serde(skip)]
    pub counter: Option<Counter>,
}

/// Events of one day that an app added up itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counter {
    /// The day they happened on, in the site's zone.
    pub day: Date,
    /// How many.
    pub n: u32,
}

/// Web vitals of one page view: milliseconds, CLS without a unit. What is missing or `null` was not measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Vitals {
    /// Largest contentful paint.
    #[serde(rename = "LCP")]
    pub lcp: Option<f64>,
    /// First contentful paint.
    #[serde(rename = "FCP")]
    pub fcp: Option<f64>,
    /// Interaction to next paint.
    #[serde(rename = "INP")]
    pub inp: Option<f64>,
    /// Time to first byte.
    #[serde(rename = "TTFB")]
    pub ttfb: Option<f64>,
    /// Cumulative layout shift.
    #[serde(rename = "CLS")]
    pub cls: Option<f64>,
}

/// What a server with a key says about the client whose event it passes on.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Relayed<'a> {
    /// The client's address as text.
    #[serde(borrow, deserialize_with = "text")]
    pub address: Cow<'a, str>,
    /// The client's user agent.
    #[serde(borrow, deserialize_with = "text")]
    pub user_agent: Cow<'a, str>,
    /// The client's `Accept-Language`.
    #[serde(borrow, deserialize_with = "text")]
    pub language: Cow<'a, str>,
    /// Whether the client sent `DNT: 1` or `Sec-GPC: 1`.
    #[serde(deserialize_with = "flag")]
    pub opted_out: bool,
    /// What another product had made of address and user agent, for imports of its events.
    #[serde(borrow, deserialize_with = "object")]
    // Boxed, as imports alone have it: it would be half of every hit.
    pub known: Option<Box<Known<'a>>>,
}

/// What another product had made of a client's address and user agent. Each text is cleaned as any other.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Known<'a> {
    /// ISO 3166-1 alpha-2 code.
    #[serde(borrow, deserialize_with = "text")]
    pub country: Cow<'a, str>,
    /// Name or code of the region.
    #[serde(borrow, deserialize_with = "text")]
    pub region: Cow<'a, str>,
    /// Name of the city.
    #[serde(borrow, deserialize_with = "text")]
    pub city: Cow<'a, str>,
    /// Family of the browser.
    #[serde(borrow, deserialize_with = "text")]
    pub browser: Cow<'a, str>,
    /// Its version.
    #[serde(borrow, deserialize_with = "text")]
    pub browser_version: Cow<'a, str>,
    /// Operating system.
    #[serde(borrow, deserialize_with = "text")]
    pub os: Cow<'a, str>,
    /// Its version.
    #[serde(borrow, deserialize_with = "text")]
    pub os_version: Cow<'a, str>,
    /// Class of device.
    #[serde(borrow, deserialize_with = "text")]
    pub device: Cow<'a, str>,
    /// Version of the app.
    #[serde(borrow, deserialize_with = "text")]
    pub app_version: Cow<'a, str>,
}

/// An object or `null`. Serde reads a list as the fields of a struct in their order, which nobody means.
fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    struct ObjectVisitor<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
        type Value = Option<T>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }
        fn visit_unit<E>(self) -> Result<Option<T>, E> {
            Ok(None)
        }
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Option<T>, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map)).map(Some)
        }
    }
    deserializer.deserialize_any(ObjectVisitor(PhantomData))
}

/// The same, nothing in it where there is none.
pub(super) fn object_or_none<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    object(deserializer).map(Option::unwrap_or_default)
}

/// A text, or `null`, which is the same as none. Borrowed where it can be.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Cow<'de, str>, D::Error> {
    struct TextVisitor;
    impl<'de> Visitor<'de> for TextVisitor {
        type Value = Cow<'de, str>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text")
        }
        fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cow<'de, str>, E> {
            Ok(Cow::Borrowed(text))
        }
        fn visit_str<E>(self, text: &str) -> Result<Cow<'de, str>, E> {
            Ok(Cow::Owned(text.to_owned()))
        }
        fn visit_unit<E>(self) -> Result<Cow<'de, str>, E> {
            Ok(Cow::Borrowed(""))
        }
    }
    deserializer.deserialize_any(TextVisitor)
}

/// A boolean, or `null`, which is no.
fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Option::<bool>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A moment in seconds since 1970, from an RFC 3339 text or a number of seconds or milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(pub i64);

/// Properties in order of appearance, values as text.
#[derive(Default)]
pub struct Props<'a>(pub Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MomentVisitor;
        impl Visitor<'_> for MomentVisitor {
            type Value = Moment;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an RFC 3339 time or seconds since 1970")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Moment, E> {
                let moment: jiff::Timestamp = text.parse().map_err(|_| E::custom("not a time"))?;
                Ok(Moment(moment.as_second()))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Moment, E> {
                // Seconds of the year 5138 and later are read as milliseconds.
                Ok(Moment(if number.unsigned_abs() >= 100_000_000_000 { number / 1000 } else { number }))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Moment, E> {
                self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Moment, E> {
                self.visit_i64(number as i64)
            }
        }
        deserializer.deserialize_any(MomentVisitor)
    }
}

/// A value of a property.
enum Scalar<'a> {
    Text(Cow<'a, str>),
    Absent,
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ScalarVisitor;
        impl<'de> Visitor<'de> for ScalarVisitor {
            type Value = Scalar<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a number or a boolean")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Text(Cow::Owned(text.to_owned())))
            }
            fn visit_bool<E>(self, value: bool) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Text(Cow::Borrowed(if value { "true" } else { "false" })))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Text(Cow::Owned(number.to_string())))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Text(Cow::Owned(number.to_string())))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Text(Cow::Owned(number.to_string())))
            }
            fn visit_unit<E>(self) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Absent)
            }
        }
        deserializer.deserialize_any(ScalarVisitor)
    }
}

/// A key, borrowed where it can be.
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Props<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PropsVisitor;
        impl<'de> Visitor<'de> for PropsVisitor {
            type Value = Props<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of texts, numbers and booleans")
            }
            fn visit_unit<E>(self) -> Result<Props<'de>, E> {
                Ok(Props::default())
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Props<'de>, A::Error> {
                let mut props = Props::default();
                while let Some((key, value)) = map.next_entry::<Key<'de>, Scalar<'de>>()? {
                    if let Scalar::Text(text) = value
                        && props.0.len() < MAX_PROPERTIES
                    {
                        props.0.push((key.0, text));
                    }
                }
                Ok(props)
            }
        }
        deserializer.deserialize_any(PropsVisitor)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hit(json: &str) -> Hit<'_> {
        serde_json::from_str(json).expect("a hit")
    }

    #[test]
    fn clean_fields_are_borrowed_and_unknown_ones_ignored() {
        let hit = hit(r#"{"site":"demo","url":"https://a.test/","title":"x","n":{"a":[1]},"props":{"plan":"pro"}}"#);
        assert!(matches!(hit.site, Cow::Borrowed("demo")) && matches!(hit.url, Cow::Borrowed(_)));
        assert!(matches!(hit.props.0[0], (Cow::Borrowed("plan"), Cow::Borrowed("pro"))));
    }

    #[test]
    fn properties_are_scalars_and_at_most_thirty() {
        let props = hit(r#"{"props":{"a":"x","b":1.5,"c":true,"d":null,"e":-3,"f":"q\"q"}}"#).props.0;
        let props: Vec<(&str, &str)> = props.iter().map(|(key, value)| (key.as_ref(), value.as_ref())).collect();
        assert_eq!(props, [("a", "x"), ("b", "1.5"), ("c", "true"), ("e", "-3"), ("f", "q\"q")]);
        let many: Vec<String> = (0..40).map(|n| format!("\"k{n}\":1")).collect();
        let many = format!("{{\"props\":{{{}}}}}", many.join(","));
        assert_eq!(hit(&many).props.0.len(), MAX_PROPERTIES);
        assert!(serde_json::from_str::<Hit<'_>>(r#"{"props":{"a":{"b":1}}}"#).is_err());
        assert!(serde_json::from_str::<Hit<'_>>(r#"{"props":[1]}"#).is_err());
    }

    #[test]
    fn payments_vitals_and_cohorts_are_objects_or_nothing() {
        let told =
            hit(r#"{"revenue":{"currency":"eur","amount":"4.5"},"vitals":{"LCP":1200,"CLS":0.02,"FCP":null,"x":"y"},
            "cohort":{"first_week":"2026-W47","first_this_month":true},"engaged_secs":3,"scroll_pct":40.5}"#);
        assert_eq!(told.revenue.map(|revenue| (revenue.minor, revenue.currency.code())), Some((450, "EUR")));
        assert_eq!(told.vitals, Some(Vitals { lcp: Some(1200.0), cls: Some(0.02), ..Vitals::default() }));
        assert_eq!(told.cohort.map(|cohort| (cohort.first_this_week, cohort.first_this_month)), Some((false, true)));
        assert_eq!((told.engaged_secs, told.scroll_pct), (Some(3.0), Some(40.5)));
        for field in ["revenue", "vitals", "cohort"] {
            assert!(serde_json::from_str::<Hit<'_>>(&format!("{{\"{field}\":null}}")).is_ok());
            assert!(serde_json::from_str::<Hit<'_>>(&format!("{{\"{field}\":[]}}")).is_err(), "{field}");
        }
    }

    #[test]
    fn a_moment_is_a_text_or_a_number() {
        let seconds = [
            "\"2026-11-21T12:00:00Z\"",
            "\"2026-11-21T13:00:00+01:00\"",
            "1795262400",
            "1795262400000",
            "1795262400.9",
        ]
        .map(|moment| serde_json::from_str::<Moment>(moment).map(|moment| moment.0).ok());
        assert_eq!(seconds, [Some(1_795_262_400); 5]);
        assert!(serde_json::from_str::<Moment>("\"yesterday\"").is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_decoded_or_refused(text in "\\PC{0,80}") {
            let _ = serde_json::from_str::<Hit<'_>>(&text);
        }

        #[test]
        fn any_value_is_decoded_or_refused(field in "site|name|url|w|props|occurred_at|client|revenue|engaged_secs|scroll_pct|vitals|cohort", value in "\\PC{0,40}") {
            let _ = serde_json::from_str::<Hit<'_>>(&format!("{{\"{field}\":{value}}}"));
        }
    }
}
