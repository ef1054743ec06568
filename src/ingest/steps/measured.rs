//! What a hit measures besides itself: payments, engagement, web vitals, properties and numbers among them.

use crate::ingest::hit::{Hit, Props, Vitals};
use crate::model::{Dimension, Event, EventKind, bucket_of};
use crate::privacy::hygiene;

/// Seconds that one report may add.
const MAX_ENGAGED_SECS: f64 = 86_400.0;
/// CLS has no unit and is mostly below 1: it is counted in thousandths.
const CLS_UNITS: f64 = 1_000.0;

/// Puts the payment, which no report carries, and what reports carry: engagement, scroll depth and web vitals. A
/// counter stands for many page views, so it has none of the latter.
pub fn put_measured(event: &mut Event<'_>, hit: &Hit<'_>) {
    if let Some(revenue) = hit.revenue.filter(|_| event.kind != EventKind::Report) {
        event.revenue_minor = revenue.minor;
        event.put(Dimension::Currency, revenue.currency.code());
    }
    if hit.counter.is_some() {
        return;
    }
    // In range after the clamp, so that nothing is cut.
    event.engaged_secs = hit.engaged_secs.map(|secs| secs.clamp(0.0, MAX_ENGAGED_SECS).round() as u32);
    event.scroll_pct = hit.scroll_pct.map(|percent| percent.clamp(0.0, 100.0).round() as u8);
    if let Some(vitals) = &hit.vitals {
        put_vitals(event, vitals);
    }
}

fn put_vitals(event: &mut Event<'_>, vitals: &Vitals) {
    let measured = [
        ("LCP", vitals.lcp),
        ("FCP", vitals.fcp),
        ("INP", vitals.inp),
        ("TTFB", vitals.ttfb),
        ("CLS", vitals.cls.map(|shift| shift * CLS_UNITS)),
    ];
    for (name, value) in measured {
        if let Some(value) = value.filter(|value| *value >= 0.0) {
            event.put(Dimension::Vital, format!("{name}={}", bucket_of(value)));
        }
    }
}

/// Puts properties as `key=value`; of the numeric ones the site listed only the bucket.
pub fn put_properties(event: &mut Event<'_>, props: &Props<'_>) {
    for (key, value) in &props.0 {
        let listed = |clean: &str| event.site.numbers.iter().any(|listed| **listed == *clean);
        if let Some(clean) = hygiene::clean_key(key).filter(|clean| listed(clean))
            && let Some(number) = number(value)
        {
            event.put(Dimension::Number, format!("{clean}={}", bucket_of(number)));
            continue;
        }
        let Some((key, value)) = hygiene::clean_property(key, value) else { continue };
        event.put(Dimension::Prop, format!("{key}={value}"));
    }
}

/// A number as people and programs write it, not `inf` or `nan`.
fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}
