//! A counted day as the rows a seal leaves of it.

use std::collections::HashMap;
use std::fmt::Write as _;

use headcount::model::{Dimension, Measure, Site};
use headcount::privacy::threshold::{
    CellEntry, CrossingEntry, PairTable, Tie, dimensions_of, family_pairs, folded_crossings,
};

use super::fact::{self, Dim};
use super::group::Sums;
use super::parts::{Counted, Tally};

/// Rows of a day as text, parted by tabs, and how many there were before and after folding.
#[derive(Default)]
pub struct Rows {
    /// Rows of `cells`, without site, day, generation and date of removal.
    pub cells: String,
    /// Rows of `crossings`.
    pub crossings: String,
    /// Rows of `crossings` before folding.
    pub open: usize,
}

/// Attributes of a day in the program's words: dimension and text by number, each text once.
struct Words {
    dimensions: Vec<Dimension>,
    texts: Vec<Box<str>>,
    text_of: Vec<u32>,
}

impl Words {
    fn of(tally: &Tally) -> Self {
        let mut words = Self { dimensions: Vec::new(), texts: Vec::new(), text_of: Vec::new() };
        let mut known: HashMap<&str, u32> = HashMap::new();
        for (of, value) in &tally.names {
            words.dimensions.push(dimension(of));
            let text = *known.entry(value).or_insert_with(|| {
                words.texts.push(value.as_str().into());
                words.texts.len() as u32 - 1
            });
            words.text_of.push(text);
        }
        words
    }

    /// A pair of attributes, the dimension with the smaller number first.
    fn in_order(&self, (a, b): (u32, u32)) -> [u32; 2] {
        let [one, other] = [a, b].map(|id| self.dimensions[id as usize]);
        if one <= other { [a, b] } else { [b, a] }
    }
}

/// The rows of one day: all cells, of hourly dimensions also the hours, and the crossings that k leaves.
pub fn rows(tally: &Tally, site: &Site) -> Rows {
    let mut rows = Rows::default();
    for (id, group) in &tally.cells {
        put_cell(&mut rows.cells, tally, *id, 255, group);
    }
    let has_hours = |id: u32| dimension(tally.names[id as usize].0).hourly();
    for ((hour, id), group) in tally.hours.iter().filter(|((_, id), _)| has_hours(*id)) {
        put_cell(&mut rows.cells, tally, *id, *hour, group);
    }
    rows.open = tally.crossings.len();
    let words = Words::of(tally);
    for pair in family_pairs(site) {
        let table = Table::of(&words, tally, pair.map(dimensions_of));
        let entries = PairTable {
            texts: &words.texts,
            cells: &table.cells,
            crossings: &table.crossings,
            ties: &table.ties,
            strict: site.strict,
        };
        let folded = folded_crossings(&entries, site.min_visitors);
        for ((entry, group), _) in table.crossings.iter().zip(&table.groups).zip(folded).filter(|(_, folded)| !folded) {
            let [a, b] = entry.values.map(|value| &words.texts[value as usize]);
            let [dim, dim2] = entry.dimensions.map(Dimension::code);
            let _ = write!(rows.crossings, "{dim}\t{a}\t{dim2}\t{b}");
            let lasts = entry.dimensions.iter().all(|dimension| dimension.keeps_durations());
            put_numbers(&mut rows.crossings, group, lasts);
        }
    }
    rows
}

/// What the threshold looks at: all cells of two families and all crossings between them.
#[derive(Default)]
struct Table<'t> {
    cells: Vec<CellEntry>,
    crossings: Vec<CrossingEntry>,
    groups: Vec<&'t Counted>,
    ties: Vec<Tie>,
}

impl<'t> Table<'t> {
    fn of(words: &Words, tally: &'t Tally, sides: [&[Dimension]; 2]) -> Self {
        let mut table = Self::default();
        for (id, group) in &tally.cells {
            let dimension = words.dimensions[*id as usize];
            if dimension == Dimension::Total || sides.iter().any(|side| side.contains(&dimension)) {
                let Sums { pageviews, events, visits, .. } = group.sums;
                let (value, visitors) = (words.text_of[*id as usize], group.visitors);
                table.cells.push(CellEntry { dimension, value, visitors, pageviews, events, visits });
            }
        }
        for (pair, group) in &tally.crossings {
            let ids = words.in_order(*pair);
            let dimensions = ids.map(|id| words.dimensions[id as usize]);
            let values = ids.map(|id| words.text_of[id as usize]);
            table.ties.extend(Tie::between(dimensions, values));
            let fits = |x: usize, y: usize| sides[x].contains(&dimensions[0]) && sides[y].contains(&dimensions[1]);
            if fits(0, 1) || fits(1, 0) {
                let Sums { pageviews, events, visits, .. } = group.sums;
                let visitors = group.visitors;
                table.crossings.push(CrossingEntry { dimensions, values, visitors, pageviews, events, visits });
                table.groups.push(group);
            }
        }
        table
    }
}

fn put_cell(out: &mut String, tally: &Tally, id: u32, hour: i64, group: &Counted) {
    let (of, value) = &tally.names[id as usize];
    let _ = write!(out, "{}\t{value}\t{hour}", dimension(of).code());
    put_numbers(out, group, dimension(of).keeps_durations());
}

fn put_numbers(out: &mut String, group: &Counted, lasts: bool) {
    for measure in Measure::ALL {
        let is_kept = lasts || measure != Measure::VisitSecs;
        let _ = write!(out, "\t{}", if is_kept { measured(&group.sums, measure) } else { 0 });
    }
    let _ = writeln!(out, "\t{}", group.visitors);
}

fn measured(sums: &Sums, measure: Measure) -> i64 {
    match measure {
        Measure::Pageviews => sums.pageviews,
        Measure::Events => sums.events,
        Measure::Visits => sums.visits,
        Measure::Bounces => sums.bounces,
        Measure::VisitSecs => sums.visit_secs,
        Measure::EngagedSecs => sums.engaged_secs,
        Measure::EngagedN => sums.engaged_n,
        Measure::ScrollPctSum => sums.scroll_sum,
        Measure::ScrollN => sums.scroll_n,
        Measure::RevenueMinor => sums.revenue,
    }
}

/// The program's word for a dimension.
pub fn dimension(of: Dim) -> Dimension {
    let code = match of {
        fact::EVENT => "event",
        fact::PROP => "prop",
        fact::NEXT => "next_page",
        fact::SECOND => "second_page",
        fact::THIRD => "third_page",
        other => other.rsplit_once(':').map_or(other, |(_, name)| name),
    };
    let code = if of == fact::APP_VERSION { "app_version" } else { code };
    Dimension::ALL.into_iter().find(|dimension| dimension.code() == code).expect("every dimension has a code")
}
