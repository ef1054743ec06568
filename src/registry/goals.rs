//! Changes to goals, funnels and annotations of a site, made on the draft. Knows nothing of counting: what reaches a
//! goal is decided in [`crate::model`].

use jiff::civil::Date;

use super::draft::Draft;
use super::record::{AnnotationRecord, FunnelRecord, GoalRecord, SiteRecord};
use super::{Refusal, RegistryError, token};
use crate::model::Day;

/// Goals a site can have: every event is held against each.
pub const GOALS: usize = 100;
/// Funnels a site can have.
pub const FUNNELS: usize = 20;
/// Steps a funnel can have; two are the least.
pub const FUNNEL_STEPS: usize = 8;
/// Annotations a site can have.
pub const ANNOTATIONS: usize = 500;

/// Longest name, in characters.
const NAME: usize = 100;
/// Longest page pattern, in characters: matching takes time with its length.
const PATTERN: usize = 500;
/// Longest name of an event and longest property, in bytes, as events carry them.
const EVENT_BYTES: usize = 64;
const PROPERTY_BYTES: usize = 32 + 1 + 128;
/// Longest annotation, in characters.
const TEXT: usize = 200;

const BAD_NAME: &str = "a name has 1 to 100 characters and does not begin with a bracket, which marks rows of our own";

/// Why a goal on the property of a number is none.
const NUMBER: &str = "the site keeps this property as a number, by size only: no event would ever reach the goal; choose \
                      another property, or take the key off the numbers of the site first";

impl Draft {
    /// Adds a goal; its name is trimmed. Counted are events from now on.
    ///
    /// # Errors
    /// [`Refusal`] when the site does not exist, the name is taken, or the goal is none: also where the site keeps its
    /// property as a number.
    pub fn add_goal(&mut self, site: &str, goal: GoalRecord) -> Result<GoalRecord, Refusal> {
        let position = self.site_position(site)?;
        let goal = checked(goal)?;
        let SiteRecord { goals, numbers, .. } = &mut self.book.sites[position];
        if goal.property_key().is_some_and(|key| numbers.iter().any(|number| number == key)) {
            return Err(Refusal::BadGoal(NUMBER));
        }
        if goals.iter().any(|other| other.name == goal.name) {
            return Err(Refusal::GoalExists);
        }
        if goals.len() >= GOALS {
            return Err(Refusal::TooMany("a site has at most 100 goals; remove one first"));
        }
        goals.push(goal.clone());
        goals.sort_by(|a, b| a.name.cmp(&b.name));
        self.note_site("goal_added", site, describe(&goal));
        Ok(goal)
    }

    /// Removes a goal. What has been counted stays.
    ///
    /// # Errors
    /// [`Refusal`] when site or goal do not exist, or a funnel has it as a step.
    pub fn remove_goal(&mut self, site: &str, name: &str) -> Result<(), Refusal> {
        let position = self.site_position(site)?;
        let SiteRecord { goals, funnels, .. } = &mut self.book.sites[position];
        let at = goals.iter().position(|goal| goal.name == name).ok_or(Refusal::NoGoal)?;
        if funnels.iter().any(|funnel| funnel.steps.iter().any(|step| step == name)) {
            return Err(Refusal::GoalInUse);
        }
        goals.remove(at);
        self.note_site("goal_removed", site, name);
        Ok(())
    }

    /// Adds a funnel of existing goals. Counted is progress from now on.
    ///
    /// # Errors
    /// [`Refusal`] when the site or a goal does not exist, or the steps are none; or no randomness.
    pub fn add_funnel(&mut self, site: &str, name: &str, steps: Vec<String>) -> Result<FunnelRecord, RegistryError> {
        let position = self.site_position(site)?;
        let name = tidy(name, NAME).ok_or(Refusal::BadFunnel(BAD_NAME))?;
        check_steps(&self.book.sites[position], &steps)?;
        let mut id = token::fresh_id("f")?;
        while self.book.sites[position].funnels.iter().any(|other| other.id == id) {
            id = token::fresh_id("f")?;
        }
        let funnels = &self.book.sites[position].funnels;
        if funnels.iter().any(|other| other.name == name) {
            return Err(Refusal::BadFunnel("a funnel of this name exists already; choose another name").into());
        }
        if funnels.len() >= FUNNELS {
            return Err(Refusal::TooMany("a site has at most 20 funnels; remove one first").into());
        }
        let funnel = FunnelRecord { id, name, steps, created_at: self.now };
        self.note_site("funnel_added", site, format!("{} {}: {}", funnel.id, funnel.name, funnel.steps.join(" > ")));
        self.book.sites[position].funnels.push(funnel.clone());
        Ok(funnel)
    }

    /// Removes a funnel. Its counts are no longer shown.
    ///
    /// # Errors
    /// [`Refusal`] when site or funnel do not exist.
    pub fn remove_funnel(&mut self, site: &str, id: &str) -> Result<(), Refusal> {
        let position = self.site_position(site)?;
        let funnels = &mut self.book.sites[position].funnels;
        let at = funnels.iter().position(|funnel| funnel.id == id).ok_or(Refusal::NoFunnel)?;
        funnels.remove(at);
        self.note_site("funnel_removed", site, id);
        Ok(())
    }

    /// Changes day, text or both of a note.
    ///
    /// # Errors
    /// [`Refusal`] when site or note do not exist, or the text is none.
    pub fn edit_annotation(
        &mut self,
        site: &str,
        id: &str,
        (day, text): (Option<Date>, Option<&str>),
    ) -> Result<AnnotationRecord, Refusal> {
        let position = self.site_position(site)?;
        let annotations = &mut self.book.sites[position].annotations;
        let annotation = annotations.iter_mut().find(|annotation| annotation.id == id).ok_or(Refusal::NoAnnotation)?;
        let text = text.unwrap_or(&annotation.text);
        let (day, text) = annotated(day.unwrap_or(annotation.day), text)?;
        let changed = AnnotationRecord { id: id.to_owned(), day, text };
        if *annotation != changed {
            *annotation = changed.clone();
            annotations.sort_by_key(|annotation| annotation.day);
            self.note_site("annotation_edited", site, format!("{id} {day}: {}", changed.text));
        }
        Ok(changed)
    }

    /// Adds a note on the time line.
    ///
    /// # Errors
    /// [`Refusal`] when the site does not exist or the text is none; or no randomness.
    pub fn add_annotation(&mut self, site: &str, day: Date, text: &str) -> Result<AnnotationRecord, RegistryError> {
        let position = self.site_position(site)?;
        let (day, text) = annotated(day, text)?;
        let annotations = &self.book.sites[position].annotations;
        if annotations.len() >= ANNOTATIONS {
            return Err(Refusal::TooMany("a site has at most 500 annotations; remove one first").into());
        }
        let mut id = token::fresh_id("a")?;
        while annotations.iter().any(|other| other.id == id) {
            id = token::fresh_id("a")?;
        }
        let annotation = AnnotationRecord { id, day, text };
        self.note_site("annotation_added", site, format!("{} {day}: {}", annotation.id, annotation.text));
        let annotations = &mut self.book.sites[position].annotations;
        annotations.push(annotation.clone());
        annotations.sort_by_key(|annotation| annotation.day);
        Ok(annotation)
    }

    /// Removes a note.
    ///
    /// # Errors
    /// [`Refusal`] when site or note do not exist.
    pub fn remove_annotation(&mut self, site: &str, id: &str) -> Result<(), Refusal> {
        let position = self.site_position(site)?;
        let annotations = &mut self.book.sites[position].annotations;
        let at = annotations.iter().position(|annotation| annotation.id == id).ok_or(Refusal::NoAnnotation)?;
        annotations.remove(at);
        self.note_site("annotation_removed", site, id);
        Ok(())
    }
}

/// Day and text of a note, as they are kept.
fn annotated(day: Date, text: &str) -> Result<(Date, String), Refusal> {
    Day::from_date(day).ok_or(Refusal::BadAnnotation("day: lies between 1970-01-01 and 2149-06-06"))?;
    let text = tidy_text(text, TEXT)
        .ok_or(Refusal::BadAnnotation("an annotation has 1 to 200 characters and no control characters"))?;
    Ok((day, text))
}

fn checked(goal: GoalRecord) -> Result<GoalRecord, Refusal> {
    let name = tidy(&goal.name, NAME).ok_or(Refusal::BadGoal(BAD_NAME))?;
    match (&goal.page, &goal.event, &goal.property) {
        (Some(_), None, None) | (None, Some(_), _) => {}
        _ => return Err(Refusal::BadGoal("a goal is either a page or an event; a property goes with an event")),
    }
    if goal.page.as_deref().is_some_and(|pattern| !is_pattern(pattern)) {
        return Err(Refusal::BadGoal(
            "a page pattern has at most 500 characters and begins with / or *; * is any text without a slash, ** any text",
        ));
    }
    let is_word = |text: &str, bytes: usize| {
        (1..=bytes).contains(&text.len()) && text.trim() == text && !text.contains(char::is_control)
    };
    if goal.event.as_deref().is_some_and(|event| !is_word(event, EVENT_BYTES)) {
        return Err(Refusal::BadGoal("the name of an event has 1 to 64 bytes"));
    }
    if goal.event.as_deref() == Some("pageview") {
        return Err(Refusal::BadGoal("page views are named by a page pattern; `/**` is every page"));
    }
    let is_property = |text: &str| {
        let parts = text.split_once('=');
        is_word(text, PROPERTY_BYTES) && parts.is_some_and(|(key, value)| !key.is_empty() && !value.is_empty())
    };
    if goal.property.as_deref().is_some_and(|property| !is_property(property)) {
        return Err(Refusal::BadGoal("a property is given as key=value"));
    }
    Ok(GoalRecord { name, ..goal })
}

fn check_steps(site: &SiteRecord, steps: &[String]) -> Result<(), Refusal> {
    match steps.len() {
        0 => return Err(Refusal::BadFunnel("a funnel without steps counts nothing; name 2 to 8 goals")),
        1 => return Err(Refusal::BadFunnel("a funnel of one step is a goal; name 2 to 8 goals")),
        2..=FUNNEL_STEPS => {}
        _ => return Err(Refusal::BadFunnel("a funnel has at most 8 steps; name fewer goals")),
    }
    for (position, step) in steps.iter().enumerate() {
        if steps[..position].contains(step) {
            let cycle = "the same goal stands twice among the steps: a funnel that goes in a circle has no end; name each goal once";
            return Err(Refusal::BadFunnel(cycle));
        }
        if !site.goals.iter().any(|goal| goal.name == *step) {
            return Err(Refusal::BadFunnel("a step is not a goal of this site; add the goal first"));
        }
    }
    Ok(())
}

/// Whether a text is a pattern of pages.
pub(super) fn is_pattern(text: &str) -> bool {
    text.starts_with(['/', '*']) && text.chars().count() <= PATTERN && !text.contains(char::is_control)
}

/// A name: trimmed, spaces between words made one; rows such as `(other)` keep their brackets to themselves.
fn tidy(text: &str, most: usize) -> Option<String> {
    tidy_text(text, most).filter(|name| !name.starts_with('('))
}

pub(super) fn tidy_text(text: &str, most: usize) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let tidied = words.join(" ");
    let fits = !tidied.is_empty() && tidied.chars().count() <= most && !tidied.contains(char::is_control);
    fits.then_some(tidied)
}

fn describe(goal: &GoalRecord) -> String {
    match (&goal.page, &goal.event, &goal.property) {
        (Some(page), ..) => format!("{}: page {page}", goal.name),
        (None, event, property) => {
            let property = property.as_deref().map(|property| format!(" with {property}"));
            format!("{}: event {}{}", goal.name, event.as_deref().unwrap_or_default(), property.unwrap_or_default())
        }
    }
}

#[cfg(test)]
#[path = "goals_tests.rs"]
mod tests;
