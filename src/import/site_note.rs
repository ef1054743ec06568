//! The import as the registry knows it: begun with the first event, noted now and then, ended. Called by [`super::reading`].

use std::cell::Cell;
use std::time::{Duration, Instant};

use super::error::ImportError;
use super::sending::Days;
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
    /// What is not noted yet.
    done: ImportDone,
    /// Events counted in this run that are in `done` or noted.
    known: u64,
    written: Cell<Instant>,
    say: Box<dyn Fn(&str) + Send + 'a>,
}

impl<'a> SiteNote<'a> {
    /// Nothing is noted yet. `say` shows a line.
    pub fn new(
        registry: &'a Registry,
        (site, format): (&'a str, &'static str),
        say: impl Fn(&str) + Send + 'a,
    ) -> Self {
        let (done, written) = (ImportDone::default(), Cell::new(Instant::now()));
        Self { registry, site, format, id: None, done, known: 0, written, say: Box::new(say) }
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

    /// What was counted: the days of the newest events, and how many there are of this run.
    pub fn add(&mut self, days: Days, counted: u64) {
        self.done.days = match (self.done.days, days) {
            (Some((first, last)), Some((begin, end))) => Some((first.min(begin), last.max(end))),
            (one, other) => one.or(other),
        };
        self.done.events += counted - self.known;
        self.known = counted;
    }

    /// Notes what is not noted yet, once in a while.
    ///
    /// # Errors
    /// The registry cannot be changed.
    pub fn beat(&mut self) -> Result<(), ImportError> {
        if self.written.get().elapsed() < BEAT || self.done.events == 0 {
            return Ok(());
        }
        self.write()
    }

    /// Notes the end, when there was a beginning.
    ///
    /// # Errors
    /// The registry cannot be changed.
    pub fn end(&mut self) -> Result<(), ImportError> {
        self.done.is_over = true;
        self.write()
    }

    /// Shows a line.
    pub fn say(&self, line: &str) {
        (self.say)(line);
    }

    fn write(&mut self) -> Result<(), ImportError> {
        let Some(id) = &self.id else { return Ok(()) };
        let done = std::mem::take(&mut self.done);
        self.registry.update(WHO, |draft| Ok(draft.note_import(self.site, id, &done)?))?;
        self.written.set(Instant::now());
        Ok(())
    }
}
