//! Journeys: which page follows which, and the first three pages of visits, two by two.

use serde::Serialize;
use utoipa::ToSchema;

use super::source::{Pairs, Source};
use super::{Meta, ReadError};
use crate::clickhouse::OTHER;
use crate::model::{Dimension, Measure};
use crate::stats::result::Suppressed;

/// Which page follows which. Rows come from the most frequent down, `(other)` last.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct JourneysAnswer {
    /// From any page to the next one of the same visit. `(other)`: page views of `from` after which something else came
    /// than is listed: a pair that too few visitors stand behind, or the same page again. What ends a visit is not in it.
    /// With `to_page`: page views of `to` before which something else came; what begins a visit is not in it.
    pub next: Vec<JourneyRow>,
    /// From the first page of a visit to the second. `(other)`: visits of more than one page view that are not listed;
    /// not with `to_page`: how many second pages there are is not kept.
    pub second: Vec<JourneyRow>,
    /// From the second page of a visit to the third. There is no `(other)`, for the same reason.
    pub third: Vec<JourneyRow>,
    /// What to know about them. `suppressed` is what `next` folds: every step of a visit is once in that list, and in
    /// the others the first two are told again. What `second` folds stands in its own `(other)`.
    pub meta: Meta,
}

/// Which ways are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ways {
    /// All of them.
    All,
    /// Those that start at a page.
    From(String),
    /// Those that lead to a page.
    To(String),
}

/// One page after another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct JourneyRow {
    /// The page before; `(other)` in the row of that name, unless `from_page` is asked for.
    pub from: String,
    /// The page after; `(other)` in the row of that name, unless `to_page` is asked for.
    pub to: String,
    /// How often.
    pub events: u64,
    /// Visitors; in a row `(other)` at most so many.
    pub visitors: u64,
}

pub(super) async fn answer(source: &Source<'_>, ways: &Ways, limit: usize) -> Result<JourneysAnswer, ReadError> {
    let pick = match ways {
        Ways::All => None,
        Ways::From(page) => Some((0, page.as_str())),
        Ways::To(page) => Some((1, page.as_str())),
    };
    let next = source.pairs(STEPS, pick).await?;
    let second = source.pairs([Dimension::EntryPage, Dimension::SecondPage], pick).await?;
    let third = source.pairs([Dimension::SecondPage, Dimension::ThirdPage], pick).await?;
    let (all, longer) = wholes(source, ways).await?;
    let next = rows(&next, Some((ways, all)), limit);
    let meta = source.meta(match next.last().filter(|row| row.is_other()) {
        // The same page again is in `(other)` as well, and is no reason to say that something was folded.
        Some(other) if source.folded_pairs(STEPS).await? > 0 => {
            Suppressed { rows: 1, visitors: other.visitors, events: other.events }
        }
        _ => Suppressed::default(),
    });
    let second = rows(&second, longer.map(|whole| (ways, whole)), limit);
    Ok(JourneysAnswer { next, second, third: rows(&third, None, limit), meta })
}

/// In which every step of a visit is counted.
const STEPS: [Dimension; 2] = [Dimension::Page, Dimension::NextPage];

/// What the rows are parts of: page views that were not the last of their visit, or not the first one, and visits of
/// more than one page view. All of it is published elsewhere, so that what is left over for `(other)` says nothing new.
async fn wholes(source: &Source<'_>, ways: &Ways) -> Result<(Whole, Option<Whole>), ReadError> {
    let (views, ends, entries) = match ways {
        Ways::From(page) => (
            source.cell(Dimension::Page, page).await?,
            source.cell(Dimension::ExitPage, page).await?,
            Some(source.cell(Dimension::EntryPage, page).await?),
        ),
        Ways::To(page) => {
            (source.cell(Dimension::Page, page).await?, source.cell(Dimension::EntryPage, page).await?, None)
        }
        Ways::All => {
            let total = source.cell(Dimension::Total, "").await?;
            (total, total, Some(total))
        }
    };
    let inner = views.measures[Measure::Pageviews] - ends.measures[Measure::Visits];
    let longer = entries.map(|entries| Whole {
        events: entries.measures[Measure::Visits] - entries.measures[Measure::Bounces],
        visitors: entries.visitors,
    });
    Ok((Whole { events: inner, visitors: views.visitors }, longer))
}

impl JourneyRow {
    fn is_other(&self) -> bool {
        self.from == OTHER || self.to == OTHER
    }

    /// What is left over of `ways`.
    fn other(ways: &Ways, events: u64, visitors: u64) -> Self {
        let (from, to) = match ways {
            Ways::All => (OTHER, OTHER),
            Ways::From(page) => (page.as_str(), OTHER),
            Ways::To(page) => (OTHER, page.as_str()),
        };
        Self { from: from.to_owned(), to: to.to_owned(), events, visitors }
    }
}

/// What rows are parts of.
#[derive(Clone, Copy)]
struct Whole {
    events: i64,
    visitors: i64,
}

fn rows(pairs: &Pairs, whole: Option<(&Ways, Whole)>, limit: usize) -> Vec<JourneyRow> {
    let number = |number: i64| number.max(0).unsigned_abs();
    let mut rows: Vec<JourneyRow> = pairs
        .iter()
        .filter(|(_, numbers)| numbers.measures[Measure::Events] > 0)
        .map(|([from, to], numbers)| JourneyRow {
            from: from.clone(),
            to: to.clone(),
            events: number(numbers.measures[Measure::Events]),
            visitors: number(numbers.visitors),
        })
        .collect();
    rows.sort_by(|a, b| b.events.cmp(&a.events).then_with(|| (&a.from, &a.to).cmp(&(&b.from, &b.to))));
    let shown: u64 = rows.iter().map(|row| row.events).sum();
    rows.truncate(limit);
    if let Some((ways, whole)) = whole {
        let events = number(whole.events).saturating_sub(shown);
        if events > 0 {
            let visitors = events.min(number(whole.visitors));
            rows.push(JourneyRow::other(ways, events, visitors));
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clickhouse::Numbers;

    fn pairs() -> Pairs {
        let pair = |from: &str, to: &str, events, visitors| {
            let mut numbers = Numbers { visitors, ..Numbers::default() };
            numbers.measures[Measure::Events] = events;
            ([from.to_owned(), to.to_owned()], numbers)
        };
        Pairs::from([pair("/", "/a", 5, 5), pair("/", "/b", 7, 6), pair("/", "/c", 0, 0)])
    }

    fn from() -> Ways {
        Ways::From("/".to_owned())
    }

    #[test]
    fn what_is_left_over_stands_on_the_side_that_is_not_asked_for() {
        let whole = Whole { events: 20, visitors: 6 };
        let other =
            |ways: &Ways| rows(&pairs(), Some((ways, whole)), 10).pop().map(|row| (row.from, row.to, row.events));
        let text = str::to_owned;
        assert_eq!(other(&from()), Some((text("/"), text(OTHER), 8)));
        assert_eq!(other(&Ways::To("/a".to_owned())), Some((text(OTHER), text("/a"), 8)));
        assert_eq!(other(&Ways::All), Some((text(OTHER), text(OTHER), 8)));
    }

    fn told(rows: Vec<JourneyRow>) -> Vec<(String, u64, u64)> {
        rows.into_iter().map(|row| (row.to, row.events, row.visitors)).collect()
    }

    #[test]
    fn what_is_left_over_is_other_whatever_the_limit_cuts() {
        let whole = Whole { events: 20, visitors: 6 };
        let all = told(rows(&pairs(), Some((&from(), whole)), 10));
        assert_eq!(all, [("/b".to_owned(), 7, 6), ("/a".to_owned(), 5, 5), ("(other)".to_owned(), 8, 6)]);
        let cut = told(rows(&pairs(), Some((&from(), whole)), 1));
        assert_eq!(cut, [("/b".to_owned(), 7, 6), ("(other)".to_owned(), 8, 6)]);
    }

    #[test]
    fn nothing_left_over_is_no_row() {
        assert_eq!(told(rows(&pairs(), Some((&from(), Whole { events: 12, visitors: 6 })), 10)).len(), 2);
        assert_eq!(told(rows(&pairs(), None, 10)).len(), 2);
    }
}
