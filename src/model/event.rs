//! An accepted hit made anonymous and enriched: all that counting ever sees.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use smallvec::SmallVec;

use super::{Day, Dimension, Hour, Site};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A page, or an app's screen, was looked at.
    Pageview,
    /// A named feature was used.
    Feature,
    /// A report about a page view that was counted before: engagement, scroll depth, web vitals. It is no event of its
    /// own and begins no visit.
    Report,
}

/// A keyed pseudonym, valid for one site and one site-local day, in memory only.
/// It is never written, logged or sent; there is no way to format it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Visitor(pub u128);

impl fmt::Debug for Visitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Visitor(…)")
    }
}

/// One thing an event is counted under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// The dimension.
    pub dimension: Dimension,
    /// Its value, already cleaned. For [`Dimension::Prop`] `key=value`.
    pub value: Cow<'a, str>,
}

/// An anonymous, enriched event.
#[derive(Clone, Debug)]
pub struct Event<'a> {
    /// The site it belongs to.
    pub site: Arc<Site>,
    /// The site-local day it happened on.
    pub day: Day,
    /// The hour of that day.
    pub hour: Hour,
    /// When it happened, in seconds since 1970. In memory only: it orders the events of a visit.
    pub at: i64,
    /// When the request that brought it came: seconds do not order what a browser sends on two connections at once.
    pub arrived: Instant,
    /// What happened.
    pub kind: EventKind,
    /// Who, for the length of the day. `None` when the day is late: only counts are kept then.
    pub visitor: Option<Visitor>,
    /// The same person's pseudonym of the day before, in the first half hour of a day: a visit may go on past midnight.
    pub before: Option<Visitor>,
    /// How many such events: more than one only for counters an app added up itself.
    pub n: u32,
    /// Whether it happened just now, so that a live view may show it.
    pub is_live: bool,
    /// Seconds the page was visible and focused since the last report; `None` when not reported.
    pub engaged_secs: Option<u32>,
    /// Furthest scroll position of the page view so far, in percent.
    pub scroll_pct: Option<u8>,
    /// A payment in the smallest unit of its currency, counted under the attribute [`Dimension::Currency`].
    pub revenue_minor: i64,
    /// Everything it is counted under, [`Dimension::Total`] excepted (always counted).
    pub attributes: SmallVec<[Attribute<'a>; 24]>,
}

impl<'a> Event<'a> {
    /// Adds an attribute unless its value is empty.
    pub fn put(&mut self, dimension: Dimension, value: impl Into<Cow<'a, str>>) {
        let value = value.into();
        if !value.is_empty() {
            self.attributes.push(Attribute { dimension, value });
        }
    }
}
