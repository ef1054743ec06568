//! Rows of sealed days on their way in. Called by the seal and, for what came too late for it, by [`super::late`]. Which
//! rows, and which may be shown, is decided by the seal.

use bytes::BufMut;

use super::encode::put_text;
use super::failure::StoreError;
use super::report::Quantity;
use super::store::Store;
use crate::model::{Day, Dimension, Hour, Measure, Measures, SiteId};

/// Rows of one insert. Bounds what a seal holds in memory at a time.
const CHUNK: usize = 100_000;

/// What holds of a sealed site-day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generation {
    /// The site.
    pub site: SiteId,
    /// The day.
    pub day: Day,
    /// One that no other try to seal the day has; named by the seal's row.
    pub number: u64,
    /// Its rows are removed after this day.
    pub keep_until: Day,
}

/// A number as the sealed tables store it: as it is, or what it exceeds another one by that says nearly the same.
pub(super) struct Stored {
    column: &'static str,
    of: Quantity,
    less: Option<Quantity>,
}

const fn stored(column: &'static str, of: Quantity, less: Option<Quantity>) -> Stored {
    Stored { column, of, less }
}

/// Every number of a sealed row, in the order they are written.
pub(super) const STORED: [Stored; 11] = {
    use Measure::{
        Bounces, EngagedN, EngagedSecs, Events, Pageviews, RevenueMinor, ScrollN, ScrollPctSum, VisitSecs, Visits,
    };
    use Quantity::{Sum, Visitors};
    [
        stored("visitors", Visitors, None),
        stored("visits_over", Sum(Visits), Some(Visitors)),
        stored("bounces", Sum(Bounces), None),
        stored("visit_secs", Sum(VisitSecs), None),
        stored("engaged_secs", Sum(EngagedSecs), None),
        stored("scroll_pct_sum", Sum(ScrollPctSum), None),
        stored("scroll_n", Sum(ScrollN), None),
        stored("engaged_over", Sum(EngagedN), Some(Sum(ScrollN))),
        stored("pageviews_over", Sum(Pageviews), Some(Sum(EngagedN))),
        stored("events_over", Sum(Events), Some(Sum(Pageviews))),
        stored("revenue_minor", Sum(RevenueMinor), None),
    ]
};

impl Stored {
    fn value(&self, measures: &Measures, visitors: i64) -> i64 {
        let number = |quantity| match quantity {
            Quantity::Visitors => visitors,
            Quantity::Sum(measure) => measures[measure],
        };
        number(self.of) - self.less.map_or(0, number)
    }

    /// The number out of totals named after what they count, `total_visits`.
    pub(super) fn expression(&self) -> String {
        let name = |quantity| match quantity {
            Quantity::Visitors => "visitors",
            Quantity::Sum(measure) => measure.code(),
        };
        let less = self.less.map(|less| format!(" - total_{}", name(less)));
        format!("total_{}{}", name(self.of), less.unwrap_or_default())
    }
}

/// The columns of a sealed table, in the order they are written: those that say what is counted, then the others.
fn columns(group: &str) -> String {
    let numbers = STORED.map(|stored| stored.column).join(", ");
    format!("site, day, {group}, generation, {numbers}, keep_days")
}

/// [`columns`], each with the type it is sent in.
pub(super) fn column_types(group: &str) -> String {
    let numbers = STORED.map(|stored| format!("{} Int64", stored.column)).join(", ");
    format!("site String, day Date, {group}, generation UInt64, {numbers}, keep_days UInt16")
}

/// The columns of `cells`, in the order they are written.
pub(super) fn cell_columns() -> String {
    columns("dim, value, hour")
}

pub(super) fn crossing_columns() -> String {
    columns("dim, value, dim2, value2")
}

impl Generation {
    /// What it is of.
    pub(super) fn place(&self) -> (&SiteId, Day) {
        (&self.site, self.day)
    }

    /// [`Self::place`], for keeping.
    pub fn site_day(&self) -> (SiteId, Day) {
        (self.site.clone(), self.day)
    }

    /// Days its rows are kept.
    pub(super) fn keep_days(&self) -> u16 {
        self.keep_until.0.saturating_sub(self.day.0)
    }
}

/// One row of a generation.
pub(super) enum Group<'a> {
    Cell(Dimension, &'a str, Hour),
    Crossing([Dimension; 2], [&'a str; 2]),
    /// The row of no dimension that tells of a load, by the name of its journal.
    CellReceipt(&'a str),
    CrossingReceipt(&'a str),
}

/// The counts of a group as they outlive the seal, and as exports have them on any day.
pub(super) fn kept(dimensions: &[Dimension], measures: &Measures) -> Measures {
    let mut kept = *measures;
    if !dimensions.iter().all(|dimension| dimension.keeps_durations()) {
        kept[Measure::VisitSecs] = 0;
    }
    kept
}

pub(super) fn put_row(out: &mut Vec<u8>, of: &Generation, group: &Group<'_>, counts: (&Measures, u64)) {
    put_text(out, of.site.as_str());
    out.put_u16_le(of.day.0);
    match group {
        Group::Cell(dimension, value, hour) => {
            put_text(out, dimension.code());
            put_text(out, value);
            out.put_u8(hour.0);
        }
        Group::Crossing(dimensions, values) => {
            for (dimension, value) in dimensions.iter().zip(values) {
                put_text(out, dimension.code());
                put_text(out, value);
            }
        }
        Group::CellReceipt(journal) => {
            put_text(out, "");
            put_text(out, journal);
            out.put_u8(Hour::WHOLE_DAY.0);
        }
        Group::CrossingReceipt(journal) => ["", journal, "", ""].iter().for_each(|text| put_text(out, text)),
    }
    out.put_u64_le(of.number);
    let visitors = i64::try_from(counts.1).unwrap_or(i64::MAX);
    let measures = match group {
        Group::Cell(dimension, ..) => kept(&[*dimension], counts.0),
        Group::Crossing(dimensions, _) => kept(dimensions, counts.0),
        Group::CellReceipt(_) | Group::CrossingReceipt(_) => *counts.0,
    };
    for stored in &STORED {
        out.put_i64_le(stored.value(&measures, visitors));
    }
    out.put_u16_le(of.keep_days());
}

/// Rows of one sealed table, sent in chunks.
pub(super) struct Writer<'s> {
    store: &'s Store,
    of: &'s Generation,
    statement: String,
    rows: Vec<u8>,
    waiting: usize,
    written: u64,
}

impl<'s> Writer<'s> {
    pub(super) fn of_cells(store: &'s Store, of: &'s Generation) -> Self {
        Self::new(store, of, format!("INSERT INTO cells ({}) FORMAT RowBinary", cell_columns()))
    }

    pub(super) fn of_crossings(store: &'s Store, of: &'s Generation) -> Self {
        Self::new(store, of, format!("INSERT INTO crossings ({}) FORMAT RowBinary", crossing_columns()))
    }

    fn new(store: &'s Store, of: &'s Generation, statement: String) -> Self {
        Self { store, of, statement, rows: Vec::new(), waiting: 0, written: 0 }
    }

    pub(super) async fn push(
        &mut self,
        group: Group<'_>,
        measures: &Measures,
        visitors: u64,
    ) -> Result<(), StoreError> {
        put_row(&mut self.rows, self.of, &group, (measures, visitors));
        self.waiting += 1;
        if self.waiting >= CHUNK { self.flush().await } else { Ok(()) }
    }

    /// Sends the rest; returns how many rows were written.
    pub(super) async fn finish(mut self) -> Result<u64, StoreError> {
        self.flush().await?;
        Ok(self.written)
    }

    async fn flush(&mut self) -> Result<(), StoreError> {
        if self.waiting == 0 {
            return Ok(());
        }
        let rows = std::mem::take(&mut self.rows).into();
        // The token only names the chunk: a seal that fails anywhere begins anew under another generation.
        self.store.insert_rows(&self.statement, rows, random_token()).await?;
        self.written += self.waiting as u64;
        self.waiting = 0;
        Ok(())
    }
}

fn random_token() -> u128 {
    let half = || u128::from(getrandom::u64().unwrap_or_default());
    half() << 64 | half()
}

#[cfg(test)]
mod tests;
