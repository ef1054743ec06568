//! Links with which anybody reads one site: made and removed on the draft, opened here. The token of a link is kept as
//! its hash. A link with a password opens with a pass, which its password buys for some hours; a pass is signed, not
//! kept, and dies with the process, the link, or a new password.

use jiff::{SignedDuration, Timestamp};
use siphasher::sip128::{Hasher128 as _, SipHasher24};
use std::hash::Hasher as _;
use subtle::ConstantTimeEq as _;

use super::draft::Draft;
use super::goals::tidy_text;
use super::record::ShareRecord;
use super::token::{self, Digest};
use super::{Refusal, Registry, RegistryError};

/// Links a site can have.
pub const SHARES: usize = 50;
/// Hours a pass lasts.
pub const PASS_HOURS: i64 = 12;

/// Longest name, in characters.
const NAME: usize = 100;
/// How tokens and passes begin.
const TOKEN: &str = "hc_s_";
const PASS: &str = "hc_p_";

/// A link that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareGrant {
    /// Its id; no secret.
    pub id: String,
    /// The one site it shows.
    pub site: String,
    /// What its maker called it.
    pub name: String,
    /// Whether it has a password.
    pub has_password: bool,
    /// Whether it may be read with: there is no password, or it was given.
    pub is_open: bool,
}

/// What a password buys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// The pass, to be sent in place of the token.
    pub text: String,
    /// When it stops working.
    pub expires_at: Timestamp,
}

impl Draft {
    /// A fresh link; its token is returned once and kept as a hash. `password` is a PHC string (hash it before: that is
    /// slow).
    ///
    /// # Errors
    /// [`Refusal`] when the site does not exist, the name is none or the site has [`SHARES`]; or no randomness.
    pub fn add_share(
        &mut self,
        site: &str,
        name: &str,
        password: Option<String>,
    ) -> Result<(ShareRecord, String), RegistryError> {
        self.site_position(site)?;
        let name = tidy_text(name, NAME).ok_or(Refusal::BadShare)?;
        if self.book.shares.iter().filter(|share| share.site == site).count() >= SHARES {
            return Err(Refusal::TooMany("a site has at most 50 links; remove one first").into());
        }
        let secret = token::fresh(TOKEN)?;
        let mut id = token::fresh_id("s")?;
        while self.book.shares.iter().any(|other| other.id == id) {
            id = token::fresh_id("s")?;
        }
        let token = Digest::of(&secret);
        let share = ShareRecord { id, token, site: site.to_owned(), name, password, created_at: self.now };
        let guarded = if share.password.is_some() { ", with a password" } else { "" };
        self.note_site("share_added", site, format!("{} {}{guarded}", share.id, share.name));
        self.book.shares.push(share.clone());
        Ok((share, secret))
    }

    /// Ends a link.
    ///
    /// # Errors
    /// [`Refusal`] when the site, or a link of it with this id, does not exist.
    pub fn remove_share(&mut self, site: &str, id: &str) -> Result<(), Refusal> {
        self.site_position(site)?;
        let at = self.book.shares.iter().position(|share| share.site == site && share.id == id);
        self.book.shares.remove(at.ok_or(Refusal::NoShare)?);
        self.note_site("share_removed", site, id);
        Ok(())
    }
}

impl Registry {
    /// The link that a token or a pass belongs to; `None` when there is none or the pass is over.
    pub fn share(&self, text: &str) -> Option<ShareGrant> {
        let snapshot = self.snapshot();
        if let Some(rest) = text.strip_prefix(PASS) {
            let id = rest.split('_').next().unwrap_or_default();
            let share = snapshot.book().shares.iter().find(|share| share.id == id)?;
            return self.passes.holds(share, text, self.now()).then(|| grant(share, true));
        }
        let share = snapshot.share_of_token(text)?;
        Some(grant(share, share.password.is_none()))
    }

    /// A pass for the link of `token`, whose password has been verified or which has none.
    pub fn pass(&self, token: &str) -> Option<Pass> {
        let snapshot = self.snapshot();
        let share = snapshot.share_of_token(token)?;
        let expires_at = self.now() + SignedDuration::from_hours(PASS_HOURS);
        Some(Pass { text: self.passes.sign(share, expires_at.as_second()), expires_at })
    }
}

fn grant(share: &ShareRecord, is_open: bool) -> ShareGrant {
    let has_password = share.password.is_some();
    ShareGrant { id: share.id.clone(), site: share.site.clone(), name: share.name.clone(), has_password, is_open }
}

/// Signs passes: a random key of this process.
pub(super) struct Passes([u8; 16]);

impl Passes {
    pub(super) fn new() -> Result<Self, RegistryError> {
        token::random().map(Self)
    }

    /// `hc_p_ID_SECOND_SIGNATURE`. Signed are the link, its password and the second at which the pass is over.
    fn sign(&self, share: &ShareRecord, second: i64) -> String {
        let mut hasher = SipHasher24::new_with_key(&self.0);
        let password = share.password.as_deref().unwrap_or_default();
        for part in [share.id.as_bytes(), password.as_bytes(), &second.to_le_bytes()] {
            hasher.write_u64(part.len() as u64);
            hasher.write(part);
        }
        let signature = u128::from(hasher.finish128());
        format!("{PASS}{}_{second}_{signature:032x}", share.id)
    }

    fn holds(&self, share: &ShareRecord, text: &str, now: Timestamp) -> bool {
        let second = text.rsplit('_').nth(1).and_then(|second| second.parse().ok());
        let Some(second) = second.filter(|second| *second > now.as_second()) else { return false };
        self.sign(share, second).as_bytes().ct_eq(text.as_bytes()).into()
    }
}

impl std::fmt::Debug for Passes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passes(…)")
    }
}

#[cfg(test)]
#[path = "shares_tests.rs"]
mod tests;
