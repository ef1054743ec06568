//! Until an owner of all sites has a password, every start makes a fresh one-time link to set it.

use super::people::{FIRST_OWNER, Rights};
use super::{Registry, RegistryError};

/// The link to print at a start.
#[derive(Clone, PartialEq, Eq)]
pub struct FirstLink {
    /// Whose password it sets.
    pub user: String,
    /// The token; the link is `{public_url}/sign-in?token=…`.
    pub token: String,
}

impl FirstLink {
    /// The address to open, below the public address (without a closing slash).
    pub fn address(&self, public_url: &str) -> String {
        format!("{public_url}/sign-in?token={}", self.token)
    }
}

/// Makes user `owner` where absent, and a one-time link, unless an owner has a password. Older links of that user die.
///
/// # Errors
/// [`RegistryError`] of the files.
pub fn first_start(registry: &Registry) -> Result<Option<FirstLink>, RegistryError> {
    registry.refresh()?;
    let snapshot = registry.snapshot();
    if snapshot.has_owner() {
        return Ok(None);
    }
    registry.update("server", |draft| {
        let waiting = draft.book.users.iter().find(|user| user.owner).map(|user| user.name.clone());
        let user = match waiting {
            Some(name) => name,
            None => {
                draft.add_user(FIRST_OWNER, &Rights::OwnerOfAll)?;
                FIRST_OWNER.to_owned()
            }
        };
        let token = draft.make_link(&user)?;
        Ok(Some(FirstLink { user, token }))
    })
}
