//! Questions with a filter: some values of each dimension that reports can be filtered by, against every other dimension.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::compare::{Fold, Question};
use super::fact::{CITY, EVENT, EXIT, GOAL, PAGE, PROP, REGION, SECTION};
use super::group::{Id, Sums};
use super::numbers::Numbers;
use super::questions::{Asking, EXIT_METRICS, GROUPED, K, Side};
use super::rules::{FILTERABLE, crosses};

impl Asking<'_> {
    /// Some values of every filterable dimension, against every dimension they cross with.
    pub(super) fn filtered(&self, day: i64) -> Vec<Question> {
        let mut questions = Vec::new();
        let filters = FILTERABLE.map(|dimension| Side(dimension, if dimension == PROP { "plan" } else { "" }));
        for filter in filters {
            for id in self.some_values(day, filter) {
                let value = filter.shown(self.counter.name(id)).expect("one of its values").to_owned();
                let filters = json!([["is", filter.name(), [value]]]);
                questions.push(self.by_day(&[day], Some((id, filters.clone()))));
                let whole = self.sum_of(&[day], self.counter.name(id));
                let rows = BTreeMap::from([(String::new(), whole)]);
                questions.push(self.question(&[day], json!({ "filters": filters }), rows, whole.visitors));
                for side in GROUPED.map(|(dimension, key)| Side(dimension, key)) {
                    let kept = crosses(filter.0, side.0) && (side.0 != PROP || side.1 == "plan");
                    let is_view = filter.0 == EVENT && value == "pageview";
                    if kept && !is_view {
                        questions.push(self.crossed(day, id, side, &filters));
                    }
                }
            }
        }
        questions
    }

    /// The most visited value, one in the middle, and one that hardly anybody saw; of the short day another one.
    fn some_values(&self, day: i64, filter: Side) -> Vec<Id> {
        let Some(book) = self.counter.books.get(&day) else { return Vec::new() };
        let mut values: Vec<(usize, Id)> = book
            .cells
            .iter()
            .filter(|(id, _)| filter.shown(self.counter.name(**id)).is_some())
            .map(|(id, group)| (group.visitors.len(), *id))
            .collect();
        values.sort_unstable_by(|a, b| b.cmp(a));
        let picked: &[usize] = if day == 0 { &[0, values.len() / 2, values.len().saturating_sub(1)] } else { &[1] };
        let mut ids: Vec<Id> = picked.iter().filter_map(|at| values.get(*at).map(|(_, id)| *id)).collect();
        ids.dedup();
        ids
    }

    fn crossed(&self, day: i64, filter: Id, side: Side, filters: &Value) -> Question {
        let mut rows = BTreeMap::new();
        for book in self.books(&[day]) {
            for ((a, b), group) in &book.crossings {
                let other = if *a == filter { *b } else { *a };
                if (*a == filter) == (*b == filter) {
                    continue;
                }
                if let Some(value) = side.shown(self.counter.name(other)) {
                    rows.insert(value.to_owned(), self.as_said(book, (*a, *b), Numbers::from(group)));
                }
            }
        }
        let whole = self.sum_of(&[day], self.counter.name(filter));
        if side.0 == EVENT && whole.sums.pageviews > 0 {
            // Page views are crossed with nothing: what is filtered by stands for them.
            let sums = Sums { events: whole.sums.pageviews, ..whole.sums };
            rows.insert("pageview".to_owned(), Numbers { sums, ..whole });
        }
        let body = json!({ "dimensions": [side.name()], "filters": filters });
        let mut question = self.question(&[day], body, rows, whole.visitors);
        question.fold = Some(fold(side, whole, false));
        if side.0 == EXIT {
            question.metrics = EXIT_METRICS.into();
        } else if self.counter.name(filter).0 == GOAL {
            question.metrics.push("conversion_rate");
            question.bases = self.grouped(&[day], side).rows.into_iter().map(|(of, all)| (of, all.visitors)).collect();
        }
        question
    }
}

/// What rows of a dimension come to: of events that may carry several values nothing is said.
pub(super) fn fold(side: Side, whole: Numbers, partly: bool) -> Fold {
    let additive: &[&str] = match side.0 {
        SECTION | PROP | GOAL | EVENT => &[],
        EXIT => &["visits"],
        PAGE => &["pageviews", "events"],
        _ => &["pageviews", "events", "visits"],
    };
    let may_be_nothing = matches!(side.0, REGION | CITY);
    Fold { k: K, whole, additive: additive.to_vec(), may_be_nothing, partly }
}
