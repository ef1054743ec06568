//! Tables that GA4 downloads as CSV, of reports and of free-form explorations: comments that begin with `#`, a heading, rows.
//! A file may hold several. Rows are added up by day and by each column that is kept; what cannot be added up (visitors,
//! visits) is read only where nothing has to be.

mod columns;

use std::collections::BTreeMap;

use jiff::civil::Date;

use self::columns::{Columns, Group, Number};
use super::{Book, Counts, Reader};
use crate::import::decode::fields;
use crate::import::skip::Skip;
use crate::model::foreign::ga4::NOT_KEPT;

const NO_TABLE: &str = "there is no table in it whose columns are known: Views, Event count, Sessions, Total users or \
    Active users, and what stands before them. Download it with Analytics in English";
const NO_DATE: &str = "it has no column Date, and what it says of several days cannot be divided among them: add Date to \
    the table, or download one day at a time";

/// Tables on their way in.
#[derive(Default)]
pub struct Reports {
    /// The number of the table, over all files.
    table: usize,
    /// Its columns; `None` before its heading.
    columns: Option<Columns>,
    /// The days that comments name: from, to.
    days: (Option<Date>, Option<Date>),
    /// The table that tells of a dimension on a day. Another one would add the same events once more.
    tellers: BTreeMap<(Date, &'static str), usize>,
    /// Page views of this table by day, and the most that any table had.
    views: BTreeMap<Date, u64>,
    most_views: BTreeMap<Date, u64>,
    unplaced: u64,
    /// Whether anything was understood in this file, and why something was not.
    is_understood: bool,
    why_not: Option<&'static str>,
}

impl Reader for Reports {
    fn begin(&mut self, _file: &str) -> bool {
        (self.columns, self.days) = (None, (None, None));
        (self.is_understood, self.why_not) = (false, None);
        true
    }

    fn take(&mut self, record: &str, book: &mut Book) -> Result<(), Skip> {
        let record = record.trim();
        if record.is_empty() || record.starts_with('#') {
            self.finish();
            self.comment(record);
            return Err(Skip::Heading);
        }
        let values = fields::row(record);
        let Some(columns) = &self.columns else {
            self.heading(&values);
            return Err(Skip::Heading);
        };
        if values.iter().any(|value| value == "Grand total") || columns.is_sum(&values) {
            return Err(Skip::Heading);
        }
        if !columns.is_kept() {
            return Err(Skip::NotKept);
        }
        self.row(&values, book)
    }

    fn end(&mut self) -> Result<(), &'static str> {
        self.finish();
        if self.is_understood { Ok(()) } else { Err(self.why_not.unwrap_or(NO_TABLE)) }
    }

    fn close(&mut self, book: &mut Book) {
        std::mem::take(&mut self.most_views).into_iter().for_each(|(day, views)| book.at_least(day, views));
    }

    fn unplaced(&mut self) -> u64 {
        std::mem::take(&mut self.unplaced)
    }
}

impl Reports {
    /// Adds a row to the book.
    fn row(&mut self, values: &[String], book: &mut Book) -> Result<(), Skip> {
        let Some(columns) = &self.columns else { return Err(Skip::Heading) };
        if values.len() != columns.len() {
            return Err(Skip::Malformed);
        }
        let day = match columns.date(values) {
            Some(text) => date(text).ok_or(Skip::BadTime)?,
            None => self.days.0.ok_or(Skip::BadTime)?,
        };
        let (counts, name) = counts(columns, values)?;
        let views = self.views.entry(day).or_default();
        *views = views.saturating_add(counts.pageviews);
        for (Group { dimension, clean }, value) in columns.groups(values) {
            let kept = if *dimension == "event" { name.clone() } else { clean(value) };
            let is_named = *dimension == "country" && !columns::told(value).is_empty();
            if is_named && kept.is_empty() {
                self.unplaced = self.unplaced.saturating_add(counts.events);
            }
            let teller = *self.tellers.entry((day, *dimension)).or_insert(self.table);
            if !kept.is_empty() && teller == self.table {
                book.add(day, dimension, kept, &counts);
            }
        }
        if columns.is_of_days() && *self.tellers.entry((day, "total")).or_insert(self.table) == self.table {
            book.add(day, "total", "", &counts);
        }
        Ok(())
    }

    /// A table has ended.
    fn finish(&mut self) {
        self.columns = None;
        for (day, views) in std::mem::take(&mut self.views) {
            let most = self.most_views.entry(day).or_default();
            *most = views.max(*most);
        }
    }

    /// Reports name the days as `# Start date: 20260101`, explorations as `# 20260101-20260131`.
    fn comment(&mut self, text: &str) {
        let text = text.trim_start_matches('#').trim();
        let named = |name: &str| text.strip_prefix(name).and_then(|rest| date(rest.trim()));
        if let Some(day) = named("Start date:") {
            self.days = (Some(day), None);
        } else if let Some(day) = named("End date:") {
            self.days.1 = Some(day);
        } else if let Some((from, to)) = text.split_once('-').and_then(|(from, to)| Some((date(from)?, date(to)?))) {
            self.days = (Some(from), Some(to));
        }
    }

    fn heading(&mut self, values: &[String]) {
        let mut columns = Columns::of(values);
        self.table += 1;
        let is_one_day = self.days.0.is_some() && self.days.0 == self.days.1;
        if columns.is_kept() && !columns.has_date() && !is_one_day {
            self.why_not = Some(NO_DATE);
            columns.pass_over();
        }
        self.is_understood |= columns.is_kept();
        self.columns = Some(columns);
    }
}

/// `20260131`, or as everybody else writes it.
fn date(text: &str) -> Option<Date> {
    match (text.len(), text.get(..4), text.get(4..6), text.get(6..)) {
        (8, Some(year), Some(month), Some(day)) => format!("{year}-{month}-{day}").parse().ok(),
        _ => text.parse().ok(),
    }
}

/// The numbers of a row, and the name of its event where there is a column of names; empty for a page view.
fn counts(columns: &Columns, values: &[String]) -> Result<(Counts, String), Skip> {
    let number = |number: Number| columns.number(number, values);
    let (views, events) = (number(Number::Views)?, number(Number::Events)?);
    let name = columns.event(values).unwrap_or_default();
    let mut counts = Counts::default();
    match name {
        "" | "page_view" | "screen_view" => {
            counts.pageviews = views.or(events.filter(|_| !name.is_empty())).unwrap_or(0)
        }
        "user_engagement" | "scroll" => return Err(Skip::NotKept),
        other if NOT_KEPT.contains(&other) || other.starts_with("firebase_") => return Err(Skip::NotKept),
        _ => counts.events = events.unwrap_or(0),
    }
    counts.events = counts.events.saturating_add(counts.pageviews);
    // Somebody who looked at two pages is a visitor of both: only rows that are not added up tell how many there were.
    if columns.is_of_one_dimension() {
        counts.visitors = number(Number::Users)?.or(number(Number::ActiveUsers)?).unwrap_or(0);
        counts.visits = number(Number::Sessions)?.unwrap_or(0);
        counts.bounces = number(Number::EngagedSessions)?.map_or(0, |engaged| counts.visits.saturating_sub(engaged));
        let each = columns.seconds(Number::SessionDuration, values);
        counts.visit_secs = (each * counts.visits as f64).round() as u64;
    }
    let is_view = matches!(name, "page_view" | "screen_view");
    Ok((counts, if is_view { String::new() } else { name.to_owned() }))
}

#[cfg(test)]
mod tests;
