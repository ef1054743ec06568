//! The rows of a seal: which cells and crossings may be shown for good (P7), written as integers. In memory: the cells of
//! one family, or the crossings between two, at a time.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::SealerParts;
use crate::clickhouse::{CountedCell, CountedPair, Generation, PairRow, SealRow, StoreError};
use crate::deliver::fault::Fault;
use crate::model::{Dimension, Family, Measure, Rules, Site};
use crate::privacy::threshold::{
    CellEntry, CrossingEntry, PairTable, dimensions_of, family_pairs, folded_cells, folded_crossings,
};

/// Writes all rows of a generation; returns what its seal will say.
pub(super) async fn write(parts: &SealerParts, site: &Site, generation: Generation) -> Result<SealRow, StoreError> {
    let mut row = SealRow {
        generation,
        sealed_at: parts.clock.unix_seconds(),
        rules: Rules::of(site),
        cells: 0,
        crossings: 0,
        folded: BTreeMap::new(),
    };
    write_cells(parts, site, &mut row).await?;
    Fault::AfterCells.reached(parts.fault);
    let there = parts.store.open_pairs(&row.generation.site, row.generation.day).await?;
    let families: HashSet<[Family; 2]> = there.iter().map(|pair| pair.map(Dimension::family)).collect();
    let is_there =
        |[one, other]: &[Family; 2]| families.contains(&[*one, *other]) || families.contains(&[*other, *one]);
    for pair in family_pairs(site).into_iter().filter(is_there) {
        write_pair(parts, site, pair, &mut row).await?;
    }
    Ok(row)
}

async fn write_cells(parts: &SealerParts, site: &Site, row: &mut SealRow) -> Result<(), StoreError> {
    let mut judged: Vec<Family> =
        Dimension::ALL.into_iter().filter(|of| row.rules.judge(*of)).map(Dimension::family).collect();
    judged.sort_unstable();
    judged.dedup();
    let plain: Vec<Dimension> = Dimension::ALL.into_iter().filter(|of| !judged.contains(&of.family())).collect();
    row.cells += parts.store.seal_cells(&row.generation, &plain).await?;
    for family in judged {
        let cells = cells_of(parts, row, dimensions_of(family)).await?;
        let mut texts = Texts::default();
        let entries: Vec<CellEntry> = cells.iter().map(|cell| texts.cell(cell)).collect();
        let channels = texts.channels(&channels_of(parts, row, dimensions_of(family)).await?);
        let table =
            PairTable { texts: &texts.all, cells: &entries, crossings: &[], channels: &channels, strict: site.strict };
        let folded = tokio::task::block_in_place(|| folded_cells(&table, row.rules.k));
        let of_family = |cell: &CountedCell| cell.dimension.family() == family;
        let shown: Vec<bool> = cells.iter().zip(&folded).map(|(cell, folded)| of_family(cell) && !folded).collect();
        for (cell, _) in cells.iter().zip(&folded).filter(|(cell, folded)| of_family(cell) && **folded) {
            *row.folded.entry([cell.dimension; 2]).or_default() += 1;
        }
        row.cells += parts.store.seal_shown_cells(&row.generation, &cells, &shown).await?;
    }
    Ok(())
}

/// For each of the cells of a day that come without crossings: whether it may be shown.
pub(super) fn shown(site: &Site, cells: &[CountedCell]) -> Vec<bool> {
    let rules = Rules::of(site);
    let mut texts = Texts::default();
    let entries: Vec<CellEntry> = cells.iter().map(|cell| texts.cell(cell)).collect();
    let mut families: Vec<Family> =
        cells.iter().filter(|cell| rules.judge(cell.dimension)).map(|cell| cell.dimension.family()).collect();
    families.sort_unstable();
    families.dedup();
    let mut shown = vec![true; cells.len()];
    for family in families {
        let is_asked = |of: Dimension| of.family() == family || of == Dimension::Total;
        let asked: Vec<usize> = (0..cells.len()).filter(|at| is_asked(cells[*at].dimension)).collect();
        let of_family: Vec<CellEntry> = asked.iter().map(|at| entries[*at]).collect();
        let table =
            PairTable { texts: &texts.all, cells: &of_family, crossings: &[], channels: &[], strict: site.strict };
        let folded = folded_cells(&table, site.min_visitors);
        asked.iter().zip(folded).for_each(|(at, folded)| shown[*at] &= !folded);
    }
    shown
}

async fn write_pair(
    parts: &SealerParts,
    site: &Site,
    [one, other]: [Family; 2],
    row: &mut SealRow,
) -> Result<(), StoreError> {
    let (one, other) = (dimensions_of(one), dimensions_of(other));
    let at = (&row.generation.site, row.generation.day);
    let pair = parts.store.open_pair(at, one, other).await?;
    if pair.rows.is_empty() {
        return Ok(());
    }
    let dimensions: Vec<Dimension> = one.iter().chain(other.iter().filter(|of| !one.contains(of))).copied().collect();
    let cells = cells_of(parts, row, &dimensions).await?;
    let channels = channels_of(parts, row, &dimensions).await?;
    let folded = tokio::task::block_in_place(|| judge(site, &pair, &cells, &channels));
    for (crossing, _) in pair.rows.iter().zip(&folded).filter(|(_, folded)| **folded) {
        *row.folded.entry(crossing.dimensions).or_default() += 1;
    }
    row.crossings += parts.store.seal_crossings(&row.generation, &pair, &folded).await?;
    Ok(())
}

/// For each crossing of the pair: whether it must not be shown.
fn judge(site: &Site, pair: &CountedPair, cells: &[CountedCell], channels: &CountedPair) -> Vec<bool> {
    let mut texts = Texts::of(pair);
    let entries: Vec<CellEntry> = cells.iter().map(|cell| texts.cell(cell)).collect();
    let known = texts.channels(channels);
    let crossings: Vec<CrossingEntry> = pair
        .rows
        .iter()
        .map(|row| CrossingEntry {
            dimensions: row.dimensions,
            values: row.values,
            visitors: row.visitors,
            events: row.measures[Measure::Events],
            pageviews: row.measures[Measure::Pageviews],
            visits: row.measures[Measure::Visits],
        })
        .collect();
    let table =
        PairTable { texts: &texts.all, cells: &entries, crossings: &crossings, channels: &known, strict: site.strict };
    folded_crossings(&table, site.min_visitors)
}

/// The cells of some dimensions, and the one of the whole site.
async fn cells_of(
    parts: &SealerParts,
    row: &SealRow,
    dimensions: &[Dimension],
) -> Result<Vec<CountedCell>, StoreError> {
    let mut wanted = dimensions.to_vec();
    if !wanted.contains(&Dimension::Total) {
        wanted.push(Dimension::Total);
    }
    parts.store.open_cells(&row.generation.site, row.generation.day, &wanted).await
}

/// Which sources came by which channels, where sources take part.
async fn channels_of(parts: &SealerParts, row: &SealRow, dimensions: &[Dimension]) -> Result<CountedPair, StoreError> {
    if !dimensions.contains(&Dimension::Source) {
        return Ok(CountedPair::default());
    }
    let at = (&row.generation.site, row.generation.day);
    parts.store.open_pair(at, &[Dimension::Source], &[Dimension::Channel]).await
}

/// Values, each once.
#[derive(Default)]
struct Texts {
    all: Vec<Box<str>>,
    positions: HashMap<Box<str>, u32>,
}

impl Texts {
    /// Those of a pair, at the positions they have there.
    fn of(pair: &CountedPair) -> Self {
        let mut texts = Self::default();
        for text in &pair.texts {
            texts.position(text);
        }
        texts
    }

    fn position(&mut self, text: &str) -> u32 {
        if let Some(known) = self.positions.get(text) {
            return *known;
        }
        let position = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(text.into());
        self.positions.insert(text.into(), position);
        position
    }

    /// `(channel, source)` pairs; the crossing names the source first.
    fn channels(&mut self, pair: &CountedPair) -> Vec<(u32, u32)> {
        let mut known = |row: &PairRow| {
            let [source, channel] = row.values.map(|value| self.position(&pair.texts[value as usize]));
            (channel, source)
        };
        pair.rows.iter().map(&mut known).collect()
    }

    fn cell(&mut self, cell: &CountedCell) -> CellEntry {
        CellEntry {
            dimension: cell.dimension,
            value: self.position(&cell.value),
            visitors: cell.visitors,
            events: cell.measures[Measure::Events],
            pageviews: cell.measures[Measure::Pageviews],
            visits: cell.measures[Measure::Visits],
        }
    }
}
