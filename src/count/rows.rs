//! The second pass over crossings: records of one pair of dimensions become rows, their visitors become hashes.
//!
//! Called by [`super::cross`] only.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::cross::Record;
use super::items::{Items, NONE};
use super::places::Places;
use super::sums::{self, Addend, Common, Rare};
use crate::model::{CrossingRow, Crossings, Visitor};
use crate::privacy::pseudonym::CrossingKey;

/// A row while its pair of dimensions is added up, in space that is used for one pair after the other: it had better
/// be in the processor's cache.
#[repr(align(64))]
struct Tally {
    sum: Common,
    pair: [u32; 2],
    /// The visitor added last: those of one visitor come one after the other.
    last: u32,
    hashes: u32,
}

const _: () = assert!(size_of::<Tally>() == 64);

/// Rows so far.
#[derive(Default)]
pub(super) struct Rows {
    crossings: Crossings,
    tallies: Vec<Tally>,
    keys: Vec<Option<CrossingKey>>,
    rare: Rare,
    /// Row, counted from the first of this pair of dimensions, and hash.
    found: Vec<(u32, u32)>,
    ends: Vec<u32>,
    sorted: Vec<u32>,
    site_days: HashMap<u32, u32, RandomState>,
    /// Positions of texts in the crossings, counted from 1, by text.
    texts: Vec<u32>,
}

impl Rows {
    /// None yet, with space for as many as there were the last time.
    pub fn with_space(rows: usize, hashes: usize) -> Self {
        let (rows, hashes) = (Vec::with_capacity(rows), Vec::with_capacity(hashes));
        Self { crossings: Crossings { rows, hashes, ..Crossings::default() }, ..Self::default() }
    }

    /// Adds up the records of one pair of dimensions.
    pub fn add_up(
        &mut self,
        items: &Items,
        records: &[Record],
        (addends, visitors): (&[Addend], &[Visitor]),
        places: &mut Places,
    ) {
        places.clear();
        self.tallies.clear();
        self.keys.clear();
        self.found.clear();
        for record in records {
            let next = self.tallies.len() as u32;
            let place = places.place(record.items, next);
            if place == next {
                self.begin(items, record.items);
            }
            let tally = &mut self.tallies[place as usize];
            sums::add(&mut tally.sum, place, &addends[record.measures as usize], &mut self.rare);
            if record.visitor == NONE || record.visitor == tally.last {
                continue;
            }
            tally.last = record.visitor;
            if let Some(key) = &self.keys[place as usize] {
                tally.hashes += 1;
                self.found.push((place, key.hash(visitors[record.visitor as usize])));
            }
        }
        self.finish_pair(items);
    }

    fn begin(&mut self, items: &Items, pair: [u32; 2]) {
        let [one, other] = pair.map(|item| items.get(item));
        let keys = one.keys.as_ref().zip(other.keys.as_ref());
        self.keys.push(keys.map(|(one, other)| CrossingKey::of(&one.part, &other.part)));
        self.tallies.push(Tally { sum: Common::default(), pair, last: NONE, hashes: 0 });
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

    /// Makes rows of the tallies, with the hashes found: each row's sorted and without repeats.
    fn finish_pair(&mut self, items: &Items) {
        self.sort_hashes();
        let first = self.crossings.rows.len();
        let tallies = std::mem::take(&mut self.tallies);
        let mut start = 0;
        for tally in &tallies {
            let [one, other] = tally.pair.map(|item| items.get(item));
            let end = start + tally.hashes as usize;
            let of_row = &mut self.sorted[start..end];
            start = end;
            of_row.sort_unstable();
            let mut last = None;
            let distinct = of_row.iter().copied().filter(|hash| last.replace(*hash) != Some(*hash));
            self.crossings.hashes.extend(distinct);
            let row = CrossingRow {
                site_day: self.site_day(items, one.site_day),
                dimensions: [one.dimension, other.dimension],
                values: [self.text(items, one.text), self.text(items, other.text)],
                measures: sums::measures(&tally.sum),
                hashes_end: u32::try_from(self.crossings.hashes.len()).unwrap_or(NONE),
            };
            self.crossings.rows.push(row);
        }
        self.tallies = tallies;
        for (place, addend) in self.rare.drain(..) {
            sums::add_rare(&mut self.crossings.rows[first + place as usize].measures, &addend);
        }
    }

    /// Puts the hashes found into the order of their rows.
    fn sort_hashes(&mut self) {
        self.ends.clear();
        let mut end = 0;
        for tally in &self.tallies {
            self.ends.push(end);
            end += tally.hashes;
        }
        self.sorted.clear();
        self.sorted.resize(end as usize, 0);
        for (place, hash) in &self.found {
            let at = &mut self.ends[*place as usize];
            self.sorted[*at as usize] = *hash;
            *at += 1;
        }
    }

    pub fn into_crossings(self) -> Crossings {
        self.crossings
    }
}
