//! Why the registry says no, or cannot answer.

use std::path::PathBuf;

/// The registry could not be read or written, or refuses the change.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// The change breaks a rule.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A file or folder could not be read or written.
    #[error("{path}: {source}; check that the state directory exists and belongs to you")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the machine said.
        source: std::io::Error,
    },
    /// A file does not hold what it should.
    #[error("{path} is damaged ({why}); restore it from a backup")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong; never a secret.
        why: String,
    },
    /// No randomness, hence no secrets.
    #[error("the machine gives no random numbers; nothing was changed")]
    Random,
}

impl RegistryError {
    /// Stable word for this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Io { .. } => "registry_io",
            Self::Damaged { .. } => "registry_damaged",
            Self::Random => "no_randomness",
        }
    }
}

/// The rule a change would break, and what to do instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A site of this id exists.
    #[error("site {0} exists already; change it with `headcount site edit {0}`")]
    SiteExists(String),
    /// What a removed site of this id counted is still being erased.
    #[error(
        "what the removed site {0} counted is not erased yet: that takes a running server, or `headcount site remove \
         {0}` again, and ClickHouse; then add it"
    )]
    SiteBeingErased(String),
    /// No such site.
    #[error("there is no site {0}; `headcount site list` shows them")]
    NoSite(String),
    /// Not a site id.
    #[error("{0:?} is not a site id: {error}", error = crate::model::SiteIdError)]
    BadSiteId(String),
    /// Not a host name.
    #[error(
        "{0:?} is not a host name; give it as example.org, without scheme, port or path (subdomains are included), and in other scripts as browsers send it: xn--…"
    )]
    BadDomain(String),
    /// Not a time zone of this machine.
    #[error("{0:?} is not a time zone known here; give an IANA name such as Europe/Berlin or UTC")]
    BadTimezone(String),
    /// k out of range.
    #[error("a minimum of {0} visitors cannot be kept; give a number from 1 to 1000000")]
    BadMinVisitors(u32),
    /// Not a dialect and a token.
    #[error(
        "{0:?} cannot be accepted; give DIALECT:TOKEN, such as ga4:G-ABC123, of plausible, umami, goatcounter, matomo, ga4, mixpanel, segment, rudder, posthog, amplitude, aptabase"
    )]
    BadAccept(String),
    /// Another site has the token.
    #[error("{token} belongs to site {site}; a token leads to one site only")]
    AcceptTaken {
        /// `DIALECT:TOKEN`.
        token: String,
        /// The site that has it.
        site: String,
    },
    /// A user of this name exists.
    #[error("user {0} exists already; change rights with `headcount user edit {0}`")]
    UserExists(String),
    /// No such user.
    #[error("there is no user {0}; `headcount user list` shows them")]
    NoUser(String),
    /// Not a user name.
    #[error("{0:?} is not a user name; use 1 to 64 letters, digits, dots, dashes, underscores or @")]
    BadUserName(String),
    /// A name with a meaning of its own.
    #[error("the name {0} is kept: owner for an owner of all sites, cli and server for the audit list; choose another")]
    NameKept(String),
    /// A role that needs a site.
    #[error("the role {0} is given per site; name one with --site")]
    RoleNeedsSite(&'static str),
    /// Nobody would be left.
    #[error("{0} is the last owner of all sites; make another one first with `headcount user add NAME --role owner`")]
    LastOwner(String),
    /// Too short or too long.
    #[error("a password has at least 10 characters and at most 1024 bytes; choose another one")]
    WeakPassword,
    /// The one-time link is unknown, used or expired.
    #[error("this link has been used or is too old; make a new one with `headcount user password NAME`")]
    LinkUsed,
    /// No such key.
    #[error("there is no key {0}; `headcount key list` shows them")]
    NoKey(String),
    /// The key no longer works anyway.
    #[error("key {0} is revoked already; nothing is left to do")]
    KeyRevoked(String),
    /// Too long a note.
    #[error("a label has at most 100 characters and no control characters; shorten it")]
    BadLabel,
    /// A setting of a site that is not allowed.
    #[error("{0}")]
    BadSetting(&'static str),
    /// A goal that is none.
    #[error("{0}")]
    BadGoal(&'static str),
    /// A goal of this name exists.
    #[error("a goal of this name exists already; choose another name, or remove that goal first")]
    GoalExists,
    /// No such goal.
    #[error("there is no goal of this name; `headcount goal list` shows them")]
    NoGoal,
    /// A funnel needs the goal.
    #[error("a funnel has this goal as a step; remove the funnel first")]
    GoalInUse,
    /// A funnel that is none.
    #[error("{0}")]
    BadFunnel(&'static str),
    /// No such funnel.
    #[error("there is no funnel of this id; `headcount funnel list` shows them")]
    NoFunnel,
    /// A note that is none.
    #[error("{0}")]
    BadAnnotation(&'static str),
    /// No such note.
    #[error("there is no annotation of this id")]
    NoAnnotation,
    /// A link without a name.
    #[error("the name of a link has 1 to 100 characters and no control characters")]
    BadShare,
    /// No such link.
    #[error("there is no link of this id; `headcount share list` shows them")]
    NoShare,
    /// As many as a site can have.
    #[error("{0}")]
    TooMany(&'static str),
}

impl Refusal {
    /// Stable word for this refusal.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::SiteExists(_) => "site_exists",
            Self::SiteBeingErased(_) => "site_being_erased",
            Self::NoSite(_) => "unknown_site",
            Self::BadSiteId(_) => "bad_site_id",
            Self::BadDomain(_) => "bad_domain",
            Self::BadTimezone(_) => "bad_timezone",
            Self::BadMinVisitors(_) => "bad_min_visitors",
            Self::BadAccept(_) => "bad_accept",
            Self::AcceptTaken { .. } => "accept_taken",
            Self::UserExists(_) => "user_exists",
            Self::NoUser(_) => "unknown_user",
            Self::BadUserName(_) => "bad_user_name",
            Self::NameKept(_) => "name_kept",
            Self::RoleNeedsSite(_) => "role_needs_site",
            Self::LastOwner(_) => "last_owner",
            Self::WeakPassword => "weak_password",
            Self::LinkUsed => "link_used",
            Self::NoKey(_) => "unknown_key",
            Self::KeyRevoked(_) => "key_revoked",
            Self::BadLabel => "bad_label",
            Self::BadSetting(_) => "bad_setting",
            Self::BadGoal(_) => "bad_goal",
            Self::GoalExists => "goal_exists",
            Self::NoGoal => "unknown_goal",
            Self::GoalInUse => "goal_in_use",
            Self::BadFunnel(_) => "bad_funnel",
            Self::NoFunnel => "unknown_funnel",
            Self::BadAnnotation(_) => "bad_annotation",
            Self::NoAnnotation => "unknown_annotation",
            Self::BadShare => "bad_share",
            Self::NoShare => "unknown_share",
            Self::TooMany(_) => "too_many",
        }
    }
}
