//! What `registry.json` holds: plain records, as written. Knows no rule; `draft` changes them, `snapshot` reads them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::imports::ImportRecord;
use super::token::Digest;

/// The whole file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Book {
    /// Form of the file; a program refuses one it does not know, so that it loses nothing of it.
    pub version: u32,
    /// Sites, by id.
    pub sites: Vec<SiteRecord>,
    /// Users, by name.
    pub users: Vec<User>,
    /// One-time links that have not been used.
    pub links: Vec<Link>,
    /// Keys, revoked ones included.
    pub keys: Vec<Key>,
    /// Links with which anybody reads a site.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<ShareRecord>,
    /// Sites that were removed and whose counts are not erased yet, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub erasures: Vec<ErasureRecord>,
}

/// A site that was removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErasureRecord {
    /// What it was called. No site of this id can be added until the erasure is done.
    pub site: String,
    /// When it was removed.
    pub removed_at: Timestamp,
}

/// The form this program writes.
pub(super) const VERSION: u32 = 1;

/// A site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteRecord {
    /// What events carry in `site`.
    pub id: String,
    /// Accepted hosts, lower case, each with its subdomains. Empty: every host.
    pub domains: Vec<String>,
    /// IANA name of the zone in which days begin and end. A change holds for days not yet begun; days already counted
    /// keep the buckets they were counted in.
    pub timezone: String,
    /// k: groups of fewer visitors are not shown.
    pub min_visitors: u32,
    /// `DIALECT:TOKEN` of other products' clients that send to this site.
    pub accept: Vec<String>,
    /// Whether k applies to every dimension.
    #[serde(default)]
    pub strict: bool,
    /// Months that sealed days are kept.
    #[serde(default = "retention_months")]
    pub retention_months: u16,
    /// Codes of the dimensions reports can be filtered by; `None`: all of them.
    #[serde(default)]
    pub crossings: Option<Vec<String>>,
    /// Property keys that reports can be filtered by.
    #[serde(default)]
    pub filter_properties: Vec<String>,
    /// Numeric property keys of which the distribution is kept.
    #[serde(default)]
    pub numbers: Vec<String>,
    /// Patterns of pages that are not counted, as those of goals.
    #[serde(default)]
    pub excluded_paths: Vec<String>,
    /// Goals, by name.
    #[serde(default)]
    pub goals: Vec<GoalRecord>,
    /// Funnels, in the order they were made.
    #[serde(default)]
    pub funnels: Vec<FunnelRecord>,
    /// Notes on the time line, by day.
    #[serde(default)]
    pub annotations: Vec<AnnotationRecord>,
    /// What was brought in from files, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub imports: Vec<ImportRecord>,
    /// When it was added.
    pub created_at: Timestamp,
}

fn retention_months() -> u16 {
    crate::model::RETENTION_MONTHS
}

/// A goal: a page pattern, or else a feature, with a property if one is named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoalRecord {
    /// What people see and funnels name.
    pub name: String,
    /// Pattern of the page's path; `*` is any text without a slash, `**` any text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Name of the feature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// `key=value` of a property the event must carry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
}

impl GoalRecord {
    /// The key of the property an event must carry.
    pub fn property_key(&self) -> Option<&str> {
        self.property.as_deref()?.split('=').next()
    }
}

/// A funnel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FunnelRecord {
    /// Stable id.
    pub id: String,
    /// What people see.
    pub name: String,
    /// Names of goals, in order.
    pub steps: Vec<String>,
    /// When it was defined; nothing is counted for the time before.
    pub created_at: Timestamp,
}

/// A note on the time line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnotationRecord {
    /// Stable id.
    pub id: String,
    /// The day, in the site's zone.
    pub day: jiff::civil::Date,
    /// What happened.
    pub text: String,
}

/// What a user may do with a site; each role includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// May look.
    Viewer,
    /// May change what is shown.
    Editor,
    /// May change the site, its users and keys.
    Owner,
}

impl Role {
    /// The word people see.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Owner => "owner",
        }
    }
}

/// A user of the dashboards.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// The name to sign in with.
    pub name: String,
    /// PHC string of the password (argon2id); `None` until a one-time link is used.
    pub password: Option<String>,
    /// Owner of every site, those to come included.
    pub owner: bool,
    /// Role per site id.
    pub roles: BTreeMap<String, Role>,
    /// Changes with the password: dashboard sessions of another epoch are over.
    pub epoch: u64,
    /// When the user was added.
    pub created_at: Timestamp,
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User")
            .field("name", &self.name)
            .field("password", &self.password.as_ref().map(|_| "(secret)"))
            .field("owner", &self.owner)
            .field("roles", &self.roles)
            .finish_non_exhaustive()
    }
}

/// A one-time link with which a user sets a password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// SHA-256 of the token in the link.
    pub token: Digest,
    /// Whose password it sets.
    pub user: String,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Ask for numbers.
    Read,
    /// Send events and ask why one was dropped.
    Write,
    /// Both, and change the site.
    Admin,
}

impl Scope {
    /// The word people see.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    /// Whether a key of this scope may do what `needed` asks for.
    pub fn allows(self, needed: Self) -> bool {
        self == Self::Admin || self == needed
    }
}

/// A bearer key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// Names the key in lists; no secret.
    pub id: String,
    /// SHA-256 of the key.
    pub token: Digest,
    /// The site it is for.
    pub site: String,
    /// What it may do.
    pub scope: Scope,
    /// A note of whoever made it.
    pub label: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself; `None`: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl Key {
    /// Whether it may be used.
    pub fn works_at(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| end > now)
    }
}

/// A link with which anybody reads one site.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareRecord {
    /// Names the link in lists; no secret.
    pub id: String,
    /// SHA-256 of the token in the link.
    pub token: Digest,
    /// The site it shows.
    pub site: String,
    /// What its maker called it.
    pub name: String,
    /// PHC string of the password (argon2id); `None`: the link is enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl std::fmt::Debug for ShareRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ShareRecord")
            .field("id", &self.id)
            .field("site", &self.site)
            .field("password", &self.password.as_ref().map(|_| "(secret)"))
            .finish_non_exhaustive()
    }
}

/// A dashboard login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Session {
    /// SHA-256 of the cookie's value.
    pub(super) token: Digest,
    /// Who signed in.
    pub(super) user: String,
    /// [`User::epoch`] at that time.
    pub(super) epoch: u64,
    /// When it is over.
    pub(super) expires_at: Timestamp,
}

/// The whole of `sessions.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sessions {
    pub(super) sessions: Vec<Session>,
}
