//! The bytes of a batch in the spool. Numbers are LEB128, texts are length and UTF-8.
//!
//! Texts that repeat within a batch (site ids, values of several hours) are written once, in a table in front.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::table::Table;
use crate::model::packed::{self, put_number};
use crate::model::{
    Batch, Cell, CellKey, CrossingGroup, CrossingRow, Crossings, Day, Dimension, Hour, Measures, SiteId,
};

/// The bytes are not a batch.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bytes at {at} are not a batch of this version: {what}")]
pub struct DecodeError {
    at: usize,
    what: &'static str,
}

/// The bytes of `batch`.
pub fn encode(batch: &Batch) -> Vec<u8> {
    let mut texts: Vec<&str> = Vec::new();
    let mut numbers: HashMap<&str, u64, RandomState> = HashMap::default();
    let mut body = Vec::with_capacity(batch.cells.len() * 32);
    for cell in &batch.cells {
        for text in [cell.key.site.as_str(), &cell.key.value] {
            let number = *numbers.entry(text).or_insert_with(|| {
                texts.push(text);
                texts.len() as u64 - 1
            });
            put_number(&mut body, number);
        }
        put_cell(&mut body, cell);
    }
    let mut out = Vec::with_capacity(body.len() + 1024);
    put_number(&mut out, batch.sequence);
    put_number(&mut out, texts.len() as u64);
    for text in texts {
        put_number(&mut out, text.len() as u64);
        out.extend_from_slice(text.as_bytes());
    }
    put_number(&mut out, batch.cells.len() as u64);
    out.extend_from_slice(&body);
    put_crossings(&mut out, &batch.crossings);
    put_number(&mut out, batch.remembered.len() as u64);
    for (hash, day) in &batch.remembered {
        out.extend_from_slice(&hash.to_le_bytes());
        out.extend_from_slice(&day.to_le_bytes());
    }
    out
}

fn put_cell(out: &mut Vec<u8>, cell: &Cell) {
    out.extend_from_slice(&cell.key.day.0.to_le_bytes());
    out.push(cell.key.dimension as u8);
    out.push(cell.key.hour.0);
    packed::put(out, cell.measures.numbers());
    put_number(out, cell.hashes.len() as u64);
    for hash in &cell.hashes {
        out.extend_from_slice(&hash.to_le_bytes());
    }
}

fn put_crossings(out: &mut Vec<u8>, crossings: &Crossings) {
    put_number(out, crossings.site_days.len() as u64);
    for (site, day) in &crossings.site_days {
        put_text(out, site.as_str());
        out.extend_from_slice(&day.0.to_le_bytes());
    }
    put_number(out, crossings.texts.len() as u64);
    crossings.texts.iter().for_each(|text| put_text(out, text));
    put_number(out, crossings.len() as u64);
    for CrossingRow { group, counts, hashes } in crossings.iter() {
        put_number(out, u64::from(group.site_day));
        out.extend(group.dimensions.map(|dimension| dimension as u8));
        group.values.into_iter().for_each(|value| put_number(out, u64::from(value)));
        out.extend_from_slice(counts);
        put_number(out, hashes.len() as u64);
        hashes.iter().for_each(|hash| out.extend_from_slice(&hash.to_le_bytes()));
    }
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// The batch in `bytes`.
///
/// # Errors
/// When the bytes are anything else; they may be anything.
pub fn decode(bytes: &[u8]) -> Result<Batch, DecodeError> {
    let mut input = Input { bytes, at: 0 };
    let sequence = input.number()?;
    let texts = input.list(1, Input::text)?;
    let cells = input.list(8, |input| cell(input, &texts))?;
    let crossings = crossings(&mut input)?;
    let remembered = input.list(10, |input| Ok((input.u64()?, input.u16()?)))?;
    if input.at != bytes.len() {
        return Err(input.error("bytes left over"));
    }
    Ok(Batch { sequence, cells, crossings, remembered })
}

/// Bytes that hold the sequence, at the front of a batch.
pub const SEQUENCE_BYTES: usize = 10;

/// The sequence of the batch that begins with `bytes`.
///
/// # Errors
/// When the bytes do not begin like a batch.
pub fn sequence(bytes: &[u8]) -> Result<u64, DecodeError> {
    Input { bytes, at: 0 }.number()
}

/// The batch in `bytes` as far as one table needs it: the other table's rows and the client's ids are left out. Only for
/// bytes whose checksum is right: what is left out is not looked at.
///
/// # Errors
/// When the bytes are anything else.
pub fn decode_for(table: Table, bytes: &[u8]) -> Result<Batch, DecodeError> {
    let mut input = Input { bytes, at: 0 };
    let sequence = input.number()?;
    let texts = input.list(1, Input::text)?;
    let mut batch = Batch { sequence, cells: Vec::new(), crossings: Crossings::default(), remembered: Vec::new() };
    match table {
        Table::Cells => batch.cells = input.list(8, |input| cell(input, &texts))?,
        Table::Crossings => {
            for _ in 0..input.length(8)? {
                skip_cell(&mut input)?;
            }
            batch.crossings = crossings(&mut input)?;
        }
    }
    Ok(batch)
}

fn skip_cell(input: &mut Input<'_>) -> Result<(), DecodeError> {
    input.number()?;
    input.number()?;
    input.take(4)?;
    input.counts()?;
    let hashes = input.length(8)?;
    input.take(hashes * 8)?;
    Ok(())
}

fn cell<'a>(input: &mut Input<'a>, texts: &[&'a str]) -> Result<Cell, DecodeError> {
    let site = input.one_of(texts)?;
    let site: SiteId = site.parse().map_err(|_| input.error("not a site id"))?;
    let value = input.one_of(texts)?.into();
    let day = Day(input.u16()?);
    let dimension = input.dimension()?;
    let hour = Hour(input.u8()?);
    let mut measures = Measures::default();
    packed::add(&mut measures, input.counts()?);
    let hashes = input.list(8, Input::u64)?;
    Ok(Cell { key: CellKey { site, day, dimension, value, hour }, measures, hashes })
}

fn crossings(input: &mut Input<'_>) -> Result<Crossings, DecodeError> {
    let site_day = |input: &mut Input<'_>| {
        let site: SiteId = input.text()?.parse().map_err(|_| input.error("not a site id"))?;
        Ok((site, Day(input.u16()?)))
    };
    let site_days = input.list(4, site_day)?;
    let texts = input.list(1, |input| Ok(input.text()?.into()))?;
    let mut crossings = Crossings::about(site_days, texts);
    let rows = input.length(7)?;
    crossings.reserve(rows);
    for _ in 0..rows {
        crossing(input, &mut crossings)?;
    }
    Ok(crossings)
}

/// A row, which goes into `known`.
fn crossing(input: &mut Input<'_>, known: &mut Crossings) -> Result<(), DecodeError> {
    let site_day = input.position(known.site_days.len())?;
    let dimensions = [input.dimension()?, input.dimension()?];
    let values = [input.position(known.texts.len())?, input.position(known.texts.len())?];
    known.counts.extend_from_slice(input.counts()?);
    let length = input.length(4)?;
    let (hashes, _) = input.take(length * 4)?.as_chunks::<4>();
    known.hashes.extend(hashes.iter().map(|hash| u32::from_le_bytes(*hash)));
    known.end_row(CrossingGroup { site_day, dimensions, values });
    Ok(())
}

struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Input<'a> {
    fn error(&self, what: &'static str) -> DecodeError {
        DecodeError { at: self.at, what }
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], DecodeError> {
        let end = self.at.checked_add(length).filter(|end| *end <= self.bytes.len());
        let end = end.ok_or_else(|| self.error("cut short"))?;
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let taken = self.take(N)?;
        taken.try_into().map_err(|_| self.error("cut short"))
    }

    fn dimension(&mut self) -> Result<Dimension, DecodeError> {
        Dimension::from_number(self.u8()?).ok_or_else(|| self.error("unknown dimension"))
    }

    /// A position in a list of `length` entries.
    fn position(&mut self, length: usize) -> Result<u32, DecodeError> {
        let number = self.number()?;
        let known = u32::try_from(number).ok().filter(|number| (*number as usize) < length);
        known.ok_or_else(|| self.error("no such entry"))
    }

    fn u8(&mut self) -> Result<u8, DecodeError> {
        Ok(self.array::<1>()?[0])
    }

    fn u16(&mut self) -> Result<u16, DecodeError> {
        self.array().map(u16::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, DecodeError> {
        self.array().map(u64::from_le_bytes)
    }

    fn number(&mut self) -> Result<u64, DecodeError> {
        let mut rest = &self.bytes[self.at..];
        let number = packed::number(&mut rest).ok_or_else(|| self.error("cut short, or a number too long"))?;
        self.at = self.bytes.len() - rest.len();
        Ok(number)
    }

    /// Packed measures. They are only ever added, so an older batch has fewer of them and a newer one is refused.
    fn counts(&mut self) -> Result<&'a [u8], DecodeError> {
        let mut rest = &self.bytes[self.at..];
        packed::take(&mut rest, |_, _| ()).ok_or_else(|| self.error("cut short, or an unknown measure"))?;
        let counts = &self.bytes[self.at..self.bytes.len() - rest.len()];
        self.at += counts.len();
        Ok(counts)
    }

    fn text(&mut self) -> Result<&'a str, DecodeError> {
        let length = self.length(1)?;
        let bytes = self.take(length)?;
        std::str::from_utf8(bytes).map_err(|_| self.error("not UTF-8"))
    }

    fn one_of(&mut self, texts: &[&'a str]) -> Result<&'a str, DecodeError> {
        let number = self.number()?;
        let text = usize::try_from(number).ok().and_then(|number| texts.get(number));
        text.copied().ok_or_else(|| self.error("unknown text"))
    }

    /// A count of things of at least `size` bytes each: never more than the rest of the input can hold,
    /// so that a damaged count cannot ask for memory.
    fn length(&mut self, size: usize) -> Result<usize, DecodeError> {
        let length = self.number()?;
        let room = (self.bytes.len() - self.at) / size;
        usize::try_from(length).ok().filter(|length| *length <= room).ok_or_else(|| self.error("cut short"))
    }

    fn list<T>(
        &mut self,
        size: usize,
        mut one: impl FnMut(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        let length = self.length(size)?;
        let mut list = Vec::with_capacity(length);
        for _ in 0..length {
            list.push(one(self)?);
        }
        Ok(list)
    }
}

#[cfg(test)]
pub(super) mod tests;
