//! The books of an import: what became of every record and event, told at the end. Of bad records the first line numbers are
//! told, and nothing of what they say (P9).

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::skip::Skip;

/// Line numbers told for each reason and file.
const TOLD: usize = 5;

/// What became of everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Records read, those of earlier runs not among them.
    pub read: u64,
    /// Records that an earlier run had imported.
    pub before: u64,
    /// Events that were counted now.
    pub counted: u64,
    /// Events of pieces that the server had counted before.
    pub duplicates: u64,
    /// Records and events that were not counted, by reason.
    pub dropped: BTreeMap<String, u64>,
    /// Events that were sent without a country, since its name is not known.
    pub unplaced: u64,
    /// Days of totals, by what became of them.
    pub days: BTreeMap<String, u64>,
    /// Bad records: reason and file, how many, and the first lines.
    pub bad: BTreeMap<(&'static str, String), (u64, Vec<u64>)>,
}

impl Tally {
    /// A record that became no event.
    pub fn skip(&mut self, why: Skip, file: &str, line: u64) {
        self.drop(why.code(), 1);
        if why.is_bad() {
            let (records, lines) = self.bad.entry((why.code(), file.to_owned())).or_default();
            *records += 1;
            if lines.len() < TOLD {
                lines.push(line);
            }
        }
    }

    /// Events that were not counted.
    pub fn drop(&mut self, reason: &str, events: u64) {
        *self.dropped.entry(reason.to_owned()).or_default() += events;
    }

    /// Tells all of it.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn tell(&self, out: &mut dyn Write) -> io::Result<()> {
        let rows = [
            ("read", self.read),
            ("imported before", self.before),
            ("counted", self.counted),
            ("duplicates", self.duplicates),
            ("dropped", self.dropped.values().sum()),
        ];
        for (name, number) in rows {
            writeln!(out, "{name:<18}{number:>12}")?;
        }
        for (reason, events) in &self.dropped {
            writeln!(out, "dropped as {reason}: {events}")?;
        }
        if self.unplaced > 0 {
            writeln!(out, "without country, its name is not known: {}", self.unplaced)?;
        }
        for ((reason, file), (records, lines)) in &self.bad {
            let lines: Vec<String> = lines.iter().map(u64::to_string).collect();
            let more = if *records > lines.len() as u64 { " …" } else { "" };
            writeln!(out, "{reason} in {file}: line {}{more}", lines.join(", "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_records_are_told_by_their_first_lines() {
        let mut tally = Tally { read: 9, counted: 2, unplaced: 3, ..Tally::default() };
        (1..=6).for_each(|line| tally.skip(Skip::Malformed, "a.log", line));
        tally.skip(Skip::Asset, "a.log", 7);
        let mut told = Vec::new();
        tally.tell(&mut told).expect("memory");
        let wanted = "read                         9\nimported before              0\ncounted                      2\n\
                      duplicates                   0\ndropped                      7\ndropped as asset: 1\n\
                      dropped as malformed: 6\nwithout country, its name is not known: 3\nmalformed in a.log: line 1, 2, 3, 4, 5 …\n";
        assert_eq!(String::from_utf8(told).expect("text"), wanted);
    }
}
