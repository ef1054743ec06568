//! The text of the reports' statements. Pure. Made of fixed pieces only: whatever comes from outside travels as a
//! server-side parameter.
//!
//! Visitors are merged per day and value first and summed after: sketches of different days and values share no key, so
//! a merge across them would say the same at a higher cost.

use super::report::{By, Counted, Days, Grain, Pick, Quantity, Scope, Side};
use crate::model::{Dimension, Rules};

/// The first day of a site; no row when it has none.
pub(super) const FIRST_DAY: &str = "\
SELECT min(day) AS first FROM (\
SELECT day FROM cells_open WHERE site = {site:String} AND dim NOT IN ('opted_out', '') \
UNION ALL SELECT day FROM cells WHERE site = {site:String} AND dim = 'total') HAVING count() > 0";

/// The days of which the open tables hold anything.
pub(super) const OPEN_DAYS: &str = "\
SELECT day FROM cells_open WHERE site = {site:String} AND day BETWEEN {from:Date} AND {to:Date} AND dim = 'total' \
GROUP BY day ORDER BY day";

const SPAN: &str = "site = {site:String} AND day BETWEEN {from:Date} AND {to:Date}";

/// One row per group: day and hour, or constants; label, or the empty text; the numbers. At most `limit` of them.
///
/// Nothing is grouped by that is the same in all rows: over a year that is a tenth of the work. What is looked at first
/// is said: by itself ClickHouse takes a tenth of the time to choose, and then compares the generations of all rows.
pub(super) fn report(scope: &Scope, by: By, quantities: &[Quantity], limit: u64) -> String {
    let (inner, rows) = match &scope.counted {
        Counted::Cells(side) => (cells(side, scope.days, by.grain, quantities), side),
        Counted::Crossings { rows, filter } => (crossings((rows, filter), scope.days, quantities), rows),
    };
    let (day, at) = match by.grain {
        Grain::Whole => ("toDate(0)", "toUInt8(255)"),
        Grain::Day => ("day", "toUInt8(255)"),
        Grain::Hour => ("day", "hour"),
    };
    let label = match (by.label, rows.prefix.is_empty()) {
        (false, _) => "''",
        (true, true) => "named",
        (true, false) => "substring(named, length({row_prefix:String}) + 1)",
    };
    let sums: Vec<String> = (0..quantities.len()).map(|position| format!("sum(number{position})")).collect();
    format!(
        "SELECT {day} AS on_day, {at} AS at, {label} AS label, [{}] AS numbers FROM ({inner}) {} LIMIT {limit}",
        sums.join(", "),
        grouped(by)
    )
}

/// What is grouped by. Without anything to group by there is one row, unless nothing was found.
fn grouped(by: By) -> String {
    let time: &[&str] = match by.grain {
        Grain::Whole => &[],
        Grain::Day => &["on_day"],
        Grain::Hour => &["on_day", "at"],
    };
    let keys: Vec<&str> = time.iter().copied().chain(by.label.then_some("label")).collect();
    if keys.is_empty() { "HAVING count() > 0".to_owned() } else { format!("GROUP BY {}", keys.join(", ")) }
}

fn cells(side: &Side, days: Days, grain: Grain, quantities: &[Quantity]) -> String {
    let exits = side.dimension == Dimension::ExitPage;
    let scope = format!("PREWHERE {} WHERE {SPAN}", condition(side, "row", "dim", "value"));
    let (time, hours) = match grain {
        Grain::Hour => ("day, hour", "hour != 255"),
        Grain::Day | Grain::Whole => ("day", "hour = 255"),
    };
    let open = format!(
        "SELECT {time}, value AS named, {} FROM cells_open {scope} \
         AND day NOT IN (SELECT day FROM seals WHERE {SPAN}) GROUP BY {time}, named",
        columns(quantities, exits, MERGED)
    );
    let sealed = format!(
        "SELECT {time}, value AS named, {} FROM cells {scope} AND {hours} AND {}",
        columns(quantities, exits, PLAIN),
        in_force(days)
    );
    match days {
        Days::Met(_) => sealed,
        Days::Both | Days::Unmet(_) => format!("{open} UNION ALL {sealed}"),
    }
}

fn crossings((rows, filter): (&Side, &Side), days: Days, quantities: &[Quantity]) -> String {
    let (first, second) = (("dim", "value"), ("dim2", "value2"));
    let ((dim, value), (other_dim, other_value)) =
        if rows.dimension <= filter.dimension { (first, second) } else { (second, first) };
    format!(
        "SELECT day, {value} AS named, {} FROM crossings PREWHERE {} WHERE {SPAN} AND {} AND {other_dim} = {{filter_dim:String}} \
         AND {value} != '(other)' AND {}",
        columns(quantities, false, PLAIN),
        picked(filter, "filter", other_value).unwrap_or_else(|| "1".to_owned()),
        condition(rows, "row", dim, value),
        in_force(days)
    )
}

/// Rows of the generation that holds, of the days that are asked for.
pub(super) fn in_force(days: Days) -> String {
    let of = |Rules { k, strict }: Rules| format!("k >= {k} AND strict >= {strict}");
    let which = match days {
        Days::Both => String::new(),
        Days::Met(rules) => format!(" AND {}", of(rules)),
        Days::Unmet(rules) => format!(" AND NOT ({})", of(rules)),
    };
    format!("(day, generation) IN (SELECT day, generation FROM seals FINAL WHERE {SPAN}{which})")
}

/// The values of one side.
fn condition(side: &Side, name: &str, dim: &str, value: &str) -> String {
    let dimension = format!("{dim} = {{{name}_dim:String}}");
    picked(side, name, value).map_or_else(|| dimension.clone(), |picked| format!("{dimension} AND {picked}"))
}

/// Which values of a dimension; none when all are meant.
fn picked(side: &Side, name: &str, value: &str) -> Option<String> {
    let starts = || format!("startsWith({value}, {{{name}_prefix:String}})");
    let prefix = (!side.prefix.is_empty()).then(starts);
    let label = format!("substring({value}, length({{{name}_prefix:String}}) + 1)");
    let picked = match &side.pick {
        Pick::All => return prefix,
        // What was folded is not among the values that are sent, and what is sent has the prefix.
        Pick::Is(_) => return Some(format!("{value} IN {{{name}_pick:Array(String)}}")),
        Pick::IsNot(_) => format!("{value} NOT IN {{{name}_pick:Array(String)}}"),
        Pick::Contains(_) => format!("multiSearchAny({label}, {{{name}_pick:Array(String)}})"),
        Pick::Matches(_) => format!("match({label}, {{{name}_pick:String}})"),
    };
    let prefix = prefix.map_or_else(String::new, |prefix| format!("{prefix} AND "));
    Some(format!("{prefix}{picked} AND {label} != '(other)'"))
}

/// How a column of a table becomes a number: of visitors, of a sum.
type Reading = (&'static str, fn(&str) -> String);

/// Rows of open days are merged, with their sketches.
const MERGED: Reading = ("toInt64(uniqCombined64Merge(16)(visitors))", |column| format!("sum({column})"));
/// Rows of sealed days are integers.
const PLAIN: Reading = ("visitors", str::to_owned);

/// The inner columns: one number per day, value and quantity.
fn columns(quantities: &[Quantity], exits: bool, (visitors, sum): Reading) -> String {
    let columns = quantities.iter().enumerate().map(|(position, quantity)| {
        let number = match quantity {
            // Nobody can be taken out of a sketch again: of exit pages, which move, there are at most as many as visits.
            Quantity::Visitors if exits => format!("least({visitors}, greatest({}, 0))", sum("visits")),
            Quantity::Visitors => visitors.to_owned(),
            Quantity::Sum(measure) => sum(measure.code()),
        };
        format!("{number} AS number{position}")
    });
    columns.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Day, Measure};

    const BOTH: [Quantity; 2] = [Quantity::Visitors, Quantity::Sum(Measure::Pageviews)];

    const RULES: Rules = Rules { k: 5, strict: true };

    fn scope(counted: Counted, days: Days) -> Scope {
        Scope { site: "mine".parse().expect("an id"), counted, from: Day(1), to: Day(2), days }
    }

    fn picked(dimension: Dimension, prefix: &str, pick: Pick) -> Side {
        Side { dimension, prefix: prefix.to_owned(), pick }
    }

    #[test]
    fn cells_are_read_from_both_sides_of_the_seal() {
        let total = scope(Counted::Cells(Side::all(Dimension::Total)), Days::Both);
        insta::assert_snapshot!("series_by_hour", report(&total, By { grain: Grain::Hour, label: false }, &BOTH, 9));
        let exits = scope(Counted::Cells(Side::all(Dimension::ExitPage)), Days::Both);
        let unmet = scope(Counted::Cells(Side::all(Dimension::Country)), Days::Unmet(RULES));
        insta::assert_snapshot!("days_to_judge", report(&unmet, By { grain: Grain::Day, label: true }, &BOTH, 9));
        insta::assert_snapshot!(
            "table_of_exit_pages",
            report(&exits, By { grain: Grain::Whole, label: true }, &BOTH, 9)
        );
    }

    #[test]
    fn values_are_picked_by_their_label() {
        let by = By { grain: Grain::Day, label: false };
        let picks = [
            Pick::Is(Vec::new()),
            Pick::IsNot(Vec::new()),
            Pick::Contains(Vec::new()),
            Pick::Matches(Regex::new("x").expect("a pattern")),
        ];
        let told = picks.map(|pick| {
            let side = picked(Dimension::Prop, "plan=", pick);
            report(&scope(Counted::Cells(side), Days::Met(RULES)), by, &BOTH[1..], 9)
        });
        insta::assert_snapshot!("series_of_picked_values", told.join("\n"));
    }

    #[test]
    fn crossings_are_labelled_by_either_side() {
        let by = By { grain: Grain::Whole, label: true };
        let page = || picked(Dimension::Page, "", Pick::All);
        let country = || picked(Dimension::Country, "", Pick::Is(Vec::new()));
        let pages = Counted::Crossings { rows: page(), filter: country() };
        insta::assert_snapshot!("pages_of_a_country", report(&scope(pages, Days::Met(RULES)), by, &BOTH, 9));
        let countries = Counted::Crossings { rows: country(), filter: page() };
        insta::assert_snapshot!("countries_of_a_page", report(&scope(countries, Days::Met(RULES)), by, &BOTH, 9));
    }

    use regex::Regex;
}
