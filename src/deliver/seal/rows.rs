//! The rows of a seal: which cells and crossings may be shown for good (P7), written as integers. In memory: the cells of
//! the day that are judged or judged by, once, and of crossings those between two families at a time, or between several
//! that have few.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::SealerParts;
use crate::clickhouse::{CountedCell, CountedPair, Generation, PairRow, SealRow, SealedCrossings, StoreError};
use crate::deliver::fault::Fault;
use crate::model::{Dimension, Family, Measure, Rules, Site};
use crate::privacy::threshold::{
    CellEntry, CrossingEntry, PairTable, Tie, dimensions_of, family_pairs, folded_cells, folded_crossings, tied,
};

/// Stored rows of crossings that are read and judged together, unless two families have more.
const TOGETHER: u64 = 100_000;

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
    let there = parts.store.open_pairs(&row.generation.site, row.generation.day).await?;
    let pairs: Vec<(Families, u64)> = family_pairs(site)
        .into_iter()
        .map(|pair| (pair, rows_between(pair, &there)))
        .filter(|(_, rows)| *rows > 0)
        .collect();
    let known = Known::read(parts, &row, &pairs).await?;
    write_cells(parts, site, &known, &mut row).await?;
    Fault::AfterCells.reached(parts.fault);
    let generation = row.generation.clone();
    let mut writer = parts.store.seal_crossings(&generation);
    for pairs in batches(&pairs) {
        write_pairs((parts, site), &known, &pairs, (&mut writer, &mut row)).await?;
    }
    row.crossings = writer.finish().await?;
    Ok(row)
}

/// Two families.
type Families = [Family; 2];

/// How many rows are stored between two families.
fn rows_between([one, other]: Families, there: &BTreeMap<[Dimension; 2], u64>) -> u64 {
    let is_between = |[a, b]: [Family; 2]| [a, b] == [one, other] || [b, a] == [one, other];
    there.iter().filter(|(pair, _)| is_between(pair.map(Dimension::family))).map(|(_, rows)| rows).sum()
}

/// Pairs of families, those together that have few rows.
fn batches(pairs: &[(Families, u64)]) -> Vec<Vec<Families>> {
    let mut batches: Vec<(Vec<Families>, u64)> = Vec::new();
    for (pair, rows) in pairs {
        match batches.last_mut() {
            Some((batch, size)) if *size + rows <= TOGETHER => {
                batch.push(*pair);
                *size += rows;
            }
            _ => batches.push((vec![*pair], *rows)),
        }
    }
    batches.into_iter().map(|(batch, _)| batch).collect()
}

/// What crossings, and cells that follow k, are judged by. Read once.
struct Known {
    /// Whole days; the one of the whole site among them.
    cells: Vec<CountedCell>,
    /// Crossings that tell which values lie in which.
    ties: Vec<CountedPair>,
}

impl Known {
    async fn read(parts: &SealerParts, row: &SealRow, pairs: &[(Families, u64)]) -> Result<Self, StoreError> {
        let Generation { site, day, .. } = &row.generation;
        let mut families: BTreeSet<Family> = pairs.iter().flat_map(|(pair, _)| *pair).collect();
        families.extend(judged(row.rules));
        let mut dimensions: Vec<Dimension> =
            families.iter().flat_map(|family| dimensions_of(*family)).copied().collect();
        dimensions.push(Dimension::Total);
        let cells = parts.store.open_cells(site, *day, &dimensions).await?;
        let mut ties = Vec::new();
        for (one, others) in families.into_iter().filter_map(tied) {
            let pairs: Vec<[Dimension; 2]> = others.iter().map(|other| [one.min(*other), one.max(*other)]).collect();
            ties.push(parts.store.open_pair((site, *day), &pairs).await?);
        }
        Ok(Self { cells, ties })
    }

    fn cells_of(&self, dimensions: &[Dimension]) -> impl Iterator<Item = &CountedCell> {
        let is_of = |cell: &&CountedCell| cell.dimension == Dimension::Total || dimensions.contains(&cell.dimension);
        self.cells.iter().filter(is_of)
    }
}

/// Families of which cells follow k.
fn judged(rules: Rules) -> BTreeSet<Family> {
    Dimension::ALL.into_iter().filter(|of| rules.judge(*of)).map(Dimension::family).collect()
}

async fn write_cells(parts: &SealerParts, site: &Site, known: &Known, row: &mut SealRow) -> Result<(), StoreError> {
    let judged = judged(row.rules);
    let plain: Vec<Dimension> = Dimension::ALL.into_iter().filter(|of| !judged.contains(&of.family())).collect();
    row.cells += parts.store.seal_cells(&row.generation, &plain).await?;
    for family in judged {
        let cells: Vec<CountedCell> = known.cells_of(dimensions_of(family)).cloned().collect();
        let mut texts = Texts::default();
        let entries: Vec<CellEntry> = cells.iter().map(|cell| texts.cell(cell)).collect();
        let ties = texts.ties(&known.ties);
        let table = PairTable { texts: &texts.all, cells: &entries, crossings: &[], ties: &ties, strict: site.strict };
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
        let table = PairTable { texts: &texts.all, cells: &of_family, crossings: &[], ties: &[], strict: site.strict };
        let folded = folded_cells(&table, site.min_visitors);
        asked.iter().zip(folded).for_each(|(at, folded)| shown[*at] &= !folded);
    }
    shown
}

async fn write_pairs(
    (parts, site): (&SealerParts, &Site),
    known: &Known,
    pairs: &[Families],
    (writer, row): (&mut SealedCrossings<'_>, &mut SealRow),
) -> Result<(), StoreError> {
    let at = (&row.generation.site, row.generation.day);
    let between: BTreeSet<[Dimension; 2]> = pairs.iter().flat_map(|pair| between(*pair)).collect();
    let pair = parts.store.open_pair(at, &between.into_iter().collect::<Vec<_>>()).await?;
    let families: BTreeSet<Family> = pairs.iter().flatten().copied().collect();
    let dimensions: Vec<Dimension> = families.into_iter().flat_map(dimensions_of).copied().collect();
    let folded = tokio::task::block_in_place(|| judge(site, &pair, known, &dimensions));
    for (crossing, _) in pair.rows.iter().zip(&folded).filter(|(_, folded)| **folded) {
        *row.folded.entry(crossing.dimensions).or_default() += 1;
    }
    writer.put(&pair, &folded).await
}

/// Every pair of a dimension of one family and one of the other, in wire order.
fn between([one, other]: Families) -> impl Iterator<Item = [Dimension; 2]> {
    let all = dimensions_of(one).iter().flat_map(move |a| dimensions_of(other).iter().map(move |b| (*a, *b)));
    all.map(|(a, b)| [a.min(b), a.max(b)])
}

/// For each crossing: whether it must not be shown.
fn judge(site: &Site, pair: &CountedPair, known: &Known, dimensions: &[Dimension]) -> Vec<bool> {
    let mut texts = Texts::of(pair);
    let entries: Vec<CellEntry> = known.cells_of(dimensions).map(|cell| texts.cell(cell)).collect();
    let ties = texts.ties(&known.ties);
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
        PairTable { texts: &texts.all, cells: &entries, crossings: &crossings, ties: &ties, strict: site.strict };
    folded_crossings(&table, site.min_visitors)
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

    fn ties(&mut self, known: &[CountedPair]) -> Vec<Tie> {
        let mut ties = Vec::new();
        for pair in known {
            let mut tie = |row: &PairRow| {
                Tie::between(row.dimensions, row.values.map(|value| self.position(&pair.texts[value as usize])))
            };
            ties.extend(pair.rows.iter().filter_map(&mut tie));
        }
        ties
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
