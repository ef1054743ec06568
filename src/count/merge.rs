//! Crossings to fewer crossings: rows of the same group become one. Called by the fold, when a commit is too large to be
//! added up at once, and by the loader, for the batches of a load. Its tests are the loader's.

use std::collections::HashMap;
use std::hash::BuildHasher as _;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use crate::model::{CrossingGroup, Crossings, Day, Measures, SiteId, packed};

/// The crossings of several batches, each group once, groups and texts in order of first appearance: the same batches
/// in the same order give the same bytes.
pub fn merge_crossings<'a>(batches: impl IntoIterator<Item = &'a Crossings>) -> Crossings {
    let mut merging = Merging::default();
    batches.into_iter().for_each(|batch| merging.add(batch));
    merging.finish()
}

/// Hashes of one row of one batch.
struct Piece {
    /// The merged row.
    place: u32,
    start: u32,
    length: u32,
}

/// Crossings that are being merged, batch by batch: a batch may be gone once it is added.
#[derive(Default)]
pub struct Merging {
    hasher: RandomState,
    site_days: HashMap<(SiteId, Day), u32, RandomState>,
    /// Positions in the merged texts, by text.
    texts: HashTable<u32>,
    rows: HashMap<CrossingGroup, u32, RandomState>,
    measures: Vec<(CrossingGroup, Measures)>,
    pieces: Vec<Piece>,
    /// Hashes of all pieces.
    hashes: Vec<u32>,
    merged: Crossings,
}

impl Merging {
    /// Rows so far.
    pub fn rows(&self) -> usize {
        self.measures.len()
    }

    /// Hashes so far, those of one visitor and row as often as batches held them.
    pub fn hashes(&self) -> usize {
        self.hashes.len()
    }

    /// Adds a batch.
    pub fn add(&mut self, batch: &Crossings) {
        let site_days: Vec<u32> = batch.site_days.iter().map(|site_day| self.site_day(site_day)).collect();
        let texts: Vec<u32> = batch.texts.iter().map(|text| self.text(text)).collect();
        let mut start = self.hashes.len();
        self.hashes.extend_from_slice(&batch.hashes);
        for row in batch.iter() {
            let values = row.group.values.map(|value| texts[value as usize]);
            let group = CrossingGroup { site_day: site_days[row.group.site_day as usize], values, ..row.group };
            let measures = &mut self.measures;
            let place = *self.rows.entry(group).or_insert_with(|| {
                measures.push((group, Measures::default()));
                position(measures.len() - 1)
            });
            packed::add(&mut measures[place as usize].1, row.counts);
            self.pieces.push(Piece { place, start: position(start), length: position(row.hashes.len()) });
            start += row.hashes.len();
        }
    }

    fn site_day(&mut self, site_day: &(SiteId, Day)) -> u32 {
        if let Some(known) = self.site_days.get(site_day) {
            return *known;
        }
        let number = position(self.merged.site_days.len());
        self.merged.site_days.push(site_day.clone());
        self.site_days.insert(site_day.clone(), number);
        number
    }

    fn text(&mut self, text: &str) -> u32 {
        let (hasher, known) = (&self.hasher, &self.merged.texts);
        let hash = hasher.hash_one(text);
        if let Some(number) = self.texts.find(hash, |number| *known[*number as usize] == *text) {
            return *number;
        }
        let number = position(known.len());
        self.texts.insert_unique(hash, number, |number| hasher.hash_one(&*known[*number as usize]));
        self.merged.texts.push(text.into());
        number
    }

    /// The merged crossings.
    pub fn finish(mut self) -> Crossings {
        let (order, ends) = self.by_row();
        self.merged.reserve(self.measures.len());
        let (mut hashes, mut begin) = (Vec::new(), 0);
        for ((group, measures), end) in self.measures.into_iter().zip(ends) {
            hashes.clear();
            let pieces = &order[begin..end as usize];
            for piece in pieces.iter().map(|piece| &self.pieces[*piece as usize]) {
                hashes.extend_from_slice(&self.hashes[piece.start as usize..][..piece.length as usize]);
            }
            if pieces.len() > 1 {
                hashes.sort_unstable();
                hashes.dedup();
            }
            begin = end as usize;
            self.merged.push(group, &measures, &hashes);
        }
        self.merged
    }

    /// Numbers of the pieces, those of one row after the other, and where each row's end.
    fn by_row(&self) -> (Vec<u32>, Vec<u32>) {
        let mut next = vec![0_u32; self.measures.len()];
        self.pieces.iter().for_each(|piece| next[piece.place as usize] += 1);
        let mut sum = 0;
        for count in &mut next {
            sum += std::mem::replace(count, sum);
        }
        let mut order = vec![0; self.pieces.len()];
        for (number, piece) in (0..).zip(&self.pieces) {
            let place = &mut next[piece.place as usize];
            order[*place as usize] = number;
            *place += 1;
        }
        (order, next)
    }
}

fn position(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
