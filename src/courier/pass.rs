//! The key of one run of a command: made in the registry, known to the server soon after, revoked when the run is over.
//! It ends by itself when nobody renews it: a run that is killed revokes nothing.

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
        let (key, secret) = registry.update(WHO, |draft| draft.lend_key(site, Scope::Admin, run))?;
        Ok(Self { registry, id: key.id, bearer: format!("Bearer {secret}") })
    }

    /// The value of `Authorization`.
    pub fn bearer(&self) -> &str {
        &self.bearer
    }

    /// Lets the key go on. When it cannot, the server will say so.
    pub fn renew(&self) {
        if let Err(error) = self.registry.update(WHO, |draft| Ok(draft.renew_key(&self.id)?)) {
            eprintln!("headcount: key {} of this run cannot be renewed: {error}", self.id);
        }
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
        let revoked = self.registry.update(WHO, |draft| Ok(draft.revoke_key(&self.id)?));
        // An owner may have done it, or the site is gone.
        if let Err(error) = revoked
            && !matches!(error.code(), "key_revoked" | "unknown_key")
        {
            eprintln!("headcount: key {} of this run is still good ({error}): `headcount key revoke {0}`", self.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use super::*;
    use crate::clock::Clock;
    use crate::files::test_directory;
    use crate::registry::{LENT, SiteChange};

    #[test]
    fn a_key_ends_by_itself_unless_it_is_renewed_and_at_the_end_of_the_run() {
        let (directory, clock) = (test_directory(), Clock::fixed(1_795_000_000));
        let registry = Registry::open_at(directory.path(), clock.clone()).expect("opens");
        registry.update(WHO, |draft| Ok(draft.add_site("a", SiteChange::default())?)).expect("added");
        let pass = Pass::make(&registry, "a", "import-1").expect("made");
        let key = || registry.snapshot().book().keys[0].clone();
        let ends = |after: i64| Some(jiff::Timestamp::from_second(1_795_000_000 + after).expect("a time") + LENT);
        assert_eq!(
            (key().expires_at, key().label.as_str(), pass.bearer().starts_with("Bearer hc_a_")),
            (ends(0), "import-1", true)
        );
        if let Clock::Fixed(now) = &clock {
            now.fetch_add(60, Ordering::Relaxed);
        }
        pass.renew();
        assert_eq!((key().expires_at, key().revoked_at), (ends(60), None));
        drop(pass);
        assert!(key().revoked_at.is_some());
    }
}
