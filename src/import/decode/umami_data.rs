//! Properties of Umami's events, `event_data.csv` of its export: a property per row, known by the id of the event it belongs to.
//! Read before the events are. Called by [`super::super::run`].

use std::collections::HashMap;

use super::fields;
use crate::import::skip::Skip;

/// Properties kept in memory: those of some millions of events. Further ones are counted as not kept.
const MOST: usize = 10_000_000;
/// Values that are no single text: Umami's word for a list.
const LIST: &str = "5";
/// And for a number, which has a column of its own.
const NUMBER: &str = "2";

/// A key and its value.
pub type Property = (Box<str>, Box<str>);

/// Properties by the event they belong to.
#[derive(Debug, Default)]
pub struct Properties {
    columns: Vec<String>,
    of_events: HashMap<Box<str>, Vec<Property>>,
    kept: usize,
}

impl Properties {
    /// A new file: its heading comes first.
    pub fn begin(&mut self) {
        self.columns.clear();
    }

    /// Keeps what a row says.
    ///
    /// # Errors
    /// Why it is no property.
    pub fn take(&mut self, record: &str) -> Result<(), Skip> {
        if record.trim().is_empty() {
            return Err(Skip::Heading);
        }
        let values = fields::row(record);
        if self.columns.is_empty() {
            let has = |needed: &str| values.iter().any(|value| value == needed);
            let is_heading = has("data_key") && (has("event_id") || has("website_event_id"));
            self.columns = if is_heading { values } else { Vec::new() };
            return Err(if is_heading { Skip::Heading } else { Skip::Malformed });
        }
        if values.len() != self.columns.len() {
            return Err(Skip::Malformed);
        }
        let value = |name: &str| value(&self.columns, &values, name);
        let event = [value("event_id"), value("website_event_id")].into_iter().find(|id| !id.is_empty());
        let (event, key) = (event.ok_or(Skip::Malformed)?, value("data_key"));
        let told = match value("data_type") {
            NUMBER => number(value("number_value")),
            LIST => "",
            _ => [value("string_value"), value("date_value")]
                .into_iter()
                .find(|told| !told.is_empty())
                .unwrap_or_default(),
        };
        // A dot is Umami's way to write what was nested.
        if told.is_empty() || key.is_empty() || key.contains('.') || self.kept >= MOST {
            return Err(Skip::NotKept);
        }
        self.kept += 1;
        self.of_events.entry(event.into()).or_default().push((key.into(), told.into()));
        Ok(())
    }

    /// Those of an event.
    pub fn of(&self, event: &str) -> &[Property] {
        self.of_events.get(event).map_or(&[], Vec::as_slice)
    }
}

fn value<'a>(columns: &[String], values: &'a [String], name: &str) -> &'a str {
    let at = columns.iter().position(|column| column == name);
    at.and_then(|at| values.get(at)).map(String::as_str).filter(|value| *value != "\\N").unwrap_or_default()
}

/// `9.5` of `9.5000`.
fn number(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEADING: &str = "website_id,session_id,event_id,url_path,event_name,data_key,string_value,number_value,date_value,\
        data_type,created_at,job_id";

    fn row(event: &str, key: &str, values: &str, kind: u8) -> String {
        format!("w,s,{event},/x,buy,{key},{values},{kind},2026-11-22 05:37:40,\\N")
    }

    #[test]
    fn properties_belong_to_their_events() {
        let mut properties = Properties::default();
        assert_eq!(properties.take("a,b"), Err(Skip::Malformed));
        let said = [
            HEADING.to_owned(),
            row("e1", "plan", "\"pro, new\",,", 1),
            row("e1", "amount", "9.5000,9.5000,", 2),
            row("e2", "amount", "\\N,100,\\N", 2),
            row("e2", "is_new", "true,,", 3),
            row("e2", "when", ",,2026-11-22 05:00:00", 4),
            row("e2", "tags", "[1],,", 5),
            row("e2", "user.mail", "x,,", 1),
            row("", "plan", "x,,", 1),
            "half".to_owned(),
        ]
        .map(|record| properties.take(&record));
        let wanted = [
            Err(Skip::Heading),
            Ok(()),
            Ok(()),
            Ok(()),
            Ok(()),
            Ok(()),
            Err(Skip::NotKept),
            Err(Skip::NotKept),
            Err(Skip::Malformed),
            Err(Skip::Malformed),
        ];
        assert_eq!(said, wanted);
        let told =
            |event: &str| properties.of(event).iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>();
        assert_eq!(told("e1"), ["plan=pro, new", "amount=9.5"]);
        assert_eq!(told("e2"), ["amount=100", "is_new=true", "when=2026-11-22 05:00:00"]);
        assert_eq!(told("e3"), [""; 0]);
        // As PostgreSQL has it.
        properties.begin();
        assert_eq!(
            properties.take("event_data_id,website_event_id,data_key,string_value,data_type"),
            Err(Skip::Heading)
        );
        assert_eq!(properties.take("d,e3,plan,free,1"), Ok(()));
        assert_eq!(properties.of("e3").len(), 1);
    }

    proptest! {
        #[test]
        fn any_row_is_kept_or_refused(row in "(\\PC{0,6},){0,14}") {
            let mut properties = Properties::default();
            let _ = properties.take(&row);
            let _ = properties.take(HEADING);
            let _ = properties.take(&row);
        }
    }
}
