//! One-attribute counts of a commit: this is the line that counts, [`Tally::add`].
//!
//! Called by [`super::books`] for each booking, those of one visitor after another, so that a visitor is hashed once
//! for each cell.

use super::items::{Items, NONE};
use crate::model::{Cell, CellKey, Dimension, Hour, Measures, Visitor};

/// A cell while it is being counted.
struct Tally {
    item: u32,
    hour: Hour,
    /// The tally of the same item for another hour.
    next: u32,
    measures: Measures,
    last: Option<Visitor>,
    hashes: Vec<u64>,
}

impl Tally {
    fn add(&mut self, items: &Items, measures: &Measures, visitor: Option<Visitor>) {
        self.measures.gather(measures);
        if visitor.is_none() || visitor == self.last {
            return;
        }
        self.last = visitor;
        if let (Some(keys), Some(visitor)) = (&items.get(self.item).keys, visitor) {
            self.hashes.push(keys.cell.hash(visitor));
        }
    }
}

/// The cells of a commit.
#[derive(Default)]
pub(super) struct Cells {
    tallies: Vec<Tally>,
    /// By item, the first of its tallies.
    heads: Vec<u32>,
}

impl Cells {
    /// Adds to the cell of an item in an hour; dimensions that are kept per day have one for the whole day.
    pub fn add(&mut self, items: &Items, (item, hour): (u32, Hour), measures: &Measures, visitor: Option<Visitor>) {
        let hour = if items.dimension(item).hourly() { hour } else { Hour::WHOLE_DAY };
        let place = self.place(items, item, hour);
        self.tallies[place].add(items, measures, visitor);
    }

    fn place(&mut self, items: &Items, item: u32, hour: Hour) -> usize {
        if self.heads.len() <= item as usize {
            self.heads.resize(items.len(), NONE);
        }
        let mut at = self.heads[item as usize];
        while at != NONE {
            let tally = &self.tallies[at as usize];
            if tally.hour == hour {
                return at as usize;
            }
            at = tally.next;
        }
        let place = self.tallies.len();
        let next = std::mem::replace(&mut self.heads[item as usize], u32::try_from(place).unwrap_or(NONE));
        let measures = Measures::default();
        self.tallies.push(Tally { item, hour, next, measures, last: None, hashes: Vec::new() });
        place
    }

    /// The cells, sorted by key, each key once. What is left is empty and ready for the next commit.
    pub fn finish(&mut self, items: &Items) -> Vec<Cell> {
        let ranks = ranks(items);
        let mut tallies = std::mem::take(&mut self.tallies);
        tallies.iter().for_each(|tally| self.heads[tally.item as usize] = NONE);
        let key = |tally: &Tally| {
            let item = items.get(tally.item);
            (ranks[item.site_day as usize], item.dimension, items.text(item.text), tally.hour)
        };
        tallies.sort_unstable_by(|one, other| key(one).cmp(&key(other)));
        tallies.into_iter().filter(|tally| !tally.is_nothing()).map(|tally| tally.into_cell(items)).collect()
    }
}

impl Tally {
    /// Whether what was added took itself away again, as when a visit's last page moved and moved back.
    fn is_nothing(&self) -> bool {
        self.measures.is_zero() && self.hashes.is_empty()
    }

    fn into_cell(self, items: &Items) -> Cell {
        let Self { item, hour, measures, mut hashes, .. } = self;
        hashes.sort_unstable();
        hashes.dedup();
        let day = &items.day_of(item).key;
        let dimension: Dimension = items.dimension(item);
        let key = CellKey { site: day.site.clone(), day: day.day, dimension, value: items.value(item).into(), hour };
        Cell { key, measures, hashes }
    }
}

/// The place of each site-day in the order of sites and days.
fn ranks(items: &Items) -> Vec<u32> {
    let mut order: Vec<u32> = (0..items.days.len() as u32).collect();
    let key = |number: &u32| {
        let key = &items.days.get(*number).key;
        (&key.site, key.day)
    };
    order.sort_unstable_by(|one, other| key(one).cmp(&key(other)));
    let mut ranks = vec![0; order.len()];
    (0..).zip(order).for_each(|(rank, number)| ranks[number as usize] = rank);
    ranks
}
