//! What the registry refuses, as problems. The command line repeats what was typed; a problem never does (P9).

use axum::http::StatusCode;

use super::auth::UNKNOWN_SITE;
use super::claim;
use crate::http::problem::Problem;
use crate::registry::{Refusal, RegistryError};

const NOT_ALLOWED: &str = "This value is not allowed";
const NOT_THERE: &str = "There is nothing of this name";
const IN_THE_WAY: &str = "Something that is there stands in the way";

/// The problem. A failure of our own is logged here, once.
pub(super) fn problem(error: &RegistryError) -> Problem {
    let RegistryError::Refused(refusal) = error else {
        return failed(error);
    };
    match refusal {
        Refusal::LinkUsed => claim::LINK_USED,
        Refusal::WeakPassword => claim::weak_password(),
        Refusal::NoSite(_) => UNKNOWN_SITE,
        Refusal::NoGoal | Refusal::NoFunnel | Refusal::NoAnnotation | Refusal::NoShare | Refusal::NoKey(_) => {
            Problem::new(StatusCode::NOT_FOUND, refusal.code(), NOT_THERE)
        }
        Refusal::GoalExists
        | Refusal::GoalInUse
        | Refusal::TooMany(_)
        | Refusal::AcceptTaken { .. }
        | Refusal::KeyRevoked(_)
        | Refusal::SiteExists(_)
        | Refusal::SiteBeingErased(_) => {
            Problem::new(StatusCode::CONFLICT, refusal.code(), IN_THE_WAY).detail(words(refusal))
        }
        Refusal::BadSetting(_)
        | Refusal::BadGoal(_)
        | Refusal::BadFunnel(_)
        | Refusal::BadAnnotation(_)
        | Refusal::BadShare
        | Refusal::BadLabel
        | Refusal::BadSiteId(_)
        | Refusal::BadTimezone(_)
        | Refusal::BadDomain(_)
        | Refusal::BadMinVisitors(_)
        | Refusal::BadAccept(_) => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, refusal.code(), NOT_ALLOWED).detail(words(refusal))
        }
        _ => failed(error),
    }
}

fn words(refusal: &Refusal) -> String {
    let fixed = match refusal {
        Refusal::BadTimezone(_) => "timezone: not known here; give an IANA name such as Europe/Berlin or UTC",
        Refusal::BadDomain(_) => "domains: one is not a host name; give example.org, without scheme, port or path",
        Refusal::BadMinVisitors(_) => "min_visitors: give a number from 1 to 1000000",
        Refusal::BadAccept(_) => "accept: one is not DIALECT:TOKEN, such as ga4:G-ABC123",
        Refusal::BadSiteId(_) => {
            "id: give 1 to 64 letters, digits, dots, dashes or underscores, a letter or digit first"
        }
        Refusal::SiteExists(_) => "id: a site of this id exists already; choose another one",
        Refusal::SiteBeingErased(_) => {
            "id: what a removed site of this id counted is still being erased; try again soon"
        }
        Refusal::KeyRevoked(_) => "this key is revoked already; nothing is left to do",
        Refusal::AcceptTaken { .. } => "accept: another site has one of these tokens; a token leads to one site only",
        // The rest is written by us and holds nothing that was sent.
        other => return other.to_string(),
    };
    fixed.to_owned()
}

fn failed(error: &RegistryError) -> Problem {
    tracing::error!(code = error.code(), "the registry could not be changed");
    Problem::internal()
}
