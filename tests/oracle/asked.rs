//! Questions with a filter: some values of each dimension that reports can be filtered by, against every other dimension.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::cap::MORE;
use super::compare::{Fold, Question};
use super::fact::{BROWSER, CHANNEL, COUNTRY, ENTRY, EVENT, GOAL, PAGE, PROP, SECTION, SOURCE};
use super::group::{Id, Sums};
use super::numbers::Numbers;
use super::questions::{Asking, GROUPED, K, Side};
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
            .filter(|(id, group)| filter.shown(self.counter.name(**id)).is_some() && !group.visitors.is_empty())
            .map(|(id, group)| (group.visitors.len(), *id))
            .collect();
        values.sort_unstable_by(|a, b| b.cmp(a));
        let picked: &[usize] = if day == 0 { &[0, values.len() / 2, values.len().saturating_sub(1)] } else { &[1] };
        let mut ids: Vec<Id> = picked.iter().filter_map(|at| values.get(*at).map(|(_, id)| *id)).collect();
        let more = values.iter().map(|(_, id)| *id).find(|id| filter.shown(self.counter.name(*id)) == Some(MORE));
        ids.extend(more);
        ids.sort_unstable();
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
                    rows.insert(value.to_owned(), Numbers::from(group));
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
        if self.counter.name(filter).0 == GOAL {
            question.metrics.push("conversion_rate");
            question.bases = self.grouped(&[day], side).rows.into_iter().map(|(of, all)| (of, all.visitors)).collect();
        }
        question
    }
}

/// A filter that takes several values: on the wire, and whether it takes one.
type Several = (Side, &'static str, &'static [&'static str], fn(&str) -> bool);

const SEVERAL: [Several; 7] = [
    (Side(PAGE, ""), "contains", &["/docs", "shop"], |page| page.contains("/docs") || page.contains("shop")),
    (Side(PAGE, ""), "matches", &["^/blog/(rust|naming)$"], |page| page == "/blog/rust" || page == "/blog/naming"),
    (Side(PAGE, ""), "is_not", &["/", "/pricing"], |page| page != "/" && page != "/pricing"),
    (Side(SOURCE, ""), "is_not", &["(direct)"], |source| source != "(direct)"),
    (Side(COUNTRY, ""), "is", &["DE", "AT"], |country| country == "DE" || country == "AT"),
    (Side(EVENT, ""), "matches", &["^s"], |name| name.starts_with('s')),
    (Side(PROP, "plan"), "contains", &["r"], |plan| plan.contains('r')),
];

/// What is asked with each of them.
const AGAINST: [Side; 8] = [
    Side(PAGE, ""),
    Side(EVENT, ""),
    Side(GOAL, ""),
    Side(SOURCE, ""),
    Side(CHANNEL, ""),
    Side(COUNTRY, ""),
    Side(BROWSER, ""),
    Side(ENTRY, ""),
];

impl Asking<'_> {
    /// Filters of several values: what they take is added up, visitors too.
    pub(super) fn of_several(&self, day: i64) -> Vec<Question> {
        let mut questions = Vec::new();
        for (filter, operator, values, takes) in SEVERAL {
            let filters = json!([[operator, filter.name(), values]]);
            let is_taken = |id: &Id| filter.shown(self.counter.name(*id)).is_some_and(takes);
            let days = [day];
            let cells = self.books(&days).flat_map(|book| book.cells.iter());
            let mut whole = Numbers::default();
            cells.filter(|(id, _)| is_taken(id)).for_each(|(_, group)| whole += Numbers::from(group));
            let rows = BTreeMap::from([(String::new(), whole)]);
            questions.push(self.question(&[day], json!({ "filters": filters }), rows, whole.visitors));
            for side in AGAINST.into_iter().filter(|side| crosses(filter.0, side.0)) {
                let mut rows: BTreeMap<String, Numbers> = BTreeMap::new();
                for ((a, b), group) in self.books(&[day]).flat_map(|book| book.crossings.iter()) {
                    for (one, other) in [(a, b), (b, a)].into_iter().filter(|(one, _)| is_taken(one)) {
                        debug_assert!(one != other);
                        if let Some(value) = side.shown(self.counter.name(*other)) {
                            *rows.entry(value.to_owned()).or_default() += Numbers::from(group);
                        }
                    }
                }
                let body = json!({ "dimensions": [side.name()], "filters": filters });
                let mut question = self.question(&[day], body, rows, whole.visitors);
                // Some of what a row adds up may be folded.
                question.fold = Some(fold(side, whole, true));
                if side.0 == EVENT && whole.sums.pageviews > 0 {
                    question.rows.insert("pageview".to_owned(), whole);
                }
                questions.push(question);
            }
        }
        questions
    }
}

/// What rows of a dimension come to: of events that may carry several values only a bound is said.
pub(super) fn fold(side: Side, whole: Numbers, partly: bool) -> Fold {
    let additive: &[&str] = match side.0 {
        SECTION | PROP | GOAL => &[],
        PAGE | EVENT => &["pageviews", "events"],
        _ => &["pageviews", "events", "visits"],
    };
    Fold { k: K, whole, additive: additive.to_vec(), partly }
}
