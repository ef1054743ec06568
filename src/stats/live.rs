//! What may be shown of the last half hour (P7): values that enough visitors stand behind. For every reader the rules of
//! the public hold: on a quiet site half an hour is one person, and three lists side by side would tell where that
//! person came from and what they read. Renewed once a minute at most, like everything that grows by single events.
//! Called by the live view; the numbers come out of memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::judge::{self, Counts};
use crate::clickhouse::CountedCell;
use crate::model::{Dimension, Hour, Measure, Measures, Rules, Site, SiteId};

/// Most values of a list.
const MOST: usize = 10;

/// One value and the visitors of half an hour.
pub type Row = (Box<str>, u64);

/// How many visitors had which value of a dimension.
#[derive(Clone, Debug)]
pub struct ByValue {
    /// The dimension.
    pub dimension: Dimension,
    /// Visitors by value.
    pub values: Vec<Row>,
    /// Visitors under no value.
    pub without: u64,
}

/// Lists of values.
pub type Lists = Arc<Vec<Vec<Row>>>;

/// The lists of each site, as they were first looked at in a minute. Cheap to clone; clones share them.
#[derive(Clone, Default)]
pub struct LiveLists(Arc<Mutex<HashMap<SiteId, Held>>>);

struct Held {
    minute: i64,
    k: u32,
    lists: Lists,
}

impl LiveLists {
    /// The lists of a site at `now` (seconds since 1970). `count` gives all visitors and those by value; it is asked once
    /// a minute.
    pub fn of(&self, site: &Site, now: i64, count: impl FnOnce() -> (u64, Vec<ByValue>)) -> Lists {
        let (minute, k) = (now.div_euclid(60), Rules::of(site).k);
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|_, known| known.minute == minute);
        if let Some(known) = held.get(&site.id).filter(|known| known.k == k) {
            return known.lists.clone();
        }
        let (visitors, by_values) = count();
        let lists = Arc::new(by_values.into_iter().map(|by_value| shown(k, visitors, by_value)).collect());
        held.insert(site.id.clone(), Held { minute, k, lists: Arc::clone(&lists) });
        lists
    }
}

/// The values that may be shown, most visitors first.
fn shown(k: u32, visitors: u64, ByValue { dimension, values, without }: ByValue) -> Vec<Row> {
    // Visitors with two values are two parts: the whole has as many as its parts and those without a value.
    let whole = values.iter().map(|(_, visitors)| *visitors).sum::<u64>() + without;
    let mut cells = vec![cell(Dimension::Total, "", visitors, whole)];
    cells.extend(values.iter().map(|(value, visitors)| cell(dimension, value, *visitors, *visitors)));
    let counts = Counts { cells: &cells, ..Counts::default() };
    let folded = judge::cells(Rules { k, strict: true }, &counts);
    let is_shown = folded.into_iter().skip(1).map(|is_folded| !is_folded);
    let mut rows: Vec<Row> =
        values.into_iter().zip(is_shown).filter(|(_, is_shown)| *is_shown).map(|(row, _)| row).collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    rows.truncate(MOST);
    rows
}

/// Whatever is compared when the rest of the whole is worked out, it is the same number.
fn cell(dimension: Dimension, value: &str, visitors: u64, amount: u64) -> CountedCell {
    let mut measures = Measures::default();
    for measure in [Measure::Pageviews, Measure::Events, Measure::Visits] {
        measures[measure] = i64::try_from(amount).unwrap_or(i64::MAX);
    }
    CountedCell { dimension, value: value.into(), hour: Hour::WHOLE_DAY, measures, visitors }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn countries(values: &[(&str, u64)], without: u64) -> Vec<(String, u64)> {
        let all = values.iter().map(|(_, visitors)| visitors).sum::<u64>() + without;
        let values = values.iter().map(|(value, visitors)| (Box::from(*value), *visitors)).collect();
        let rows = shown(5, all, ByValue { dimension: Dimension::Country, values, without });
        rows.into_iter().map(|(value, visitors)| (value.into(), visitors)).collect()
    }

    fn rows(rows: &[(&str, u64)]) -> Vec<(String, u64)> {
        rows.iter().map(|(value, visitors)| ((*value).to_owned(), *visitors)).collect()
    }

    #[test]
    fn nothing_is_told_of_fewer_than_k_and_nothing_by_subtraction() {
        assert_eq!(countries(&[("DE", 4)], 0), rows(&[]));
        assert_eq!(countries(&[("DE", 9), ("FR", 7)], 0), rows(&[("DE", 9), ("FR", 7)]));
        // Two from elsewhere could be told from the sum: the smallest that is shown hides them.
        assert_eq!(countries(&[("DE", 9), ("FR", 7), ("IT", 2)], 0), rows(&[("DE", 9)]));
        assert_eq!(countries(&[("DE", 9)], 1), rows(&[]));
        assert_eq!(countries(&[("DE", 9)], 30), rows(&[("DE", 9)]));
    }

    #[test]
    fn pages_overlap_and_the_first_ten_are_listed() {
        let values = (0..12).map(|page| (format!("/{page:02}").into(), 20)).collect();
        let told = shown(5, 20, ByValue { dimension: Dimension::Page, values, without: 0 });
        assert_eq!((told.len(), told.first(), told.last()), (10, Some(&("/00".into(), 20)), Some(&("/09".into(), 20))));
    }

    #[test]
    fn lists_are_renewed_once_a_minute_and_when_k_changes() {
        let mut site = Site::new("mine".parse().expect("an id"), jiff::tz::TimeZone::UTC);
        let lists = LiveLists::default();
        let count = |visitors| {
            let values = vec![("/".into(), visitors)];
            (visitors, vec![ByValue { dimension: Dimension::Page, values, without: 0 }])
        };
        let told = |lists: &Lists| lists[0].first().map(|(_, visitors)| *visitors);
        assert_eq!(told(&lists.of(&site, 120, || count(7))), Some(7));
        assert_eq!(told(&lists.of(&site, 179, || count(8))), Some(7));
        assert_eq!(told(&lists.of(&site, 180, || count(8))), Some(8));
        site.min_visitors = 9;
        assert_eq!(told(&lists.of(&site, 181, || count(8))), None);
    }
}
