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
    pub next: Vec<JourneyRow>,
    /// From the first page of a visit to the second. `(other)`: visits of more than one page view that are not listed.
    pub second: Vec<JourneyRow>,
    /// From the second page of a visit to the third. There is no `(other)`: how many second pages there are is not kept.
    pub third: Vec<JourneyRow>,
    /// What to know about them.
    pub meta: Meta,
}

/// One page after another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct JourneyRow {
    /// The page before; with `from_page` always that, else `(other)` in the row of that name.
    pub from: String,
    /// The page after, or `(other)`.
    pub to: String,
    /// How often.
    pub events: u64,
    /// Visitors; in a row `(other)` at most so many.
    pub visitors: u64,
}

pub(super) async fn answer(
    source: &Source<'_>,
    from_page: Option<&str>,
    limit: usize,
) -> Result<JourneysAnswer, ReadError> {
    let pick = from_page.map(|page| (0, page));
    let next = source.pairs([Dimension::Page, Dimension::NextPage], pick).await?;
    let second = source.pairs([Dimension::EntryPage, Dimension::SecondPage], pick).await?;
    let third = source.pairs([Dimension::SecondPage, Dimension::ThirdPage], pick).await?;
    let from = from_page.unwrap_or(OTHER);
    let (views, entries) = wholes(source, from_page).await?;
    let [next, second] =
        [(next, views), (second, entries)].map(|(pairs, whole)| rows(&pairs, Some((from, whole)), limit));
    let mut folded = Suppressed::default();
    for row in next.iter().chain(&second).filter(|row| row.to == OTHER) {
        folded.rows += 1;
        folded.events += row.events;
        folded.visitors += row.visitors;
    }
    Ok(JourneysAnswer { next, second, third: rows(&third, None, limit), meta: source.meta(folded) })
}

/// What the rows are parts of: page views that were not the last of their visit, and visits of more than one page view.
/// All of it is published elsewhere, so that what is left over for `(other)` says nothing new.
async fn wholes(source: &Source<'_>, from_page: Option<&str>) -> Result<(Whole, Whole), ReadError> {
    let (views, exits, entries) = match from_page {
        Some(page) => (
            source.cell(Dimension::Page, page).await?,
            source.cell(Dimension::ExitPage, page).await?,
            source.cell(Dimension::EntryPage, page).await?,
        ),
        None => [source.cell(Dimension::Total, "").await?; 3].into(),
    };
    let going_on = views.measures[Measure::Pageviews] - exits.measures[Measure::Visits];
    let longer = entries.measures[Measure::Visits] - entries.measures[Measure::Bounces];
    Ok((Whole { events: going_on, visitors: views.visitors }, Whole { events: longer, visitors: entries.visitors }))
}

/// What rows are parts of.
#[derive(Clone, Copy)]
struct Whole {
    events: i64,
    visitors: i64,
}

fn rows(pairs: &Pairs, whole: Option<(&str, Whole)>, limit: usize) -> Vec<JourneyRow> {
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
    if let Some((from, whole)) = whole {
        let events = number(whole.events).saturating_sub(shown);
        if events > 0 {
            let visitors = events.min(number(whole.visitors));
            rows.push(JourneyRow { from: from.to_owned(), to: OTHER.to_owned(), events, visitors });
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

    fn told(rows: Vec<JourneyRow>) -> Vec<(String, u64, u64)> {
        rows.into_iter().map(|row| (row.to, row.events, row.visitors)).collect()
    }

    #[test]
    fn what_is_left_over_is_other_whatever_the_limit_cuts() {
        let whole = Whole { events: 20, visitors: 6 };
        let all = told(rows(&pairs(), Some(("/", whole)), 10));
        assert_eq!(all, [("/b".to_owned(), 7, 6), ("/a".to_owned(), 5, 5), ("(other)".to_owned(), 8, 6)]);
        let cut = told(rows(&pairs(), Some(("/", whole)), 1));
        assert_eq!(cut, [("/b".to_owned(), 7, 6), ("(other)".to_owned(), 8, 6)]);
    }

    #[test]
    fn nothing_left_over_is_no_row() {
        assert_eq!(told(rows(&pairs(), Some(("/", Whole { events: 12, visitors: 6 })), 10)).len(), 2);
        assert_eq!(told(rows(&pairs(), None, 10)).len(), 2);
    }
}
