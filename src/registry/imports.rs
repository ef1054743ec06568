//! What was brought in from files, for lists and for the mark in reports. Kept by `draft` within the site's record; nothing
//! here says whose events they were.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::draft::Draft;
use super::{Refusal, RegistryError, token};

/// Imports a site remembers; the oldest go first.
const IMPORTS: usize = 1_000;

/// What an import brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImportKind {
    /// Events, counted as any other: nobody can tell them apart afterwards.
    Events,
    /// Totals of days that had none, which can be removed again.
    Totals,
}

/// One import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportRecord {
    /// Stable id.
    pub id: String,
    /// What the files were: `combined`, `plausible` …
    pub format: String,
    /// What it brought.
    pub kind: ImportKind,
    /// When it began.
    pub began_at: Timestamp,
    /// When it ended; `None` while it goes on, and when it was killed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// The days it touched, in the site's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<(Date, Date)>,
    /// Events it counted; of totals, those of all days together.
    #[serde(default)]
    pub events: u64,
}

/// What an import did since it was last written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportDone {
    /// First and last day.
    pub days: Option<(Date, Date)>,
    /// Events counted.
    pub events: u64,
    /// Whether it is over.
    pub is_over: bool,
}

impl Draft {
    /// Notes that an import begins.
    ///
    /// # Errors
    /// [`Refusal`] when the site does not exist; or no randomness.
    pub fn begin_import(&mut self, site: &str, format: &str, kind: ImportKind) -> Result<String, RegistryError> {
        let position = self.site_position(site)?;
        let id = token::fresh_id("i")?;
        self.note_site("import_began", site, format!("{id}: {format}"));
        let record = ImportRecord {
            id: id.clone(),
            format: format.to_owned(),
            kind,
            began_at: self.now,
            ended_at: None,
            days: None,
            events: 0,
        };
        let imports = &mut self.book.sites[position].imports;
        imports.push(record);
        let most = imports.len().saturating_sub(IMPORTS);
        imports.drain(..most);
        Ok(id)
    }

    /// Notes what an import did. One that is not known any more is not noted.
    ///
    /// # Errors
    /// [`Refusal`] when the site does not exist.
    pub fn note_import(&mut self, site: &str, id: &str, done: &ImportDone) -> Result<(), Refusal> {
        let position = self.site_position(site)?;
        let now = self.now;
        let Some(import) = self.book.sites[position].imports.iter_mut().find(|import| import.id == id) else {
            return Ok(());
        };
        import.events += done.events;
        import.days = both(import.days, done.days);
        import.ended_at = done.is_over.then_some(now);
        let detail = format!("{id}: {} {} events", import.format, import.events);
        self.note_site(if done.is_over { "import_ended" } else { "import_went_on" }, site, detail);
        Ok(())
    }

    /// Events an import has counted, as far as that is noted.
    pub fn events_of_import(&self, site: &str, id: &str) -> u64 {
        let imports = self.book.sites.iter().find(|record| record.id == site).map(|record| record.imports.as_slice());
        let import = imports.unwrap_or_default().iter().find(|import| import.id == id);
        import.map_or(0, |import| import.events)
    }

    /// Forgets an import; what it brought is removed by the caller.
    ///
    /// # Errors
    /// [`Refusal`] when the site does not exist.
    pub fn forget_import(&mut self, site: &str, id: &str) -> Result<(), Refusal> {
        let position = self.site_position(site)?;
        let imports = &mut self.book.sites[position].imports;
        let before = imports.len();
        imports.retain(|import| import.id != id);
        if imports.len() < before {
            self.note_site("import_removed", site, id);
        }
        Ok(())
    }
}

/// From the first day of either to the last.
fn both(one: Option<(Date, Date)>, other: Option<(Date, Date)>) -> Option<(Date, Date)> {
    match (one, other) {
        (Some((first, last)), Some((begin, end))) => Some((first.min(begin), last.max(end))),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::test_directory;
    use crate::registry::{Registry, SiteChange};

    #[test]
    fn an_import_is_noted_from_its_beginning_to_its_end() {
        let directory = test_directory();
        let registry = Registry::open(directory.path()).expect("opens");
        registry.update("cli", |draft| Ok(draft.add_site("a", SiteChange::default())?)).expect("added");
        let id =
            registry.update("cli", |draft| draft.begin_import("a", "combined", ImportKind::Events)).expect("noted");
        let day = |day| jiff::civil::date(2026, 11, day);
        for done in [
            ImportDone { days: Some((day(3), day(4))), events: 5, is_over: false },
            ImportDone { days: Some((day(1), day(3))), events: 2, is_over: true },
        ] {
            registry.update("cli", |draft| Ok(draft.note_import("a", &id, &done)?)).expect("noted");
        }
        let snapshot = registry.snapshot();
        let import = &snapshot.record("a").expect("known").imports[0];
        assert_eq!((import.days, import.events, import.ended_at.is_some()), (Some((day(1), day(4))), 7, true));
        registry.update("cli", |draft| Ok(draft.forget_import("a", &id)?)).expect("forgotten");
        assert!(registry.snapshot().record("a").expect("known").imports.is_empty());
        assert!(registry.update("cli", |draft| draft.begin_import("b", "x", ImportKind::Totals)).is_err());
    }
}
