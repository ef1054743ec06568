//! Which properties were sent along: their keys, and how often each was. So that nobody has to know the keys by heart.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::source::{Group, Pairs, Source};
use super::{Meta, ReadError};
use crate::model::{Dimension, Measure};
use crate::stats::egress::Reader;

/// The properties of a site.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PropertiesAnswer {
    /// One row per key, most events first: those that were sent, and, but for shared links, those that the site lists.
    pub properties: Vec<PropertyRow>,
    /// What to know about them.
    pub meta: Meta,
}

/// One property.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PropertyRow {
    /// Its key.
    pub key: String,
    /// Whether its values are kept, or only how they are distributed.
    pub kind: PropertyKind,
    /// Events that carried it.
    pub events: u64,
    /// Different values on the days of the range; buckets, of a number.
    pub values: u64,
    /// With `event`: how many of that event carried it, as far as enough visitors stand behind its values; null when the
    /// site keeps no pairs of the key with events.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>, required = false)]
    pub of_event: Option<Option<u64>>,
}

/// What is kept of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PropertyKind {
    /// Its values.
    Text,
    /// How its values are distributed: `/api/v1/numbers`.
    Number,
}

const KINDS: [(PropertyKind, Dimension); 2] =
    [(PropertyKind::Text, Dimension::Prop), (PropertyKind::Number, Dimension::Number)];

pub(super) async fn answer(source: &Source<'_>, event: Option<&str>) -> Result<PropertiesAnswer, ReadError> {
    let mut rows = Vec::new();
    let mut meta = source.meta(Default::default());
    for (kind, dimension) in KINDS {
        let (groups, of_kind) = source.cells((dimension, ""), None).await?;
        meta.suppressed.rows += of_kind.suppressed.rows;
        let listed = match source.reader {
            Reader::Owner => listed(source, kind),
            Reader::Public => Vec::new(),
        };
        let of_event = match event {
            Some(event) => Some(sent(source.pairs([Dimension::Event, dimension], Some((0, event))).await?)),
            None => None,
        };
        for (key, (events, values)) in by_key(&groups, listed) {
            let is_kept = source.keeps_pair([Dimension::Event, dimension], key);
            let of_event = of_event.as_ref().map(|sent| is_kept.then(|| sent.get(key).copied().unwrap_or(0)));
            rows.push(PropertyRow { key: key.to_owned(), kind, events, values, of_event });
        }
    }
    rows.sort_by(|a, b| b.events.cmp(&a.events).then_with(|| (&a.key, a.kind).cmp(&(&b.key, b.kind))));
    Ok(PropertiesAnswer { properties: rows, meta })
}

/// Keys that the site lists.
fn listed<'s>(source: &Source<'s>, kind: PropertyKind) -> Vec<&'s str> {
    let keys = match kind {
        PropertyKind::Text => &source.site.filter_properties,
        PropertyKind::Number => &source.site.numbers,
    };
    keys.iter().map(AsRef::as_ref).collect()
}

/// Events and different values by key.
fn by_key<'g>(groups: &'g [Group], listed: Vec<&'g str>) -> BTreeMap<&'g str, (u64, u64)> {
    let mut keys: BTreeMap<&str, (u64, u64)> = listed.into_iter().map(|key| (key, (0, 0))).collect();
    for group in groups {
        // Keys beyond the cap are `(more)`.
        if let Some((key, _)) = group.value.split_once('=')
            && group.events > 0
        {
            let (events, values) = keys.entry(key).or_default();
            *events += group.events.unsigned_abs();
            *values += 1;
        }
    }
    keys
}

/// Events by key, of pairs of an event and a value.
fn sent(pairs: Pairs) -> BTreeMap<String, u64> {
    let mut keys = BTreeMap::new();
    for ([_, value], numbers) in pairs {
        if let Some((key, _)) = value.split_once('=') {
            *keys.entry(key.to_owned()).or_default() += numbers.measures[Measure::Events].max(0).unsigned_abs();
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_by_their_key_and_listed_keys_are_there_unseen() {
        let group = |value: &str, events| Group { value: value.to_owned(), events, ..Group::default() };
        let groups =
            [group("plan=pro", 3), group("plan=a=b", 2), group("(more)", 9), group("gone=x", 0), group("plan2=x", 1)];
        let expected = [("kept", (0, 0)), ("plan", (5, 2)), ("plan2", (1, 1))];
        assert_eq!(by_key(&groups, vec!["kept", "plan"]).into_iter().collect::<Vec<_>>(), expected);
    }
}
