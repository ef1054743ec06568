//! Crossings to fewer crossings: rows of the same group become one. Called by the fold, when a commit is too large to be
//! added up at once, and by the loader, for the batches of a load. Its tests are the loader's.

use std::collections::HashMap;
use std::hash::BuildHasher as _;
use std::ops::Range;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::spread::Spread;
use crate::model::{CrossingGroup, CrossingRow, Crossings, Day, Measures, SiteId, packed};

/// The crossings of several batches, each group once, groups and texts in order of first appearance: the same batches
/// in the same order give the same bytes.
pub fn merge_crossings<'a>(batches: impl IntoIterator<Item = &'a Crossings>) -> Crossings {
    let mut merging = Merging::default();
    batches.into_iter().for_each(|batch| merging.add(batch));
    merging.finish()
}

/// One row of one batch: where its counts and hashes begin. They end where those of the next piece begin.
struct Piece {
    /// The merged row.
    place: u32,
    counts: u32,
    hashes: u32,
}

/// Crossings that are being merged, batch by batch: a batch may be gone once it is added.
///
/// Counts and hashes of all pieces are kept one after the other, as they came, and brought together in the end: that is
/// less to hold than a row with room for everything, and what is written is not looked for.
#[derive(Default)]
pub struct Merging {
    hasher: RandomState,
    site_days: HashMap<(SiteId, Day), u32, RandomState>,
    /// Positions in the merged texts, by text.
    texts: HashTable<u32>,
    /// Positions in `groups`, by group.
    rows: HashTable<u32>,
    /// The merged rows, in order of first appearance.
    groups: Vec<CrossingGroup>,
    pieces: Vec<Piece>,
    counts: Vec<u8>,
    hashes: Vec<u32>,
    /// Hashes of the row at hand.
    together: Vec<u32>,
    spread: Spread<u32>,
    merged: Crossings,
}

impl Merging {
    /// Rows so far.
    pub fn rows(&self) -> usize {
        self.groups.len()
    }

    /// Hashes so far, those of one visitor and row as often as batches held them.
    pub fn hashes(&self) -> usize {
        self.hashes.len()
    }

    /// Adds a batch.
    pub fn add(&mut self, batch: &Crossings) {
        let site_days: Vec<u32> = batch.site_days.iter().map(|site_day| self.site_day(site_day)).collect();
        let texts: Vec<u32> = batch.texts.iter().map(|text| self.text(text)).collect();
        let (mut counts, mut hashes) = (self.counts.len(), self.hashes.len());
        self.counts.extend_from_slice(&batch.counts);
        self.hashes.extend_from_slice(&batch.hashes);
        self.pieces.reserve(batch.len());
        for row in batch.iter() {
            let values = row.group.values.map(|value| texts[value as usize]);
            let group = CrossingGroup { site_day: site_days[row.group.site_day as usize], values, ..row.group };
            let place = self.row(group);
            self.pieces.push(Piece { place, counts: position(counts), hashes: position(hashes) });
            (counts, hashes) = (counts + row.counts.len(), hashes + row.hashes.len());
        }
    }

    fn row(&mut self, group: CrossingGroup) -> u32 {
        let (hasher, groups) = (&self.hasher, &mut self.groups);
        let hash = |group: CrossingGroup| hasher.hash_one(group.packed());
        let is_same = |place: &u32| groups[*place as usize] == group;
        match self.rows.entry(hash(group), is_same, |place| hash(groups[*place as usize])) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(room) => {
                let place = position(groups.len());
                room.insert(place);
                groups.push(group);
                place
            }
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
        self.rows = HashTable::new();
        self.merged.reserve(self.groups.len());
        let mut begin = 0;
        for (place, end) in (0..).zip(ends) {
            self.finish_row(place, &order[begin..end as usize]);
            begin = end as usize;
        }
        self.merged
    }

    fn finish_row(&mut self, place: usize, pieces: &[u32]) {
        let group = self.groups[place];
        if let [piece] = pieces {
            let (counts, hashes) = self.piece(*piece);
            return self.merged.push_row(CrossingRow {
                group,
                counts: &self.counts[counts],
                hashes: &self.hashes[hashes],
            });
        }
        let (mut measures, mut together) = (Measures::default(), std::mem::take(&mut self.together));
        together.clear();
        for piece in pieces {
            let (counts, hashes) = self.piece(*piece);
            packed::add(&mut measures, &self.counts[counts]);
            together.extend_from_slice(&self.hashes[hashes]);
        }
        if self.spread.sort(&mut together) {
            together.dedup();
        }
        self.merged.push(group, &measures, &together);
        self.together = together;
    }

    /// Where the counts and hashes of a piece lie.
    fn piece(&self, number: u32) -> (Range<usize>, Range<usize>) {
        let piece = &self.pieces[number as usize];
        let next = self.pieces.get(number as usize + 1);
        let ends =
            next.map_or((self.counts.len(), self.hashes.len()), |next| (next.counts as usize, next.hashes as usize));
        (piece.counts as usize..ends.0, piece.hashes as usize..ends.1)
    }

    /// Numbers of the pieces, those of one row after the other, and where each row's end.
    fn by_row(&self) -> (Vec<u32>, Vec<u32>) {
        let mut next = vec![0_u32; self.groups.len()];
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
