//! Batches come back as they were, and bytes that are no batch are refused.

use proptest::prelude::*;

use super::*;
use crate::model::Measure;

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

pub fn any_crossings(visits: impl Strategy<Value = i64>) -> impl Strategy<Value = Crossings> {
    let dimension = 0..Dimension::ALL.len() as u8;
    let hashes = proptest::collection::btree_set(any::<u32>(), 0..5);
    let row = (dimension.clone(), dimension, 0..3u32, 0..3u32, visits, hashes);
    proptest::collection::vec(row, 0..8).prop_map(|rows| {
        let site_days = vec![("a".parse().expect("an id"), Day(7))];
        let texts = ["", "/", "é"].map(Into::into).to_vec();
        let mut crossings = Crossings::about(site_days, texts);
        for (a, b, one, other, visits, hashes) in rows {
            let mut measures = Measures::default();
            measures[Measure::Visits] = visits;
            let dimensions = [a, b].map(|number| Dimension::from_number(number).expect("a dimension"));
            let group = CrossingGroup { site_day: 0, dimensions, values: [one, other] };
            crossings.push(group, &measures, &hashes.into_iter().collect::<Vec<_>>());
        }
        crossings
    })
}

pub fn any_batch() -> impl Strategy<Value = Batch> {
    let cells = proptest::collection::vec(any_cell(), 0..8);
    let crossings = any_crossings(any::<i64>());
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
    fn a_table_gets_its_part_of_a_batch(batch in any_batch()) {
        let bytes = encode(&batch);
        let Batch { sequence, cells, crossings, .. } = batch;
        let part = |cells, crossings| Ok(Batch { sequence, cells, crossings, remembered: Vec::new() });
        prop_assert_eq!(super::sequence(&bytes), Ok(sequence));
        prop_assert_eq!(decode_for(Table::Cells, &bytes), part(cells, Crossings::default()));
        prop_assert_eq!(decode_for(Table::Crossings, &bytes), part(Vec::new(), crossings));
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
