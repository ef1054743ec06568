//! The bytes of a batch in the spool. Numbers are LEB128, texts are length and UTF-8.
//!
//! Texts that repeat within a batch (site ids, values of several hours) are written once, in a table in front.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::model::{Batch, Cell, CellKey, Day, Dimension, Hour, Measure, Measures, SiteId};

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
    put_number(out, Measure::ALL.len() as u64);
    for measure in Measure::ALL {
        put_number(out, zigzag(cell.measures[measure]));
    }
    put_number(out, cell.hashes.len() as u64);
    for hash in &cell.hashes {
        out.extend_from_slice(&hash.to_le_bytes());
    }
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
    let remembered = input.list(10, |input| Ok((input.u64()?, input.u16()?)))?;
    if input.at != bytes.len() {
        return Err(input.error("bytes left over"));
    }
    Ok(Batch { sequence, cells, remembered })
}

fn cell<'a>(input: &mut Input<'a>, texts: &[&'a str]) -> Result<Cell, DecodeError> {
    let site = input.one_of(texts)?;
    let site: SiteId = site.parse().map_err(|_| input.error("not a site id"))?;
    let value = input.one_of(texts)?.into();
    let day = Day(input.u16()?);
    let dimension = Dimension::from_number(input.u8()?).ok_or_else(|| input.error("unknown dimension"))?;
    let hour = Hour(input.u8()?);
    let mut measures = Measures::default();
    for number in 0..input.number()? {
        // Measures are only ever added, so an older batch has fewer of them and a newer one is refused.
        let measure = usize::try_from(number).ok().and_then(|number| Measure::ALL.get(number));
        let measure = *measure.ok_or_else(|| input.error("unknown measure"))?;
        measures[measure] = unzigzag(input.number()?);
    }
    let hashes = input.list(8, Input::u64)?;
    Ok(Cell { key: CellKey { site, day, dimension, value, hour }, measures, hashes })
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

    pub fn any_batch() -> impl Strategy<Value = Batch> {
        let cells = proptest::collection::vec(any_cell(), 0..8);
        let remembered = proptest::collection::vec(any::<(u64, u16)>(), 0..4);
        (any::<u64>(), cells, remembered).prop_map(|(sequence, cells, remembered)| Batch {
            sequence,
            cells,
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
