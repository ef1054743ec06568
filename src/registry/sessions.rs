//! Dashboard sessions: who is signed in, by the hash of a cookie. They have a file of their own, since they come and
//! go while sites and users stay. A session ends with its time, with its user, or with a change of the password.

use std::sync::{Arc, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::record::{Session, Sessions};
use super::token::{self, ByDigest, Digest};
use super::{Refusal, Registry, RegistryError, SESSIONS};

/// Days a dashboard session lasts.
pub const SESSION_DAYS: i64 = 30;
/// Sessions one user may have open; the oldest go first. Bounds the file.
const SESSIONS_PER_USER: usize = 50;

/// Sessions found by their cookie.
#[derive(Debug)]
pub(super) struct OpenSessions(ByDigest<Session>);

impl OpenSessions {
    pub(super) fn build(sessions: Sessions) -> Self {
        let pairs = sessions.sessions.into_iter().map(|session| (session.token, session));
        Self(ByDigest::new(pairs))
    }
}

impl Registry {
    /// Opens a session for `user` and returns the value of its cookie. Blocks on the disk.
    ///
    /// # Errors
    /// [`Refusal::NoUser`], or [`RegistryError`] of the files.
    pub fn open_session(&self, user: &str) -> Result<String, RegistryError> {
        let secret = token::fresh("")?;
        let epoch = self.snapshot().user(user).map(|user| user.epoch);
        let session = Session {
            token: Digest::of(&secret),
            user: user.to_owned(),
            epoch: epoch.ok_or_else(|| Refusal::NoUser(user.to_owned()))?,
            expires_at: self.now() + SignedDuration::from_hours(24 * SESSION_DAYS),
        };
        self.change_sessions(|sessions| {
            let mut mine = sessions.iter().filter(|other| other.user == user).count();
            sessions.retain(|other| {
                let goes = other.user == user && mine >= SESSIONS_PER_USER;
                mine -= usize::from(goes);
                !goes
            });
            sessions.push(session);
        })?;
        Ok(secret)
    }

    /// Ends the session of this cookie; nothing happens when there is none. Blocks on the disk.
    ///
    /// # Errors
    /// [`RegistryError`] of the files.
    pub fn close_session(&self, cookie: &str) -> Result<(), RegistryError> {
        let digest = Digest::of(cookie);
        self.change_sessions(|sessions| sessions.retain(|session| session.token != digest))
    }

    /// Who is signed in with this cookie.
    pub fn session_user(&self, cookie: &str) -> Option<String> {
        let sessions = self.sessions.load();
        let session = sessions.0.get(cookie)?;
        let snapshot = self.snapshot();
        let user = snapshot.user(&session.user)?;
        let holds = session.epoch == user.epoch && session.expires_at > self.now();
        holds.then(|| user.name.clone())
    }

    fn change_sessions(&self, change: impl FnOnce(&mut Vec<Session>)) -> Result<(), RegistryError> {
        let lock = self.folder.lock()?;
        let (mut all, _): (Sessions, _) = self.folder.read(SESSIONS)?;
        let now: Timestamp = self.now();
        all.sessions.retain(|session| session.expires_at > now);
        change(&mut all.sessions);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.sessions = Some(self.folder.write(&lock, SESSIONS, &all)?);
        self.sessions.store(Arc::new(OpenSessions::build(all)));
        Ok(())
    }
}
