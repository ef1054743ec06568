//! Changes to bearer keys, made on the draft. Sees hashes of secrets, and fresh secrets on their way out; keeps none.

use jiff::{SignedDuration, Timestamp};

use super::draft::Draft;
use super::record::{Key, Scope};
use super::token::{self, Digest};
use super::{Refusal, RegistryError};

/// How long a lent key works after it was made or renewed.
pub const LENT: SignedDuration = SignedDuration::from_hours(3);

impl Draft {
    /// A fresh key; it is shown once and kept as a hash.
    ///
    /// # Errors
    /// [`Refusal::NoSite`], [`Refusal::BadLabel`], or no randomness.
    pub fn create_key(&mut self, site: &str, scope: Scope, label: &str) -> Result<String, RegistryError> {
        self.issue_key(site, scope, label).map(|(_, secret)| secret)
    }

    /// [`Self::create_key`], with what is kept of it.
    ///
    /// # Errors
    /// As there.
    pub fn issue_key(&mut self, site: &str, scope: Scope, label: &str) -> Result<(Key, String), RegistryError> {
        self.make_key(site, scope, label, None)
    }

    /// A key that ends by itself: for a command that takes it back when it is done, and that may be killed before. Those lent
    /// before that are over are forgotten, so that a command that runs every hour leaves no list of them.
    ///
    /// # Errors
    /// As [`Self::create_key`].
    pub fn lend_key(&mut self, site: &str, scope: Scope, label: &str) -> Result<(Key, String), RegistryError> {
        let (now, until) = (self.now, self.now + LENT);
        self.book.keys.retain(|key| key.expires_at.is_none() || key.works_at(now));
        self.make_key(site, scope, label, Some(until))
    }

    /// Lets a lent key go on.
    ///
    /// # Errors
    /// [`Refusal::NoKey`], also for a key that does not end by itself, or [`Refusal::KeyRevoked`].
    pub fn renew_key(&mut self, id: &str) -> Result<(), Refusal> {
        let until = self.now + LENT;
        let key = self.book.keys.iter_mut().find(|key| key.id == id && key.expires_at.is_some());
        let key = key.ok_or_else(|| Refusal::NoKey(id.to_owned()))?;
        if key.revoked_at.is_some() {
            return Err(Refusal::KeyRevoked(id.to_owned()));
        }
        key.expires_at = Some(until);
        let (site, detail) = (key.site.clone(), format!("{} for {}", key.scope.code(), key.site));
        self.note_of(Some(&site), "key_renewed", id, detail);
        Ok(())
    }

    /// Ends a key.
    ///
    /// # Errors
    /// [`Refusal::NoKey`] or [`Refusal::KeyRevoked`].
    pub fn revoke_key(&mut self, id: &str) -> Result<(), Refusal> {
        let now = self.now;
        let key = self.book.keys.iter_mut().find(|key| key.id == id);
        let key = key.ok_or_else(|| Refusal::NoKey(id.to_owned()))?;
        if key.revoked_at.is_some() {
            return Err(Refusal::KeyRevoked(id.to_owned()));
        }
        key.revoked_at = Some(now);
        let (site, detail) = (key.site.clone(), format!("{} for {}", key.scope.code(), key.site));
        self.note_of(Some(&site), "key_revoked", id, detail);
        Ok(())
    }

    /// Ends a key of this site.
    ///
    /// # Errors
    /// [`Refusal::NoKey`], also for the key of another site, or [`Refusal::KeyRevoked`].
    pub fn revoke_key_of(&mut self, site: &str, id: &str) -> Result<(), Refusal> {
        let has_it = self.book.keys.iter().any(|key| key.site == site && key.id == id);
        if has_it { self.revoke_key(id) } else { Err(Refusal::NoKey(id.to_owned())) }
    }

    fn make_key(
        &mut self,
        site: &str,
        scope: Scope,
        label: &str,
        expires_at: Option<Timestamp>,
    ) -> Result<(Key, String), RegistryError> {
        self.site_position(site)?;
        if label.chars().count() > 100 || label.contains(char::is_control) {
            return Err(Refusal::BadLabel.into());
        }
        let letter = scope.code().get(..1).unwrap_or_default();
        let secret = token::fresh(&format!("hc_{letter}_"))?;
        let id = self.free_key_id()?;
        self.note_of(Some(site), "key_created", &id, format!("{} for {site}", scope.code()));
        let key = Key {
            id,
            token: Digest::of(&secret),
            site: site.to_owned(),
            scope,
            label: label.to_owned(),
            created_at: self.now,
            expires_at,
            revoked_at: None,
        };
        self.book.keys.push(key.clone());
        Ok((key, secret))
    }

    fn free_key_id(&self) -> Result<String, RegistryError> {
        loop {
            let id = token::fresh_id("k")?;
            if !self.book.keys.iter().any(|key| key.id == id) {
                return Ok(id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use super::*;
    use crate::clock::Clock;
    use crate::files::test_directory;
    use crate::registry::{Registry, SiteChange};

    #[test]
    fn a_lent_key_works_until_its_time_and_longer_when_it_is_renewed() {
        let (directory, clock) = (test_directory(), Clock::fixed(1_795_000_000));
        let registry = Registry::open_at(directory.path(), clock.clone()).expect("opens");
        registry.update("cli", |draft| Ok(draft.add_site("app", SiteChange::default())?)).expect("added");
        let later = |seconds: i64| match &clock {
            Clock::Fixed(now) => now.fetch_add(seconds, Ordering::Relaxed),
            Clock::System => 0,
        };
        let lend = || registry.update("cli", |draft| draft.lend_key("app", Scope::Admin, "import-1")).expect("lent");
        let [(left, left_secret), (used, used_secret)] = [lend(), lend()];
        let works = || [&left_secret, &used_secret].map(|key| registry.snapshot().grant_of_key(key).is_some());
        assert_eq!(left.expires_at, Some(registry.now() + LENT));
        later(LENT.as_secs() - 1);
        assert_eq!((registry.refresh().expect("readable"), works()), (false, [true, true]));
        registry.update("cli", |draft| Ok(draft.renew_key(&used.id)?)).expect("renewed");
        later(1);
        // Nothing has changed on disk: it ends all the same, once.
        assert_eq!((registry.refresh().expect("readable"), works()), (true, [false, true]));
        assert_eq!(registry.snapshot().working_keys(), 1);
        assert!(!registry.refresh().expect("readable"));
        registry.update("cli", |draft| Ok(draft.revoke_key(&used.id)?)).expect("revoked");
        let renewed = |id: &str| registry.update("cli", |draft| Ok(draft.renew_key(id)?)).map_err(|error| error.code());
        let own = registry.update("cli", |draft| draft.issue_key("app", Scope::Read, "")).expect("made").0.id;
        assert_eq!(
            [renewed(&used.id), renewed(&own), renewed("k0")],
            ["key_revoked", "unknown_key", "unknown_key"].map(Err)
        );
        let known = || registry.snapshot().book().keys.iter().map(|key| key.id.clone()).collect::<Vec<_>>();
        assert!(known().contains(&left.id) && known().contains(&used.id));
        let next = lend().0.id;
        assert_eq!(known(), [own, next]);
    }
}
