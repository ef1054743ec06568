//! The import as the registry knows it: begun with the first event, noted now and then, ended. How much it did is read from
//! the ledger, which survives a kill. Called by [`super::reading`].

use std::time::{Duration, Instant};

use super::error::ImportError;
use super::ledger::Ledger;
use crate::courier::WHO;
use crate::registry::{ImportDone, ImportKind, Registry};

/// How often an import that follows a file is noted: each is a line of the audit list.
const BEAT: Duration = Duration::from_secs(3600);

/// The import as the registry knows it.
pub struct SiteNote<'a> {
    registry: &'a Registry,
    site: &'a str,
    format: &'static str,
    id: Option<String>,
    written: Instant,
}

impl<'a> SiteNote<'a> {
    /// Nothing is noted yet.
    pub fn new(registry: &'a Registry, (site, format): (&'a str, &'static str)) -> Self {
        Self { registry, site, format, id: None, written: Instant::now() }
    }

    /// The id of this import: the one that `before` names, or else one that begins now.
    ///
    /// # Errors
    /// The registry cannot be changed.
    pub fn id(&mut self, before: Option<&str>) -> Result<String, ImportError> {
        if let Some(id) = &self.id {
            return Ok(id.clone());
        }
        let begin =
            || self.registry.update(WHO, |draft| draft.begin_import(self.site, self.format, ImportKind::Events));
        let id = before.map_or_else(begin, |id| Ok(id.to_owned()))?;
        self.id = Some(id.clone());
        Ok(id)
    }

    /// Notes what was done, once in a while.
    ///
    /// # Errors
    /// The registry cannot be changed.
    pub fn beat(&mut self, ledger: &Ledger) -> Result<(), ImportError> {
        if self.written.elapsed() < BEAT { Ok(()) } else { self.write(ledger, false) }
    }

    /// Notes what was done, and whether that was all, when there was a beginning.
    ///
    /// # Errors
    /// The registry cannot be changed.
    pub fn write(&mut self, ledger: &Ledger, is_over: bool) -> Result<(), ImportError> {
        let Some(id) = &self.id else { return Ok(()) };
        let done = ledger.done(id);
        self.registry.update(WHO, |draft| {
            let known = draft.events_of_import(self.site, id);
            let events = done.events.saturating_sub(known);
            Ok(draft.note_import(self.site, id, &ImportDone { days: done.days, events, is_over })?)
        })?;
        self.written = Instant::now();
        Ok(())
    }
}
