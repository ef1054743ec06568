//! New and returning visitors without an identifier: what a client says of its own past, made coarse.

use crate::ingest::hit::{Cohort, Week};
use crate::model::{Day, Dimension, Event, EventKind};

/// Weeks back that a first week is told from others.
const OLDEST_WEEKS: i32 = 104;

/// Puts the cohort: the first week once a week, and for two years only. A counter stands for nobody.
pub fn put_cohort(event: &mut Event<'_>, cohort: Option<Cohort>, is_counter: bool) {
    let Some(cohort) = cohort.filter(|_| !is_counter && event.kind != EventKind::Report) else { return };
    let this_week = Week::of(event.day);
    // A client's week may have begun before the site's.
    let first_week = cohort.first_week.map(|week| week.min(this_week));
    let told_apart = first_week.filter(|week| week.monday() >= oldest(this_week));
    if let Some(week) = told_apart.filter(|_| cohort.first_this_week) {
        event.put(Dimension::Cohort, format!("week={}", week.monday()));
    }
    if cohort.first_this_week {
        event.put(Dimension::Cohort, "active=week");
    }
    if cohort.first_this_month {
        event.put(Dimension::Cohort, "active=month");
    }
    if let Some(week) = first_week {
        event.put(Dimension::Cohort, if week == this_week { "age=new" } else { "age=returning" });
    }
}

fn oldest(this_week: Week) -> Day {
    this_week.monday().plus(-7 * OLDEST_WEEKS)
}
