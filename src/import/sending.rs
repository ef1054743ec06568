//! Sends pieces of a file as batches and enters what the server says into the books. A piece has the same batch id whenever
//! it is sent, so it counts once. Called by [`super::reading`].

use std::cell::RefCell;
use std::io::Write;
use std::net::SocketAddr;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::error::ImportError;
use super::event::{self, Event};
use super::tally::Tally;
use crate::courier::{Answer, Connection, CourierError, Patience, Request};

/// Events of a batch at the most.
const BATCH: usize = 1_500;

/// The server, as far as an import speaks to it. One connection: events go in the order of their time, so that visits are
/// what they were.
pub struct Sending<'a> {
    connection: RefCell<Connection>,
    bearer: &'a str,
    site: &'a str,
    timezone: TimeZone,
    patience: &'a Patience,
}

/// Days of counted events, the first and the last.
pub type Days = Option<(Date, Date)>;

impl<'a> Sending<'a> {
    /// A server and what it is told with each request.
    pub fn new(
        address: SocketAddr,
        bearer: &'a str,
        (site, timezone): (&'a str, TimeZone),
        patience: &'a Patience,
    ) -> Self {
        Self { connection: RefCell::new(Connection::new(address)), bearer, site, timezone, patience }
    }

    /// Sends events until the server has them on disk. Returns the days they were counted on.
    ///
    /// # Errors
    /// Interrupted before, or the server refuses them.
    pub fn send(&self, id: &str, events: &[Event], tally: &mut Tally) -> Result<Days, ImportError> {
        let mut days = None;
        for (number, part) in events.chunks(BATCH).enumerate() {
            let id = if number == 0 { id.to_owned() } else { format!("{id}-{number}") };
            let said = self.send_part(&id, part)?;
            tally.duplicates += said.duplicates;
            tally.counted += said.accepted;
            let mut is_dropped = vec![said.duplicates > 0; part.len()];
            for event in said.dropped {
                tally.drop(&event.reason, 1);
                if let Some(dropped) = is_dropped.get_mut(event.index) {
                    *dropped = true;
                }
            }
            for (event, _) in part.iter().zip(is_dropped).filter(|(_, dropped)| !dropped) {
                days = self.with_day(days, event.occurred_at);
            }
        }
        Ok(days)
    }

    fn send_part(&self, id: &str, events: &[Event]) -> Result<BatchSaid, ImportError> {
        let body = event::body(self.site, id, events).map_err(std::io::Error::from)?;
        let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 8), Compression::fast());
        encoder.write_all(&body)?;
        let packed = encoder.finish()?;
        let headers =
            [("authorization", self.bearer), ("content-type", "application/json"), ("content-encoding", "gzip")];
        let request = Request { method: "POST", target: "/v1/events", headers: &headers, body: &packed };
        let sent = self.patience.send(&mut self.connection.borrow_mut(), &request);
        let (answer, _) = sent.ok_or(ImportError::Interrupted)??;
        said(&answer)
    }

    fn with_day(&self, days: Days, moment: i64) -> Days {
        let Ok(moment) = Timestamp::from_second(moment) else { return days };
        let day = moment.to_zoned(self.timezone.clone()).date();
        Some(days.map_or((day, day), |(first, last)| (first.min(day), last.max(day))))
    }
}

fn said(answer: &Answer) -> Result<BatchSaid, ImportError> {
    let refused = |code: &str| CourierError::Refused { status: answer.status, code: code.to_owned() };
    if !(200..300).contains(&answer.status) {
        let problem: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        return Err(refused(problem["code"].as_str().unwrap_or("no reason given")).into());
    }
    Ok(serde_json::from_slice(&answer.body).map_err(|_| refused("an answer that is not understood"))?)
}

#[derive(Deserialize)]
struct BatchSaid {
    accepted: u64,
    duplicates: u64,
    dropped: Vec<DroppedSaid>,
}

#[derive(Deserialize)]
struct DroppedSaid {
    index: usize,
    reason: String,
}
