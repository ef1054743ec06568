//! Changes to users and one-time links, made on the draft. Sees hashes of secrets, and fresh secrets on their
//! way out; keeps none.

use jiff::SignedDuration;

use super::draft::Draft;
use super::record::{Link, Role, User};
use super::token::{self, Digest};
use super::{Refusal, RegistryError};

/// Days a one-time link works.
pub const LINK_DAYS: i64 = 7;
/// The user made at the first start.
pub const FIRST_OWNER: &str = "owner";
/// Names that stand for programs in the audit list.
const KEPT_NAMES: [&str; 2] = ["cli", "server"];

/// A role: on all sites, or on those named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rights {
    /// Owner of every site, those to come included.
    OwnerOfAll,
    /// A role on some sites.
    On(Vec<String>, Role),
}

impl Rights {
    /// From a role and the sites it is for; owner without a site is owner of all.
    ///
    /// # Errors
    /// [`Refusal::RoleNeedsSite`] for another role without a site.
    pub fn new(role: Role, sites: Vec<String>) -> Result<Self, Refusal> {
        match (role, sites.is_empty()) {
            (Role::Owner, true) => Ok(Self::OwnerOfAll),
            (role, true) => Err(Refusal::RoleNeedsSite(role.code())),
            (role, false) => Ok(Self::On(sites, role)),
        }
    }

    fn describe(&self) -> String {
        match self {
            Self::OwnerOfAll => "owner of all sites".to_owned(),
            Self::On(sites, role) => format!("{} of {}", role.code(), sites.join(" ")),
        }
    }
}

impl Draft {
    /// Adds a user without a password; a link sets it.
    ///
    /// # Errors
    /// [`Refusal`] when the name is taken or not allowed, or a site does not exist.
    pub fn add_user(&mut self, name: &str, rights: &Rights) -> Result<(), RegistryError> {
        if !is_user_name(name) {
            return Err(Refusal::BadUserName(name.to_owned()).into());
        }
        if KEPT_NAMES.contains(&name) || (name == FIRST_OWNER && *rights != Rights::OwnerOfAll) {
            return Err(Refusal::NameKept(name.to_owned()).into());
        }
        if self.book.users.iter().any(|user| user.name == name) {
            return Err(Refusal::UserExists(name.to_owned()).into());
        }
        let mut user = User {
            name: name.to_owned(),
            password: None,
            owner: false,
            roles: Default::default(),
            epoch: self.fresh_epoch()?,
            created_at: self.now,
        };
        self.give(&mut user, rights)?;
        self.note("user_added", name, rights.describe());
        self.book.users.push(user);
        self.book.users.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(())
    }

    /// Gives a user more rights, or another role on a site.
    ///
    /// # Errors
    /// [`Refusal`] when user or site do not exist.
    pub fn grant(&mut self, name: &str, rights: &Rights) -> Result<(), Refusal> {
        let position = self.user_position(name)?;
        let mut user = self.book.users[position].clone();
        self.give(&mut user, rights)?;
        self.book.users[position] = user;
        self.note("rights_given", name, rights.describe());
        Ok(())
    }

    /// Takes a user's rights on `sites`; all rights when empty.
    ///
    /// # Errors
    /// [`Refusal`] when the user does not exist or is the last owner.
    pub fn withdraw(&mut self, name: &str, sites: &[String]) -> Result<(), Refusal> {
        let position = self.user_position(name)?;
        if sites.is_empty() {
            self.keep_an_owner(name)?;
            self.book.users[position].owner = false;
            self.book.users[position].roles.clear();
            self.note("rights_taken", name, "all");
            return Ok(());
        }
        for site in sites {
            self.site_position(site)?;
            self.book.users[position].roles.remove(site);
        }
        self.note("rights_taken", name, sites.join(" "));
        Ok(())
    }

    /// Removes a user; links and dashboard sessions end with it.
    ///
    /// # Errors
    /// [`Refusal`] when there is no such user or no owner would be left.
    pub fn remove_user(&mut self, name: &str) -> Result<(), Refusal> {
        let position = self.user_position(name)?;
        self.keep_an_owner(name)?;
        self.book.users.remove(position);
        self.book.links.retain(|link| link.user != name);
        self.note("user_removed", name, "");
        Ok(())
    }

    /// Sets a password from its PHC string (hash it before: that is slow). Links and dashboard sessions of the user end.
    ///
    /// # Errors
    /// [`Refusal::NoUser`], or no randomness.
    pub fn set_password(&mut self, name: &str, phc: String) -> Result<(), RegistryError> {
        let position = self.user_position(name)?;
        let epoch = self.fresh_epoch()?;
        let user = &mut self.book.users[position];
        (user.password, user.epoch) = (Some(phc), epoch);
        self.book.links.retain(|link| link.user != name);
        self.note("password_set", name, "");
        Ok(())
    }

    /// A fresh token for a one-time link; older links of the user die.
    ///
    /// # Errors
    /// [`Refusal::NoUser`], or no randomness.
    pub fn make_link(&mut self, name: &str) -> Result<String, RegistryError> {
        self.user_position(name)?;
        let token = token::fresh("")?;
        let now = self.now;
        self.book.links.retain(|link| link.user != name && link.expires_at > now);
        self.book.links.push(Link {
            token: Digest::of(&token),
            user: name.to_owned(),
            expires_at: now + SignedDuration::from_hours(24 * LINK_DAYS),
        });
        self.note("link_made", name, format!("works for {LINK_DAYS} days"));
        Ok(token)
    }

    /// Uses a one-time link: sets the password and names the user.
    ///
    /// # Errors
    /// [`Refusal::LinkUsed`] when the link is unknown, used or expired.
    pub fn use_link(&mut self, token: &str, phc: String) -> Result<String, RegistryError> {
        let (digest, now) = (Digest::of(token), self.now);
        let link = self.book.links.iter().find(|link| link.token == digest && link.expires_at > now);
        let user = link.map(|link| link.user.clone()).ok_or(Refusal::LinkUsed)?;
        self.set_password(&user, phc)?;
        Ok(user)
    }

    fn give(&self, user: &mut User, rights: &Rights) -> Result<(), Refusal> {
        match rights {
            Rights::OwnerOfAll => user.owner = true,
            Rights::On(sites, role) => {
                for site in sites {
                    self.site_position(site)?;
                    user.roles.insert(site.clone(), *role);
                }
            }
        }
        Ok(())
    }

    fn user_position(&self, name: &str) -> Result<usize, Refusal> {
        let found = self.book.users.iter().position(|user| user.name == name);
        found.ok_or_else(|| Refusal::NoUser(name.to_owned()))
    }

    fn keep_an_owner(&self, name: &str) -> Result<(), Refusal> {
        let mut owners = self.book.users.iter().filter(|user| user.owner).map(|user| user.name.as_str());
        match (owners.next(), owners.next()) {
            (Some(last), None) if last == name => Err(Refusal::LastOwner(name.to_owned())),
            _ => Ok(()),
        }
    }
}

fn is_user_name(text: &str) -> bool {
    let known = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'-' | b'_' | b'@');
    let starts_well = text.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric);
    starts_well && text.len() <= 64 && text.bytes().all(known)
}
