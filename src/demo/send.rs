//! Sends the traffic over several connections and sends again what was not taken: a batch has an id, so it is counted
//! once however often it arrives. Called by [`super::run`].

use std::collections::BTreeMap;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use indicatif::ProgressBar;
use serde::Deserialize;
use tokio_util::sync::CancellationToken;

use super::error::DemoError;
use super::traffic::{Parcel, Traffic};
use crate::courier::{Answer, Connection, CourierError, Patience, Request};

/// What became of the hits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Hits sent, each once however often it was repeated. Reports about page views are apart.
    pub sent: u64,
    /// Reports sent.
    pub reports: u64,
    /// Counted, by the server's word.
    pub accepted: u64,
    /// Counted with an earlier attempt whose answer was lost.
    pub duplicates: u64,
    /// Not counted, by reason.
    pub dropped: BTreeMap<String, u64>,
    /// Requests sent again.
    pub repeated: u64,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.sent += other.sent;
        self.reports += other.reports;
        self.accepted += other.accepted;
        self.duplicates += other.duplicates;
        self.repeated += other.repeated;
        for (reason, hits) in other.dropped {
            *self.dropped.entry(reason).or_default() += hits;
        }
    }

    /// Hits that were counted, each once.
    pub fn counted(&self) -> u64 {
        self.accepted + self.duplicates
    }
}

/// What all connections share.
pub struct Sending<'a> {
    /// The server.
    pub address: SocketAddr,
    /// Value of `Authorization`.
    pub bearer: &'a str,
    /// Hits a second; 0: no limit.
    pub rate: u32,
    /// Shows how far it is.
    pub progress: ProgressBar,
    patience: Patience,
    /// What is sent. A std mutex: held while the next request is made, never while one is sent.
    traffic: Mutex<(Traffic, u64)>,
    begun: Instant,
    total: Mutex<Tally>,
}

impl<'a> Sending<'a> {
    /// Traffic for a server.
    pub fn new(traffic: Traffic, address: SocketAddr, bearer: &'a str, rate: u32, progress: ProgressBar) -> Self {
        let begun = Instant::now();
        Self {
            address,
            bearer,
            rate,
            progress,
            patience: Patience::default(),
            traffic: Mutex::new((traffic, 0)),
            begun,
            total: Mutex::default(),
        }
    }

    /// Sends over one connection until nothing is left, or somebody stops it. Runs on a thread of its own.
    ///
    /// # Errors
    /// When the server refuses a request or takes none for too long. The other connections are stopped.
    pub fn work(&self) -> Result<(), DemoError> {
        let mut connection = Connection::new(self.address);
        while let Some((parcel, due)) = self.next() {
            let sent = self
                .patience
                .sleep(due.saturating_sub(self.begun.elapsed()))
                .and_then(|()| self.deliver(&mut connection, &parcel));
            match sent {
                Some(Ok(tally)) => self.note(tally),
                Some(Err(error)) => {
                    self.stop().cancel();
                    return Err(error);
                }
                None => return Ok(()),
            }
        }
        Ok(())
    }

    /// Ends it early.
    pub fn stop(&self) -> &CancellationToken {
        &self.patience.stop
    }

    /// What became of all hits, and the time it took.
    pub fn total(&self) -> (Tally, Duration) {
        (self.total.lock().unwrap_or_else(PoisonError::into_inner).clone(), self.begun.elapsed())
    }

    /// The next request, and when it is due after the beginning.
    fn next(&self) -> Option<(Parcel, Duration)> {
        let (traffic, handed_out) = &mut *self.traffic.lock().unwrap_or_else(PoisonError::into_inner);
        let parcel = traffic.next()?;
        *handed_out += parcel.hits();
        let due = Duration::from_secs(*handed_out).checked_div(self.rate).unwrap_or_default();
        Some((parcel, due))
    }

    fn note(&self, tally: Tally) {
        self.progress.inc(tally.sent);
        self.total.lock().unwrap_or_else(PoisonError::into_inner).add(tally);
    }

    /// Sends until the server has taken it; `None` when stopped before.
    fn deliver(&self, connection: &mut Connection, parcel: &Parcel) -> Option<Result<Tally, DemoError>> {
        let packed = packed(parcel);
        let headers = self.headers(parcel);
        let request = match parcel {
            Parcel::Batch { .. } => Request { method: "POST", target: "/v1/events", headers: &headers, body: &packed },
            Parcel::Beacon { .. } => Request { method: "POST", target: "/e", headers: &headers, body: &packed },
            Parcel::Pixel { target, .. } => Request { method: "GET", target, headers: &headers, body: &[] },
        };
        let (answer, repeated) = match self.patience.send(connection, &request)? {
            Ok(taken) => taken,
            Err(error) => return Some(Err(error.into())),
        };
        Some(outcome(parcel, &answer).map(|tally| Tally { repeated, ..tally }))
    }

    fn headers<'h>(&'h self, parcel: &'h Parcel) -> Vec<(&'static str, &'h str)> {
        let mut headers = vec![("authorization", self.bearer)];
        match parcel {
            Parcel::Batch { .. } => {
                headers.extend([("content-type", "application/json"), ("content-encoding", "gzip")]);
            }
            Parcel::Beacon { person, .. } | Parcel::Pixel { person, .. } => headers.extend([
                ("content-type", "text/plain"),
                ("user-agent", person.agent),
                ("accept-language", person.language),
                // Read only where proxies of this machine are trusted.
                ("x-forwarded-for", &person.address),
                ("headcount-debug", "1"),
            ]),
        }
        headers
    }
}

fn packed(parcel: &Parcel) -> Vec<u8> {
    let body = match parcel {
        Parcel::Batch { body, .. } => body,
        Parcel::Beacon { body, .. } => return body.clone().into_bytes(),
        Parcel::Pixel { .. } => return Vec::new(),
    };
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 8), Compression::fast());
    let written = encoder.write_all(body.as_bytes()).and_then(|()| encoder.finish());
    written.expect("writing to memory does not fail")
}

/// What the server says became of a request's hits.
fn outcome(parcel: &Parcel, answer: &Answer) -> Result<Tally, DemoError> {
    let (sent, reports) = (parcel.hits(), parcel.reports());
    if !(200..300).contains(&answer.status) {
        let problem: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let code = problem["code"].as_str().unwrap_or("no reason given").to_owned();
        return Err(CourierError::Refused { status: answer.status, code }.into());
    }
    let mut tally = Tally { sent, reports, ..Tally::default() };
    if !matches!(parcel, Parcel::Batch { .. }) {
        match answer.reason.as_deref() {
            Some("recorded") => tally.accepted = sent,
            reason => drop(tally.dropped.insert(reason.unwrap_or("unexplained").to_owned(), 1)),
        }
        return Ok(tally);
    }
    let Ok(said) = serde_json::from_slice::<BatchSaid>(&answer.body) else {
        let code = "an answer that is not understood".to_owned();
        return Err(CourierError::Refused { status: answer.status, code }.into());
    };
    // All or nothing of a batch is a repetition; of what was counted, the reports are no hits.
    if said.duplicates > 0 {
        tally.duplicates = said.duplicates.saturating_sub(reports);
    } else {
        tally.accepted = said.accepted.saturating_sub(reports);
    }
    for event in said.dropped {
        *tally.dropped.entry(event.reason).or_default() += 1;
    }
    Ok(tally)
}

#[derive(Deserialize)]
struct BatchSaid {
    accepted: u64,
    duplicates: u64,
    dropped: Vec<DroppedSaid>,
}

#[derive(Deserialize)]
struct DroppedSaid {
    reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(status: u16, body: &str) -> Result<Tally, String> {
        let parcel = Parcel::Batch { body: String::new(), hits: 3, reports: 2 };
        let answer = Answer { status, body: body.as_bytes().to_vec(), ..Answer::default() };
        outcome(&parcel, &answer).map_err(|error| error.to_string())
    }

    #[test]
    fn the_servers_word_is_taken() {
        let dropped = [("bot".to_owned(), 1)].into();
        let wanted = Tally { sent: 3, reports: 2, accepted: 2, dropped, ..Tally::default() };
        assert_eq!(said(200, r#"{"accepted":4,"duplicates":0,"dropped":[{"index":1,"reason":"bot"}]}"#), Ok(wanted));
        let again = Tally { sent: 3, reports: 2, duplicates: 3, ..Tally::default() };
        assert_eq!(said(200, r#"{"accepted":0,"duplicates":5,"dropped":[]}"#), Ok(again));
        let refused = "the server refused a request with status 400 (unknown_site)";
        assert_eq!(said(400, r#"{"code":"unknown_site"}"#), Err(refused.to_owned()));
    }
}
