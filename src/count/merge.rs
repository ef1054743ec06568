//! Crossings to fewer crossings: rows of the same group become one. Called by the fold, when a commit is too large to be
//! added up at once, and by the loader, for the batches of a load. Its tests are the loader's.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::model::{CrossingRow, Crossings, Day, Dimension, Measures, SiteId};

/// The crossings of several batches, each group once, groups and texts in order of first appearance: the same batches
/// in the same order give the same bytes.
pub fn merge_crossings<'a>(batches: impl IntoIterator<Item = &'a Crossings>) -> Crossings {
    let mut merging = Merging::default();
    for batch in batches {
        merging.add(batch);
    }
    merging.finish()
}

/// What a row counts, in positions of the merged crossings.
type Group = (u32, [Dimension; 2], [u32; 2]);

#[derive(Default)]
struct Merging<'a> {
    site_days: HashMap<&'a (SiteId, Day), u32, RandomState>,
    texts: HashMap<&'a str, u32, RandomState>,
    rows: HashMap<Group, u32, RandomState>,
    measures: Vec<(Group, Measures)>,
    /// Hashes of the row with this position; a row may have several pieces.
    pieces: Vec<(u32, &'a [u32])>,
    merged: Crossings,
}

impl<'a> Merging<'a> {
    fn add(&mut self, batch: &'a Crossings) {
        let site_days: Vec<u32> = batch.site_days.iter().map(|site_day| self.site_day(site_day)).collect();
        let texts: Vec<u32> = batch.texts.iter().map(|text| self.text(text)).collect();
        for (row, hashes) in batch.iter() {
            let values = row.values.map(|value| texts[value as usize]);
            let group = (site_days[row.site_day as usize], row.dimensions, values);
            let measures = &mut self.measures;
            let place = *self.rows.entry(group).or_insert_with(|| {
                measures.push((group, Measures::default()));
                position(measures.len() - 1)
            });
            measures[place as usize].1 += row.measures;
            self.pieces.push((place, hashes));
        }
    }

    fn site_day(&mut self, site_day: &'a (SiteId, Day)) -> u32 {
        let known = &mut self.merged.site_days;
        *self.site_days.entry(site_day).or_insert_with(|| {
            known.push(site_day.clone());
            position(known.len() - 1)
        })
    }

    fn text(&mut self, text: &'a str) -> u32 {
        let known = &mut self.merged.texts;
        *self.texts.entry(text).or_insert_with(|| {
            known.push(text.into());
            position(known.len() - 1)
        })
    }

    fn finish(mut self) -> Crossings {
        self.pieces.sort_by_key(|(place, _)| *place);
        let mut hashes = Vec::new();
        let of_rows = self.pieces.chunk_by(|(one, _), (other, _)| one == other);
        for (((site_day, dimensions, values), measures), pieces) in self.measures.into_iter().zip(of_rows) {
            hashes.clear();
            pieces.iter().for_each(|(_, piece)| hashes.extend_from_slice(piece));
            if pieces.len() > 1 {
                hashes.sort_unstable();
                hashes.dedup();
            }
            self.merged.push(CrossingRow { site_day, dimensions, values, measures, hashes_end: 0 }, &hashes);
        }
        self.merged
    }
}

fn position(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
