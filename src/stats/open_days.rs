//! What may be shown of the crossings of days that are still being counted (P7): a snapshot per site, day and pair of
//! families, looked at as a whole and renewed once a minute at most, so that polling shows little of who comes. The same
//! of sealed days whose seal was weaker than what holds for a reader. Called by `reading` and by the special reports.
//! Knows no query.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;

use super::egress::Reader;
use super::judging::{self, DayOf, Judged};
use crate::clickhouse::{Numbers, SealedDay, Store, StoreError};
use crate::model::{Day, Dimension, Family, Rules, Site, SiteId};

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The days, each with its seal when it has one.
    pub days: Vec<(Day, Option<SealedDay>)>,
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
type Held = Option<(Arc<Shown>, i64)>;
type Slot = Arc<tokio::sync::Mutex<Held>>;

/// A day that is being looked at: nobody else takes its snapshot meanwhile.
struct Look {
    which: Which,
    sealed: Option<SealedDay>,
    held: OwnedMutexGuard<Held>,
}

struct Entry {
    minute: i64,
    slot: Slot,
    size: usize,
}

/// Snapshots of open days. Cheap to clone; clones share them.
#[derive(Clone, Default)]
pub struct OpenDays(Arc<Mutex<HashMap<Which, Entry>>>);

impl OpenDays {
    /// Shows `see`, day by day, what may be shown of the crossings between two families, as of the minute of `now`
    /// (seconds since 1970). Of a day that is asked for as an open one and is sealed there is nothing.
    ///
    /// Days whose snapshots are not there yet are read together, as many at a time as may be in memory.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn each(
        &self,
        store: &Store,
        site: &Site,
        asked: &Asked,
        mut see: impl FnMut(Day, &Arc<Shown>),
    ) -> Result<(), StoreError> {
        let mut days = asked.days.clone();
        // Whoever takes several places takes them in this order.
        days.sort_unstable_by_key(|(day, sealed)| (*day, sealed.map(|sealed| sealed.generation)));
        for some in days.chunks(judging::SLICE_DAYS) {
            let mut missing = Vec::new();
            for (day, sealed) in some {
                let look = self.look(site, asked, (*day, *sealed)).await;
                match look.held.as_ref().filter(|(_, until)| asked.now < *until) {
                    Some((shown, _)) => see(*day, shown),
                    None => missing.push(look),
                }
            }
            self.take(store, asked.now, missing, &mut see).await?;
        }
        Ok(())
    }

    /// What may be shown of the first day that is asked for, as [`Self::each`] tells it.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn one(&self, store: &Store, site: &Site, asked: &Asked) -> Result<Arc<Shown>, StoreError> {
        let mut found = None;
        self.each(store, site, asked, |_, shown| found = Some(shown.clone())).await?;
        Ok(found.unwrap_or_default())
    }

    async fn look(&self, site: &Site, asked: &Asked, (day, sealed): DayOf) -> Look {
        let Asked { now, reader, pair, .. } = *asked;
        let pair = if pair[0] <= pair[1] { pair } else { [pair[1], pair[0]] };
        let generation = sealed.map(|sealed| sealed.generation);
        let which = Which { site: site.id.clone(), day, generation, pair, rules: reader.rules(site) };
        let held = self.slot(&which, now.div_euclid(60)).lock_owned().await;
        Look { which, sealed, held }
    }

    /// Takes the snapshots of some days of one question.
    async fn take(
        &self,
        store: &Store,
        now: i64,
        looks: Vec<Look>,
        see: &mut impl FnMut(Day, &Arc<Shown>),
    ) -> Result<(), StoreError> {
        let Some(Which { site, pair, rules, .. }) = looks.first().map(|look| look.which.clone()) else {
            return Ok(());
        };
        let days: Vec<DayOf> = looks.iter().map(|look| (look.which.day, look.sealed)).collect();
        let mut looks = looks.into_iter();
        for slice in judging::slices((store, &site), &days, pair).await? {
            let _room = judging::room().await;
            let judged = judging::crossings((store, &site), &slice, (pair, rules)).await?;
            for (judged, mut look) in judged.into_iter().zip(looks.by_ref()) {
                let shown = Arc::new(show(judged));
                see(look.which.day, &shown);
                // Any other snapshot is let go with its minute.
                let until = if shown.size == 0 { now.saturating_add(EMPTY_SECONDS) } else { i64::MAX };
                *look.held = Some((shown.clone(), until));
                drop(look.held);
                self.keep(&look.which, shown.size);
            }
        }
        Ok(())
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
        let mut over = entries.values().map(|entry| entry.size).sum::<usize>().saturating_sub(MOST);
        // Of sealed days first: those of open days are to last their minute.
        for of_sealed in [true, false] {
            entries.retain(|known, entry| {
                let goes = over > 0 && known != which && known.generation.is_some() == of_sealed;
                over = if goes { over.saturating_sub(entry.size) } else { over };
                !goes
            });
        }
    }
}

fn show((crossings, folded): Judged) -> Shown {
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
