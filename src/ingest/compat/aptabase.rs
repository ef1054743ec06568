//! Aptabase: its clients for the web and for apps. The site is the app key in a header. Its session id names a run of the
//! app, not a person: visitors are told by network and user agent, as Aptabase itself does it.

use super::json::{self, Object};
use super::{Named, Request, Sent, Told, clock, form};
use crate::ingest::decode::DecodeError;
use crate::ingest::reason::{Dropped, Rejected};

/// Decodes `POST /api/v0/event` (an event) and `/api/v0/events` (a list).
///
/// # Errors
/// No app key; neither an object nor a list in JSON.
pub fn decode(request: &Request<'_>) -> Result<Vec<Sent>, DecodeError> {
    let key = request.headers.get("app-key").and_then(|value| value.to_str().ok()).unwrap_or_default().trim();
    if key.is_empty() {
        return Err(DecodeError::new(Rejected::MissingField, "the header `App-Key` is missing"));
    }
    let site = Named::Token(key.to_owned());
    let text = json::utf8(request.body)?;
    if !form::looks_like_json(request.body) || text.starts_with('{') {
        return Ok(vec![sent(&json::whole(text)?, &site, request.now)]);
    }
    Ok(super::each(&json::list(text)?, &site, |event| sent(event, &site, request.now)))
}

fn sent(event: &Object, site: &Named, now: i64) -> Sent {
    let name = json::text(event, "eventName");
    if name.is_empty() {
        return Sent::dropped(site.clone(), Dropped::BadEvent);
    }
    let mut told = Told::new(name);
    told.hit.occurred_at = clock::repaired(clock::of(event, "timestamp"), None, now);
    told.hit.props = json::props(&json::within(event, "props"), |_| false);
    let system = json::within(event, "systemProps");
    let text = |key: &str| json::text(&system, key);
    if text("isDebug") == "true" {
        told.hit.props.0.push(("debug".into(), "true".into()));
    }
    let context = &mut told.context;
    context.locale = text("locale").into();
    context.app_version = text("appVersion").into();
    context.os = text("osName").into();
    context.os_version = text("osVersion").into();
    context.device = match text("osName").to_ascii_lowercase().as_str() {
        "ios" | "android" => "phone".into(),
        "ipados" => "tablet".into(),
        _ => text("deviceModel").into(),
    };
    Sent { site: site.clone(), id: String::new(), told: Ok(told) }
}

#[cfg(test)]
mod tests {
    use super::super::Form::Aptabase;
    use super::super::testing::{body, request};

    const KEY: [(&str, &str); 1] = [("app-key", "A-SH-1")];

    #[test]
    fn events_of_the_web_and_of_an_app() {
        let web = r#"{"timestamp":"2026-11-21T11:59:59.000Z","sessionId":"179526239912345678","eventName":"play","systemProps":{"locale":"de-AT","isDebug":true,"appVersion":"1.0","sdkVersion":"aptabase-web@0.5.0"},"props":{"n":1,"plan":"pro"}}"#;
        assert_eq!(
            request(Aptabase, "", &KEY, web.as_bytes()),
            [r#"A-SH-1 "play" app=1.0 locale=de-AT at=-1 {n=1, plan=pro, debug=true}"#]
        );
        let app = r#"[{"eventName":"open","timestamp":1795262340,"systemProps":{"osName":"iOS","osVersion":"17.4","appVersion":"2.0"}},{},7]"#;
        assert_eq!(
            request(Aptabase, "", &KEY, app.as_bytes()),
            [
                r#"A-SH-1 "open" app=2.0 os=iOS os_version=17.4 device=phone at=-60"#,
                "A-SH-1 dropped bad_event",
                "A-SH-1 dropped bad_event"
            ]
        );
    }

    #[test]
    fn without_key_or_json_it_is_refused() {
        assert_eq!(body(Aptabase, "{}"), ["missing_field"]);
        assert_eq!(["", "{", "7"].map(|text| request(Aptabase, "", &KEY, text.as_bytes()).join("")), ["bad_json"; 3]);
    }
}
