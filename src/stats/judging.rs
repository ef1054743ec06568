//! Reading and judging of many days: a statement per kind for a slice of days, each day judged on a thread of its own
//! that answers no request. Called by `open_days` and `reading`; what may be shown is decided by `judge`.

use std::collections::VecDeque;
use std::num::NonZero;
use std::sync::LazyLock;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::JoinHandle;

use super::judge::{self, Counts};
use crate::clickhouse::{CountedCell, CountedCrossing, ManyDays, OfDays, SealedDay, Store, StoreError};
use crate::model::{Day, Dimension, Family, Rules, SiteId};
use crate::privacy::threshold::{dimensions_of, tied};

/// Most stored rows of crossings that a slice begins with, unless one day has more: some hundred megabytes.
pub(super) const SLICE_ROWS: u64 = 250_000;
/// Most days of a slice.
pub(super) const SLICE_DAYS: usize = 64;
/// Slices that are in memory at the same time, whoever asks.
const SLICES: usize = 2;

static ROOM: Semaphore = Semaphore::const_new(SLICES);
/// Days that are judged at the same time, whoever asks.
static JUDGES: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(1, NonZero::get)));

/// Room for one slice. Whoever holds it waits for no other slice.
pub(super) async fn room() -> Option<SemaphorePermit<'static>> {
    // Never closed.
    ROOM.acquire().await.ok()
}

/// A day, and its seal when it has one.
pub(super) type DayOf = (Day, Option<SealedDay>);

/// What one site has on some days, open ones and sealed ones.
pub(super) struct Slice<'s> {
    store: &'s Store,
    site: &'s SiteId,
    kinds: [ManyDays; 2],
}

impl<'s> Slice<'s> {
    /// Some days of a site.
    pub(super) fn new(store: &'s Store, site: &'s SiteId, days: &[DayOf]) -> Self {
        let open = days.iter().filter(|(_, sealed)| sealed.is_none()).map(|(day, _)| *day).collect();
        let sealed = days.iter().filter_map(|(_, sealed)| *sealed).collect();
        Self { store, site, kinds: [ManyDays::Open(open), ManyDays::Sealed(sealed)] }
    }

    /// All crossings between dimensions of two sets.
    pub(super) async fn crossings(
        &self,
        one: &[Dimension],
        other: &[Dimension],
    ) -> Result<OfDays<CountedCrossing>, StoreError> {
        let mut all = OfDays::new();
        for days in &self.kinds {
            all.append(&mut self.store.crossings_of_days(self.site, days, (one, other)).await?);
        }
        Ok(all)
    }

    /// Which values of some families lie in which, where only events tell.
    pub(super) async fn ties(&self, families: &[Family]) -> Result<OfDays<CountedCrossing>, StoreError> {
        let mut all: OfDays<CountedCrossing> = OfDays::new();
        let mut of_families: Vec<_> = families.iter().filter_map(|family| tied(*family)).collect();
        of_families.dedup();
        for (one, others) in of_families {
            for (day, mut ties) in self.crossings(&[one], others).await? {
                all.entry(day).or_default().append(&mut ties);
            }
        }
        Ok(all)
    }

    /// Rows stored between two families, day by day.
    async fn rows(&self, pair: [Family; 2]) -> Result<OfDays<u64>, StoreError> {
        let [one, other] = pair.map(dimensions_of);
        let mut all = OfDays::new();
        for days in &self.kinds {
            let rows = self.store.crossing_rows_of_days(self.site, days, (one, other)).await?;
            all.extend(rows.into_iter().map(|(day, rows)| (day, vec![rows])));
        }
        Ok(all)
    }

    /// All cells of some dimensions, whole days.
    pub(super) async fn cells(&self, dimensions: &[Dimension]) -> Result<OfDays<CountedCell>, StoreError> {
        let mut all = OfDays::new();
        for days in &self.kinds {
            all.append(&mut self.store.cells_of_days(self.site, days, dimensions).await?);
        }
        Ok(all)
    }
}

/// The crossings of a day between two families, and which of them must not be shown.
pub(super) type Judged = (Vec<CountedCrossing>, Vec<bool>);

/// Reads the crossings between two families on some days of a site, and judges them. In the order of `days`.
///
/// # Errors
/// ClickHouse is away.
pub(super) async fn crossings(
    (store, site): (&Store, &SiteId),
    days: &[DayOf],
    (pair, rules): ([Family; 2], Rules),
) -> Result<Vec<Judged>, StoreError> {
    let slice = Slice::new(store, site, days);
    let [one, other] = pair.map(dimensions_of);
    // Crossings first: cells read later hold at least as much.
    let mut crossings = slice.crossings(one, other).await?;
    if crossings.is_empty() {
        return Ok(vec![Judged::default(); days.len()]);
    }
    let there: Vec<DayOf> = days.iter().filter(|(day, _)| crossings.contains_key(day)).copied().collect();
    let slice = Slice::new(store, site, &there);
    let mut wanted: Vec<Dimension> = [&[Dimension::Total][..], one, other].concat();
    wanted.sort_unstable();
    wanted.dedup();
    let mut cells = slice.cells(&wanted).await?;
    let mut ties = slice.ties(&pair).await?;
    let tables = days.iter().map(|(day, sealed)| Table {
        cells: cells.remove(day).unwrap_or_default(),
        crossings: crossings.remove(day).unwrap_or_default(),
        ties: ties.remove(day).unwrap_or_default(),
        is_sealed: sealed.is_some(),
    });
    let judged = judge_each(tables, move |table: Table| {
        let folded = judge::crossings(rules, &table.counts());
        (table.crossings, folded)
    });
    Ok(judged.await)
}

/// Days in slices, each of which may be in memory.
///
/// # Errors
/// ClickHouse is away.
pub(super) async fn slices(
    (store, site): (&Store, &SiteId),
    days: &[DayOf],
    pair: [Family; 2],
) -> Result<Vec<Vec<DayOf>>, StoreError> {
    if days.len() < 2 {
        return Ok(days.iter().map(|day| vec![*day]).collect());
    }
    let rows = Slice::new(store, site, days).rows(pair).await?;
    let of = |day: &Day| rows.get(day).and_then(|rows| rows.first()).copied().unwrap_or(0);
    let mut slices: Vec<(Vec<DayOf>, u64)> = Vec::new();
    for day in days {
        let rows = of(&day.0);
        match slices.last_mut() {
            Some((slice, size)) if slice.len() < SLICE_DAYS && *size + rows <= SLICE_ROWS => {
                slice.push(*day);
                *size += rows;
            }
            _ => slices.push((vec![*day], rows)),
        }
    }
    Ok(slices.into_iter().map(|(slice, _)| slice).collect())
}

/// What one day is judged by.
#[derive(Default)]
pub(super) struct Table {
    pub(super) cells: Vec<CountedCell>,
    pub(super) crossings: Vec<CountedCrossing>,
    pub(super) ties: Vec<CountedCrossing>,
    pub(super) is_sealed: bool,
}

impl Table {
    fn counts(&self) -> Counts<'_> {
        let Self { cells, crossings, ties, is_sealed } = self;
        Counts { cells, crossings, ties, is_sealed: *is_sealed }
    }
}

/// For each cell of each day: whether it must not be shown.
pub(super) async fn cells(rules: Rules, tables: impl Iterator<Item = Table>) -> Vec<Vec<bool>> {
    judge_each(tables, move |table: Table| judge::cells(rules, &table.counts())).await
}

/// Does some work on every item, in the order of the items, on threads that answer nothing, a few at a time.
async fn judge_each<T, R>(items: impl Iterator<Item = T>, work: impl Fn(T) -> R + Copy + Send + 'static) -> Vec<R>
where
    T: Send + 'static,
    R: Send + 'static,
{
    let mut running: VecDeque<JoinHandle<R>> = VecDeque::new();
    let mut done = Vec::new();
    for item in items {
        // Who waits for a turn holds none.
        while JUDGES.available_permits() == 0 && !running.is_empty() {
            if let Some(next) = running.pop_front() {
                done.push(ended(next).await);
            }
        }
        let turn = JUDGES.acquire().await.ok();
        running.push_back(tokio::task::spawn_blocking(move || {
            let result = work(item);
            drop(turn);
            result
        }));
    }
    for next in running {
        done.push(ended(next).await);
    }
    done
}

/// What a thread found; its panic is ours.
async fn ended<R>(work: JoinHandle<R>) -> R {
    match work.await {
        Ok(result) => result,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
