//! The second pass over crossings: records of one pair of dimensions become rows, their visitors become hashes.
//!
//! Called by [`super::cross`] only.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use foldhash::fast::RandomState;

use super::cross::Record;
use super::items::{Items, NONE};
use crate::model::{CrossingRow, Crossings, Measures, Visitor};
use crate::privacy::pseudonym::CrossingKey;

/// Beside a row while its pair of dimensions is added up.
struct Side {
    key: Option<CrossingKey>,
    /// The visitor added last: those of one visitor come one after the other.
    last: u32,
    hashes: u32,
}

/// Rows so far.
#[derive(Default)]
pub(super) struct Rows {
    crossings: Crossings,
    sides: Vec<Side>,
    /// Row, counted from the first of this pair of dimensions, and hash.
    found: Vec<(u32, u32)>,
    sorted: Vec<u32>,
    site_days: HashMap<u32, u32, RandomState>,
    /// Positions of texts in the crossings, counted from 1, by text.
    texts: Vec<u32>,
}

impl Rows {
    /// Adds up the records of one pair of dimensions.
    pub fn add_up(
        &mut self,
        items: &Items,
        records: &[Record],
        (measures, visitors): (&[Measures], &[Visitor]),
        places: &mut HashMap<u64, u32, RandomState>,
    ) {
        let first = self.crossings.rows.len();
        places.clear();
        self.sides.clear();
        self.found.clear();
        for record in records {
            let key = u64::from(record.items[0]) << 32 | u64::from(record.items[1]);
            let place = match places.entry(key) {
                Entry::Occupied(place) => *place.get(),
                Entry::Vacant(place) => *place.insert(self.begin(items, record.items)),
            };
            self.crossings.rows[first + place as usize].measures += measures[record.measures as usize];
            let side = &mut self.sides[place as usize];
            if record.visitor == NONE || record.visitor == side.last {
                continue;
            }
            side.last = record.visitor;
            if let Some(key) = &side.key {
                side.hashes += 1;
                self.found.push((place, key.hash(visitors[record.visitor as usize])));
            }
        }
        self.place_hashes(first);
    }

    fn begin(&mut self, items: &Items, pair: [u32; 2]) -> u32 {
        let [one, other] = pair.map(|item| items.get(item));
        let keys = one.keys.as_ref().zip(other.keys.as_ref());
        let key = keys.map(|(one, other)| CrossingKey::of(&one.part, &other.part));
        let row = CrossingRow {
            site_day: self.site_day(items, one.site_day),
            dimensions: [one.dimension, other.dimension],
            values: [self.text(items, one.text), self.text(items, other.text)],
            measures: Measures::default(),
            hashes_end: 0,
        };
        self.crossings.rows.push(row);
        self.sides.push(Side { key, last: NONE, hashes: 0 });
        u32::try_from(self.sides.len() - 1).unwrap_or(NONE)
    }

    fn site_day(&mut self, items: &Items, number: u32) -> u32 {
        let known = &mut self.crossings.site_days;
        *self.site_days.entry(number).or_insert_with(|| {
            let key = &items.days.get(number).key;
            known.push((key.site.clone(), key.day));
            known.len() as u32 - 1
        })
    }

    fn text(&mut self, items: &Items, text: u32) -> u32 {
        if self.texts.is_empty() {
            // Zeroed memory costs nothing until it is used, and a small commit uses little of it.
            self.texts = vec![0; items.texts()];
        }
        let place = &mut self.texts[text as usize];
        if *place == 0 {
            self.crossings.texts.push(items.text(text).into());
            *place = self.crossings.texts.len() as u32;
        }
        *place - 1
    }

    /// Puts the hashes found into the order of their rows, each row's sorted and without repeats.
    fn place_hashes(&mut self, first: usize) {
        let mut ends = Vec::with_capacity(self.sides.len());
        let mut end = 0;
        for side in &self.sides {
            ends.push(end);
            end += side.hashes;
        }
        self.sorted.clear();
        self.sorted.resize(end as usize, 0);
        for (place, hash) in &self.found {
            let at = &mut ends[*place as usize];
            self.sorted[*at as usize] = *hash;
            *at += 1;
        }
        let (mut start, hashes) = (0, &mut self.crossings.hashes);
        for (row, end) in self.crossings.rows[first..].iter_mut().zip(ends) {
            let of_row = &mut self.sorted[start..end as usize];
            start = end as usize;
            of_row.sort_unstable();
            let mut last = None;
            hashes.extend(of_row.iter().copied().filter(|hash| last.replace(*hash) != Some(*hash)));
            row.hashes_end = u32::try_from(hashes.len()).unwrap_or(NONE);
        }
    }

    pub fn into_crossings(self) -> Crossings {
        self.crossings
    }
}
