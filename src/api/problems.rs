//! Which problems a route answers with, for its description: one list per kind of route, so that no route forgets one.

use std::collections::BTreeMap;

use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

/// An error (RFC 9457). `code` is stable; `detail` says what to do and never repeats what was sent.
#[derive(ToSchema)]
#[schema(as = Problem)]
#[expect(dead_code, reason = "describes what `http::problem` writes")]
pub(super) struct ProblemDocument {
    /// `/problems/` and the code.
    #[schema(example = "/problems/unknown_site")]
    r#type: String,
    /// What kind of problem it is.
    title: String,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What is wrong this time and what to do.
    #[schema(nullable = false)]
    detail: Option<String>,
    /// Stable word for programs.
    #[schema(example = "unknown_site")]
    code: String,
}

const BAD_REQUEST: (&str, &str) = ("400", "`bad_parameter`, or a word that names what is not understood");
const NOT_SIGNED_IN: (&str, &str) = ("401", "`not_signed_in`, `bad_key`; of a shared link `bad_share`, `share_locked`");
const FORBIDDEN: (&str, &str) = ("403", "`wrong_scope`, `wrong_role`, `cross_site`");
const ABSENT: (&str, &str) = ("404", "`unknown_site` (also a site that is not yours), or nothing of that name");
const IN_THE_WAY: (&str, &str) = ("409", "Something that is there stands in the way");
const BAD_BODY: (&str, &str) = ("400", "`bad_json`, `body_cut`, `bad_parameter`, or a word that names what is wrong");
const TOO_LARGE: (&str, &str) = ("413", "`too_large`: at most 64 KiB are read");
const TOO_LARGE_HIT: (&str, &str) = ("413", "`too_large`");
const WRONG_TYPE: (&str, &str) = ("415", "`wrong_content_type`: a page sends JSON");
const NOT_KEPT: (&str, &str) = ("422", "Understood, but not kept or not allowed; the detail says why");
const TOO_MANY: (&str, &str) = ("429", "`too_many_attempts`; see Retry-After");
const INTERNAL: (&str, &str) = ("500", "`internal`: something failed on our side");
const UNAVAILABLE: (&str, &str) = ("503", "Cannot be answered now; see Retry-After");

macro_rules! problems {
    ($($(#[$meta:meta])* $name:ident: [$($one:expr),*];)*) => {$(
        $(#[$meta])*
        pub(super) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                described(&[$($one),*])
            }
        }
    )*};
}

problems! {
    /// Of routes that show what is defined.
    Showing: [BAD_REQUEST, NOT_SIGNED_IN, FORBIDDEN, ABSENT];
    /// Of routes that answer with counts.
    Reading: [BAD_REQUEST, NOT_SIGNED_IN, FORBIDDEN, ABSENT, NOT_KEPT, INTERNAL, UNAVAILABLE];
    /// Of the query route.
    Querying: [BAD_BODY, NOT_SIGNED_IN, FORBIDDEN, ABSENT, TOO_LARGE, WRONG_TYPE, NOT_KEPT, INTERNAL, UNAVAILABLE];
    /// Of routes that define something.
    Changing: [BAD_BODY, NOT_SIGNED_IN, FORBIDDEN, ABSENT, IN_THE_WAY, TOO_LARGE, WRONG_TYPE, NOT_KEPT, INTERNAL];
    /// Of routes that remove something.
    Removing: [BAD_REQUEST, NOT_SIGNED_IN, FORBIDDEN, ABSENT, IN_THE_WAY, INTERNAL];
    /// Of the audit list.
    Auditing: [BAD_REQUEST, NOT_SIGNED_IN, FORBIDDEN, ABSENT, INTERNAL];
    /// Of a shared link's reader.
    OpeningShare: [
        BAD_BODY, ("401", "`not_shared`, `bad_share`, `bad_credentials`"), TOO_LARGE, WRONG_TYPE, TOO_MANY, INTERNAL
    ];
    /// Of signing in.
    SigningIn: [BAD_BODY, ("401", "`bad_credentials`"), FORBIDDEN, TOO_LARGE, WRONG_TYPE, TOO_MANY, INTERNAL];
    /// Of signing out.
    SigningOut: [FORBIDDEN, INTERNAL];
    /// Of collecting.
    Collecting: [
        ("400", "Not JSON, a wrong type or a missing field; `unknown_site` of a batch"), ("408", "`incomplete`"),
        TOO_LARGE_HIT, ("415", "`unsupported_encoding`"), ("429", "`rate_limited`; see Retry-After"), UNAVAILABLE
    ];
    /// Of claiming a one-time link.
    Claiming: [
        BAD_BODY, FORBIDDEN, ("410", "`link_used`"), TOO_LARGE, WRONG_TYPE, ("422", "`weak_password`"), INTERNAL
    ];
}

fn described(all: &[(&str, &str)]) -> BTreeMap<String, RefOr<Response>> {
    all.iter().map(|(status, words)| ((*status).to_owned(), problem(words).into())).collect()
}

/// A response that is a problem.
pub(super) fn problem(words: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(words).content("application/problem+json", content).build()
}
