//! Days that were counted elsewhere: totals of another product, laid in as the sealed rows of days on which nothing was counted
//! here. They are integers from the beginning, go under the same rules as any sealed day, and are never added to counts of
//! our own. Called by `app` for the API.
//!
//! All days of one import have generations that begin with its mark, so that they can be told and removed again.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{SWITCH_PAUSE, SealError, Sealer, random, rows};
use crate::clickhouse::{CountedCell, Generation, SealRow, StoreError};
use crate::deliver::route::keep_until;
use crate::model::{Day, Dimension, Hour, Measures, Rules, Site, SiteId};
use crate::privacy::hygiene;
use crate::privacy::salt::Stage;

/// What became of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Laid {
    /// It holds the import's totals now.
    Now,
    /// It held them before.
    Before,
    /// It has counts of its own, or takes them still.
    Counted,
    /// Older than the site keeps anything.
    TooOld,
}

/// The first 48 bits of the generations of an import.
fn mark(import: &str) -> u64 {
    let digest = Sha256::digest(import.as_bytes());
    let bytes = digest.first_chunk::<8>().copied().unwrap_or_default();
    (u64::from_le_bytes(bytes) >> 16).max(1)
}

impl Sealer {
    /// Lays in the totals of some days. Each is done whole or not at all; safe to repeat after any outcome.
    ///
    /// # Errors
    /// A step failed; days before it are done.
    pub async fn lay_in(
        &self,
        site: &Site,
        import: &str,
        days: Vec<(Day, Vec<CountedCell>)>,
    ) -> Result<Vec<(Day, Laid)>, SealError> {
        let parts = self.parts();
        let _alone = self.alone().await;
        let mark = mark(import);
        let open = parts.store.open_site_days().await?;
        let (mut outcome, mut free) = (Vec::new(), Vec::new());
        for (day, cells) in days {
            match self.there(site, day, (mark, &open)).await? {
                Some(laid) => outcome.push((day, laid)),
                None => free.push((day, cells)),
            }
        }
        for (day, cells) in free {
            outcome.push((day, self.lay_in_day(site, day, (mark, cells)).await?));
        }
        Ok(outcome)
    }

    /// What a day holds already, or why it can hold nothing; `None` when it is free.
    async fn there(
        &self,
        site: &Site,
        day: Day,
        (mark, open): (u64, &[(SiteId, Day)]),
    ) -> Result<Option<Laid>, SealError> {
        let parts = self.parts();
        let now = parts.clock.unix_seconds();
        if keep_until(site, day) < Day(crate::deliver::commit::utc_day(now)) {
            return Ok(Some(Laid::TooOld));
        }
        let has_rows = open.iter().any(|(id, of)| *id == site.id && *of == day);
        if has_rows || parts.salts.stage(site, day, now) == Stage::Open {
            return Ok(Some(Laid::Counted));
        }
        let sealed = parts.store.seal_of(&site.id, day).await?;
        Ok(sealed.map(|sealed| if sealed.generation >> 16 == mark { Laid::Before } else { Laid::Counted }))
    }

    /// The steps of a seal, with rows that come from elsewhere.
    async fn lay_in_day(
        &self,
        site: &Site,
        day: Day,
        (mark, cells): (u64, Vec<CountedCell>),
    ) -> Result<Laid, SealError> {
        let parts = self.parts();
        tokio::task::block_in_place(|| parts.salts.close(&site.id, day))?;
        let hold = self.drain(&site.id, day).await?;
        if parts.store.open_site_days().await?.contains(&(site.id.clone(), day)) {
            // Counted in this very moment: it is sealed as any other day.
            return Ok(Laid::Counted);
        }
        parts.store.remove_remains(&site.id, day, None).await?;
        let number = mark << 16 | random()? >> 48;
        let generation = Generation { site: site.id.clone(), day, number, keep_until: keep_until(site, day) };
        let cells = cleaned(cells);
        let shown = rows::shown(site, &cells);
        let mut folded = BTreeMap::new();
        for (cell, _) in cells.iter().zip(&shown).filter(|(_, shown)| !**shown) {
            *folded.entry([cell.dimension; 2]).or_default() += 1;
        }
        let written = parts.store.seal_shown_cells(&generation, &cells, &shown).await?;
        let (sealed_at, rules) = (parts.clock.unix_seconds(), Rules::of(site));
        self.switch(&SealRow { generation, sealed_at, rules, cells: written, crossings: 0, folded }, hold).await?;
        Ok(Laid::Now)
    }

    /// Removes everything an import laid in, and what came late for its days. They hold nothing from then on: what comes
    /// meanwhile waits, and makes them days that were counted. Returns how many there were.
    ///
    /// Once begun it goes on until ClickHouse has done it: half removed, nobody could know where late counts belong.
    ///
    /// # Errors
    /// A step failed; it is safe to repeat.
    pub async fn lift(&self, site: &SiteId, import: &str) -> Result<usize, SealError> {
        let parts = self.parts();
        let _alone = self.alone().await;
        let mark = mark(import);
        let count = parts.store.count_marked(site, mark).await?;
        let _holds = self.drain_all(site, &parts.seals.marked(site, mark)).await?;
        loop {
            match parts.store.remove_marked(site, mark).await {
                Err(StoreError::Unavailable(_)) => tokio::time::sleep(SWITCH_PAUSE).await,
                removed => break removed?,
            }
        }
        parts.seals.forget_marked(site, mark);
        Ok(count)
    }
}

/// The cells with clean values (P8), those that are alike by now added up; visitors as well, as other products' rows do.
fn cleaned(cells: Vec<CountedCell>) -> Vec<CountedCell> {
    let mut sums: BTreeMap<(Dimension, Box<str>), (Measures, u64)> = BTreeMap::new();
    for cell in cells {
        let Some(value) = clean(cell.dimension, &cell.value) else { continue };
        let (measures, visitors) = sums.entry((cell.dimension, value)).or_default();
        *measures += cell.measures;
        *visitors += cell.visitors;
    }
    let cell = |((dimension, value), (measures, visitors))| CountedCell {
        dimension,
        value,
        hour: Hour::WHOLE_DAY,
        measures,
        visitors,
    };
    sums.into_iter().map(cell).collect()
}

/// A value as it may be kept; `None` for one that may not, and for what no export has.
fn clean(dimension: Dimension, value: &str) -> Option<Box<str>> {
    let text = |clean: Option<std::borrow::Cow<'_, str>>| {
        clean.filter(|clean| !clean.is_empty()).map(|clean| clean.as_ref().into())
    };
    match dimension {
        Dimension::Total => value.is_empty().then(|| "".into()),
        Dimension::Page | Dimension::EntryPage | Dimension::ExitPage => text(Some(hygiene::clean_path(value))),
        Dimension::Hostname | Dimension::Referrer => text(hygiene::clean_host(value)),
        Dimension::Event => text(hygiene::clean_name(value)),
        Dimension::Prop => {
            let (key, value) = value.split_once('=')?;
            let (key, value) = hygiene::clean_property(key, value)?;
            Some(format!("{key}={value}").into())
        }
        Dimension::Country => {
            let is_code = value.len() == 2 && value.bytes().all(|c| c.is_ascii_alphabetic());
            is_code.then(|| value.to_ascii_uppercase().into())
        }
        Dimension::Source
        | Dimension::Channel
        | Dimension::UtmSource
        | Dimension::UtmMedium
        | Dimension::UtmCampaign
        | Dimension::UtmTerm
        | Dimension::UtmContent
        | Dimension::Browser
        | Dimension::BrowserVersion
        | Dimension::Os
        | Dimension::OsVersion
        | Dimension::Device => text(hygiene::clean_value(value)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Measure;

    fn cell(dimension: Dimension, value: &str, visitors: u64) -> CountedCell {
        let mut measures = Measures::default();
        measures[Measure::Events] = visitors as i64 * 2;
        CountedCell { dimension, value: value.into(), hour: Hour::WHOLE_DAY, measures, visitors }
    }

    #[test]
    fn values_are_clean_and_those_that_are_alike_by_then_are_one() {
        let cells = vec![
            cell(Dimension::Page, "/u/jane@a.test", 1),
            cell(Dimension::Page, "/u/john@a.test", 2),
            cell(Dimension::Country, "de", 3),
            cell(Dimension::Country, "Germany", 4),
            cell(Dimension::Region, "DE-BY", 5),
            cell(Dimension::Prop, "mail=jane@a.test", 6),
            cell(Dimension::Referrer, "b.test", 7),
            cell(Dimension::Total, "", 8),
        ];
        let told: Vec<String> = cleaned(cells)
            .iter()
            .map(|cell| {
                let events = cell.measures[Measure::Events];
                format!("{} {} {} {events}", cell.dimension.code(), cell.value, cell.visitors)
            })
            .collect();
        let wanted = [
            "total  8 16",
            "page /u/:email 3 6",
            "referrer b.test 7 14",
            "country DE 3 6",
            "prop mail=(redacted) 6 12",
        ];
        assert_eq!(told, wanted);
    }

    #[test]
    fn imports_have_marks_of_their_own() {
        assert!(mark("i1") != mark("i2") && mark("i1") > 0 && mark("i1") < 1 << 48);
    }
}
