//! The text of the reports' statements. Pure. Made of fixed pieces only: whatever comes from outside travels as a
//! server-side parameter.
//!
//! Visitors are merged per day first and summed over days after: sketches of different days share no key, so a merge
//! across days would say the same at a higher cost.

use super::report::{Grain, Order, OrderBy, Quantity};

/// The first day of a site; no row when it has none.
pub(super) const FIRST_DAY: &str =
    "SELECT day FROM cells_open WHERE site = {site:String} AND dim != 'opted_out' ORDER BY day LIMIT 1";

const FROM_SCOPE: &str = "\
FROM cells_open WHERE site = {site:String} AND dim = {dim:String} \
AND day BETWEEN {from:Date} AND {to:Date} AND startsWith(value, {prefix:String})";

/// One row: the numbers of the whole scope.
pub(super) fn totals(quantities: &[Quantity]) -> String {
    format!(
        "SELECT {} AS numbers FROM (SELECT day, {} {FROM_SCOPE} GROUP BY day)",
        sums(quantities),
        per_day(quantities)
    )
}

/// One row per day or hour.
pub(super) fn series(quantities: &[Quantity], grain: Grain) -> String {
    let hour = match grain {
        Grain::Hour => "hour",
        Grain::Day => "toUInt8(255)",
    };
    format!(
        "SELECT day, at, {} AS numbers FROM (SELECT day, {hour} AS at, {} {FROM_SCOPE} GROUP BY day, at) \
         GROUP BY day, at ORDER BY day, at",
        sums(quantities),
        per_day(quantities)
    )
}

/// One row per value.
pub(super) fn table(quantities: &[Quantity], order: &[Order]) -> String {
    let mut columns: Vec<String> = order.iter().map(|order| column(*order)).collect();
    if !order.iter().any(|order| order.by == OrderBy::Value) {
        columns.push("label ASC".to_owned());
    }
    format!(
        "SELECT substring(value, length({{prefix:String}}) + 1) AS label, {} AS numbers \
         FROM (SELECT value, day, {} {FROM_SCOPE} GROUP BY value, day) \
         GROUP BY label ORDER BY {} LIMIT {{limit:UInt64}} OFFSET {{offset:UInt64}}",
        sums(quantities),
        per_day(quantities),
        columns.join(", ")
    )
}

/// One number: how many values there are.
pub(super) fn table_size() -> String {
    format!("SELECT uniqExact(value) {FROM_SCOPE}")
}

fn column(order: Order) -> String {
    let direction = if order.descending { "DESC" } else { "ASC" };
    match order.by {
        OrderBy::Value => format!("label {direction}"),
        OrderBy::Quantity(position) => format!("numbers[{}] {direction}", position + 1),
    }
}

/// The inner columns: one number per day and quantity.
fn per_day(quantities: &[Quantity]) -> String {
    let columns = quantities.iter().enumerate().map(|(position, quantity)| {
        let number = match quantity {
            Quantity::Visitors => "toInt64(uniqCombined64Merge(16)(visitors))".to_owned(),
            Quantity::Sum(measure) => format!("sum({})", measure.code()),
        };
        format!("{number} AS number{position}")
    });
    columns.collect::<Vec<_>>().join(", ")
}

/// The outer column: all numbers, summed over days.
fn sums(quantities: &[Quantity]) -> String {
    let columns = (0..quantities.len()).map(|position| format!("sum(number{position})"));
    format!("[{}]", columns.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Measure;

    const BOTH: [Quantity; 2] = [Quantity::Visitors, Quantity::Sum(Measure::Pageviews)];

    #[test]
    fn totals_sum_daily_uniques() {
        insta::assert_snapshot!("totals", totals(&BOTH));
    }

    #[test]
    fn series_come_per_day_or_hour() {
        insta::assert_snapshot!("series_by_day", series(&BOTH, Grain::Day));
        insta::assert_snapshot!("series_by_hour", series(&[Quantity::Sum(Measure::Events)], Grain::Hour));
    }

    #[test]
    fn tables_break_ties_by_value() {
        let most = Order { by: OrderBy::Quantity(1), descending: true };
        let name = Order { by: OrderBy::Value, descending: true };
        insta::assert_snapshot!("table_by_metric", table(&BOTH, &[most]));
        insta::assert_snapshot!("table_by_value", table(&BOTH, &[name, most]));
        insta::assert_snapshot!("table_size", table_size());
    }
}
