//! The bytes of a batch in the spool. Numbers are LEB128, texts are length and UTF-8.
//!
//! Texts that repeat within a batch (site ids, values of several hours) are written once, in a table in front.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::model::{Batch, Cell, CellKey, CrossingRow, Crossings, Day, Dimension, Hour, Measure, Measures, SiteId};

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
    put_measures(out, &cell.measures);
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
    put_number(out, crossings.rows.len() as u64);
    for (row, hashes) in crossings.iter() {
        put_number(out, u64::from(row.site_day));
        out.extend(row.dimensions.map(|dimension| dimension as u8));
        row.values.into_iter().for_each(|value| put_number(out, u64::from(value)));
        put_measures(out, &row.measures);
        put_number(out, hashes.len() as u64);
        hashes.iter().for_each(|hash| out.extend_from_slice(&hash.to_le_bytes()));
    }
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Which measures are not zero, as bits, and those.
fn put_measures(out: &mut Vec<u8>, measures: &Measures) {
    let counted = || Measure::ALL.into_iter().filter(|measure| measures[*measure] != 0);
    put_number(out, counted().fold(0, |bits, measure| bits | 1 << measure as u32));
    counted().for_each(|measure| put_number(out, zigzag(measures[measure])));
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

fn cell<'a>(input: &mut Input<'a>, texts: &[&'a str]) -> Result<Cell, DecodeError> {
    let site = input.one_of(texts)?;
    let site: SiteId = site.parse().map_err(|_| input.error("not a site id"))?;
    let value = input.one_of(texts)?.into();
    let day = Day(input.u16()?);
    let dimension = input.dimension()?;
    let hour = Hour(input.u8()?);
    let measures = measures(input)?;
    let hashes = input.list(8, Input::u64)?;
    Ok(Cell { key: CellKey { site, day, dimension, value, hour }, measures, hashes })
}

/// Measures are only ever added, so an older batch has fewer of them and a newer one is refused.
fn measures(input: &mut Input<'_>) -> Result<Measures, DecodeError> {
    let bits = input.number()?;
    if bits >> Measure::ALL.len() != 0 {
        return Err(input.error("unknown measure"));
    }
    let mut measures = Measures::default();
    for measure in Measure::ALL.into_iter().filter(|measure| bits & (1 << *measure as u32) != 0) {
        measures[measure] = unzigzag(input.number()?);
    }
    Ok(measures)
}

fn crossings(input: &mut Input<'_>) -> Result<Crossings, DecodeError> {
    let site_day = |input: &mut Input<'_>| {
        let site: SiteId = input.text()?.parse().map_err(|_| input.error("not a site id"))?;
        Ok((site, Day(input.u16()?)))
    };
    let site_days = input.list(4, site_day)?;
    let texts = input.list(1, |input| Ok(input.text()?.into()))?;
    let mut crossings = Crossings { site_days, texts, ..Crossings::default() };
    for _ in 0..input.length(7)? {
        let (row, hashes) = crossing(input, &crossings)?;
        crossings.push(row, &hashes);
    }
    Ok(crossings)
}

fn crossing(input: &mut Input<'_>, known: &Crossings) -> Result<(CrossingRow, Vec<u32>), DecodeError> {
    let site_day = input.position(known.site_days.len())?;
    let dimensions = [input.dimension()?, input.dimension()?];
    let values = [input.position(known.texts.len())?, input.position(known.texts.len())?];
    let measures = measures(input)?;
    let hashes = input.list(4, |input| input.array().map(u32::from_le_bytes))?;
    Ok((CrossingRow { site_day, dimensions, values, measures, hashes_end: 0 }, hashes))
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
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.u8()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(self.error("number too long"))
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

fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number as u8) | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

const fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

const fn unzigzag(number: u64) -> i64 {
    ((number >> 1) as i64) ^ -((number & 1) as i64)
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub fn any_cell() -> impl Strategy<Value = Cell> {
        let key = ("[a-z]{1,3}", any::<u16>(), 0..Dimension::ALL.len() as u8, "\\PC{0,6}", any::<u8>());
        let key = key.prop_map(|(site, day, dimension, value, hour)| CellKey {
            site: site.parse().expect("an id"),
            day: Day(day),
            dimension: Dimension::from_number(dimension).expect("a dimension"),
            value: value.into(),
            hour: Hour(hour),
        });
        let hashes = proptest::collection::btree_set(any::<u64>(), 0..5);
        (key, any::<i64>(), any::<i64>(), hashes).prop_map(|(key, pageviews, events, hashes)| {
            let mut measures = Measures::default();
            measures[Measure::Pageviews] = pageviews;
            measures[Measure::Events] = events;
            Cell { key, measures, hashes: hashes.into_iter().collect() }
        })
    }

    pub fn any_crossings() -> impl Strategy<Value = Crossings> {
        let dimension = 0..Dimension::ALL.len() as u8;
        let hashes = proptest::collection::btree_set(any::<u32>(), 0..5);
        let row = (dimension.clone(), dimension, 0..3u32, 0..3u32, any::<i64>(), hashes);
        proptest::collection::vec(row, 0..8).prop_map(|rows| {
            let site_days = vec![("a".parse().expect("an id"), Day(7))];
            let texts = ["", "/", "é"].map(Into::into).to_vec();
            let mut crossings = Crossings { site_days, texts, ..Crossings::default() };
            for (a, b, one, other, visits, hashes) in rows {
                let mut measures = Measures::default();
                measures[Measure::Visits] = visits;
                let dimensions = [a, b].map(|number| Dimension::from_number(number).expect("a dimension"));
                let row = CrossingRow { site_day: 0, dimensions, values: [one, other], measures, hashes_end: 0 };
                crossings.push(row, &hashes.into_iter().collect::<Vec<_>>());
            }
            crossings
        })
    }

    pub fn any_batch() -> impl Strategy<Value = Batch> {
        let cells = proptest::collection::vec(any_cell(), 0..8);
        let crossings = any_crossings();
        let remembered = proptest::collection::vec(any::<(u64, u16)>(), 0..4);
        (any::<u64>(), cells, crossings, remembered).prop_map(|(sequence, cells, crossings, remembered)| Batch {
            sequence,
            cells,
            crossings,
            remembered,
        })
    }

    proptest! {
        #[test]
        fn a_batch_comes_back_as_it_was(batch in any_batch()) {
            prop_assert_eq!(decode(&encode(&batch)), Ok(batch));
        }

        #[test]
        fn any_bytes_are_decoded_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&bytes);
        }

        #[test]
        fn a_changed_byte_never_panics(batch in any_batch(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let mut bytes = encode(&batch);
            let at = at.index(bytes.len());
            bytes[at] = byte;
            let _ = decode(&bytes);
        }
    }
}
