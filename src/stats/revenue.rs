//! Revenue: which currency an answer is in, and what each row took. From cells of currencies, and crossings with them.
//! Called by `lines`.

use super::error::ReadError;
use super::kept::overlaps;
use super::lines::Lines;
use super::query::Query;
use super::reading::{Cut, Key, Reading, Sums};
use super::result::Revenue;
use crate::clickhouse::{Numbers, OTHER, Pick, Quantity, Side};
use crate::model::{Currency, Dimension, Measure, currency_exponent};

/// The sums that are read of payments.
const QUANTITIES: [Quantity; 2] = [Quantity::Sum(Measure::Events), Quantity::Sum(Measure::RevenueMinor)];

/// Puts payments into the rows. Of several currencies the one of most payments is told, the others are named: amounts of
/// different currencies cannot be added up.
pub(super) async fn put(
    reading: &Reading<'_>,
    query: &Query,
    (cut, settled): (Cut, Option<Currency>),
    lines: &mut Lines,
) -> Result<(), ReadError> {
    let reading = &Reading { quantities: &QUANTITIES, unsealed: reading.unsealed.clone(), ..*reading };
    let revenue = currency(reading, settled).await?;
    lines.whole.exponent = currency_exponent(&revenue.currency);
    let paid =
        Side { dimension: Dimension::Currency, prefix: String::new(), pick: Pick::Is(vec![revenue.currency.clone()]) };
    let filter = query.filter.as_ref().map(|filter| filter.field.side(filter.pick.clone()));
    let side = filter.or_else(|| query.field().map(|field| field.side(Pick::All)));
    let sums = match &side {
        Some(side) if cut.label => reading.crossed(side, &paid, cut).await?,
        Some(side) => reading.crossed(&paid, side, cut).await?,
        None => reading.cells(&paid, cut).await?,
    };
    let shown = sums.total();
    book(lines, sums);
    if let Some(side) = side.as_ref().filter(|_| cut.label) {
        // Those of a picked value are not told: who asks must not learn of them.
        let folded = reading.folded_pairs([side.dimension, Dimension::Currency]).await?;
        lines.suppressed.rows = lines.suppressed.rows.max(folded);
    }
    if cut.label && query.filter.is_none() && side.is_some_and(|side| !overlaps(side.dimension)) {
        let whole = reading.cells(&paid, Cut::NONE).await?.total();
        put_rest(lines, &whole, &shown);
    }
    lines.revenue = Some(revenue);
    Ok(())
}

fn book(lines: &mut Lines, sums: Sums) {
    for (key, numbers) in sums.rows {
        add(lines, key, numbers.measures[Measure::RevenueMinor], numbers.measures[Measure::Events]);
    }
}

fn add(lines: &mut Lines, key: Key, minor: i64, payments: i64) {
    let line = lines.rows.entry(key).or_default();
    line.revenue_minor = line.revenue_minor.saturating_add(minor);
    line.payments = line.payments.saturating_add(payments);
}

/// Payments of groups that were folded, and of events without a value.
fn put_rest(lines: &mut Lines, whole: &Numbers, shown: &Numbers) {
    let rest = |measure: Measure| whole.measures[measure].saturating_sub(shown.measures[measure]);
    let (minor, payments) = (rest(Measure::RevenueMinor), rest(Measure::Events));
    if payments > 0 {
        add(lines, (0, OTHER.to_owned()), minor, payments);
    }
}

/// The currency asked for, else the one of most payments, else euros; and the others there are.
async fn currency(reading: &Reading<'_>, settled: Option<Currency>) -> Result<Revenue, ReadError> {
    let sums = reading.cells(&Side::all(Dimension::Currency), Cut::LABEL).await?;
    let mut known: Vec<(i64, String)> = sums
        .rows
        .into_iter()
        .filter(|((_, code), _)| Currency::of(code).is_some())
        .map(|((_, code), numbers)| (numbers.measures[Measure::Events], code))
        .filter(|(payments, _)| *payments > 0)
        .collect();
    known.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let most = known.first().map(|(_, code)| code.clone());
    let currency = settled.map(|currency| currency.code().to_owned()).or(most).unwrap_or_else(|| "EUR".to_owned());
    let others = known.into_iter().map(|(_, code)| code).filter(|code| *code != currency).collect();
    Ok(Revenue { currency, others })
}
