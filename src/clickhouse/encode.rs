//! Cells and crossings as ClickHouse's RowBinary, in the column order of the insert statement. Pure; called by the insert.

use bytes::{BufMut, Bytes, BytesMut};

use crate::model::{Cell, Crossings, Measure, Measures};

/// The columns, in the order they are written.
pub(super) const COLUMNS: &str = "site, day, dim, value, hour, pageviews, events, visits, bounces, visit_secs, \
                                  engaged_secs, engaged_n, scroll_pct_sum, scroll_n, revenue_minor, hashes";

/// The columns of a crossing, in the order they are written.
pub(super) const CROSSING_COLUMNS: &str = "site, day, dim, value, dim2, value2, pageviews, events, visits, bounces, \
                                           visit_secs, engaged_secs, engaged_n, scroll_pct_sum, scroll_n, \
                                           revenue_minor, hashes";

/// Encodes the cells.
pub(super) fn cells(cells: &[Cell]) -> Bytes {
    let size = cells.iter().map(|cell| 64 + cell.key.value.len() + 8 * cell.hashes.len()).sum();
    let mut out = BytesMut::with_capacity(size);
    for cell in cells {
        let key = &cell.key;
        put_text(&mut out, key.site.as_str());
        out.put_u16_le(key.day.0);
        put_text(&mut out, key.dimension.code());
        put_text(&mut out, &key.value);
        out.put_u8(key.hour.0);
        put_measures(&mut out, &cell.measures);
        put_length(&mut out, cell.hashes.len());
        for hash in &cell.hashes {
            out.put_u64_le(*hash);
        }
    }
    out.freeze()
}

/// Encodes the crossings.
pub(super) fn crossings(crossings: &Crossings) -> Bytes {
    let mut out = BytesMut::with_capacity(160 * crossings.len() + 4 * crossings.hashes.len());
    for row in crossings.iter() {
        let (group, hashes) = (row.group, row.hashes);
        let (site, day) = &crossings.site_days[group.site_day as usize];
        put_text(&mut out, site.as_str());
        out.put_u16_le(day.0);
        for (dimension, value) in group.dimensions.iter().zip(group.values) {
            put_text(&mut out, dimension.code());
            put_text(&mut out, &crossings.texts[value as usize]);
        }
        put_measures(&mut out, &row.measures());
        put_length(&mut out, hashes.len());
        for hash in hashes {
            out.put_u32_le(*hash);
        }
    }
    out.freeze()
}

pub(super) fn put_measures(out: &mut BytesMut, measures: &Measures) {
    for measure in Measure::ALL {
        out.put_i64_le(measures[measure]);
    }
}

pub(super) fn put_text(out: &mut BytesMut, text: &str) {
    put_length(out, text.len());
    out.put_slice(text.as_bytes());
}

/// A length as LEB128.
pub(super) fn put_length(out: &mut BytesMut, mut length: usize) {
    while length >= 0x80 {
        out.put_u8((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    out.put_u8(length as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_the_measures_of_the_model() {
        let names = Measure::ALL.map(Measure::code).join(", ");
        assert_eq!(COLUMNS, format!("site, day, dim, value, hour, {names}, hashes"));
        assert_eq!(CROSSING_COLUMNS, format!("site, day, dim, value, dim2, value2, {names}, hashes"));
    }

    #[test]
    fn lengths_are_leb128() {
        let encoded = [0, 127, 128, 300].map(|length| {
            let mut out = BytesMut::new();
            put_length(&mut out, length);
            out.to_vec()
        });
        assert_eq!(encoded, [vec![0], vec![127], vec![128, 1], vec![172, 2]]);
    }
}
