//! Which goals an event reaches. Runs last: it looks at what the other steps have put. Nothing is done for a site that has
//! no goals.

use crate::model::{Dimension, Event, EventKind, Site, Wanted};

/// Puts the name of every goal that is reached.
pub fn put_goals<'e>(event: &mut Event<'e>, site: &'e Site) {
    if event.kind == EventKind::Report {
        return;
    }
    for goal in &site.goals {
        if reached(event, &goal.wanted) {
            event.put(Dimension::Goal, &*goal.name);
        }
    }
}

fn reached(event: &Event<'_>, wanted: &Wanted) -> bool {
    let mut values = event.attributes.iter();
    let mut has =
        |dimension: Dimension, value: &str| values.any(|put| put.dimension == dimension && put.value == value);
    match wanted {
        Wanted::Page(pattern) => {
            let page = event.attributes.iter().find(|put| put.dimension == Dimension::Page);
            event.kind == EventKind::Pageview && page.is_some_and(|page| pattern.matches(&page.value))
        }
        Wanted::Feature { name, property } => {
            has(Dimension::Event, name) && property.as_ref().is_none_or(|property| has(Dimension::Prop, property))
        }
    }
}
