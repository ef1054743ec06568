//! The crossings of one commit or load, close together: there are fifteen rows for each page view.

use super::{Crossing, CrossingKey, Day, Dimension, Measures, SiteId, packed};

/// What one row of [`Crossings`] counts, in positions of its lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CrossingGroup {
    /// Position in [`Crossings::site_days`].
    pub site_day: u32,
    /// The two dimensions, in wire order.
    pub dimensions: [Dimension; 2],
    /// Positions of their values in [`Crossings::texts`].
    pub values: [u32; 2],
}

impl CrossingGroup {
    /// The same as one number, which is quicker to hash.
    pub fn packed(self) -> u128 {
        let [one, other] = self.values.map(u128::from);
        let [first, second] = self.dimensions.map(|dimension| dimension as u128);
        u128::from(self.site_day) << 96 | one << 64 | other << 32 | first << 8 | second
    }
}

/// One row of [`Crossings`], to be read.
#[derive(Clone, Copy, Debug)]
pub struct CrossingRow<'a> {
    /// What it counts.
    pub group: CrossingGroup,
    /// The counts, as [`packed`] writes them.
    pub counts: &'a [u8],
    /// The hashes, sorted and without repeats.
    pub hashes: &'a [u32],
}

impl CrossingRow<'_> {
    /// The counts.
    pub fn measures(&self) -> Measures {
        let mut measures = Measures::default();
        packed::add(&mut measures, self.counts);
        measures
    }
}

/// Where a row ends in [`Crossings::counts`] and [`Crossings::hashes`]; it begins where the row before ends.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Ends {
    group: CrossingGroup,
    counts: u32,
    hashes: u32,
}

/// The crossings of one window or load, their texts written once and their counts packed: there are many rows, few texts,
/// and few measures in a row. A row is written by appending to `counts` and `hashes`, then ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crossings {
    /// Sites and days.
    pub site_days: Vec<(SiteId, Day)>,
    /// Values.
    pub texts: Vec<Box<str>>,
    /// Counts of all rows, as [`packed`] writes them.
    pub counts: Vec<u8>,
    /// Hashes of all rows, each row's sorted and without repeats.
    pub hashes: Vec<u32>,
    /// The rows; no group appears twice.
    rows: Vec<Ends>,
}

impl Crossings {
    /// No rows yet, of these sites and days, and these values.
    pub fn about(site_days: Vec<(SiteId, Day)>, texts: Vec<Box<str>>) -> Self {
        Self { site_days, texts, ..Self::default() }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Makes room for so many rows more.
    pub fn reserve(&mut self, rows: usize) {
        self.rows.reserve_exact(rows);
    }

    /// Every row.
    pub fn iter(&self) -> impl Iterator<Item = CrossingRow<'_>> {
        let begins = std::iter::once((0, 0)).chain(self.rows.iter().map(|row| (row.counts, row.hashes)));
        self.rows.iter().zip(begins).map(|(row, (counts, hashes))| CrossingRow {
            group: row.group,
            counts: &self.counts[counts as usize..row.counts as usize],
            hashes: &self.hashes[hashes as usize..row.hashes as usize],
        })
    }

    /// The row of this number, counted from 0. It must be there.
    pub fn row(&self, number: usize) -> CrossingRow<'_> {
        let begin = number.checked_sub(1).map_or((0, 0), |before| (self.rows[before].counts, self.rows[before].hashes));
        let row = &self.rows[number];
        CrossingRow {
            group: row.group,
            counts: &self.counts[begin.0 as usize..row.counts as usize],
            hashes: &self.hashes[begin.1 as usize..row.hashes as usize],
        }
    }

    /// Ends a row whose counts and hashes were appended.
    #[inline]
    pub fn end_row(&mut self, group: CrossingGroup) {
        let [counts, hashes] = [self.counts.len(), self.hashes.len()].map(|end| u32::try_from(end).unwrap_or(u32::MAX));
        self.rows.push(Ends { group, counts, hashes });
    }

    /// Adds a row. Its hashes must be sorted and without repeats.
    pub fn push(&mut self, group: CrossingGroup, measures: &Measures, hashes: &[u32]) {
        packed::put(&mut self.counts, measures.numbers());
        self.hashes.extend_from_slice(hashes);
        self.end_row(group);
    }

    /// Adds a row of other crossings with the same lists.
    pub fn push_row(&mut self, row: CrossingRow<'_>) {
        self.counts.extend_from_slice(row.counts);
        self.hashes.extend_from_slice(row.hashes);
        self.end_row(row.group);
    }

    /// Every row on its own, for tests and tools.
    pub fn owned(&self) -> impl Iterator<Item = Crossing> {
        self.iter().map(|row| {
            let CrossingGroup { site_day, dimensions, values } = row.group;
            let (site, day) = self.site_days[site_day as usize].clone();
            let values = values.map(|text| self.texts[text as usize].clone());
            let key = CrossingKey { site, day, dimensions, values };
            Crossing { key, measures: row.measures(), hashes: row.hashes.to_vec() }
        })
    }
}
