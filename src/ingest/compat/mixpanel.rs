//! Mixpanel: its clients for browsers, servers and telephones, and its import API. The site is the project token.

use super::json::{self, Object};
use super::{Form, Named, Request, Sent, Told, basic_user, clock, form, is_campaign};
use crate::ingest::decode::DecodeError;
use crate::ingest::reason::{Dropped, Rejected};
use crate::model::foreign::mixpanel::{OWN, PAGE_VIEWS};

/// Decodes `/track`, `/import`, `/engage` and `/groups`: `data=` in query or form, or JSON as the body.
///
/// # Errors
/// No data, or none that can be read.
pub fn decode(request: &Request<'_>) -> Result<Vec<Sent>, DecodeError> {
    let json = match data(request) {
        // A recording is packed in ways of its own; what is not kept need not be read.
        Err(_) if request.form == Form::MixpanelProfiles => {
            return Ok(vec![Sent::dropped(Named::Token(import_key(request)), Dropped::NotKept)]);
        }
        read => read?,
    };
    let text = json::utf8(&json)?;
    let lines = lines_as_list(text);
    let text = lines.as_deref().unwrap_or(text);
    if text.starts_with('[') {
        let key = import_key(request);
        let site = Named::Token(key.clone());
        return Ok(super::each(&json::list(text)?, &site, |item| sent(item, request, &key)));
    }
    Ok(vec![sent(&json::whole(text)?, request, &import_key(request))])
}

/// The JSON that was sent, wherever it is.
fn data(request: &Request<'_>) -> Result<Vec<u8>, DecodeError> {
    if form::looks_like_json(request.body) {
        return Ok(request.body.to_vec());
    }
    let body = json::utf8(request.body)?;
    let value = form::data(body).or_else(|| form::data(request.query));
    form::json_of_data(value.ok_or_else(|| DecodeError::new(Rejected::MissingField, "`data` is missing"))?)
}

/// The import API takes an object a line, too.
fn lines_as_list(text: &str) -> Option<String> {
    let is_lines = text.starts_with('{') && text.lines().nth(1).is_some() && json::object(text).is_none();
    is_lines.then(|| {
        format!("[{}]", text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(","))
    })
}

/// The token an import names apart from its events.
fn import_key(request: &Request<'_>) -> String {
    let named = form::Params::of(request.query).first(&["token", "project_token"]).to_owned();
    if named.is_empty() { basic_user(request.headers).unwrap_or_default() } else { named }
}

fn sent(item: &Object, request: &Request<'_>, key: &str) -> Sent {
    let properties = json::within(item, "properties");
    let token = [json::text(&properties, "token"), json::text(item, "$token"), key.to_owned()];
    let site = Named::Token(token.into_iter().find(|token| !token.is_empty()).unwrap_or_default());
    if request.form == Form::MixpanelProfiles {
        return Sent::dropped(site, Dropped::NotKept);
    }
    let name = json::text(item, "event");
    let is_page_view = PAGE_VIEWS.contains(&name.as_str());
    if name.is_empty() {
        return Sent::dropped(site, Dropped::BadEvent);
    }
    // `$identify`, `$create_alias`, what autocapture saw.
    if name.starts_with('$') && !is_page_view {
        return Sent::dropped(site, Dropped::NotKept);
    }
    let mut told = told(if is_page_view { "" } else { &name }, &properties);
    told.hit.occurred_at = clock::repaired(clock::of(&properties, "time"), None, request.now);
    told.hides_place = form::Params::of(request.query).get("ip") == "0";
    Sent { site, id: json::text(&properties, "$insert_id"), told: Ok(told) }
}

fn told(name: &str, properties: &Object) -> Box<Told> {
    let mut told = Told::new(name);
    let text = |key: &str| json::text(properties, key);
    let hit = &mut told.hit;
    hit.url = address(properties).into();
    hit.screen = text("screen_name").into();
    hit.referrer = Some(text("$referrer")).filter(|referrer| referrer != "$direct").unwrap_or_default().into();
    hit.visitor = json::first(properties, &["$device_id", "distinct_id", "$user_id"]).into();
    hit.w = json::number(properties, "$screen_width");
    hit.revenue = json::payment(properties.get("revenue"), &text("currency"));
    hit.props = json::props(properties, |key| {
        key.starts_with(['$', '[']) || key.starts_with("mp_") || OWN.contains(&key) || is_campaign(key)
    });
    // A browser says of its system what its user agent says.
    if text("mp_lib") != "web" {
        let context = &mut told.context;
        context.app_version = json::first(properties, &["$app_version_string", "$app_version"]).into();
        context.os = text("$os").into();
        context.os_version = text("$os_version").into();
        context.device = json::first(properties, &["$device_type", "$model"]).into();
        context.locale = text("$locale").into();
    }
    told
}

fn address(properties: &Object) -> String {
    let text = |key: &str| json::text(properties, key);
    let url = text("$current_url");
    let url = match (url.is_empty(), text("current_domain")) {
        (true, domain) if !domain.is_empty() => {
            format!("https://{domain}{}{}", text("current_url_path"), text("current_url_search"))
        }
        _ => url,
    };
    let tags = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"].map(|key| (key, text(key)));
    form::with_campaign(&url, &tags.each_ref().map(|(key, value)| (*key, value.as_str())))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::super::Form::{Mixpanel, MixpanelImport, MixpanelProfiles};
    use super::super::testing::{body, query, request};

    fn base64(json: &str) -> String {
        base64::engine::general_purpose::STANDARD.encode(json)
    }

    const NODE: &str = r#"{"event":"play","properties":{"distinct_id":"u1","genre":"jazz?>","time":1795262395123,"token":"TOK","mp_lib":"node","$lib_version":"0.24.0"}}"#;
    const PYTHON: &str = r#"{"event":"play","properties":{"token":"TOK","distinct_id":"u1","time":1795262395.5,"$insert_id":"0123456789abcdef0123456789abcdef","mp_lib":"python","n":2}}"#;
    const WEB: &str = r#"[{"event":"$mp_web_page_view","properties":{"$os":"Linux","$browser":"Chrome","$current_url":"https://a.test/x","$screen_width":1920,"mp_lib":"web","$insert_id":"q1w2e3r4t5y6u7i8","time":1795262399.1,"distinct_id":"$device:9c","$device_id":"9c","$referrer":"$direct","current_page_title":"T","current_domain":"a.test","utm_source":"news","token":"TOK","mp_sent_by_lib_version":"2.83.0"}},
        {"event":"$identify","properties":{"distinct_id":"u1","$anon_distinct_id":"$device:9c","token":"TOK"}},{"event":[7]}]"#;

    #[test]
    fn a_server_s_events_in_base64_and_in_plain_json() {
        let node = r#"TOK "play" visitor=u1 at=-5 {genre=jazz?>}"#;
        let hidden = r#"TOK "play" visitor=u1 at=-5 no-place {genre=jazz?>}"#;
        let encoded = base64(NODE).replace('+', "%2B");
        assert_eq!(query(Mixpanel, &format!("ip=0&verbose=0&data={encoded}")), [hidden]);
        assert_eq!(body(Mixpanel, &format!("data={}", base64(&format!("[{NODE}]")))), [node]);
        let python = percent_encoding::utf8_percent_encode(PYTHON, percent_encoding::NON_ALPHANUMERIC).to_string();
        assert_eq!(
            request(
                Mixpanel,
                "",
                &[("content-type", "application/x-www-form-urlencoded")],
                format!("data={python}&verbose=1&ip=0").as_bytes()
            ),
            [r#"TOK #0123456789abcdef0123456789abcdef "play" visitor=u1 at=-5 {n=2}"#]
        );
    }

    #[test]
    fn a_browser_s_batch() {
        let encoded =
            percent_encoding::utf8_percent_encode(&base64(WEB), percent_encoding::NON_ALPHANUMERIC).to_string();
        assert_eq!(
            body(Mixpanel, &format!("data={encoded}")),
            [
                r#"TOK #q1w2e3r4t5y6u7i8 "" url=https://a.test/x?utm_source=news visitor=9c w=1920 at=-1"#,
                "TOK dropped not_kept",
                " dropped bad_event",
            ]
        );
    }

    #[test]
    fn telephones_post_a_list() {
        let list = r#"[{"event":"Open","properties":{"token":"TOK","$os":"iOS","$os_version":"17.4","$model":"iPhone15,2","$app_version_string":"2.1","mp_lib":"swift","distinct_id":"x"}}]"#;
        assert_eq!(body(Mixpanel, list), [r#"TOK "Open" visitor=x app=2.1 os=iOS os_version=17.4 device=iPhone15,2"#]);
    }

    #[test]
    fn imports_may_name_the_token_by_key_and_lie_in_lines() {
        let lines = "{\"event\":\"a\",\"properties\":{\"time\":1795262400}}\n{\"event\":\"b\",\"properties\":{}}\n";
        let basic = format!("Basic {}", base64("TOK:"));
        let sent = request(MixpanelImport, "strict=1", &[("authorization", &basic)], lines.as_bytes());
        assert_eq!(sent, [r#"TOK "a" at=0"#, r#"TOK "b""#]);
    }

    #[test]
    fn people_are_not_kept_and_nonsense_is_refused() {
        let engage = base64(r#"{"$token":"TOK","$distinct_id":"u1","$set":{"$email":"jane@a.test"}}"#);
        assert_eq!(query(MixpanelProfiles, &format!("data={engage}")), ["TOK dropped not_kept"]);
        let recording = [("authorization", "Basic VE9LOg==")];
        assert_eq!(request(MixpanelProfiles, "format=gzip", &recording, b"\xff\xfe"), ["TOK dropped not_kept"]);
        let cut = &base64(WEB)[..101];
        assert_eq!(body(Mixpanel, &format!("data={cut}")), ["bad_json"]);
        assert_eq!(
            [body(Mixpanel, ""), body(Mixpanel, "data=!"), body(Mixpanel, "x=1")].map(|codes| codes.join("")),
            ["missing_field", "bad_json", "missing_field"]
        );
    }
}
