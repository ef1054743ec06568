//! Cells and crossings as ClickHouse's RowBinary, in the column order of the insert statement. Pure; called by the insert.
//!
//! Rows are written in the order of the table's key: ClickHouse then has nothing to sort, which was half of the work of an
//! insert. Numbers are sorted in the place of texts; each text is compared once for the order of all.

use bytes::{BufMut, Bytes};

use super::receipt::{LoadTable, Receipt, Shipment};
use crate::model::{Cell, CrossingGroup, CrossingRow, Crossings, Day, Dimension, Hour, Measures, SiteId};

/// The columns, in the order they are written.
pub(super) const COLUMNS: &str = "site, day, dim, value, hour, pageviews, events, visits, bounces, visit_secs, \
                                  engaged_secs, engaged_n, scroll_pct_sum, scroll_n, revenue_minor, hashes, receipt";

/// The columns of a crossing, in the order they are written.
pub(super) const CROSSING_COLUMNS: &str = "site, day, dim, value, dim2, value2, pageviews, events, visits, bounces, \
                                           visit_secs, engaged_secs, engaged_n, scroll_pct_sum, scroll_n, \
                                           revenue_minor, hashes, receipt";

/// Bytes of crossings that are encoded and sent at a time.
const PIECE_BYTES: usize = 256 * 1024;

/// Encodes the cells, and for each site-day a row that tells of the load.
pub(super) fn cells(cells: &[Cell], shipment: &Shipment) -> Bytes {
    let size = cells.iter().map(|cell| 72 + cell.key.value.len() + 8 * cell.hashes.len()).sum();
    let mut out = Vec::with_capacity(size);
    let mut order: Vec<&Cell> = cells.iter().collect();
    order.sort_by(|one, other| place(one).cmp(&place(other)));
    for of_day in order.chunk_by(|one, other| (&one.key.site, one.key.day) == (&other.key.site, other.key.day)) {
        let site_day = (of_day[0].key.site.clone(), of_day[0].key.day);
        if shipment.leaves_out(&site_day) {
            continue;
        }
        if let Some(receipt) = shipment.receipt {
            put_site_day(&mut out, &site_day);
            ["", &receipt.value()].iter().for_each(|text| put_text(&mut out, text));
            out.put_u8(Hour::WHOLE_DAY.0);
            put_nothing_but(&mut out, receipt.left_in(LoadTable::OpenCells, (&site_day.0, site_day.1)));
        }
        of_day.iter().for_each(|cell| put_cell(&mut out, &site_day, cell));
    }
    out.into()
}

fn put_cell(out: &mut Vec<u8>, site_day: &(SiteId, Day), cell: &Cell) {
    put_site_day(out, site_day);
    put_text(out, cell.key.dimension.code());
    put_text(out, &cell.key.value);
    out.put_u8(cell.key.hour.0);
    put_measures(out, &cell.measures);
    put_length(out, cell.hashes.len());
    out.extend(cell.hashes.iter().flat_map(|hash| hash.to_le_bytes()));
    out.put_u64_le(0);
}

fn put_site_day(out: &mut Vec<u8>, (site, day): &(SiteId, Day)) {
    put_text(out, site.as_str());
    out.put_u16_le(day.0);
}

/// The counts of a row that only tells of a load.
fn put_nothing_but(out: &mut Vec<u8>, left: u64) {
    put_measures(out, &Measures::default());
    put_length(out, 0);
    out.put_u64_le(left);
}

fn place(cell: &Cell) -> (&str, Day, &str, &str, Hour) {
    let key = &cell.key;
    (key.site.as_str(), key.day, key.dimension.code(), &key.value, key.hour)
}

/// Encodes the crossings, and for each site-day a row that tells of the load; a piece at a time, as all of them together
/// would be several times what is counted.
pub(super) fn crossings<'c>(
    crossings: &'c Crossings,
    shipment: &'c Shipment,
) -> impl Iterator<Item = Bytes> + Send + 'c {
    let left_out: Vec<bool> = crossings.site_days.iter().map(|site_day| shipment.leaves_out(site_day)).collect();
    let mut rows = in_order(crossings).filter(move |row| !left_out[row.group.site_day as usize]);
    let mut told = None;
    std::iter::from_fn(move || {
        let mut out = Vec::with_capacity(PIECE_BYTES + PIECE_BYTES / 8);
        while out.len() < PIECE_BYTES {
            let Some(row) = rows.next() else { break };
            let site_day = &crossings.site_days[row.group.site_day as usize];
            if told != Some(site_day) {
                told = Some(site_day);
                put_crossing_receipt(&mut out, site_day, shipment.receipt);
            }
            put_crossing(&mut out, crossings, row);
        }
        (!out.is_empty()).then(|| out.into())
    })
}

fn put_crossing_receipt(out: &mut Vec<u8>, site_day: &(SiteId, Day), receipt: Option<Receipt>) {
    let Some(receipt) = receipt else { return };
    put_site_day(out, site_day);
    ["", &receipt.value(), "", ""].iter().for_each(|text| put_text(out, text));
    put_nothing_but(out, receipt.left_in(LoadTable::OpenCrossings, (&site_day.0, site_day.1)));
}

fn put_crossing(out: &mut Vec<u8>, crossings: &Crossings, row: CrossingRow<'_>) {
    let (group, hashes) = (row.group, row.hashes);
    put_site_day(out, &crossings.site_days[group.site_day as usize]);
    for (dimension, value) in group.dimensions.iter().zip(group.values) {
        put_text(out, dimension.code());
        put_text(out, &crossings.texts[value as usize]);
    }
    put_measures(out, &row.measures());
    put_length(out, hashes.len());
    out.extend(hashes.iter().flat_map(|hash| hash.to_le_bytes()));
    out.put_u64_le(0);
}

/// Rows in the order of the table's key.
fn in_order(crossings: &Crossings) -> impl Iterator<Item = CrossingRow<'_>> {
    let site_days = ranks(&crossings.site_days);
    let texts = ranks(&crossings.texts);
    let dimensions = ranks(&Dimension::ALL.map(Dimension::code));
    let key = |group: &CrossingGroup| {
        let [one, other] = group.dimensions.map(|dimension| u128::from(dimensions[dimension as usize]));
        let [value, other_value] = group.values.map(|value| u128::from(texts[value as usize]));
        // One number: there are a million rows to be compared.
        u128::from(site_days[group.site_day as usize]) << 80 | one << 72 | other << 64 | value << 32 | other_value
    };
    let mut rows: Vec<_> = (0_u32..).zip(crossings.iter()).map(|(number, row)| (key(&row.group), number)).collect();
    rows.sort_unstable_by_key(|(key, _)| *key);
    rows.into_iter().map(|(_, number)| crossings.row(number as usize))
}

/// The place of each entry in the order of all; the same ones are in the same place.
fn ranks<T: Ord>(list: &[T]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..list.len()).collect();
    order.sort_unstable_by(|one, other| list[*one].cmp(&list[*other]));
    let mut ranks = vec![0; list.len()];
    for pair in 1..order.len() {
        let (before, at) = (order[pair - 1], order[pair]);
        ranks[at] = ranks[before] + u32::from(list[before] != list[at]);
    }
    ranks
}

pub(super) fn put_measures(out: &mut Vec<u8>, measures: &Measures) {
    out.extend(measures.numbers().iter().flat_map(|number| number.to_le_bytes()));
}

pub(super) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_length(out, text.len());
    out.extend_from_slice(text.as_bytes());
}

/// A length as LEB128.
pub(super) fn put_length(out: &mut Vec<u8>, mut length: usize) {
    while length >= 0x80 {
        out.put_u8((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    out.put_u8(length as u8);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Measure;

    proptest! {
        #[test]
        fn rows_are_in_the_order_of_the_key_and_all_there(
            rows in proptest::collection::vec((0..3u32, [0..Dimension::ALL.len(), 0..Dimension::ALL.len()], [0..4u32, 0..4u32]), 0..20),
        ) {
            let site_days = [("b", 1), ("a", 2), ("a", 1)].map(|(site, day)| (site.parse().expect("an id"), Day(day)));
            let texts = ["é", "", "DE", "/"].map(Into::into);
            let mut crossings = Crossings::about(site_days.to_vec(), texts.to_vec());
            for (site_day, dimensions, values) in rows {
                let dimensions = dimensions.map(|number| Dimension::ALL[number]);
                crossings.push(CrossingGroup { site_day, dimensions, values }, &Measures::default(), &[]);
            }
            let named = |row: &CrossingRow<'_>| {
                let [one, other] = row.group.dimensions.map(Dimension::code);
                let [value, other_value] = row.group.values.map(|value| crossings.texts[value as usize].clone());
                (crossings.site_days[row.group.site_day as usize].clone(), one, other, value, other_value)
            };
            let written: Vec<_> = in_order(&crossings).map(|row| named(&row)).collect();
            prop_assert!(written.is_sorted());
            let mut expected: Vec<_> = crossings.iter().map(|row| named(&row)).collect();
            expected.sort();
            prop_assert_eq!(written, expected);
        }
    }

    #[test]
    fn ranks_are_places_and_equal_ones_share_one() {
        assert_eq!(ranks(&["b", "a", "c", "a"]), [1, 0, 2, 0]);
    }

    #[test]
    fn columns_are_the_measures_of_the_model() {
        let names = Measure::ALL.map(Measure::code).join(", ");
        assert_eq!(COLUMNS, format!("site, day, dim, value, hour, {names}, hashes, receipt"));
        assert_eq!(CROSSING_COLUMNS, format!("site, day, dim, value, dim2, value2, {names}, hashes, receipt"));
    }

    #[test]
    fn lengths_are_leb128() {
        let encoded = [0, 127, 128, 300].map(|length| {
            let mut out = Vec::new();
            put_length(&mut out, length);
            out
        });
        assert_eq!(encoded, [vec![0], vec![127], vec![128, 1], vec![172, 2]]);
    }
}
