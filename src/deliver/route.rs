//! Where the rows of a load go: open days to the open tables, sealed days to the generation that holds of them. Pure.
//! Called by the loaders; what a late count may add to is the seal's rule (P7).

use std::sync::Arc;

use super::seals::State;
use crate::clickhouse::{Generation, LateCell, LateCrossing};
use crate::model::{Cell, CrossingRow, Crossings, Day, Hour, Rules, Site, SiteId};

/// The sites, as far as delivery needs to know them.
pub trait Sites: Send + Sync {
    /// A site that exists.
    fn site(&self, id: &SiteId) -> Option<Arc<Site>>;
    /// All of them.
    fn all(&self) -> Vec<Arc<Site>>;
}

/// The last day on which rows of a day are kept.
pub(super) fn keep_until(site: &Site, day: Day) -> Day {
    let kept = day.date().saturating_add(jiff::Span::new().months(i32::from(site.retention_months)));
    Day::from_date(kept).unwrap_or(Day(u16::MAX))
}

/// The generation of a sealed site-day, and the rules that hold for what is added: those of its seal, which readers trust, and
/// those of the site by now. A site that is gone has what a new one has.
fn generation(state: &State, sites: &dyn Sites, (id, day): (&SiteId, Day)) -> Option<(Generation, [Rules; 2])> {
    let sealed = state.of(id, day)?;
    let site = sites.site(id).unwrap_or_else(|| Arc::new(Site::new(id.clone(), jiff::tz::TimeZone::UTC)));
    let keep_until = keep_until(&site, day);
    let number = sealed.generation;
    Some((Generation { site: id.clone(), day, number, keep_until }, [sealed.rules, Rules::of(&site)]))
}

/// Takes the cells of sealed days out of `cells`, which are sorted. Hours are added up for the whole day as well.
pub(super) fn late_cells(cells: &mut Vec<Cell>, state: &State, sites: &dyn Sites) -> Vec<LateCell> {
    let mut late: Vec<LateCell> = Vec::new();
    // Where the whole day of the value that is being looked at stands in `late`.
    let mut whole: Option<usize> = None;
    cells.retain(|cell| {
        let key = &cell.key;
        let Some((generation, rules)) = generation(state, sites, (&key.site, key.day)) else { return true };
        let always = !rules.iter().any(|rules| rules.judge(key.dimension));
        let of_hour = |hour| LateCell {
            generation: generation.clone(),
            dimension: key.dimension,
            value: key.value.clone(),
            hour,
            measures: cell.measures,
            always,
        };
        if key.hour != Hour::WHOLE_DAY {
            let day = of_hour(Hour::WHOLE_DAY);
            match whole.filter(|at| late[*at].is_group_of(&day)) {
                Some(at) => late[at].measures += cell.measures,
                None => {
                    whole = Some(late.len());
                    late.push(day);
                }
            }
        }
        if key.dimension.hourly() || key.hour == Hour::WHOLE_DAY {
            late.push(of_hour(key.hour));
        }
        false
    });
    late
}

/// Takes the crossings of sealed days out of `crossings`.
pub(super) fn late_crossings(crossings: &mut Crossings, state: &State, sites: &dyn Sites) -> Vec<LateCrossing> {
    let generations: Vec<Option<Generation>> = crossings
        .site_days
        .iter()
        .map(|(site, day)| generation(state, sites, (site, *day)).map(|(generation, _)| generation))
        .collect();
    if generations.iter().all(Option::is_none) {
        return Vec::new();
    }
    let mut late = Vec::new();
    let whole = std::mem::take(crossings);
    let mut open = Crossings::about(whole.site_days.clone(), whole.texts.clone());
    for row in whole.iter() {
        match &generations[row.group.site_day as usize] {
            Some(generation) => late.push(late_crossing(&whole, row, generation)),
            None => open.push_row(row),
        }
    }
    *crossings = open;
    late
}

fn late_crossing(whole: &Crossings, row: CrossingRow<'_>, generation: &Generation) -> LateCrossing {
    LateCrossing {
        generation: generation.clone(),
        dimensions: row.group.dimensions,
        values: row.group.values.map(|value| whole.texts[value as usize].clone()),
        measures: row.measures(),
    }
}

#[cfg(test)]
mod tests;
