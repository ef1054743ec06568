//! The routes of other products' clients. Their paths stand at the root, for those who point a host name here, and below
//! `/in/DIALECT/`, for clients that can be given a path. A path says what to expect; where two products share one, the body
//! decides later.

use http::Method;

use crate::ingest::compat::{Form, SegmentKind};
use crate::model::Dialect;

/// What is asked on one of these routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// Events.
    Take(Form),
    /// What a client asks before it sends anything.
    Start(Start),
    /// A browser asks whether it may post from another origin.
    Preflight,
    /// A method the route does not have; its own are these.
    WrongMethod(&'static str),
}

/// Questions of clients before they send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Segment: where to send to.
    SegmentSettings,
    /// RudderStack: whether there is such a source.
    RudderConfig,
    /// PostHog: a script that would set it up.
    PosthogScript,
    /// PostHog: what is switched on.
    PosthogConfig,
    /// PostHog, and Mixpanel: feature flags.
    Flags,
    /// Measurement Protocol: what is wrong with an event.
    MeasurementDebug,
}

/// What a path is for.
#[derive(Clone, Copy)]
enum What {
    Take(Form),
    Start(Start),
}

/// The route of a request; `None` when it is none of these.
pub fn of(method: &Method, path: &str) -> Option<Foreign> {
    let what = match path.strip_prefix("/in/") {
        Some(prefixed) => below(prefixed)?,
        None => at(path)?,
    };
    let get = method == Method::GET || method == Method::HEAD;
    let asked = match what {
        What::Take(form) if method == Method::POST || get && has_query_form(form) => Foreign::Take(form),
        What::Start(start) if get || method == Method::POST => Foreign::Start(start),
        // A page of the dashboard has the same path.
        What::Take(Form::PosthogReplay) if get => return None,
        _ if method == Method::OPTIONS => Foreign::Preflight,
        What::Take(form) if !has_query_form(form) => Foreign::WrongMethod("POST, OPTIONS"),
        _ => Foreign::WrongMethod("GET, HEAD, POST, OPTIONS"),
    };
    Some(asked)
}

/// The site's token in a path, where a dialect has it there.
pub fn path_token(path: &str) -> &str {
    let code = path.strip_prefix("/in/goatcounter/").and_then(|rest| rest.strip_suffix("/count"));
    code.filter(|code| !code.contains('/')).unwrap_or_default()
}

/// What lies below `/in/`: `mixpanel/track`.
fn below(prefixed: &str) -> Option<What> {
    let (word, _) = prefixed.split_once('/')?;
    let dialect = Dialect::of(word)?;
    let path = &prefixed[word.len()..];
    if dialect == Dialect::Goatcounter && path.ends_with("/count") && !path.starts_with("/api/") {
        return Some(What::Take(Form::Goatcounter));
    }
    match (dialect, at(path)?) {
        (Dialect::Amplitude, What::Take(Form::AnyBatch)) => Some(What::Take(Form::Amplitude)),
        (Dialect::Ga, What::Take(Form::AnyBatch)) => Some(What::Take(Form::UniversalBatch)),
        (_, What::Take(form)) if form.dialect() != dialect => None,
        (_, what) => Some(what),
    }
}

fn at(path: &str) -> Option<What> {
    let path = path.strip_suffix('/').unwrap_or(path);
    let form = match path {
        "/api/event" => Form::Plausible,
        "/api/send" => Form::Umami,
        "/api/batch" => Form::UmamiBatch,
        "/count" => Form::Goatcounter,
        "/api/v0/count" => Form::GoatcounterApi,
        "/matomo.php" | "/piwik.php" => Form::Matomo,
        "/g/collect" => Form::Gtag,
        "/mp/collect" => Form::MeasurementProtocol,
        "/collect" | "/r/collect" | "/j/collect" => Form::AnyCollect,
        "/batch" => Form::AnyBatch,
        "/track" => Form::Mixpanel,
        "/import" => Form::MixpanelImport,
        "/engage" | "/groups" | "/record" => Form::MixpanelProfiles,
        "/v1/track" | "/v1/t" => Form::Segment(SegmentKind::Track),
        "/v1/page" | "/v1/p" => Form::Segment(SegmentKind::Page),
        "/v1/screen" | "/v1/s" => Form::Segment(SegmentKind::Screen),
        "/v1/identify" | "/v1/i" | "/v1/group" | "/v1/g" | "/v1/alias" | "/v1/a" | "/v1/m" => {
            Form::Segment(SegmentKind::Profile)
        }
        "/v1/batch" | "/v1/b" | "/v1/import" => Form::SegmentBatch,
        "/e" | "/capture" | "/i/v0/e" => Form::Posthog,
        "/s" | "/ses" => Form::PosthogReplay,
        "/2/httpapi" | "/httpapi" => Form::Amplitude,
        "/identify" | "/groupidentify" => Form::AmplitudeProfiles,
        "/api/v0/event" | "/api/v0/events" => Form::Aptabase,
        other => return start(other).map(What::Start),
    };
    Some(What::Take(form))
}

fn start(path: &str) -> Option<Start> {
    match path {
        "/flags" | "/decide" => return Some(Start::Flags),
        "/sourceConfig" => return Some(Start::RudderConfig),
        "/debug/mp/collect" => return Some(Start::MeasurementDebug),
        _ => {}
    }
    if let Some(rest) = path.strip_prefix("/array/") {
        return match rest.split_once('/') {
            Some((_, "config.js" | "array.js")) => Some(Start::PosthogScript),
            Some((_, "config")) => Some(Start::PosthogConfig),
            _ => None,
        };
    }
    let projects = path.strip_prefix("/v1/projects/").or_else(|| path.strip_prefix("/projects/"))?;
    projects.ends_with("/settings").then_some(Start::SegmentSettings)
}

/// Whether a client may put it all into the query, for an image's sake.
const fn has_query_form(form: Form) -> bool {
    matches!(
        form,
        Form::Goatcounter
            | Form::Matomo
            | Form::Gtag
            | Form::AnyCollect
            | Form::Mixpanel
            | Form::MixpanelImport
            | Form::MixpanelProfiles
            | Form::Posthog
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(method: &str, path: &str) -> Option<Foreign> {
        of(&Method::from_bytes(method.as_bytes()).expect("a method"), path)
    }

    #[test]
    fn paths_at_the_root_and_below_a_dialect() {
        let take = |form| Some(Foreign::Take(form));
        let table = [
            ("POST", "/api/event", take(Form::Plausible)),
            ("POST", "/in/plausible/api/event", take(Form::Plausible)),
            ("POST", "/in/umami/api/event", None),
            ("POST", "/track/", take(Form::Mixpanel)),
            ("GET", "/in/mixpanel/track", take(Form::Mixpanel)),
            ("POST", "/batch/", take(Form::AnyBatch)),
            ("POST", "/in/posthog/batch/", take(Form::AnyBatch)),
            ("POST", "/in/amplitude/batch", take(Form::Amplitude)),
            ("POST", "/in/ga4/batch", take(Form::UniversalBatch)),
            ("POST", "/in/rudder/v1/batch", take(Form::SegmentBatch)),
            ("POST", "/e/", take(Form::Posthog)),
            ("GET", "/in/goatcounter/blog/count", take(Form::Goatcounter)),
            ("POST", "/s/", take(Form::PosthogReplay)),
            ("GET", "/s/", None),
            ("GET", "/s/demo", None),
            ("POST", "/s/demo", None),
            ("OPTIONS", "/v1/t", Some(Foreign::Preflight)),
            ("GET", "/v1/t", Some(Foreign::WrongMethod("POST, OPTIONS"))),
            ("DELETE", "/collect", Some(Foreign::WrongMethod("GET, HEAD, POST, OPTIONS"))),
            ("GET", "/v1/projects/WK/settings", Some(Foreign::Start(Start::SegmentSettings))),
            ("GET", "/in/segment/v1/projects/WK/settings", Some(Foreign::Start(Start::SegmentSettings))),
            ("GET", "/array/TOK/config", Some(Foreign::Start(Start::PosthogConfig))),
            ("POST", "/flags/", Some(Foreign::Start(Start::Flags))),
            ("GET", "/", None),
            ("GET", "/in/", None),
            ("POST", "/in/nobody/track", None),
            ("GET", "/api/v1/session", None),
        ];
        for (method, path, wanted) in table {
            assert_eq!(asked(method, path), wanted, "{method} {path}");
        }
    }

    #[test]
    fn a_code_may_stand_in_the_path() {
        let tokens = ["/in/goatcounter/blog/count", "/in/goatcounter/count", "/in/goatcounter/a/b/count", "/count"]
            .map(path_token);
        assert_eq!(tokens, ["blog", "", "", ""]);
    }
}
