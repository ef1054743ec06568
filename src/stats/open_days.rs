//! What may be shown of the crossings of days that are still being counted (P7): a snapshot per site, day and pair of
//! families, looked at as a whole and renewed once a minute at most, so that polling shows little of who comes. The same
//! of sealed days whose seal was weaker than what holds for a reader. Called by `reading` and by the special reports.
//! Knows no query.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::egress::Reader;
use super::judge::{self, Counts};
use crate::clickhouse::{CountedCrossing, Numbers, SealedDay, Store, StoreError};
use crate::model::{Day, Dimension, Family, Rules, Site, SiteId};
use crate::privacy::threshold::dimensions_of;

/// Seconds for which it holds that nothing may be shown: who has just begun to count should not wait a minute to see it.
const EMPTY_SECONDS: i64 = 5;
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
    /// The day.
    pub day: Day,
    /// Its seal, when it has one.
    pub sealed: Option<SealedDay>,
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
    /// The generation that is read when it is sealed.
    generation: Option<u64>,
    pair: [Family; 2],
    /// What decides what is shown: a change of it holds at once.
    rules: Rules,
}

/// A snapshot and the second from which it does not hold any more; empty while it is being taken.
type Slot = Arc<tokio::sync::Mutex<Option<(Arc<Shown>, i64)>>>;

struct Entry {
    minute: i64,
    slot: Slot,
    size: usize,
}

/// Snapshots of open days. Cheap to clone; clones share them.
#[derive(Clone, Default)]
pub struct OpenDays(Arc<Mutex<HashMap<Which, Entry>>>);

impl OpenDays {
    /// What may be shown of the crossings between two families on a day, as of the minute of `now` (seconds since 1970).
    /// Empty when it is asked for as an open day and is sealed.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn shown(&self, store: &Store, site: &Site, asked: &Asked) -> Result<Arc<Shown>, StoreError> {
        let Asked { day, sealed, now, reader, pair } = *asked;
        let pair = if pair[0] <= pair[1] { pair } else { [pair[1], pair[0]] };
        let generation = sealed.map(|sealed| sealed.generation);
        let which = Which { site: site.id.clone(), day, generation, pair, rules: reader.rules(site) };
        let slot = self.slot(&which, now.div_euclid(60));
        let mut held = slot.lock().await;
        if let Some((shown, until)) = held.as_ref()
            && now < *until
        {
            return Ok(shown.clone());
        }
        let shown = Arc::new(take(store, &which, sealed).await?);
        // Any other snapshot is let go with its minute.
        let until = if shown.size == 0 { now.saturating_add(EMPTY_SECONDS) } else { i64::MAX };
        *held = Some((shown.clone(), until));
        self.keep(&which, shown.size);
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

async fn take(store: &Store, which: &Which, sealed: Option<SealedDay>) -> Result<Shown, StoreError> {
    let Which { site, day, pair, rules, .. } = which;
    let [one, other] = pair.map(dimensions_of);
    let between = async |one: &[Dimension], other: &[Dimension]| match sealed {
        Some(sealed) => store.sealed_pair((site, sealed), one, other).await,
        None => store.open_crossings(site, *day, one, other).await,
    };
    // Crossings first: cells read later hold at least as much.
    let crossings = between(one, other).await?;
    if crossings.is_empty() {
        return Ok(Shown::default());
    }
    let mut wanted: Vec<Dimension> = [&[Dimension::Total][..], one, other].concat();
    wanted.sort_unstable();
    wanted.dedup();
    let cells = match sealed {
        Some(sealed) => store.sealed_cells(site, sealed, &wanted).await?,
        None => store.open_cells(site, *day, &wanted).await?,
    };
    let channels = match pair.contains(&Family::Sources) {
        true => between(&[Dimension::Source], &[Dimension::Channel]).await?,
        false => Vec::new(),
    };
    let is_sealed = sealed.is_some();
    let counts = Counts { cells: &cells, crossings: &crossings, channels: &channels, is_sealed };
    let folded = judge::crossings(*rules, &counts);
    Ok(show(crossings, folded))
}

fn show(crossings: Vec<CountedCrossing>, folded: Vec<bool>) -> Shown {
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
