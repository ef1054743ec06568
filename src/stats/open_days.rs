//! What may be shown of the crossings of days that are still being counted (P7): a snapshot per site, day and pair of
//! families, looked at as a whole and renewed once a minute at most, so that polling shows little of who comes. Called
//! by `reading` and by the special reports. Knows no query.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::egress::Reader;
use crate::clickhouse::{CountedCell, CountedCrossing, Numbers, Store, StoreError};
use crate::model::{Day, Dimension, Family, Measure, Site, SiteId};
use crate::privacy::threshold::{CellEntry, CrossingEntry, PairTable, dimensions_of, folded_crossings};

/// Most crossings that all snapshots hold together: about half a gigabyte.
const MOST: usize = 3_000_000;

/// Two values and their numbers.
type Pair = ([Box<str>; 2], Numbers);

/// The crossings of one day and pair of families that may be shown.
#[derive(Debug, Default)]
pub struct Shown {
    by_dimensions: HashMap<[Dimension; 2], Vec<Pair>>,
    folded: HashMap<[Dimension; 2], u64>,
    size: usize,
}

impl Shown {
    /// The crossings of two dimensions; values in the order the dimensions are named.
    pub fn of(&self, dimensions: [Dimension; 2]) -> impl Iterator<Item = ([&str; 2], Numbers)> {
        let [one, other] = dimensions;
        let turned = one > other;
        let rows = self.by_dimensions.get(&if turned { [other, one] } else { dimensions });
        rows.into_iter().flatten().map(move |([first, second], numbers)| {
            (if turned { [second.as_ref(), first.as_ref()] } else { [first.as_ref(), second.as_ref()] }, *numbers)
        })
    }

    /// How many crossings of two dimensions may not be shown.
    pub fn folded(&self, [one, other]: [Dimension; 2]) -> u64 {
        self.folded.get(&[one.min(other), one.max(other)]).copied().unwrap_or(0)
    }
}

/// Which crossings are asked for, by whom and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// An open day.
    pub day: Day,
    /// Seconds since 1970.
    pub now: i64,
    /// Who asks.
    pub reader: Reader,
    /// Two families.
    pub pair: [Family; 2],
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Which {
    site: SiteId,
    day: Day,
    pair: [Family; 2],
    /// What decides what is shown: a change of it holds at once.
    rules: (u32, bool),
}

/// A snapshot and the minute it was taken in; empty while it is being taken.
type Slot = Arc<tokio::sync::Mutex<Option<Arc<Shown>>>>;

struct Entry {
    minute: i64,
    slot: Slot,
    size: usize,
}

/// Snapshots of open days. Cheap to clone; clones share them.
#[derive(Clone, Default)]
pub struct OpenDays(Arc<Mutex<HashMap<Which, Entry>>>);

impl OpenDays {
    /// What may be shown of the crossings between two families on an open day, as of the minute of `now` (seconds since
    /// 1970). Empty when the day is sealed.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn shown(&self, store: &Store, site: &Site, asked: &Asked) -> Result<Arc<Shown>, StoreError> {
        let Asked { day, now, reader, pair } = *asked;
        let pair = if pair[0] <= pair[1] { pair } else { [pair[1], pair[0]] };
        let strict = site.strict || reader == Reader::Public;
        let which = Which { site: site.id.clone(), day, pair, rules: (site.min_visitors, strict) };
        let slot = self.slot(&which, now.div_euclid(60));
        let mut held = slot.lock().await;
        if let Some(shown) = held.as_ref() {
            return Ok(shown.clone());
        }
        let shown = Arc::new(take(store, &which).await?);
        // Nothing yet: who has just begun to count should not wait a minute to see it.
        if shown.size > 0 {
            *held = Some(shown.clone());
            self.keep(&which, shown.size);
        }
        Ok(shown)
    }

    /// The place of a snapshot. Those of minutes gone by are let go.
    fn slot(&self, which: &Which, minute: i64) -> Slot {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|_, entry| entry.minute == minute);
        let entry = entries.entry(which.clone()).or_insert_with(|| Entry { minute, slot: Slot::default(), size: 0 });
        entry.slot.clone()
    }

    /// Books the size of a snapshot and lets others go when all are too large together.
    fn keep(&self, which: &Which, size: usize) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = entries.get_mut(which) {
            entry.size = size;
        }
        if entries.values().map(|entry| entry.size).sum::<usize>() > MOST {
            entries.retain(|known, _| known == which);
        }
    }
}

async fn take(store: &Store, which: &Which) -> Result<Shown, StoreError> {
    let Which { site, day, pair, rules } = which;
    let [one, other] = pair.map(dimensions_of);
    // Crossings first: cells read later hold at least as much.
    let crossings = store.open_crossings(site, *day, one, other).await?;
    if crossings.is_empty() {
        return Ok(Shown::default());
    }
    let mut wanted: Vec<Dimension> = [&[Dimension::Total][..], one, other].concat();
    wanted.sort_unstable();
    wanted.dedup();
    let cells = store.open_cells(site, *day, &wanted).await?;
    let channels = match pair.contains(&Family::Sources) {
        true => store.open_crossings(site, *day, &[Dimension::Channel], &[Dimension::Source]).await?,
        false => Vec::new(),
    };
    Ok(show(*rules, &cells, crossings, &channels))
}

#[derive(Default)]
struct Texts {
    texts: Vec<Box<str>>,
    known: HashMap<Box<str>, u32>,
}

impl Texts {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.known.get(text) {
            return *number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.into());
        self.known.insert(text.into(), number);
        number
    }
}

fn show(
    (k, strict): (u32, bool),
    cells: &[CountedCell],
    crossings: Vec<CountedCrossing>,
    channels: &[CountedCrossing],
) -> Shown {
    let mut texts = Texts::default();
    let cells: Vec<CellEntry> = cells
        .iter()
        .map(|cell| CellEntry {
            dimension: cell.dimension,
            value: texts.number(&cell.value),
            visitors: cell.visitors,
            events: cell.measures[Measure::Events],
            pageviews: cell.measures[Measure::Pageviews],
            visits: cell.measures[Measure::Visits],
        })
        .collect();
    let entries: Vec<CrossingEntry> = crossings
        .iter()
        .map(|crossing| CrossingEntry {
            dimensions: crossing.dimensions,
            values: [texts.number(&crossing.values[0]), texts.number(&crossing.values[1])],
            visitors: crossing.visitors,
            events: crossing.measures[Measure::Events],
            pageviews: crossing.measures[Measure::Pageviews],
            visits: crossing.measures[Measure::Visits],
        })
        .collect();
    let channels: Vec<(u32, u32)> = channels.iter().map(|pair| of_channel(&mut texts, pair)).collect();
    let table = PairTable { texts: &texts.texts, cells: &cells, crossings: &entries, channels: &channels, strict };
    let folded = folded_crossings(&table, k);
    let mut shown = Shown::default();
    for (crossing, is_folded) in crossings.into_iter().zip(folded) {
        if is_folded {
            *shown.folded.entry(crossing.dimensions).or_default() += 1;
            continue;
        }
        let visitors = i64::try_from(crossing.visitors).unwrap_or(i64::MAX);
        let numbers = Numbers { measures: crossing.measures, visitors };
        shown.size += 1;
        shown.by_dimensions.entry(crossing.dimensions).or_default().push((crossing.values, numbers));
    }
    shown
}

/// Channel and source of a crossing, whichever stands first.
fn of_channel(texts: &mut Texts, pair: &CountedCrossing) -> (u32, u32) {
    let [first, second] = &pair.values;
    let (channel, source) = if pair.dimensions[0] == Dimension::Channel { (first, second) } else { (second, first) };
    (texts.number(channel), texts.number(source))
}
