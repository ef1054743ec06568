//! The key of one run of a command: made in the registry, known to the server soon after, revoked when the run is over,
//! however it ends.

use std::net::SocketAddr;
use std::thread::sleep;
use std::time::Duration;

use super::client::{Connection, Request};
use super::error::CourierError;
use crate::registry::{Registry, Scope};

/// Who the audit list names.
pub const WHO: &str = "cli";
/// How often the server is asked whether it knows the key, and the time between: a server reads the registry twice a
/// second.
const QUESTIONS: u32 = 60;
const BETWEEN: Duration = Duration::from_millis(100);
/// Questions that may remain without an answer: a busy machine loses some.
const UNANSWERED: u32 = 3;

/// A key that lives as long as this.
pub struct Pass<'a> {
    registry: &'a Registry,
    id: String,
    bearer: String,
}

impl<'a> Pass<'a> {
    /// A key to administer `site`, labelled with the run's name. Only such a key is told what became of beacons.
    ///
    /// # Errors
    /// When the registry cannot be changed.
    pub fn make(registry: &'a Registry, site: &str, run: &str) -> Result<Self, CourierError> {
        let secret = registry.update(WHO, |draft| draft.create_key(site, Scope::Admin, run))?;
        let snapshot = registry.snapshot();
        let id = snapshot.book().keys.iter().rev().find(|key| key.label == run).map(|key| key.id.clone());
        Ok(Self { registry, id: id.unwrap_or_default(), bearer: format!("Bearer {secret}") })
    }

    /// The value of `Authorization`.
    pub fn bearer(&self) -> &str {
        &self.bearer
    }

    /// Waits until the server knows the key.
    ///
    /// # Errors
    /// When nobody listens, or somebody who does not learn of it.
    pub fn wait(&self, address: SocketAddr, site: &str) -> Result<(), CourierError> {
        let question = serde_json::json!({"site_id": site, "metrics": ["events"], "date_range": "day"}).to_string();
        let headers = [("authorization", self.bearer()), ("content-type", "application/json")];
        let request = Request { method: "POST", target: "/api/v2/query", headers: &headers, body: question.as_bytes() };
        let mut connection = Connection::new(address);
        let mut unanswered = 0;
        for _ in 0..QUESTIONS {
            match connection.send(&request).map(|answer| answer.status) {
                // Without its database the server does not answer questions, but it takes hits.
                Ok(200 | 500..=599) => return Ok(()),
                Ok(401) => sleep(BETWEEN),
                Ok(_) => break,
                Err(_) if unanswered == UNANSWERED => return Err(CourierError::NoServer(address)),
                Err(_) => unanswered += 1,
            }
        }
        Err(CourierError::Foreign(address))
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.registry.update(WHO, |draft| Ok(draft.revoke_key(&self.id)?)) {
            eprintln!("headcount: key {} of this run is still good ({error}): `headcount key revoke {0}`", self.id);
        }
    }
}
