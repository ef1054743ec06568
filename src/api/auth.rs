//! Who asks, and what they may see. Three ways in: a bearer key (one site, one scope), the dashboard's cookie, or a shared
//! link, which reads one site and does nothing else. A site that does not exist and one that may not be seen get the same
//! answer.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use cookie::{Cookie, SameSite};

use super::body::{self, is_json};
use super::state::ApiState;
use crate::http::problem::Problem;
use crate::model::Site;
use crate::registry::{Grant, Registry, Role, SESSION_DAYS, Scope, ShareGrant, Snapshot};
use crate::stats::Reader;

/// Name of the dashboard's cookie.
pub(super) const COOKIE: &str = "headcount_session";

/// Header with the token of a shared link, or the pass its password bought.
pub(super) const SHARE: HeaderName = HeaderName::from_static("headcount-share");

const NOT_SIGNED_IN: Problem = Problem::new(StatusCode::UNAUTHORIZED, "not_signed_in", "You are not signed in");
const BAD_KEY: Problem = Problem::new(StatusCode::UNAUTHORIZED, "bad_key", "This key is unknown or revoked");
const WRONG_SCOPE: Problem = Problem::new(StatusCode::FORBIDDEN, "wrong_scope", "This key is not for this");
const WRONG_ROLE: Problem = Problem::new(StatusCode::FORBIDDEN, "wrong_role", "Your role does not allow this");
pub(super) const BAD_SHARE: Problem =
    Problem::new(StatusCode::UNAUTHORIZED, "bad_share", "This link is unknown, has been removed, or its pass is over");
const SHARE_LOCKED: Problem =
    Problem::new(StatusCode::UNAUTHORIZED, "share_locked", "This link opens with its password");
const ONLY_READS: Problem = Problem::new(StatusCode::FORBIDDEN, "wrong_scope", "A shared link only reads numbers");
pub(super) const UNKNOWN_SITE: Problem =
    Problem::new(StatusCode::NOT_FOUND, "unknown_site", "There is no such site, or it is not yours");
const CROSS_SITE: Problem =
    Problem::new(StatusCode::FORBIDDEN, "cross_site", "This request did not come from the dashboard");

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    /// The bearer of a key.
    Key(Grant),
    /// Somebody signed in.
    User(String),
    /// Somebody with a shared link that is open.
    Share(ShareGrant),
}

/// What it takes to change something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needed {
    /// An editor of the site, or a key of scope `admin`.
    Editor,
    /// An owner of the site, or a key of scope `admin`.
    Owner,
    /// An owner of the site who is signed in: no key makes keys.
    OwnerInPerson,
}

impl Needed {
    const fn role(self) -> Role {
        match self {
            Self::Editor => Role::Editor,
            Self::Owner | Self::OwnerInPerson => Role::Owner,
        }
    }
}

impl Caller {
    /// From the headers, for what only reads numbers: a shared link when there is one, whoever is signed in beside it;
    /// else as [`Caller::of`].
    pub(super) fn reading(registry: &Registry, headers: &HeaderMap) -> Result<Self, Problem> {
        let Some(value) = headers.get(SHARE) else { return Self::of(registry, headers) };
        let grant = value.to_str().ok().and_then(|text| registry.share(text)).ok_or(BAD_SHARE)?;
        if grant.is_open {
            Ok(Self::Share(grant))
        } else {
            Err(SHARE_LOCKED.detail("Ask POST /api/v1/share for a pass."))
        }
    }

    /// From the headers: a key when there is one, else the cookie. A shared link is refused.
    pub(super) fn of(registry: &Registry, headers: &HeaderMap) -> Result<Self, Problem> {
        if headers.contains_key(SHARE) {
            return Err(ONLY_READS);
        }
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            let key = value.to_str().ok().and_then(bearer).unwrap_or_default();
            let grant = registry.snapshot().grant_of_key(key);
            return grant.map(Self::Key).ok_or(BAD_KEY);
        }
        signed_in(registry, headers).map(Self::User)
    }

    /// By which rules the caller is answered.
    pub(super) const fn reader(&self) -> Reader {
        match self {
            Self::Share(_) => Reader::Public,
            Self::Key(_) | Self::User(_) => Reader::Owner,
        }
    }

    /// The site, when the caller may read it.
    pub(super) fn readable(&self, registry: &Registry, id: &str) -> Result<Arc<Site>, Problem> {
        self.readable_in(&registry.snapshot(), id)
    }

    /// [`Caller::readable`] by the rights of one moment.
    pub(super) fn readable_in(&self, snapshot: &Snapshot, id: &str) -> Result<Arc<Site>, Problem> {
        let site = snapshot.site(id).ok_or(UNKNOWN_SITE)?;
        match self {
            Self::User(name) => snapshot.role(name, id).map(drop).ok_or(UNKNOWN_SITE)?,
            Self::Share(grant) if grant.site == id => {}
            Self::Share(_) => return Err(UNKNOWN_SITE),
            Self::Key(grant) => {
                if grant.site.as_ref().is_some_and(|own| *own != site.id) {
                    return Err(UNKNOWN_SITE);
                }
                if !grant.scope.allows(Scope::Read) {
                    return Err(WRONG_SCOPE.detail("Create a key with --scope read."));
                }
            }
        }
        Ok(site.clone())
    }

    /// Who stands in the audit list, when the caller may change what `needed` says about the site.
    fn changing(&self, registry: &Registry, id: &str, needed: Needed) -> Result<String, Problem> {
        let snapshot = registry.snapshot();
        let site = snapshot.site(id).ok_or(UNKNOWN_SITE)?;
        match self {
            Self::User(name) => match snapshot.role(name, id) {
                Some(role) if role >= needed.role() => Ok(name.clone()),
                Some(_) => Err(WRONG_ROLE.detail(format!("This takes the role {} on the site.", needed.role().code()))),
                None => Err(UNKNOWN_SITE),
            },
            Self::Key(grant) if grant.site.as_ref().is_some_and(|own| *own != site.id) => Err(UNKNOWN_SITE),
            Self::Key(_) if needed == Needed::OwnerInPerson => {
                Err(WRONG_SCOPE.detail("Sign in as an owner of the site."))
            }
            Self::Key(grant) if grant.scope == Scope::Admin => Ok(format!("key {}", grant.key)),
            Self::Key(_) => Err(WRONG_SCOPE.detail("Create a key with --scope admin.")),
            Self::Share(_) => Err(ONLY_READS),
        }
    }
}

/// Refuses who may not change, where nothing is changed but what only they may see is shown.
pub(super) fn entitled(state: &ApiState, headers: &HeaderMap, id: &str, needed: Needed) -> Result<(), Problem> {
    Caller::of(&state.registry, headers)?.changing(&state.registry, id, needed).map(drop)
}

/// Who stands in the audit list for a change of the site; refused are those who may not, and requests of other sites.
pub(super) fn changer(state: &ApiState, headers: &HeaderMap, id: &str, needed: Needed) -> Result<String, Problem> {
    let caller = Caller::of(&state.registry, headers)?;
    if matches!(caller, Caller::User(_)) {
        same_site(state, headers, false)?;
    }
    caller.changing(&state.registry, id, needed)
}

/// [`changer`], and the body: from a page JSON by its header, from a program whatever it calls it.
pub(super) async fn changer_and_body<T: serde::de::DeserializeOwned>(
    state: &ApiState,
    request: (HeaderMap, axum::body::Body),
    id: &str,
    needed: Needed,
) -> Result<(String, T), Problem> {
    let (headers, body) = request;
    let who = changer(state, &headers, id, needed)?;
    let bytes = match Caller::of(&state.registry, &headers)? {
        Caller::User(_) => body::read(&headers, body).await?,
        Caller::Key(_) | Caller::Share(_) => body::read_any(body).await?,
    };
    Ok((who, body::parse(&bytes)?))
}

/// Who is signed in as owner of all sites; refused are all others, and keys.
pub(super) fn owner_of_all(state: &ApiState, headers: &HeaderMap) -> Result<String, Problem> {
    let Caller::User(name) = Caller::of(&state.registry, headers)? else {
        return Err(WRONG_SCOPE.detail("Sign in as an owner of all sites."));
    };
    if state.registry.snapshot().user(&name).is_some_and(|user| user.owner) {
        return Ok(name);
    }
    Err(WRONG_ROLE.detail("This takes an owner of all sites."))
}

/// The user of the cookie.
pub(super) fn signed_in(registry: &Registry, headers: &HeaderMap) -> Result<String, Problem> {
    let cookie = session_cookie(headers).ok_or(NOT_SIGNED_IN)?;
    registry.session_user(&cookie).ok_or(NOT_SIGNED_IN)
}

/// The value of the dashboard's cookie, whether it holds or not.
pub(super) fn session_cookie(headers: &HeaderMap) -> Option<String> {
    let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies = texts.flat_map(Cookie::split_parse).filter_map(Result::ok);
    cookies.find(|cookie| cookie.name() == COOKIE).map(|cookie| cookie.value().to_owned())
}

/// `Set-Cookie` of a sign-in; with no value, of a sign-out.
pub(super) fn set_cookie(state: &ApiState, value: Option<String>) -> String {
    let days = if value.is_some() { SESSION_DAYS } else { 0 };
    Cookie::build((COOKIE, value.unwrap_or_default()))
        .http_only(true)
        .same_site(SameSite::Lax)
        .path("/")
        .max_age(cookie::time::Duration::days(days))
        .secure(state.settings.public_url.starts_with("https://"))
        .build()
        .to_string()
}

/// Refuses a request that another site made a browser send: cookies travel with it, so they prove nothing.
/// What says where it comes from: `Sec-Fetch-Site`, else `Origin`; neither and a cookie is refused too.
pub(super) fn same_site(state: &ApiState, headers: &HeaderMap, has_body: bool) -> Result<(), Problem> {
    let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    let has_cookie = session_cookie(headers).is_some();
    let ours = match (text("sec-fetch-site"), headers.contains_key(header::ORIGIN)) {
        (Some(place), _) => matches!(place, "same-origin" | "none"),
        (None, true) => text("origin").is_some_and(|origin| own_origin(state, headers, origin)),
        (None, false) => !has_cookie,
    };
    if !ours || (has_cookie && has_body && !is_json(headers)) {
        return Err(CROSS_SITE.detail("Send it as JSON from a page of this server."));
    }
    Ok(())
}

fn own_origin(state: &ApiState, headers: &HeaderMap, origin: &str) -> bool {
    if origin.eq_ignore_ascii_case(&state.settings.public_url) {
        return true;
    }
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    let named = origin.split_once("://").map(|(_, host)| host);
    matches!((named, host), (Some(named), Some(host)) if named.eq_ignore_ascii_case(host))
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}
